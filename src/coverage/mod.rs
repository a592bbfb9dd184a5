//! Which statements no test would miss.
//!
//! A statement is noticed if, were it removed, some expectation of the policy or some question that its
//! tests ask would come out otherwise. That is exact, and mostly found without removing anything: at a
//! point (a category, a purpose, a method or recipient) a removal matters only where the statement alone
//! decides. Where a removed `collect` changes what `collected` means, the policy is compiled without it.
//!
//! Takes a [`Model`], the [`Policy`] compiled from it and questions; gives for each statement who notices
//! it first. Nothing here knows files of tests.
//!
//! - `points`: nodes that no statement tells apart, as one;
//! - `impact`: what removing each statement does to one question;
//! - `removed`: a policy without one of its statements.

mod impact;
mod points;
mod removed;

use crate::model::{ActKind, Given, Hierarchy, Model, SetId};
use crate::{Act, FactValue, Facts, Policy, PurposeId, Question};
use hashbrown::HashSet;
use impact::{Asked, Impact};
use points::Points;

/// Who notices that a statement is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Witness {
    /// An expectation of the policy: its file and line.
    Expectation {
        /// The path of the file below the root folder.
        file: String,
        /// The line, counted from 1.
        line: u32,
    },
    /// The question that was asked with this number.
    Question(usize),
    /// The policy means something without the statement that no test can be asked about.
    Broken,
}

/// What a test looks at besides the verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Watched {
    /// The duties.
    pub duties: bool,
    /// The retention.
    pub retention: bool,
}

/// Collects who notices which statement.
///
/// ```
/// use whyfor::coverage::Coverage;
/// use whyfor::{Memory, Model, Policy};
/// let files = Memory::new().with("shop.why", r#"
///     policy shop
///     category email  category phone  purpose login  purpose ads
///     use email for login
///     use phone for ads
///     expect { allow use email for login }
/// "#);
/// let model = Model::load(&files, "shop.why")?;
/// let policy = Policy::compile(&model)?;
/// let mut coverage = Coverage::new(&policy, &model);
/// coverage.expectations();
/// coverage.finish(|_| None);
/// assert!(coverage.witness(0).is_some());
/// assert!(coverage.witness(1).is_none());
/// # Ok::<(), whyfor::Diagnostics>(())
/// ```
#[derive(Debug)]
pub struct Coverage<'p> {
    policy: &'p Policy,
    model: &'p Model,
    points: Points,
    purposes: Vec<PurposeId>,
    witnesses: Vec<Option<Witness>>,
    /// Statements of which only a policy without them tells who notices.
    by_removal: Vec<usize>,
    expectations: bool,
}

impl<'p> Coverage<'p> {
    /// For a policy and the model that it was compiled from. O(statements × ranges of their sets).
    #[must_use]
    pub fn new(policy: &'p Policy, model: &'p Model) -> Self {
        Self {
            policy,
            model,
            points: Points::new(model),
            purposes: policy.purposes().map(|(id, _)| id).collect(),
            witnesses: vec![None; model.statements.len()],
            by_removal: removed::redefine_collected(model),
            expectations: false,
        }
    }

    /// Looks at the policy's `expect` blocks.
    ///
    /// O(questions that no statement tells apart × statements that cover them).
    pub fn expectations(&mut self) {
        self.expectations = true;
        let mut seen = HashSet::new();
        for expectation in &self.model.expectations {
            let facts = self.given(&expectation.given);
            let set = |hierarchy, id: SetId| self.points.shapes(hierarchy, self.model.set(id));
            let categories = set(Hierarchy::Category, expectation.categories);
            let purposes = set(Hierarchy::Purpose, expectation.purposes);
            let parties = match (expectation.act.party(), expectation.parties) {
                (Some(hierarchy), Some(parties)) => {
                    set(hierarchy, parties).into_iter().map(|(_, shape)| Some(shape)).collect()
                }
                _ => vec![None],
            };
            let source = self.model.sources.file(expectation.span.file);
            let line = source.position(expectation.span.start as usize).line;
            let witness = Witness::Expectation { file: source.path().to_owned(), line };
            for (_, category) in &categories {
                for party in &parties {
                    for (node, purpose) in &purposes {
                        let asked = Asked {
                            act: expectation.act,
                            categories: *category,
                            parties: *party,
                            purposes: *purpose,
                        };
                        if expectation.given.is_empty() && !seen.insert(asked) {
                            continue;
                        }
                        let asked_for = self.purposes[*node as usize];
                        self.look(asked, asked_for, &facts, Watched::default(), &witness);
                    }
                }
            }
        }
    }

    /// Looks at a question that a test asks; `number` is what it is called by.
    pub fn question(
        &mut self,
        number: usize,
        question: &Question<'_>,
        facts: &Facts,
        watched: Watched,
    ) {
        let (Ok(field), Ok(purpose)) =
            (self.policy.field(question.field), self.policy.purpose(question.purpose))
        else {
            return; // a name that is unknown is denied, whatever the statements say
        };
        let (act, party) = match question.act {
            Act::Use => (ActKind::Use, None),
            Act::Collect(method) => match self.policy.method(method) {
                Ok(method) => (ActKind::Collect, Some((Hierarchy::Method, method.node))),
                Err(_) => return,
            },
            Act::Share(recipient) => match self.policy.recipient(recipient) {
                Ok(recipient) => (ActKind::Share, Some((Hierarchy::Recipient, recipient.node))),
                Err(_) => return,
            },
        };
        let nodes = self.policy.nodes_of(&field);
        let asked = Asked {
            act,
            categories: self.points.shape_of(Hierarchy::Category, self.model, &nodes),
            parties: party
                .map(|(hierarchy, node)| self.points.shape_of(hierarchy, self.model, &[node])),
            purposes: self.points.shape_of(Hierarchy::Purpose, self.model, &[purpose.node]),
        };
        self.look(asked, purpose, facts, watched, &Witness::Question(number));
    }

    /// Looks at the policy without those statements that say what `collected` means. `notices` asks the
    /// tests of a policy, and gives the number of a question that comes out otherwise than it should.
    ///
    /// Costs a compilation for each such statement.
    pub fn finish(&mut self, mut notices: impl FnMut(&Policy) -> Option<usize>) {
        for statement in std::mem::take(&mut self.by_removal) {
            let witness = match removed::without(self.model, statement) {
                None => Some(Witness::Broken),
                Some((policy, model)) => {
                    let failing = self.expectations.then(|| removed::failing(&policy, &model));
                    failing.flatten().or_else(|| notices(&policy).map(Witness::Question))
                }
            };
            self.witnesses[statement] = witness;
        }
    }

    /// Who notices that a statement is removed; `None` if nobody does. Statements are counted as
    /// [`Statement::index`](crate::Statement::index) counts them.
    #[must_use]
    pub fn witness(&self, statement: usize) -> Option<&Witness> {
        self.witnesses.get(statement)?.as_ref()
    }

    fn look(
        &mut self,
        asked: Asked,
        purpose: PurposeId,
        facts: &Facts,
        watched: Watched,
        witness: &Witness,
    ) {
        let value = |condition: u32| self.policy.condition(facts, purpose, condition);
        let impact = Impact::of(self.model, &self.points, asked, &value);
        for statement in impact.noticed(self.model, watched) {
            let place = &mut self.witnesses[statement as usize];
            if place.is_none() && !self.by_removal.contains(&(statement as usize)) {
                *place = Some(witness.clone());
            }
        }
    }

    /// The facts that an expectation states; the model has checked that they exist.
    fn given(&self, given: &[(u32, Given)]) -> Facts {
        let mut builder = self.policy.facts();
        for (fact, value) in given {
            let fact = &self.model.facts[*fact as usize];
            let value = match (value, &fact.kind) {
                (Given::YesNo(value), _) => FactValue::YesNo(*value),
                (Given::Number(number), _) => FactValue::Number(*number),
                (Given::Choice(choice), crate::model::FactKind::Choice(choices)) => {
                    FactValue::Choice(&choices[*choice as usize])
                }
                (Given::Choice(_), _) => continue,
            };
            let stated = builder.set(&fact.name, value);
            debug_assert!(stated.is_ok());
        }
        builder.build()
    }
}

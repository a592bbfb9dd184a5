//! Which statements no test would miss.
//!
//! A statement is noticed if, were it removed, some expectation of the policy or some question that its
//! tests ask would come out otherwise. That is exact, and found without removing anything: at a point (a
//! category, a purpose, a method or recipient) a removal matters only where only this statement decides,
//! or where only this statement collects a category, so that others no longer cover the category.
//!
//! Takes a [`Model`], the [`Policy`] compiled from it and questions; gives for each statement who notices
//! it first. Nothing here knows files of tests.
//!
//! - `shapes`: nodes that no statement tells apart, as one;
//! - `watched`: what a test looks at;
//! - `due`: what comes with an answer, and which statements it needs;
//! - `impact`: what removing each statement does to one question.

mod due;
mod impact;
mod shapes;
mod watched;

use crate::model::{ActKind, Expectation, Hierarchy, Model, SetId};
use crate::verify::{given, is_of};
use crate::{Act, Facts, Policy, PurposeId, Question};
use hashbrown::HashSet;
use impact::{Asked, Impact};
use shapes::{Shape, Shapes};
pub use watched::Watched;

/// Who notices that a statement is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
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
/// let model = Model::from_loader(&files, "shop.why")?;
/// let policy = Policy::compile(&model)?;
/// let mut coverage = Coverage::new(&policy, &model);
/// coverage.expectations();
/// assert!(coverage.witness(0).is_some());
/// assert!(coverage.witness(1).is_none());
/// # Ok::<(), whyfor::Diagnostics>(())
/// ```
#[derive(Debug)]
pub struct Coverage<'p> {
    policy: &'p Policy,
    model: &'p Model,
    /// The policy was compiled from another model, so that nobody notices anything.
    is_foreign: bool,
    shapes: Shapes,
    purposes: Vec<PurposeId>,
    witnesses: Vec<Option<Witness>>,
}

impl<'p> Coverage<'p> {
    /// For a policy and the model that it was compiled from; with that of another model nobody notices
    /// anything. O(statements × ranges of their sets).
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let coverage = whyfor::coverage::Coverage::new(&policy, &model);
    /// assert_eq!(coverage.witness(0), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(policy: &'p Policy, model: &'p Model) -> Self {
        Self {
            policy,
            model,
            is_foreign: !is_of(policy, model),
            shapes: Shapes::new(model),
            purposes: policy.purposes().map(|(id, _)| id).collect(),
            witnesses: vec![None; model.statements.len()],
        }
    }

    /// Looks at the policy's `expect` blocks.
    ///
    /// O(questions that no statement tells apart × statements that cover them).
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let mut coverage = whyfor::coverage::Coverage::new(&policy, &model);
    /// coverage.expectations();
    /// assert!(coverage.witness(0).is_some()); // `allow use email for login` needs the first statement
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn expectations(&mut self) {
        if self.is_foreign {
            return;
        }
        let mut seen = HashSet::new();
        for expectation in &self.model.expectations {
            let facts = given(self.policy, self.model, expectation);
            let set = |hierarchy, id: SetId| self.shapes.shapes(hierarchy, self.model.set(id));
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
            for (category, unless) in self.categories(expectation) {
                for party in &parties {
                    for (node, purpose) in &purposes {
                        let asked = Asked {
                            act: expectation.act,
                            categories: category,
                            parties: *party,
                            purposes: *purpose,
                        };
                        if expectation.given.is_empty() && !seen.insert((asked, unless)) {
                            continue;
                        }
                        let asked_for = self.purposes[*node as usize];
                        let noticed = self.noticed(asked, asked_for, &facts, Watched::default());
                        let noticed = noticed.into_iter().filter(|s| unless != Some(*s));
                        self.told(noticed, &witness);
                    }
                }
            }
        }
    }

    /// Looks at a question that a test asks; `number` is what it is called by.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::coverage::{Coverage, Watched, Witness};
    /// use whyfor::{Facts, Question};
    /// let mut coverage = Coverage::new(&policy, &model);
    /// let question = Question::share("phone", "courier", "delivery");
    /// coverage.question(7, &question, Facts::none(), Watched::default());
    /// assert_eq!(coverage.witness(2), Some(&Witness::Question(7)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn question(
        &mut self,
        number: usize,
        question: &Question<'_>,
        facts: &Facts,
        watched: Watched,
    ) {
        if self.is_foreign {
            return;
        }
        let (Ok(field), Ok(purpose)) =
            (self.policy.field(question.field), self.policy.purpose(question.purpose))
        else {
            return; // no statement changes the denial of an unknown name
        };
        let (act, party) = match question.act {
            Act::Use => (ActKind::Use, None),
            Act::Collect(None) => {
                (ActKind::Collect, Some((Hierarchy::Method, self.policy.any_method().node)))
            }
            Act::Share(None) => {
                (ActKind::Share, Some((Hierarchy::Recipient, self.policy.any_recipient().node)))
            }
            Act::Collect(Some(method)) => match self.policy.method(method) {
                Ok(method) => (ActKind::Collect, Some((Hierarchy::Method, method.node))),
                Err(_) => return,
            },
            Act::Share(Some(recipient)) => match self.policy.recipient(recipient) {
                Ok(recipient) => (ActKind::Share, Some((Hierarchy::Recipient, recipient.node))),
                Err(_) => return,
            },
        };
        let nodes = self.policy.nodes_of(&field);
        let asked = Asked {
            act,
            categories: self.shapes.shape_of(Hierarchy::Category, self.model, &nodes),
            parties: party
                .map(|(hierarchy, node)| self.shapes.shape_of(hierarchy, self.model, &[node])),
            purposes: self.shapes.shape_of(Hierarchy::Purpose, self.model, &[purpose.node]),
        };
        let noticed = self.noticed(asked, purpose, facts, watched);
        self.told(noticed, &Witness::Question(number));
    }

    /// Who notices that a statement is removed; `None` if nobody does. Statements are counted as
    /// [`Statement::index`](crate::Statement::index) counts them.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let coverage = whyfor::coverage::Coverage::new(&policy, &model);
    /// assert_eq!(coverage.witness(99), None); // there is no such statement
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn witness(&self, statement: usize) -> Option<&Witness> {
        self.witnesses.get(statement)?.as_ref()
    }

    /// The categories that an expectation asks about, as shapes; each with the statement without which
    /// it would not ask.
    fn categories(&self, expectation: &Expectation) -> Vec<(Shape, Option<u32>)> {
        let named = self.model.set(expectation.named);
        let asked = self.model.set(expectation.categories).iter().map(|node| {
            let unless = if named.contains(node) { None } else { self.shapes.sole_of(node) };
            (self.shapes.of_category(node), unless)
        });
        let mut seen = HashSet::new();
        asked.filter(|one| seen.insert(*one)).collect()
    }

    /// The statements without which a question has another answer.
    fn noticed(
        &self,
        asked: Asked,
        purpose: PurposeId,
        facts: &Facts,
        watched: Watched,
    ) -> Vec<u32> {
        let value = |condition: u32| self.policy.condition(facts, purpose, condition);
        let impact = Impact::of(self.model, &self.shapes, asked, &value);
        impact.noticed(self.model, &self.shapes, watched)
    }

    fn told(&mut self, noticed: impl IntoIterator<Item = u32>, witness: &Witness) {
        for statement in noticed {
            self.witnesses[statement as usize].get_or_insert_with(|| witness.clone());
        }
    }
}

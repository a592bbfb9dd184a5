//! The `expect` blocks: every question over the nodes of their sets has the verdict that they say.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{ActKind, Domain, Expectation, Given, Hierarchy, Model, NodeSet, SetId};
use crate::{
    Act, CategoryId, Decision, FactValue, Facts, MethodId, NamedAct, Policy, PurposeId, Question,
    Reason, RecipientId, Verdict,
};

impl Policy {
    /// Checks the expectations of the model that this policy was compiled from: an error for each one
    /// that fails, with a question that shows it and the statements that led to its answer.
    ///
    /// Nodes that the tables cannot tell apart are asked about once, so that
    /// `expect deny use * for *` costs the size of the tables. A policy that has other nodes or
    /// statements than the model was not compiled from it: that is the only error then.
    ///
    /// ```
    /// use whyfor::{Model, Policy};
    /// let text = "policy p category email purpose ads expect { allow use email for ads }";
    /// let model = Model::from_str(text)?;
    /// let failures = Policy::compile(&model)?.check_expectations(&model);
    /// assert_eq!(failures.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn check_expectations(&self, model: &Model) -> Diagnostics {
        let Some(first) = model.expectations.first() else { return Diagnostics::default() };
        if !is_of(self, model) {
            let message = "the policy was not compiled from the model that has this expectation";
            let wrong = Diagnostic::new(Code::ExpectationFails, first.span, message)
                .help("compile the model, and check the expectations with that policy");
            return Diagnostics::new(model.sources.clone(), vec![wrong]);
        }
        let ids = Ids::new(self);
        let failures = model.expectations.iter().filter_map(|e| ids.check(model, e)).collect();
        Diagnostics::new(model.sources.clone(), failures)
    }
}

/// The acts that can be asked about, by ids and by paths.
type IdAndName<'p> = (Act, NamedAct<'p>);

/// The resolved ids and paths of all nodes, by node.
struct Ids<'p> {
    policy: &'p Policy,
    categories: Vec<(CategoryId, &'p str)>,
    /// The last of each is "any".
    methods: Vec<(MethodId, Option<&'p str>)>,
    recipients: Vec<(RecipientId, Option<&'p str>)>,
    purposes: Vec<(PurposeId, &'p str)>,
}

impl<'p> Ids<'p> {
    fn new(policy: &'p Policy) -> Self {
        Self {
            policy,
            categories: policy.categories().map(|(id, node)| (id, node.path)).collect(),
            methods: (policy.methods().map(|(id, node)| (id, Some(node.path))))
                .chain([(policy.any_method(), None)])
                .collect(),
            recipients: (policy.recipients().map(|(id, node)| (id, Some(node.path))))
                .chain([(policy.any_recipient(), None)])
                .collect(),
            purposes: policy.purposes().map(|(id, node)| (id, node.path)).collect(),
        }
    }

    fn check(&self, model: &Model, expectation: &Expectation) -> Option<Diagnostic> {
        let facts = given(self.policy, model, expectation);
        let acts = self.acts(model, expectation);
        let (question, decision) = self.failing(model, expectation, &facts, &acts)?;
        let declared = self.declared(expectation);
        let holds_for_each = expectation.leaves_party_out
            && !declared.is_empty()
            && self.failing(model, expectation, &facts, &declared).is_none();
        Some(failure(model, expectation, holds_for_each, (&question, &decision)))
    }

    /// The first question of an expectation with these acts that has another answer.
    fn failing<'f>(
        &'f self,
        model: &Model,
        expectation: &Expectation,
        facts: &'f Facts,
        acts: &[IdAndName<'p>],
    ) -> Option<(Question<'p>, Decision<'f>)> {
        let set = |id: SetId| model.set(id);
        let categories = distinct(set(expectation.categories), |n| self.categories[n].0.class);
        let purposes = distinct(set(expectation.purposes), |n| self.purposes[n].0.class);
        for category in &categories {
            for (act, named) in acts {
                for purpose in &purposes {
                    let (category, field) = self.categories[*category];
                    let (purpose, for_what) = self.purposes[*purpose];
                    let decision = self.policy.decide(*act, category, purpose, facts);
                    if decision.verdict() != expectation.verdict {
                        let question = Question { act: *named, field, purpose: for_what };
                        return Some((question, decision));
                    }
                }
            }
        }
        None
    }

    /// The act of an expectation by each declared method, or with each declared recipient: what `by *` and `with *` ask.
    fn declared(&self, expectation: &Expectation) -> Vec<IdAndName<'p>> {
        let is_declared = |path: &Option<&str>| path.is_some();
        match expectation.act {
            ActKind::Collect => {
                let methods = self.methods.iter().filter(|(_, path)| is_declared(path));
                methods.map(|(id, path)| (Act::Collect(*id), Act::Collect(*path))).collect()
            }
            ActKind::Share => {
                let recipients = self.recipients.iter().filter(|(_, path)| is_declared(path));
                recipients.map(|(id, path)| (Act::Share(*id), Act::Share(*path))).collect()
            }
            ActKind::Use => Vec::new(),
        }
    }

    fn acts(&self, model: &Model, expectation: &Expectation) -> Vec<IdAndName<'p>> {
        match (expectation.act, expectation.parties) {
            (ActKind::Collect, Some(methods)) => {
                let nodes = distinct(model.set(methods), |n| self.methods[n].0.class);
                let methods = nodes.into_iter().map(|node| self.methods[node]);
                methods.map(|(id, path)| (Act::Collect(id), Act::Collect(path))).collect()
            }
            (ActKind::Share, Some(recipients)) => {
                let nodes = distinct(model.set(recipients), |n| self.recipients[n].0.class);
                let recipients = nodes.into_iter().map(|node| self.recipients[node]);
                recipients.map(|(id, path)| (Act::Share(id), Act::Share(path))).collect()
            }
            _ => vec![(Act::Use, Act::Use)],
        }
    }
}

/// Whether a policy has a node for every node of a model, and a statement for every one of its: so none that
/// the model names is missing.
pub(crate) fn is_of(policy: &Policy, model: &Model) -> bool {
    let nodes = [
        policy.categories().count(),
        policy.methods().count(),
        policy.purposes().count(),
        policy.recipients().count(),
    ];
    nodes == Hierarchy::ALL.map(|hierarchy| model.tree(hierarchy).nodes.len())
        && policy.statements().count() == model.statements.len()
}

/// The facts that an expectation states; the model has checked that they exist.
pub(crate) fn given(policy: &Policy, model: &Model, expectation: &Expectation) -> Facts {
    let mut builder = policy.facts_builder();
    for (fact, given) in &expectation.given {
        let fact = &model.facts[*fact as usize];
        let value = match (given, &fact.kind) {
            (Given::YesNo(value), _) => FactValue::YesNo(*value),
            (Given::Number(number), _) => FactValue::Number(*number),
            (Given::Choice(choice), Domain::Choice(choices)) => {
                choices[*choice as usize].name.as_str().into()
            }
            (Given::Choice(_), _) => continue,
        };
        let _ = builder.set(&fact.name, value); // it fails only for a policy of another model
    }
    builder.build()
}

/// One node for each class.
fn distinct(set: &NodeSet, class: impl Fn(usize) -> u32) -> Vec<usize> {
    let mut seen = hashbrown::HashSet::new();
    set.iter().map(|node| node as usize).filter(|node| seen.insert(class(*node))).collect()
}

/// `holds_for_each`: it leaves methods or recipients out, and would hold for each declared one.
fn failure(
    model: &Model,
    expectation: &Expectation,
    holds_for_each: bool,
    (question, decision): (&Question<'_>, &Decision<'_>),
) -> Diagnostic {
    let (expected, actual) = (expectation.verdict, decision.verdict());
    let message = format!("expected {expected}, but `{question}` is {actual}");
    let mut diagnostic = Diagnostic::new(Code::ExpectationFails, expectation.span, message)
        .label(format!("expects {expected} for each node"));
    for reason in decision.reasons().into_iter().take(3) {
        if let Some(statement) = reason.statement() {
            let span = model.statements[statement.index()].span;
            diagnostic = diagnostic.related(span, reason.message(actual));
        }
        if let Reason::NoPermit { category, party, purpose } = reason
            && let party = party.filter(|path| *path != "*")
            && let Some(point) = Question::new(expectation.act, category, party, purpose)
        {
            diagnostic = diagnostic.help(format!("no statement permits `{point}`"));
        }
    }
    if holds_for_each && expectation.verdict != Verdict::Deny {
        diagnostic = diagnostic.help(match expectation.act.party() {
            Some(Hierarchy::Method) => {
                "without `by` it is about any method, declared or not: for each that is declared, write `by *`"
            }
            _ => {
                "without `with` it is about any recipient, declared or not: for each that is declared, write `with *`"
            }
        });
    }
    if !decision.missing().is_empty() {
        let facts = decision.missing().join("`, `");
        diagnostic = diagnostic.help(format!("it depends on `{facts}`: state it with `given`"));
    }
    diagnostic
}

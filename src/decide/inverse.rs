//! Questions turned round: which fields, which purposes; and what would change an answer.

use super::contents::{FactInfo, Node};
use super::decision::Decision;
use super::fact_value::FactValue;
use super::facts::Facts;
use super::facts_builder::FactsBuilder;
use super::outcome::{Outcome, OutcomeReason, ReasonDetail};
use super::policy::Policy;
use super::question::{Act, CategoryId, Field, PurposeId, Question};
use crate::words::{FactKind, Verdict};

/// A decision, and what would make it another one.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Explanation {
    /// The answer. Names that the policy does not know have candidates.
    pub outcome: Outcome,
    /// Facts that would change the verdict, each by itself. Of a number, the first of neighbouring values with the same
    /// verdict.
    pub facts: Vec<FactChange>,
    /// The paths of the methods by which it is allowed, of a `collect`.
    pub methods: Vec<String>,
    /// The paths of the recipients with whom it is allowed, of a `share`.
    pub recipients: Vec<String>,
    /// The paths of the purposes that it is allowed for.
    pub purposes: Vec<String>,
}

/// A fact that would change a verdict: stated so instead of what is stated of it, beside the other facts.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct FactChange {
    /// The fact.
    pub fact: String,
    /// The value. Of a fact per purpose it is about the purpose of the question only.
    pub value: FactValue<'static>,
    /// The verdict then.
    pub verdict: Verdict,
}

impl Policy {
    /// The decision about every category, in the order of their declaration: which fields a purpose may have.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  category phone  purpose login  use email for login").unwrap();
    /// use whyfor::{Act, Facts};
    /// let login = policy.purpose("login")?;
    /// let decisions = policy.fields_for(Act::Use, login, Facts::none());
    /// let allowed: Vec<&str> = decisions.filter(|(_, decision)| decision.is_allowed()).map(|(node, _)| node.path).collect();
    /// assert_eq!(allowed, ["email"]);
    /// # Ok::<(), whyfor::Refusal>(())
    /// ```
    pub fn fields_for<'a>(
        &'a self,
        act: Act,
        purpose: PurposeId,
        facts: &'a Facts,
    ) -> impl Iterator<Item = (Node<'a>, Decision<'a>)> {
        let decide = move |id: CategoryId| self.decide(act, id, purpose, facts);
        self.categories().map(move |(id, node)| (node, decide(id)))
    }

    /// The decision about every purpose, in the order of their declaration: what a field may be used for.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose login  purpose ads  use email for login").unwrap();
    /// use whyfor::{Act, Facts};
    /// let email = policy.field("email")?;
    /// let decisions = policy.purposes_for(Act::Use, &email, Facts::none());
    /// let allowed: Vec<&str> = decisions.filter(|(_, decision)| decision.is_allowed()).map(|(node, _)| node.path).collect();
    /// assert_eq!(allowed, ["login"]);
    /// # Ok::<(), whyfor::Refusal>(())
    /// ```
    pub fn purposes_for<'a>(
        &'a self,
        act: Act,
        field: &Field,
        facts: &'a Facts,
    ) -> impl Iterator<Item = (Node<'a>, Decision<'a>)> {
        let decide = move |id: PurposeId| self.decide_field(act, field, id, facts);
        self.purposes().map(move |(id, node)| (node, decide(id)))
    }

    /// The decision about every recipient, in the order of their declaration: who may get a field. The first is about any
    /// recipient, declared or not; its path is `*`.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  recipient bank  recipient courier  purpose billing
    /// #   share email with bank for billing").unwrap();
    /// use whyfor::Facts;
    /// let (email, billing) = (policy.field("email")?, policy.purpose("billing")?);
    /// let decisions = policy.recipients_for(&email, billing, Facts::none());
    /// let allowed: Vec<&str> = decisions.filter(|(_, decision)| decision.is_allowed()).map(|(node, _)| node.path).collect();
    /// assert_eq!(allowed, ["bank"]);
    /// # Ok::<(), whyfor::Refusal>(())
    /// ```
    pub fn recipients_for<'a>(
        &'a self,
        field: &Field,
        purpose: PurposeId,
        facts: &'a Facts,
    ) -> impl Iterator<Item = (Node<'a>, Decision<'a>)> {
        let any = Node { path: "*", label: "any recipient", depth: 0, is_leaf: false };
        let all = std::iter::once((self.any_recipient(), any)).chain(self.recipients());
        all.map(move |(id, node)| (node, self.decide_field(Act::Share(id), field, purpose, facts)))
    }

    /// Decides a question, and says what would change the answer.
    ///
    /// For people who ask, not for hot paths: up to 100 values of each fact are tried, each at the cost of stating the
    /// fact, and all parties and purposes.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose login  purpose ads
    /// #   fact consent  use email for login  use email for ads when consent").unwrap();
    /// use whyfor::{Facts, Question, Verdict};
    /// let explanation = policy.explain(&Question::usage("email", "ads"), Facts::none());
    /// assert_eq!(explanation.outcome.verdict, Verdict::Depends);
    /// assert_eq!(explanation.facts[0].fact, "consent");
    /// assert_eq!(explanation.purposes, ["login"]);
    /// ```
    #[must_use]
    pub fn explain(&self, question: &Question<'_>, facts: &Facts) -> Explanation {
        let decision = self.ask(question, facts);
        let mut explanation = Explanation {
            outcome: decision.outcome_with(|refusal| self.candidates(refusal)),
            facts: Vec::new(),
            methods: Vec::new(),
            recipients: Vec::new(),
            purposes: Vec::new(),
        };
        let is_name = |reason: &OutcomeReason| matches!(reason.detail, ReasonDetail::Name { .. });
        if decision.is_allowed() || explanation.outcome.reasons.iter().any(is_name) {
            return explanation;
        }
        explanation.facts = self.fact_changes(question, facts, decision.verdict());
        let asked = |act, purpose| Question { act, field: question.field, purpose };
        let is_allowed = |question: &Question<'_>| self.ask(question, facts).is_allowed();
        match question.act {
            Act::Use => {}
            Act::Collect(_) => {
                let methods = self.methods().map(|(_, node)| node.path);
                let methods = methods
                    .filter(|path| is_allowed(&asked(Act::Collect(Some(path)), question.purpose)));
                explanation.methods = methods.map(str::to_owned).collect();
            }
            Act::Share(_) => {
                let recipients = self.recipients().map(|(_, node)| node.path);
                let recipients = recipients
                    .filter(|path| is_allowed(&asked(Act::Share(Some(path)), question.purpose)));
                explanation.recipients = recipients.map(str::to_owned).collect();
            }
        }
        let purposes = self.purposes().map(|(_, node)| node.path);
        let purposes = purposes.filter(|purpose| is_allowed(&asked(question.act, purpose)));
        explanation.purposes = purposes.map(str::to_owned).collect();
        explanation
    }

    fn fact_changes(
        &self,
        question: &Question<'_>,
        facts: &Facts,
        verdict: Verdict,
    ) -> Vec<FactChange> {
        let mut changes = Vec::new();
        for fact in self.facts() {
            let mut last = verdict;
            for value in values(&fact, question.purpose) {
                let builder = self.facts_builder_from(facts.clone()).with(fact.name, &value);
                let Ok(stated) = builder.map(FactsBuilder::build) else { continue };
                let then = self.ask(question, &stated).verdict();
                let is_change = match verdict {
                    Verdict::Depends => then != verdict,
                    _ => then > verdict,
                };
                let is_same_again = fact.kind == FactKind::Number && then == last;
                last = then;
                if is_change && !is_same_again {
                    changes.push(FactChange { fact: fact.name.to_owned(), value, verdict: then });
                }
            }
        }
        changes
    }
}

/// The values of a fact that can make a difference to a question.
fn values(fact: &FactInfo<'_>, purpose: &str) -> Vec<FactValue<'static>> {
    let none: [String; 0] = [];
    match fact.kind {
        FactKind::YesNo => vec![true.into(), false.into()],
        FactKind::PerPurpose => vec![
            FactValue::purposes([purpose.to_owned()], none.clone()),
            FactValue::purposes(none, [purpose.to_owned()]),
        ],
        FactKind::Choice => fact.choices.iter().map(|choice| (*choice).to_owned().into()).collect(),
        FactKind::Number => numbers(&fact.bounds).into_iter().map(FactValue::from).collect(),
    }
}

/// Bounds of a number that are tried: an author who compares with more of them is not helped by a list.
const MOST_BOUNDS: usize = 50;

/// The numbers that a policy compares with, which are sorted, and one number below, between and above them.
fn numbers(bounds: &[f64]) -> Vec<f64> {
    let bounds = &bounds[..bounds.len().min(MOST_BOUNDS)];
    let (Some(first), Some(last)) = (bounds.first(), bounds.last()) else { return Vec::new() };
    let mut numbers = vec![whole_or(first.ceil() - 1.0, first.next_down(), |n| n < *first)];
    for (i, bound) in bounds.iter().enumerate() {
        numbers.push(*bound);
        if let Some(next) = bounds.get(i + 1) {
            let between = |n: f64| *bound < n && n < *next;
            numbers.push(whole_or(bound.floor() + 1.0, bound + (next - bound) / 2.0, between));
        }
    }
    numbers.push(whole_or(last.floor() + 1.0, last.next_up(), |n| n > *last));
    numbers
}

/// The whole number, if it is where it should be.
fn whole_or(whole: f64, other: f64, fits: impl Fn(f64) -> bool) -> f64 {
    if fits(whole) { whole } else { other }
}

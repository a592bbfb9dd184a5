//! A request that is answered by the live policy and shadowed by the candidate.

use super::both_facts::BothFacts;
use super::compared::{Compared, Place};
use crate::log::{Context, Differs};
use std::sync::Arc;
use whyfor::{
    Act, CategoryId, Decision, FactError, FactValue, Field, NamedAct, Policy, PurposeId, Question,
    Verdict,
};

/// Decides for one request by the live policy, and asks the candidate too where it may differ: made by
/// [`Shadow::request`](crate::Shadow::request). A disagreement is counted, and logged beside the live answer.
#[derive(Debug)]
pub struct ShadowRequest<'v> {
    context: Context<'v>,
    compared: Arc<Compared>,
    /// Whether the live version of this request is the one that was compared.
    is_shadowed: bool,
}

impl<'v> ShadowRequest<'v> {
    pub(super) fn new(context: Context<'v>, compared: Arc<Compared>) -> Self {
        let is_shadowed = Arc::ptr_eq(context.version(), &compared.live);
        Self { context, compared, is_shadowed }
    }

    /// States facts for both policies. A value that names a choice or a purpose which a policy does not know leaves the whole
    /// fact unstated there, as [`FactsBuilder::lenient`](whyfor::FactsBuilder::lenient) says. A fact that only one of the two
    /// has is unstated in the other.
    ///
    /// # Errors
    /// Neither policy has such a fact, or it takes another kind of value in the live one.
    pub fn facts<'f>(
        &self,
        facts: impl IntoIterator<Item = (&'f str, FactValue<'f>)>,
    ) -> Result<BothFacts, FactError> {
        BothFacts::stated(self.context.policy(), self.compared.candidate.policy(), facts)
    }

    /// The live policy.
    #[must_use]
    pub fn policy(&self) -> &'v Policy {
        self.context.policy()
    }

    /// Decides by ids of the live policy, as [`Context::decide`].
    pub fn decide<'a>(
        &mut self,
        act: Act,
        category: CategoryId,
        purpose: PurposeId,
        facts: &'a BothFacts,
    ) -> Decision<'a>
    where
        'v: 'a,
    {
        let decision = self.policy().decide(act, category, purpose, facts.live());
        self.note(&decision, act, &[category], purpose, facts);
        decision
    }

    /// Decides about all categories of a field, as [`Context::decide_field`].
    pub fn decide_field<'a>(
        &mut self,
        act: Act,
        field: &Field,
        purpose: PurposeId,
        facts: &'a BothFacts,
    ) -> Decision<'a>
    where
        'v: 'a,
    {
        let decision = self.policy().decide_field(act, field, purpose, facts.live());
        self.note(&decision, act, field.categories(), purpose, facts);
        decision
    }

    /// Logs a decision by ids, with the candidate's answer if it differs.
    fn note(
        &mut self,
        decision: &Decision<'_>,
        act: Act,
        categories: &[CategoryId],
        purpose: PurposeId,
        facts: &BothFacts,
    ) {
        let mut categories_asked = categories.iter().filter(|_| self.is_shadowed);
        let place = categories_asked.find_map(|id| self.compared.place(act, *id, purpose));
        let differs = place.and_then(|place| {
            let (fields, act, purpose) = self.named(act, categories, purpose)?;
            self.differs(place, decision, act, &fields, purpose, facts)
        });
        self.context.note(decision, differs);
    }

    /// Decides by names, as [`Context::ask`].
    pub fn ask<'a>(&mut self, question: &Question<'a>, facts: &'a BothFacts) -> Decision<'a>
    where
        'v: 'a,
    {
        let decision = self.policy().ask(question, facts.live());
        let place = self.is_shadowed.then(|| self.compared.place_by_names(decision.record()));
        let place = place.flatten();
        let differs = place.and_then(|place| {
            let fields = [question.field];
            self.differs(place, &decision, question.act, &fields, question.purpose, facts)
        });
        self.context.note_asked(question, &decision, differs);
        decision
    }

    /// Ids of the live policy as names that both may know.
    fn named(
        &self,
        act: Act,
        categories: &[CategoryId],
        purpose: PurposeId,
    ) -> Option<(Vec<&'v str>, NamedAct<'v>, &'v str)> {
        let policy = self.policy();
        let fields = categories.iter().flat_map(|id| policy.paths(&Field::from(*id))).collect();
        Some((fields, policy.named_act(act)?, policy.path(purpose)?))
    }

    /// Asks the candidate, and counts a disagreement.
    fn differs(
        &self,
        place: Place<'_>,
        decision: &Decision<'_>,
        act: NamedAct<'_>,
        fields: &[&str],
        purpose: &str,
        facts: &BothFacts,
    ) -> Option<Differs> {
        self.compared.count_evaluated();
        let candidate = self.compared.candidate.policy();
        let answers: Vec<Decision<'_>> = fields
            .iter()
            .map(|field| candidate.ask(&Question { act, field, purpose }, facts.candidate()))
            .collect();
        let verdict = answers.iter().map(Decision::verdict).min().unwrap_or(Verdict::Deny);
        if verdict == decision.verdict()
            && duties(&answers) == duties(std::slice::from_ref(decision))
        {
            return None;
        }
        let example = || self.example(decision, act);
        let (seen, change) = match place {
            Place::Region(region) => (&region.seen, region.change.as_str()),
            Place::Elsewhere(seen) => (seen, "elsewhere"),
        };
        seen.add(&self.compared.totals, change, [decision.verdict(), verdict], example);
        Some(Differs { verdict, digest: self.compared.candidate.digest() })
    }

    /// The question in names of the live policy; others may be keys that clients chose.
    fn example(&self, decision: &Decision<'_>, act: NamedAct<'_>) -> String {
        let Some(record) = decision.record() else { return format!("{} (unknown)", act.kind()) };
        let categories: Vec<CategoryId> = record.categories().collect();
        let named = self.named(record.act(), &categories, record.purpose());
        let Some((fields, act, purpose)) = named else {
            return format!("{} (unknown)", act.kind());
        };
        Question { act, field: &fields.join(", "), purpose }.to_string()
    }
}

/// The duties of all decisions, in alphabetical order.
fn duties<'p>(decisions: &[Decision<'p>]) -> Vec<&'p str> {
    let mut duties: Vec<&str> = decisions.iter().flat_map(Decision::duties).collect();
    duties.sort_unstable();
    duties.dedup();
    duties
}

//! A decision as a few words, to be explained later.

use super::decision::{About, Decision};
use super::facts::Facts;
use super::policy::Policy;
use super::question::{Act, CategoryId, PurposeId};
use crate::words::Verdict;

/// A decision without its policy: ids, the verdict, and which of the policy's comparisons held. For a queue between the
/// thread that decides and one that writes a log: 80 bytes, and no values of facts.
///
/// [`Policy::recall`] makes a decision of it again, with its reasons.
///
/// ```
/// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
/// use whyfor::{Facts, Question};
/// let facts = policy.facts_builder().with("consent", true)?.build();
/// let record = policy.ask(&Question::usage("email", "newsletter"), &facts).record();
/// drop(facts);
///
/// let record = record.expect("the policy knows all names of the question");
/// let facts = record.facts();
/// assert_eq!(policy.recall(&record, &facts).missing(), ["age"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct DecisionRecord {
    act: Act,
    category: CategoryId,
    purpose: PurposeId,
    verdict: Verdict,
    /// Whose facts they are, as [`Facts`] has it.
    facts_of: u64,
    /// The first word of the facts, as the question's purpose sees them.
    first: (u64, u64),
    /// What few decisions have.
    rest: Option<Box<Rest>>,
}

// The size that its documentation promises.
const _: () = assert!(size_of::<DecisionRecord>() <= 80);

#[derive(Debug, Clone)]
struct Rest {
    /// The other words of the facts.
    words: Vec<(u64, u64)>,
    /// The other categories of the field.
    more: Vec<CategoryId>,
}

impl DecisionRecord {
    /// The verdict.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question, Verdict};
    /// let record = policy.ask(&Question::usage("email", "login"), Facts::none()).record();
    /// assert_eq!(record.map(|record| record.verdict()), Some(Verdict::Allow));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The act.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Act, Facts, Question};
    /// let record = policy.ask(&Question::usage("email", "login"), Facts::none()).record();
    /// assert_eq!(record.map(|record| record.act()), Some(Act::Use));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn act(&self) -> Act {
        self.act
    }

    /// The categories of the field.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let record = policy.ask(&Question::usage("work_email", "login"), Facts::none()).record();
    /// let record = record.expect("the policy knows all names of the question");
    /// assert!(record.categories().eq([policy.category("email")?]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn categories(&self) -> impl Iterator<Item = CategoryId> + '_ {
        let more = self.rest.iter().flat_map(|rest| rest.more.iter().copied());
        std::iter::once(self.category).chain(more)
    }

    /// The purpose.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let record = policy.ask(&Question::usage("email", "login"), Facts::none()).record();
    /// assert_eq!(record.map(|record| record.purpose()), Some(policy.purpose("login")?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn purpose(&self) -> PurposeId {
        self.purpose
    }

    /// The facts of the decision, as far as its purpose sees them, for [`Policy::recall`].
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let record = policy.ask(&Question::usage("email", "login"), Facts::none()).record();
    /// let facts = record.map(|record| record.facts());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn facts(&self) -> Facts {
        let words = self.rest.as_ref().map(|rest| rest.words.clone()).unwrap_or_default();
        Facts { policy: self.facts_of, plain: self.first, words, first: Vec::new() }
    }
}

impl Decision<'_> {
    /// The decision as a few words, to be explained later. `None` if a name of the question is unknown or ambiguous: such
    /// a name may be a key that a client chose, and the record of a log has no room for it.
    ///
    /// O(1); allocates for a field of several categories, and for facts of a policy with over 64 comparisons.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// assert!(policy.ask(&Question::usage("email", "login"), Facts::none()).record().is_some());
    /// assert!(policy.ask(&Question::usage("shoe_size", "login"), Facts::none()).record().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline(always)] // so that it is written where it is kept
    #[must_use]
    pub fn record(&self) -> Option<DecisionRecord> {
        let About::Asked { act, purpose, category, more } = &self.about else { return None };
        let facts = self.facts.of(self.policy.tag());
        let is_plain = more.is_empty() && facts.words.is_empty();
        Some(DecisionRecord {
            act: *act,
            category: *category,
            purpose: *purpose,
            verdict: self.verdict,
            facts_of: facts.policy,
            first: facts.first_word(purpose.node),
            rest: if is_plain { None } else { Some(rest(facts, more)) },
        })
    }
}

#[cold]
fn rest(facts: &Facts, more: &[CategoryId]) -> Box<Rest> {
    Box::new(Rest { words: facts.words.clone(), more: more.to_vec() })
}

impl Policy {
    /// A decision again, as it was made by this policy: the same verdict, with its reasons. `facts` are
    /// [those of the record](DecisionRecord::facts).
    ///
    /// The record of another policy, or of another version, gives a deny with the reason that its ids are foreign.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let record = policy.ask(&Question::usage("email", "login"), Facts::none()).record();
    /// let record = record.expect("the policy knows all names of the question");
    /// let facts = record.facts();
    /// let reasons = policy.recall(&record, &facts).reasons();
    /// assert_eq!(reasons[0].statement().map(|statement| statement.line), Some(36));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn recall<'a>(&'a self, record: &DecisionRecord, facts: &'a Facts) -> Decision<'a> {
        let DecisionRecord { act, category, purpose, .. } = record;
        let mut decision = self.decide(*act, *category, *purpose, facts);
        if let Some(rest) = record.rest.as_ref().filter(|rest| !rest.more.is_empty()) {
            let (act, purpose, category) = (*act, *purpose, *category);
            decision.about = About::Asked { act, purpose, category, more: rest.more.clone() };
            decision.verdict = decision.least();
        }
        decision
    }
}

//! The answer to a question.

use super::question::{Act, CategoryId, PurposeId, Refusal};
use super::survey::Survey;
use super::{Facts, Policy, Verdict};
use crate::table::schema::NO_DAYS;

/// Why [`Decision::permit`] does not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotPermitted {
    /// The verdict is deny or depends.
    #[error("not permitted: the verdict is {0}")]
    Verdict(Verdict),
    /// It is allowed with these duties, and they are not fulfilled.
    #[error("permitted only with `{}`", crate::printable(&.0.join("`, `")))]
    Duties(Vec<String>),
}

/// The answer to a question: a verdict, and on demand duties, retention, missing facts and reasons.
///
/// Making one allocates nothing, except for a field whose name several `field` statements map to different
/// categories by wildcards. Everything but the verdict is computed when it is asked for.
#[derive(Debug, Clone)]
pub struct Decision<'a> {
    pub(super) policy: &'a Policy,
    pub(super) facts: &'a Facts,
    pub(super) verdict: Verdict,
    pub(super) about: About<'a>,
}

/// What a decision is about.
#[derive(Debug, Clone)]
pub(super) enum About<'a> {
    /// The unknown or ambiguous names: field, method or recipient, purpose.
    Refused([Option<Refusal<'a>>; 3]),
    /// A question by ids.
    Asked { act: Act, purpose: PurposeId, category: CategoryId, more: Vec<CategoryId> },
}

impl<'a> Decision<'a> {
    /// The verdict.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question, Verdict};
    /// let decision = policy.ask(&Question::usage("email", "newsletter"), Facts::none());
    /// assert_eq!(decision.verdict(), Verdict::Depends);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Whether the verdict is allow.
    ///
    /// An allow can come with [`duties`](Self::duties): "yes, if you deidentify first". Code that
    /// fulfils some asks [`permit`](Self::permit).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// assert!(policy.ask(&Question::usage("email", "login"), Facts::none()).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.verdict == Verdict::Allow
    }

    /// Whether the caller may go ahead, given the duties that it fulfils: the verdict is allow, and
    /// every duty that comes with it is one of `fulfilled`.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose research
    /// #   duty deidentify  use email for research then deidentify").unwrap();
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "research"), Facts::none());
    /// assert!(decision.is_allowed());
    /// assert!(decision.permit(&[]).is_err());
    /// assert!(decision.permit(&["deidentify"]).is_ok());
    /// ```
    ///
    /// O(statements with duties that cover the question); allocates only on failure.
    ///
    /// # Errors
    /// The verdict is not allow, or a duty is not fulfilled.
    pub fn permit(&self, fulfilled: &[&str]) -> Result<(), NotPermitted> {
        if !self.is_allowed() {
            return Err(NotPermitted::Verdict(self.verdict));
        }
        let owed = self.duties().filter(|duty| !fulfilled.contains(duty));
        let duties: Vec<String> = owed.map(str::to_owned).collect();
        if duties.is_empty() { Ok(()) } else { Err(NotPermitted::Duties(duties)) }
    }

    /// The cells of the field's categories, looked up again: a verdict rarely needs more than their kinds.
    pub(super) fn cells(&self) -> impl Iterator<Item = (CategoryId, u32)> + '_ {
        let asked = match &self.about {
            About::Refused(_) => None,
            About::Asked { act, purpose, category, more } => {
                Some((*act, *purpose, std::iter::once(category).chain(more)))
            }
        };
        asked.into_iter().flat_map(move |(act, purpose, categories)| {
            categories.map(move |id| {
                let line = id.class.wrapping_add(act.plane());
                (*id, self.policy.tables().cell(line, purpose.class))
            })
        })
    }

    /// Visits the cells of the field's categories, each once, with a reader of what they refer to.
    pub(super) fn survey(&self, mut visit: impl FnMut(&mut Survey<'a>, u32)) {
        let About::Asked { purpose, more, .. } = &self.about else { return };
        let known = self.policy.known(self.facts, purpose.node);
        if more.is_empty() {
            let mut survey = Survey::of_one(known);
            return self.cells().for_each(|(_, cell)| visit(&mut survey, cell));
        }
        let mut cells: Vec<u32> = self.cells().map(|(_, cell)| cell).collect();
        cells.sort_unstable();
        cells.dedup();
        let mut survey = Survey::of_several(known);
        cells.into_iter().for_each(|cell| visit(&mut survey, cell));
    }

    /// Whether an id of the question is another policy's.
    pub(super) fn is_foreign(&self) -> bool {
        let About::Asked { act, purpose, category, more } = &self.about else { return false };
        let mut categories = std::iter::once(category).chain(more);
        categories.any(|category| self.policy.marks().are_foreign(*act, *category, *purpose))
    }

    pub(super) fn is_about_sharing(&self) -> bool {
        matches!(self.about, About::Asked { act: Act::Share(_), .. })
    }

    /// The verdict of the field's categories: the least.
    pub(super) fn least(&self) -> Verdict {
        if self.is_foreign() {
            return Verdict::Deny;
        }
        let mut least = Verdict::Allow;
        self.survey(|survey, cell| least = least.min(survey.verdict(cell)));
        least
    }

    /// The duties that come with it, in the order of their declaration; a deny has none. Allocates only for a field
    /// of several categories and for conditions of over 64 parts.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "newsletter"), Facts::none());
    /// assert!(decision.duties().eq(["deidentify"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn duties(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut bits = self.duties_and_days().0;
        let tables = self.policy.tables();
        std::iter::from_fn(move || {
            let bit = (bits != 0).then(|| bits.trailing_zeros())?;
            bits &= bits - 1;
            Some(tables.duty(bit))
        })
    }

    /// The shortest retention in days, if any; a deny has none.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "newsletter"), Facts::none());
    /// assert_eq!(decision.retain_days(), Some(30));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn retain_days(&self) -> Option<u32> {
        let days = self.duties_and_days().1;
        (days != NO_DAYS).then_some(days)
    }

    /// The duties of all covering statements whose value is not no, and the shortest retention.
    fn duties_and_days(&self) -> (u64, u32) {
        let (mut duties, mut days) = (0, NO_DAYS);
        if self.verdict == Verdict::Deny {
            return (duties, days);
        }
        self.survey(|survey, cell| {
            let (more, shortest) = survey.duties(cell);
            duties |= more;
            days = days.min(shortest);
        });
        (duties, days)
    }
}

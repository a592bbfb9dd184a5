//! The answer to a question.

use super::evaluate::KnownFacts;
use super::question::{Act, CategoryId, PurposeId, Refusal};
use super::survey::Survey;
use super::{Facts, Policy, Verdict};
use crate::period::Limit;
use crate::table::retention;
use crate::table::schema::{DutyRecord, LimitRecord, StatementRecord};
use crate::words::{ActKind, Mask};

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

/// The answer to a question: a verdict, and on demand duties, legal bases, retention, missing facts and reasons.
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
    /// The policy that decided.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "login"), Facts::none());
    /// assert_eq!(decision.policy().name(), "shop");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn policy(&self) -> &'a Policy {
        self.policy
    }

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

    /// The facts, as a question for its purpose sees them.
    pub(super) fn known(&self) -> KnownFacts<'a> {
        let purpose = match &self.about {
            About::Refused(_) => u32::MAX,
            About::Asked { purpose, .. } => purpose.node,
        };
        self.policy.known(self.facts, purpose)
    }

    /// Visits the cells of the field's categories, each once, with a reader of what they refer to.
    pub(super) fn survey(&self, mut visit: impl FnMut(&mut Survey<'a>, u32)) {
        let About::Asked { more, .. } = &self.about else { return };
        let known = self.known();
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

    pub(super) fn is_about(&self, kind: ActKind) -> bool {
        matches!(&self.about, About::Asked { act, .. } if act.kind() == kind)
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
    /// Those of a permit to share are the recipient's: they come with a share, and not with a use.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "newsletter"), Facts::none());
    /// assert!(decision.duties().eq(["deidentify"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn duties(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut bits = 0;
        self.each_owed(|due| bits |= due.duties.get());
        let tables = self.policy.tables();
        tables.names_of(tables.sections.duty_names, bits)
    }

    /// What masks the data: the masks of its duties, joined. Costs what [`duties`](Self::duties) costs.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose research  duty pseudonymise mask \"sha-256-global\"
    /// #   use email for research then pseudonymise").unwrap();
    /// use whyfor::{Facts, Mask, Question};
    /// let decision = policy.ask(&Question::usage("email", "research"), Facts::none());
    /// assert_eq!(decision.mask(), Some(Mask::Sha256Global));
    /// ```
    #[must_use]
    pub fn mask(&self) -> Option<Mask> {
        let mut bits = 0;
        self.each_owed(|due| bits |= due.duties.get());
        self.policy.tables().masks(bits)
    }

    /// The legal bases that carry it, in the order of their declaration; a deny has none. Of an allow, those that hold;
    /// of a depends, those that may. Costs what [`duties`](Self::duties) costs.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose login
    /// #   basis contract  use email for login on contract").unwrap();
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "login"), Facts::none());
    /// assert!(decision.bases().eq(["contract"]));
    /// assert!(!decision.is_unbased());
    /// ```
    pub fn bases(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut bits = 0;
        self.each_due(|due, value| {
            if value >= self.verdict {
                bits |= due.bases.get();
            }
        });
        let tables = self.policy.tables();
        tables.names_of(tables.sections.basis_names, bits)
    }

    /// Whether the policy declares legal bases, and none of them carries some part of what is asked. A deny is not
    /// unbased. O(statements that cover the question).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose login
    /// #   basis contract  use email for login").unwrap();
    /// use whyfor::{Facts, Question};
    /// assert!(policy.ask(&Question::usage("email", "login"), Facts::none()).is_unbased());
    /// ```
    #[must_use]
    pub fn is_unbased(&self) -> bool {
        let tables = self.policy.tables();
        if self.verdict == Verdict::Deny || tables.sections.basis_names.is_empty() {
            return false;
        }
        let mut unbased = false;
        self.survey(|survey: &mut Survey<'a>, cell| {
            survey.points(cell, |values, statements| {
                unbased |= !statements.iter().any(|id| {
                    let StatementRecord { is_based, condition, .. } = tables.statement(*id);
                    is_based != 0 && values.condition(condition) >= self.verdict
                });
            });
        });
        unbased
    }

    /// How long the data may be kept: all of these limits apply, and it must go when the first ends. From collection
    /// first, then by event, in alphabetical order; hours, days and weeks before months and years. A deny has none.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "newsletter"), Facts::none());
    /// assert_eq!(decision.retain()[0].to_string(), "30 days");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn retain(&self) -> Vec<Limit<&'a str>> {
        self.limits(false)
    }

    /// How long the data must be kept at least: until the last of these ends. Sorted as [`retain`](Self::retain).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose login
    /// #   use email for login retain at least 10 years").unwrap();
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "login"), Facts::none());
    /// assert_eq!(decision.retain_at_least()[0].to_string(), "10 years");
    /// ```
    #[must_use]
    pub fn retain_at_least(&self) -> Vec<Limit<&'a str>> {
        self.limits(true)
    }

    fn limits(&self, at_least: bool) -> Vec<Limit<&'a str>> {
        let tables = self.policy.tables();
        let mut all: Vec<LimitRecord> = Vec::new();
        self.each_owed(|due| all.extend(tables.retention(due.retention)));
        self.limits_of(all.iter(), at_least)
    }

    /// The limits of these records that count, sorted.
    pub(super) fn limits_of<'r>(
        &self,
        records: impl Iterator<Item = &'r LimitRecord>,
        at_least: bool,
    ) -> Vec<Limit<&'a str>> {
        let tables = self.policy.tables();
        let event = |limit: &LimitRecord| {
            (limit.event != LimitRecord::COLLECTION).then(|| tables.event(limit.event))
        };
        let limit = |limit: LimitRecord| match event(&limit) {
            Some(until) if limit.is_until() => Limit::Until { until },
            after => Limit::Period { period: limit.period(), after },
        };
        let limits = records.filter(|limit| limit.is_least() == at_least).copied();
        retention::merged(limits).into_iter().map(limit).collect()
    }

    /// The shortest limit from collection in whole days, if any; a deny has none. Rounded down, as
    /// [`Period::whole_days`](crate::Period::whole_days) says. Limits from events are in [`retain`](Self::retain).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let decision = policy.ask(&Question::usage("email", "newsletter"), Facts::none());
    /// assert_eq!(decision.retain_days(), Some(30));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn retain_days(&self) -> Option<u64> {
        let tables = self.policy.tables();
        let mut shortest: Option<u64> = None;
        self.each_owed(|due| {
            let limits = tables.retention(due.retention).iter();
            let limits = limits.filter(|l| !l.is_least() && l.event == LimitRecord::COLLECTION);
            let days = limits.map(|limit| limit.period().whole_days()).min();
            shortest = shortest.into_iter().chain(days).min();
        });
        shortest
    }

    /// Whether the person may leave the data out: it is about collecting, is not a deny, and every permit that may apply
    /// says `optional`. Costs what [`duties`](Self::duties) costs.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  category phone  method form  purpose login
    /// #   collect email, optional phone by form for login").unwrap();
    /// use whyfor::{Facts, Question};
    /// assert!(policy.ask(&Question::collect("phone", "form", "login"), Facts::none()).is_optional());
    /// assert!(!policy.ask(&Question::collect("email", "form", "login"), Facts::none()).is_optional());
    /// ```
    #[must_use]
    pub fn is_optional(&self) -> bool {
        let policy_has_optional = self.policy.tables().description().has_optional != 0;
        if self.verdict == Verdict::Deny || !policy_has_optional || !self.is_about(ActKind::Collect)
        {
            return false;
        }
        let mut required = false;
        self.each_due(|due, _| required |= due.flags & DutyRecord::REQUIRED != 0);
        !required
    }

    /// Visits what comes with the answer, under conditions that are not no, with their values.
    pub(super) fn each_due(&self, mut visit: impl FnMut(&'a DutyRecord, Verdict)) {
        if self.verdict != Verdict::Deny {
            self.survey(|survey, cell| survey.duties(cell, &mut visit));
        }
    }

    /// Visits the duties and the retention of all covering statements whose value is not no. Those of a permit to share
    /// are the recipient's.
    fn each_owed(&self, mut visit: impl FnMut(&'a DutyRecord)) {
        let shares = self.is_about(ActKind::Share);
        self.each_due(|due, _| {
            if shares || due.flags & DutyRecord::SHARED == 0 {
                visit(due);
            }
        });
    }
}

//! The answer to a question as owned data, to be logged, sent and compared.

use super::decision::Decision;
use super::digest::Digest;
use super::facts::FactError;
use super::policy::Policy;
use super::question::Refusal;
use super::reasons::{Reason, Statement};
use crate::period::Limit;
use crate::words::{ActKind, ReasonKind, Verdict};

/// Everything about the answer to a question, without a reference to the policy.
///
/// ```
/// # let policy = whyfor::Policy::from_str("policy p  category email  category phone  purpose login  use email for login").unwrap();
/// use whyfor::{Facts, Question, ReasonKind};
/// let outcome = policy.ask(&Question::usage("phone", "login"), Facts::none()).outcome();
/// assert_eq!(outcome.reasons[0].kind, ReasonKind::NoPermit);
/// assert_eq!(outcome.reasons[0].message, "no statement permits it for `phone`, `login`");
/// ```
///
/// With the feature `serde` it becomes an object with the members of an answer of `whyfor ask --format json`: what a
/// statement says and the messages of reasons are not among them, since the digest and the place identify them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Outcome {
    /// The verdict.
    #[cfg_attr(feature = "serde", serde(rename = "decision"))]
    pub verdict: Verdict,
    /// The policy that decided.
    pub digest: Digest,
    /// What must be done with the data, in alphabetical order; none for a deny.
    pub duties: Vec<String>,
    /// The shortest limit from collection in whole days, if any; `None` for a deny.
    pub retain_days: Option<u64>,
    /// What only an allow or a depends has.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub terms: Option<Terms>,
    /// The facts that are unstated and matter; only for a depends.
    pub missing: Vec<String>,
    /// Why.
    pub reasons: Vec<OutcomeReason>,
}

/// The terms on which something is allowed, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Terms {
    /// The legal bases that carry it, in alphabetical order.
    pub bases: Vec<String>,
    /// The policy declares legal bases, and none of them carries some part of it.
    pub unbased: bool,
    /// How long the data may be kept: all of these apply.
    pub retain: Vec<Limit>,
    /// How long it must be kept at least.
    pub retain_at_least: Vec<Limit>,
    /// Whether the person may leave the data out, of a `collect`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none", default))]
    pub optional: Option<bool>,
}

/// One reason of an [`Outcome`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct OutcomeReason {
    /// Which kind.
    pub kind: ReasonKind,
    /// What it says, as [`Reason::message`] has it.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub message: String,
    /// What it is about.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub detail: ReasonDetail,
}

/// What a reason is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[non_exhaustive]
pub enum ReasonDetail {
    /// A statement of the policy.
    Statement {
        /// The path of its file below the root folder.
        file: String,
        /// The line where it starts, from 1.
        line: u32,
        /// The name of its section, if it stands in one.
        section: Option<String>,
        /// The title of its section; empty if it has none.
        #[cfg_attr(feature = "serde", serde(skip))]
        title: String,
        /// As written, with lines that end in `\n`.
        #[cfg_attr(feature = "serde", serde(skip))]
        text: String,
    },
    /// A point that nothing permits.
    Point {
        /// The category, at or below the one that was asked about.
        category: String,
        /// The method, of a `collect`.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
        method: Option<String>,
        /// The recipient, of a `share`.
        #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
        recipient: Option<String>,
        /// The purpose, at or below the one that was asked about.
        purpose: String,
    },
    /// A name that names nothing, or several things.
    Name {
        /// As asked.
        name: String,
        /// What it could have meant. Empty in a decision's own outcome, for the reason in [`Policy::candidates`].
        candidates: Vec<String>,
    },
    /// Nothing more: an id of another policy.
    Nothing {},
}

/// A reason as it is read: which members it has depends on its kind.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct ReadReason {
    kind: ReasonKind,
    file: Option<String>,
    line: Option<u32>,
    section: Option<String>,
    category: Option<String>,
    method: Option<String>,
    recipient: Option<String>,
    purpose: Option<String>,
    name: Option<String>,
    candidates: Option<Vec<String>>,
}

#[cfg(feature = "serde")]
impl ReadReason {
    fn detail(self) -> Result<ReasonDetail, &'static str> {
        match self.kind {
            ReasonKind::Permit | ReasonKind::Never | ReasonKind::UnmetPermit => {
                Ok(ReasonDetail::Statement {
                    file: self.file.ok_or("file")?,
                    line: self.line.ok_or("line")?,
                    section: self.section,
                    title: String::new(),
                    text: String::new(),
                })
            }
            ReasonKind::NoPermit => Ok(ReasonDetail::Point {
                category: self.category.ok_or("category")?,
                method: self.method,
                recipient: self.recipient,
                purpose: self.purpose.ok_or("purpose")?,
            }),
            ReasonKind::ForeignId => Ok(ReasonDetail::Nothing {}),
            _ => Ok(ReasonDetail::Name {
                name: self.name.ok_or("name")?,
                candidates: self.candidates.ok_or("candidates")?,
            }),
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for OutcomeReason {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = ReadReason::deserialize(deserializer)?;
        let kind = read.kind;
        let detail = read.detail().map_err(<D::Error as serde::de::Error>::missing_field)?;
        Ok(Self { kind, message: String::new(), detail })
    }
}

impl Decision<'_> {
    /// The answer as owned data. It has no candidates for unknown names: [`Policy::candidates`] says why.
    ///
    /// Costs what [`duties`](Self::duties), [`missing`](Self::missing) and [`reasons`](Self::reasons) do, and copies
    /// the texts of the statements.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// let outcome = policy.ask(&Question::usage("email", "newsletter"), Facts::none()).outcome();
    /// assert_eq!(outcome.missing, ["consent", "age"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.outcome_with(|_| Vec::new())
    }

    /// The answer, with candidates for unknown names.
    pub(super) fn outcome_with(&self, candidates: impl Fn(&Refusal<'_>) -> Vec<String>) -> Outcome {
        let verdict = self.verdict();
        let mut duties: Vec<String> = self.duties().map(str::to_owned).collect();
        duties.sort_unstable();
        let reason = |reason: &Reason<'_>| OutcomeReason {
            kind: reason.kind(),
            message: reason.message(verdict),
            detail: self.detail(reason, &candidates),
        };
        Outcome {
            verdict,
            digest: self.policy.digest(),
            duties,
            retain_days: self.retain_days(),
            terms: self.terms(),
            missing: self.missing().into_iter().map(str::to_owned).collect(),
            reasons: self.reasons().iter().map(reason).collect(),
        }
    }

    fn terms(&self) -> Option<Terms> {
        if self.verdict() == Verdict::Deny {
            return None;
        }
        let mut bases: Vec<String> = self.bases().map(str::to_owned).collect();
        bases.sort_unstable();
        let owned = |limits: Vec<Limit<&str>>| {
            limits.into_iter().map(|limit| limit.map(str::to_owned)).collect()
        };
        Some(Terms {
            bases,
            unbased: self.is_unbased(),
            retain: owned(self.retain()),
            retain_at_least: owned(self.retain_at_least()),
            optional: self.is_about(ActKind::Collect).then(|| self.is_optional()),
        })
    }

    fn detail(
        &self,
        reason: &Reason<'_>,
        candidates: impl Fn(&Refusal<'_>) -> Vec<String>,
    ) -> ReasonDetail {
        match reason {
            Reason::Permit(statement) | Reason::Never(statement) | Reason::Unmet(statement) => {
                ReasonDetail::from(statement)
            }
            Reason::NoPermit { category, party, purpose } => {
                let party = party.map(str::to_owned);
                let (method, recipient) =
                    if self.is_about(ActKind::Share) { (None, party) } else { (party, None) };
                let (category, purpose) = ((*category).to_owned(), (*purpose).to_owned());
                ReasonDetail::Point { category, method, recipient, purpose }
            }
            Reason::Refused(refusal) => {
                let name = refusal.name().to_owned();
                ReasonDetail::Name { name, candidates: candidates(refusal) }
            }
            Reason::ForeignId => ReasonDetail::Nothing {},
        }
    }
}

impl From<&Statement<'_>> for ReasonDetail {
    fn from(statement: &Statement<'_>) -> Self {
        Self::Statement {
            file: statement.file.to_owned(),
            line: statement.line,
            section: statement.section.map(str::to_owned),
            title: statement.title.to_owned(),
            text: statement.text.to_owned(),
        }
    }
}

impl Policy {
    /// The answer to a question that states a fact which the policy refuses: a deny.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::Verdict;
    /// let error = policy.facts_builder().with("age", "old").unwrap_err();
    /// assert_eq!(policy.refuse(&error).verdict, Verdict::Deny);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn refuse(&self, error: &FactError) -> Outcome {
        let name = ReasonDetail::Name { name: error.name().to_owned(), candidates: Vec::new() };
        Outcome {
            verdict: Verdict::Deny,
            digest: self.digest(),
            duties: Vec::new(),
            retain_days: None,
            terms: None,
            missing: Vec::new(),
            reasons: vec![OutcomeReason {
                kind: error.kind(),
                message: error.to_string(),
                detail: name,
            }],
        }
    }
}

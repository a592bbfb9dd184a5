//! The facts that are stated when a question is asked.
//!
//! Every comparison with a fact in a policy is an atom. Facts are stored as the values of the atoms: one bit if
//! the atom is yes, another if it is no, neither if it is unknown. So stating a fact costs its atoms once, and a
//! condition is then a few masks. The atoms of facts per purpose are stored for each purpose.

use super::policy::Policy;
use super::question::PurposeId;
use crate::numbers::NumberError;
use crate::printable::printable;
use crate::table::schema::{AtomRecord, FactRecord};
use crate::words::{FactKind, ReasonKind, Verdict};

/// Facts of one policy, as stated by [`Policy::facts_builder`](crate::Policy::facts_builder).
///
/// Facts of another policy count as unstated: what is not known never allows.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Which policy's atoms these are.
    pub(super) policy: u64,
    /// The first word of atoms for every purpose that is not in `first`: the atoms that are yes, and those that are no.
    pub(super) plain: (u64, u64),
    /// The other words.
    pub(super) words: Vec<(u64, u64)>,
    /// The first word, which has the facts per purpose, for each purpose. Empty unless purposes differ, so that a policy
    /// with many purposes needs no memory for facts that are the same for all.
    pub(super) first: Vec<(u64, u64)>,
}

static NONE: Facts = Facts { policy: 0, plain: (0, 0), words: Vec::new(), first: Vec::new() };

impl Facts {
    /// No fact is stated; for every policy.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::{Facts, Question};
    /// assert!(policy.ask(&Question::usage("email", "login"), Facts::none()).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn none() -> &'static Self {
        &NONE
    }

    /// These facts, or none if they are another policy's.
    #[inline]
    pub(super) fn of(&self, policy: u64) -> &Self {
        if self.policy == policy { self } else { &NONE }
    }

    /// The first word of atoms for a purpose: yes, no.
    #[inline]
    pub(super) fn first_word(&self, purpose: u32) -> (u64, u64) {
        self.first.get(purpose as usize).copied().unwrap_or(self.plain)
    }

    /// The same, of facts that may be another policy's and then count as unstated.
    #[inline(always)]
    pub(super) fn first_word_of(&self, policy: u64, purpose: u32) -> (u64, u64) {
        if self.policy == policy { self.first_word(purpose) } else { (0, 0) }
    }

    /// Any word of atoms for a purpose: yes, no.
    #[inline]
    pub(super) fn word(&self, word: usize, purpose: u32) -> (u64, u64) {
        match word {
            0 => self.first_word(purpose),
            _ => self.words.get(word - 1).copied().unwrap_or((0, 0)),
        }
    }
}

impl Policy {
    /// Whether a fact that is yes or no is stated, and how; of a fact per purpose, for this purpose. `None` if it is not
    /// stated, or another kind of fact, or unknown. O(log facts).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::FactValue;
    /// let consent = FactValue::purposes(["marketing"], [""; 0]);
    /// let facts = policy.facts_builder().with("consent", consent)?.build();
    /// assert_eq!(policy.holds(&facts, "consent", policy.purpose("newsletter")?), Some(true));
    /// assert_eq!(policy.holds(&facts, "consent", policy.purpose("login")?), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn holds(&self, facts: &Facts, fact: &str, purpose: PurposeId) -> Option<bool> {
        let tables = self.tables();
        let fact = tables.fact_named(fact)?;
        let atom = tables.atoms(fact).iter().find(|atom| atom.test == AtomRecord::HOLDS)?;
        match self.known(facts, purpose.node).atom(u32::try_from(atom.number).ok()?) {
            Verdict::Allow => Some(true),
            Verdict::Deny => Some(false),
            Verdict::Depends => None,
        }
    }
}

impl FactKind {
    pub(super) fn of(record: &FactRecord) -> Self {
        Self::ALL.get(record.kind as usize).copied().unwrap_or(Self::YesNo)
    }

    /// What a fact of the kind takes, for messages.
    fn takes(self) -> &'static str {
        match self {
            Self::YesNo => "yes or no",
            Self::PerPurpose => "the purposes where it holds and those where it does not",
            Self::Choice => "one of its choices",
            Self::Number => "a finite number",
        }
    }
}

/// Why a fact cannot be stated. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactError {
    /// The policy declares no such fact.
    #[error("the policy has no fact `{}`{}", printable(name), perhaps(nearest))]
    Unknown {
        /// As given.
        name: String,
        /// Near names.
        nearest: Vec<String>,
    },
    /// The fact takes another kind of value.
    #[error("the fact `{}` takes {}", printable(name), kind.takes())]
    WrongKind {
        /// The fact.
        name: String,
        /// What it takes.
        kind: FactKind,
    },
    /// What is written is not a number that can be held.
    #[error("the fact `{}` takes a number, and `{}` is {error}", printable(name), printable(value))]
    Number {
        /// The fact.
        name: String,
        /// As given.
        value: String,
        /// Why not.
        error: NumberError,
    },
    /// The fact has no such choice.
    #[error("`{}` is no choice of the fact `{}`: it is one of `{}`", printable(value), printable(name), printable(&choices.join("`, `")))]
    UnknownChoice {
        /// The fact.
        name: String,
        /// As given.
        value: String,
        /// What there is.
        choices: Vec<String>,
    },
    /// A purpose of a fact per purpose is unknown or ambiguous.
    #[error("the fact `{}` is stated for `{}`, which names {}", printable(name), printable(purpose), if *ambiguous { "several purposes" } else { "no purpose" })]
    Purpose {
        /// The fact.
        name: String,
        /// As given.
        purpose: String,
        /// Whether it names several purposes.
        ambiguous: bool,
    },
}

impl FactError {
    /// Which kind of reason it is for a question that states the fact: `unknown_fact`, `wrong_fact` …
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::ReasonKind;
    /// let error = policy.facts_builder().with("regin", "eu").unwrap_err();
    /// assert_eq!(error.kind(), ReasonKind::UnknownFact);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> ReasonKind {
        match self {
            Self::Unknown { .. } => ReasonKind::UnknownFact,
            Self::UnknownChoice { .. } => ReasonKind::UnknownChoice,
            Self::Purpose { ambiguous: true, .. } => ReasonKind::AmbiguousPurpose,
            Self::Purpose { ambiguous: false, .. } => ReasonKind::UnknownPurpose,
            Self::WrongKind { .. } | Self::Number { .. } => ReasonKind::WrongFact,
        }
    }

    /// The fact that was to be stated.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let error = policy.facts_builder().with("region", "mars").unwrap_err();
    /// assert_eq!(error.fact(), "region");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn fact(&self) -> &str {
        match self {
            Self::Unknown { name, .. }
            | Self::WrongKind { name, .. }
            | Self::Number { name, .. }
            | Self::UnknownChoice { name, .. }
            | Self::Purpose { name, .. } => name,
        }
    }

    /// The name that is unknown, ambiguous or of another kind: of a fact, a choice or a purpose.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let error = policy.facts_builder().with("region", "mars").unwrap_err();
    /// assert_eq!(error.name(), "mars");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Unknown { name, .. }
            | Self::WrongKind { name, .. }
            | Self::Number { name, .. } => name,
            Self::UnknownChoice { value, .. } => value,
            Self::Purpose { purpose, .. } => purpose,
        }
    }
}

fn perhaps(names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!(": perhaps `{}`", printable(&names.join("` or `")))
    }
}

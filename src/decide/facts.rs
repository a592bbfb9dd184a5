//! What is known when a question is asked.
//!
//! Every comparison in a policy with a fact is an atom, and facts are kept as what they make of the
//! atoms: a bit where an atom is yes, a bit where it is no, neither where it is unknown. So stating a
//! fact costs its atoms once, and a condition is then a few masks. What is known of facts per purpose
//! is kept for each purpose.

use super::Policy;
use crate::numbers::NumberError;
use crate::printable::printable;
use crate::table::ids::NodeId;
use crate::table::schema::{AtomRecord, FactRecord};
use crate::words::Hierarchy;
use std::ops::Range;

/// Facts of one policy, as stated by [`Policy::facts`].
///
/// Facts that another policy made count as unstated: what is not known never allows.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Which policy's atoms these are.
    policy: u64,
    /// For each word of atoms, those that are yes and those that are no.
    words: Vec<(u64, u64)>,
    /// The first word, where the facts per purpose are, as it is for each purpose; once for all
    /// purposes if the policy has no such facts.
    first: Vec<(u64, u64)>,
    /// 1 if there is a first word for each purpose, else 0.
    stride: u32,
}

static NONE: Facts = Facts { policy: 0, words: Vec::new(), first: Vec::new(), stride: 0 };

impl Facts {
    /// No fact is stated; good for every policy.
    #[must_use]
    pub fn none() -> &'static Self {
        &NONE
    }

    /// These facts, or none if they are not of this policy.
    #[inline]
    pub(super) fn of(&self, policy: u64) -> &Self {
        if self.policy == policy { self } else { &NONE }
    }

    /// What the first word of atoms is when asked for a purpose: yes, no.
    #[inline]
    pub(super) fn first_word(&self, purpose: u32) -> (u64, u64) {
        self.first.get((purpose * self.stride) as usize).copied().unwrap_or((0, 0))
    }

    /// The same, of facts that may be another policy's and then count as unstated.
    #[inline(always)]
    pub(super) fn first_word_of(&self, policy: u64, purpose: u32) -> (u64, u64) {
        if self.policy == policy { self.first_word(purpose) } else { (0, 0) }
    }

    /// What any word of atoms is when asked for a purpose: yes, no.
    #[inline]
    pub(super) fn word(&self, word: usize, purpose: u32) -> (u64, u64) {
        match word {
            0 => self.first_word(purpose),
            _ => self.words.get(word).copied().unwrap_or((0, 0)),
        }
    }
}

/// The kind of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    /// Yes or no.
    YesNo,
    /// Yes or no, for each purpose.
    PerPurpose,
    /// One of the choices that the policy lists.
    Choice,
    /// A number.
    Number,
}

impl FactKind {
    pub(super) fn of(record: &FactRecord) -> Self {
        match record.kind {
            FactRecord::PER_PURPOSE => Self::PerPurpose,
            FactRecord::CHOICE => Self::Choice,
            FactRecord::NUMBER => Self::Number,
            _ => Self::YesNo,
        }
    }
}

/// What is stated of a fact.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum FactValue<'a> {
    /// Of a yes/no fact; of a fact per purpose, for every purpose.
    YesNo(bool),
    /// Of a number.
    Number(f64),
    /// Of a number, as it is written: `18`, `-2.5`, `1e3`. One that cannot be held exactly is refused.
    Written(&'a str),
    /// Of a choice.
    Choice(&'a str),
    /// Of a fact per purpose: the purposes where it holds and those where it does not.
    Purposes {
        /// Where it holds, for each purpose and everything below.
        yes: &'a [&'a str],
        /// Where it does not.
        no: &'a [&'a str],
    },
}

impl From<bool> for FactValue<'_> {
    fn from(value: bool) -> Self {
        Self::YesNo(value)
    }
}

impl From<f64> for FactValue<'_> {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<i32> for FactValue<'_> {
    fn from(value: i32) -> Self {
        Self::Number(f64::from(value))
    }
}

impl<'a> From<&'a str> for FactValue<'a> {
    fn from(value: &'a str) -> Self {
        Self::Choice(value)
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
    #[error("the fact `{}` takes {takes}", printable(name))]
    WrongKind {
        /// The fact.
        name: String,
        /// What it takes, in words.
        takes: &'static str,
    },
    /// What is written is no number that can be taken.
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

/// The number that is written.
fn number(name: &str, written: &str) -> Result<FactValue<'static>, FactError> {
    let wrong =
        |error| FactError::Number { name: name.to_owned(), value: written.to_owned(), error };
    crate::numbers::exact(written).map(FactValue::Number).map_err(wrong)
}

fn perhaps(names: &[String]) -> String {
    if names.is_empty() {
        String::new()
    } else {
        format!(": perhaps `{}`", printable(&names.join("` or `")))
    }
}

impl Policy {
    /// What the name in an error could have meant: near facts, the choices that there are, the
    /// purposes that an ambiguous name ends, or near ones. O(purposes); allocates. The error does not
    /// carry those of a purpose, for the reason that [`candidates`](Self::candidates) gives.
    #[must_use]
    pub fn fact_candidates(&self, error: &FactError) -> Vec<String> {
        match error {
            FactError::Unknown { nearest, .. } => nearest.clone(),
            FactError::UnknownChoice { choices, .. } => choices.clone(),
            FactError::Purpose { purpose, .. } => match self.purpose(purpose) {
                Ok(_) => Vec::new(),
                Err(refusal) => self.candidates(&refusal),
            },
            FactError::WrongKind { .. } | FactError::Number { .. } => Vec::new(),
        }
    }
}

/// States facts one by one.
///
#[cfg_attr(feature = "compile", doc = "```")]
#[cfg_attr(not(feature = "compile"), doc = "```ignore")]
/// # let policy = whyfor::Policy::from_source("policy p fact verified fact age: number").unwrap();
/// let facts = policy.facts().with("verified", true)?.with("age", 20)?.build();
/// # Ok::<(), whyfor::FactError>(())
/// ```
#[derive(Debug)]
pub struct FactsBuilder<'p> {
    policy: &'p Policy,
    facts: Facts,
}

impl<'p> FactsBuilder<'p> {
    /// Starts with nothing stated, in the memory of `old`.
    pub(super) fn new(policy: &'p Policy, old: Facts) -> Self {
        let mut facts = old;
        let tables = policy.tables();
        facts.policy = policy.tag();
        facts.words.clear();
        facts.words.resize(tables.fact_words(), (0, 0));
        facts.first.clear();
        let per_purpose =
            tables.facts().iter().any(|fact| FactKind::of(fact) == FactKind::PerPurpose);
        facts.stride = u32::from(per_purpose);
        facts.first.resize(
            if per_purpose { tables.count(Hierarchy::Purpose) as usize } else { 1 },
            (0, 0),
        );
        Self { policy, facts }
    }

    /// States one more fact; stated again, the last counts.
    ///
    /// O(comparisons with the fact in the policy); for a fact per purpose, O(purposes named × the
    /// purposes below them).
    ///
    /// # Errors
    /// The policy has no such fact, or it takes another value. Numbers must be finite.
    pub fn with<'v>(
        mut self,
        name: &str,
        value: impl Into<FactValue<'v>>,
    ) -> Result<Self, FactError> {
        self.set(name, value.into())?;
        Ok(self)
    }

    /// As [`with`](Self::with), in place.
    ///
    /// # Errors
    /// As [`with`](Self::with).
    pub fn set(&mut self, name: &str, value: FactValue<'_>) -> Result<(), FactError> {
        let tables = self.policy.tables();
        let record = tables.fact_named(name).ok_or_else(|| self.unknown(name))?;
        let value = match (FactKind::of(record), value) {
            (FactKind::Number, FactValue::Written(text)) => number(name, text)?,
            (_, value) => value,
        };
        match (FactKind::of(record), value) {
            (FactKind::YesNo, FactValue::YesNo(value)) => self.state(record, |_, _| value),
            (FactKind::Number, FactValue::Number(number)) if number.is_finite() => {
                self.state(record, |test, operand| {
                    let bound = f64::from_bits(operand);
                    match test {
                        AtomRecord::AT_LEAST => number >= bound,
                        AtomRecord::ABOVE => number > bound,
                        _ => number == bound,
                    }
                });
            }
            (FactKind::Choice, FactValue::Choice(value)) => {
                let choices = tables.choices(record);
                let Some(choice) = choices.iter().position(|c| tables.slice(*c) == value) else {
                    return Err(FactError::UnknownChoice {
                        name: name.to_owned(),
                        value: value.to_owned(),
                        choices: choices.iter().map(|c| tables.slice(*c).to_owned()).collect(),
                    });
                };
                // Fewer than 64, which was checked when loading.
                self.state(record, |_, operand| operand >> choice & 1 == 1);
            }
            (FactKind::PerPurpose, FactValue::YesNo(value)) => self.state_everywhere(record, value),
            (FactKind::PerPurpose, FactValue::Purposes { yes, no }) => {
                self.state_for_purposes(name, record, yes, no)?;
            }
            (kind, _) => {
                let takes = match kind {
                    FactKind::YesNo => "yes or no",
                    FactKind::PerPurpose => {
                        "the purposes where it holds and those where it does not"
                    }
                    FactKind::Choice => "one of its choices",
                    FactKind::Number => "a finite number",
                };
                return Err(FactError::WrongKind { name: name.to_owned(), takes });
            }
        }
        Ok(())
    }

    /// Whether the policy declares a fact, which stays unstated.
    ///
    /// # Errors
    /// The policy has no such fact.
    pub fn knows(&self, name: &str) -> Result<(), FactError> {
        self.policy.tables().fact_named(name).map(drop).ok_or_else(|| self.unknown(name))
    }

    /// The facts stated so far.
    #[must_use]
    pub fn build(mut self) -> Facts {
        if let Some((plain_yes, plain_no)) = self.facts.words.first() {
            for (yes, no) in &mut self.facts.first {
                *yes |= plain_yes;
                *no |= plain_no;
            }
        }
        self.facts
    }

    fn unknown(&self, name: &str) -> FactError {
        let facts = self.policy.fact_infos().map(|fact| fact.name);
        FactError::Unknown { name: name.to_owned(), nearest: crate::names::nearest(name, facts) }
    }

    fn state(&mut self, record: &FactRecord, test: impl Fn(u64, u64) -> bool) {
        for AtomRecord { number, test: kind, operand } in self.policy.tables().atoms(record) {
            let Some((yes, no)) = self.facts.words.get_mut((number / 64) as usize) else {
                continue;
            };
            let bit = 1u64 << (number % 64);
            let holds = test(*kind, *operand);
            *yes = *yes & !bit | if holds { bit } else { 0 };
            *no = *no & !bit | if holds { 0 } else { bit };
        }
    }

    /// The bit of a fact per purpose in the first word, and that word for each purpose.
    fn for_purposes(&mut self, record: &FactRecord) -> (u64, &mut Vec<(u64, u64)>) {
        let tables = self.policy.tables();
        let bit = tables.atoms(record).first().map_or(0, |atom| 1u64 << (atom.number % 64));
        let purposes = &mut self.facts.first;
        for (yes, no) in purposes.iter_mut() {
            *yes &= !bit;
            *no &= !bit;
        }
        (bit, purposes)
    }

    fn state_everywhere(&mut self, record: &FactRecord, value: bool) {
        let (bit, purposes) = self.for_purposes(record);
        for (yes, no) in purposes {
            *(if value { yes } else { no }) |= bit;
        }
    }

    fn state_for_purposes(
        &mut self,
        name: &str,
        record: &FactRecord,
        yes: &[&str],
        no: &[&str],
    ) -> Result<(), FactError> {
        for purpose in yes.iter().chain(no) {
            self.purpose(name, purpose)?; // before anything is changed
        }
        let policy = self.policy;
        let tables = policy.tables();
        let (bit, purposes) = self.for_purposes(record);
        let mut each = |range: Range<u32>, change: fn(&mut (u64, u64), u64)| {
            let purposes = purposes.get_mut(range.start as usize..range.end as usize);
            purposes.into_iter().flatten().for_each(|known| change(known, bit));
        };
        let nodes = |names: &[&str]| -> Vec<u32> {
            names.iter().filter_map(|name| policy.purpose(name).ok()).map(|id| id.node).collect()
        };
        let (yes, no) = (nodes(yes), nodes(no));
        // Yes at or below a purpose in the first list, but where the second list touches it; and the
        // other way round.
        for node in &yes {
            tables
                .below(Hierarchy::Purpose, NodeId(*node))
                .for_each(|range| each(range, |(yes, _), bit| *yes |= bit));
        }
        for node in &no {
            tables
                .below(Hierarchy::Purpose, NodeId(*node))
                .for_each(|range| each(range, |(_, no), bit| *no |= bit));
        }
        for node in &no {
            tables
                .touching(NodeId(*node))
                .for_each(|range| each(range, |(yes, _), bit| *yes &= !bit));
        }
        for node in &yes {
            tables
                .touching(NodeId(*node))
                .for_each(|range| each(range, |(_, no), bit| *no &= !bit));
        }
        Ok(())
    }

    fn purpose(&self, fact: &str, purpose: &str) -> Result<(), FactError> {
        match self.policy.purpose(purpose) {
            Ok(_) => Ok(()),
            Err(refusal) => Err(FactError::Purpose {
                name: fact.to_owned(),
                purpose: purpose.to_owned(),
                ambiguous: refusal.is_ambiguous(),
            }),
        }
    }
}

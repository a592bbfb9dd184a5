//! States facts, by the kinds that the policy declares.

use super::fact_value::FactValue;
use super::facts::{FactError, Facts};
use super::policy::Policy;
use crate::table::ids::NodeId;
use crate::table::schema::{AtomRecord, FactRecord};
use crate::words::{FactKind, Hierarchy};
use std::ops::Range;

impl Policy {
    /// What the name in an error could have meant: similar facts, the choices that there are, the purposes whose
    /// paths end with an ambiguous name, or similar ones. O(purposes); allocates. The error does not carry those of
    /// a purpose, for the reason in [`candidates`](Self::candidates).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let error = policy.facts_builder().with("regin", "eu").unwrap_err();
    /// assert_eq!(policy.fact_candidates(&error), ["region"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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

/// The purposes of one fact that are resolved without allocating.
const FEW: usize = 16;

/// States facts one by one.
///
/// ```
/// # let policy = whyfor::Policy::from_str("policy p fact verified fact age: number").unwrap();
/// let facts = policy.facts_builder().with("verified", true)?.with("age", 20)?.build();
/// let older = policy.facts_builder_from(facts).with("age", 21)?.build();
/// # Ok::<(), whyfor::FactError>(())
/// ```
#[derive(Debug)]
pub struct FactsBuilder<'p> {
    policy: &'p Policy,
    facts: Facts,
    is_lenient: bool,
    left_out: Vec<FactError>,
}

impl Policy {
    /// Starts to state facts.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let facts = policy.facts_builder().with("age", 20)?.with("region", "eu")?.build();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn facts_builder(&self) -> FactsBuilder<'_> {
        let words = vec![(0, 0); self.tables().fact_words().saturating_sub(1)];
        let facts = Facts { policy: self.tag(), plain: (0, 0), words, first: Vec::new() };
        FactsBuilder { policy: self, facts, is_lenient: false, left_out: Vec::new() }
    }

    /// Starts with facts that exist: those of this policy stay stated, of another policy none. Their memory is used
    /// again.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let facts = policy.facts_builder().with("age", 20)?.build();
    /// let more = policy.facts_builder_from(facts).with("region", "eu")?.build();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn facts_builder_from(&self, facts: Facts) -> FactsBuilder<'_> {
        let is_own = facts.policy == self.tag();
        let mut builder =
            FactsBuilder { policy: self, facts, is_lenient: false, left_out: Vec::new() };
        if !is_own {
            return builder.cleared();
        }
        // What is not per purpose is added to each purpose's word once more in the end.
        let (yes, no) = builder.facts.plain;
        for word in &mut builder.facts.first {
            *word = (word.0 & !yes, word.1 & !no);
        }
        builder
    }
}

impl FactsBuilder<'_> {
    /// Forgets what was stated, and keeps the memory: for facts that are stated anew for each request.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let mut facts = policy.facts_builder().with("age", 20)?.build();
    /// for age in [12, 34] {
    ///     facts = policy.facts_builder_from(facts).cleared().with("age", age)?.build();
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn cleared(mut self) -> Self {
        let Facts { policy, plain, words, first } = &mut self.facts;
        *policy = self.policy.tag();
        *plain = (0, 0);
        words.clear();
        words.resize(self.policy.tables().fact_words().saturating_sub(1), (0, 0));
        first.clear();
        self.left_out.clear();
        self
    }

    /// Leaves a fact unstated, instead of failing, if its value names a choice or a purpose that the policy does not
    /// know: for values from a ledger that is older than the policy.
    ///
    /// The whole fact is unstated then, since leaving one purpose out of a list could allow what the list denies.
    /// [`left_out`](Self::left_out) reports each. A fact that the policy does not declare, or a value of another kind,
    /// stays an error.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p fact region: one of eu, us").unwrap();
    /// let builder = policy.facts_builder().lenient().with("region", "atlantis")?;
    /// assert_eq!(builder.left_out().len(), 1);
    /// # Ok::<(), whyfor::FactError>(())
    /// ```
    #[must_use]
    pub fn lenient(mut self) -> Self {
        self.is_lenient = true;
        self
    }

    /// The facts that a [lenient](Self::lenient) builder left unstated, and why.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let builder = policy.facts_builder().lenient().with("region", "atlantis")?;
    /// assert_eq!(builder.left_out()[0].name(), "atlantis");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn left_out(&self) -> &[FactError] {
        &self.left_out
    }

    /// States one more fact; stated again, the last counts.
    ///
    /// O(comparisons with the fact in the policy); for a fact per purpose, O(purposes named × the
    /// purposes below them).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let facts = policy.facts_builder().with("age", 20)?.with("consent", true)?.build();
    /// assert!(policy.facts_builder().with("age", "old").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The policy has no such fact, or it takes another value. Numbers must be finite.
    pub fn with<'v>(
        mut self,
        name: &str,
        value: impl Into<FactValue<'v>>,
    ) -> Result<Self, FactError> {
        self.set(name, value)?;
        Ok(self)
    }

    /// As [`with`](Self::with), in place.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let mut builder = policy.facts_builder();
    /// for (name, value) in [("age", Some(20)), ("age", None)] {
    ///     builder.set(name, value)?;
    /// }
    /// let facts = builder.build();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`with`](Self::with).
    pub fn set<'v>(
        &mut self,
        name: &str,
        value: impl Into<FactValue<'v>>,
    ) -> Result<(), FactError> {
        self.set_value(name, &value.into())
    }

    /// States a fact per purpose: for these purposes it is yes, and for those no, each with everything below. As
    /// [`set`](Self::set) with [`FactValue::purposes`], without its two lists: it allocates one word for each purpose of
    /// the policy, and nothing if the builder's memory is used again.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let mut builder = policy.facts_builder();
    /// builder.set_purposes("consent", &["marketing"], &[])?;
    /// let newsletter = policy.purpose("newsletter")?;
    /// assert_eq!(policy.holds(&builder.build(), "consent", newsletter), Some(true));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`with`](Self::with).
    pub fn set_purposes(&mut self, name: &str, yes: &[&str], no: &[&str]) -> Result<(), FactError> {
        self.set_by(name, |builder, record| match FactKind::of(record) {
            FactKind::PerPurpose => builder.state_for_purposes(name, record, yes, no),
            kind => Err(FactError::WrongKind { name: name.to_owned(), kind }),
        })
    }

    /// The value is not moved: a copy would wait for what was just written of it.
    fn set_value(&mut self, name: &str, value: &FactValue<'_>) -> Result<(), FactError> {
        self.set_by(name, |builder, record| builder.set_record(name, record, value))
    }

    fn set_by(
        &mut self,
        name: &str,
        set: impl FnOnce(&mut Self, &FactRecord) -> Result<(), FactError>,
    ) -> Result<(), FactError> {
        let tables = self.policy.tables();
        let record = tables.fact_named(name).ok_or_else(|| self.unknown(name))?;
        if !self.left_out.is_empty() {
            self.left_out.retain(|error| error.fact() != name);
        }
        match set(self, record) {
            Err(error @ (FactError::UnknownChoice { .. } | FactError::Purpose { .. }))
                if self.is_lenient =>
            {
                self.unstate(record);
                self.left_out.push(error);
                Ok(())
            }
            result => result,
        }
    }

    fn set_record(
        &mut self,
        name: &str,
        record: &FactRecord,
        value: &FactValue<'_>,
    ) -> Result<(), FactError> {
        match (FactKind::of(record), value) {
            (_, FactValue::Unstated) => self.unstate(record),
            (FactKind::YesNo, FactValue::YesNo(value)) => self.state(record, |_, _| *value),
            (FactKind::Number, FactValue::Written(text)) => {
                self.state_number(record, number(name, text)?);
            }
            (FactKind::Number, FactValue::Number(number)) if number.is_finite() => {
                self.state_number(record, *number);
            }
            (FactKind::Choice, FactValue::Choice(value)) => {
                self.state_choice(name, record, value)?;
            }
            (FactKind::PerPurpose, FactValue::YesNo(value)) => {
                self.state_everywhere(record, *value);
            }
            (FactKind::PerPurpose, FactValue::Purposes { yes, no }) => {
                self.state_for_purposes(name, record, yes, no)?;
            }
            (kind, _) => return Err(FactError::WrongKind { name: name.to_owned(), kind }),
        }
        Ok(())
    }

    /// The facts stated so far.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let facts = policy.facts_builder().with("age", 20)?.build();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn build(mut self) -> Facts {
        let (plain_yes, plain_no) = self.facts.plain;
        for (yes, no) in &mut self.facts.first {
            *yes |= plain_yes;
            *no |= plain_no;
        }
        self.facts
    }

    fn unknown(&self, name: &str) -> FactError {
        #[cfg(feature = "testing")]
        super::unknown::note(crate::words::ReasonKind::UnknownFact, name);
        let facts = self.policy.facts().map(|fact| fact.name);
        FactError::Unknown { name: name.to_owned(), nearest: crate::names::nearest(name, facts) }
    }

    fn state_number(&mut self, record: &FactRecord, number: f64) {
        self.state(record, |test, operand| {
            let bound = f64::from_bits(operand);
            match test {
                AtomRecord::AT_LEAST => number >= bound,
                AtomRecord::ABOVE => number > bound,
                _ => number == bound,
            }
        });
    }

    fn state_choice(
        &mut self,
        name: &str,
        record: &FactRecord,
        value: &str,
    ) -> Result<(), FactError> {
        let tables = self.policy.tables();
        let choices = tables.choices(record);
        let Some(choice) = choices.iter().position(|choice| tables.slice(choice.name) == value)
        else {
            return Err(FactError::UnknownChoice {
                name: name.to_owned(),
                value: value.to_owned(),
                choices: tables.named(choices).map(|(name, _)| name.to_owned()).collect(),
            });
        };
        // Fewer than 64, which was checked when loading.
        self.state(record, |_, operand| operand >> choice & 1 == 1);
        Ok(())
    }

    /// Takes back what was stated of a fact.
    fn unstate(&mut self, record: &FactRecord) {
        if FactKind::of(record) == FactKind::PerPurpose {
            self.unstate_for_purposes(record);
            return;
        }
        for AtomRecord { number, .. } in self.policy.tables().atoms(record) {
            if let Some((yes, no)) = self.word(*number) {
                let bit = 1u64 << (number % 64);
                (*yes, *no) = (*yes & !bit, *no & !bit);
            }
        }
    }

    fn state(&mut self, record: &FactRecord, test: impl Fn(u64, u64) -> bool) {
        for AtomRecord { number, test: kind, operand } in self.policy.tables().atoms(record) {
            let Some((yes, no)) = self.word(*number) else { continue };
            let bit = 1u64 << (number % 64);
            let holds = test(*kind, *operand);
            *yes = *yes & !bit | if holds { bit } else { 0 };
            *no = *no & !bit | if holds { 0 } else { bit };
        }
    }

    /// The word of an atom that is the same for all purposes.
    fn word(&mut self, atom: u64) -> Option<&mut (u64, u64)> {
        match atom / 64 {
            0 => Some(&mut self.facts.plain),
            word => self.facts.words.get_mut(word as usize - 1),
        }
    }

    /// Takes back what was stated of a fact per purpose. Gives its bit in the first word.
    fn unstate_for_purposes(&mut self, record: &FactRecord) -> u64 {
        let tables = self.policy.tables();
        let bit = tables.atoms(record).first().map_or(0, |atom| 1u64 << (atom.number % 64));
        for (yes, no) in self.facts.first.iter_mut().chain([&mut self.facts.plain]) {
            *yes &= !bit;
            *no &= !bit;
        }
        bit
    }

    fn state_everywhere(&mut self, record: &FactRecord, value: bool) {
        let bit = self.unstate_for_purposes(record);
        let (yes, no) = &mut self.facts.plain;
        *(if value { yes } else { no }) |= bit;
    }

    fn state_for_purposes<P: AsRef<str>>(
        &mut self,
        name: &str,
        record: &FactRecord,
        yes: &[P],
        no: &[P],
    ) -> Result<(), FactError> {
        let (mut few, mut many) = ([0; FEW], Vec::new());
        let count = yes.len() + no.len();
        let nodes = match few.get_mut(..count) {
            Some(few) => few,
            None => {
                many.resize(count, 0);
                many.as_mut_slice()
            }
        };
        // All of them before anything is changed.
        for (node, purpose) in nodes.iter_mut().zip(yes.iter().chain(no)) {
            *node = self.purpose(name, purpose.as_ref())?;
        }
        let (yes, no) = nodes.split_at(yes.len());
        let bit = self.unstate_for_purposes(record);
        let tables = self.policy.tables();
        let purposes = &mut self.facts.first;
        purposes.resize(tables.count(Hierarchy::Purpose) as usize, (0, 0));
        let mut each = |range: Range<u32>, change: fn(&mut (u64, u64), u64)| {
            let purposes = purposes.get_mut(range.start as usize..range.end as usize);
            purposes.into_iter().flatten().for_each(|known| change(known, bit));
        };
        // Yes at or below a purpose in the first list, but where the second list touches it; and the
        // other way round.
        for node in yes {
            tables
                .below(Hierarchy::Purpose, NodeId(*node))
                .for_each(|range| each(range, |(yes, _), bit| *yes |= bit));
        }
        for node in no {
            tables
                .below(Hierarchy::Purpose, NodeId(*node))
                .for_each(|range| each(range, |(_, no), bit| *no |= bit));
        }
        for node in no {
            tables
                .touching(NodeId(*node))
                .for_each(|range| each(range, |(yes, _), bit| *yes &= !bit));
        }
        for node in yes {
            tables
                .touching(NodeId(*node))
                .for_each(|range| each(range, |(_, no), bit| *no &= !bit));
        }
        Ok(())
    }

    fn purpose(&self, fact: &str, purpose: &str) -> Result<u32, FactError> {
        let id = self.policy.purpose(purpose).map_err(|refusal| FactError::Purpose {
            name: fact.to_owned(),
            purpose: purpose.to_owned(),
            ambiguous: refusal.is_ambiguous(),
        })?;
        Ok(id.node)
    }
}

/// The number that is written.
fn number(name: &str, written: &str) -> Result<f64, FactError> {
    let wrong =
        |error| FactError::Number { name: name.to_owned(), value: written.to_owned(), error };
    crate::numbers::exact(written).map_err(wrong)
}

//! Facts, stated once for two policies.

use whyfor::{FactError, FactValue, Facts, Policy};

/// Facts of a request for the live policy and for its candidate, stated from one source: see
/// [`ShadowRequest::facts`](crate::ShadowRequest::facts).
#[derive(Debug, Clone, Default)]
pub struct BothFacts {
    live: Facts,
    candidate: Facts,
}

impl BothFacts {
    /// Facts that the program has stated for each, by the same code.
    ///
    /// ```
    /// use whyfor::Policy;
    /// use whyfor_serve::BothFacts;
    /// let state = |policy: &Policy| {
    ///     let mut facts = policy.facts_builder().lenient();
    ///     let _ = facts.set("age", 36); // a policy that does not have it has it unstated
    ///     facts.build()
    /// };
    /// let policy = Policy::from_path("../../examples/shop.why")?;
    /// let candidate = Policy::from_str("policy shop category email")?;
    /// let facts = BothFacts::new(state(&policy), state(&candidate));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(live: Facts, candidate: Facts) -> Self {
        Self { live, candidate }
    }

    pub(super) fn stated<'f>(
        live: &Policy,
        candidate: &Policy,
        facts: impl IntoIterator<Item = (&'f str, FactValue<'f>)>,
    ) -> Result<Self, FactError> {
        let (mut of_live, mut of_candidate) =
            (live.facts_builder().lenient(), candidate.facts_builder().lenient());
        for (name, value) in facts {
            match (of_live.set(name, &value), of_candidate.set(name, &value)) {
                // The candidate may declare what the live policy will know only after it.
                (Err(FactError::Unknown { .. }), Ok(())) => {}
                // A candidate without this fact, or with another kind of it, has it unstated.
                (stated, _) => stated?,
            }
        }
        Ok(Self { live: of_live.build(), candidate: of_candidate.build() })
    }

    /// Those of the live policy.
    ///
    /// ```
    /// let facts = whyfor_serve::BothFacts::default(); // none is stated
    /// let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// assert_eq!(policy.holds(facts.live(), "consent", policy.purpose("login")?), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn live(&self) -> &Facts {
        &self.live
    }

    pub(super) fn candidate(&self) -> &Facts {
        &self.candidate
    }
}

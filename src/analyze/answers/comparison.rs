//! How one answer differs from another.

use super::limits::{Slot, Strictness, length};
use crate::Verdict;

/// How the second answer differs from the first. What comes with an answer is compared where neither denies, bases
/// where both also have the same verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::analyze) struct Comparison {
    /// Under some facts it allows where the first did not.
    pub(in crate::analyze) gained: bool,
    /// Under some facts it no longer allows.
    pub(in crate::analyze) lost: bool,
    /// Under some facts it depends where the first denied, or the other way round.
    pub(in crate::analyze) otherwise: bool,
    pub(in crate::analyze) duties_added: bool,
    pub(in crate::analyze) duties_dropped: bool,
    /// Some limit is shorter, or is one where none was.
    pub(in crate::analyze) kept_shorter: bool,
    pub(in crate::analyze) kept_longer: bool,
    /// The data must be kept for another time. The same period in another unit is no difference.
    pub(in crate::analyze) kept_otherwise: bool,
    pub(in crate::analyze) bases_added: bool,
    pub(in crate::analyze) bases_dropped: bool,
    /// It has no legal basis where it had one, or where the policy declared none.
    pub(in crate::analyze) unbased: bool,
    /// It has a legal basis where it had none.
    pub(in crate::analyze) based: bool,
    /// The data may be left out where it was required, or the other way round.
    pub(in crate::analyze) other_choice: bool,
    /// There are too many facts to go through.
    pub(in crate::analyze) undecided: bool,
    /// Which combination shows it.
    pub(super) witness: u64,
}

/// What an answer comes to under one combination of facts.
pub(super) struct Outcome<'s> {
    pub(super) verdict: Verdict,
    pub(super) duties: u128,
    pub(super) bases: u128,
    pub(super) is_unbased: bool,
    pub(super) is_optional: bool,
    /// The strictest limit of each slot.
    pub(super) limits: &'s [Strictness],
}

impl Comparison {
    pub(in crate::analyze) fn is_same(self) -> bool {
        self == Self::default()
    }

    /// More is allowed, with fewer duties, for longer, or with less of a legal basis.
    pub(in crate::analyze) fn is_more_permissive(self) -> bool {
        let Self { gained, duties_dropped, kept_longer, bases_dropped, unbased, .. } = self;
        gained || duties_dropped || kept_longer || bases_dropped || unbased
    }

    /// Whether duties or retention differ.
    pub(in crate::analyze) fn changes_duties(self) -> bool {
        let Self { duties_added, duties_dropped, .. } = self;
        let Self { kept_shorter, kept_longer, kept_otherwise, .. } = self;
        duties_added || duties_dropped || kept_shorter || kept_longer || kept_otherwise
    }

    /// Whether legal bases differ, or whether there is one.
    pub(in crate::analyze) fn changes_bases(self) -> bool {
        self.bases_added || self.bases_dropped || self.unbased || self.based
    }

    /// How much it matters: that more is allowed before that less is, and that before anything else.
    pub(super) fn rank(self) -> u8 {
        match (self.gained, self.lost, self.otherwise) {
            (true, ..) => 3,
            (_, true, _) => 2,
            (.., true) => 1,
            _ => 0,
        }
    }

    /// Under one combination of facts.
    pub(super) fn between(a: &Outcome<'_>, b: &Outcome<'_>, slots: &[Slot]) -> Self {
        let mut one = Self::default();
        match (a.verdict, b.verdict) {
            (Verdict::Allow, Verdict::Allow) => {}
            (_, Verdict::Allow) => one.gained = true,
            (Verdict::Allow, _) => one.lost = true,
            (a, b) => one.otherwise = a != b,
        }
        if a.verdict == Verdict::Deny || b.verdict == Verdict::Deny {
            return one;
        }
        one.duties_added = b.duties & !a.duties != 0;
        one.duties_dropped = a.duties & !b.duties != 0;
        one.other_choice = a.is_optional != b.is_optional;
        if a.verdict == b.verdict {
            one.bases_added = b.bases & !a.bases != 0;
            one.bases_dropped = a.bases & !b.bases != 0;
            one.unbased = b.is_unbased && !a.is_unbased;
            one.based = a.is_unbased && !b.is_unbased;
        }
        if a.limits != b.limits {
            one.limits(a.limits, b.limits, slots);
        }
        one
    }

    fn limits(&mut self, a: &[Strictness], b: &[Strictness], slots: &[Slot]) {
        for ((a, b), slot) in a.iter().zip(b).zip(slots).filter(|((a, b), _)| a != b) {
            match length(*b).cmp(&length(*a)) {
                std::cmp::Ordering::Equal => {} // in other units
                _ if slot.at_least => self.kept_otherwise = true,
                std::cmp::Ordering::Less => self.kept_shorter = true,
                std::cmp::Ordering::Greater => self.kept_longer = true,
            }
        }
    }

    /// All that one of them or the other says.
    pub(super) fn and(self, one: Self) -> Self {
        Self {
            gained: self.gained | one.gained,
            lost: self.lost | one.lost,
            otherwise: self.otherwise | one.otherwise,
            duties_added: self.duties_added | one.duties_added,
            duties_dropped: self.duties_dropped | one.duties_dropped,
            kept_shorter: self.kept_shorter | one.kept_shorter,
            kept_longer: self.kept_longer | one.kept_longer,
            kept_otherwise: self.kept_otherwise | one.kept_otherwise,
            bases_added: self.bases_added | one.bases_added,
            bases_dropped: self.bases_dropped | one.bases_dropped,
            unbased: self.unbased | one.unbased,
            based: self.based | one.based,
            other_choice: self.other_choice | one.other_choice,
            undecided: false,
            witness: self.witness,
        }
    }
}

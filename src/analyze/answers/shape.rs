//! What statements say of a point, so that those that say the same are one; and whether its answer needs them.

use super::spelled::Due;
use crate::model::StatementKind;

/// Statements of a point that are of one kind and say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::analyze) struct Shape {
    pub(super) kind: StatementKind,
    pub(super) due: Due,
    /// The list of its alternatives, a condition and bases for each; 0 without any.
    pub(super) alternatives: u32,
}

impl Shape {
    pub(in crate::analyze) fn condition(&self) -> u32 {
        self.due.condition
    }

    /// The duties and the limits that it brings, as numbers that are equal if they are.
    pub(in crate::analyze) fn due(&self) -> (u128, u32) {
        (self.due.duties, self.due.limits)
    }

    pub(super) fn is_based(&self) -> bool {
        self.alternatives != 0
    }
}

/// Whether the answer is another one without a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analyze) enum Need {
    /// It is the same under all facts.
    Idle,
    /// It is the same. But the answer to a question about more points, which depends on facts where this point's is yes,
    /// may name a basis less.
    Above,
    /// Under some facts it is another one.
    Needed,
    /// There are too many facts to tell.
    Unknown,
}

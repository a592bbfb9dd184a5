//! What a condition comes to in each of some rows.

use arrow_array::Array;
use arrow_buffer::BooleanBuffer;
use std::ops::Not;

/// What a condition comes to in each of some rows: yes, no or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    yes: BooleanBuffer,
    no: BooleanBuffer,
}

impl Truth {
    /// The rows in which it is yes.
    #[must_use]
    pub fn yes(&self) -> &BooleanBuffer {
        &self.yes
    }

    /// The rows in which it is no.
    #[must_use]
    pub fn no(&self) -> &BooleanBuffer {
        &self.no
    }

    pub(super) fn of(yes: BooleanBuffer, no: BooleanBuffer) -> Self {
        Self { yes, no }
    }

    pub(super) fn unknown(rows: usize) -> Self {
        Self::of(BooleanBuffer::new_unset(rows), BooleanBuffer::new_unset(rows))
    }

    pub(super) fn always(rows: usize) -> Self {
        Self::of(BooleanBuffer::new_set(rows), BooleanBuffer::new_unset(rows))
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        Self::of(&self.yes & &other.yes, &self.no | &other.no)
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        Self::of(&self.yes | &other.yes, &self.no & &other.no)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        Self::of(self.no, self.yes)
    }
}

/// A truth of the values of an array, and unknown where they are null.
pub(super) fn valid(truth: Truth, values: &dyn Array) -> Truth {
    match values.logical_nulls() {
        None => truth,
        Some(nulls) => Truth::of(&truth.yes & nulls.inner(), &truth.no & nulls.inner()),
    }
}

//! Reads each list once, so that work grows with the size of an image and not with its square.
//!
//! The compiler writes lists that do not overlap: together they are no longer than their section. In a forged
//! image, a thousand lists may share their numbers. So the numbers that one answer reads of a section are
//! counted, and reading stops at the section's length. An image from the compiler never reaches it.

use std::collections::HashSet;

/// The most numbers that are compared one by one, without allocating: nearly every question has fewer.
const FEW: usize = 8;

/// A set of numbers that allocates only if there are many.
pub(crate) struct Seen {
    few: [u64; FEW],
    count: usize,
    more: Option<HashSet<u64>>,
}

impl Default for Seen {
    fn default() -> Self {
        Self { few: [0; FEW], count: 0, more: None }
    }
}

impl Seen {
    /// Adds a number; false if it was there.
    pub(crate) fn add(&mut self, number: u64) -> bool {
        if self.few[..self.count].contains(&number) {
            return false;
        }
        if self.count < FEW {
            self.few[self.count] = number;
            self.count += 1;
            return true;
        }
        self.more.get_or_insert_default().insert(number)
    }
}

/// What one answer reads of a section.
pub(crate) struct Once {
    /// The places of the lists that were read; `None` if the reader meets no list twice.
    seen: Option<Seen>,
    left: usize,
    exceeded: bool,
}

impl Once {
    /// For a reader that meets no list twice.
    pub(crate) fn counted<T>(section: &[T]) -> Self {
        Self { seen: None, left: section.len(), exceeded: false }
    }

    /// For a reader that may meet lists again, and then skips them.
    pub(crate) fn remembered<T>(section: &[T]) -> Self {
        Self { seen: Some(Seen::default()), ..Self::counted(section) }
    }

    /// Whether to read the list at a place. Counts its length.
    pub(crate) fn reads(&mut self, at: u32, length: usize) -> bool {
        if self.seen.as_mut().is_some_and(|seen| !seen.add(u64::from(at))) {
            return false;
        }
        match self.left.checked_sub(length) {
            Some(left) => self.left = left,
            None => self.exceeded = true,
        }
        !self.exceeded
    }

    /// Whether some list was not read because lists overlap. Then every question is denied.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.exceeded
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, Once, Seen};

    #[test]
    fn a_set_knows_what_was_added_few_or_many() {
        let mut seen = Seen::default();
        for number in 0..3 * FEW as u64 {
            assert!(seen.add(number));
            assert!((0..=number).all(|known| !seen.add(known)));
        }
    }

    #[test]
    fn no_more_is_read_than_a_section_is_long() {
        let section = [0u32; 10];
        let mut once = Once::remembered(&section);
        assert!(once.reads(0, 6) && once.reads(6, 4));
        assert!(!once.reads(0, 6) && !once.is_exceeded());
        assert!(!once.reads(1, 1) && once.is_exceeded());
        let mut once = Once::counted(&section);
        assert!(once.reads(0, 5) && once.reads(0, 5) && !once.reads(0, 1));
    }
}

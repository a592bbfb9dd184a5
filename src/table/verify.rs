//! What is checked of an image when it is loaded, beyond its checksum: what keeps every answer short.
//!
//! Somebody can forge an image behind a right checksum. It may answer whatever its forger wants, as a
//! policy of his would. It must not panic, nor keep a caller busy. Three things see to that:
//!
//! - Every access is checked: what is out of range denies or is empty. Nothing here is needed for that, but
//!   for the arithmetic of columns and of choices.
//! - Here, when loading: lists do not overlap, so that all together are no longer than their section; tries
//!   lead on and never back; what is copied or compared as a whole is short. This is O(nodes, patterns, facts
//!   and conditions), which are small beside the cells, lines and outcomes.
//! - Cells, lines and outcomes are most of an image: walking them would take longer than mapping it. They
//!   are checked as they are read. What is behind a cell is counted by [`Once`](super::once::Once).
//!
//! So a question costs at most a fixed number of steps for each number in the image and each byte of the
//! names in the question.

use super::image::ArtifactError;
use super::tables::{GENERAL, NO_NODE, Tables};
use crate::limits::{MAX_CHOICES, MAX_COLUMNS, MAX_FIELD_NAME, MAX_TERMS};

/// Pieces of a section, each of which starts where the one before ends or behind it.
#[derive(Default)]
pub(super) struct Ascending(usize);

impl Ascending {
    /// The next piece, if it is within a section of so many numbers.
    pub(super) fn next(&mut self, start: u32, length: u32, section: usize) -> Option<()> {
        let end = (start as usize).checked_add(length as usize)?;
        if length == 0 {
            return Some(());
        }
        let fits = self.0 <= start as usize && end <= section;
        self.0 = end;
        fits.then_some(())
    }

    /// The next list, which is behind its length.
    pub(super) fn next_list(&mut self, at: u32, lists: &[u32]) -> Option<()> {
        let length = lists.get(at as usize)?.checked_add(1)?;
        self.next(at, length, lists.len())
    }
}

impl Tables<'_> {
    /// Checks what the module says. O(nodes, patterns, facts and conditions).
    pub(super) fn verify(&self) -> Result<(), ArtifactError> {
        let checks: [(Option<()>, &str); 5] = [
            (self.verify_columns(), "its columns are too many for its lines"),
            (self.verify_lists(), "its names or its lists of nodes are malformed"),
            (self.patterns.verify(), "its index of patterns is malformed"),
            (self.verify_facts(), "its facts are malformed"),
            (self.verify_conditions(), "its conditions are malformed"),
        ];
        let wrong = checks.into_iter().find(|(fits, _)| fits.is_none());
        wrong.map_or(Ok(()), |(_, what)| Err(ArtifactError::Malformed(what)))
    }

    /// Columns of lines are compared in 15 bits.
    fn verify_columns(&self) -> Option<()> {
        (self.lines.is_empty() || self.columns as usize <= MAX_COLUMNS).then_some(())
    }

    /// The ranges below nodes and the sets of categories do not overlap; no path is longer than a name may
    /// be.
    fn verify_lists(&self) -> Option<()> {
        let mut lists = Ascending::default();
        for [_, length, .., ranges] in self.nodes.iter().copied().flatten() {
            if *length as usize > MAX_FIELD_NAME {
                return None;
            }
            if *ranges != NO_NODE {
                lists.next_list(*ranges, self.lists)?;
            }
        }
        self.sets.iter().try_for_each(|[_, list]| lists.next_list(*list, self.lists))
    }

    /// Facts have their own choices and atoms; a choice is a bit of a word.
    fn verify_facts(&self) -> Option<()> {
        let (mut choices, mut atoms) = (Ascending::default(), Ascending::default());
        self.facts.iter().try_for_each(|fact| {
            choices.next(fact[5], fact[6], self.choices.len())?;
            atoms.next(fact[7], fact[8], self.atoms.len())?;
            (fact[6] as usize <= MAX_CHOICES).then_some(())
        })
    }

    /// Programs do not overlap, and the terms of a condition are no more than its program multiplied out.
    fn verify_conditions(&self) -> Option<()> {
        let mut programs = Ascending::default();
        self.conditions.iter().try_for_each(|[start, length, at, count]| {
            programs.next(*at, *count, self.programs.len())?;
            if *length == GENERAL {
                return Some(());
            }
            let most = MAX_TERMS as u64 * u64::from(*count);
            Ascending::default().next(*start, *length, self.terms.len())?;
            (u64::from(*length) <= most).then_some(())
        })
    }
}

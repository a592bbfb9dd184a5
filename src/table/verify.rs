//! The checks of an image when it is loaded, beyond its checksum. They bound the time of every answer.
//!
//! Anyone can forge an image with a right checksum. Its answers may be whatever the forger wants, as those
//! of a policy of theirs would be. It must not cause a panic, nor keep a caller busy:
//!
//! - Every access is checked: a number out of range denies or is empty. That needs no check here, except
//!   for the arithmetic of columns and of choices.
//! - Loading checks that lists do not overlap, so all of them together are no longer than their section;
//!   that tries make progress; and that what is copied or compared as a whole is short. This is O(nodes,
//!   patterns, facts and conditions), which are few next to the cells, lines and outcomes.
//! - Cells, lines and outcomes are most of an image: to walk them would take longer than to map it. They are
//!   checked when they are read. [`Once`](super::once::Once) counts what a cell refers to.
//!
//! So a question costs at most a fixed number of steps for each number in the image and each byte of the
//! names in the question.

use super::ascending::Ascending;
use super::image::ArtifactError;
use super::schema::{GENERAL, Span};
use super::tables::Tables;
use crate::limits::{MAX_CHOICES, MAX_COLUMNS, MAX_EVENTS, MAX_FIELD_NAME, MAX_TERMS};

impl Tables<'_> {
    /// Runs all checks. O(nodes, patterns, facts and conditions).
    pub(super) fn verify(&self) -> Result<(), ArtifactError> {
        let checks: [(Option<()>, &str); 6] = [
            (self.verify_columns(), "its columns are too many for its lines"),
            (self.verify_lists(), "its names or its lists of nodes are malformed"),
            (self.patterns.verify(), "its index of patterns is malformed"),
            (self.verify_facts(), "its facts are malformed"),
            (self.verify_conditions(), "its conditions are malformed"),
            (self.verify_retentions(), "its limits on retention are malformed"),
        ];
        let failed = checks.into_iter().find(|(fits, _)| fits.is_none());
        failed.map_or(Ok(()), |(_, message)| Err(ArtifactError::Malformed(message)))
    }

    /// Columns of lines are compared in 15 bits.
    fn verify_columns(&self) -> Option<()> {
        (self.sections.lines.is_empty() || self.columns as usize <= MAX_COLUMNS).then_some(())
    }

    /// The ranges below nodes and the sets of categories do not overlap; no path is longer than a name may
    /// be.
    fn verify_lists(&self) -> Option<()> {
        let lists = self.sections.lists;
        let mut ascending = Ascending::default();
        for node in self.nodes.iter().copied().flatten() {
            if node.path.length as usize > MAX_FIELD_NAME {
                return None;
            }
            if let Some(ranges) = node.ranges.some() {
                ascending.next_list(ranges, lists)?;
            }
        }
        let mut sets = self.sections.category_sets.iter();
        sets.try_for_each(|set| ascending.next_list(set.categories, lists))
    }

    /// No two facts share choices or atoms; a choice is a bit of a word.
    fn verify_facts(&self) -> Option<()> {
        let (mut choices, mut atoms) = (Ascending::default(), Ascending::default());
        self.sections.facts.iter().try_for_each(|fact| {
            choices.next(fact.choices, self.sections.choices.len())?;
            atoms.next(fact.atoms, self.sections.atoms.len())?;
            (fact.choices.count as usize <= MAX_CHOICES).then_some(())
        })
    }

    /// A list of limits has no more than there are starts and kinds.
    fn verify_retentions(&self) -> Option<()> {
        let most = 4 * (1 + self.sections.event_names.len().min(MAX_EVENTS));
        let mut retentions = Ascending::default();
        self.sections.retentions.iter().try_for_each(|list| {
            retentions.next(*list, self.sections.limits.len())?;
            (list.count as usize <= most).then_some(())
        })
    }

    /// Programs do not overlap, and a condition has no more terms than its program can have.
    fn verify_conditions(&self) -> Option<()> {
        let mut programs = Ascending::default();
        self.sections.conditions.iter().try_for_each(|condition| {
            programs.next(condition.program, self.sections.programs.len())?;
            if condition.terms.count == GENERAL {
                return Some(());
            }
            let terms = Span { start: condition.terms.start, count: condition.terms.count };
            Ascending::default().next(terms, self.sections.terms.len())?;
            let most = MAX_TERMS as u64 * u64::from(condition.program.count);
            (u64::from(terms.count) <= most).then_some(())
        })
    }
}

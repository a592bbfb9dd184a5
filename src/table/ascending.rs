//! Parts of a section, one after the other.

use super::ids::ListAt;
use super::schema::Span;

/// Parts of a section that do not overlap: each starts where the one before it ends, or later.
#[derive(Default)]
pub(super) struct Ascending(usize);

impl Ascending {
    /// Checks the next part, in a section with this many elements.
    pub(super) fn next(&mut self, part: Span, section: usize) -> Option<()> {
        let end = (part.start as usize).checked_add(part.count as usize)?;
        if part.count == 0 {
            return Some(());
        }
        let fits = self.0 <= part.start as usize && end <= section;
        self.0 = end;
        fits.then_some(())
    }

    /// Checks the next list, which follows its length.
    pub(super) fn next_list(&mut self, at: ListAt, lists: &[u32]) -> Option<()> {
        let count = lists.get(at.index())?.checked_add(1)?;
        self.next(Span { start: at.0, count }, lists.len())
    }
}

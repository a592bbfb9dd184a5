//! The entries of a list, and those that stand below a table.

use crate::notice::block;
use crate::notice::view::Section;
use crate::notice::words::Words;
use whyfor::StatementKind;
use whyfor::notice::{Entry, Notice, Place};

/// All entries, in the order of the list.
pub(super) fn all(notice: &Notice) -> impl Iterator<Item = &Entry> {
    notice.sections.iter().flat_map(|section| &section.entries)
}

/// What is forbidden and what is owed besides the permits.
pub(super) fn besides(notice: &Notice) -> impl Iterator<Item = &Entry> {
    all(notice).filter(|entry| entry.kind != StatementKind::Permit)
}

/// Where a list without statements stands.
pub(super) fn place(notice: &Notice) -> Place {
    let first = notice.sections.first().map(|section| section.place.clone());
    first.unwrap_or_else(|| Place { file: String::new(), line: 1 })
}

/// A section with entries that stand below a table, if there are any.
pub(super) fn further<'n>(
    words: &Words,
    entries: impl Iterator<Item = &'n Entry>,
) -> Option<Section> {
    let entries: Vec<&Entry> = entries.collect();
    Some(Section {
        id: "further".to_owned(),
        title: words.further.clone(),
        because: String::new(),
        columns: Vec::new(),
        place: entries.first()?.place.clone(),
        blocks: entries.iter().map(|entry| block::block(words, entry)).collect(),
        additional: Vec::new(),
    })
}

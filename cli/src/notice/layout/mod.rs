//! The list in other layouts than by section, of the same blocks and lines.
//!
//! - `table`: one table of all that is permitted, as a record of processing activities has it;
//! - `recipients`: a section for each recipient;
//! - `california`: a chart of the categories that are collected.
//!
//! A page permits no more than its policy: what is forbidden stands below a table, since its rows do not say so.

mod california;
mod recipients;
mod table;
mod tags;

use super::block;
use super::labels::Labels;
use super::view::{Section, View};
use super::words::Words;
use whyfor::StatementKind;
use whyfor::notice::{Entry, Notice, Place};

/// How the list is arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Sections,
    Table,
    Recipients,
    California,
}

/// The list in a layout.
pub(crate) fn view(notice: &Notice, labels: &Labels, layout: Layout) -> View {
    let mut view = View::new(notice, labels);
    let words = &view.words;
    let sections = match layout {
        Layout::Sections => return view,
        Layout::Table => table::sections(words, notice, &view.title),
        Layout::Recipients => recipients::sections(words, notice),
        Layout::California => california::sections(words, notice),
    };
    view.sections = sections.into_iter().filter(|section| !section.blocks.is_empty()).collect();
    view
}

/// All entries, in the order of the list.
fn entries(notice: &Notice) -> impl Iterator<Item = &Entry> {
    notice.sections.iter().flat_map(|section| &section.entries)
}

/// Where a list without statements stands.
fn place(notice: &Notice) -> Place {
    let first = notice.sections.first().map(|section| section.place.clone());
    first.unwrap_or_else(|| Place { file: String::new(), line: 1 })
}

/// A section with what is forbidden and what is owed besides the permits, if anything is.
fn further<'n>(words: &Words, entries: impl Iterator<Item = &'n Entry>) -> Option<Section> {
    let entries: Vec<&Entry> =
        entries.filter(|entry| entry.kind != StatementKind::Permit).collect();
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

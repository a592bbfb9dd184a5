//! The list in other layouts than by section, of the same blocks and lines.
//!
//! - `table`: one table of all that is permitted, as a record of processing activities has it;
//! - `recipients`: a section for each recipient;
//! - `california`: a chart of the categories that are collected.
//!
//! `entries` has what they share, `tags` what published tags say beyond a label.
//!
//! A page permits no more than its policy: what is forbidden stands below a table, since its rows do not say so.

mod california;
mod entries;
mod recipients;
mod table;
mod tags;

use super::labels::Labels;
use super::view::View;
use whyfor::notice::Notice;

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

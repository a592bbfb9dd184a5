//! A line of a page.

use super::known::Label;
use super::text::PageText;

/// A line of a page.
#[derive(Debug)]
pub(super) enum Line {
    Title(PageText),
    Heading(PageText),
    Labelled(Label, PageText),
    /// An unlabelled item.
    Sentence(PageText),
    /// The start of a table row, or of an item with labelled items: what follows is apart.
    Record {
        is_row: bool,
    },
    /// The end of such a row or item.
    EndRecord,
    /// What names the rows from here on.
    Scenario(PageText),
    /// A paragraph.
    Prose(PageText),
    /// A line that looks labelled, or a row of a table, of which nothing is known.
    Unknown(String, PageText),
    /// The heads of a table of which none is known.
    Heads(Vec<String>),
}

//! A line of a page.

use super::known::Label;
use super::text::PageText;

/// A line of a page.
#[derive(Debug)]
pub(crate) enum Line {
    Title(PageText),
    /// With its level.
    Heading(u8, PageText),
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
    /// What heads a table, without a label.
    Caption(PageText),
    /// A paragraph that looks labelled, of whose label nothing is known.
    Unknown(String, PageText),
    /// A row whose cells cannot be assigned to columns, after the reason or an empty text.
    Row(String, PageText),
    /// A table without a known label.
    Table(Unread),
    /// Code and the like with one of the labels.
    Code(PageText),
}

/// A table without a known label.
#[derive(Debug)]
pub(crate) struct Unread {
    /// Its first line.
    pub(crate) first: PageText,
    pub(crate) heads: Vec<String>,
    pub(crate) rows: Vec<PageText>,
}

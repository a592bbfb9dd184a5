//! The text of a file as it is parsed.

use super::characters::LINE_BREAKS;
use crate::source::{FileId, Span};
use std::ops::Range;

/// A file's text, as written and as repaired.
#[derive(Clone, Copy)]
pub(super) struct FileText<'t> {
    pub(super) file: FileId,
    /// As it is written.
    pub(super) written: &'t str,
    /// As `lexical` repaired it: what was likely meant, each byte at its offset.
    pub(super) text: &'t str,
}

impl FileText<'_> {
    pub(super) fn span(&self, at: usize, length: usize) -> Span {
        self.place(at, at + length)
    }

    /// The span between two offsets, extended to whole characters of the written text.
    pub(super) fn place(&self, start: usize, end: usize) -> Span {
        let start = self.written.floor_char_boundary(start);
        Span::new(self.file, start, self.written.ceil_char_boundary(end))
    }

    pub(super) fn has_line_break(&self, from: usize, to: usize) -> bool {
        self.text[from.min(to)..to].contains(LINE_BREAKS)
    }

    /// Whether an item ends with `}`, so that nothing continues it.
    pub(super) fn ends_with_brace(&self, place: &Range<usize>) -> bool {
        self.text[place.clone()].trim_end().ends_with('}')
    }

    pub(super) fn is_first_on_its_line(&self, start: usize) -> bool {
        self.text[..start].trim_end_matches([' ', '\t']).ends_with(LINE_BREAKS)
    }
}

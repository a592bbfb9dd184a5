//! The state of building a syntax tree from pest's pairs.
//!
//! The functions that read pairs are in `declarations`, `statement` and `expression`.

use super::broken::Recovery;
use super::explain;
use super::file_text::FileText;
use super::grammar::Rule;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use pest::iterators::Pair;

/// Builds the tree of one file and collects its diagnostics.
pub(super) struct Builder<'t> {
    pub(super) source: FileText<'t>,
    /// The repaired text.
    pub(super) text: &'t str,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) recovery: Recovery<'t>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(source: FileText<'t>, diagnostics: Vec<Diagnostic>) -> Self {
        Self { source, text: source.text, diagnostics, recovery: Recovery::new(source) }
    }

    pub(super) fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        self.source.place(span.start(), span.end())
    }

    pub(super) fn broken(&mut self, pair: &Pair<'_, Rule>, within: Rule) {
        self.recovery.broken(pair, within, &mut self.diagnostics);
    }

    /// Braces that are still open at the end of the file, or before an item that cannot be inside them.
    pub(super) fn unclosed(
        &mut self,
        pair: &Pair<'_, Rule>,
        opener: Span,
        message: &str,
        help: &str,
    ) {
        let at = self.span(pair);
        let mut diagnostic = Diagnostic::new(Code::Unclosed, opener, message).help(help);
        if (at.start as usize) < self.text.len() {
            let reached = explain::found(self.text, at.start as usize);
            diagnostic = diagnostic.related(at, format!("expected `}}` before {reached}"));
        }
        self.diagnostics.push(diagnostic);
        self.recovery.unclosed();
    }
}

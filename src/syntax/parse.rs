//! Parses one file: from pest's pairs to the syntax tree, with diagnostics.

use super::broken;
use super::builder::Builder;
use super::file_text::FileText;
use super::grammar::{Grammar, Rule};
use super::lexical::{self, Lexical};
use super::moved::join;
use super::tokens::{self, Mark, Token};
use super::tree::File;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::FileId;
use pest::Parser;
use pest::iterators::Pair;
use std::borrow::Cow;

/// The result of parsing a file.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) tree: File,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// A mark for each token, if they were asked for.
    pub(crate) marks: Vec<Mark>,
}

impl Parsed {
    /// Adds what comes after it in the same file.
    pub(super) fn append(&mut self, next: Self) {
        self.tree.append(next.tree);
        join(&mut self.diagnostics, next.diagnostics);
        join(&mut self.marks, next.marks);
    }
}

/// Parses one file, with a mark for each token.
pub(super) fn parse_with_marks(file: FileId, text: &str) -> Parsed {
    read_with_marks(file, text, lexical::check(file, text))
}

/// Parses a text after its lexical check. O(length): each alternative is chosen by its first token.
///
/// Recursion is bounded by [`MAX_NESTING`](crate::limits::MAX_NESTING), which the check ensures.
pub(super) fn read(file: FileId, text: &str, lexical: Lexical<'_>) -> Parsed {
    let (tree, diagnostics) = read_and(file, text, lexical, |_, _| {});
    Parsed { tree, diagnostics, marks: Vec::new() }
}

/// As [`read`], with a mark for each token.
pub(super) fn read_with_marks(file: FileId, text: &str, lexical: Lexical<'_>) -> Parsed {
    let mut marks = Vec::new();
    let (tree, diagnostics) = read_and(file, text, lexical, |meant, parsed| {
        let tokens = tokens::of_parsed(meant, Some(parsed));
        marks = tokens.iter().map(|token| Mark::new(token, text)).collect();
    });
    Parsed { tree, diagnostics, marks }
}

/// The tokens of one file if it has no errors, otherwise its diagnostics.
pub(crate) fn parse_to_tokens(file: FileId, text: &str) -> Result<Vec<Token<'_>>, Vec<Diagnostic>> {
    let lexical = lexical::check(file, text);
    // A repaired text has diagnostics, and so no tokens.
    let as_written = matches!(lexical.meant, Cow::Borrowed(_));
    let mut all = Vec::new();
    let (_, diagnostics) = read_and(file, text, lexical, |_, parsed| {
        if as_written {
            all = tokens::of_parsed(text, Some(parsed));
        }
    });
    let broken = diagnostics.iter().any(|d| d.severity() == Severity::Error);
    if broken { Err(diagnostics) } else { Ok(all) }
}

fn read_and(
    file: FileId,
    text: &str,
    lexical: Lexical<'_>,
    also: impl FnOnce(&str, Pair<'_, Rule>),
) -> (File, Vec<Diagnostic>) {
    if lexical.fatal {
        return (File { unread: true, ..File::default() }, lexical.diagnostics);
    }
    let source = FileText { file, written: text, text: &lexical.meant };
    let text = source.text;
    let mut builder = Builder::new(source, lexical.diagnostics);
    let mut result = File::default();
    match Grammar::parse(Rule::file, text) {
        Ok(mut pairs) => {
            if let Some(file) = pairs.next() {
                for item in file.clone().into_inner() {
                    builder.item(item, &mut result);
                }
                also(text, file);
            }
        }
        // The grammar accepts every text, because `broken_item` matches what no item does. Reported in case of a bug.
        Err(error) => builder.diagnostics.push(builder.recovery.of_file(&error)),
    }
    broken::quieten(text, &mut builder.diagnostics);
    debug_assert!(
        !builder.recovery.any
            || builder.diagnostics.iter().any(|d| d.severity() == Severity::Error),
        "every broken part is reported"
    );
    result.lost = builder.recovery.lost;
    (result, builder.diagnostics)
}

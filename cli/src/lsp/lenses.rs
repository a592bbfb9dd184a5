//! Above each `expect` block, whether it holds.

use super::documents::{Encoding, Lines};
use lsp_types::{CodeLens, Command};
use whyfor::symbols::outline_of;
use whyfor::{Diagnostics, FileId};

/// The lenses of a file. `failures` is `None` until the expectations are verified.
pub(crate) fn lenses(
    text: &str,
    file: FileId,
    failures: Option<&Diagnostics>,
    encoding: Encoding,
) -> Vec<CodeLens> {
    let Some(failures) = failures else { return Vec::new() };
    let lines = Lines::new(text, encoding);
    outline_of(text, &["expect"])
        .into_iter()
        .map(|block| {
            let all = block.children.len();
            let inside = |offset: usize| block.range.contains(&offset);
            let places = failures.iter().filter_map(|failure| failure.primary());
            let failed = places
                .filter(|place| place.span.file == file && inside(place.span.start as usize))
                .count();
            let title = match (all, failed) {
                (1, 0) => "1 expectation holds".to_owned(),
                (all, 0) => format!("{all} expectations hold"),
                (all, failed) => format!("{failed} of {all} expectations fail"),
            };
            let at = lines.position(block.range.start);
            CodeLens {
                range: lsp_types::Range::new(at, at),
                command: Some(Command { title, command: String::new(), arguments: None }),
                data: None,
            }
        })
        .collect()
}

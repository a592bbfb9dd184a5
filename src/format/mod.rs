//! A policy's text in its one canonical layout.
//!
//! Takes the text of one file and gives it laid out: the same tokens and comments in the same order,
//! with other white space between them. Never touches a text with mistakes in its syntax, and never
//! gives one that reads differently: what was laid out is held against the tokens again.
//!
//! The layout:
//! - An item, a statement, a node and an expectation each start a line, four spaces deeper than what
//!   they stand in. Of blank lines between them one is kept.
//! - What fits on a line of [`WIDTH`] characters is on one. A statement that does not fit is broken
//!   before `by`, `with`, `for` and its clauses; a list that still does not fit, after its commas.
//! - Braces with nodes or header entries in them stay on one line if they were on one and fit. Those
//!   of sections and expectations never do.
//! - Nothing is lined up in columns, so that one name changed is one line changed.
//! - A comment stays after the token that it followed on its line, or on its own line.
//! - Lines end as most lines of the text do, in `\n` or in `\r\n`, as a checkout on Windows has them.

mod layout;
mod line_ends;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::limits::MAX_FILE_BYTES;
use crate::source::Sources;
use crate::syntax::tokens::{Class, Token};
pub use layout::WIDTH;

/// Why a text was not laid out.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// Its syntax has mistakes.
    #[error("{0}")]
    Syntax(Diagnostics),
    /// What was laid out would read differently: a mistake of this crate.
    #[error(
        "laid out, `{}` would read differently; this is a mistake of whyfor, please report it",
        crate::printable(.0)
    )]
    Unfaithful(String),
}

/// Lays out the text of one file. `path` is what messages call it. O(length).
///
/// ```
/// let laid_out = whyfor::format::format("shop.why", "policy shop category email use email\n for *")?;
/// assert_eq!(laid_out, "policy shop\ncategory email\nuse email for *\n");
/// # Ok::<(), whyfor::format::FormatError>(())
/// ```
///
/// # Errors
/// The errors in its syntax. Names are not resolved, and other files are not read.
pub fn format(path: &str, text: &str) -> Result<String, FormatError> {
    let mut sources = Sources::default();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if text.len() > MAX_FILE_BYTES {
        let message = format!("`{path}` is larger than {} MiB", MAX_FILE_BYTES >> 20);
        let diagnostic = Diagnostic::without_place(Code::TooLarge, message);
        return Err(FormatError::Syntax(Diagnostics::new(sources, vec![diagnostic])));
    }
    let plain = line_ends::plain(text);
    let file = sources.add(path.to_owned(), plain.to_string());
    let tokens = match crate::syntax::parse_to_tokens(file, &plain) {
        Ok(tokens) => tokens,
        Err(found) => return Err(FormatError::Syntax(Diagnostics::new(sources, found))),
    };
    let laid_out = layout::lay_out(&tokens);
    match reads_as(&laid_out, &tokens) {
        true => Ok(line_ends::as_in(text, laid_out)),
        false => Err(FormatError::Unfaithful(path.to_owned())),
    }
}

/// Whether a text is read as these tokens: it has them in their order, with white space between them wherever two of
/// them would otherwise be one. Faster than parsing it, and independent of the parser.
fn reads_as(text: &str, tokens: &[Token<'_>]) -> bool {
    let mut rest = text;
    let mut before = None;
    for token in tokens {
        let Some(found) = rest.trim_start().strip_prefix(token.text) else { return false };
        let space = &rest[..rest.len() - token.text.len() - found.len()];
        let apart = match before {
            None => true,
            Some(Class::Comment) => space.contains('\n'),
            Some(before) => !space.is_empty() || stands_alone(before) || stands_alone(token.class),
        };
        if !apart {
            return false;
        }
        (rest, before) = (found, Some(token.class));
    }
    rest.trim_start().is_empty()
}

/// Whether a token is separate from its neighbours without white space.
fn stands_alone(class: Class) -> bool {
    matches!(
        class,
        Class::Open | Class::Close | Class::Left | Class::Right | Class::Comma | Class::Colon
    )
}

//! The differences between a published page and the policy.
//!
//! The page is read for what it says, line by line, and not for what a policy for it would be: which statement a record
//! belongs to is decided by the content of both, so that a mistake in one record cannot hide another.
//!
//! - `known`: the labels that a published page may have;
//! - `read`: the lines of the page, which `notice::read` has from Markdown and HTML, as sections of records;
//! - `page`: what it holds;
//! - `forms`: what a record says in another form than the list;
//! - `drift`: a difference;
//! - `header`: the title and the header;
//! - `records`: which statements a record of the page is about, and how it differs from them;
//! - `compare`: sections, records and sentences of the whole page.

mod compare;
mod drift;
mod forms;
mod header;
mod known;
mod page;
mod pairs;
mod read;
mod records;

pub(crate) use drift::Drift;

use super::read::{Markup, ReadError, parse};
use super::view::View;

/// All differences, in the policy's order; content only on the page comes last.
///
/// # Errors
///
/// The page cannot be read as a whole: it is too large or nested too deep, or HTML in it hides its end.
pub(crate) fn check(view: &View, text: &str, markup: Markup) -> Result<Vec<Drift>, ReadError> {
    let parsed = parse(text, markup)?;
    Ok(compare::compare(view, &read::read(&parsed, view)?))
}

//! Findings, for people, programs, code scanning and pull requests.
//!
//! All formats show the same [`Finding`]s. Each has a place, if only the start of the file given on
//! the command line; a file that could not be read is a finding too. So no format is empty when the
//! exit status reports a problem.

mod finding;
mod github;
mod json;
mod sarif;

pub(crate) use finding::Finding;
pub(crate) use github::github;
pub(crate) use sarif::sarif;

use super::{DIM, Page, report};
use serde_json::{Map, Value};
use whyfor::{Diagnostic, Diagnostics, Severity};

/// Prints diagnostics on standard error, in colour on a terminal.
pub(crate) fn to_terminal(diagnostics: &Diagnostics) {
    let mut page = Page::new();
    page.diagnostics(diagnostics);
    page.print_error();
    let errors = diagnostics.iter().filter(|d| d.severity() == Severity::Error).count();
    if errors > 1 {
        super::error(&format!("{errors} errors"), &[]);
    }
    let mut codes: Vec<_> = diagnostics
        .iter()
        .filter(|d| d.severity() == Severity::Error)
        .map(Diagnostic::code)
        .collect();
    codes.sort();
    codes.dedup();
    if let Some(code) = codes.first() {
        report!("{DIM}for more about an error, try `whyfor explain {code}`{DIM:#}");
    }
}

/// All findings as one object that also has the members of `more`.
pub(crate) fn json<const N: usize>(
    findings: &[Finding],
    more: [(&str, Value); N],
) -> Map<String, Value> {
    let more = more.into_iter().map(|(name, value)| (name.to_owned(), value));
    let mut object: Map<String, Value> = more.collect();
    object.insert("diagnostics".to_owned(), json::json(findings));
    object
}

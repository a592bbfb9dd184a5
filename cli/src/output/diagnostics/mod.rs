//! Findings, for people, programs, code scanning and pull requests.
//!
//! All formats show the same [`Finding`]s. Each has a place, if only the start of the file given on
//! the command line; a file that could not be read is a finding too. So no format is empty when the
//! exit status reports a problem.

mod github;
mod json;
mod sarif;

use super::{DIM, Page, report, streams};
use crate::args::DiagnosticFormat;
use crate::exit::Failure;
use crate::files;
use serde_json::{Map, Value};
use std::path::Path;
use whyfor::{Code, Diagnostic, Diagnostics, Fix, Label, Position, Severity, Span};

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

/// Writes findings in a format for programs. JSON also includes `more`.
pub(crate) fn write<const N: usize>(
    format: DiagnosticFormat,
    findings: &[Finding],
    more: [(&str, Value); N],
) -> Result<(), Failure> {
    let text = match format {
        DiagnosticFormat::Text => return Ok(()), // already printed
        DiagnosticFormat::Json => {
            let more = more.into_iter().map(|(name, value)| (name.to_owned(), value));
            let mut object: Map<String, Value> = more.collect();
            object.insert("diagnostics".to_owned(), json::json(findings));
            super::json::pretty(&object)
        }
        DiagnosticFormat::Sarif => super::json::pretty(&sarif::sarif(findings)),
        DiagnosticFormat::Github => github::github(findings),
    };
    streams::write(text)
}

/// One finding.
pub(crate) struct Finding {
    /// `None` if a file could not be read.
    code: Option<Code>,
    severity: Severity,
    message: String,
    help: Vec<String>,
    place: Place,
    related: Vec<Place>,
    fix: Option<FindingFix>,
}

/// A place as file, line and column; the end is exclusive.
struct Place {
    /// The path seen from the working directory.
    file: String,
    start: Position,
    end: Position,
    label: String,
}

/// A fix: places, and their new text.
struct FindingFix {
    title: String,
    edits: Vec<(Place, String)>,
}

impl std::fmt::Display for Finding {
    /// In one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Place { file, start, .. } = &self.place;
        match self.code {
            Some(code) => {
                write!(f, "{file}:{}:{}: {} ({code})", start.line, start.column, self.message)
            }
            None => f.write_str(&self.message),
        }
    }
}

impl Finding {
    /// The diagnostics of a file given on the command line.
    pub(crate) fn all(file: &Path, diagnostics: &Diagnostics) -> Vec<Self> {
        diagnostics.iter().map(|one| Self::new(file, diagnostics, one)).collect()
    }

    /// The reason why a file could not be read or compiled.
    pub(crate) fn failed(file: &Path, failure: &Failure) -> Vec<Self> {
        match failure {
            Failure::Policy(diagnostics) => Self::all(file, diagnostics),
            other => vec![Self {
                code: None,
                severity: Severity::Error,
                message: whyfor::printable(&other.to_string()).into_owned(),
                help: Vec::new(),
                place: Place::start(file),
                related: Vec::new(),
                fix: None,
            }],
        }
    }

    fn new(file: &Path, all: &Diagnostics, one: &Diagnostic) -> Self {
        let place = |label: &Label| Place::of(all, label);
        Self {
            code: Some(one.code()),
            severity: one.severity(),
            message: one.message().to_owned(),
            help: one.help_lines().to_vec(),
            place: one.primary().map_or_else(|| Place::start(file), place),
            related: one.related_labels().iter().map(place).collect(),
            fix: one.fix().map(|fix| FindingFix::of(all, fix)),
        }
    }

    /// The message and its help.
    fn lines(&self) -> impl Iterator<Item = String> {
        let help = self.help.iter().map(|help| format!("help: {help}"));
        std::iter::once(self.message.clone()).chain(help)
    }
}

impl Place {
    fn start(file: &Path) -> Self {
        let start = Position { line: 1, column: 1 };
        let file = files::shown_from_here(file);
        Self { file, start, end: start, label: String::new() }
    }

    fn of(all: &Diagnostics, label: &Label) -> Self {
        let file = all.sources().file(label.span.file);
        Self {
            file: file.path().to_owned(),
            start: file.position(label.span.start as usize),
            end: file.position(label.span.end as usize),
            label: label.text.clone(),
        }
    }
}

impl FindingFix {
    fn of(all: &Diagnostics, fix: &Fix) -> Self {
        let edit = |(span, text): &(Span, String)| {
            (Place::of(all, &Label { span: *span, text: String::new() }), text.clone())
        };
        Self { title: fix.title.clone(), edits: fix.edits.iter().map(edit).collect() }
    }
}

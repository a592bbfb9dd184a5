//! A finding: a diagnostic, or a file that could not be read.

use crate::files;
use std::path::Path;
use whyfor::{Code, Diagnostic, Diagnostics, Fix, Label, Position, Severity, Span};

/// One finding.
pub(crate) struct Finding {
    /// `None` if a file could not be read.
    pub(super) code: Option<Code>,
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) help: Vec<String>,
    pub(super) place: Place,
    pub(super) related: Vec<Place>,
    pub(super) fix: Option<FindingFix>,
}

/// A place as file, line and column; the end is exclusive.
pub(super) struct Place {
    /// The path seen from the working directory.
    pub(super) file: String,
    pub(super) start: Position,
    pub(super) end: Position,
    pub(super) label: String,
}

/// A fix: places, and their new text.
pub(super) struct FindingFix {
    pub(super) title: String,
    pub(super) edits: Vec<(Place, String)>,
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

    /// A file that could not be read or compiled, for a reason other than diagnostics.
    pub(crate) fn unreadable(file: &Path, message: &str) -> Self {
        Self {
            code: None,
            severity: Severity::Error,
            message: whyfor::printable(message).into_owned(),
            help: Vec::new(),
            place: Place::start(file),
            related: Vec::new(),
            fix: None,
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
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
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

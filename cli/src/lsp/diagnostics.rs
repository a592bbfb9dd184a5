//! What was found, in the protocol's words, with what would mend it.

use super::documents::{self, Encoding, Lines};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, DiagnosticRelatedInformation,
    DiagnosticSeverity, Location, NumberOrString, Position, Range, TextEdit,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use whyfor::{Diagnostic, Diagnostics, FileId, Severity};

/// What was found, by the files of the policy. Each file has an entry, so that what was found before is
/// taken back.
pub(crate) type Found = BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>>;

/// Adds what was found to the files that it is about.
pub(crate) fn add(diagnostics: &Diagnostics, folder: &Path, encoding: Encoding, found: &mut Found) {
    let files = diagnostics.sources().files();
    let lines: Vec<Lines<'_>> =
        files.iter().map(|file| Lines::new(file.text(), encoding)).collect();
    let paths: Vec<PathBuf> = files.iter().map(|file| folder.join(file.path())).collect();
    let file_of = |span: whyfor::Span| {
        let id = diagnostics.sources().file(span.file);
        files.iter().position(|file| std::ptr::eq(file, id)).unwrap_or(0)
    };
    for diagnostic in diagnostics {
        // What is about the policy as a whole is told at the start of its root file.
        let (file, range) = match diagnostic.primary() {
            Some(label) => {
                let file = file_of(label.span);
                (file, lines[file].range(label.span.range()))
            }
            None => (0, Range::new(Position::new(0, 0), Position::new(0, 0))),
        };
        let related = diagnostic.related_labels().iter().filter_map(|label| {
            let file = file_of(label.span);
            let uri = documents::uri(&paths[file])?;
            let location = Location::new(uri, lines[file].range(label.span.range()));
            Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
        });
        let related: Vec<_> = related.collect();
        let Some(path) = paths.get(file) else { continue };
        let all = found.entry(path.clone()).or_default();
        let one = lsp_types::Diagnostic {
            range,
            severity: Some(match diagnostic.severity() {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
            }),
            code: Some(NumberOrString::String(diagnostic.code().id().to_owned())),
            source: Some("whyfor".to_owned()),
            message: message(diagnostic),
            related_information: (!related.is_empty()).then_some(related),
            ..lsp_types::Diagnostic::default()
        };
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

fn message(diagnostic: &Diagnostic) -> String {
    let mut message = diagnostic.message().to_owned();
    if let Some(label) = diagnostic.primary().filter(|label| !label.text.is_empty()) {
        message += &format!(": {}", label.text);
    }
    for help in diagnostic.help_lines() {
        message += &format!("\n{help}");
    }
    message
}

/// The actions that would mend what was found in a range of a file.
pub(crate) fn actions(
    diagnostics: &Diagnostics,
    file: FileId,
    path: &Path,
    range: Range,
    encoding: Encoding,
) -> Vec<CodeActionOrCommand> {
    let source = diagnostics.sources().file(file);
    let lines = Lines::new(source.text(), encoding);
    let mut actions = Vec::new();
    for diagnostic in diagnostics {
        let Some(place) = diagnostic.primary() else { continue };
        let at = lines.range(place.span.range());
        if place.span.file != file || at.end < range.start || at.start > range.end {
            continue;
        }
        let mark = if diagnostics.sources().slice(place.span).starts_with('#') { "#" } else { "" };
        for (nth, suggestion) in diagnostic.suggestions().iter().enumerate() {
            let text = format!("{mark}{suggestion}");
            let edit = TextEdit::new(at, text.clone());
            let edit = documents::edit(BTreeMap::from([(path.to_owned(), vec![edit])]));
            actions.push(CodeActionOrCommand::CodeAction(CodeAction {
                title: format!("Replace by `{text}`"),
                kind: Some(CodeActionKind::QUICKFIX),
                edit: Some(edit),
                is_preferred: Some(nth == 0 && diagnostic.suggestions().len() == 1),
                ..CodeAction::default()
            }));
        }
    }
    actions
}

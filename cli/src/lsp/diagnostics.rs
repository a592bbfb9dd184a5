//! Diagnostics in the protocol's types, with their fixes.

use super::documents::{self, Encoding, Places};
use lsp_types::{
    CodeAction, CodeActionDisabled, CodeActionKind, CodeActionOrCommand,
    DiagnosticRelatedInformation, DiagnosticSeverity, NumberOrString, Range, TextEdit,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use whyfor::{Diagnostic, Diagnostics, FileId, Fix, Severity};

/// Diagnostics by file. Each file of the policy has an entry, so that earlier ones are cleared.
pub(crate) type ByFile = BTreeMap<PathBuf, Vec<lsp_types::Diagnostic>>;

/// Adds diagnostics to their files.
pub(crate) fn add(diagnostics: &Diagnostics, root: &Path, encoding: Encoding, found: &mut ByFile) {
    let places = Places::new(diagnostics.sources(), root, encoding);
    for (path, one) in diagnostics.iter().map(|diagnostic| converted(diagnostic, &places)) {
        found.entry(path).or_default().push(one);
    }
}

/// A diagnostic and its file. One about the whole policy goes to the start of the root file.
fn converted(diagnostic: &Diagnostic, places: &Places<'_>) -> (PathBuf, lsp_types::Diagnostic) {
    let (path, range) = match diagnostic.primary() {
        Some(label) => (places.path(label.span.file), places.range(label.span)),
        None => (places.root.to_owned(), Range::default()),
    };
    let related = diagnostic.related_labels().iter().filter_map(|label| {
        let (location, message) = (places.location(label.span)?, label.text.clone());
        Some(DiagnosticRelatedInformation { location, message })
    });
    let related: Vec<_> = related.collect();
    let converted = lsp_types::Diagnostic {
        range,
        severity: Some(match diagnostic.severity() {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
        }),
        code: Some(NumberOrString::String(diagnostic.code().as_str().to_owned())),
        source: Some("whyfor".to_owned()),
        message: message(diagnostic),
        related_information: (!related.is_empty()).then_some(related),
        ..lsp_types::Diagnostic::default()
    };
    (path, converted)
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

/// The code actions for diagnostics in a range of a file. A linter fix that is `refused` is
/// disabled, with the reason.
pub(crate) fn actions(
    diagnostics: &Diagnostics,
    root: &Path,
    (file, range): (FileId, Range),
    encoding: Encoding,
    mut refused: impl FnMut(&Fix) -> Option<String>,
) -> Vec<CodeActionOrCommand> {
    let places = Places::new(diagnostics.sources(), root, encoding);
    let mut actions = Vec::new();
    for diagnostic in diagnostics {
        let Some(place) = diagnostic.primary().map(|label| label.span) else { continue };
        if place.file != file {
            continue;
        }
        let at = places.range(place);
        if at.end < range.start || at.start > range.end {
            continue;
        }
        let fixes = fixes(diagnostic, diagnostics.sources().slice(place));
        let is_preferred = fixes.len() == 1;
        for fix in fixes {
            let promises = diagnostic.code().is_lint() && diagnostic.fix().is_some();
            let refusal = if promises { refused(&fix) } else { None };
            let mut by_file: BTreeMap<PathBuf, Vec<TextEdit>> = BTreeMap::new();
            for (span, text) in fix.edits {
                let edit = TextEdit::new(places.range(span), text);
                by_file.entry(places.path(span.file)).or_default().push(edit);
            }
            actions.push(CodeActionOrCommand::CodeAction(CodeAction {
                title: fix.title,
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![converted(diagnostic, &places).1]),
                edit: refusal.is_none().then(|| documents::edit(by_file)),
                is_preferred: Some(is_preferred && refusal.is_none()),
                disabled: refusal.map(|reason| CodeActionDisabled { reason }),
                ..CodeAction::default()
            }));
        }
    }
    actions
}

/// All fixes for a diagnostic at the text `written`.
fn fixes(diagnostic: &Diagnostic, written: &str) -> Vec<Fix> {
    let mark = if written.starts_with('#') { "#" } else { "" };
    let place = diagnostic.primary().map(|label| label.span);
    let names = diagnostic.suggestions().iter().map(|name| format!("{mark}{name}"));
    let names = names.zip(place.into_iter().cycle()).map(|(name, place)| Fix {
        title: format!("Replace by `{name}`"),
        edits: vec![(place, name)],
    });
    let fix = diagnostic.fix().cloned().map(|fix| Fix { title: capitalised(&fix.title), ..fix });
    fix.into_iter().chain(names).collect()
}

fn capitalised(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

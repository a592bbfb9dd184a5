//! Diagnostics as text for people: the source line underlined, related places, help.
//!
//! The drawing is `annotate-snippets`, which rustc uses itself, so columns are right under wide
//! characters.

use super::{Diagnostic, Diagnostics, Label, Severity};
use crate::source::Sources;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

/// A longer underline says no more: a generated file may have one line of a megabyte.
const WIDEST_LABEL: usize = 200;

impl Diagnostics {
    /// All messages as text, with ANSI colours if `colour` is set. Ends with a line break unless empty.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut text = String::new();
        for diagnostic in &self.list {
            text.push_str(&renderer.render(&[group(diagnostic, &self.sources)]));
            text.push_str("\n\n");
        }
        text
    }
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message()).id(diagnostic.code().id());
    let mut group = Group::with_title(title);
    if let Some(primary) = diagnostic.primary() {
        group = group.element(snippet(primary, true, diagnostic.related_labels(), sources));
        let elsewhere = diagnostic.related_labels().iter();
        let elsewhere = elsewhere.filter(|label| label.span.file != primary.span.file);
        group = group.elements(elsewhere.map(|label| snippet(label, false, &[], sources)));
    }
    group.elements(diagnostic.help_lines().iter().map(|line| Level::HELP.message(line.as_str())))
}

/// The lines of one file that hold `label` and those of `more` that are in the same file.
fn snippet<'a>(
    label: &'a Label,
    primary: bool,
    more: &'a [Label],
    sources: &'a Sources,
) -> Snippet<'a, Annotation<'a>> {
    let file = sources.file(label.span.file);
    let more = more.iter().filter(|other| other.span.file == label.span.file);
    let spans = || more.clone().map(|other| other.span).chain([label.span]);
    let first = spans().map(|span| span.start).min().unwrap_or(0) as usize;
    let last = spans().map(|span| span.end).max().unwrap_or(0) as usize;
    let start = file.text()[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = file.text()[last..].find('\n').map_or(file.text().len(), |at| last + at);
    let text = &file.text()[start..end];

    Snippet::source(text)
        .path(file.path())
        .line_start(file.position(start).line as usize)
        .annotation(annotation(label, primary, text, start))
        .annotations(more.map(|other| annotation(other, false, text, start)))
}

/// A label spans at most the rest of its first line: what is wrong starts there.
fn annotation<'a>(label: &'a Label, primary: bool, text: &str, offset: usize) -> Annotation<'a> {
    let start = label.span.start as usize - offset;
    let covered = &text[start..label.span.end as usize - offset];
    let shown = covered.find(['\n', '\r']).unwrap_or(covered.len()).min(WIDEST_LABEL);
    let shown = covered.floor_char_boundary(shown);
    let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let annotation = kind.span(start..start + shown);
    if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) }
}

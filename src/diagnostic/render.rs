//! Diagnostics as text for people: the source line underlined, related places, help.
//!
//! The drawing is `annotate-snippets`, which rustc uses itself, so columns are right under wide
//! characters. What it is given is kept short: it looks at all lines between two labels, and at whole
//! lines, and a generated file may have one line of a megabyte.

use super::{Diagnostic, Diagnostics, Label, Severity};
use crate::printable::{printable, printable_lines};
use crate::source::{Position, Source, Sources};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use std::borrow::Cow;
use std::ops::Range;

/// A longer underline says no more.
const WIDEST_LABEL: usize = 200;
/// Of a longer line, what is around the label is shown.
const WIDEST_LINE: usize = 1000;
/// Labels further apart, in bytes, are shown apart.
const FURTHEST: usize = 16 << 10;

impl Diagnostics {
    /// All messages as text, with ANSI colours if `colour` is set. Ends with a line break unless empty.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// assert!(diagnostics.render(false).contains("--> policy.why:1:"));
    /// ```
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
    let title = level.primary_title(diagnostic.message()).id(diagnostic.code().as_str());
    let mut group = Group::with_title(title);
    if let Some(primary) = diagnostic.primary() {
        let related = diagnostic.related_labels().iter();
        let (near, far): (Vec<_>, Vec<_>) = related.partition(|label| is_near(label, primary));
        group = snippet(group, primary, AnnotationKind::Primary, &near, sources);
        for label in far {
            group = snippet(group, label, AnnotationKind::Context, &[], sources);
        }
    }
    group.elements(diagnostic.help_lines().iter().map(|line| Level::HELP.message(line.as_str())))
}

fn is_near(label: &Label, primary: &Label) -> bool {
    label.span.file == primary.span.file
        && (label.span.start.abs_diff(primary.span.start) as usize) < FURTHEST
}

/// Adds the lines that hold `label` and those of `more`, which are near it.
fn snippet<'a>(
    group: Group<'a>,
    label: &'a Label,
    kind: AnnotationKind,
    more: &[&'a Label],
    sources: &'a Sources,
) -> Group<'a> {
    let file = sources.file(label.span.file);
    let shown = shown(file, std::iter::once(label).chain(more.iter().copied()));
    let text = &file.text()[shown.clone()];
    let more =
        more.iter().map(|other| annotation(other, AnnotationKind::Context, text, shown.start));
    let start = file.position(shown.start);
    let snippet = Snippet::source(drawn(text))
        .line_start(start.line as usize)
        .annotation(annotation(label, kind, text, shown.start))
        .annotations(more);
    let path = printable(file.path());
    if start.column == 1 {
        return group.element(snippet.path(path));
    }
    // The snippet starts within its line, and would count columns from there.
    let Position { line, column } = file.position(label.span.start as usize);
    let place = format!("at {path}:{line}:{column}");
    group.element(snippet).element(Level::NOTE.message(place))
}

/// A text as it is drawn.
fn drawn(text: &str) -> String {
    printable_lines(&with_lines(text)).into_owned()
}

/// The text with each lone `\r` as the line break that it is: the drawing knows none but `\n` and `\r\n`.
fn with_lines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return text.into();
    }
    let shown = |(at, c): (usize, char)| match c {
        '\r' if !text[at + 1..].starts_with('\n') => '\n',
        c => c,
    };
    text.char_indices().map(shown).collect::<String>().into()
}

/// The bytes to show: whole lines, unless they are very long.
fn shown<'a>(file: &Source, labels: impl Iterator<Item = &'a Label> + Clone) -> Range<usize> {
    let ends = |label: &Label| {
        let line = file.line(label.span.start as usize);
        (label.span.start as usize, (label.span.end as usize).min(line.end), line)
    };
    let (mut first, mut last) = (usize::MAX, 0);
    for (start, end, line) in labels.map(ends) {
        let around =
            start.saturating_sub(WIDEST_LINE / 2)..end.min(start + WIDEST_LABEL) + WIDEST_LINE / 2;
        let wide = line.len() > WIDEST_LINE;
        first = first.min(if wide { line.start.max(around.start) } else { line.start });
        last = last.max(if wide { line.end.min(around.end) } else { line.end });
    }
    file.text().floor_char_boundary(first)..file.text().ceil_char_boundary(last)
}

/// A label spans at most the rest of its first line: what is wrong starts there.
fn annotation<'a>(
    label: &'a Label,
    kind: AnnotationKind,
    text: &str,
    offset: usize,
) -> Annotation<'a> {
    let start = label.span.start as usize - offset;
    let end = (label.span.end as usize - offset).min(text.len());
    let covered = &text[start..end];
    let shown = covered.find(['\n', '\r']).unwrap_or(covered.len()).min(WIDEST_LABEL);
    let shown = covered.floor_char_boundary(shown);
    // What stands in place of a character may have more bytes.
    let at = |offset: usize| printable_lines(&text[..offset]).len();
    let annotation = kind.span(at(start)..at(start + shown));
    if label.text.is_empty() { annotation } else { annotation.label(label.text.as_str()) }
}

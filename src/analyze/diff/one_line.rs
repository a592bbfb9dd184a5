//! The words of a statement in one line.

use crate::syntax::LINE_BREAKS;
use crate::syntax::scan::{Kind, Scanned, Scanner};

/// The words of a statement without line breaks and comments.
pub(super) fn one_line(text: &str) -> String {
    if text.contains(['"', '/']) {
        return joined(text, &pieces(text));
    }
    text.split(LINE_BREAKS).flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// The same without `because "…"` and `see "…"`, however it is laid out.
pub(super) fn words_alone(text: &str) -> String {
    let kept = without_strings(text);
    kept.iter().map(|piece| piece.text).collect::<Vec<_>>().join(" ")
}

/// The same without `because "…"` and `see "…"`: no other part of a statement has a string.
pub(super) fn without_reasons(text: &str) -> String {
    joined(text, &without_strings(text))
}

/// The pieces of a statement but for strings and the words before them.
fn without_strings(text: &str) -> Vec<Scanned<'_>> {
    let mut kept: Vec<Scanned<'_>> = Vec::new();
    for piece in pieces(text) {
        match piece.kind {
            Kind::String | Kind::OpenString => drop(kept.pop()),
            _ => kept.push(piece),
        }
    }
    kept
}

/// All but comments and what separates words.
fn pieces(text: &str) -> Vec<Scanned<'_>> {
    let is_word =
        |piece: &Scanned<'_>| !matches!(piece.kind, Kind::LineBreak | Kind::Blank | Kind::Comment);
    Scanner::new(text).filter(is_word).collect()
}

/// Pieces with a space where the text has something between them.
fn joined(text: &str, pieces: &[Scanned<'_>]) -> String {
    let mut line = String::with_capacity(text.len());
    let mut end = None;
    for piece in pieces {
        if end.is_some_and(|end| end != piece.start) {
            line.push(' ');
        }
        line.push_str(piece.text);
        end = Some(piece.start + piece.text.len());
    }
    line
}

//! What stands in brackets and what outside of them.

use crate::notice::matching::word::places;

/// Most brackets in each other that are looked into; nobody reads as many.
const DEEPEST: usize = 16;

/// Whether a text has more brackets in each other than people write. It is taken as a whole then.
pub(super) fn is_tangled(text: &str) -> bool {
    depths(text).any(|(.., depth)| depth > DEEPEST)
}

/// The bracket at the end of a text: its start and its contents, with the brackets in it.
pub(super) fn bracket(text: &str) -> Option<(usize, &str)> {
    if is_tangled(text) {
        return None;
    }
    let close = text.chars().next_back().filter(|c| matches!(c, ')' | '）'))?;
    let mut depth = 0usize;
    let (start, open) = text.char_indices().rev().find(|(_, character)| {
        match character {
            ')' | '）' => depth += 1,
            '(' | '（' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    Some((start, text.get(start + open.len_utf8()..text.len() - close.len_utf8())?))
}

/// The positions of a whole word outside brackets.
pub(super) fn outside(text: &str, word: &str) -> Vec<usize> {
    let free: Vec<usize> = outer(text).map(|(at, _)| at).collect();
    places(text, word).filter(|at| free.binary_search(at).is_ok()).collect()
}

/// The characters outside of brackets.
pub(super) fn outer(text: &str) -> impl Iterator<Item = (usize, char)> {
    depths(text).filter(|(.., depth)| *depth == 0).map(|(at, character, _)| (at, character))
}

/// The characters of a text, each with its place and the number of brackets around what follows it.
fn depths(text: &str) -> impl Iterator<Item = (usize, char, usize)> {
    let mut depth = 0usize;
    text.char_indices().map(move |(at, character)| {
        match character {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (at, character, depth)
    })
}

/// The pieces between the characters outside of brackets that are chosen by position.
pub(super) fn cut(text: &str, is_cut: impl Fn(usize, char) -> bool) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, character) in outer(text).filter(|(at, character)| is_cut(*at, *character)) {
        pieces.push(&text[start..at]);
        start = at + character.len_utf8();
    }
    pieces.push(&text[start..]);
    pieces
}

/// The pieces between the places outside of brackets where a text stands.
pub(super) fn between<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, _) in outer(text).filter(|_| !separator.is_empty()) {
        if at >= start && text[at..].starts_with(separator) {
            pieces.push(&text[start..at]);
            start = at + separator.len();
        }
    }
    pieces.push(&text[start..]);
    pieces
}

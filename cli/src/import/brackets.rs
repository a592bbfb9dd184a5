//! What stands in brackets and what outside of them.

/// Most brackets in each other that are looked into; nobody reads as many.
const DEEPEST: usize = 16;

/// Whether a text has more brackets in each other than people write. It is taken as a whole then.
pub(super) fn is_tangled(text: &str) -> bool {
    let mut depth = 0usize;
    text.chars().any(|character| {
        match character {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
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
    if word.is_empty() {
        return Vec::new();
    }
    let bound = |c: Option<char>| !word.is_ascii() || !c.is_some_and(char::is_alphanumeric);
    let free: Vec<usize> = outer(text).map(|(at, _)| at).collect();
    let stands = |at: &usize| {
        bound(text[..*at].chars().next_back()) && bound(text[at + word.len()..].chars().next())
    };
    let found = text.match_indices(word).map(|(at, _)| at);
    found.filter(|at| free.binary_search(at).is_ok()).filter(stands).collect()
}

/// The characters outside of brackets.
pub(super) fn outer(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0usize;
    text.char_indices().filter(move |(_, character)| {
        match character {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
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

/// A word of the list without surrounding space and punctuation.
pub(super) fn bare(word: &str) -> String {
    word.trim_matches(|c: char| c.is_whitespace() || ",，、".contains(c)).to_owned()
}

//! What a file consists of, in its own order.

use super::symbol::SymbolKind;
use crate::syntax::tokens::{Class, Place, Token, ends, tokens_of_any};
use std::collections::BTreeSet;
use std::ops::Range;

/// An item, a statement, a node, an expectation or an entry of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Entry {
    /// Its first word, such as `category` or `use`; of a node below another, its name.
    pub word: String,
    /// What it declares, and where the name is.
    pub declares: Option<(SymbolKind, Range<usize>)>,
    /// Its first label.
    pub label: String,
    /// The bytes it takes.
    pub range: Range<usize>,
    /// What stands in its braces.
    pub children: Vec<Entry>,
}

/// The entries of a file. O(length). What is broken is left out.
///
/// ```
/// let entries = whyfor::symbols::outline("policy p category contact { email phone }");
/// assert_eq!(entries[1].children.len(), 2);
/// ```
#[must_use]
pub fn outline(text: &str) -> Vec<Entry> {
    let tokens = tokens_of_any(text);
    let ends = ends(&tokens);
    let mut all = Vec::new();
    // The entries that are open, each with its last token.
    let mut open: Vec<(usize, Entry)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        while let Some((_, done)) = open.pop_if(|(last, _)| at > *last) {
            let siblings = open.last_mut().map_or(&mut all, |(_, parent)| &mut parent.children);
            siblings.push(done);
        }
        if token.place == Place::Entry && token.class != Class::Comment {
            let last = ends[at].max(at);
            open.push((last, entry(&tokens[at..=last])));
        }
    }
    while let Some((_, done)) = open.pop() {
        let siblings = open.last_mut().map_or(&mut all, |(_, parent)| &mut parent.children);
        siblings.push(done);
    }
    all
}

/// As [`outline`], of the entries that start with one of these words. Only items in which one of them stands
/// are parsed.
///
/// ```
/// let entries = whyfor::symbols::outline_of("policy p category email purpose ads", &["purpose"]);
/// assert_eq!(entries.len(), 1);
/// ```
#[must_use]
pub fn outline_of(text: &str, words: &[&str]) -> Vec<Entry> {
    let pieces = crate::syntax::pieces(text);
    let found = words.iter().flat_map(|word| text.match_indices(word));
    let found = found.map(|(at, _)| pieces.partition_point(|piece| piece.end <= at));
    let found: BTreeSet<usize> = found.collect();
    let pieces = found.into_iter().filter_map(|piece| pieces.get(piece).cloned());
    let entries = pieces.flat_map(|place| {
        let entries = outline(&text[place.clone()]).into_iter();
        entries.map(move |entry| entry.moved(place.start))
    });
    entries.filter(|entry| words.contains(&entry.word.as_str())).collect()
}

impl Entry {
    /// The same, `by` bytes later.
    fn moved(self, by: usize) -> Self {
        let moved = |place: Range<usize>| place.start + by..place.end + by;
        Self {
            declares: self.declares.map(|(kind, place)| (kind, moved(place))),
            range: moved(self.range),
            children: self.children.into_iter().map(|child| child.moved(by)).collect(),
            ..self
        }
    }
}

fn entry(tokens: &[Token<'_>]) -> Entry {
    let (first, last) = (tokens[0], tokens[tokens.len() - 1]);
    let head = || tokens.iter().take_while(|token| token.class != Class::Open);
    let declares = head().find_map(|token| match token.names {
        Some((subject, true)) => {
            Some((SymbolKind::of(subject), token.start..token.start + token.text.len()))
        }
        _ => None,
    });
    let label = head().find(|token| token.class == Class::Text);
    Entry {
        word: first.text.to_owned(),
        declares,
        label: label.map(|token| crate::syntax::unquoted(token.text)).unwrap_or_default(),
        range: first.start..last.start + last.text.len(),
        children: Vec::new(),
    }
}

/// The conditions of the item that declares the name at a place, as written.
pub(super) fn condition(text: &str, name: Range<usize>) -> Option<&str> {
    let pieces = crate::syntax::pieces(text);
    let piece = pieces.into_iter().find(|piece| piece.end > name.start)?;
    let tokens = tokens_of_any(&text[piece.clone()]);
    let at = tokens.iter().position(|token| piece.start + token.start == name.start)?;
    let words = tokens.iter().enumerate().skip(at + 1);
    let mut words = words.take_while(|(_, token)| token.place != Place::Entry);
    let is_start = |token: &Token<'_>| {
        token.class == Class::Keyword && matches!(token.text, "when" | "unless")
    };
    let (first, start) = words.find(|(_, token)| is_start(token))?;
    let rest = tokens[first..].iter().enumerate();
    let rest = rest.take_while(|(at, token)| *at == 0 || token.place != Place::Entry);
    let (_, last) = rest.filter(|(_, token)| token.class != Class::Comment).last()?;
    Some(&text[piece.start + start.start..piece.start + last.start + last.text.len()])
}

/// What a token is, for colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum TokenKind {
    /// A word of the language.
    Keyword,
    /// A name, of what is known from where it stands.
    Name(SymbolKind),
    /// A text in quotation marks.
    Text,
    /// A number.
    Number,
    /// A comparison, `=`, `&` or `*`.
    Operator,
    /// A comment.
    Comment,
}

/// The tokens of a file that have a colour, with the bytes they take. O(length).
///
/// ```
/// let kinds = whyfor::symbols::token_kinds("policy p // a comment");
/// assert_eq!(kinds.len(), 3);
/// ```
#[must_use]
pub fn token_kinds(text: &str) -> Vec<(Range<usize>, TokenKind)> {
    let kinds = tokens_of_any(text).into_iter().filter_map(|token| {
        let kind = match (token.class, token.names) {
            (_, Some((subject, _))) => TokenKind::Name(SymbolKind::of(subject)),
            (Class::Keyword, None) => TokenKind::Keyword,
            (Class::Text, None) => TokenKind::Text,
            (Class::Number, None) => TokenKind::Number,
            (Class::Operator, None) => TokenKind::Operator,
            (Class::Comment, None) => TokenKind::Comment,
            _ => return None,
        };
        Some((token.start..token.start + token.text.len(), kind))
    });
    kinds.collect()
}

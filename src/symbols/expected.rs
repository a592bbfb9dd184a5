//! What may stand at a place.

use super::symbol::SymbolKind;
use crate::Mask;
use crate::syntax::Follow;
use std::ops::Range;

/// What may stand at a place of a text, for completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The part of a word that is there already.
    pub range: Range<usize>,
    /// The kind of names.
    pub names: Option<SymbolKind>,
    /// Of choices: of which fact.
    pub fact: String,
    /// Words of the language.
    pub words: Vec<&'static str>,
}

/// What may stand at a byte offset: in a string only the name of a mask, and nothing in comments. Costs parsing the item before
/// it.
///
/// ```
/// use whyfor::symbols::{SymbolKind, expected};
/// let text = "policy shop use email for ";
/// assert_eq!(expected(text, text.len()).names, Some(SymbolKind::Purpose));
/// ```
#[must_use]
pub fn expected(text: &str, offset: usize) -> Expected {
    let offset = text.floor_char_boundary(offset);
    if let Some(start) = start_of_mask(text, offset) {
        let words = Mask::ALL.into_iter().map(Mask::as_str).collect();
        return Expected { range: start..offset, names: None, fact: String::new(), words };
    }
    let start = start_of_word(&text[..offset]);
    let Follow { names, fact, words } = crate::syntax::follow(text, start);
    let names = names.map(SymbolKind::of);
    // Only names continue a path.
    let words = if text[start..offset].contains('.') { Vec::new() } else { words };
    Expected { range: start..offset, names, fact, words }
}

/// Where the name of a mask starts, if one is being written: in the string after the keyword.
fn start_of_mask(text: &str, offset: usize) -> Option<usize> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let start = text[..offset].trim_end_matches(is_part).len();
    let before = text[..start].strip_suffix('"')?.trim_end().strip_suffix("mask")?;
    crate::syntax::follow(text, before.len()).words.contains(&"mask").then_some(start)
}

/// Where the word at the end of a text starts. In backquotes it has dashes too.
fn start_of_word(before: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.' || c == '`';
    let with_dashes = before.trim_end_matches(|c| is_part(c) || c == '-').len();
    match before[with_dashes..].matches('`').count() % 2 {
        0 => before.trim_end_matches(is_part).len(),
        _ => with_dashes,
    }
}

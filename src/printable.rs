//! Text that is safe to show.
//!
//! Labels, patterns, comments, file names and names in questions were written by others. Shown unchanged, they could
//! control a terminal (move the cursor, erase, change the title), turn the direction of writing, or add a line. So
//! every such text passes through this module before it is shown. Messages of this crate already have.

use std::borrow::Cow;

/// The text on one line. U+FFFD replaces each character that controls a terminal, turns the direction of writing,
/// ends a line elsewhere, or is invisible. Line breaks and tabs become spaces.
///
/// Joiners, zero-width spaces and variation selectors stay: scripts and emoji need them. O(length); borrows
/// a text that is safe already.
///
/// ```
/// assert_eq!(whyfor::printable("Mail\nbox \u{1b}[31m"), "Mail box \u{FFFD}[31m");
/// ```
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    replaced(text, |c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        c => replacement(c),
    })
}

/// As [`printable`], for a text of several lines, such as a statement: `\n`, `\r\n` and tabs stay.
///
/// ```
/// assert_eq!(whyfor::printable_lines("use email\n\tfor login\u{7}"), "use email\n\tfor login\u{FFFD}");
/// ```
#[must_use]
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") {
        return text.split("\r\n").map(printable_lines).collect::<Vec<_>>().join("\r\n").into();
    }
    replaced(text, |c| match c {
        '\n' | '\t' => None,
        '\r' => Some(' '),
        c => replacement(c),
    })
}

/// The replacement of a character; `None` if it stays.
fn replacement(c: char) -> Option<char> {
    let is_hidden = c.is_control()
        || matches!(c,
            '\u{61C}' | '\u{200E}' | '\u{200F}'     // marks of direction
            | '\u{2028}'..='\u{202E}'               // separators of lines, embeddings, overrides
            | '\u{2060}'..='\u{206F}'               // invisible operators, isolates, deprecated controls
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'  // byte order mark, annotations
            | '\u{FFFE}' | '\u{FFFF}'               // no characters of XML
            | '\u{E0000}'..='\u{E007F}'             // tags: invisible letters
        );
    is_hidden.then_some(char::REPLACEMENT_CHARACTER)
}

fn replaced(text: &str, replacement: impl Fn(char) -> Option<char>) -> Cow<'_, str> {
    if text.bytes().all(|byte| (b' '..0x7F).contains(&byte)) {
        return text.into();
    }
    match text.chars().any(|c| replacement(c).is_some()) {
        true => text.chars().map(|c| replacement(c).unwrap_or(c)).collect::<String>().into(),
        false => text.into(),
    }
}

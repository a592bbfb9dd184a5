//! Text as it can be shown.
//!
//! Labels, patterns, comments, file names and names in questions hold what somebody else wrote. Shown as they
//! are, a terminal would obey them: move, erase, change its title, turn the direction of writing; and a line
//! break in a name would make a line that nobody wrote. So whoever shows such a text puts it through here
//! first. Messages of this crate have been.

use std::borrow::Cow;

/// The text on one line, with U+FFFD in place of each character that is none of writing: those that control a
/// terminal, turn the direction of writing, end a line elsewhere, or hide what nobody sees. Line breaks and
/// tabs become spaces.
///
/// Joiners, zero-width spaces and variation selectors stay: scripts and emoji need them. O(length); borrows
/// what can be shown as it is.
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

/// As [`printable`], for a text that has lines of its own, such as a statement: `\n`, `\r\n` and tabs stay.
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

/// What is shown in place of a character; nothing if that is the character itself.
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

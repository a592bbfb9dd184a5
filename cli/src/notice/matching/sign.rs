//! Signs that change what the words beside them say: that they are struck out, refer to a note, are denied, in question, or
//! a limit of a number. They are words of their own.

/// Signs that stand for themselves. A `~` is one of those around what is struck out, or says "about".
const SIGNS: [char; 27] = [
    '~', '≈', '<', '>', '≤', '≥', '≠', '¬', '%', '‰', '?', '？', '†', '‡', '§', '✗', '✘', '✕', '✖',
    '×', '❌', '❎', '⛔', '🚫', '☐', '☒', '□',
];

/// The number of characters of the sign at a place of a text; 0 if there is none.
pub(super) fn length(text: &[char], at: usize) -> usize {
    let before = at.checked_sub(1).and_then(|at| text.get(at)).copied();
    let after = text.get(at + 1).copied();
    let is = |c: Option<char>, is: fn(char) -> bool| c.is_some_and(is);
    match text[at] {
        '~' => text[at..].iter().take_while(|c| **c == '~').count(),
        // A note, and none of the stars of bold text.
        '*' | '＊' => {
            let is_star = |c: Option<char>| matches!(c, Some('*' | '＊'));
            let refers = is(before, |c| c.is_alphanumeric() || matches!(c, ')' | '）'));
            usize::from(refers && !is_star(after) && !is(after, char::is_alphanumeric))
        }
        // A number below zero.
        '-' | '−' | '﹣' | '－' => {
            let is_negative =
                is(after, |c| c.is_ascii_digit()) && !is(before, char::is_alphanumeric);
            usize::from(is_negative)
        }
        character => usize::from(SIGNS.contains(&character)),
    }
}

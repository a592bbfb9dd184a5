//! How deeply braces and parentheses are nested: the parser recurses as deeply.

use super::scan::{Kind, Scanner};
use crate::limits::MAX_NESTING;

/// Where braces and parentheses are nested deeper than the parser may recurse. O(length).
///
/// After a string that is never closed, it counts the rest of the line too: never fewer braces than the parser
/// sees.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut open: Vec<u8> = Vec::new();
    for mark in Scanner::new(text).filter(|scanned| scanned.kind == Kind::Mark) {
        match mark.text.as_bytes() {
            [mark_byte @ (b'{' | b'(')] => {
                open.push(*mark_byte);
                if open.len() > MAX_NESTING {
                    return Some(mark.start);
                }
            }
            // A brace closes all parentheses that are open in it.
            b"}" => while open.pop().is_some_and(|open| open != b'{') {},
            // A parenthesis closes no brace: the parser continues in it.
            b")" => drop(open.pop_if(|open| *open == b'(')),
            _ => {}
        }
    }
    None
}

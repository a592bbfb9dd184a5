//! How deep braces and parentheses stand in each other: the parser recurses as deep.

use super::characters::line_length;
use super::lexical::string_length;
use crate::limits::MAX_NESTING;

/// Where braces and parentheses are nested deeper than the parser may go. O(length).
///
/// Reads strings and comments as the grammar does, so that neither hides a brace from it; where the
/// two could differ, this counts more.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut open: Vec<u8> = Vec::new();
    let bytes = text.as_bytes();
    let (mut at, mut unclosed) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if at < unclosed => at += 1,
            b'"' => match string_length(&text[at..]) {
                Ok(length) => at += length,
                Err(length) => {
                    unclosed = at + length; // after it, no other on the line is closed
                    at += 1;
                }
            },
            b'/' if bytes[at..].starts_with(b"//") => {
                at += line_length(&text[at..]);
            }
            b'{' | b'(' => {
                open.push(*byte);
                if open.len() > MAX_NESTING {
                    return Some(at);
                }
                at += 1;
            }
            b'}' => {
                // A brace ends whatever parentheses are open in it.
                while open.pop().is_some_and(|open| open != b'{') {}
                at += 1;
            }
            b')' => {
                // One that closes nothing closes no brace either: the parser goes on in it.
                open.pop_if(|open| *open == b'(');
                at += 1;
            }
            _ => at += 1,
        }
    }
    None
}

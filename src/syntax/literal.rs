//! String literals, with the escapes of JSON.

use super::characters::{is_bidirectional, is_hidden, is_layout};

/// An invalid escape.
#[derive(Debug)]
pub(super) struct BadEscape {
    /// Its offset, with the quotation mark counted, and its length.
    pub(super) at: usize,
    pub(super) length: usize,
    /// Its character, if it has one.
    pub(super) stands_for: Option<char>,
}

/// Resolves the escapes of `quoted`, which has its quotation marks.
///
/// # Errors
/// The first escape that is not one of JSON, or whose character a string may not contain.
pub(super) fn unescape(quoted: &str) -> Result<String, BadEscape> {
    let inner = &quoted[1..quoted.len() - 1];
    if !inner.contains('\\') {
        return Ok(inner.to_owned());
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = &rest[at..];
        let at = quoted.len() - 1 - escape.len();
        let (c, length) = escaped(escape).ok_or_else(|| BadEscape {
            at,
            length: bad_length(escape),
            stands_for: None,
        })?;
        if is_bidirectional(c) || is_hidden(c) && !is_layout(c) {
            return Err(BadEscape { at, length, stands_for: Some(c) });
        }
        text.push(c);
        rest = &escape[length..];
    }
    text.push_str(rest);
    Ok(text)
}

/// The content of a string literal, empty if the literal is not closed.
pub(crate) fn unquoted(quoted: &str) -> String {
    let whole = quoted.len() > 1 && quoted.starts_with('"') && quoted.ends_with('"');
    if whole { unescape(quoted).unwrap_or_default() } else { String::new() }
}

/// The character of the escape that the text starts with, and the length of the escape in bytes.
fn escaped(escape: &str) -> Option<(char, usize)> {
    let simple = match escape.as_bytes().get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode(escape),
        _ => return None,
    };
    Some((simple, 2))
}

/// `\u` and four hexadecimal digits; two of them for a character beyond U+FFFF, as in JSON.
fn unicode(escape: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = escape.get(at..at + 4)?;
        let hexadecimal = digits.bytes().all(|b| b.is_ascii_hexdigit());
        hexadecimal.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
    };
    let first = unit(2)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return Some((c, 6));
    }
    let second = escape.get(6..8).filter(|prefix| *prefix == "\\u").and_then(|_| unit(8))?;
    let c = char::decode_utf16([first, second]).next()?.ok()?;
    Some((c, 12))
}

fn bad_length(escape: &str) -> usize {
    escape.chars().take(2).map(char::len_utf8).sum()
}

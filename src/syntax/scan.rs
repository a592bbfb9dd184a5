//! The one scanner of strings, comments and blanks, for everything that reads a text without the grammar.
//!
//! It sees them where the grammar does: a comment or a string that ended elsewhere could hide a brace or a
//! statement from a check. Scanning cannot fail and is linear.

use super::characters::{WHITE_SPACE, line_break, line_length};

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    LineBreak,
    /// Spaces and tabs.
    Blank,
    /// From `//` to the end of the line.
    Comment,
    /// A string with its quotation marks.
    String,
    /// A quotation mark whose string does not end on its line.
    OpenString,
    /// A keyword, a name or a number. Names may contain most characters beyond ASCII, so all are included.
    Word,
    /// Any other character.
    Mark,
}

/// A piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scanned<'t> {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) text: &'t str,
}

/// Splits a text into pieces, without gaps.
pub(crate) struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// No string closes before this offset, the end of a line.
    unclosed: usize,
}

impl<'t> Scanner<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0, unclosed: 0 }
    }

    /// Continues at the next line break.
    pub(super) fn skip_line(&mut self) {
        self.at += line_length(&self.text[self.at..]);
    }

    /// The kind and the end of the piece that starts with `first`.
    fn piece(&mut self, first: u8) -> (Kind, usize) {
        let (text, at) = (self.text, self.at);
        let broken = line_break(text.as_bytes(), at);
        if broken > 0 {
            return (Kind::LineBreak, at + broken);
        }
        match first {
            b' ' | b'\t' => (Kind::Blank, self.end_of(|byte| matches!(byte, b' ' | b'\t'))),
            b'/' if starts_comment(text, at) => (Kind::Comment, at + line_length(&text[at..])),
            b'"' if at < self.unclosed => (Kind::OpenString, at + 1),
            b'"' => match string_length(&text[at..]) {
                Ok(length) => (Kind::String, at + length),
                Err(length) => {
                    self.unclosed = at + length;
                    (Kind::OpenString, at + 1)
                }
            },
            byte if is_word(byte) => (Kind::Word, self.end_of(is_word)),
            _ => (Kind::Mark, at + 1), // all characters beyond ASCII are in words or break lines
        }
    }

    /// The end of the bytes from here that satisfy a condition and do not break a line.
    fn end_of(&self, condition: impl Fn(u8) -> bool) -> usize {
        let bytes = self.text.as_bytes();
        let mut end = self.at + 1;
        while let Some(byte) = bytes.get(end)
            && condition(*byte)
            && (byte.is_ascii() || line_break(bytes, end) == 0)
        {
            end += 1;
        }
        end
    }
}

impl<'t> Iterator for Scanner<'t> {
    type Item = Scanned<'t>;

    fn next(&mut self) -> Option<Scanned<'t>> {
        let start = self.at;
        let first = *self.text.as_bytes().get(start)?;
        let (kind, end) = self.piece(first);
        self.at = end;
        Some(Scanned { kind, start, text: &self.text[start..end] })
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Whether a comment starts at an offset outside of strings.
pub(super) fn starts_comment(text: &str, at: usize) -> bool {
    text.as_bytes()[at..].starts_with(b"//")
}

/// The length of the string that starts the text. If it does not end on its line, the error is the length
/// of the line.
pub(super) fn string_length(text: &str) -> Result<usize, usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            // The bytes that a line break may start with.
            b'\n'..=b'\r' | 0xC2 | 0xE2 if line_break(text.as_bytes(), at) > 0 => return Err(at),
            _ if escaped => escaped = false,
            b'"' => return Ok(at + 1),
            byte => escaped = byte == b'\\',
        }
    }
    Err(text.len())
}

/// The offset of the next token at or after `at`: skips white space and comments.
pub(crate) fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches(WHITE_SPACE).len();
        if blank > 0 {
            at += blank;
        } else if starts_comment(text, at) {
            at += line_length(rest);
        } else {
            return at;
        }
    }
}

/// The length of the token that starts the text, 0 at its end.
pub(super) fn token_length(text: &str) -> usize {
    if text.starts_with('"') {
        let (Ok(length) | Err(length)) = string_length(text);
        return length;
    }
    match first_word(text).len() {
        0 => text.chars().next().map_or(0, char::len_utf8),
        length => length,
    }
}

/// The letters, digits and underscores that start the text.
pub(super) fn first_word(text: &str) -> &str {
    &text[..text.find(|c| !is_part_of_name(c)).unwrap_or(text.len())]
}

pub(super) fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        Scanner::new(text).map(|scanned| (scanned.kind, scanned.text)).collect()
    }

    #[test]
    fn a_text_is_split_where_the_grammar_splits_it() {
        use Kind::*;
        let cases: [(&str, &[(Kind, &str)]); 7] = [
            ("tag a", &[(Word, "tag"), (Blank, " "), (Word, "a")]),
            (
                "a // {\u{2028}b",
                &[
                    (Word, "a"),
                    (Blank, " "),
                    (Comment, "// {"),
                    (LineBreak, "\u{2028}"),
                    (Word, "b"),
                ],
            ),
            (r#""a \" // b"{"#, &[(String, r#""a \" // b""#), (Mark, "{")]),
            (
                "\"a\"\"b\r\n",
                &[(String, "\"a\""), (OpenString, "\""), (Word, "b"), (LineBreak, "\r\n")],
            ),
            (
                "\"a \\\"",
                &[(OpenString, "\""), (Word, "a"), (Blank, " "), (Mark, "\\"), (OpenString, "\"")],
            ),
            ("邮\u{85}/", &[(Word, "邮"), (LineBreak, "\u{85}"), (Mark, "/")]),
            ("é.b", &[(Word, "é"), (Mark, "."), (Word, "b")]),
        ];
        for (text, expected) in cases {
            assert_eq!(kinds(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_next_token_comes_after_white_space_and_comments() {
        assert_eq!(skip_blank("a // b\n\u{85}\t c", 1), 11);
        assert_eq!(skip_blank("a /", 1), 2);
        assert_eq!(skip_blank("a //", 1), 4);
    }
}

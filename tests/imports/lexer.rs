//! The tokens of Rust code that matter to imports: words, `::` and punctuation. Comments and literals are left out.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A keyword or a name.
    Word(String),
    /// `::`, or any other character.
    Mark(String),
}

impl Token {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Mark(text) => text,
        }
    }
}

pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '"' => string(rest),
            '\'' => quoted(rest),
            c if is_word(c) => match literal(rest) {
                Some(length) => length,
                None => {
                    let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                    tokens.push(Token::Word(rest[..length].to_owned()));
                    length
                }
            },
            c if c.is_whitespace() => c.len_utf8(),
            c => {
                let length = if rest.starts_with("::") { 2 } else { c.len_utf8() };
                tokens.push(Token::Mark(rest[..length].to_owned()));
                length
            }
        };
        rest = &rest[length..];
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of a literal that starts with a letter: `b'a'`, `b"a"`, `r"a"`, `r#"a"#`, `br"a"`.
fn literal(text: &str) -> Option<usize> {
    let prefix = text.find(|c| !is_word(c))?;
    let (letters, rest) = text.split_at(prefix);
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    match letters {
        "b" if rest.starts_with('\'') => Some(prefix + quoted(rest)),
        "b" | "c" if rest.starts_with('"') => Some(prefix + string(rest)),
        "r" | "br" | "cr" if rest[hashes..].starts_with('"') => {
            let end = format!("\"{}", "#".repeat(hashes));
            let length = rest[hashes + 1..].find(&end).map_or(rest.len(), |at| hashes + 1 + at);
            Some((prefix + length + end.len()).min(text.len()))
        }
        _ => None,
    }
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'"' => return at + 1,
            byte => escaped = byte == b'\\',
        }
    }
    text.len()
}

/// The length of a character, or of the quotation mark of a lifetime.
fn quoted(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((next, _))) => {
            text[next + 1..].find('\'').map_or(text.len(), |at| next + 1 + at + 1)
        }
        (_, Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

//! The characters that no policy is written with but that documents, keyboards and word processors
//! bring: what each is called, and what it was meant as.

pub(super) fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

pub(super) fn is_mark(c: char) -> bool {
    use unicode_normalization::char::is_combining_mark;
    is_combining_mark(c) || c == '·' || c == '\u{2118}'
}

pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || c.is_whitespace()
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

pub(super) fn unexpected(c: char) -> String {
    let name = name_of(c);
    let code = format!("U+{:04X}", c as u32);
    match (is_invisible(c), name) {
        (true, name) => format!("unexpected {name} ({code})"),
        (false, "") => format!("unexpected character `{c}` ({code})"),
        (false, name) => format!("unexpected character `{c}` ({name}, {code})"),
    }
}

/// The marks that close a quotation which `c` opens.
pub(super) fn closers(c: char) -> Option<&'static str> {
    Some(match c {
        '“' | '”' => "”“",
        '„' => "“”",
        '‘' | '’' => "’‘",
        '«' => "»",
        '»' => "«",
        '「' => "」",
        '『' => "』",
        '＂' => "＂",
        '\'' => "'",
        _ => return None,
    })
}

pub(super) fn closes_like_a_string(c: char) -> bool {
    matches!(c, '“' | '”' | '＂')
}

/// The characters that pasted documents bring, by their names.
fn name_of(c: char) -> &'static str {
    match c {
        '，' => "full-width comma",
        '、' => "ideographic comma",
        '。' => "ideographic full stop",
        '．' => "full-width full stop",
        '：' => "full-width colon",
        '；' => "full-width semicolon",
        '（' | '）' => "full-width parenthesis",
        '｛' | '｝' => "full-width brace",
        '【' | '】' | '［' | '］' => "full-width bracket",
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' => "typographic quotation mark",
        '「' | '」' | '『' | '』' => "corner bracket",
        '＂' => "full-width quotation mark",
        '＃' => "full-width number sign",
        '＊' => "full-width asterisk",
        '×' => "times sign",
        '＆' => "full-width ampersand",
        '＝' => "full-width equals sign",
        '＜' | '＞' => "full-width comparison sign",
        '≤' | '≥' | '≠' => "comparison sign",
        '！' => "full-width exclamation mark",
        '／' => "full-width slash",
        '－' | '–' | '—' => "dash",
        '…' => "ellipsis",
        '[' | ']' => "bracket",
        ';' => "semicolon",
        '\'' => "single quotation mark",
        '\u{3000}' => "ideographic space",
        '\u{00A0}' | '\u{202F}' => "no-break space",
        '\u{00AD}' => "soft hyphen",
        '\u{200B}' => "zero-width space",
        '\u{200C}' | '\u{200D}' | '\u{2060}' => "zero-width joiner",
        '\u{FEFF}' => "byte order mark",
        c if c.is_control() => "control character",
        c if c.is_whitespace() => "kind of space",
        _ => "",
    }
}

/// What `c` was meant as, and how to say so. `rest` is what follows it.
pub(super) fn meant_by(c: char, rest: &str) -> Option<(&'static str, String)> {
    let instead = match c {
        '，' | '、' => ",",
        '．' => ".",
        '。' if rest.starts_with(|c: char| c.is_alphabetic() || c == '_') => ".",
        '：' => ":",
        '（' | '［' | '【' | '[' => "(",
        '）' | '］' | '】' | ']' => ")",
        '｛' => "{",
        '｝' => "}",
        '＃' => "#",
        '＊' => "*",
        '＆' => "&",
        '＝' => "=",
        '＜' => "<",
        '＞' => ">",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        _ => return hint(c).map(|help| (" ", help.to_owned())),
    };
    Some((instead, format!("write `{instead}`")))
}

/// Nothing stands at the end of a statement.
pub(super) fn ends_a_sentence(c: char) -> bool {
    matches!(c, '。' | '；' | ';')
}

fn hint(c: char) -> Option<&'static str> {
    Some(match c {
        c if ends_a_sentence(c) => "remove it: a statement ends where the next one starts",
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '「' | '」' | '『' | '』' | '＂' | '\'' => {
            "a text stands between two plain quotation marks, as in `\"Email address\"`"
        }
        '！' | '~' => "write `not`",
        '|' => "in a condition write `or`; in a list write `,`",
        '／' | '/' => "a comment starts with `//`",
        '\\' | '$' | '%' | '?' | '@' | '^' | '+' => {
            "the language does not use it outside of quotation marks"
        }
        '－' | '–' | '—' => "write `-` before a number, or `_` in a name",
        '\u{3000}' | '\u{00A0}' | '\u{202F}' => "write an ordinary space",
        c if is_invisible(c) => "remove it",
        _ => return None,
    })
}

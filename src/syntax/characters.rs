//! Characters: line breaks, invisible characters, and those that come from documents, keyboards and word processors
//! but are not part of the language, with their names and what they were likely meant as.

/// Every character that an editor shows as a line break. Each of them ends a comment and a string, as
/// `line_break` of the grammar says; elsewhere they are white space.
pub(crate) const LINE_BREAKS: [char; 7] =
    ['\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];
/// The characters that separate words.
pub(super) const WHITE_SPACE: [char; 9] =
    [' ', '\t', '\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'];

/// The length in bytes of the line break at `at`: 0 if there is none, 2 for `\r\n`.
pub(crate) fn line_break(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..).unwrap_or_default() {
        [b'\r', b'\n', ..] => 2,
        [b'\n'..=b'\r', ..] => 1,
        [0xC2, 0x85, ..] => 2,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}

/// The length of the first line of a text, without its line break.
pub(crate) fn line_length(text: &str) -> usize {
    text.find(LINE_BREAKS).unwrap_or(text.len())
}

/// The start of the line after the one at `at`.
pub(crate) fn after_line(text: &str, at: usize) -> usize {
    let end = at + line_length(&text[at..]);
    end + line_break(text.as_bytes(), end)
}

/// A line break that some editors show and others do not.
pub(super) fn is_rare_line_break(c: char) -> bool {
    c != '\n' && c != '\r' && LINE_BREAKS.contains(&c)
}

/// A character that comments and strings may not contain: it moves a terminal's cursor, hides its neighbours, or
/// controls a program without being seen.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{206A}'..='\u{206F}' | '\u{FEFF}')
        || matches!(c, '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// A text without hidden characters, in which line breaks and tabs are spaces.
pub(crate) fn readable(text: &str) -> String {
    let spaced = text.replace(|c| LINE_BREAKS.contains(&c) || c == '\t', " ");
    spaced.replace(|c| is_hidden(c) || is_bidirectional(c), "")
}

/// A control character that a string may contain as an escape.
pub(super) fn is_layout(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t')
}

/// A character without width: Unicode's property Default_Ignorable_Code_Point. New characters are only added in
/// these blocks.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// A character that is invisible or looks like an ordinary space, but is not one.
pub(super) fn looks_otherwise(c: char) -> bool {
    is_ignorable(c) || c != ' ' && c.is_whitespace()
}

/// A character as an escape of JSON.
pub(super) fn as_escape(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect()
}

pub(super) fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

pub(super) fn is_mark(c: char) -> bool {
    use unicode_normalization::char::is_combining_mark;
    is_combining_mark(c) || c == '·' || c == '\u{2118}'
}

pub(super) fn is_invisible(c: char) -> bool {
    c.is_control() || c.is_whitespace() || is_ignorable(c)
}

pub(super) fn unexpected(c: char) -> String {
    let code = format!("U+{:04X}", c as u32);
    match (is_invisible(c), name_of(c)) {
        (true, _) => format!("unexpected {}", described(c)),
        (false, "") => format!("unexpected character `{c}` ({code})"),
        (false, name) => format!("unexpected character `{c}` ({name}, {code})"),
    }
}

/// The name of a character, for one that cannot be shown.
pub(super) fn described(c: char) -> String {
    format!("{} (U+{:04X})", name_of(c), c as u32)
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

/// The names of characters that come with pasted documents.
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
        '\u{85}' => "next-line character",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\r' => "carriage return",
        '\u{B}' => "vertical tab",
        '\u{C}' => "form feed",
        '\t' => "tab",
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => "variation selector",
        '\u{E0000}'..='\u{E007F}' => "tag character",
        c if c.is_control() => "control character",
        c if c.is_whitespace() => "kind of space",
        c if is_ignorable(c) || is_hidden(c) => "invisible character",
        _ => "",
    }
}

/// What `c` was likely meant as, and the help that says so. `rest` is the text after it.
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

/// Whether `c` ends a sentence or a statement in other languages.
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

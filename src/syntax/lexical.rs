//! What is refused before parsing: characters that the language has no use for, above all those that
//! make a text read differently from what it is, and nesting that could overflow the parser's stack.

use crate::diagnostic::{Code, Diagnostic};
use crate::limits::MAX_NESTING;
use crate::source::{FileId, Span};

/// The findings; parsing goes on unless `fatal` is set.
pub(super) struct Lexical {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) fatal: bool,
}

/// Walks the text once, outside and inside of strings and comments. O(length).
pub(super) fn check(file: FileId, text: &str) -> Lexical {
    let mut found = Lexical { diagnostics: Vec::new(), fatal: false };
    let mut open: Vec<usize> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => string(file, text, at, &mut chars, &mut found),
            '/' if text[at..].starts_with("//") => {
                while let Some((at, c)) = chars.next_if(|(_, c)| *c != '\n') {
                    bidirectional(file, at, c, &mut found);
                }
            }
            '{' | '(' => {
                open.push(at);
                if open.len() == MAX_NESTING + 1 {
                    found.fatal = true;
                    let message =
                        format!("braces and parentheses are nested over {MAX_NESTING} deep");
                    found.diagnostics.push(
                        Diagnostic::new(Code::TooDeep, Span::new(file, at, at + 1), message)
                            .label("this one is too deep")
                            .help("no list of personal data is this deep: look for a brace that is never closed"),
                    );
                    return found;
                }
            }
            '}' | ')' => {
                open.pop();
            }
            _ => outside(file, at, c, &mut found),
        }
    }
    found
}

fn string(
    file: FileId,
    text: &str,
    start: usize,
    chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
    found: &mut Lexical,
) {
    while let Some((at, c)) = chars.next_if(|(_, c)| *c != '\n') {
        match c {
            '"' => return,
            '\\' => drop(chars.next_if(|(_, c)| *c != '\n')),
            _ => {
                bidirectional(file, at, c, found);
            }
        }
    }
    let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
    found.diagnostics.push(
        Diagnostic::new(Code::Unclosed, Span::new(file, start, end), "this string is never closed")
            .help("end it with `\"` on the same line; a line break inside is written `\\n`"),
    );
}

/// A character outside of strings and comments.
fn outside(file: FileId, at: usize, c: char, found: &mut Lexical) {
    if c.is_ascii_graphic() && !"$%';?@[]\\^|~+/".contains(c) || " \t\r\n".contains(c) {
        return;
    }
    if bidirectional(file, at, c, found) || c.is_alphanumeric() || is_mark(c) {
        return; // what is no part of a name after all, the parser finds
    }
    let name = name_of(c);
    let shown = if c.is_control() || c.is_whitespace() || is_invisible(c) {
        String::new()
    } else {
        format!("`{c}` ")
    };
    let message = format!("unexpected character {shown}({name}, U+{:04X})", c as u32);
    let span = Span::new(file, at, at + c.len_utf8());
    let mut diagnostic = Diagnostic::new(Code::UnknownCharacter, span, message);
    if let Some(meant) = meant_by(c) {
        diagnostic = diagnostic.help(format!("write {meant} instead"));
    }
    found.diagnostics.push(diagnostic);
}

fn bidirectional(file: FileId, at: usize, c: char, found: &mut Lexical) -> bool {
    let hostile = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}');
    if hostile {
        found.fatal = true;
        let message = format!("bidirectional control character U+{:04X}", c as u32);
        found.diagnostics.push(
            Diagnostic::new(Code::Bidirectional, Span::new(file, at, at + c.len_utf8()), message)
                .help("remove it: it can make a policy look different from what it says"),
        );
    }
    hostile
}

fn is_mark(c: char) -> bool {
    use unicode_normalization::char::is_combining_mark;
    is_combining_mark(c) || c == '\u{200C}' || c == '\u{200D}' || c == '·' || c == '\u{2118}'
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// The characters that pasted documents bring, by their names; the rest by their kind.
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
        '＊' | '×' => "full-width asterisk or times sign",
        '＆' => "full-width ampersand",
        '＝' => "full-width equals sign",
        '＜' | '＞' => "full-width comparison sign",
        '≤' | '≥' | '≠' => "comparison sign",
        '！' => "full-width exclamation mark",
        '－' | '–' | '—' => "dash",
        '…' => "ellipsis",
        '\u{3000}' => "ideographic space",
        '\u{00A0}' | '\u{202F}' => "no-break space",
        '\u{200B}' => "zero-width space",
        '\u{FEFF}' => "byte order mark",
        ';' => "semicolon",
        '\'' => "apostrophe",
        c if c.is_control() => "control character",
        c if c.is_whitespace() => "unusual space",
        c if c.is_ascii() => "punctuation that the language does not use",
        _ => "not part of the language",
    }
}

fn meant_by(c: char) -> Option<&'static str> {
    Some(match c {
        '，' | '、' => "`,`",
        '。' | '．' => "`.`",
        '：' => "`:`",
        '；' | ';' => "nothing: a statement ends where the next one starts",
        '（' | '［' | '【' | '[' => "`(`",
        '）' | '］' | '】' | ']' => "`)`",
        '｛' => "`{`",
        '｝' => "`}`",
        '“' | '”' | '„' | '‘' | '’' | '«' | '»' | '「' | '」' | '『' | '』' | '＂' | '\'' => {
            "`\"`"
        }
        '＃' => "`#`",
        '＊' => "`*`",
        '＆' => "`&`",
        '＝' => "`=`",
        '＜' => "`<`",
        '＞' => "`>`",
        '≤' => "`<=`",
        '≥' => "`>=`",
        '≠' => "`!=`",
        '！' | '~' => "`not`",
        '|' => "`or`, or a comma in a list",
        '－' | '–' | '—' => "`-`, or `_` inside of a name",
        '\u{3000}' | '\u{00A0}' | '\u{202F}' => "an ordinary space",
        '\u{200B}' | '\u{FEFF}' => "nothing",
        _ => return None,
    })
}

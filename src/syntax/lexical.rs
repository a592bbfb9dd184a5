//! Checks before parsing: characters that are not part of the language, above all those that make a text look
//! different from what it says; unclosed strings; and nesting that could overflow the parser's stack.
//!
//! Where the intention is clear, as with the punctuation of a Chinese document, the text is repaired before it is
//! parsed, so that one such character does not hide other mistakes.

use super::characters::{
    LINE_BREAKS, WHITE_SPACE, closers, closes_like_a_string, described, ends_a_sentence,
    is_bidirectional, is_hidden, is_ignorable, is_invisible, is_mark, is_rare_line_break,
    line_length, meant_by, unexpected,
};
use super::file_text::FileText;
use super::nesting;
use super::scan::{starts_comment, string_length};
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::limits::MAX_NESTING;
use crate::source::{FileId, Span};
use std::borrow::Cow;
use std::iter::Peekable;
use std::str::CharIndices;

/// The most findings reported for one file. A binary file would have one for nearly every byte.
const MOST_FINDINGS: usize = 1000;
/// The characters within which the closing mark of a typographic quotation is searched.
const LONGEST_QUOTATION: usize = 500;

/// The findings; parsing goes on unless `fatal` is set.
pub(super) struct Lexical<'t> {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) fatal: bool,
    /// The repaired text. Bytes that were not repaired keep their offsets.
    pub(super) meant: Cow<'t, str>,
}

/// Checks the whole text, inside and outside of strings and comments. O(length).
pub(super) fn check(file: FileId, text: &str) -> Lexical<'_> {
    let mut walk = Walk {
        file,
        text,
        chars: text.char_indices().peekable(),
        repairs: Vec::new(),
        diagnostics: Vec::new(),
        fatal: false,
        unclosed: 0,
        quoted: 0,
        unending: false,
        has_line_feeds: text.contains('\n'),
    };
    walk.file();
    let meant = repaired(text, &walk.repairs);
    if let Some(at) = nesting::too_deep(&meant) {
        walk.fatal = true;
        walk.diagnostics.push(too_deep(FileText { file, written: text, text: &meant }.span(at, 1)));
    }
    Lexical { meant, diagnostics: walk.diagnostics, fatal: walk.fatal }
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("braces and parentheses are nested over {MAX_NESTING} deep");
    Diagnostic::new(Code::TooDeep, span, message)
        .label("this one is too deep")
        .help("no list of personal data is this deep: look for one that is never closed")
}

struct Walk<'t> {
    file: FileId,
    text: &'t str,
    chars: Peekable<CharIndices<'t>>,
    repairs: Vec<Repair>,
    diagnostics: Vec<Diagnostic>,
    fatal: bool,
    /// No `"` closes a string before this offset, the end of a line.
    unclosed: usize,
    /// The end of the last name in backquotes, in which a `-` stands for itself.
    quoted: usize,
    /// There is no further `*/`.
    unending: bool,
    /// Some lines end in `\n`. Then not every editor shows a lone `\r` as a line break.
    has_line_feeds: bool,
}

/// The length of the name in backquotes that starts the text; 1 if it is none.
fn quoted_length(text: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-') || is_mark(c);
    let end = text[1..].find(|c: char| !is_part(c)).map(|at| at + 1);
    end.filter(|end| text[*end..].starts_with('`')).map_or(1, |end| end + 1)
}

/// What a character is inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Comment,
    Text,
}

/// A replacement of the bytes from `start` to `end`: `text`, with spaces before or after it to keep the length.
struct Repair {
    start: usize,
    end: usize,
    text: &'static str,
    spaces_first: bool,
}

fn repaired<'t>(text: &'t str, repairs: &[Repair]) -> Cow<'t, str> {
    if repairs.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len());
    for repair in repairs {
        result.push_str(&text[result.len()..repair.start]);
        let width = repair.end - repair.start;
        let spaces = width.saturating_sub(repair.text.len());
        if repair.spaces_first {
            result.extend(std::iter::repeat_n(' ', spaces));
        }
        result.push_str(repair.text);
        if !repair.spaces_first {
            result.extend(std::iter::repeat_n(' ', spaces));
        }
    }
    result.push_str(&text[result.len()..]);
    Cow::Owned(result)
}

impl Walk<'_> {
    fn file(&mut self) {
        while let Some((at, c)) = self.chars.next() {
            match c {
                '"' => self.string(at),
                '/' if starts_comment(self.text, at) => self.comment(at),
                '`' if at >= self.quoted => self.quoted = at + quoted_length(&self.text[at..]),
                _ => self.outside(at, c),
            }
        }
    }

    fn comment(&mut self, start: usize) {
        let end = start + line_length(&self.text[start..]);
        self.skip_to(end, Within::Comment);
        let Some(c) = self.text[end..].chars().next() else { return };
        let is_rare = is_rare_line_break(c) || c == '\r' && self.has_line_feeds;
        // An editor that shows no line break there shows the rest of the line as part of the comment.
        let follows = self.text[end + c.len_utf8()..]
            .trim_start_matches(|c: char| c.is_whitespace() && !matches!(c, '\n' | '\r'));
        if is_rare && !follows.is_empty() && !follows.starts_with(['\n', '\r', '/']) {
            let span = self.span(end, c.len_utf8());
            let message = format!("a comment ends at a {}", described(c));
            self.push(
                Diagnostic::new(Code::RareLineBreak, span, message)
                    .label("what follows is read, although some editors show it as a part of the comment")
                    .help("end the line with an ordinary line break")
                    .fixed_by(Fix {
                        title: "write a line break".to_owned(),
                        edits: vec![(span, "\n".to_owned())],
                    }),
            );
        }
    }

    fn string(&mut self, start: usize) {
        if start < self.unclosed {
            return self.repair(start, start + 1, " ", false);
        }
        match string_length(&self.text[start..]) {
            Ok(length) => self.skip_to(start + length, Within::Text),
            Err(length) if self.goes_on(start + length) => self.broken_string(start, length),
            Err(length) => self.unclosed_string(start, length),
        }
    }

    /// Whether there is a line break at `at` that many editors do not show.
    fn goes_on(&self, at: usize) -> bool {
        self.text[at..].starts_with(is_rare_line_break)
    }

    /// A string that contains line breaks that many editors do not show, the first one `length` bytes after its start.
    /// They are read as spaces.
    fn broken_string(&mut self, start: usize, length: usize) {
        let mut at = start + length;
        let end = loop {
            match string_length(&self.text[at..]) {
                Ok(length) => break at + length,
                Err(length) if self.goes_on(at + length) => at += length,
                Err(_) => return self.unclosed_string(start, length),
            }
        };
        self.skip_to(end, Within::Text);
    }

    /// Ends a string where that was likely meant: before a brace, or with the line.
    fn unclosed_string(&mut self, start: usize, length: usize) {
        self.unclosed = start + length;
        let line = &self.text[start..start + length];
        let diagnostic =
            |span| Diagnostic::new(Code::Unclosed, span, "this string is never closed");
        if let Some((at, mark)) = line.char_indices().find(|(_, c)| closes_like_a_string(*c))
            && !line[..at].contains('\\')
        {
            let (at, length) = (start + at, mark.len_utf8());
            self.skip_to(at + length, Within::Text);
            self.repair(at, at + length, "\"", false);
            self.push(
                diagnostic(self.span(start, 1))
                    .related(self.span(at, length), format!("`{mark}` does not close it"))
                    .help("end it with `\"`")
                    .fixed_by(written(&[(self.span(at, length), "\"")])),
            );
            return;
        }
        let shown = self.span(start, line.trim_end().len());
        let end = line.find('{').unwrap_or(line.len());
        self.skip_to(start + end, Within::Text);
        let mut last = line[..end].char_indices().next_back().map_or(0, |(at, _)| at);
        let before = line[..last].trim_end_matches('\\').len();
        last -= (last - before) % 2; // after a lone backslash the mark would close nothing
        self.repair(start + last, start + end, if last == 0 { " " } else { "\"" }, true);
        self.push(
            diagnostic(shown)
                .help("end it with `\"` on the same line; a line break inside is written `\\n`"),
        );
    }

    /// Checks the inside of a string or a comment, up to `end`.
    fn skip_to(&mut self, end: usize, within: Within) {
        while let Some((at, c)) = self.chars.next_if(|(at, _)| *at < end) {
            if !self.bidirectional(at, c) && is_hidden(c) {
                self.hidden(at, c, within);
            }
        }
    }

    /// A character that a reader does not see, inside of a string or a comment.
    fn hidden(&mut self, at: usize, c: char, within: Within) {
        let (what, help) = match (within, c) {
            (Within::Comment, '\t') => return,
            (Within::Comment, c) if c.is_whitespace() => return, // a comment over several lines
            (Within::Comment, _) => ("a comment", "remove it"),
            (Within::Text, '\t') => ("a text", "write a space, or `\\t`"),
            (Within::Text, c) if c.is_whitespace() => {
                ("a text", "a text stands on one line; a line break in it is written `\\n`")
            }
            (Within::Text, _) => ("a text", "remove it"),
        };
        let end = self.end_of_run(at, c);
        if is_rare_line_break(c) && within == Within::Text {
            self.repair(at, end, " ", false);
        }
        let message = format!("{} in {what}", described(c));
        let span = self.span(at, end - at);
        self.push(Diagnostic::new(Code::HiddenCharacter, span, message).help(help));
    }

    /// A character outside of strings and comments.
    fn outside(&mut self, at: usize, c: char) {
        let in_order = c.is_ascii_graphic() && !"$%';?@[]\\^|~+/-".contains(c);
        if in_order || WHITE_SPACE.contains(&c) || self.bidirectional(at, c) {
            return;
        }
        match c {
            '-' => return self.hyphen(at),
            '/' if self.text[at..].starts_with("/*") => return self.block_comment(at),
            _ => {}
        }
        if (c.is_alphanumeric() || is_mark(c)) && !is_ignorable(c) {
            return; // the parser reports what cannot be part of a name
        }
        if let Some(closers) = closers(c)
            && self.quotation(at, c, closers)
        {
            return;
        }
        let end = self.end_of_run(at, c);
        let count = (end - at) / c.len_utf8();
        let span = self.span(at, end - at);
        let mut diagnostic = Diagnostic::new(Code::UnknownCharacter, span, unexpected(c));
        if count > 3 {
            diagnostic = diagnostic.label(format!("{count} of them"));
        }
        if let Some((instead, help)) = meant_by(c, &self.text[end..]) {
            self.repair(at, end, instead, false);
            diagnostic = diagnostic.help(help);
            // A space in place of a word is only a repair for the parser, not a fix.
            let by = match instead {
                " " if c.is_whitespace() => Some(" "),
                " " if ends_a_sentence(c) || is_invisible(c) => Some(""),
                " " => None,
                by => Some(by),
            };
            if let Some(by) = by {
                diagnostic = diagnostic.fixed_by(written(&[(span, by)]));
            }
        }
        self.push(diagnostic);
    }

    /// A `-` is the sign of a number; in a name it was meant as `_`.
    fn hyphen(&mut self, at: usize) {
        if at < self.quoted {
            return;
        }
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let after = self.text[at + 1..].chars().next();
        if self.text[..at].ends_with(is_part) && after.is_some_and(is_part) {
            self.repair(at, at + 1, "_", false);
            self.push(
                Diagnostic::new(Code::UnknownCharacter, self.span(at, 1), "`-` in a name")
                    .help("words in a name are joined by `_`")
                    .fixed_by(written(&[(self.span(at, 1), "_")])),
            );
        }
    }

    /// A comment in the syntax of other languages, which is read as a comment.
    fn block_comment(&mut self, start: usize) {
        let end = if self.unending { None } else { self.text[start + 2..].find("*/") };
        self.unending = end.is_none();
        if let Some(length) = end {
            let end = start + 2 + length + 2;
            self.skip_to(end, Within::Comment);
            self.repair(start, end, "", false);
        }
        self.push(
            Diagnostic::new(Code::UnknownCharacter, self.span(start, 2), "unexpected `/*`")
                .help("a comment starts with `//` and ends with the line"),
        );
    }

    /// A text between other quotation marks, which is read as a string. Returns false if it does not end on its line.
    fn quotation(&mut self, start: usize, opener: char, closers: &str) -> bool {
        let rest = &self.text[start + opener.len_utf8()..];
        let near = rest
            .char_indices()
            .take(LONGEST_QUOTATION)
            .take_while(|(_, c)| !LINE_BREAKS.contains(c));
        let closing = near.clone().find(|(_, c)| closers.contains(*c) || *c == '"');
        let Some((length, closer)) = closing else { return false };
        if rest[..length].contains('\\') {
            return false; // an escape would make the closing mark part of the string
        }
        let (inner, end) = (start + opener.len_utf8(), start + opener.len_utf8() + length);
        self.skip_to(end + closer.len_utf8(), Within::Text);
        self.repair(start, inner, "\"", true);
        let span = self.span(start, inner - start);
        let mut diagnostic = Diagnostic::new(Code::UnknownCharacter, span, unexpected(opener))
            .help("a text stands between two plain quotation marks, as in `\"Email address\"`");
        let mut edits = vec![(span, "\"")];
        if closer != '"' {
            self.repair(end, end + closer.len_utf8(), "\"", false);
            let closing = self.span(end, closer.len_utf8());
            diagnostic = diagnostic.related(closing, "and here");
            edits.push((closing, "\""));
        }
        self.push(diagnostic.fixed_by(written(&edits)));
        true
    }

    fn bidirectional(&mut self, at: usize, c: char) -> bool {
        let hostile = is_bidirectional(c);
        if hostile {
            self.fatal = true;
            let end = self.end_of_run(at, c);
            let message = format!("bidirectional control character U+{:04X}", c as u32);
            self.push(
                Diagnostic::new(Code::Bidirectional, self.span(at, end - at), message)
                    .help("remove it: it can make a policy look different from what it says"),
            );
        }
        hostile
    }

    /// Skips the repetitions of the character at `at` and returns where the last one ends.
    fn end_of_run(&mut self, at: usize, c: char) -> usize {
        let mut end = at + c.len_utf8();
        while self.chars.next_if(|(_, next)| *next == c).is_some() {
            end += c.len_utf8();
        }
        end
    }

    fn span(&self, at: usize, length: usize) -> Span {
        Span::new(self.file, at, at + length)
    }

    fn repair(&mut self, start: usize, end: usize, text: &'static str, spaces_first: bool) {
        self.repairs.push(Repair { start, end, text, spaces_first });
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        match self.diagnostics.len() {
            0..MOST_FINDINGS => self.diagnostics.push(diagnostic),
            MOST_FINDINGS => self.diagnostics.push(diagnostic.help(format!(
                "there are more than {MOST_FINDINGS} such findings in this file; is it a policy?"
            ))),
            _ => {}
        }
    }
}

/// The fix that writes what was meant.
fn written(edits: &[(Span, &str)]) -> Fix {
    let title = match edits.first() {
        None | Some((_, "")) => "remove it".to_owned(),
        Some((_, " ")) => "write a plain space".to_owned(),
        Some((_, by)) => format!("write `{by}`"),
    };
    Fix { title, edits: edits.iter().map(|(span, by)| (*span, (*by).to_owned())).collect() }
}

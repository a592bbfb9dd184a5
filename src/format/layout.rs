//! From tokens to lines.

use crate::syntax::tokens::{Class, Place, Token, ends};

/// The number of characters in a line, unless a single token or a comment is longer.
pub const WIDTH: usize = 100;
const INDENT: usize = 4;

/// The text of tokens, laid out. O(length): each token is visited at most once more for each brace
/// around it, and only as far as a line reaches.
pub(super) fn lay_out(tokens: &[Token<'_>]) -> String {
    let mut layout =
        Layout { tokens, ends: ends(tokens), text: String::new(), column: 0, depth: 0 };
    layout.entries(0, tokens.len());
    if !layout.text.is_empty() {
        layout.text.push('\n');
    }
    layout.text
}

struct Layout<'t> {
    tokens: &'t [Token<'t>],
    ends: Vec<usize>,
    text: String,
    /// The characters of the last line.
    column: usize,
    /// The braces around what is being written.
    depth: usize,
}

impl Layout<'_> {
    /// Entries and the comments between them.
    fn entries(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            let token = self.tokens[at];
            if token.class == Class::Comment {
                self.comment(token, at > from, self.depth * INDENT);
                at += 1;
                continue;
            }
            self.entry_line(token, at > from);
            let last = self.ends[at].clamp(at, to - 1);
            self.entry(at, last);
            at = last + 1;
        }
    }

    /// A comment where it was: after the token on its line, or on a line of its own.
    fn comment(&mut self, token: Token<'_>, blank: bool, indent: usize) {
        if token.breaks == 0 && !self.text.is_empty() {
            return self.write(" ", token.text);
        }
        if blank && token.breaks > 1 {
            self.text.push('\n');
        }
        self.line(indent);
        self.write("", token.text);
    }

    fn entry_line(&mut self, token: Token<'_>, blank: bool) {
        if blank && token.breaks > 1 {
            self.text.push('\n');
        }
        self.line(self.depth * INDENT);
    }

    fn entry(&mut self, from: usize, last: usize) {
        let open = (from..=last).find(|at| self.tokens[*at].class == Class::Open);
        if self.fits(from, last, open) {
            return self.on_one_line(from, last);
        }
        let Some(open) = open else { return self.broken(from, last) };
        self.broken(from, open);
        self.depth += 1;
        self.entries(open + 1, last);
        self.depth -= 1;
        if open + 1 < last {
            self.line(self.depth * INDENT);
        }
        self.write("", self.tokens[last].text);
    }

    /// Whether an entry stays on one line.
    fn fits(&self, from: usize, last: usize, open: Option<usize>) -> bool {
        let mut column = self.column;
        for at in from..=last {
            let token = self.tokens[at];
            let opened = open.is_some_and(|open| at > open);
            let keeps_statements = token.of_statements && self.ends[at] > at + 1;
            if token.class == Class::Comment || keeps_statements || (opened && token.breaks > 0) {
                return false;
            }
            column += self.space(from, at).len() + characters(token.text);
            if column > WIDTH {
                return false;
            }
        }
        true
    }

    fn on_one_line(&mut self, from: usize, last: usize) {
        for at in from..=last {
            self.write(self.space(from, at), self.tokens[at].text);
        }
    }

    /// Tokens over several lines as far as they need them: a statement before each of its parts, a
    /// list wherever a line is full.
    fn broken(&mut self, from: usize, last: usize) {
        let part = (self.depth + 1) * INDENT;
        let within = from + 1..=last;
        let is_part = |at: usize| self.tokens[at].place == Place::Clause;
        let has_parts = within.clone().any(is_part);
        let further = if has_parts { part + INDENT } else { part };
        let in_parts = has_parts && !self.fits(from, last, None);
        self.write("", self.tokens[from].text);
        for at in within {
            let token = self.tokens[at];
            let indent = if is_part(at) { part } else { further };
            if token.class == Class::Comment {
                // On its own line, it is indented like the token after it.
                let next = (at..=last).find(|at| self.tokens[*at].class != Class::Comment);
                self.comment(token, false, if next.is_some_and(is_part) { part } else { further });
                continue;
            }
            let commented = self.tokens[at - 1].class == Class::Comment;
            let full = token.place == Place::Further && self.is_full(from, at, last);
            if commented || full || (in_parts && is_part(at)) {
                self.line(indent);
                self.write("", token.text);
            } else {
                self.write(self.space(from, at), token.text);
            }
        }
    }

    /// Whether what stands up to the next place for a break does not fit any more.
    fn is_full(&self, from: usize, at: usize, last: usize) -> bool {
        let mut column = self.column;
        for next in at..=last {
            let token = self.tokens[next];
            let ends = token.place != Place::Within || token.class == Class::Comment;
            if next > at && ends {
                return false;
            }
            column += self.space(from, next).len() + characters(token.text);
            if column > WIDTH {
                return true;
            }
        }
        false
    }

    /// What stands between a token and the one before, on one line.
    fn space(&self, from: usize, at: usize) -> &'static str {
        if at == from {
            return "";
        }
        let (before, token) = (self.tokens[at - 1], self.tokens[at]);
        match (before.class, token.class) {
            (_, Class::Comma | Class::Colon | Class::Right) | (Class::Left, _) => "",
            (Class::Open, Class::Close) => "",
            // Siblings on one line are separated by more than a space.
            (before, _) if token.place == Place::Entry && before != Class::Open => "  ",
            _ => " ",
        }
    }

    fn write(&mut self, space: &str, text: &str) {
        self.text.push_str(space);
        self.text.push_str(text);
        self.column += space.len() + characters(text);
    }

    fn line(&mut self, indent: usize) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

//! The tokens of one file in its own order, comments among them, with what the grammar says of each.
//!
//! The tree groups what it holds by kind and has no comments; whoever lays a text out or colours it
//! needs both. Words come from the grammar's rules. What no rule names, punctuation, is found in the
//! gaps between them, where nothing else can stand but white space and comments.

use super::parse::{Grammar, Rule};
use pest::iterators::Pair;
use pest::{Parser, Token as Event};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Keyword,
    Name,
    Tag,
    Text,
    Number,
    /// A comparison, `=`, `&` or `*`.
    Operator,
    Open,
    Close,
    Left,
    Right,
    Comma,
    Colon,
    Comment,
    /// Of a broken part: whatever stands there.
    Other,
}

/// Where a token stands in what it is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It starts an item, a statement, a node, an expectation or an entry of the header.
    Entry,
    /// It starts `by`, `with`, `for` or a clause of a statement.
    Clause,
    /// It goes on with a list, a selection or a condition: a long line may be broken before it.
    Further,
    /// Anywhere else.
    Within,
}

/// A token, and how many line breaks stand between it and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) text: &'t str,
    pub(crate) start: usize,
    pub(crate) class: Class,
    pub(crate) place: Place,
    /// It is a brace of an `expect` or a section, which hold statements.
    pub(crate) of_statements: bool,
    pub(crate) breaks: u32,
}

/// All tokens. O(length). Of a text whose nesting was checked: the parser recurses as deep.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    // `file` takes any text; without it there would be no words, only gaps.
    let file = Grammar::parse(Rule::file, text).ok().and_then(|mut pairs| pairs.next());
    of_parsed(text, file)
}

/// All tokens of a text that was parsed.
pub(super) fn of_parsed<'t>(text: &'t str, file: Option<Pair<'_, Rule>>) -> Vec<Token<'t>> {
    let mut reader = Reader {
        text,
        at: 0,
        breaks: 0,
        place: Place::Within,
        tokens: Vec::new(),
        open: Vec::new(),
        behind_to: false,
    };
    if let Some(file) = file {
        reader.events(file.into_inner().tokens());
    }
    reader.gap(text.len());
    reader.tokens
}

struct Reader<'t> {
    text: &'t str,
    /// Up to here all is read.
    at: usize,
    /// The line breaks since the last token.
    breaks: u32,
    /// The place of the next token.
    place: Place,
    tokens: Vec<Token<'t>>,
    /// The rules around.
    open: Vec<Rule>,
    /// The `to` of the `require` that is being read has been.
    behind_to: bool,
}

impl<'t> Reader<'t> {
    fn events<'p>(&mut self, events: impl Iterator<Item = Event<'p, Rule>>) {
        let mut word = None;
        for event in events {
            match event {
                Event::Start { rule, pos } => {
                    self.starts(rule, pos.pos());
                    if rule != Rule::name || self.open.last() != Some(&Rule::tag_name) {
                        word = Some(pos.pos());
                    }
                    self.open.push(rule);
                }
                Event::End { rule, pos } => {
                    self.open.pop();
                    let inside = self.open.last() == Some(&Rule::tag_name);
                    if !inside && let Some(start) = word.take() {
                        self.gap(start);
                        self.word(rule, start, pos.pos());
                    }
                }
            }
        }
    }

    /// Notes what starts with the next token.
    fn starts(&mut self, rule: Rule, at: usize) {
        let parent = self.open.last().copied();
        match rule {
            Rule::require => self.behind_to = false,
            Rule::kw_to => self.behind_to = true,
            _ => {}
        }
        let place = match rule {
            Rule::policy
            | Rule::import
            | Rule::tag
            | Rule::fact
            | Rule::duty
            | Rule::vocabulary
            | Rule::field
            | Rule::section
            | Rule::expect
            | Rule::permit
            | Rule::never
            | Rule::require
            | Rule::header_entry
            | Rule::expectation => Place::Entry,
            Rule::node if parent != Some(Rule::vocabulary) => Place::Entry,
            // Before `to`, a `retain` is what is required.
            Rule::retain if parent == Some(Rule::require) && !self.behind_to => Place::Further,
            Rule::part | Rule::when | Rule::unless | Rule::then | Rule::retain | Rule::given => {
                Place::Clause
            }
            Rule::except
            | Rule::kw_except
            | Rule::kw_also
            | Rule::kw_or
            | Rule::kw_and
            | Rule::kw_to => Place::Further,
            Rule::kw_is if parent == Some(Rule::field) => Place::Further,
            _ => return,
        };
        self.gap(at);
        self.place = place;
    }

    fn word(&mut self, rule: Rule, start: usize, end: usize) {
        let class = match rule {
            Rule::name | Rule::path | Rule::word => Class::Name,
            Rule::tag_name => Class::Tag,
            Rule::string => Class::Text,
            Rule::number | Rule::integer => Class::Number,
            Rule::operator | Rule::assign | Rule::everything => Class::Operator,
            Rule::open => Class::Open,
            Rule::stray_close => Class::Close,
            Rule::colon => Class::Colon,
            Rule::EOI | Rule::unclosed | Rule::unclosed_expect => return,
            Rule::broken_item
            | Rule::broken_statement
            | Rule::broken_expectation
            | Rule::broken_token => Class::Other,
            _ => Class::Keyword,
        };
        self.push(class, start, end);
    }

    /// Reads what no rule names.
    fn gap(&mut self, end: usize) {
        while self.at < end {
            let rest = &self.text[self.at..end];
            let Some(c) = rest.chars().next() else { return };
            let start = self.at;
            let class = match c {
                '\n' => {
                    self.breaks += 1;
                    self.at += 1;
                    continue;
                }
                c if c.is_whitespace() => {
                    self.at += c.len_utf8();
                    continue;
                }
                '/' if rest.starts_with("//") => {
                    let end = start + rest.find('\n').unwrap_or(rest.len());
                    let place = std::mem::replace(&mut self.place, Place::Within);
                    self.push(Class::Comment, start, end);
                    self.place = place;
                    continue;
                }
                '}' => Class::Close,
                '(' => Class::Left,
                ')' => Class::Right,
                ',' => Class::Comma,
                '&' => {
                    self.place = Place::Further;
                    Class::Operator
                }
                _ => Class::Other,
            };
            self.push(class, start, start + c.len_utf8());
            if class == Class::Comma {
                self.place = Place::Further;
            }
        }
    }

    fn push(&mut self, class: Class, start: usize, end: usize) {
        let within = |rule: &Rule| matches!(rule, Rule::section | Rule::expect);
        self.tokens.push(Token {
            text: self.text[start..end].trim_end(),
            start,
            class,
            place: std::mem::replace(&mut self.place, Place::Within),
            of_statements: class == Class::Open && self.open.last().is_some_and(within),
            breaks: std::mem::take(&mut self.breaks),
        });
        self.at = end;
    }
}

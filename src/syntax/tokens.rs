//! The tokens of one file in their order, with comments and the grammar's classification.
//!
//! For the formatter and editors: the tree groups items by kind and has no comments. Words come from the grammar's
//! rules. Punctuation has no rules; it is found in the gaps between words, next to white space and comments.

use super::characters::{line_break, line_length};
use super::grammar::{Grammar, Rule};
use super::lexical;
use super::scan::starts_comment;
use super::tree::Hierarchy;
use crate::limits::MAX_FILE_BYTES;
use crate::source::FileId;
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
    /// Part of something broken.
    Other,
}

/// What a name refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Policy,
    Section,
    Node(Hierarchy),
    Tag,
    Fact,
    /// Of the fact that is named before it.
    Choice,
    Duty,
    Basis,
    Event,
}

/// The position of a token within the item around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It starts an item, a statement, a node, an expectation or an entry of the header.
    Entry,
    /// It starts `by`, `with`, `for` or a clause of a statement.
    Clause,
    /// It continues a list, a selection or a condition: a long line may be broken before it.
    Further,
    /// Anywhere else.
    Within,
}

/// A token, and the number of line breaks between it and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) text: &'t str,
    pub(crate) start: usize,
    pub(crate) class: Class,
    pub(crate) place: Place,
    /// It is a brace of an `expect` or a section, which hold statements.
    pub(crate) of_statements: bool,
    pub(crate) breaks: u32,
    /// For a name: what it refers to, and whether it declares that.
    pub(crate) names: Option<(Subject, bool)>,
}

/// A token without its text, so that it can outlive the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) class: Class,
    /// It starts an entry.
    pub(crate) is_entry: bool,
    pub(crate) names: Option<(Subject, bool)>,
}

impl Mark {
    /// The mark of a token of the repaired text, in the text as written.
    pub(super) fn new(token: &Token<'_>, written: &str) -> Self {
        let end = token.start + token.text.len();
        Self {
            start: written.floor_char_boundary(token.start) as u32, // as long as a file at most
            end: written.ceil_char_boundary(end) as u32,
            class: token.class,
            is_entry: token.place == Place::Entry && token.class != Class::Comment,
            names: token.names,
        }
    }

    /// The same mark, `by` bytes later.
    pub(super) fn moved(self, by: u32) -> Self {
        Self { start: self.start + by, end: self.end + by, ..self }
    }
}

/// All tokens. O(length). The nesting must have been checked, because the parser recurses as deeply.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    // The rule `file` accepts any text. If it failed, there would be only gaps and no words.
    let file = Grammar::parse(Rule::file, text).ok().and_then(|mut pairs| pairs.next());
    of_parsed(text, file)
}

/// All tokens of a text that may have mistakes. None if the text has hostile characters or is too long for a policy.
pub(crate) fn tokens_of_any(text: &str) -> Vec<Token<'_>> {
    if text.len() > MAX_FILE_BYTES {
        return Vec::new();
    }
    let lexical = lexical::check(FileId(0), text);
    if lexical.fatal {
        return Vec::new();
    }
    if lexical.diagnostics.is_empty() {
        return tokens(text);
    }
    // The repaired text has the same offsets.
    let as_written = |token: Token<'_>| {
        let (start, end) = (token.start, token.start + token.text.len());
        let (start, end) = (text.floor_char_boundary(start), text.ceil_char_boundary(end));
        let Token { class, place, of_statements, breaks, names, .. } = token;
        Token { text: &text[start..end], start, class, place, of_statements, breaks, names }
    };
    tokens(&lexical.meant).into_iter().map(as_written).collect()
}

/// For each entry the index of its last token, and for each brace the index of the one that closes it.
pub(crate) fn ends(tokens: &[Token<'_>]) -> Vec<usize> {
    let mut ends = vec![0; tokens.len()];
    let mut braces: Vec<usize> = Vec::new();
    // The open entries, each with the number of braces around it.
    let mut entries: Vec<(usize, usize)> = Vec::new();
    let mut last = 0;
    for (at, token) in tokens.iter().enumerate() {
        let depth = braces.len() - usize::from(token.class == Class::Close && !braces.is_empty());
        let ends_others = token.place == Place::Entry || token.class == Class::Close;
        while ends_others
            && let Some((entry, _)) = entries.pop_if(|(_, around)| {
                *around > depth || (*around == depth && token.place == Place::Entry)
            })
        {
            ends[entry] = last;
        }
        match token.class {
            Class::Open => braces.push(at),
            Class::Close => {
                if let Some(open) = braces.pop() {
                    ends[open] = at;
                }
            }
            Class::Comment => continue,
            _ => {}
        }
        if token.place == Place::Entry {
            entries.push((at, depth));
        }
        last = at;
    }
    for (entry, _) in entries {
        ends[entry] = last;
    }
    ends
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
        after_to: false,
        hierarchy: Hierarchy::Category,
        part: Hierarchy::Category,
        facts: 0,
    };
    if let Some(file) = file {
        reader.events(file.into_inner().tokens());
    }
    reader.gap(text.len());
    reader.tokens
}

struct Reader<'t> {
    text: &'t str,
    /// Everything before this offset is read.
    at: usize,
    /// The line breaks since the last token.
    breaks: u32,
    /// The place of the next token.
    place: Place,
    tokens: Vec<Token<'t>>,
    /// The rules around.
    open: Vec<Rule>,
    /// The `to` of the current `require` has been read.
    after_to: bool,
    /// The hierarchy of the current vocabulary.
    hierarchy: Hierarchy,
    /// The hierarchy of the current part of a statement.
    part: Hierarchy,
    /// The number of names so far in the current test or assignment.
    facts: u32,
}

impl<'t> Reader<'t> {
    fn events<'p>(&mut self, events: impl Iterator<Item = Event<'p, Rule>>) {
        let mut word = None;
        for event in events {
            match event {
                Event::Start { rule, pos } => {
                    self.starts(rule, pos.pos());
                    if rule != Rule::path || self.open.last() != Some(&Rule::tag_name) {
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

    /// Notes which rule starts with the next token.
    fn starts(&mut self, rule: Rule, at: usize) {
        let parent = self.open.last().copied();
        match rule {
            Rule::require => self.after_to = false,
            Rule::kw_to => self.after_to = true,
            Rule::kw_category => self.hierarchy = Hierarchy::Category,
            Rule::kw_method => self.hierarchy = Hierarchy::Method,
            Rule::kw_purpose => self.hierarchy = Hierarchy::Purpose,
            Rule::kw_recipient => self.hierarchy = Hierarchy::Recipient,
            Rule::act | Rule::field => self.part = Hierarchy::Category,
            Rule::kw_by => self.part = Hierarchy::Method,
            Rule::kw_with => self.part = Hierarchy::Recipient,
            Rule::kw_for => self.part = Hierarchy::Purpose,
            Rule::assignment => self.facts = 0,
            _ => {}
        }
        let place = match rule {
            Rule::policy
            | Rule::import
            | Rule::tag
            | Rule::fact
            | Rule::duty
            | Rule::event
            | Rule::basis
            | Rule::vocabulary
            | Rule::field
            | Rule::section
            | Rule::expect
            | Rule::permit
            | Rule::never
            | Rule::require
            | Rule::header_entry
            | Rule::closed
            | Rule::end
            | Rule::expectation => Place::Entry,
            Rule::node if parent != Some(Rule::vocabulary) => Place::Entry,
            Rule::tag_node if parent != Some(Rule::tag) => Place::Entry,
            // Before `to`, a `retain` is what is required.
            Rule::retain if parent == Some(Rule::require) && !self.after_to => Place::Further,
            Rule::because if parent == Some(Rule::section) => Place::Further,
            Rule::part
            | Rule::when
            | Rule::unless
            | Rule::then
            | Rule::retain
            | Rule::on
            | Rule::because
            | Rule::see
            | Rule::given => Place::Clause,
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
        let names = self.names(rule);
        if let Some(token) = self.tokens.last_mut() {
            token.names = names;
        }
    }

    /// What a name refers to, by the rules around it.
    fn names(&mut self, rule: Rule) -> Option<(Subject, bool)> {
        Some(match (rule, self.open.last()?) {
            (Rule::tag_name, _) => (Subject::Tag, false),
            (Rule::name, Rule::policy) => (Subject::Policy, true),
            (Rule::name, Rule::section) => (Subject::Section, true),
            (Rule::name, Rule::tag_node) => (Subject::Tag, true),
            (Rule::name, Rule::basis) => (Subject::Basis, true),
            (Rule::name, Rule::event) => (Subject::Event, true),
            (Rule::name, Rule::bases) => (Subject::Basis, false),
            (Rule::name, Rule::after | Rule::until) => (Subject::Event, false),
            (Rule::name, Rule::duty) => (Subject::Duty, true),
            (Rule::name, Rule::fact) => (Subject::Fact, true),
            (Rule::name, Rule::choice_value) => (Subject::Choice, true),
            (Rule::name, Rule::node) => (Subject::Node(self.hierarchy), true),
            (Rule::path, Rule::node) => (Subject::Node(self.hierarchy), false),
            (Rule::path, _) => (Subject::Node(self.part), false),
            (Rule::name, Rule::duties) => (Subject::Duty, false),
            (Rule::name, Rule::test) => (Subject::Fact, false),
            (Rule::name, Rule::equals | Rule::one_of) => (Subject::Choice, false),
            (Rule::name, Rule::assignment) => {
                self.facts += 1;
                (if self.facts == 1 { Subject::Fact } else { Subject::Choice }, false)
            }
            _ => return None,
        })
    }

    /// Reads the text up to `end`, which has no rules.
    fn gap(&mut self, end: usize) {
        while self.at < end {
            let rest = &self.text[self.at..end];
            let Some(c) = rest.chars().next() else { return };
            let start = self.at;
            let broken = line_break(rest.as_bytes(), 0);
            let class = match c {
                _ if broken > 0 => {
                    self.breaks += 1;
                    self.at += broken;
                    continue;
                }
                c if c.is_whitespace() => {
                    self.at += c.len_utf8();
                    continue;
                }
                '/' if starts_comment(rest, 0) => {
                    let end = start + line_length(rest);
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
            names: None,
        });
        self.at = end;
    }
}

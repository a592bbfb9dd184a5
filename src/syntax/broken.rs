//! Parts that do not parse: what to say of each, once, and what not to say because of it.
//!
//! A broken part is parsed again with the rule that was meant, and pest tells where that stopped and
//! what it would have taken there. What only follows from a mistake is not told: a `}` whose `{` was
//! in a broken part, more of the same line, and, later, names that a broken part declares.

use super::expected;
use super::parse::{Grammar, Rule};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, Span};
use hashbrown::HashSet;
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;
use std::ops::Range;

/// The keywords that start an item, for the one that was misspelt.
const ITEM_WORDS: [&str; 17] = [
    "policy",
    "import",
    "tag",
    "category",
    "method",
    "purpose",
    "recipient",
    "fact",
    "duty",
    "field",
    "section",
    "expect",
    "collect",
    "use",
    "share",
    "never",
    "require",
];
/// The keywords that an item goes on with.
const FURTHER_WORDS: [&str; 11] =
    ["by", "with", "for", "when", "unless", "then", "retain", "except", "also", "given", "to"];
const VERDICTS: [&str; 3] = ["allow", "deny", "depends"];
/// How far behind a broken part it is looked what follows: a token or two.
const FORESIGHT: usize = 200;

/// What has broken so far in one file.
pub(super) struct Recovery<'t> {
    file: FileId,
    text: &'t str,
    /// The words of all that may be a broken declaration.
    pub(super) lost: HashSet<String>,
    /// Whether anything is broken at all.
    pub(super) any: bool,
    /// So many `}` close what was opened in a broken part, or what was told to be unclosed.
    closers: usize,
    /// So many of them have the rest of a broken part before them.
    inside: usize,
    /// Where the last broken part ended.
    last: usize,
    /// The whole item right before.
    before: Option<Before>,
}

/// An item that parsed.
struct Before {
    rule: Rule,
    place: Range<usize>,
    /// How many diagnostics there were before those about it.
    told: usize,
}

impl<'t> Recovery<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        Self {
            file,
            text,
            lost: HashSet::new(),
            any: false,
            closers: 0,
            inside: 0,
            last: 0,
            before: None,
        }
    }

    /// An item parsed; `told` is how many diagnostics there were before those about it.
    pub(super) fn whole(&mut self, rule: Rule, place: Range<usize>, told: usize) {
        if !is_statement(rule) {
            self.inside = 0;
        }
        self.before = Some(Before { rule, place, told });
    }

    /// Something was told to be never closed: its `}` may come yet.
    pub(super) fn unclosed(&mut self) {
        self.any = true;
        self.closers += 1;
    }

    /// A `}` outside of everything.
    pub(super) fn stray_close(&mut self, at: usize, diagnostics: &mut Vec<Diagnostic>) {
        self.before = None;
        self.any = true;
        if self.closers > 0 {
            self.closers -= 1;
            self.inside = self.inside.min(self.closers);
            return;
        }
        diagnostics.push(
            Diagnostic::new(Code::Syntax, self.span(at, 1), "this `}` closes nothing")
                .help("remove it, or write the `{` that is missing above"),
        );
    }

    /// A part that does not parse; `within` is what it stands in.
    pub(super) fn broken(
        &mut self,
        pair: &Pair<'_, Rule>,
        within: Rule,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let start = pair.as_span().start();
        let text = pair.as_str().trim_end();
        let before = self.before.take();
        if within == Rule::file && meant(text).is_some_and(|rule| !is_statement(rule)) {
            self.inside = 0; // no declaration stands in braces of another
        }
        let same_line = self.any && !self.text[self.last.min(start)..start].contains('\n');
        let follows = same_line || self.inside > 0 && matches!(within, Rule::file | Rule::section);
        self.any = true;
        self.last = start + text.len();
        if !follows {
            match &before {
                Some(before) => self.rest_of(before, text, start, within, diagnostics),
                None => diagnostics.push(self.explain(text, start, within)),
            }
            self.further(pair, within, diagnostics);
        }
        self.take_along(pair, within, before.as_ref());
    }

    /// What is lost with a broken part: the words that it may declare, and its braces.
    fn take_along(&mut self, pair: &Pair<'_, Rule>, within: Rule, before: Option<&Before>) {
        let meant = before.map(|before| before.rule).or_else(|| meant(pair.as_str()));
        let opened = pair.clone().into_inner().filter(|p| p.as_rule() == Rule::open).count();
        if within != Rule::expect && !meant.is_some_and(is_statement) {
            let words = pair.clone().into_inner().filter(|p| p.as_rule() == Rule::word);
            self.lost.extend(words.map(|word| word.as_str().to_owned()));
            self.inside += opened;
        }
        self.closers += opened;
        let without_brace = opened == 0 && !pair.as_str().contains('{');
        match meant {
            Some(Rule::section | Rule::expect) if without_brace => self.closers += 1,
            Some(Rule::vocabulary | Rule::policy) if without_brace && before.is_some() => {
                self.closers += 1;
                self.inside += 1;
            }
            _ => {}
        }
    }

    /// A broken part right behind an item is mostly the rest of it.
    fn rest_of(
        &self,
        before: &Before,
        broken: &str,
        start: usize,
        within: Rule,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let from = before.place.start;
        if self.text[..before.place.end].trim_end().ends_with('}') {
            diagnostics.push(self.explain(broken, start, within));
            return;
        }
        let end = (start + broken.len() + FORESIGHT).min(self.text.len());
        let part = &self.text[from..self.text.floor_char_boundary(end)];
        let rule = match within {
            Rule::expect => Rule::whole_expectation,
            _ => Rule::whole_item,
        };
        let Err(error) = Grammar::parse(rule, part) else {
            diagnostics.push(self.explain(broken, start, within));
            return;
        };
        let about_before = diagnostics.split_off(before.told.min(diagnostics.len()));
        let (missing, others): (Vec<_>, Vec<_>) =
            about_before.into_iter().partition(|d| d.code() == Code::MissingPart);
        diagnostics.extend(others);
        let word = &broken[..token_length(broken)];
        let new_line = self.text[from..start].trim_end_matches([' ', '\t', '\r']).ends_with('\n');
        let goes_on = !new_line || is_reserved(word) || !word.starts_with(is_part_of_name);
        let missing = missing.into_iter().next();
        if self.place(from, &error) > start {
            diagnostics.push(self.at_error(from, &error));
        } else if new_line && !crate::names::nearest(&plain(word), ITEM_WORDS).is_empty() {
            diagnostics.extend(missing);
            diagnostics.push(self.no_item(broken, start, within, false));
        } else if let Some(missing) = missing {
            // What is missing there was written otherwise.
            let label = format!("expected before {}", found(self.text, start));
            diagnostics.push(missing.related(self.span(start, word.len()), label));
        } else if goes_on && !is_statement(before.rule) && before.rule != Rule::expectation {
            diagnostics.push(self.at_error(from, &error));
        } else {
            diagnostics.push(self.no_item(broken, start, within, goes_on));
        }
    }

    fn explain(&self, broken: &str, start: usize, within: Rule) -> Diagnostic {
        let rule = match within {
            Rule::node => return self.in_children(broken, start),
            Rule::policy => Some(Rule::header_entry),
            Rule::expect => Some(Rule::expectation),
            _ => meant(broken),
        };
        if within == Rule::expect && !VERDICTS.contains(&first_word(broken)) {
            return self.no_item(broken, start, within, false);
        }
        match rule.map(|rule| Grammar::parse(rule, broken)) {
            Some(Err(error)) => self.at_error(start, &error),
            _ => self.no_item(broken, start, within, false),
        }
    }

    /// Where parsing stopped.
    fn place(&self, offset: usize, error: &Error<Rule>) -> usize {
        let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
        skip_blank(self.text, offset + at)
    }

    /// pest's own error, of a text that is `offset` bytes into the file.
    pub(super) fn at_error(&self, offset: usize, error: &Error<Rule>) -> Diagnostic {
        let at = self.place(offset, error);
        let word = &self.text[at..at + token_length(&self.text[at..])];
        let expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => expected::words(positives),
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        let wants = |what: &str| expected.iter().any(|e| e.starts_with(what));
        let operand = wants("a name") || wants("a selection") || wants("a condition");
        let (last, open) = self.tokens_before(offset, at);
        let next = self.text[last..at].contains('\n') && starts_item(word);
        if operand && is_reserved(word) && !next {
            return reserved(self.span(at, word.len()), word);
        }
        let found = found(self.text, at);
        if let (Some(open), false) = (open, operand) {
            return Diagnostic::new(Code::Unclosed, self.span(open, 1), "this `(` is never closed")
                .related(self.span(at, word.len()), format!("expected `)` before {found}"))
                .help("add the missing `)`");
        }
        // What is missing before the next item or the end is missing behind the last token.
        let before = next || matches!(word, "" | "}");
        let span = if before { self.span(last, 0) } else { self.span(at, word.len()) };
        let message = match (expected.as_slice(), before) {
            ([], _) => format!("unexpected {found}"),
            (words, true) => format!("expected {} before {found}", expected::list(words)),
            (words, false) => format!("expected {}, found {found}", expected::list(words)),
        };
        let diagnostic = Diagnostic::new(Code::Syntax, span, message);
        let diagnostic = match habit(word, &expected) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        let near = expected.iter().map(|word| word.trim_matches('`'));
        match expected.len() {
            0 | 1 => diagnostic,
            _ => diagnostic.nearest(&crate::names::nearest(word, near)),
        }
    }

    /// Where the last token before `at` ends, and where the last parenthesis opens that is not closed.
    fn tokens_before(&self, offset: usize, at: usize) -> (usize, Option<usize>) {
        let mut last = offset;
        let mut open = Vec::new();
        let mut next = skip_blank(self.text, offset);
        while next < at {
            match self.text.as_bytes()[next] {
                b'(' => open.push(next),
                b')' => drop(open.pop()),
                _ => {}
            }
            last = next + token_length(&self.text[next..]);
            next = skip_blank(self.text, last);
        }
        (last, open.pop())
    }

    fn in_children(&self, broken: &str, start: usize) -> Diagnostic {
        let token = &broken[..token_length(broken)];
        let span = self.span(start, token.len());
        if is_reserved(token) {
            return reserved(span, token);
        }
        let message = format!("expected a name or `}}`, found {}", found(broken, 0));
        let diagnostic = Diagnostic::new(Code::Syntax, span, message);
        match token.chars().next() {
            Some(',') => diagnostic
                .help("what is below stands side by side without a separator: remove the commas"),
            Some(':') => diagnostic.help("a label stands right behind the name: remove the colons"),
            Some('"') => {
                diagnostic.help("a node has one label, right behind its name, before its tags")
            }
            Some('#') => diagnostic.help("tags stand behind the label and before `also`"),
            Some('{') => diagnostic.help("a name comes first: `NAME \"label\" { … }`"),
            Some(c) if c.is_ascii_digit() => diagnostic.help("a name starts with a letter or `_`"),
            _ => diagnostic,
        }
    }

    /// No item starts so; `goes_on` if one right before could have gone on.
    fn no_item(&self, broken: &str, start: usize, within: Rule, goes_on: bool) -> Diagnostic {
        let token = &broken[..token_length(broken)];
        let span = self.span(start, token.len());
        if token == ")" {
            return Diagnostic::new(Code::Syntax, span, "this `)` closes nothing")
                .help("remove it, or write the `(` that is missing before");
        }
        let expected = match within {
            Rule::expect => "`allow`, `deny` or `depends`",
            Rule::section => "a statement",
            _ => "a declaration or a statement",
        };
        let message = match goes_on {
            true => format!("unexpected {} in this statement", found(broken, 0)),
            false => format!("expected {expected}, found {}", found(broken, 0)),
        };
        let diagnostic = Diagnostic::new(Code::Syntax, span, message);
        if let Some(help) = habit(token, &[]) {
            return diagnostic.help(help);
        }
        let further = if goes_on { FURTHER_WORDS.as_slice() } else { &[] };
        let words = VERDICTS.iter().take(if within == Rule::expect { 3 } else { 0 });
        let words = words.chain(&ITEM_WORDS).chain(further).copied();
        let near = crate::names::nearest(&plain(token), words);
        if !near.is_empty() {
            return diagnostic.nearest(&near);
        }
        match (goes_on, within) {
            (true, Rule::expect) => {
                diagnostic.help("it goes on with `by`, `with`, `for` or `given`")
            }
            (true, _) => diagnostic
                .help("it goes on with `by`, `with`, `for`, `when`, `unless`, `then` or `retain`"),
            (false, Rule::section) => diagnostic
                .help("a statement starts with `collect`, `use`, `share`, `never` or `require`"),
            _ => diagnostic
                .help("it starts with a word such as `category`, `field`, `section` or `use`"),
        }
    }

    /// Further lines of a broken part that start with a misspelt keyword.
    fn further(&self, pair: &Pair<'_, Rule>, within: Rule, diagnostics: &mut Vec<Diagnostic>) {
        let words: &[&str] = match within {
            Rule::expect => &VERDICTS,
            Rule::file | Rule::section => &ITEM_WORDS,
            _ => return,
        };
        let mut end = pair.as_span().start();
        for token in pair.clone().into_inner() {
            let (place, text) = (token.as_span(), token.as_str());
            let first = self.text[end..place.start()].contains('\n');
            end = place.end();
            if token.as_rule() == Rule::open {
                return; // what is in the braces is no item
            }
            if !first || token.as_rule() != Rule::word || is_reserved(text) {
                continue;
            }
            let near = crate::names::nearest(text, words.iter().copied());
            if !near.is_empty() {
                diagnostics.push(self.no_item(text, place.start(), within, false));
            }
        }
    }

    fn span(&self, at: usize, length: usize) -> Span {
        Span::new(self.file, at, at + length)
    }
}

/// The rule that the first word asks for.
fn meant(broken: &str) -> Option<Rule> {
    Some(match first_word(broken) {
        "policy" => Rule::policy,
        "import" => Rule::import,
        "tag" => Rule::tag,
        "duty" => Rule::duty,
        "fact" => Rule::fact,
        "category" | "method" | "purpose" | "recipient" => Rule::vocabulary,
        "field" => Rule::field,
        "section" => Rule::section,
        "expect" => Rule::expect,
        "never" => Rule::never,
        "require" => Rule::require,
        "collect" | "use" | "share" => Rule::permit,
        _ => return None,
    })
}

fn is_statement(rule: Rule) -> bool {
    matches!(rule, Rule::permit | Rule::never | Rule::require)
}

fn starts_item(word: &str) -> bool {
    ITEM_WORDS.contains(&word) || VERDICTS.contains(&word)
}

fn reserved(span: Span, word: &str) -> Diagnostic {
    Diagnostic::new(Code::ReservedWord, span, format!("`{word}` is a word of the language"))
        .label("expected a name here")
        .help(format!("to use it as a name, write it in backquotes: `` `{word}` ``"))
}

/// What other languages write so.
fn habit(token: &str, expected: &[&str]) -> Option<&'static str> {
    let wants = |what: &str| expected.iter().any(|word| word.starts_with(what));
    Some(match token {
        "=" => "a choice is tested with `is`, a number with `==`",
        "&" => "conditions are joined by `and`",
        "!" => "write `not`",
        "day" | "week" | "weeks" | "month" | "months" | "year" | "years" if wants("`days`") => {
            "retention is counted in days, as in `retain 30 days`"
        }
        _ if expected == ["a number"] => {
            "`==` and `<` compare numbers; a choice is tested with `is`"
        }
        _ => return None,
    })
}

/// Letters that only look different, such as full-width ones, as the ordinary ones.
fn plain(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    word.nfkc().collect()
}

/// One mistake, one message: of several on a line only the first stays, and none where the line has
/// a character that the language does not know or a string without an end. O(length of the text).
pub(super) fn quieten(text: &str, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(start);
    let lines = lines(text, diagnostics);
    let spoilt: HashSet<usize> =
        diagnostics.iter().zip(&lines).filter(|(d, _)| is_lexical(d)).map(|(_, l)| *l).collect();
    let mut last = None;
    let mut lines = lines.into_iter();
    diagnostics.retain(|diagnostic| {
        let line = lines.next();
        if is_lexical(diagnostic) || !follows(diagnostic.code()) {
            return true;
        }
        let first = last != line;
        last = line;
        first && !line.is_some_and(|line| spoilt.contains(&line))
    });
}

fn start(diagnostic: &Diagnostic) -> usize {
    diagnostic.primary().map_or(0, |label| label.span.start as usize)
}

/// The line of each diagnostic; they are sorted.
fn lines(text: &str, diagnostics: &[Diagnostic]) -> Vec<usize> {
    let (mut line, mut from) = (0, 0);
    let number = |diagnostic| {
        let at = start(diagnostic);
        line += text.as_bytes()[from..at].iter().filter(|byte| **byte == b'\n').count();
        from = at;
        line
    };
    diagnostics.iter().map(number).collect()
}

/// Whether a message may be no more than the consequence of another on its line.
fn follows(code: Code) -> bool {
    matches!(code, Code::Syntax | Code::ReservedWord | Code::Unclosed | Code::MissingPart)
}

fn is_lexical(diagnostic: &Diagnostic) -> bool {
    diagnostic.code() == Code::UnknownCharacter
        || diagnostic.code() == Code::Unclosed && diagnostic.message().contains("string")
}

/// What stands at an offset, in words.
pub(super) fn found(text: &str, at: usize) -> String {
    let at = skip_blank(text, at);
    let rest = &text[at..];
    if rest.is_empty() {
        return "the end of the file".to_owned();
    }
    let token = &rest[..token_length(rest)];
    match token.chars().count() {
        0..=40 => format!("`{token}`"),
        _ => format!("`{}…`", token.chars().take(40).collect::<String>()),
    }
}

/// The offset of the next token: behind white space and comments.
pub(super) fn skip_blank(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        if blank > 0 {
            at += blank;
        } else if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else {
            return at;
        }
    }
}

fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn first_word(text: &str) -> &str {
    let end = text.find(|c| !is_part_of_name(c)).unwrap_or(text.len());
    &text[..end]
}

fn token_length(rest: &str) -> usize {
    if rest.starts_with('"') {
        let mut escaped = false;
        let end = rest[1..].find(|c| match c {
            '\n' => true,
            _ if std::mem::take(&mut escaped) => false,
            '\\' => {
                escaped = true;
                false
            }
            c => c == '"',
        });
        let end = end.map_or(rest.len(), |at| at + 1);
        return if rest[end..].starts_with('"') { end + 1 } else { end };
    }
    match first_word(rest).len() {
        0 => rest.chars().next().map_or(0, char::len_utf8),
        length => length,
    }
}

fn is_reserved(word: &str) -> bool {
    Grammar::parse(Rule::reserved, word).is_ok()
}

//! The message about a part that does not parse: it is parsed again with the rule that was likely meant, and pest
//! reports where that stopped and what it expected there.

use super::characters::LINE_BREAKS;
use super::expected;
use super::file_text::FileText;
use super::grammar::{Grammar, Rule};
use super::keywords::{FURTHER_WORDS, ITEM_WORDS, SOFT_CLAUSES, VERDICTS};
use super::scan::{first_word, is_part_of_name, skip_blank, token_length};
use crate::diagnostic::{Code, Diagnostic};
use crate::names::nearest;
use crate::source::Span;
use pest::Parser;
use pest::error::{Error, ErrorVariant, InputLocation};
use pest::iterators::Pair;
use std::ops::Range;

/// Bytes to look ahead after a broken part: room for a token or two.
pub(super) const LOOK_AHEAD: usize = 200;

/// An item that parsed.
pub(super) struct WholeItem {
    pub(super) rule: Rule,
    pub(super) place: Range<usize>,
}

impl FileText<'_> {
    /// The message if a broken part directly after an item is the rest of that item, as it mostly is. `missing` is the
    /// message about what the item lacks, `words` are the words of the broken part.
    pub(super) fn explain_rest(
        &self,
        before: &WholeItem,
        broken: &str,
        start: usize,
        within: Rule,
        missing: Option<&Diagnostic>,
        words: &[&str],
    ) -> Option<Diagnostic> {
        let from = before.place.start;
        let end = (start + broken.len() + LOOK_AHEAD).min(self.text.len());
        let part = &self.text[from..self.text.floor_char_boundary(end)];
        let rule = match within {
            Rule::expect => Rule::whole_expectation,
            _ => Rule::whole_item,
        };
        let error = Grammar::parse(rule, part).err()?;
        if self.stop(from, &error) > start {
            return Some(self.at_error(from, &error));
        }
        let token = &broken[..token_length(broken)];
        let is_name = token.starts_with(is_part_of_name) && !is_reserved(token);
        let statement = is_statement(before.rule) || before.rule == Rule::expectation;
        if self.is_first_on_its_line(start) {
            let starts = if within == Rule::expect { &VERDICTS[..] } else { &ITEM_WORDS[..] };
            // After a vocabulary without braces, more likely the `{` is missing.
            let another = is_name && before.rule != Rule::vocabulary && missing.is_none();
            if another || other_word(token).is_some() || is_like(token, starts) {
                return None;
            }
        }
        if !statement {
            return self.rest_of_declaration(before, &error, token);
        }
        // If the missing part comes later, or is this word misspelt, it is not the mistake here.
        let near = nearest(&plain(token), FURTHER_WORDS.into_iter().chain(SOFT_CLAUSES));
        let later = words.iter().any(|word| matches!(*word, "by" | "with" | "for"));
        match missing {
            Some(missing) if near.is_empty() && !later && token != ")" => {
                let label = format!("expected before {}", found(self.text, start));
                Some(missing.clone().related(self.span(start, token.len()), label))
            }
            _ => Some(self.goes_on_with(token, is_name, &near, start, within)),
        }
    }

    /// The message if `token` cannot continue a declaration; `None` if nothing can.
    fn rest_of_declaration(
        &self,
        before: &WholeItem,
        error: &Error<Rule>,
        token: &str,
    ) -> Option<Diagnostic> {
        if expected_at(error).is_empty() {
            return None;
        }
        let diagnostic = self.at_error(before.place.start, error);
        Some(match (token, before.rule) {
            (",", Rule::tag | Rule::duty | Rule::fact | Rule::basis | Rule::event) => {
                let word = first_word(&self.text[before.place.start..]);
                diagnostic.help(format!("each `{word}` declares one"))
            }
            ("#", Rule::vocabulary) => diagnostic.help("tags stand before `also`"),
            (_, Rule::vocabulary) if token.starts_with('"') => {
                diagnostic.help("a label stands right behind its name, before tags and `also`")
            }
            ("except", Rule::field) => {
                diagnostic.help("exceptions stand behind the patterns: `field … except … is …`")
            }
            _ => diagnostic,
        })
    }

    /// The message if `token` cannot continue a statement.
    fn goes_on_with(
        &self,
        token: &str,
        is_name: bool,
        near: &[String],
        start: usize,
        within: Rule,
    ) -> Diagnostic {
        if token == ")" {
            return self.closes_nothing(start);
        }
        let message = format!("unexpected {} in this statement", found(token, 0));
        let diagnostic = Diagnostic::new(Code::Syntax, self.span(start, token.len()), message);
        if let Some(help) = habit(&self.text[start..], &[]) {
            return diagnostic.help(help);
        }
        if token.starts_with('"') {
            return diagnostic.help("names stand without quotation marks");
        }
        if self.text[..start].ends_with(|c: char| c.is_ascii_digit()) {
            return diagnostic.help("a number is written in digits, as in `18` or `-2.5`");
        }
        let goes_on = match within {
            Rule::expect => "it goes on with `by`, `with`, `for` or `given`",
            _ => {
                "it goes on with `by`, `with`, `for`, `when`, `unless`, `then`, `retain`, `on`, `because` or `see`"
            }
        };
        match (near, is_name) {
            ([], true) => diagnostic.help("names in a list are separated by `,`"),
            ([], false) => diagnostic.help(goes_on),
            _ => diagnostic.nearest(near),
        }
    }

    /// The message about a broken part that does not continue another item.
    pub(super) fn explain(&self, broken: &str, start: usize, within: Rule) -> Diagnostic {
        let rule = match within {
            Rule::node => return self.in_children(broken, start),
            Rule::policy => Some(Rule::header_entry),
            Rule::expect => VERDICTS.contains(&first_word(broken)).then_some(Rule::expectation),
            _ => meant(broken),
        };
        match rule.map(|rule| Grammar::parse(rule, broken)) {
            Some(Err(error)) => self.at_error(start, &error),
            _ => self.no_item(broken, start, within),
        }
    }

    /// Where parsing stopped.
    fn stop(&self, offset: usize, error: &Error<Rule>) -> usize {
        let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
        skip_blank(self.text, offset + at)
    }

    /// pest's own error, of a text that is `offset` bytes into the file.
    pub(super) fn at_error(&self, offset: usize, error: &Error<Rule>) -> Diagnostic {
        let at = self.stop(offset, error);
        let word = &self.text[at..at + token_length(&self.text[at..])];
        let expected = expected_at(error);
        let wants = |what: &str| expected.iter().any(|e| e.starts_with(what));
        let operand = ["a name", "a selection", "a condition", "a value"].into_iter().any(wants);
        let (last, open) = self.tokens_before(offset, at);
        let next = self.text[last..at].contains(LINE_BREAKS) && starts_item(word);
        let not_in = word == "in" && self.text[..last].ends_with("not");
        if operand && is_reserved(word) && !next && !not_in && !self.is_part(offset, at, word) {
            let diagnostic = reserved(self.span(at, word.len()), word);
            let is_fact = first_word(&self.text[offset..]) == "fact";
            return match word {
                "yes" | "no" if is_fact => {
                    diagnostic.help("a fact that is yes or no is declared by its name alone")
                }
                _ => diagnostic,
            };
        }
        let found = found(self.text, at);
        let is_name = word.starts_with(is_part_of_name) && !is_reserved(word);
        if let (Some(open), false, false) = (open, operand, is_name) {
            return Diagnostic::new(Code::Unclosed, self.span(open, 1), "this `(` is never closed")
                .related(self.span(at, word.len()), format!("expected `)` before {found}"))
                .help("add the missing `)`");
        }
        // What is missing before the next item or the end of the file belongs after the last token.
        let before = next || matches!(word, "" | "}") || operand && is_reserved(word) && !not_in;
        let span = if before { self.span(last, 0) } else { self.span(at, word.len()) };
        let message = match (expected.as_slice(), before) {
            ([], _) => format!("unexpected {found}"),
            (words, true) => format!("expected {} before {found}", expected::list(words)),
            (words, false) => format!("expected {}, found {found}", expected::list(words)),
        };
        let diagnostic = Diagnostic::new(Code::Syntax, span, message);
        if not_in {
            return diagnostic.help("write `not in (…)`, without `is`");
        }
        if let Some(help) = habit(&self.text[at..], &expected) {
            return diagnostic.help(help);
        }
        if operand && word.starts_with('"') {
            return diagnostic.help("names stand without quotation marks");
        }
        if expected == ["a text in quotation marks"] && is_name {
            let written = self.text[at..].split_whitespace().next().unwrap_or(word);
            return diagnostic.help(format!("write `\"{written}\"`"));
        }
        let words = expected.iter().map(|word| word.trim_matches('`'));
        if expected.len() > 1 { diagnostic.nearest(&nearest(word, words)) } else { diagnostic }
    }

    /// Whether a keyword in place of a name starts the next part of a statement, so that the part before it is
    /// incomplete. A selection follows it.
    fn is_part(&self, offset: usize, at: usize, word: &str) -> bool {
        let statement = meant(&self.text[offset..]).is_some_and(is_statement)
            || VERDICTS.contains(&first_word(&self.text[offset..]));
        let next = skip_blank(self.text, at + word.len());
        let next = &self.text[next..][..token_length(&self.text[next..])];
        statement && FURTHER_WORDS.contains(&word) && !next.is_empty() && !is_reserved(next)
    }

    /// The end of the last token before `at`, and the last parenthesis that is still open there.
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
            let end = next + token_length(&self.text[next..]);
            if end > at {
                break; // it stopped within this token
            }
            last = end;
            next = skip_blank(self.text, last);
        }
        (last.min(at), open.pop())
    }

    fn in_children(&self, broken: &str, start: usize) -> Diagnostic {
        let token = &broken[..token_length(broken)];
        let span = self.span(start, token.len());
        if is_reserved(token) {
            return reserved(span, token);
        }
        let message = format!("expected a name or `}}`, found {}", found(broken, 0));
        let diagnostic = Diagnostic::new(Code::Syntax, span, message);
        let spaced = self.text[start + token.len()..].starts_with(char::is_whitespace);
        match token.chars().next() {
            Some(',') => diagnostic
                .help("what is below stands side by side without a separator: remove the commas"),
            Some(':' | '=') => {
                diagnostic.help("a label stands right behind the name, with nothing between them")
            }
            Some('"') => diagnostic
                .help("a label stands right behind its name, once, before tags and `also`"),
            Some('#') if spaced => diagnostic.help("a tag is written without a space: `#tag`"),
            Some('#') => diagnostic.help("tags stand behind the label and before `also`"),
            Some('{') => diagnostic.help("a name comes first: `NAME \"label\" { … }`"),
            Some(c) if c.is_ascii_digit() => diagnostic.help("a name starts with a letter or `_`"),
            _ => diagnostic,
        }
    }

    /// The message about a part that starts like no item.
    fn no_item(&self, broken: &str, start: usize, within: Rule) -> Diagnostic {
        let token = &broken[..token_length(broken)];
        if token == ")" {
            return self.closes_nothing(start);
        }
        let (expected, help, verdicts) = match within {
            Rule::expect => (
                "`allow`, `deny` or `depends`",
                "an expectation starts with the verdict, as in `deny use email for ads`",
                3,
            ),
            Rule::section => (
                "a statement",
                "a statement starts with `collect`, `use`, `share`, `never` or `require`",
                0,
            ),
            _ => (
                "a declaration or a statement",
                "each starts with a word such as `category`, `field`, `section` or `use`",
                0,
            ),
        };
        let message = format!("expected {expected}, found {}", found(broken, 0));
        let diagnostic = Diagnostic::new(Code::Syntax, self.span(start, token.len()), message);
        if let (Some(help), true) = (other_word(token), within != Rule::expect) {
            return diagnostic.help(help);
        }
        let mut words = VERDICTS[..verdicts].iter().chain(&ITEM_WORDS).copied();
        let plain = plain(token);
        if plain != token && words.clone().any(|word| word == plain) {
            return diagnostic.help(format!("write `{plain}` in ordinary letters"));
        }
        diagnostic.nearest_or(&nearest(&plain, &mut words), help)
    }

    fn closes_nothing(&self, start: usize) -> Diagnostic {
        Diagnostic::new(Code::Syntax, self.span(start, 1), "this `)` closes nothing")
            .help("remove it, or write the `(` that is missing before")
    }

    /// Further lines of a broken part that start with a misspelt keyword.
    pub(super) fn further(&self, pair: &Pair<'_, Rule>, within: Rule) -> Vec<Diagnostic> {
        let words = match within {
            Rule::expect => &VERDICTS[..],
            Rule::file | Rule::section => &ITEM_WORDS[..],
            _ => return Vec::new(),
        };
        let mut reported = Vec::new();
        let mut end = pair.as_span().start();
        for token in pair.clone().into_inner() {
            let (place, text) = (token.as_span(), token.as_str());
            let first = self.text[end..place.start()].contains(LINE_BREAKS);
            end = place.end();
            if token.as_rule() == Rule::open {
                break; // braces contain no items
            }
            if first
                && token.as_rule() == Rule::word
                && !is_reserved(text)
                && (other_word(text).is_some() || is_like(text, words))
            {
                reported.push(self.no_item(text, place.start(), within));
            }
        }
        reported
    }
}

/// The rule that the first word starts.
pub(super) fn meant(broken: &str) -> Option<Rule> {
    Some(match first_word(broken) {
        "policy" => Rule::policy,
        "import" => Rule::import,
        "tag" => Rule::tag,
        "duty" => Rule::duty,
        "event" => Rule::event,
        "basis" => Rule::basis,
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

pub(super) fn is_statement(rule: Rule) -> bool {
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

/// Help for the syntax of other languages.
fn habit(rest: &str, expected: &[&str]) -> Option<&'static str> {
    let wants = |what: &str| expected.iter().any(|word| word.starts_with(what));
    let token = &rest[..token_length(rest)];
    let digit = token.starts_with(|c: char| c.is_ascii_digit());
    Some(match token {
        "=" if rest.starts_with("=>") => "write `>=`",
        ">" if wants("a number") => "write `!=` if the numbers must differ",
        "=" if expected.is_empty() => "write `is`, or `==` to compare numbers",
        "&" if !wants("a selection") => "conditions are joined by `and`",
        "!" => "write `not`",
        "<" | ">" | "=" if wants("a condition") => {
            "each comparison names its fact, as in `age >= 18 and age < 65`"
        }
        _ if digit && wants("a condition") => "the fact stands first, as in `age >= 18`",
        _ if digit && wants("a name") => "a name starts with a letter or `_`",
        "and" | "or" if expected.is_empty() => "names in a list are separated by `,`",
        ":" if wants("a text in quotation marks") => "nothing stands between the two",
        _ if wants("`days`") => "a period is a number of hours, days, weeks, months or years",
        _ if expected == ["a number"] => {
            "`==` and `<` compare numbers; other facts are tested with `is`"
        }
        _ if expected == ["`in`"] => "write `is not VALUE`, or `not in (VALUE, …)`",
        _ => return None,
    })
}

/// Help for words that start a statement in other languages.
fn other_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "allow" | "permit" | "may" => "a statement permits as it stands: `use … for …`",
        "deny" | "forbid" | "prohibit" => "what is forbidden starts with `never`",
        "if" => "a condition stands at the end of a statement: `when …`",
        "data" => "kinds of data are declared by `category`",
        "#" | "-" | "*" => "a comment starts with `//`",
        _ => return None,
    })
}

/// Whether a word is a misspelling of one of these, or the same in other letters.
fn is_like(word: &str, words: &[&str]) -> bool {
    let plain = plain(word);
    plain != word && words.contains(&plain.as_str())
        || !nearest(&plain, words.iter().copied()).is_empty()
}

fn expected_at(error: &Error<Rule>) -> Vec<&'static str> {
    match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => expected::words(positives),
        ErrorVariant::CustomError { .. } => Vec::new(),
    }
}

/// A word with ordinary letters in place of others such as full-width ones.
fn plain(word: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    word.nfkc().collect()
}

/// The token at an offset, as messages show it.
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

fn is_reserved(word: &str) -> bool {
    Grammar::parse(Rule::reserved, word).is_ok()
}

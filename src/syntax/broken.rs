//! Parts that do not parse: which of them to report, and what is lost with them.
//!
//! One mistake gives one message. Its consequences are not reported: a `}` whose `{` was in a broken part, the rest
//! of the same line, and, later, names that a broken part may declare.

use super::characters::LINE_BREAKS;
use super::explain::{self, WholeItem};
use super::file_text::FileText;
use super::grammar::Rule;
use crate::diagnostic::{Code, Diagnostic};
use hashbrown::HashSet;
use pest::iterators::Pair;
use std::ops::Range;

/// What is broken so far in one file.
pub(super) struct Recovery<'t> {
    text: FileText<'t>,
    /// The words of all parts that may be broken declarations.
    pub(super) lost: HashSet<String>,
    /// Whether anything is broken at all.
    pub(super) any: bool,
    /// The number of `}` to expect that close a broken part, or what was reported as unclosed.
    closers: usize,
    /// The number of them with the rest of a broken declaration before them.
    inside: usize,
    /// Where the last broken part ended.
    last: usize,
    /// The item directly before, if it parsed.
    before: Option<Before>,
}

/// The item before a broken part.
struct Before {
    item: WholeItem,
    /// The number of diagnostics before those about it.
    diagnostics: usize,
}

impl<'t> Recovery<'t> {
    pub(super) fn new(text: FileText<'t>) -> Self {
        Self {
            text,
            lost: HashSet::new(),
            any: false,
            closers: 0,
            inside: 0,
            last: 0,
            before: None,
        }
    }

    /// The braces of a declaration open: a broken part in them does not continue an earlier item.
    pub(super) fn enter(&mut self) {
        self.before = None;
        self.inside = 0;
    }

    /// An item parsed. `diagnostics` is the number of diagnostics before those about it.
    pub(super) fn whole(&mut self, rule: Rule, place: Range<usize>, diagnostics: usize) {
        if !explain::is_statement(rule) {
            self.inside = 0; // the braces of a broken declaration contain no declaration
        }
        self.before = Some(Before { item: WholeItem { rule, place }, diagnostics });
    }

    /// Something was reported as never closed: its `}` may still come.
    pub(super) fn unclosed(&mut self) {
        self.any = true;
        self.closers += 1;
    }

    /// A `}` outside of all braces.
    pub(super) fn stray_close(&mut self, at: usize, diagnostics: &mut Vec<Diagnostic>) {
        self.before = None;
        self.any = true;
        if self.closers > 0 {
            self.closers -= 1;
            self.inside = self.inside.min(self.closers);
            return;
        }
        diagnostics.push(
            Diagnostic::new(Code::Syntax, self.text.span(at, 1), "this `}` closes nothing")
                .help("remove it, or write the `{` that is missing above"),
        );
    }

    /// A part that does not parse, inside a rule `within`. If it continues the item directly before, that item is
    /// broken too; returns where it starts.
    pub(super) fn broken(
        &mut self,
        pair: &Pair<'_, Rule>,
        within: Rule,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<usize> {
        let start = pair.as_span().start();
        let broken = pair.as_str().trim_end();
        let before = self.before.take();
        let before = before.filter(|before| !self.text.ends_with_brace(&before.item.place));
        if within == Rule::file && explain::meant(broken).is_some_and(|r| !explain::is_statement(r))
        {
            self.inside = 0;
        }
        let same_line = self.any && !self.text.has_line_break(self.last, start);
        let follows = same_line || self.inside > 0 && matches!(within, Rule::file | Rule::section);
        self.any = true;
        self.last = start + broken.len();
        let mut rest = None;
        if !follows {
            let words: Vec<&str> = words(pair).map(|word| word.as_str()).collect();
            rest = before.filter(|before| {
                let missing = take_missing(before.diagnostics, diagnostics);
                match self.text.explain_rest(
                    &before.item,
                    broken,
                    start,
                    within,
                    missing.first(),
                    &words,
                ) {
                    Some(diagnostic) => {
                        diagnostics.push(diagnostic);
                        true
                    }
                    None => {
                        diagnostics.extend(missing);
                        false
                    }
                }
            });
            if rest.is_none() {
                diagnostics.push(self.text.explain(broken, start, within));
            }
            diagnostics.extend(self.text.further(pair, within));
        }
        self.take_along(pair, within, rest.as_ref().map(|before| &before.item));
        rest.map(|before| before.item.place.start)
    }

    /// Records what is lost with a broken part: the words that it may declare, and its braces.
    fn take_along(&mut self, pair: &Pair<'_, Rule>, within: Rule, before: Option<&WholeItem>) {
        let meant = before.map(|b| b.rule).or_else(|| explain::meant(pair.as_str()));
        let braces = |rule| pair.clone().into_inner().filter(|p| p.as_rule() == rule).count();
        let (opened, blocks) = (braces(Rule::open), braces(Rule::block_open));
        self.closers += opened;
        if within != Rule::expect && !meant.is_some_and(explain::is_statement) {
            self.lost.extend(words(pair).map(|word| word.as_str().to_owned()));
            self.inside += opened;
        }
        match meant {
            Some(Rule::section | Rule::expect) if opened + blocks == 0 => self.closers += 1,
            // Its children follow without a `{`.
            Some(Rule::vocabulary) if before.is_some() => {
                self.closers += 1;
                self.inside += 1;
            }
            _ => {}
        }
    }

    /// The error of a whole file.
    pub(super) fn of_file(&self, error: &pest::error::Error<Rule>) -> Diagnostic {
        self.text.at_error(0, error)
    }
}

fn words<'p>(pair: &Pair<'p, Rule>) -> impl Iterator<Item = Pair<'p, Rule>> {
    pair.clone().into_inner().filter(|inner| inner.as_rule() == Rule::word)
}

/// Removes and returns the messages about missing parts of the last item.
fn take_missing(reported: usize, diagnostics: &mut Vec<Diagnostic>) -> Vec<Diagnostic> {
    let about = diagnostics.split_off(reported.min(diagnostics.len()));
    let (missing, others) = about.into_iter().partition(|d| d.code() == Code::MissingPart);
    diagnostics.extend::<Vec<_>>(others);
    missing
}

/// Keeps only the first message of each line, and none on a line with an unknown character or an unclosed string.
/// O(length of the text).
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
        let at = text.floor_char_boundary(start(diagnostic));
        line += text[from..at].matches(LINE_BREAKS).count();
        from = at;
        line
    };
    diagnostics.iter().map(number).collect()
}

/// Whether a message may be only a consequence of another one on its line.
fn follows(code: Code) -> bool {
    matches!(code, Code::Syntax | Code::ReservedWord | Code::Unclosed | Code::MissingPart)
}

fn is_lexical(diagnostic: &Diagnostic) -> bool {
    diagnostic.code() == Code::UnknownCharacter
        || diagnostic.code() == Code::Unclosed && diagnostic.message().contains("string")
}

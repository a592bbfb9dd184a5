//! Reports what was not checked because it would have taken too much work.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use std::collections::BTreeMap;

/// The rules that were left out, each with the places where.
#[derive(Default)]
pub(super) struct LeftOut {
    rules: BTreeMap<Code, Vec<Option<Span>>>,
    /// Statements that change nothing, of which it is not known whether they can go.
    fixes: Vec<Span>,
}

impl LeftOut {
    /// A rule was not checked at a place, or anywhere.
    pub(super) fn rule(&mut self, code: Code, place: Option<Span>) {
        self.rules.entry(code).or_default().push(place);
    }

    /// Whether a finding can be put right was not found out.
    pub(super) fn fix(&mut self, place: Span) {
        self.fixes.push(place);
    }

    /// The rules that were left out somewhere.
    pub(super) fn codes(&self) -> Vec<Code> {
        self.rules.keys().copied().collect()
    }

    /// One finding for each rule that is asked for, at the first place.
    pub(super) fn reported(mut self, asked_for: impl Fn(Code) -> bool) -> Vec<Diagnostic> {
        self.rules.retain(|code, _| asked_for(*code));
        let rules = self.rules.into_iter();
        let rules = rules.map(|(code, places)| (format!("the rule {code}"), places));
        let fixes = (!self.fixes.is_empty() && asked_for(Code::ChangesNothing)).then(|| {
            (
                "whether to remove what W0701 found".to_owned(),
                self.fixes.iter().copied().map(Some).collect(),
            )
        });
        rules.chain(fixes).map(|(what, places)| finding(&what, places)).collect()
    }
}

fn finding(what: &str, places: Vec<Option<Span>>) -> Diagnostic {
    let mut all: Vec<Span> = places.iter().flatten().copied().collect();
    all.sort();
    all.dedup();
    let why = "too much work";
    let reported = match (all.as_slice(), places.contains(&None)) {
        ([first, rest @ ..], false) => {
            let others = match rest.len() {
                0 => String::new(),
                1 => " and at one other place".to_owned(),
                more => format!(" and at {more} other places"),
            };
            Diagnostic::new(
                Code::NotChecked,
                *first,
                format!("{what} was not checked here{others}: {why}"),
            )
        }
        _ => Diagnostic::without_place(Code::NotChecked, format!("{what} was not checked: {why}")),
    };
    reported.help("conditions with fewer facts, or selections that overlap less, take less")
}

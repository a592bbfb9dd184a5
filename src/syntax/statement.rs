//! Statements and expectations: which parts and clauses go with which act.

use super::builder::Builder;
use super::grammar::Rule;
use super::tree::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use pest::iterators::Pair;

impl Builder<'_> {
    pub(super) fn statement(&mut self, pair: Pair<'_, Rule>) -> Option<Statement> {
        let span = self.trimmed(&pair);
        let head = self.head_span(&pair);
        let kind = match pair.as_rule() {
            Rule::never => StatementKind::Never,
            Rule::require => StatementKind::Require,
            _ => StatementKind::Permit,
        };
        let mut parts = Parts::default();
        let (mut when, mut unless, mut then, mut retain) = (None, None, None, None);
        let mut duties = Vec::new();
        for part in pair.into_inner() {
            let place = self.trimmed(&part);
            match part.as_rule() {
                Rule::when => {
                    let condition = self.last(part).and_then(|p| self.condition(p));
                    self.once(&mut when, condition, place, "when");
                }
                Rule::unless => {
                    let condition = self.last(part).and_then(|p| self.condition(p));
                    self.once(&mut unless, condition, place, "unless");
                }
                Rule::then => {
                    let names = self.last(part).map(|p| self.names(p));
                    self.once(&mut then, names.map(|names| (names, place)), place, "then");
                }
                Rule::duties => duties = self.names(part),
                // Before `to`, a `retain` is part of a `require`; after it, a clause of a permit.
                Rule::retain if kind == StatementKind::Require && parts.act.is_none() => {
                    retain = self.retain(part).map(|days| (days, None));
                }
                Rule::retain => {
                    let days = self.retain(part).map(|days| (days, Some(place)));
                    self.once(&mut retain, days, place, "retain");
                }
                _ => self.part(part, &mut parts),
            }
        }
        let misplaced = [
            (then.as_ref().map(|(_, place)| *place), "then"),
            (retain.and_then(|(_, place)| place), "retain"),
        ];
        if kind != StatementKind::Permit {
            for (place, word) in misplaced {
                if let Some(place) = place {
                    self.misplaced_clause(kind, word, place);
                }
            }
        }
        if kind == StatementKind::Require && duties.is_empty() && retain.is_none() {
            self.diagnostics.push(
                Diagnostic::new(Code::MissingPart, head, "this `require` requires nothing")
                    .help("name a duty, or `retain N days`, before `to`"),
            );
        }
        duties.extend(then.into_iter().flat_map(|(names, _)| names));
        let scope = self.scope(parts, head, kind == StatementKind::Permit)?;
        let retain_days = retain.map(|(days, _)| days);
        Some(Statement { span, kind, scope, when, unless, duties, retain_days })
    }

    fn misplaced_clause(&mut self, kind: StatementKind, word: &str, place: Span) {
        let (message, help) = match kind {
            StatementKind::Never => (
                format!("a `never` has no `{word}`"),
                "what is forbidden has no duties: remove it".to_owned(),
            ),
            _ => (
                format!("a `require` has no `{word}` at its end"),
                match word {
                    "retain" => "write it before `to`: `require retain N days to …`".to_owned(),
                    _ => "write the duties before `to`: `require DUTY to …`".to_owned(),
                },
            ),
        };
        self.diagnostics.push(Diagnostic::new(Code::MisplacedPart, place, message).help(help));
    }

    pub(super) fn expectation(&mut self, pair: Pair<'_, Rule>) -> Option<Expectation> {
        let span = self.trimmed(&pair);
        let mut verdict = Verdict::Deny;
        let mut parts = Parts::default();
        let mut given = Vec::new();
        let mut stated = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::verdict => {
                    verdict = part.as_str().parse().unwrap_or(verdict);
                }
                Rule::given => {
                    let place = self.trimmed(&part);
                    self.once(&mut stated, Some(()), place, "given");
                    for assignment in part.into_inner().filter(|p| p.as_rule() == Rule::assignment)
                    {
                        let mut inner = assignment.into_inner();
                        if let (Some(name), Some(value)) = (inner.next(), inner.next_back()) {
                            given.push((self.name(&name), self.value(&value)));
                        }
                    }
                }
                _ => self.part(part, &mut parts),
            }
        }
        let scope = self.scope(parts, span, false)?;
        Some(Expectation { span, verdict, scope, given })
    }

    /// The act, the categories, `by`, `with` or `for`.
    fn part(&mut self, pair: Pair<'_, Rule>, parts: &mut Parts) {
        match pair.as_rule() {
            Rule::act => {
                parts.act = pair.as_str().parse().ok();
            }
            Rule::selection => parts.categories = self.selection(pair),
            Rule::part => {
                let place = self.trimmed(&pair);
                let mut inner = pair.into_inner();
                let (Some(word), Some(selection)) = (inner.next(), inner.next()) else { return };
                let text = word.as_str();
                let selection = self.selection(selection).map(|selection| (selection, place));
                let slot = match word.as_rule() {
                    Rule::kw_by => &mut parts.by,
                    Rule::kw_with => &mut parts.with,
                    _ => &mut parts.purposes,
                };
                self.once(slot, selection, place, text);
            }
            _ => {}
        }
    }

    /// Checks that the parts go with the act; a permit needs all of them.
    fn scope(&mut self, parts: Parts, head: Span, permit: bool) -> Option<Scope> {
        let (act, categories) = (parts.act?, parts.categories?);
        let mut whole = true;
        // If `by` and `with` were confused, the right one is not reported as missing too.
        let party = parts.by.is_some() || parts.with.is_some();
        let fitting = [
            (&parts.by, "by METHODS", "by", ActKind::Collect),
            (&parts.with, "with RECIPIENTS", "with", ActKind::Share),
        ];
        for (part, shape, word, goes_with) in fitting {
            if let Some((_, place)) = part
                && act != goes_with
            {
                whole = false;
                let message = format!("`{word}` does not go with `{}`", act.as_str());
                self.diagnostics.push(
                    Diagnostic::new(Code::MisplacedPart, *place, message)
                        .help(format!("`{word}` goes with `{}` alone", goes_with.as_str())),
                );
            } else if part.is_none() && act == goes_with && permit && !party {
                whole = false;
                self.missing(act, head, shape);
            }
        }
        if parts.purposes.is_none() && permit {
            whole = false;
            self.missing(act, head, "for PURPOSES");
        }
        let selection = |part: Option<(Selection, Span)>| part.map(|(selection, _)| selection);
        let (by, with, purposes) =
            (selection(parts.by), selection(parts.with), selection(parts.purposes));
        whole.then_some(Scope { act, categories, by, with, purposes })
    }

    fn missing(&mut self, act: ActKind, head: Span, shape: &str) {
        let message = format!("this `{}` has no `{shape}`", act.as_str());
        let help = match shape {
            "by METHODS" => "add `by` and the methods (`by *` means every method)",
            "with RECIPIENTS" => "add `with` and the recipients (`with *` means every recipient)",
            _ => {
                "nothing is permitted but for a purpose: add `for` and the purposes (`for *` means every purpose)"
            }
        };
        self.diagnostics.push(Diagnostic::new(Code::MissingPart, head, message).help(help));
    }

    pub(super) fn once<T>(
        &mut self,
        slot: &mut Option<T>,
        value: Option<T>,
        place: Span,
        word: &str,
    ) {
        if slot.is_some() {
            self.diagnostics.push(
                Diagnostic::new(Code::RepeatedPart, place, format!("`{word}` stands here twice"))
                    .help(format!("join the two into one `{word}`")),
            );
        } else {
            *slot = value;
        }
    }

    fn retain(&mut self, pair: Pair<'_, Rule>) -> Option<u32> {
        let integer = pair.into_inner().find(|p| p.as_rule() == Rule::integer)?;
        match integer.as_str().parse::<u32>() {
            Ok(days) if days < u32::MAX => Some(days),
            _ => {
                let span = self.span(&integer);
                self.diagnostics.push(
                    Diagnostic::new(Code::BadNumber, span, "this is more days than can be counted")
                        .help("where nothing limits how long it is kept, leave `retain` out"),
                );
                None
            }
        }
    }
}

#[derive(Default)]
struct Parts {
    act: Option<ActKind>,
    categories: Option<Selection>,
    by: Option<(Selection, Span)>,
    with: Option<(Selection, Span)>,
    purposes: Option<(Selection, Span)>,
}

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
        let mut clauses = Clauses::default();
        let (mut duties, mut limits) = (Vec::new(), Vec::new());
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::duties => duties = self.names(part),
                // Before `to`, a `retain` is part of a `require`; after it, a clause of a permit.
                Rule::retain if kind == StatementKind::Require && parts.act.is_none() => {
                    limits = self.limits(part);
                }
                Rule::act | Rule::selection | Rule::part => self.part(part, &mut parts),
                _ => self.clause(part, &mut clauses),
            }
        }
        let Clauses { when, unless, then, retain, on, because, see } = clauses;
        if kind != StatementKind::Permit {
            let misplaced = [
                (then.as_ref().map(|(_, place)| *place), "then"),
                (retain.as_ref().map(|(_, place)| *place), "retain"),
                (on.as_ref().map(|(_, place)| *place), "on"),
            ];
            for (place, word) in misplaced {
                if let Some(place) = place {
                    self.misplaced_clause(kind, word, place);
                }
            }
        }
        if kind == StatementKind::Require && duties.is_empty() && limits.is_empty() {
            self.diagnostics.push(
                Diagnostic::new(Code::MissingPart, head, "this `require` requires nothing")
                    .help("name a duty, or `retain N days`, before `to`"),
            );
        }
        duties.extend(then.into_iter().flat_map(|(names, _)| names));
        limits.extend(retain.into_iter().flat_map(|(limits, _)| limits));
        let bases = on.map(|(bases, _)| bases).unwrap_or_default();
        let scope = self.scope(parts, head, kind == StatementKind::Permit)?;
        self.optional_is_in_place(&scope, kind == StatementKind::Permit);
        Some(Statement { span, kind, scope, when, unless, duties, bases, limits, because, see })
    }

    /// `when`, `unless`, `then`, `retain`, `on`, `because` or `see`.
    fn clause(&mut self, pair: Pair<'_, Rule>, clauses: &mut Clauses) {
        let place = self.trimmed(&pair);
        match pair.as_rule() {
            Rule::when => {
                let condition = self.last(pair).and_then(|p| self.condition(p));
                self.once(&mut clauses.when, condition, place, "when");
            }
            Rule::unless => {
                let condition = self.last(pair).and_then(|p| self.condition(p));
                self.once(&mut clauses.unless, condition, place, "unless");
            }
            Rule::then => {
                let names = self.last(pair).map(|p| self.names(p));
                self.once(&mut clauses.then, names.map(|names| (names, place)), place, "then");
            }
            Rule::retain => {
                let limits = self.limits(pair);
                self.once(&mut clauses.retain, Some((limits, place)), place, "retain");
            }
            Rule::on => {
                let alternatives = pair.into_inner().filter(|p| p.as_rule() == Rule::bases);
                let bases = alternatives.map(|p| self.names(p)).collect();
                self.once(&mut clauses.on, Some((bases, place)), place, "on");
            }
            Rule::because => {
                let text = self.last(pair).map(|p| self.string(&p));
                self.once(&mut clauses.because, text, place, "because");
            }
            Rule::see => {
                let text = self.last(pair).map(|p| self.string(&p));
                if let Some(text) = text.as_ref().filter(|text| !is_web_address(&text.text)) {
                    self.diagnostics.push(
                        Diagnostic::new(Code::BadUrl, text.span, "this is not a web address")
                            .help("it starts with `https://` or `http://` and has no spaces"),
                    );
                }
                self.once(&mut clauses.see, text, place, "see");
            }
            _ => {}
        }
    }

    /// Reports each `optional` that is not a term of the outermost list of a `collect`.
    fn optional_is_in_place(&mut self, scope: &Scope, permit: bool) {
        let mut misplaced = Vec::new();
        let others = [&scope.by, &scope.with, &scope.purposes];
        misplaced.extend(others.into_iter().flatten().flat_map(Selection::optional));
        if permit && scope.act == ActKind::Collect {
            let (terms, except) = scope.categories.terms();
            misplaced.extend(except.iter().flat_map(Selection::optional));
            misplaced.extend(terms.iter().flat_map(|term| match &term.kind {
                SelectionKind::Optional(term) => term.optional(),
                _ => term.optional(),
            }));
        } else {
            misplaced.extend(scope.categories.optional());
        }
        for selection in misplaced {
            let message = "`optional` stands in the list of data of a `collect`, and nowhere else";
            self.diagnostics.push(
                Diagnostic::new(Code::MisplacedPart, selection.span, message)
                    .help("write it before a name of that list: `collect email, optional phone`"),
            );
        }
    }

    fn misplaced_clause(&mut self, kind: StatementKind, word: &str, place: Span) {
        let (message, help) = match kind {
            StatementKind::Never => (
                format!("a `never` has no `{word}`"),
                match word {
                    "on" => "what is forbidden has no legal basis: remove it".to_owned(),
                    _ => "what is forbidden has no duties: remove it".to_owned(),
                },
            ),
            _ => (
                format!("a `require` has no `{word}` at its end"),
                match word {
                    "on" => "legal bases are of permits: remove it".to_owned(),
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
        self.optional_is_in_place(&scope, false);
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
        let fitting = [(&parts.by, "by", ActKind::Collect), (&parts.with, "with", ActKind::Share)];
        for (part, word, goes_with) in fitting {
            if let Some((_, place)) = part
                && act != goes_with
            {
                whole = false;
                let message = format!("`{word}` does not go with `{}`", act.as_str());
                self.diagnostics.push(
                    Diagnostic::new(Code::MisplacedPart, *place, message)
                        .help(format!("`{word}` goes with `{}` alone", goes_with.as_str())),
                );
            }
        }
        if act == ActKind::Share && permit && !party {
            whole = false;
            self.missing(act, head, "with RECIPIENTS");
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

    fn limits(&mut self, pair: Pair<'_, Rule>) -> Vec<RetainLimit> {
        let limits = pair.into_inner().filter(|p| p.as_rule() == Rule::limit);
        limits.filter_map(|limit| self.limit(limit)).collect()
    }

    fn limit(&mut self, pair: Pair<'_, Rule>) -> Option<RetainLimit> {
        let span = self.trimmed(&pair);
        let mut inner = pair.into_inner().peekable();
        let at_least = inner.next_if(|p| p.as_rule() == Rule::at_least);
        let is_least = at_least.is_some();
        let parts: Vec<_> = match at_least {
            Some(at_least) => at_least.into_inner().collect(),
            None => inner.collect(),
        };
        let (mut period, mut after, mut until) = (None, None, None);
        for part in parts {
            match part.as_rule() {
                Rule::period => period = Some(self.period(part)?),
                Rule::after => after = self.last(part).map(|p| self.name(&p)),
                Rule::until => until = self.last(part).map(|p| self.name(&p)),
                _ => {}
            }
        }
        let limit = match (period, until) {
            (Some(period), _) => Limit::Period { period, after },
            (None, until) => Limit::Until { until: until? },
        };
        Some(RetainLimit { span, at_least: is_least, limit })
    }

    fn period(&mut self, pair: Pair<'_, Rule>) -> Option<Period> {
        let mut inner = pair.into_inner();
        let (count, unit) = (inner.next()?, inner.next()?);
        let unit = Unit::of_word(unit.as_str())?;
        match count.as_str().parse::<u32>() {
            Ok(count) if count < u32::MAX => Some(Period::new(count, unit)),
            _ => {
                let (span, unit) = (self.span(&count), unit.as_str());
                let message = format!("this is more {unit} than can be counted");
                self.diagnostics.push(
                    Diagnostic::new(Code::BadNumber, span, message)
                        .help("where nothing limits how long it is kept, leave `retain` out"),
                );
                None
            }
        }
    }
}

/// Whether a text is an address that a reader can open: `http` or `https`, a host, and no white space.
pub(crate) fn is_web_address(text: &str) -> bool {
    let rest = ["https://", "http://"].into_iter().find_map(|scheme| text.strip_prefix(scheme));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !rest.contains(|c: char| c.is_whitespace() || "\"<>\\^`{|}".contains(c))
    })
}

/// The clauses of a statement, those that do not go with every kind with their places.
#[derive(Default)]
struct Clauses {
    when: Option<Condition>,
    unless: Option<Condition>,
    then: Option<(Vec<Name>, Span)>,
    retain: Option<(Vec<RetainLimit>, Span)>,
    on: Option<(Vec<Vec<Name>>, Span)>,
    because: Option<Text>,
    see: Option<Text>,
}

#[derive(Default)]
struct Parts {
    act: Option<ActKind>,
    categories: Option<Selection>,
    by: Option<(Selection, Span)>,
    with: Option<(Selection, Span)>,
    purposes: Option<(Selection, Span)>,
}

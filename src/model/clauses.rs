//! What the clauses of statements refer to: duties, legal bases and events.

use super::condition::{self, ConditionId, Conditions};
use super::load::Loaded;
use super::shown::different;
use super::statement::{Alternative, Basis, Declared, Duty, EventId, RetainLimit};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::MAX_BASES;
use crate::names::SuggestionBudget;
use crate::period::Limit;
use crate::source::Span;
use crate::syntax::tree::{self, Name};
use hashbrown::HashMap;

/// The names that clauses refer to.
pub(super) struct Clauses<'m> {
    duties: Names<'m>,
    bases: Names<'m>,
    events: Names<'m>,
    /// The condition of each basis.
    conditions: Vec<ConditionId>,
}

/// Declared names of one kind, with their numbers.
struct Names<'m> {
    word: &'static str,
    plural: &'static str,
    unknown: Code,
    ids: HashMap<String, u32>,
    list: Vec<String>,
    budget: &'m SuggestionBudget,
}

impl<'m> Clauses<'m> {
    /// Resolves the bases, each declared once or several times alike.
    pub(super) fn new(
        files: &[Loaded],
        duties: &[Duty],
        events: &[Declared],
        resolver: &mut condition::Resolver<'_>,
        budget: &'m SuggestionBudget,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Vec<Basis>, Self) {
        let bases = bases(files, resolver, diagnostics);
        let names = |word, plural, unknown, list: Vec<String>| Names {
            word,
            plural,
            unknown,
            ids: list.iter().cloned().zip(0..).collect(),
            list,
            budget,
        };
        let of_duties = duties.iter().map(|duty| duty.name.clone()).collect();
        let of_events = events.iter().map(|event| event.name.clone()).collect();
        let of_bases = bases.iter().map(|basis| basis.name.clone()).collect();
        let clauses = Self {
            duties: names("duty", "duties", Code::UnknownDuty, of_duties),
            bases: names("basis", "legal bases", Code::UnknownBasis, of_bases),
            events: names("event", "events", Code::UnknownEvent, of_events),
            conditions: bases.iter().map(|basis| basis.condition).collect(),
        };
        (bases, clauses)
    }

    /// A bit for each duty.
    pub(super) fn duties(&self, names: &[Name], diagnostics: &mut Vec<Diagnostic>) -> u64 {
        names.iter().fold(0, |bits, name| bits | bit(self.duties.find(name, diagnostics)))
    }

    pub(super) fn limits(
        &self,
        written: &[tree::RetainLimit],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<RetainLimit> {
        let mut event = |name: &Name| self.events.find(name, diagnostics).map(EventId);
        let mut limit = |written: &tree::RetainLimit| {
            let limit = match &written.limit {
                Limit::Period { period, after: None } => {
                    Limit::Period { period: *period, after: None }
                }
                Limit::Period { period, after: Some(name) } => {
                    Limit::Period { period: *period, after: Some(event(name)?) }
                }
                Limit::Until { until } => Limit::Until { until: event(until)? },
            };
            Some(RetainLimit { at_least: written.at_least, limit })
        };
        written.iter().filter_map(&mut limit).collect()
    }

    /// The alternatives in `on`, and the condition of a permit that has them.
    pub(super) fn alternatives(
        &self,
        own: ConditionId,
        written: &[Vec<Name>],
        conditions: &mut Conditions,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Vec<Alternative>, ConditionId) {
        if written.is_empty() {
            return (Vec::new(), own);
        }
        let mut alternatives = Vec::with_capacity(written.len());
        let mut of_bases = Vec::with_capacity(written.len());
        for names in written {
            let ids: Vec<u32> =
                names.iter().filter_map(|name| self.bases.find(name, diagnostics)).collect();
            let bases = ids.iter().fold(0, |bits, id| bits | bit(Some(*id)));
            let needed: Vec<ConditionId> =
                ids.iter().map(|id| self.conditions[*id as usize]).collect();
            let condition = conditions.all_of(&[&[own], needed.as_slice()].concat());
            alternatives.push(Alternative { bases, condition });
            of_bases.push(needed);
        }
        (alternatives, conditions.with_any(own, &of_bases))
    }
}

/// The bit of a number; none beyond the limit, which is refused.
fn bit(id: Option<u32>) -> u64 {
    id.and_then(|id| 1u64.checked_shl(id)).unwrap_or(0)
}

impl Names<'_> {
    fn find(&self, name: &Name, diagnostics: &mut Vec<Diagnostic>) -> Option<u32> {
        let id = self.ids.get(&name.text).copied();
        if id.is_none() {
            let Self { word, plural, .. } = self;
            let near = self.budget.nearest(&name.text, self.list.iter().map(String::as_str));
            let message = format!("no {word} is named `{}`", name.text);
            let declaration = format!("{plural} are declared: `{word} {}`", name.text);
            diagnostics.push(
                Diagnostic::new(self.unknown, name.span, message).nearest_or(&near, declaration),
            );
        }
        id
    }
}

fn bases(
    files: &[Loaded],
    resolver: &mut condition::Resolver<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Basis> {
    let mut bases: Vec<Basis> = Vec::new();
    let mut seen: HashMap<&str, (usize, Span)> = HashMap::new();
    for written in files.iter().flat_map(|file| &file.tree.bases) {
        let basis = Basis {
            name: written.name.text.clone(),
            label: written.label.as_ref().map(|label| label.text.clone()).unwrap_or_default(),
            condition: resolver.resolve(
                written.when.as_ref(),
                written.unless.as_ref(),
                diagnostics,
            ),
        };
        match seen.get(written.name.text.as_str()) {
            None => {
                seen.insert(&written.name.text, (bases.len(), written.name.span));
                if bases.len() == MAX_BASES {
                    let message = format!("this is one basis more than the {MAX_BASES} that fit");
                    diagnostics.push(Diagnostic::new(Code::TooLarge, written.name.span, message));
                }
                bases.push(basis);
            }
            Some((at, first)) if bases[*at] != basis => {
                diagnostics.push(different("basis", &written.name, *first));
            }
            Some(_) => {}
        }
    }
    bases
}

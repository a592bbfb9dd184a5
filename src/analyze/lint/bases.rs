//! Legal bases that ask for no consent, permits without a basis, and data that is optional and needed.

use super::subject::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{ConditionId, Hierarchy, Model, NodeSet, Statement, StatementKind};
use crate::syntax::tree;
use std::collections::BTreeMap;

/// Words of a basis that needs the person's consent, in small letters.
const CONSENT: [&str; 4] = ["consent", "agreed", "einwilligung", "同意"];

pub(super) fn find(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    consent(subject, findings);
    without_basis(subject.model, findings);
    optional_and_needed(subject, findings);
}

/// Bases that need consent, and hold without a fact.
fn consent(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    for written in subject.written.bases() {
        let model = subject.model;
        let Some(basis) = model.bases.iter().find(|one| one.name == written.name.text) else {
            continue;
        };
        let text = format!("{} {}", basis.name, basis.label).to_lowercase();
        let needs_consent = CONSENT.iter().any(|word| text.contains(word));
        if needs_consent && basis.condition == ConditionId::ALWAYS {
            let message = format!("the basis `{}` needs consent and asks for no fact", basis.name);
            findings
                .push(Diagnostic::new(Code::BasisWithoutConsent, written.name.span, message).help(
                    "it holds for everybody: add `when` and the fact that the person agreed",
                ));
        }
    }
}

/// Permits without a basis, where others name one.
fn without_basis(model: &Model, findings: &mut Vec<Diagnostic>) {
    let permits = || model.statements.iter().filter(|s| s.kind == StatementKind::Permit);
    let Some(based) = permits().find(|permit| !permit.alternatives.is_empty()) else { return };
    for permit in permits().filter(|permit| permit.alternatives.is_empty()) {
        let message = "this permit names no legal basis, and others do";
        findings.push(
            Diagnostic::new(Code::NoBasis, permit.span, message)
                .related(based.span, "this one does")
                .help("add `on` and a basis: without one, answers say that they have none"),
        );
    }
}

/// Purposes whose only permit needs nothing but data that the person may leave out.
fn optional_and_needed(subject: &Subject<'_>, findings: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let collects =
        || model.statements.iter().zip(&subject.written.statements).filter(|(s, _)| s.collects());
    if collects().all(|(statement, _)| statement.optional.is_none()) {
        return;
    }
    let ranges = |set: fn(&Statement) -> Option<crate::model::SetId>| {
        let sets = collects().filter_map(|(statement, _)| set(statement));
        NodeSet::from_ranges(sets.flat_map(|set| model.set(set).ranges()).copied().collect())
    };
    let required = ranges(|statement| Some(statement.required));
    let optional = ranges(|statement| statement.optional).difference(&required);
    for (id, purpose) in only_permits(model) {
        let statement = &model.statements[id as usize];
        let data = model.set(statement.categories);
        if data.is_empty() || !data.difference(&optional).is_empty() {
            continue;
        }
        let covers = |(one, _): &(&Statement, &&tree::Statement)| {
            let set = one.optional.map(|set| model.set(set));
            set.is_some_and(|set| !set.intersection(data).is_empty())
        };
        let Some((_, collect)) = collects().find(covers) else { continue };
        let place = subject.written.statements[id as usize].scope.categories.span;
        let path = model.tree(Hierarchy::Purpose).path(purpose);
        let message =
            format!("the only permit for `{path}` needs data that the person may leave out");
        let mut reported = Diagnostic::new(Code::OptionalAndNeeded, place, message)
            .help("require the data where it is collected, or permit the purpose other data too");
        if collect.span != statement.span {
            reported = reported.related(collect.span, "it is optional here");
        }
        findings.push(reported);
    }
}

/// The permits that alone cover some purpose, each with the first of these purposes that has nothing below it.
/// O(ranges of purposes + purposes).
fn only_permits(model: &Model) -> BTreeMap<u32, u32> {
    let tree = model.tree(Hierarchy::Purpose);
    // How many permits start to cover a purpose there, less those that end, and the same of the sum of their numbers.
    let mut turns: Vec<(i64, i64)> = vec![(0, 0); tree.nodes.len() + 1];
    for (statement, id) in model.statements.iter().zip(0..) {
        if statement.kind == StatementKind::Permit {
            for (start, end) in model.set(statement.purposes).ranges() {
                for (at, sign) in [(start, 1), (end, -1)] {
                    let (count, sum) = &mut turns[*at as usize];
                    (*count, *sum) = (*count + sign, *sum + sign * id);
                }
            }
        }
    }
    let mut alone = BTreeMap::new();
    let (mut count, mut sum) = (0, 0);
    for ((node, turn), purpose) in tree.nodes.iter().zip(turns).zip(0..) {
        (count, sum) = (count + turn.0, sum + turn.1);
        if count == 1 && node.children.is_empty() {
            alone.entry(sum as u32).or_insert(purpose);
        }
    }
    alone
}

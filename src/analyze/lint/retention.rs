//! Retention that contradicts itself or is left open: data that must be kept for longer than it may be, data that must
//! be kept and need not go, and data that is collected with a limit and used without one.

use super::overlaps::limit_words;
use super::points::Points;
use super::report::question;
use super::subject::Subject;
use crate::analyze::answers::LimitsId;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{ActKind, Model, Statement, StatementKind};
use crate::source::Span;
use crate::syntax::tree;
use std::collections::BTreeMap;

/// The findings about `at least`, in the order of statements.
pub(super) fn find(subject: &mut Subject<'_>, points: &Points, findings: &mut Vec<Diagnostic>) {
    at_least(subject, points, findings);
    unlimited_use(subject, points, findings);
}

/// What an `at least` of a statement is found to be, and where.
enum Found {
    /// Another statement has a shorter limit.
    Longer { class: u32, by: u32 },
    /// Nothing limits it.
    Unlimited { class: u32 },
}

fn at_least(subject: &mut Subject<'_>, points: &Points, findings: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let keeps = |id: &u32| model.statements[*id as usize].limits.iter().any(|one| one.at_least);
    if !(0..model.statements.len() as u32).any(|id| keeps(&id)) {
        return;
    }
    let mut found: BTreeMap<u32, Found> = BTreeMap::new();
    for class in 0..points.len() {
        let due = due(model, points, class);
        for id in due.iter().copied().filter(keeps) {
            if matches!(found.get(&id), Some(Found::Longer { .. })) {
                continue;
            }
            if !subject.effort.spend(1 + due.len() as u64) {
                let place = model.statements[id as usize].span;
                for code in [Code::KeptTooLong, Code::KeptWithoutLimit] {
                    subject.left_out.rule(code, Some(place));
                }
                continue;
            }
            if let Some(by) = shorter(subject, id, &due) {
                found.insert(id, Found::Longer { class, by });
            } else if !due.iter().any(|other| is_limited(&model.statements[*other as usize])) {
                found.entry(id).or_insert(Found::Unlimited { class });
            }
        }
    }
    for (id, found) in found {
        let place = place(subject, id);
        findings.push(match found {
            Found::Longer { class, by } => longer(model, points, place, (id, by), class),
            Found::Unlimited { class } => {
                let (act, point) = points.sample(class);
                let message =
                    "this says how long data is kept at least, and nothing says when it must go";
                Diagnostic::new(Code::KeptWithoutLimit, place, message)
                    .help(format!("`{}` has no limit", question(model, act, point)))
                    .help("add a limit behind it, such as `retain at least 10 years, 11 years`")
            }
        });
    }
}

/// The permits and requirements of a class whose retention counts there; none where nothing is permitted.
fn due(model: &Model, points: &Points, class: u32) -> Vec<u32> {
    let act = points.marked(class).act();
    let is_permit = |id: &u32| model.statements[*id as usize].kind == StatementKind::Permit;
    if !points.statements(class).iter().any(is_permit) {
        return Vec::new();
    }
    let counts = |id: &u32| {
        let statement = &model.statements[*id as usize];
        let is_recipients = statement.is_share() && act != ActKind::Share;
        statement.kind != StatementKind::Never && !is_recipients && !statement.limits.is_empty()
    };
    points.statements(class).iter().copied().filter(counts).collect()
}

fn is_limited(statement: &Statement) -> bool {
    statement.limits.iter().any(|one| !one.at_least)
}

/// A statement whose limit is shorter than what another one says at least, and that may hold with it.
fn shorter(subject: &mut Subject<'_>, id: u32, due: &[u32]) -> Option<u32> {
    let model = subject.model;
    let limits =
        |id: u32| -> LimitsId { subject.translation.limits(&model.statements[id as usize].limits) };
    let own = limits(id);
    let all: Vec<(u32, LimitsId)> = due.iter().map(|other| (*other, limits(*other))).collect();
    all.into_iter().find_map(|(other, limits)| {
        let is_shorter = subject.answers.ends_before(limits, own);
        let conditions = [id, other]
            .map(|id| subject.translation.condition(model.statements[id as usize].condition));
        let mut together = || id == other || subject.answers.together(&conditions) == Some(true);
        (is_shorter && together()).then_some(other)
    })
}

/// The first `at least` of a statement.
fn place(subject: &Subject<'_>, id: u32) -> Span {
    let written = subject.written.statements[id as usize];
    let first = written.limits.iter().find(|limit| limit.at_least);
    first.map_or(written.span, |limit| limit.span)
}

fn longer(
    model: &Model,
    points: &Points,
    place: Span,
    (id, by): (u32, u32),
    class: u32,
) -> Diagnostic {
    let (act, point) = points.sample(class);
    let message = "this keeps data at least for longer than it may be kept";
    let reported = Diagnostic::new(Code::KeptTooLong, place, message)
        .help(format!("`{}` has both limits", question(model, act, point)))
        .help("raise the limit, or shorten what is kept at least");
    match id == by {
        true => reported,
        false => {
            let other = &model.statements[by as usize];
            let limits = other.limits.iter().filter(|one| !one.at_least);
            let words: Vec<String> = limits.map(|limit| limit_words(model, limit)).collect();
            reported.related(other.span, format!("this one has `retain {}`", words.join(", ")))
        }
    }
}

/// Uses of all that is collected that have no limit, where collecting it has one.
fn unlimited_use(subject: &mut Subject<'_>, points: &Points, findings: &mut Vec<Diagnostic>) {
    let model = subject.model;
    let written = &subject.written.statements;
    let uses = |(statement, written): (&Statement, &&tree::Statement)| {
        statement.kind == StatementKind::Permit
            && statement.act == ActKind::Use
            && !is_limited(statement)
            && written.scope.categories.says_collected()
    };
    let open: Vec<u32> = (model.statements.iter().zip(written).zip(0..))
        .filter(|(both, _)| uses(*both))
        .map(|(_, id)| id)
        .collect();
    let limited: Vec<&Statement> =
        model.statements.iter().filter(|s| s.collects() && is_limited(s)).collect();
    if open.is_empty() || limited.is_empty() {
        return;
    }
    let mut found: BTreeMap<u32, (u32, u32, &Statement)> = BTreeMap::new();
    for ((category, _), row) in points.rows() {
        let collects = |s: &&&Statement| model.set(s.categories).contains(category);
        let Some(collect) = limited.iter().find(collects) else { continue };
        for (_, class) in points.blocks(row).filter(|(block, _)| block.act == ActKind::Use) {
            let statements = points.statements(class);
            if !subject.effort.spend(1 + statements.len() as u64) {
                let place = model.statements[open[0] as usize].span;
                return subject.left_out.rule(Code::UsedWithoutLimit, Some(place));
            }
            let due = due(model, points, class);
            if due.iter().any(|id| is_limited(&model.statements[*id as usize])) {
                continue;
            }
            for id in open.iter().filter(|id| statements.binary_search(id).is_ok()) {
                found.entry(*id).or_insert((class, category, collect));
            }
        }
    }
    for (id, (class, category, collect)) in found {
        let (act, [_, party, purpose]) = points.sample(class);
        let question = question(model, act, [category, party, purpose]);
        let message = "this uses what is collected without a limit, and collecting it has one";
        findings.push(
            Diagnostic::new(Code::UsedWithoutLimit, model.statements[id as usize].span, message)
                .related(collect.span, "this one has a limit")
                .help(format!("`{question}` has no limit"))
                .help("add `retain …`, or say in a `require` how long it may be used"),
        );
    }
}

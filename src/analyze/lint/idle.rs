//! Statements that change no decision, and permits that overlap with different duties.
//!
//! A decision is about a question, and a question about all points at or below its nodes. A statement
//! changes nothing if no point changes without it; or if those that change are groups' own points, and
//! even the questions about these groups do not.

use super::Subject;
use super::points::{Block, Range};
use crate::analyze::diff::diff;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::model::{ActKind, ConditionId, Hierarchy, Kind, Model, NodeSet, Statement};
use crate::source::Span;
use crate::syntax::{LINE_BREAKS, behind_line};
use hashbrown::HashSet;

/// So many points of groups are looked at, times the blocks that they are held against; beyond,
/// nothing is said.
const MOST: usize = 50_000_000;

const GUARD: &str = "if it stands guard over permits to come: `// whyfor: allow(W0701) a guard`";

pub(super) fn find(subject: &mut Subject<'_>, found: &mut Vec<Diagnostic>) {
    let none = HashSet::new();
    let count = subject.model.statements.len() as u32;
    let mut idle: Vec<u32> = (0..count).filter(|id| is_idle(subject, *id, &none)).collect();
    idle.retain(|id| !widens_collected(subject, *id));
    let removable = removable(subject, &idle);
    for id in &idle {
        found.push(told(subject, *id, removable.contains(id)));
    }
    let idle: HashSet<u32> = idle.into_iter().collect();
    for id in (0..count).filter(|id| !idle.contains(id)) {
        found.extend(different_duties(subject, id, &idle));
    }
}

/// The statements that may all be removed together: the later of two that say the same. A `never` or a
/// `require` that no other one repeats stays, since it stands guard over permits to come.
fn removable(subject: &mut Subject<'_>, idle: &[u32]) -> HashSet<u32> {
    let model = subject.model;
    let mut removed = HashSet::new();
    let mut collected = subject.collected.clone();
    for id in idle.iter().rev() {
        let statement = &model.statements[*id as usize];
        // Without this one `collected` would mean less, which is tried for one statement at a time.
        let alone = collected.shrinks(model, statement);
        let guards =
            statement.kind != Kind::Permit && said_already(subject, *id, &removed).is_none();
        if !alone && !guards && is_idle(subject, *id, &removed) {
            removed.insert(*id);
            collected.remove(model, statement);
        }
    }
    removed
}

/// Whether every question has the same answer without a statement, where others are removed already.
fn is_idle(subject: &mut Subject<'_>, id: u32, removed: &HashSet<u32>) -> bool {
    let classes = subject.points.of_statements[id as usize].clone();
    let mut groups = Vec::new();
    for class in classes {
        let [with, without] = [false, true].map(|without| {
            let statements = subject.points.statements(class).iter();
            let statements = statements.filter(|s| !(removed.contains(*s) || without && **s == id));
            let statements = statements.map(|s| &subject.model.statements[*s as usize]);
            subject.answers.of_point(statements, &subject.translation)
        });
        if subject.answers.compare(without, with).is_same() {
            continue;
        }
        if subject.points.leaves[class as usize].is_some() {
            return false;
        }
        groups.push(class);
    }
    groups.is_empty() || no_group_changes(subject, id, removed, &groups)
}

/// Whether the questions about these classes' points have the same answers without a statement.
fn no_group_changes(
    subject: &mut Subject<'_>,
    id: u32,
    removed: &HashSet<u32>,
    classes: &[u32],
) -> bool {
    let blocks: Vec<Block> =
        classes.iter().flat_map(|class| &subject.points.blocks[*class as usize]).copied().collect();
    let all: usize = subject.points.blocks.iter().map(Vec::len).sum();
    let length = |range: Range| (range.1 - range.0) as usize;
    let points: usize =
        blocks.iter().map(|b| length(b.categories) * length(b.parties) * length(b.purposes)).sum();
    if points.saturating_mul(all) > MOST {
        return false;
    }
    for block in blocks {
        for category in block.categories.0..block.categories.1 {
            for party in block.parties.0..block.parties.1 {
                for purpose in block.purposes.0..block.purposes.1 {
                    let point = [category, party, purpose];
                    if !same_question(subject, id, removed, block.act, point) {
                        return false;
                    }
                }
            }
        }
    }
    true
}

fn same_question(
    subject: &mut Subject<'_>,
    id: u32,
    removed: &HashSet<u32>,
    act: ActKind,
    [category, party, purpose]: [u32; 3],
) -> bool {
    let model = subject.model;
    let categories = model.tree(Hierarchy::Category).below(category);
    let purposes = model.tree(Hierarchy::Purpose).below(purpose);
    let one = NodeSet::all(1);
    let parties = act.party().map_or(&one, |hierarchy| model.tree(hierarchy).below(party));
    let meets = |set: &NodeSet, range: Range| {
        !set.intersection(&NodeSet::from_ranges(vec![range])).is_empty()
    };
    let within = |block: &&Block| {
        block.act == act
            && meets(categories, block.categories)
            && meets(parties, block.parties)
            && meets(purposes, block.purposes)
    };
    let points = &subject.points;
    let classes: Vec<u32> = (0..points.blocks.len() as u32)
        .filter(|class| points.blocks[*class as usize].iter().any(|block| within(&block)))
        .collect();
    let [with, without] = [false, true].map(|without| {
        let points = classes.iter().map(|class| {
            let statements = points.statements(*class).iter();
            let kept = statements.filter(|s| !(removed.contains(*s) || without && **s == id));
            kept.map(|s| &model.statements[*s as usize])
        });
        subject.answers.of_points(points, &subject.translation)
    });
    subject.answers.compare(without, with).is_same()
}

/// Whether decisions change without a `collect` after all, since `collected` would mean less. Rare
/// enough to try it.
fn widens_collected(subject: &Subject<'_>, id: u32) -> bool {
    let model = subject.model;
    if !subject.collected.shrinks(model, &model.statements[id as usize]) {
        return false;
    }
    match without(model, id).and_then(|without| diff(model, &without).ok()) {
        Some(diff) => !diff.changes().is_empty(),
        None => true, // then it is no statement to do without
    }
}

/// The policy without a statement, every line where it was; `None` if it is no policy any more.
fn without(model: &Model, statement: u32) -> Option<Model> {
    let span = model.statements[statement as usize].span;
    let breaks = model.sources.slice(span).chars().filter(|c| LINE_BREAKS.contains(c)).collect();
    let files = model.sources.edited(&[(span, breaks)])?;
    Model::load(&files, model.sources.root()).ok()
}

fn told(subject: &mut Subject<'_>, id: u32, removable: bool) -> Diagnostic {
    let model = subject.model;
    let statement = &model.statements[id as usize];
    let classes = &subject.points.of_statements[id as usize];
    let forbidding = |class: &u32| {
        let covering = subject.points.statements(*class).iter();
        let mut covering = covering.map(|s| &model.statements[*s as usize]);
        covering.find(|s| s.kind == Kind::Never && s.condition == ConditionId::ALWAYS)
    };
    let nevers: Vec<Option<&Statement>> = classes.iter().map(forbidding).collect();
    let wholly = !nevers.is_empty() && nevers.iter().all(Option::is_some);
    let diagnostic = if statement.kind == Kind::Permit && wholly {
        let message = "all that this permits is forbidden";
        let mut diagnostic = Diagnostic::new(Code::Forbidden, statement.span, message);
        let mut spans: Vec<Span> = nevers.iter().flatten().map(|s| s.span).collect();
        spans.sort();
        spans.dedup();
        for span in spans.into_iter().take(3) {
            diagnostic = diagnostic.related(span, "forbidden here");
        }
        diagnostic.help("`never` beats every permit: remove one of them, or write an exception")
    } else {
        let message = "this statement changes no decision";
        let diagnostic = Diagnostic::new(Code::ChangesNothing, statement.span, message);
        let covers_nothing = classes.is_empty();
        match (said_already(subject, id, &HashSet::new()), covers_nothing) {
            (_, true) => diagnostic.help("it covers nothing"),
            (Some(other), _) => {
                let text = match statement.kind {
                    Kind::Permit => "this permits all of it already",
                    Kind::Never => "this forbids all of it already",
                    Kind::Require => "this requires all of it already",
                };
                diagnostic.related(model.statements[other as usize].span, text)
            }
            (None, _) => match statement.kind {
                Kind::Permit => {
                    diagnostic.help("other statements permit all of it already, or forbid it")
                }
                Kind::Never => diagnostic
                    .help("nothing that it forbids is permitted, or others forbid it already")
                    .help(GUARD),
                Kind::Require => diagnostic
                    .help("nothing that it adds to is permitted, or others require it already")
                    .help(GUARD),
            },
        }
    };
    if !removable {
        return diagnostic;
    }
    let edits = vec![(whole_lines(model, statement.span), String::new())];
    diagnostic.fixed_by(Fix { title: "remove the statement".to_owned(), edits })
}

/// The statement, with its lines where it is alone on them, or with the spaces behind it.
fn whole_lines(model: &Model, span: Span) -> Span {
    let text = model.sources.file(span.file).text();
    let (start, end) = (span.start as usize, span.end as usize);
    let before = start - text[..start].rsplit(LINE_BREAKS).next().unwrap_or("").len();
    let after = behind_line(text, end);
    if !text[before..start].trim().is_empty() {
        return span;
    }
    match text[end..after].trim().is_empty() {
        true => Span::new(span.file, before, after),
        false => {
            let rest = text[end..after].trim_start_matches([' ', '\t']);
            Span::new(span.file, start, after - rest.len()) // a comment stays where the line starts
        }
    }
}

/// Another statement of the same kind, of those not removed, that covers all that this one does, holds
/// whenever it does and brings all that it brings.
fn said_already(subject: &mut Subject<'_>, id: u32, removed: &HashSet<u32>) -> Option<u32> {
    let (first, rest) = subject.points.of_statements[id as usize].split_first()?;
    let everywhere = |other: &u32| {
        rest.iter().all(|class| subject.points.statements(*class).binary_search(other).is_ok())
    };
    let others = subject.points.statements(*first).iter().copied();
    let others = others.filter(|other| *other != id && !removed.contains(other));
    let others: Vec<u32> = others.filter(everywhere).collect();
    others.into_iter().find(|other| says(subject, *other, id))
}

/// Whether a statement holds whenever another of its kind does, and brings all that it brings: beside it,
/// the other one adds nothing.
fn says(subject: &mut Subject<'_>, one: u32, other: u32) -> bool {
    let statement = |id: u32| &subject.model.statements[id as usize];
    if statement(one).kind != statement(other).kind {
        return false;
    }
    // Of every kind as if it permitted: then the answer is that it holds.
    let [one, other] =
        [one, other].map(|id| Statement { kind: Kind::Permit, ..statement(id).clone() });
    let alone = subject.answers.of_point([&one].into_iter(), &subject.translation);
    let both = subject.answers.of_point([&one, &other].into_iter(), &subject.translation);
    subject.answers.compare(alone, both).is_same()
}

/// A permit before this one that covers some of the same, may hold together with it, and has other
/// duties or another retention: both count then, and the shortest retention.
fn different_duties(subject: &mut Subject<'_>, id: u32, idle: &HashSet<u32>) -> Option<Diagnostic> {
    let model = subject.model;
    let statement = &model.statements[id as usize];
    if statement.kind != Kind::Permit {
        return None;
    }
    let mut seen = HashSet::new();
    let mut others = Vec::new();
    for class in subject.points.of_statements[id as usize].clone() {
        let before = subject.points.statements(class).iter().take_while(|other| **other < id);
        let before: Vec<u32> = before.copied().filter(|other| seen.insert(*other)).collect();
        for other in before {
            let there = &model.statements[other as usize];
            let differs =
                (there.duties, there.retain_days) != (statement.duties, statement.retain_days);
            if there.kind != Kind::Permit || !differs || idle.contains(&other) {
                continue;
            }
            let conditions = [statement, there].map(|s| subject.translation.condition(s.condition));
            if subject.answers.common(&conditions).is_some_and(|(together, _)| together) {
                others.push((other, class));
            }
        }
    }
    let (other, class) = *others.first()?;
    let there = &model.statements[other as usize];
    let message = "this permit and another one cover the same with different duties or retention";
    let mut diagnostic = Diagnostic::new(Code::DifferentDuties, statement.span, message)
        .related(there.span, format!("this one has {}", due(model, there)))
        .label(format!("this one has {}", due(model, statement)));
    if let Some((act, point)) = sample(subject, class) {
        let question = question(model, act, point);
        diagnostic = diagnostic
            .help(format!("`{question}` has the duties of both, and the shortest retention"));
    }
    diagnostic = match others.len() - 1 {
        0 => diagnostic,
        1 => diagnostic.help("so it is with another permit"),
        more => diagnostic.help(format!("so it is with {more} other permits")),
    };
    Some(diagnostic.help("say in both what is due, or in a `require`; or let them not overlap"))
}

fn due(model: &Model, statement: &Statement) -> String {
    let named = model.duties.iter().enumerate();
    let named = named.filter(|(bit, _)| statement.duties >> bit & 1 == 1);
    let names: Vec<&str> = named.map(|(_, name)| name.as_str()).collect();
    let duties = (!names.is_empty()).then(|| format!("`then {}`", names.join(", ")));
    let days = statement.retain_days.map(|days| format!("`retain {days} days`"));
    let parts: Vec<String> = duties.into_iter().chain(days).collect();
    if parts.is_empty() { "neither".to_owned() } else { parts.join(" and ") }
}

/// A point of a class: one that is a question about nothing else, where there is one.
pub(super) fn sample(subject: &Subject<'_>, class: u32) -> Option<(ActKind, [u32; 3])> {
    let blocks = &subject.points.blocks[class as usize];
    if let Some(leaf) = subject.points.leaves[class as usize] {
        let holds = |range: Range, node: u32| range.0 <= node && node < range.1;
        let block = blocks.iter().find(|b| {
            holds(b.categories, leaf[0]) && holds(b.parties, leaf[1]) && holds(b.purposes, leaf[2])
        })?;
        return Some((block.act, leaf));
    }
    let block = blocks.first()?;
    Some((block.act, [block.categories.0, block.parties.0, block.purposes.0]))
}

/// A question as a statement.
pub(super) fn question(model: &Model, act: ActKind, [c, q, p]: [u32; 3]) -> String {
    let category = model.tree(Hierarchy::Category).path(c);
    let purpose = model.tree(Hierarchy::Purpose).path(p);
    match act.party() {
        None => format!("use {category} for {purpose}"),
        Some(Hierarchy::Method) => {
            let method = model.tree(Hierarchy::Method).path(q);
            format!("collect {category} by {method} for {purpose}")
        }
        Some(hierarchy) => {
            let recipient = model.tree(hierarchy).path(q);
            format!("share {category} with {recipient} for {purpose}")
        }
    }
}

//! Statements that change no decision.
//!
//! A decision is about a question, and a question about all points at or below its nodes. A statement
//! changes nothing if no point changes without it; or if those that change are groups' own points, and
//! even the questions about these groups do not. A point that is yes may also name further bases in a question
//! about more points that depends on facts: then the questions about what is above it must not change.

use super::groups::{Changed, Going, Groups};
use super::points::Points;
use super::report::Reporter;
use super::said::Said;
use super::shapes::{Present, Shapes};
use super::subject::Subject;
use crate::analyze::answers::Need;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::StatementKind;
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeMap;

/// Reports and returns the statements that change nothing.
pub(super) fn find(
    subject: &mut Subject<'_>,
    points: &Points,
    shapes: &mut Shapes,
    findings: &mut Vec<Diagnostic>,
) -> HashSet<u32> {
    let mut needs = vec![Need::Idle; subject.model.statements.len()];
    let changed = look(subject, points, shapes, &mut needs);
    let groups = groups(subject, points, &needs, &changed);
    for (id, changed) in changed {
        if needs[id as usize] == Need::Idle {
            let removed = &HashSet::new();
            let stay = groups
                .as_ref()
                .and_then(|groups| groups.stay(subject, points, Going { id, removed }, &changed));
            needs[id as usize] = match stay {
                Some(true) => Need::Idle,
                Some(false) => Need::Needed,
                None => Need::Unknown,
            };
        }
    }
    let of = |need: Need| {
        let all = needs.iter().enumerate().filter(move |(_, of)| **of == need);
        all.map(|(id, _)| id as u32)
    };
    for id in of(Need::Unknown) {
        let place = subject.model.statements[id as usize].span;
        subject.left_out.rule(Code::ChangesNothing, Some(place));
    }
    let idle: Vec<u32> = of(Need::Idle).collect();
    let mut said = Said::default();
    let removal = Removal { points, shapes, said: &mut said, groups: groups.as_ref() };
    let removable = removal.all(subject, &idle);
    let mut reporter = Reporter::default();
    for id in &idle {
        let already = said.already(subject, points, shapes, *id, &HashSet::new());
        let removable = removable.contains(id);
        // A `never` is a promise, and a reader of the policy misses it where nothing else says it, or not why.
        let statement = &subject.model.statements[*id as usize];
        let is_promise = statement.kind == StatementKind::Never;
        let has_reason = !statement.because.is_empty() || !statement.see.is_empty();
        if is_promise && (already.is_none() || has_reason) {
            continue;
        }
        findings.push(reporter.finding(subject.model, points, *id, already, removable));
    }
    idle.into_iter().collect()
}

/// Looks at each class of points: which statements it needs. Gives, for those that only groups' own points
/// need, or questions about what is above, these classes.
fn look(
    subject: &mut Subject<'_>,
    points: &Points,
    shapes: &mut Shapes,
    needs: &mut [Need],
) -> BTreeMap<u32, Changed> {
    let mut changed: BTreeMap<u32, Changed> = BTreeMap::new();
    let (leaves, groups): (Vec<u32>, Vec<u32>) =
        (0..points.len()).partition(|class| points.has_leaf(*class));
    for class in leaves.into_iter().chain(groups) {
        let statements = points.statements(class);
        let falling = points.falling(class);
        let sole = falling.map(|(sole, _)| sole);
        let all = || statements.iter().copied().chain(sole);
        if !subject.effort.spend(1 + statements.len() as u64) {
            for id in all() {
                if needs[id as usize] == Need::Idle {
                    needs[id as usize] = Need::Unknown;
                }
            }
            continue;
        }
        if all().all(|id| needs[id as usize] == Need::Needed) {
            continue;
        }
        let present = shapes.present(points, class, statements.iter().copied());
        let here = shapes.needs(&mut subject.answers, &present);
        let mut note = |id: u32, need: Need| match need {
            Need::Idle => {}
            _ if needs[id as usize] == Need::Needed => {}
            Need::Needed if !points.has_leaf(class) => {
                changed.entry(id).or_default().own.push(class);
            }
            Need::Above => changed.entry(id).or_default().above.push(class),
            need => needs[id as usize] = need,
        };
        for id in statements.iter().filter(|id| sole != Some(**id)) {
            note(*id, here.of(shapes.of(points, class, *id)));
        }
        if let Some((sole, falling)) = falling {
            note(sole, without_all(subject, points, class, (sole, falling)));
        }
    }
    changed
}

/// Whether a point's answer needs a statement with which others go.
fn without_all(
    subject: &mut Subject<'_>,
    points: &Points,
    class: u32,
    (sole, falling): (u32, &[u32]),
) -> Need {
    let (model, act) = (subject.model, points.marked(class).act());
    let [with, without] = [false, true].map(|without| {
        let gone = |id: &u32| *id == sole || falling.binary_search(id).is_ok();
        let kept = points.statements(class).iter().filter(|id| !(without && gone(id)));
        let kept = kept.map(|id| points.cover(model, class, *id));
        subject.answers.of_point(act, kept, &subject.translation)
    });
    let comparison = subject.answers.compare(without, with);
    match (comparison.undecided, comparison.is_same()) {
        (true, _) => Need::Unknown,
        (_, true) => Need::Idle,
        (_, false) => Need::Needed,
    }
}

/// The groups of all statements that are not known to be needed. Where others are removed, one may be
/// needed by a group that does not need it now.
fn groups(
    subject: &mut Subject<'_>,
    points: &Points,
    needs: &[Need],
    changed: &BTreeMap<u32, Changed>,
) -> Option<Groups> {
    let is_open = |id: u32| needs[id as usize] == Need::Idle;
    let open = (0..needs.len() as u32).filter(|id| is_open(*id));
    let classes = open.flat_map(|id| points.classes(id)).copied();
    let own = classes.filter(|class| !points.has_leaf(*class));
    let above = changed.iter().filter(|(id, _)| is_open(**id)).flat_map(|(_, all)| &all.above);
    Groups::new(subject, points, &own.chain(above.copied()).collect())
}

/// The statements that may all be removed together: the later of two that say the same. A `never` or a
/// `require` that no other one repeats stays, since it stands guard over permits to come.
struct Removal<'r> {
    points: &'r Points,
    shapes: &'r mut Shapes,
    said: &'r mut Said,
    groups: Option<&'r Groups>,
}

impl Removal<'_> {
    fn all(mut self, subject: &mut Subject<'_>, idle: &[u32]) -> HashSet<u32> {
        let model = subject.model;
        let mut removed = HashSet::new();
        let mut collected = subject.collected.clone();
        let mut present: HashMap<u32, Present> = HashMap::new();
        for id in idle.iter().rev() {
            let statement = &model.statements[*id as usize];
            // Without this one `collected` would mean less, which is tried for one statement at a time. And its
            // reasons would be lost, which are for readers.
            let has_reasons = !statement.because.is_empty() || !statement.see.is_empty();
            if has_reasons || collected.shrinks(model, statement) {
                continue;
            }
            let said = self.said.already(subject, self.points, self.shapes, *id, &removed);
            let may_go = match (said, statement.kind) {
                (Some(_), _) => Some(true),
                (None, StatementKind::Permit) => {
                    let going = Going { id: *id, removed: &removed };
                    self.changes_nothing(subject, going, &mut present)
                }
                (None, StatementKind::Never | StatementKind::Require) => Some(false),
            };
            if may_go.is_none() {
                subject.left_out.fix(statement.span);
            }
            if may_go != Some(true) {
                continue;
            }
            removed.insert(*id);
            collected.remove(model, statement);
            for class in self.points.classes(*id) {
                if let Some(present) = present.get_mut(class) {
                    present.remove(self.shapes.of(self.points, *class, *id));
                }
            }
        }
        removed
    }

    /// Whether every question has the same answer without a statement, where others are gone already.
    fn changes_nothing(
        &mut self,
        subject: &mut Subject<'_>,
        going: Going<'_>,
        present: &mut HashMap<u32, Present>,
    ) -> Option<bool> {
        let mut changed = Changed::default();
        for class in self.points.classes(going.id) {
            let statements = self.points.statements(*class);
            let present = present.entry(*class).or_insert_with(|| {
                let left = statements.iter().filter(|id| !going.removed.contains(*id));
                self.shapes.present(self.points, *class, left.copied())
            });
            if !subject.effort.spend(8 * present.len() as u64) {
                return None;
            }
            let here = self.shapes.needs(&mut subject.answers, present);
            match here.of(self.shapes.of(self.points, *class, going.id)) {
                Need::Idle => {}
                Need::Needed if self.points.has_leaf(*class) => return Some(false),
                Need::Needed => changed.own.push(*class),
                Need::Above => changed.above.push(*class),
                Need::Unknown => return None,
            }
        }
        match changed.is_empty() {
            true => Some(true),
            false => self.groups?.stay(subject, self.points, going, &changed),
        }
    }
}

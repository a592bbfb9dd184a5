//! Permits that cover the same and may hold together, with different duties or another retention: both
//! count then, and the shortest retention.
//!
//! The duties of a share are the recipient's and count only for sharing, those of a collection the method's.
//! What a `require` without a condition adds there anyway makes no difference between permits: it says what
//! is due in one place, which is the cure.

use super::points::Points;
use super::report::question;
use super::shapes::Shapes;
use super::subject::Subject;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{ActKind, ConditionId, EventId, Model, RetainLimit, Statement, StatementKind};
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Permits that are no more are held against each other; of more, those that a fact keeps apart are not.
const FEW: usize = 32;

pub(super) fn find(
    subject: &mut Subject<'_>,
    points: &Points,
    shapes: &Shapes,
    idle: &hashbrown::HashSet<u32>,
    findings: &mut Vec<Diagnostic>,
) {
    let model = subject.model;
    let mut overlaps = Overlaps {
        shapes,
        first: BTreeMap::new(),
        together: HashMap::new(),
        left_out: BTreeSet::new(),
    };
    for class in 0..points.len() {
        let statements = points.statements(class);
        let counts = |id: &&u32| {
            let statement = &model.statements[**id as usize];
            let is_recipients = statement.is_share() && !points.with_party(class);
            statement.kind == StatementKind::Permit && !is_recipients && !idle.contains(*id)
        };
        let permits: Vec<u32> = statements.iter().filter(counts).copied().collect();
        if !subject.effort.spend(1 + statements.len() as u64) {
            overlaps.left_out.extend(permits);
        } else if permits.iter().skip(1).any(|id| !overlaps.first.contains_key(id)) {
            overlaps.class(subject, points, class, &permits);
        }
    }
    let Overlaps { first, left_out, .. } = overlaps;
    for id in left_out.into_iter().filter(|id| !first.contains_key(id)) {
        let place = model.statements[id as usize].span;
        subject.left_out.rule(Code::DifferentDuties, Some(place));
    }
    for (id, (other, class)) in first {
        findings.push(reported(model, points, [id, other], class));
    }
}

/// What was found so far.
struct Overlaps<'s> {
    shapes: &'s Shapes,
    /// Of a permit, one before it with which it overlaps, and where.
    first: BTreeMap<u32, (u32, u32)>,
    /// Whether two conditions may hold together.
    together: HashMap<(u32, u32), Option<bool>>,
    /// The permits of which it was not found out.
    left_out: BTreeSet<u32>,
}

/// Permits of a class that say the same, of one act where that matters.
struct Same {
    shape: u32,
    act: ActKind,
    /// What is due with them beyond what is required there anyway, as numbers.
    due: (u128, u32),
    first: u32,
    /// Those of which no overlap is known yet, sorted.
    open: Vec<u32>,
}

impl Overlaps<'_> {
    fn class(&mut self, subject: &mut Subject<'_>, points: &Points, class: u32, permits: &[u32]) {
        let required = self.required(subject, points, class);
        let mut all: Vec<Same> = Vec::new();
        let mut places: HashMap<(u32, ActKind), usize> = HashMap::new();
        for id in permits {
            let act = match points.with_party(class) {
                true => ActKind::Use,
                false => subject.model.statements[*id as usize].act,
            };
            let shape = self.shapes.of(points, class, *id);
            let place = *places.entry((shape, act)).or_insert_with(|| {
                let due = subject.answers.due_beyond(self.shapes.due(shape), required);
                all.push(Same { shape, act, due, first: *id, open: Vec::new() });
                all.len() - 1
            });
            if !self.first.contains_key(id) {
                all[place].open.push(*id);
            }
        }
        if all.windows(2).all(|pair| pair[0].due == pair[1].due) {
            return;
        }
        if all.len() <= FEW {
            for later in 1..all.len() {
                for earlier in 0..later {
                    self.pair(subject, &mut all, [earlier, later], class);
                }
            }
        } else {
            self.many(subject, &mut all, class);
        }
    }

    /// What is due with every permit of a class.
    fn required(&self, subject: &mut Subject<'_>, points: &Points, class: u32) -> (u128, u32) {
        let model = subject.model;
        let always = points.statements(class).iter().filter(|id| {
            let statement = &model.statements[**id as usize];
            statement.kind == StatementKind::Require && statement.condition == ConditionId::ALWAYS
        });
        let dues = always.map(|id| self.shapes.due(self.shapes.whole(*id)));
        dues.fold(subject.answers.nothing_due(), |all, due| subject.answers.due_of_both(all, due))
    }

    /// Goes along the values of a fact, and holds only those against each other that may hold under the
    /// same one.
    fn many(&mut self, subject: &mut Subject<'_>, all: &mut [Same], class: u32) {
        let mut having: HashMap<u32, Vec<usize>> = HashMap::new();
        for (place, same) in all.iter().enumerate() {
            having.entry(self.shapes.condition(same.shape)).or_default().push(place);
        }
        let conditions = all.iter().map(|same| self.shapes.condition(same.shape)).collect();
        let (mut active, mut open) = (BTreeSet::<usize>::new(), BTreeSet::<usize>::new());
        for (condition, may_hold) in subject.answers.along(conditions) {
            for place in having.get(&condition).into_iter().flatten().copied() {
                if !may_hold {
                    active.remove(&place);
                    open.remove(&place);
                    continue;
                }
                for other in active.iter().copied() {
                    if all[place].open.is_empty() {
                        break;
                    }
                    self.pair(subject, all, [other.min(place), other.max(place)], class);
                }
                for other in open.iter().copied().collect::<Vec<_>>() {
                    self.pair(subject, all, [other.min(place), other.max(place)], class);
                }
                active.insert(place);
                open.insert(place);
                open.retain(|place| !all[*place].open.is_empty());
            }
        }
    }

    /// Holds two kinds of permits against each other, the one that stands first first.
    fn pair(&mut self, subject: &mut Subject<'_>, all: &mut [Same], pair: [usize; 2], class: u32) {
        let [one, other] = pair.map(|place| &all[place]);
        let matters = other.open.last().is_some() || one.open.last() > Some(&other.first);
        let same_act = one.act == other.act && one.act != ActKind::Use;
        let [a, b] = pair.map(|place| all[place].shape);
        if !matters || same_act || one.due == other.due {
            return;
        }
        let conditions = [a, b].map(|shape| self.shapes.condition(shape));
        let is_possible = || match subject.effort.spend(4) {
            true => subject.answers.together(&conditions),
            false => None,
        };
        let key = (conditions[0].min(conditions[1]), conditions[0].max(conditions[1]));
        match *self.together.entry(key).or_insert_with(is_possible) {
            Some(false) => {}
            None => self.left_out.extend(pair.iter().flat_map(|place| &all[*place].open)),
            Some(true) => {
                let firsts = pair.map(|place| all[place].first);
                for (place, by) in [(pair[1], firsts[0]), (pair[0], firsts[1])] {
                    let from = all[place].open.partition_point(|id| *id <= by);
                    for id in all[place].open.drain(from..) {
                        self.first.insert(id, (by, class));
                    }
                }
            }
        }
    }
}

fn reported(model: &Model, points: &Points, [id, other]: [u32; 2], class: u32) -> Diagnostic {
    let [here, there] = [id, other].map(|id| &model.statements[id as usize]);
    let message = "this permit and another one cover the same with different duties or retention";
    let (act, point) = points.sample(class);
    let question = question(model, act, point);
    Diagnostic::new(Code::DifferentDuties, here.span, message)
        .related(there.span, format!("this one has {}", due(model, &[there])))
        .label(format!("this one has {}", due(model, &[here])))
        .help(format!("`{question}` has the duties of both, and the shortest retention"))
        .help(format!("say what is due in one place: `{}`", cure(model, &[here, there], &question)))
        .help("or say the same in both, or let them not overlap")
}

/// The `require` that says what both permits do. The question is the statement that it is about, in the same words.
fn cure(model: &Model, statements: &[&Statement; 2], question: &str) -> String {
    let (duties, limits) = due_words(model, statements);
    let limits = (!limits.is_empty()).then(|| format!("retain {}", limits.join(", ")));
    let duties = (!duties.is_empty()).then(|| duties.join(", "));
    let due: Vec<String> = duties.into_iter().chain(limits).collect();
    format!("require {} to {question}", due.join(" "))
}

fn due(model: &Model, statements: &[&Statement]) -> String {
    let (duties, limits) = due_words(model, statements);
    let duties = (!duties.is_empty()).then(|| format!("`then {}`", duties.join(", ")));
    let limits = (!limits.is_empty()).then(|| format!("`retain {}`", limits.join(", ")));
    let parts: Vec<String> = duties.into_iter().chain(limits).collect();
    if parts.is_empty() { "neither".to_owned() } else { parts.join(" and ") }
}

/// The names of the duties of some statements, and their limits as written, each once.
fn due_words<'m>(model: &'m Model, statements: &[&Statement]) -> (Vec<&'m str>, Vec<String>) {
    let bits = statements.iter().fold(0, |bits, statement| bits | statement.duties);
    let named = model.duties.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
    let mut limits: Vec<String> = Vec::new();
    for limit in statements.iter().flat_map(|statement| &statement.limits) {
        let words = limit_words(model, limit);
        if !limits.contains(&words) {
            limits.push(words);
        }
    }
    (named.map(|(_, duty)| duty.name.as_str()).collect(), limits)
}

/// A limit as a policy writes it.
pub(super) fn limit_words(model: &Model, limit: &RetainLimit) -> String {
    let name = |event: EventId| model.events[event.0 as usize].name.as_str();
    let at_least = if limit.at_least { "at least " } else { "" };
    format!("{at_least}{}", limit.limit.map(name))
}

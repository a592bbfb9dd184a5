//! What removing each statement does to one question.
//!
//! The value of a point is the least of the greatest permit and the opposite of the greatest `never`. One
//! statement less changes it only if that statement alone is the greatest of its kind; or, where it alone
//! collects the category, if others go with it. The question's value is the least over its points; so it is
//! enough to count the points by value, and for each statement the points whose value it changes.

use super::due::{Brought, Due, days};
use super::shapes::{Covering, Shape, Shapes};
use super::watched::Watched;
use crate::Verdict;
use crate::model::{ActKind, Hierarchy, Model, Reach, Statement, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// A question, as far as statements tell it apart from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub(super) act: ActKind,
    pub(super) categories: Shape,
    pub(super) parties: Option<Shape>,
    pub(super) purposes: Shape,
}

/// Points by value, and by statement those that change with it.
#[derive(Debug, Default)]
pub(super) struct Impact {
    counts: [usize; 3],
    /// Of each statement: of the points that change, how many had and how many get each value.
    changes: BTreeMap<u32, ([usize; 3], [usize; 3])>,
    /// The statements with which something comes with the answer, each with its points.
    due: BTreeMap<u32, Coming>,
    /// For each statement, at how many points which go with it.
    falling: BTreeMap<u32, BTreeMap<u32, usize>>,
    /// Points that lack a legal basis if the question is allowed, and those that do if it depends.
    unbased: [Lacking; 2],
    /// Points of which some statement requires the data.
    required: Lacking,
    is_collected: bool,
    is_shared: bool,
}

/// A statement with which something comes with the answer.
#[derive(Debug, Default)]
struct Coming {
    points: usize,
    /// Its bases if the question is allowed, and if it depends.
    bases: [u64; 2],
}

/// Points of a kind, and by statement those that would be of it, or would not, without the statement.
#[derive(Debug, Default)]
struct Lacking {
    now: usize,
    changes: BTreeMap<u32, usize>,
}

impl Lacking {
    /// A point changes without each of these statements.
    fn change(&mut self, statements: impl Iterator<Item = u32>) {
        for statement in statements {
            *self.changes.entry(statement).or_default() += 1;
        }
    }
}

/// Statements of a kind at a point: how many, the last of them, and how many stay without the sole statement.
#[derive(Default)]
struct Several {
    count: usize,
    last: u32,
    staying: usize,
}

impl Several {
    fn add(&mut self, statement: u32, falls: bool) {
        self.count += 1;
        self.last = statement;
        self.staying += usize::from(!falls);
    }

    /// The statements without which there is none.
    fn needed(&self, sole: Option<u32>) -> impl Iterator<Item = u32> {
        let sole = sole.filter(|_| self.count > 0 && self.staying == 0);
        let only = (self.count == 1).then_some(self.last).filter(|only| Some(*only) != sole);
        only.into_iter().chain(sole)
    }
}

/// Those at a point without which more of the answer changes than its verdict.
#[derive(Default)]
struct Supporting {
    /// The permits with a basis that are yes, and those that are not no.
    based: [Several; 2],
    /// The permits that require the data.
    requiring: Several,
}

/// Where statements are asked about.
#[derive(Clone, Copy)]
struct Point {
    act: ActKind,
    category: u32,
    party: Option<u32>,
    purpose: u32,
}

/// The greatest value of a kind at a point: whose it is, if it is one statement's, and what it is without.
#[derive(Clone, Copy)]
struct Greatest {
    value: Verdict,
    only: Option<u32>,
    without: Verdict,
}

impl Greatest {
    const NONE: Self = Self { value: Verdict::Deny, only: None, without: Verdict::Deny };

    fn add(&mut self, statement: u32, value: Verdict) {
        if value > self.value {
            *self = Self { value, only: Some(statement), without: self.value };
        } else {
            self.without = self.without.max(value); // no other, if it is as great
        }
    }
}

impl Impact {
    /// `value` is what a condition comes to under the facts of the question.
    pub(super) fn of(
        model: &Model,
        shapes: &Shapes,
        asked: Asked,
        value: &impl Fn(u32) -> Verdict,
    ) -> Self {
        let mut impact = Self {
            is_collected: asked.act == ActKind::Collect,
            is_shared: asked.act == ActKind::Share,
            ..Self::default()
        };
        let parties: Vec<Option<u32>> = match (asked.parties, asked.act.party()) {
            (Some(shape), Some(hierarchy)) => {
                shapes.nodes(hierarchy, shape).map(|(_, node)| Some(node)).collect()
            }
            _ => vec![None],
        };
        for (class, category) in shapes.nodes(Hierarchy::Category, asked.categories) {
            let covering = shapes.covering(class);
            for (_, purpose) in shapes.nodes(Hierarchy::Purpose, asked.purposes) {
                for party in &parties {
                    let point = Point { act: asked.act, category, party: *party, purpose };
                    impact.point(model, covering, point, value);
                }
            }
        }
        impact
    }

    fn point(
        &mut self,
        model: &Model,
        covering: &Covering,
        point: Point,
        value: &impl Fn(u32) -> Verdict,
    ) {
        let (mut permit, mut never) = (Greatest::NONE, Greatest::NONE);
        let mut left = Verdict::Deny; // the greatest permit without the sole statement
        let mut supporting = Supporting::default();
        for id in &covering.statements {
            let statement = &model.statements[*id as usize];
            if !covers(model, statement, point) {
                continue;
            }
            let own = value(statement.condition.0);
            let falls = covering.falling.binary_search(id).is_ok();
            match statement.kind {
                StatementKind::Permit => {
                    permit.add(*id, own);
                    left = if falls { left } else { left.max(own) };
                }
                StatementKind::Never => never.add(*id, own),
                StatementKind::Require => {}
            }
            if statement.kind == StatementKind::Never || own == Verdict::Deny {
                continue;
            }
            let coming = self.due.entry(*id).or_insert_with(|| Coming::new(statement, value));
            coming.points += 1;
            supporting.add(model, point, *id, (own, falls));
            if let Some(sole) = covering.sole.filter(|_| falls) {
                *self.falling.entry(sole).or_default().entry(*id).or_default() += 1;
            }
        }
        self.support(model, &supporting, covering.sole);
        let now = permit.value.min(never.value.not());
        self.counts[now as usize] += 1;
        let without = [
            (permit.only.filter(|id| covering.sole != Some(*id)), permit.without, never.value),
            (never.only, permit.value, never.without),
            (covering.sole, left, never.value),
        ];
        for (statement, permit, never) in without {
            let then = permit.min(never.not());
            if let Some(statement) = statement.filter(|_| then != now) {
                let (had, get) = self.changes.entry(statement).or_default();
                had[now as usize] += 1;
                get[then as usize] += 1;
            }
        }
    }

    fn support(&mut self, model: &Model, supporting: &Supporting, sole: Option<u32>) {
        for (lacking, based) in self.unbased.iter_mut().zip(&supporting.based) {
            lacking.now += usize::from(!model.bases.is_empty() && based.count == 0);
            lacking.change(based.needed(sole));
        }
        self.required.now += usize::from(supporting.requiring.count > 0);
        self.required.change(supporting.requiring.needed(sole));
    }

    /// The statements without which the answer is another, as far as it is watched; sorted.
    pub(super) fn noticed(&self, model: &Model, shapes: &Shapes, watched: Watched) -> Vec<u32> {
        let now = least(&self.counts);
        let mut noticed = Vec::new();
        for (statement, (had, get)) in &self.changes {
            let then: [usize; 3] = std::array::from_fn(|v| self.counts[v] - had[v] + get[v]);
            if least(&then) != now {
                noticed.push(*statement);
            }
        }
        // Nothing comes with a deny.
        if let Some(now) = now.filter(|now| *now != Verdict::Deny && watched != Watched::default())
        {
            let threshold = usize::from(now == Verdict::Depends);
            self.notice_due(model, shapes, (watched, threshold), &mut noticed);
            let unbased = &self.unbased[threshold];
            if watched.unbased && unbased.now == 0 {
                noticed.extend(unbased.changes.keys());
            }
            if watched.optional && self.is_collected {
                let all = self
                    .required
                    .changes
                    .iter()
                    .filter(|(_, points)| **points == self.required.now);
                noticed.extend(all.map(|(statement, _)| *statement));
            }
        }
        noticed.sort_unstable();
        noticed.dedup();
        noticed
    }

    /// The statements without which something else comes with the answer.
    fn notice_due(
        &self,
        model: &Model,
        shapes: &Shapes,
        (watched, threshold): (Watched, usize),
        noticed: &mut Vec<u32>,
    ) {
        let brought = |id: &u32| {
            let statement = &model.statements[*id as usize];
            // The duties and the retention of a share are the recipient's.
            let counts = self.is_shared || !statement.is_share();
            Brought {
                duties: if counts { statement.duties } else { 0 },
                limits: if counts { shapes.limits(*id) } else { &[] },
                days: days(statement).filter(|_| counts),
                bases: self.due.get(id).map_or(0, |coming| coming.bases[threshold]),
            }
        };
        let due = Due::of(self.due.keys().map(brought), watched);
        let ids: BTreeSet<&u32> = self.due.keys().chain(self.falling.keys()).collect();
        for id in ids {
            // Without one that others go with, all is counted anew; of the rest only what is its own.
            let changes = match self.falling.get(id) {
                Some(falling) => {
                    let stays = |(other, coming): &(&u32, &Coming)| {
                        *other != id && falling.get(*other).is_none_or(|fall| *fall < coming.points)
                    };
                    let left = self.due.iter().filter(stays).map(|(other, _)| brought(other));
                    !due.is_same(&Due::of(left, watched))
                }
                None => due.needs(brought(id)),
            };
            if changes {
                noticed.push(*id);
            }
        }
    }
}

impl Coming {
    fn new(statement: &Statement, value: &impl Fn(u32) -> Verdict) -> Self {
        let bases = [Verdict::Allow, Verdict::Depends].map(|least| {
            let counting =
                statement.alternatives.iter().filter(|one| value(one.condition.0) >= least);
            counting.fold(0, |bases, one| bases | one.bases)
        });
        Self { points: 0, bases }
    }
}

impl Supporting {
    /// A statement that may hold at a point.
    fn add(&mut self, model: &Model, point: Point, id: u32, (own, falls): (Verdict, bool)) {
        let statement = &model.statements[id as usize];
        if !statement.alternatives.is_empty() {
            let [yes, maybe] = &mut self.based;
            if own == Verdict::Allow {
                yes.add(id, falls);
            }
            maybe.add(id, falls);
        }
        let is_optional =
            || statement.optional.is_some_and(|set| model.set(set).contains(point.category));
        if point.act == ActKind::Collect && statement.collects() && !is_optional() {
            self.requiring.add(id, falls);
        }
    }
}

/// Whether a statement covers a point of a category that it covers.
fn covers(model: &Model, statement: &Statement, point: Point) -> bool {
    let by_act = match statement.reaches(point.act) {
        Reach::Nothing => false,
        Reach::Parties(set) => point.party.is_none_or(|party| model.set(set).contains(party)),
        Reach::All => true,
    };
    by_act && model.set(statement.purposes).contains(point.purpose)
}

fn least(counts: &[usize; 3]) -> Option<Verdict> {
    let values = [Verdict::Deny, Verdict::Depends, Verdict::Allow];
    values.into_iter().find(|value| counts[*value as usize] > 0)
}

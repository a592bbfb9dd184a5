//! What removing each statement does to one question.
//!
//! The value of a point is the least of the greatest permit and the opposite of the greatest `never`. One
//! statement less changes it only if that statement alone is the greatest of its kind; or, where it alone
//! collects the category, if others go with it. The question's value is the least over its points; so it is
//! enough to count the points by value, and for each statement the points whose value it changes.

use super::shapes::{Covering, Shape, Shapes};
use crate::Verdict;
use crate::model::{ActKind, Hierarchy, Model, Reach, Statement, StatementKind};
use std::collections::{BTreeMap, BTreeSet};

/// What a test looks at besides the verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Watched {
    /// The duties.
    pub duties: bool,
    /// The retention.
    pub retention: bool,
}

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
    /// The statements whose duties and retention come with the answer, each with its points.
    due: BTreeMap<u32, usize>,
    /// For each statement, at how many points which go with it.
    falling: BTreeMap<u32, BTreeMap<u32, usize>>,
}

/// Where statements are asked about.
#[derive(Clone, Copy)]
struct Point {
    act: ActKind,
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
        let mut impact = Self::default();
        let parties: Vec<Option<u32>> = match (asked.parties, asked.act.party()) {
            (Some(shape), Some(hierarchy)) => {
                shapes.nodes(hierarchy, shape).map(|(_, node)| Some(node)).collect()
            }
            _ => vec![None],
        };
        for (class, _) in shapes.nodes(Hierarchy::Category, asked.categories) {
            let covering = shapes.covering(class);
            for (_, purpose) in shapes.nodes(Hierarchy::Purpose, asked.purposes) {
                for party in &parties {
                    let point = Point { act: asked.act, party: *party, purpose };
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
            *self.due.entry(*id).or_default() += 1;
            if let Some(sole) = covering.sole.filter(|_| falls) {
                *self.falling.entry(sole).or_default().entry(*id).or_default() += 1;
            }
        }
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

    /// The statements without which the answer is another, as far as it is watched; sorted.
    pub(super) fn noticed(&self, model: &Model, watched: Watched) -> Vec<u32> {
        let now = least(&self.counts);
        let mut noticed = Vec::new();
        for (statement, (had, get)) in &self.changes {
            let then: [usize; 3] = std::array::from_fn(|v| self.counts[v] - had[v] + get[v]);
            if least(&then) != now {
                noticed.push(*statement);
            }
        }
        // A deny has no duties.
        if now != Some(Verdict::Deny) {
            self.notice_due(model, watched, &mut noticed);
        }
        noticed.sort_unstable();
        noticed.dedup();
        noticed
    }

    /// The statements without which something else is due.
    fn notice_due(&self, model: &Model, watched: Watched, noticed: &mut Vec<u32>) {
        if watched == Watched::default() {
            return;
        }
        let statement = |id: &u32| &model.statements[*id as usize];
        let due = Due::of(self.due.keys().map(statement), watched);
        let ids: BTreeSet<&u32> = self.due.keys().chain(self.falling.keys()).collect();
        for id in ids {
            // Without one that others go with, all is counted anew; of the rest only what is its own.
            let changes = match self.falling.get(id) {
                Some(falling) => {
                    let stays = |(other, points): &(&u32, &usize)| {
                        *other != id && falling.get(*other).is_none_or(|fall| fall < *points)
                    };
                    let left = self.due.iter().filter(stays).map(|(other, _)| statement(other));
                    !due.is_same(&Due::of(left, watched))
                }
                None => due.needs(statement(id)),
            };
            if changes {
                noticed.push(*id);
            }
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

/// What is due with an answer, as far as it is watched.
struct Due {
    duties: u64,
    /// The duties that only one statement brings.
    once: u64,
    days: Option<u32>,
    /// How many statements have this retention.
    times: usize,
}

impl Due {
    fn of<'s>(statements: impl Iterator<Item = &'s Statement>, watched: Watched) -> Self {
        let mut due = Self { duties: 0, once: 0, days: None, times: 0 };
        for statement in statements {
            if watched.duties {
                due.once = (due.once & !statement.duties) | (statement.duties & !due.duties);
                due.duties |= statement.duties;
            }
            let Some(days) = statement.retain_days().filter(|_| watched.retention) else {
                continue;
            };
            match due.days {
                Some(least) if least < days => {}
                Some(least) if least == days => due.times += 1,
                _ => (due.days, due.times) = (Some(days), 1),
            }
        }
        due
    }

    fn is_same(&self, other: &Self) -> bool {
        (self.duties, self.days) == (other.duties, other.days)
    }

    /// Whether less is due without one of the statements.
    fn needs(&self, statement: &Statement) -> bool {
        statement.duties & self.once != 0
            || self.times == 1 && self.days.is_some() && statement.retain_days() == self.days
    }
}

fn least(counts: &[usize; 3]) -> Option<Verdict> {
    let values = [Verdict::Deny, Verdict::Depends, Verdict::Allow];
    values.into_iter().find(|value| counts[*value as usize] > 0)
}

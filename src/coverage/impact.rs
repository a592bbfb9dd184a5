//! What removing each statement does to one question.
//!
//! The value of a point is the least of the greatest permit and the opposite of the greatest `never`. One
//! statement less changes it only if that statement alone is the greatest of its kind. The question's value
//! is the least over its points; so it is enough to count the points by value, and for each statement the
//! points whose value it changes.

use super::Watched;
use super::points::{Points, Shape, holds};
use crate::Verdict;
use crate::model::{ActKind, Hierarchy, Kind, Model};
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
    /// The statements whose duties and retention come with the answer.
    duties: BTreeSet<u32>,
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
        points: &Points,
        asked: Asked,
        value: &impl Fn(u32) -> Verdict,
    ) -> Self {
        let mut impact = Self::default();
        let parties: Vec<Option<u32>> = match (asked.parties, asked.act.party()) {
            (Some(shape), Some(hierarchy)) => {
                points.nodes(hierarchy, shape).map(|(_, node)| Some(node)).collect()
            }
            _ => vec![None],
        };
        for (class, _) in points.nodes(Hierarchy::Category, asked.categories) {
            let statements = points.statements(class);
            for (_, purpose) in points.nodes(Hierarchy::Purpose, asked.purposes) {
                for party in &parties {
                    impact.point(model, statements, asked.act, purpose, *party, value);
                }
            }
        }
        impact
    }

    fn point(
        &mut self,
        model: &Model,
        statements: &[u32],
        act: ActKind,
        purpose: u32,
        party: Option<u32>,
        value: &impl Fn(u32) -> Verdict,
    ) {
        let (mut permit, mut never) = (Greatest::NONE, Greatest::NONE);
        for id in statements {
            let statement = &model.statements[*id as usize];
            let in_party = || match (statement.parties, party) {
                (Some(set), Some(party)) => holds(model.set(set), party),
                _ => true,
            };
            let by_act = match statement.kind {
                Kind::Permit => act == ActKind::Use || statement.act == act && in_party(),
                Kind::Never | Kind::Require => {
                    statement.act == ActKind::Use || statement.act == act && in_party()
                }
            };
            if !by_act || !holds(model.set(statement.purposes), purpose) {
                continue;
            }
            let own = value(statement.condition.0);
            match statement.kind {
                Kind::Permit => permit.add(*id, own),
                Kind::Never => never.add(*id, own),
                Kind::Require => {}
            }
            if statement.kind != Kind::Never && own != Verdict::Deny {
                self.duties.insert(*id);
            }
        }
        let now = permit.value.min(never.value.not());
        self.counts[now as usize] += 1;
        let without = [
            (permit.only, permit.without.min(never.value.not())),
            (never.only, permit.value.min(never.without.not())),
        ];
        for (statement, then) in without {
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
            let all = || self.duties.iter().map(|id| &model.statements[*id as usize]);
            let bit = |bit: u32| all().filter(|s| s.duties >> bit & 1 == 1).count() == 1;
            let alone =
                (0..64).filter(|n| watched.duties && bit(*n)).fold(0u64, |set, n| set | 1 << n);
            let shortest = all().filter_map(|s| s.retain_days).min();
            let shortest = shortest.filter(|_| watched.retention);
            let once =
                all().filter(|s| s.retain_days.is_some() && s.retain_days == shortest).count() == 1;
            for id in &self.duties {
                let statement = &model.statements[*id as usize];
                let days = once && shortest.is_some() && statement.retain_days == shortest;
                if statement.duties & alone != 0 || days {
                    noticed.push(*id);
                }
            }
        }
        noticed.sort_unstable();
        noticed.dedup();
        noticed
    }
}

fn least(counts: &[usize; 3]) -> Option<Verdict> {
    let values = [Verdict::Deny, Verdict::Depends, Verdict::Allow];
    values.into_iter().find(|value| counts[*value as usize] > 0)
}

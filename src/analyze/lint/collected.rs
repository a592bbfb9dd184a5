//! Which statements say what `collected` stands for. Without one of them the word may stand for less,
//! and statements that use it cover less.

use crate::model::{Hierarchy, Model, NodeSet, Statement};

/// What `collected` stands for, as far as statements use it.
#[derive(Clone)]
pub(super) struct Collected {
    /// The categories that some statement covers since they are collected.
    used: NodeSet,
    /// Of each category, how many permits collect it.
    times: Vec<u32>,
}

impl Collected {
    /// O(statements × ranges + categories × permits to collect).
    pub(super) fn new(model: &Model) -> Self {
        let says = model.statements.iter().filter(|s| s.named != s.categories);
        let ranges = says.flat_map(|s| {
            let used = model.set(s.categories).difference(model.set(s.named));
            used.ranges().to_vec()
        });
        let used = NodeSet::from_ranges(ranges.collect());
        let mut times = vec![0; model.tree(Hierarchy::Category).len() as usize];
        if !used.is_empty() {
            for statement in model.statements.iter().filter(|s| s.collects()) {
                model.set(statement.categories).iter().for_each(|node| times[node as usize] += 1);
            }
        }
        Self { used, times }
    }

    /// Whether another statement covers less without this one.
    pub(super) fn shrinks(&self, model: &Model, statement: &Statement) -> bool {
        let used = || model.set(statement.categories).intersection(&self.used);
        statement.collects() && used().iter().any(|node| self.times[node as usize] == 1)
    }

    /// Counts a statement no longer.
    pub(super) fn remove(&mut self, model: &Model, statement: &Statement) {
        if !self.used.is_empty() && statement.collects() {
            model.set(statement.categories).iter().for_each(|node| self.times[node as usize] -= 1);
        }
    }
}

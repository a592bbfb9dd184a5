//! What comes with an answer, as far as a test looks at it, and which statements it needs.

use super::watched::Watched;
use crate::analyze::answers::{Slot, Strictness};
use crate::model::Statement;
use std::collections::BTreeMap;

/// What one statement brings to an answer.
#[derive(Clone, Copy)]
pub(super) struct Brought<'s> {
    pub(super) duties: u64,
    pub(super) limits: &'s [(Slot, Strictness)],
    /// The shortest limit from collection, in whole days.
    pub(super) days: Option<u64>,
    pub(super) bases: u64,
}

/// What comes with an answer, as far as it is watched.
#[derive(Default)]
pub(super) struct Due {
    watched: Watched,
    duties: Bits,
    bases: Bits,
    days: Option<Least>,
    limits: BTreeMap<Slot, Least>,
}

/// Bits, and those that only one statement brings.
#[derive(Default)]
struct Bits {
    set: u64,
    once: u64,
}

impl Bits {
    fn add(&mut self, bits: u64) {
        self.once = (self.once & !bits) | (bits & !self.set);
        self.set |= bits;
    }
}

/// The least of some numbers, and how many statements have it.
#[derive(Clone, Copy)]
struct Least {
    number: u64,
    times: usize,
}

impl Least {
    fn add(least: Option<Self>, number: u64) -> Self {
        match least {
            Some(least) if least.number < number => least,
            Some(least) if least.number == number => Self { number, times: least.times + 1 },
            _ => Self { number, times: 1 },
        }
    }

    fn needs(self, number: u64) -> bool {
        self.times == 1 && self.number == number
    }
}

impl Due {
    pub(super) fn of<'s>(all: impl Iterator<Item = Brought<'s>>, watched: Watched) -> Self {
        let mut due = Self { watched, ..Self::default() };
        for brought in all {
            if watched.duties {
                due.duties.add(brought.duties);
            }
            if watched.bases {
                due.bases.add(brought.bases);
            }
            if let Some(days) = brought.days.filter(|_| watched.retention) {
                due.days = Some(Least::add(due.days, days));
            }
            for (slot, strictness) in brought.limits.iter().filter(|limit| watches(watched, limit))
            {
                let least = Least::add(due.limits.get(slot).copied(), *strictness);
                due.limits.insert(*slot, least);
            }
        }
        due
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        let number = |least: &Least| least.number;
        let limits = |due: &Self| -> Vec<(Slot, u64)> {
            due.limits.iter().map(|(slot, least)| (*slot, least.number)).collect()
        };
        (self.duties.set, self.bases.set) == (other.duties.set, other.bases.set)
            && self.days.as_ref().map(number) == other.days.as_ref().map(number)
            && limits(self) == limits(other)
    }

    /// Whether something else comes with the answer without a statement that is among these.
    pub(super) fn needs(&self, brought: Brought<'_>) -> bool {
        let strictest = |(slot, strictness): &(Slot, Strictness)| {
            self.limits.get(slot).is_some_and(|least| least.needs(*strictness))
        };
        brought.duties & self.duties.once != 0
            || brought.bases & self.bases.once != 0
            || matches!((self.days, brought.days), (Some(least), Some(days)) if least.needs(days))
            || brought.limits.iter().filter(|limit| watches(self.watched, limit)).any(strictest)
    }
}

fn watches(watched: Watched, (slot, _): &(Slot, Strictness)) -> bool {
    if slot.at_least { watched.at_least } else { watched.limits }
}

/// The shortest limit of a statement from collection, in whole days.
pub(super) fn days(statement: &Statement) -> Option<u64> {
    let limits = statement.limits.iter().filter(|one| !one.at_least && one.limit.event().is_none());
    limits.filter_map(|one| one.limit.period()).map(|period| period.whole_days()).min()
}

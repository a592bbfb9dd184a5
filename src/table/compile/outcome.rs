//! Outcomes: what a question comes to before facts are known, each kept once.
//!
//! A point's outcome is the list of statements that cover it. A question's outcome is the set of its
//! points' outcomes, since its value is their least and its duties their union; joining two questions
//! is the union of their sets. As soon as some point is denied whatever the facts, so is the question,
//! and only the `never`s are kept, for the reasons.

use super::TooLarge;
use super::intern::Slices;
use crate::limits::MAX_OUTCOME_WORDS;
use crate::model::{ConditionId, Kind, Model};
use hashbrown::HashMap;

/// The outcome of a question that no `never` touches and that some point denies: nothing permits it.
pub(super) const DENY: u32 = 0;

const TAG_DENY: u32 = 0;
const TAG_POINTS: u32 = 1;

/// An outcome, taken apart.
pub(super) enum Outcome<'a> {
    /// Denied whatever the facts; these `never`s cover points of it.
    Deny(&'a [u32]),
    /// The outcomes of its points, by id.
    Points(&'a [u32]),
}

/// All outcomes of a policy while it is compiled.
pub(super) struct Outcomes<'m> {
    model: &'m Model,
    /// The statements that cover a point, sorted.
    points: Slices,
    of_point: Vec<u32>,
    outcomes: Slices,
    /// For each outcome, itself joined with DENY.
    denied: Vec<Option<u32>>,
    memo: HashMap<(u32, u32), u32>,
    buffer: Vec<u32>,
}

impl<'m> Outcomes<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let mut outcomes = Self {
            model,
            points: Slices::default(),
            of_point: Vec::new(),
            outcomes: Slices::default(),
            denied: Vec::new(),
            memo: HashMap::new(),
            buffer: Vec::new(),
        };
        outcomes.outcomes.intern(&[TAG_DENY]);
        outcomes
    }

    pub(super) fn get(&self, id: u32) -> Outcome<'_> {
        match self.outcomes.get(id) {
            [TAG_POINTS, points @ ..] => Outcome::Points(points),
            [_, nevers @ ..] => Outcome::Deny(nevers),
            [] => Outcome::Deny(&[]),
        }
    }

    /// The statements that cover a point.
    pub(super) fn point(&self, id: u32) -> &[u32] {
        self.points.get(id)
    }

    /// The outcome of a point by the id of its statements.
    pub(super) fn outcome_of_point(&self, id: u32) -> Option<u32> {
        self.of_point.get(id as usize).copied()
    }

    /// The outcome of a point that these statements cover, which are sorted.
    pub(super) fn of_point(&mut self, statements: &[u32]) -> Result<u32, TooLarge> {
        let point = self.points.intern(statements);
        if let Some(outcome) = self.of_point.get(point as usize) {
            return Ok(*outcome);
        }
        let all = &self.model.statements;
        let of_kind =
            |kind| statements.iter().copied().filter(move |s| all[*s as usize].kind == kind);
        let certain =
            of_kind(Kind::Never).any(|s| all[s as usize].condition == ConditionId::ALWAYS);
        let slice: Vec<u32> = if certain || of_kind(Kind::Permit).next().is_none() {
            std::iter::once(TAG_DENY).chain(of_kind(Kind::Never)).collect()
        } else {
            vec![TAG_POINTS, point]
        };
        let outcome = self.outcomes.intern(&slice);
        self.of_point.push(outcome);
        self.within_limit(outcome)
    }

    /// The outcome of asking about both.
    pub(super) fn meet(&mut self, a: u32, b: u32) -> Result<u32, TooLarge> {
        if a == b {
            return Ok(a);
        }
        if a == DENY || b == DENY {
            return self.deny(a.max(b));
        }
        let key = (a.min(b), a.max(b));
        if let Some(outcome) = self.memo.get(&key) {
            return Ok(*outcome);
        }
        let outcome = match (self.get(a), self.get(b)) {
            (Outcome::Points(_), Outcome::Points(_)) => self.union(a, b)?,
            _ => {
                let (a, b) = (self.deny(a)?, self.deny(b)?);
                self.union(a, b)?
            }
        };
        self.memo.insert(key, outcome);
        Ok(outcome)
    }

    /// The outcome of asking about all. Joined in pairs of pairs: joining one after the other would
    /// keep every partial set, of a square size in all.
    pub(super) fn meet_all(&mut self, all: &mut Vec<u32>) -> Result<u32, TooLarge> {
        meet_in_pairs(all, |a, b| self.meet(a, b)).map(|met| met.unwrap_or(DENY))
    }

    /// The outcome of asking about it and about something that nothing permits.
    fn deny(&mut self, id: u32) -> Result<u32, TooLarge> {
        if self.denied.len() <= id as usize {
            self.denied.resize(self.outcomes.len().max(id as usize + 1), None);
        }
        if let Some(denied) = self.denied[id as usize] {
            return Ok(denied);
        }
        let mut nevers: Vec<u32> = match self.get(id) {
            Outcome::Deny(_) => return Ok(id),
            Outcome::Points(points) => {
                let covering = points.iter().flat_map(|point| self.points.get(*point));
                let kind = |s: &u32| self.model.statements[*s as usize].kind;
                covering.copied().filter(|s| kind(s) == Kind::Never).collect()
            }
        };
        nevers.sort_unstable();
        nevers.dedup();
        nevers.insert(0, TAG_DENY);
        let denied = self.outcomes.intern(&nevers);
        self.denied[id as usize] = Some(denied);
        self.within_limit(denied)
    }

    /// The union of two outcomes of the same kind.
    fn union(&mut self, a: u32, b: u32) -> Result<u32, TooLarge> {
        let (left, right) = (self.outcomes.get(a), self.outcomes.get(b));
        let mut merged = std::mem::take(&mut self.buffer);
        merged.clear();
        merged.push(left[0]);
        let (mut left, mut right) = (&left[1..], &right[1..]);
        while let ([x, more_left @ ..], [y, more_right @ ..]) = (left, right) {
            merged.push(*x.min(y));
            (left, right) = match x.cmp(y) {
                std::cmp::Ordering::Less => (more_left, right),
                std::cmp::Ordering::Greater => (left, more_right),
                std::cmp::Ordering::Equal => (more_left, more_right),
            };
        }
        merged.extend_from_slice(left);
        merged.extend_from_slice(right);
        let id = self.outcomes.intern(&merged);
        self.buffer = merged;
        self.within_limit(id)
    }

    fn within_limit(&self, id: u32) -> Result<u32, TooLarge> {
        if self.outcomes.words() + self.points.words() > MAX_OUTCOME_WORDS {
            let why = "its statements overlap in too many ways";
            return Err(TooLarge::reached(why, MAX_OUTCOME_WORDS as u64, "words of outcomes"));
        }
        Ok(id)
    }
}

/// Joins all of a list, in pairs of pairs; `None` if it is empty.
pub(super) fn meet_in_pairs(
    all: &mut Vec<u32>,
    mut meet: impl FnMut(u32, u32) -> Result<u32, TooLarge>,
) -> Result<Option<u32>, TooLarge> {
    all.sort_unstable();
    all.dedup();
    while all.len() > 1 {
        let mut kept = 0;
        for pair in 0..all.len().div_ceil(2) {
            all[kept] = match all[pair * 2..] {
                [a, b, ..] => meet(a, b)?,
                [a] => a,
                [] => break,
            };
            kept += 1;
        }
        all.truncate(kept);
        all.sort_unstable();
        all.dedup();
    }
    Ok(all.first().copied())
}

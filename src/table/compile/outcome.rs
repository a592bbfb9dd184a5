//! Outcomes: what a question comes to before facts are known. Each is stored once.
//!
//! The outcome of a point is the list of statements that cover it. The outcome of a question is the set of
//! its points' outcomes, since its value is their minimum and its duties are their union; joining questions
//! is the union of their sets. If some point is denied for all facts, so is the question, and only the
//! `never`s are kept, for the reasons.

use super::ids::{CoverId, IdVec, OutcomeId, PointId};
use super::intern::{Joins, Slices};
use super::too_large::TooLarge;
use crate::limits::MAX_OUTCOME_WORDS;
use crate::model::{ConditionId, Model, StatementKind};
use crate::table::ids::Id;
use crate::table::ids::StatementId;

/// The outcome of a question that no `never` touches and of which some point has no permit.
pub(super) const DENY: OutcomeId = OutcomeId(0);

const TAG_DENY: u32 = 0;
const TAG_POINTS: u32 = 1;

/// The contents of an outcome.
pub(super) enum Outcome<'a> {
    /// Denied for all facts; these `never`s cover points of it.
    Deny(&'a [StatementId]),
    /// Its points.
    Points(&'a [PointId]),
}

/// All outcomes of a policy while it is compiled.
pub(super) struct Outcomes<'m> {
    model: &'m Model,
    /// The statements that cover a point, sorted.
    points: Slices<PointId, CoverId>,
    of_point: IdVec<PointId, OutcomeId>,
    /// A tag, then sorted points or statements.
    outcomes: Slices<OutcomeId, u32>,
    /// For each outcome, itself joined with DENY, or NONE if that was not needed yet. An outcome that is
    /// denied is its own.
    denied: IdVec<OutcomeId, OutcomeId>,
    joins: Joins<OutcomeId>,
    buffer: Vec<u32>,
}

impl<'m> Outcomes<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let mut outcomes = Self {
            model,
            points: Slices::default(),
            of_point: IdVec::default(),
            outcomes: Slices::default(),
            denied: IdVec::default(),
            joins: Joins::default(),
            buffer: vec![TAG_DENY],
        };
        outcomes.intern_buffer();
        outcomes
    }

    pub(super) fn get(&self, id: OutcomeId) -> Outcome<'_> {
        match self.outcomes.get(id) {
            [TAG_POINTS, points @ ..] => Outcome::Points(bytemuck::cast_slice(points)),
            [_, nevers @ ..] => Outcome::Deny(bytemuck::cast_slice(nevers)),
            [] => Outcome::Deny(&[]),
        }
    }

    /// How many outcomes there are.
    pub(super) fn count(&self) -> usize {
        self.outcomes.ids().count()
    }

    /// The words of all outcomes and points.
    pub(super) fn words(&self) -> usize {
        self.outcomes.elements() + self.points.elements()
    }

    /// The statements that cover a point.
    pub(super) fn point(&self, id: PointId) -> &[CoverId] {
        self.points.get(id)
    }

    /// The outcome of a point.
    pub(super) fn outcome_of_point(&self, id: PointId) -> Option<OutcomeId> {
        self.of_point.get(id).copied()
    }

    /// The outcome of a point that these statements cover, which are sorted.
    pub(super) fn of_point(&mut self, statements: &[CoverId]) -> Result<OutcomeId, TooLarge> {
        let point = self.points.intern(statements);
        if let Some(outcome) = self.of_point.get(point) {
            return Ok(*outcome);
        }
        let all = &self.model.statements;
        let ids = || statements.iter().map(|cover| cover.statement());
        let of_kind = |kind| ids().filter(move |id| all[id.index()].kind == kind);
        let is_always = |id: StatementId| all[id.index()].condition == ConditionId::ALWAYS;
        let forbidden = of_kind(StatementKind::Never).any(is_always);
        self.buffer.clear();
        if forbidden || of_kind(StatementKind::Permit).next().is_none() {
            self.buffer.push(TAG_DENY);
            self.buffer.extend(of_kind(StatementKind::Never).map(|id| id.0));
        } else {
            self.buffer.extend([TAG_POINTS, point.0]);
        }
        let outcome = self.intern_buffer();
        self.of_point.push(outcome);
        self.within_limit(outcome)
    }

    /// The outcome of asking about all. Changes the list.
    pub(super) fn meet_all(&mut self, all: &mut Vec<OutcomeId>) -> Result<OutcomeId, TooLarge> {
        if all.iter().any(|id| self.denied[*id] == *id) {
            for id in all.iter_mut() {
                *id = self.deny(*id)?;
            }
            all.retain(|id| *id != DENY); // it has no nevers
        }
        sort_and_dedup(all);
        match all.as_slice() {
            [] => return Ok(DENY),
            [one] => return Ok(*one),
            _ => {}
        }
        if let Some(outcome) = self.joins.get(all) {
            return Ok(outcome);
        }
        let outcome = self.union(all)?;
        self.joins.insert(all, outcome);
        Ok(outcome)
    }

    /// Frees what is only needed to add outcomes.
    pub(super) fn freeze(&mut self) {
        self.joins = Joins::default();
        self.denied = IdVec::default();
        self.points.freeze();
        self.outcomes.freeze();
    }

    /// The id of the outcome in the buffer.
    fn intern_buffer(&mut self) -> OutcomeId {
        let id = self.outcomes.intern(&self.buffer);
        if id.index() == self.denied.len() {
            let is_denied = self.buffer.first() == Some(&TAG_DENY);
            self.denied.push(if is_denied { id } else { OutcomeId::NONE });
        }
        id
    }

    /// The outcome of asking about it and about something that has no permit.
    fn deny(&mut self, id: OutcomeId) -> Result<OutcomeId, TooLarge> {
        if let Some(denied) = self.denied[id].some() {
            return Ok(denied);
        }
        let mut nevers = std::mem::take(&mut self.buffer);
        nevers.clear();
        if let Outcome::Points(points) = self.get(id) {
            let covers = points.iter().flat_map(|point| self.points.get(*point));
            let covering = covers.map(|cover| cover.statement());
            let kind = |id: &StatementId| self.model.statements[id.index()].kind;
            nevers.extend(covering.filter(|id| kind(id) == StatementKind::Never).map(|id| id.0));
        }
        nevers.sort_unstable();
        nevers.dedup();
        nevers.insert(0, TAG_DENY);
        self.buffer = nevers;
        let denied = self.intern_buffer();
        self.denied[id] = denied;
        self.within_limit(denied)
    }

    /// The union of outcomes of the same kind.
    fn union(&mut self, all: &[OutcomeId]) -> Result<OutcomeId, TooLarge> {
        let mut merged = std::mem::take(&mut self.buffer);
        merged.clear();
        for id in all {
            merged.extend(&self.outcomes.get(*id)[1..]);
        }
        // A stable sort merges the parts, which are sorted.
        merged.sort();
        merged.dedup();
        let tag = all.first().and_then(|id| self.outcomes.get(*id).first());
        merged.insert(0, tag.copied().unwrap_or(TAG_DENY));
        self.buffer = merged;
        let id = self.intern_buffer();
        self.within_limit(id)
    }

    fn within_limit(&self, id: OutcomeId) -> Result<OutcomeId, TooLarge> {
        if self.words() > MAX_OUTCOME_WORDS {
            let why = "its statements overlap in too many ways";
            return Err(TooLarge::reached(why, MAX_OUTCOME_WORDS as u64, "words of outcomes"));
        }
        Ok(id)
    }
}

/// Sorts a list of ids and removes duplicates.
pub(super) fn sort_and_dedup<I: Id + Ord>(all: &mut Vec<I>) {
    all.sort_unstable();
    all.dedup();
}

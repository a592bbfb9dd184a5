//! What the cells of one question refer to, each part read once.
//!
//! Most verdicts do not need it: the cell has the verdict, or its terms give it. The verdict of a condition with
//! too many terms, the duties, the missing facts and the reasons need it. All of them read through this module, so
//! their cost is bounded by the size of the tables, not by the number of references to a part; see `table::once`.

use super::evaluate::KnownFacts;
use super::{StatementKind, Verdict};
use crate::table::ids::{ConditionId, StatementId};
use crate::table::once::Once;
use crate::table::schema::{ALLOW, DENY, DutyRecord, SIMPLE, StatementRecord};
use std::collections::HashMap;

/// The verdict of a cell of kind CONDITIONAL.
pub(super) fn conditional(known: KnownFacts<'_>, cell: u32) -> Verdict {
    match known.tables().terms_of(cell) {
        Some((_, terms)) => known.terms(terms),
        None => Survey::of_one(known).by_points(cell),
    }
}

/// Reads what cells refer to.
pub(super) struct Survey<'a> {
    values: Values<'a>,
    outcomes: Once,
    terms: Once,
    duties: Once,
}

impl<'a> Survey<'a> {
    /// For one cell. Allocates nothing, unless a condition is long.
    pub(super) fn of_one(known: KnownFacts<'a>) -> Self {
        let tables = known.tables();
        Self {
            outcomes: Once::counted(tables.sections.outcomes),
            terms: Once::counted(tables.sections.terms),
            duties: Once::counted(tables.sections.duties),
            values: Values::new(known),
        }
    }

    /// For several cells, which may refer to the same parts.
    pub(super) fn of_several(known: KnownFacts<'a>) -> Self {
        let tables = known.tables();
        Self {
            outcomes: Once::remembered(tables.sections.outcomes),
            terms: Once::remembered(tables.sections.terms),
            duties: Once::remembered(tables.sections.duties),
            values: Values::new(known),
        }
    }

    /// The verdict of a cell, or of the part of it that was not read yet.
    pub(super) fn verdict(&mut self, cell: u32) -> Verdict {
        let known = self.values.known;
        match cell & 3 {
            DENY => Verdict::Deny,
            ALLOW => Verdict::Allow,
            SIMPLE => known.simple(cell),
            _ => match known.tables().terms_of(cell) {
                None => self.by_points(cell),
                Some((start, terms)) if self.terms.reads(start, terms.len()) => known.terms(terms),
                Some(_) if self.terms.is_exceeded() => Verdict::Deny,
                Some(_) => Verdict::Allow,
            },
        }
    }

    /// The verdict of a conditional cell by its statements: the least over its points.
    pub(super) fn by_points(&mut self, cell: u32) -> Verdict {
        let (values, outcomes) = (&mut self.values, &mut self.outcomes);
        let mut least = Verdict::Allow;
        let tables = values.known.tables();
        tables.points_of(cell, outcomes, |statements| {
            let (permitted, forbidden) = values.point(statements);
            least = least.min(permitted).min(forbidden.not());
        });
        if outcomes.is_exceeded() { Verdict::Deny } else { least }
    }

    /// Visits the statements that cover each point of a cell, unless it is denied outright, with the values of
    /// conditions.
    pub(super) fn points(
        &mut self,
        cell: u32,
        mut visit: impl FnMut(&mut Values<'a>, &'a [StatementId]),
    ) {
        let values = &mut self.values;
        let tables = values.known.tables();
        tables.points_of(cell, &mut self.outcomes, |statements| visit(values, statements));
    }

    /// Visits the `never`s of a cell that is denied outright and that hold.
    pub(super) fn nevers(&mut self, cell: u32, mut visit: impl FnMut(StatementId)) {
        let tables = self.values.known.tables();
        for id in tables.nevers_of(cell, &mut self.outcomes) {
            if self.values.condition(tables.statement(*id).condition) == Verdict::Allow {
                visit(*id);
            }
        }
    }

    /// Visits what comes with a cell under conditions that are not no, with their values.
    pub(super) fn duties(&mut self, cell: u32, mut visit: impl FnMut(&'a DutyRecord, Verdict)) {
        let tables = self.values.known.tables();
        for due in tables.duties_of(cell, &mut self.duties) {
            let value = match due.condition {
                ConditionId::ALWAYS => Verdict::Allow,
                condition => self.values.condition(condition),
            };
            if value != Verdict::Deny {
                visit(due, value);
            }
        }
    }
}

/// The values of conditions for one question.
pub(super) struct Values<'a> {
    known: KnownFacts<'a>,
    /// Values of conditions that are too long to be evaluated for each of their statements.
    long: HashMap<ConditionId, Verdict>,
}

/// Evaluating this many parts of a condition takes as long as looking up its value.
const LONG: usize = 64;

impl<'a> Values<'a> {
    fn new(known: KnownFacts<'a>) -> Self {
        Self { known, long: HashMap::new() }
    }

    /// The value of a condition by its number.
    pub(super) fn condition(&mut self, id: ConditionId) -> Verdict {
        if self.known.length(id) <= LONG {
            return self.known.condition(id);
        }
        *self.long.entry(id).or_insert_with(|| self.known.condition(id))
    }

    /// How far a point is permitted and how far forbidden.
    pub(super) fn point(&mut self, statements: &[StatementId]) -> (Verdict, Verdict) {
        let (mut permitted, mut forbidden) = (Verdict::Deny, Verdict::Deny);
        for id in statements {
            let StatementRecord { kind, condition, .. } = self.known.tables().statement(*id);
            match StatementKind::from_number(kind.into()) {
                StatementKind::Permit => permitted = permitted.max(self.condition(condition)),
                StatementKind::Never => forbidden = forbidden.max(self.condition(condition)),
                StatementKind::Require => {}
            }
        }
        (permitted, forbidden)
    }
}

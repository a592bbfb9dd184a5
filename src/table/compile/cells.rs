//! Outcomes and conditions as the evaluator reads them.
//!
//! ```text
//!   cell      outcome << 2 | kind      kind: 0 deny, 2 allow, 1 and 3 depend on facts
//!   outcome   an offset into `outcomes`:
//!             deny        [number of nevers, never …]
//!             else        [duties, 1, number of statements, statement …]          one point
//!                         [duties, n, cell of a point …]                          several points
//!             before it, if the kind is 1: [terms start, terms length]
//!                        if the kind is 3: [mask of yes (low, high), mask of no (low, high)],
//!                                          its only term, in the first word
//!   duties    an offset into `duties`: [number, DutyRecord …]
//!   terms     (word | last of its alternative << 63, mask of yes, mask of no)
//! ```

use super::duties::{Duties, DutySections};
use super::ids::{IdVec, OutcomeId, PointId};
use super::normal::Normal;
use super::outcome::{Outcome, Outcomes};
use super::too_large::TooLarge;
use super::values::Values;
use crate::model::Model;
use crate::table::schema::{ALLOW, CONDITIONAL, Contents, DENY_CELL, SIMPLE, Term, TermSpan};
use hashbrown::HashMap;

/// Writes outcomes, each the first time its cell is needed.
pub(super) struct Cells<'c, 'm> {
    model: &'m Model,
    source: &'c Outcomes<'m>,
    values: Values<'m>,
    /// The cell of each outcome that was written.
    written: CellsOf,
    term_spans: HashMap<Vec<Term>, TermSpan>,
    duties: Duties<'m>,
    sections: OutcomeSections,
}

/// The sections with outcomes.
#[derive(Default)]
pub(super) struct OutcomeSections {
    terms: Vec<Term>,
    outcomes: Vec<u32>,
    duties: DutySections,
    /// Of each condition.
    pub(super) terms_of_conditions: Vec<TermSpan>,
}

impl OutcomeSections {
    /// Moves the sections to an image's contents.
    pub(super) fn move_to(self, contents: &mut Contents) {
        contents.terms = self.terms;
        contents.outcomes = self.outcomes;
        self.duties.move_to(contents);
    }
}

/// The cell of each outcome that was written.
#[derive(Default)]
pub(super) struct CellsOf(IdVec<OutcomeId, Option<u32>>);

impl CellsOf {
    pub(super) fn get(&self, id: OutcomeId) -> u32 {
        self.0.get(id).copied().flatten().unwrap_or(DENY_CELL)
    }
}

/// The most words of an outcome besides its points or statements.
const HEAD: usize = 7;

impl<'c, 'm> Cells<'c, 'm> {
    pub(super) fn new(model: &'m Model, source: &'c Outcomes<'m>) -> Self {
        let mut outcomes = Vec::with_capacity(source.words() + HEAD * source.count());
        outcomes.push(0); // a denial without nevers, for the cell 0
        let sections = OutcomeSections { outcomes, ..OutcomeSections::default() };
        Self {
            model,
            source,
            values: Values::new(model),
            written: CellsOf::default(),
            term_spans: HashMap::new(),
            duties: Duties::new(model),
            sections,
        }
    }

    /// The cell of an outcome, which is written the first time.
    pub(super) fn cell(&mut self, id: OutcomeId) -> Result<u32, TooLarge> {
        if let Some(Some(cell)) = self.written.0.get(id) {
            return Ok(*cell);
        }
        let cell = self.write(id)?;
        self.written.0.set(id, Some(cell), None);
        Ok(cell)
    }

    /// The cells so far.
    pub(super) fn written(&self) -> &CellsOf {
        &self.written
    }

    /// Writes the terms of the conditions. Gives all sections, and the cell of each outcome that was written.
    pub(super) fn finish(mut self) -> (OutcomeSections, CellsOf) {
        for id in 0..self.model.conditions.iter().count() {
            let normal = self.values.condition(id).cloned();
            let terms = match &normal {
                // A term without literals cannot be written, and needs no evaluation.
                Some(normal) if !normal.is_yes() => self.terms(Some(normal)),
                _ => TermSpan::GENERAL,
            };
            self.sections.terms_of_conditions.push(terms);
        }
        self.sections.duties = self.duties.finish();
        (self.sections, self.written)
    }

    fn write(&mut self, id: OutcomeId) -> Result<u32, TooLarge> {
        let source = self.source;
        match source.get(id) {
            Outcome::Deny([]) => Ok(DENY_CELL),
            Outcome::Deny(nevers) => {
                let at = self.sections.outcomes.len();
                self.sections.outcomes.push(nevers.len() as u32);
                self.sections.outcomes.extend_from_slice(bytemuck::cast_slice(nevers));
                cell(at, 0)
            }
            Outcome::Points(&[point]) => {
                let statements = source.point(point).iter().map(|cover| cover.statement().0);
                let value = self.values.of_question(source, &[point]);
                let (at, kind) = self.head(value, &[point]);
                self.sections.outcomes.extend([1, statements.len() as u32]);
                self.sections.outcomes.extend(statements);
                cell(at, kind)
            }
            Outcome::Points(points) => {
                let parts = points
                    .iter()
                    .map(|point| self.cell_of_point(*point))
                    .collect::<Result<Vec<u32>, _>>()?;
                let value = self.values.of_question(source, points);
                let (at, kind) = self.head(value, points);
                self.sections.outcomes.push(parts.len() as u32);
                self.sections.outcomes.extend(parts);
                cell(at, kind)
            }
        }
    }

    /// The cell of a point that is part of a larger outcome.
    fn cell_of_point(&mut self, point: PointId) -> Result<u32, TooLarge> {
        match self.source.outcome_of_point(point) {
            Some(outcome) => self.cell(outcome),
            None => Ok(DENY_CELL), // every point has an outcome
        }
    }

    /// Writes what comes before the points. Gives the outcome's offset and its kind.
    fn head(&mut self, value: Option<Normal>, points: &[PointId]) -> (usize, u32) {
        let simple = value.as_ref().and_then(Normal::simple);
        let kind = match (&value, simple) {
            (Some(value), _) if value.is_yes() => ALLOW,
            (_, Some(masks)) => {
                let halves: [u32; 4] = bytemuck::cast(masks);
                self.sections.outcomes.extend(halves);
                SIMPLE
            }
            _ => {
                let terms = self.terms(value.as_ref());
                self.sections.outcomes.extend([terms.start, terms.count]);
                CONDITIONAL
            }
        };
        let at = self.sections.outcomes.len();
        let duties = self.duties.of(self.source, points);
        self.sections.outcomes.push(duties);
        (at, kind)
    }

    /// Where the terms of a value are. Equal ones are stored once.
    fn terms(&mut self, value: Option<&Normal>) -> TermSpan {
        let Some(value) = value else { return TermSpan::GENERAL };
        let encoded = value.encode();
        if let Some(span) = self.term_spans.get(&encoded) {
            return *span;
        }
        let terms = &mut self.sections.terms;
        let span = TermSpan { start: terms.len() as u32, count: encoded.len() as u32 };
        terms.extend(&encoded);
        self.term_spans.insert(encoded, span);
        span
    }
}

fn cell(outcome: usize, kind: u32) -> Result<u32, TooLarge> {
    match u32::try_from(outcome) {
        Ok(outcome) if outcome < 1 << 30 => Ok(outcome << 2 | kind),
        _ => Err(TooLarge::because("its outcomes take over four gigabytes")),
    }
}

//! Outcomes, lines and conditions as the evaluator reads them.
//!
//! ```text
//!   cell      outcome << 2 | kind               kind: 0 deny, 1 depends on facts, 2 allow
//!   outcome   an offset into `outcomes`:
//!             deny        [number of nevers, never …]
//!             else        [duties, 1, number of statements, statement …]          one point
//!                         [duties, n, cell of a point …]                          several points
//!             before it, if it depends on facts: [terms start, terms length]
//!   duties    an offset into `duties`: [number, (condition, low word, high word, days) …]
//!   terms     (word | last of its term << 63, mask of yes, mask of no)
//! ```

use super::TooLarge;
use super::classes::Classes;
use super::intern::Slices;
use super::lines::Lines;
use super::normal::Normal;
use super::outcome::{Outcome, Outcomes};
use crate::limits::MAX_DENSE_CELLS;
use crate::model::{ConditionId, Kind, Model};
use crate::table::tables::{ALLOW, CONDITIONAL, DENY_CELL, GENERAL, NO_DAYS};
use hashbrown::HashMap;

/// The columns of one block of a line that is stored as runs.
const BLOCK: usize = 64;

/// A range of terms, or GENERAL where a condition has too many.
pub(super) type TermRange = [u32; 2];

/// The tables while they are written.
pub(super) struct Cells<'c, 'm> {
    model: &'m Model,
    source: &'c Outcomes<'m>,
    /// The normal form of each condition.
    normal: Vec<Option<Normal>>,
    written: HashMap<u32, u32>,
    values: HashMap<Vec<u32>, Option<Normal>>,
    term_ranges: HashMap<Vec<[u64; 3]>, TermRange>,
    duty_lists: Slices,
    duty_offsets: Vec<u32>,
    pub(super) terms: Vec<[u64; 3]>,
    pub(super) outcomes: Vec<u32>,
    pub(super) duties: Vec<u32>,
    pub(super) cells: Vec<u32>,
    /// For a table of runs: the blocks of each line.
    pub(super) blocks: Vec<u32>,
    /// For a table of runs, each block: a bit where the outcome changes, and where its cells start.
    pub(super) runs: Vec<[u64; 2]>,
    /// How far two lines are apart, in `cells` or in `blocks`.
    stride: usize,
}

impl<'c, 'm> Cells<'c, 'm> {
    pub(super) fn new(model: &'m Model, source: &'c Outcomes<'m>) -> Self {
        Self {
            model,
            source,
            normal: model.conditions.iter().map(|f| Normal::of(f, false)).collect(),
            written: HashMap::new(),
            values: HashMap::new(),
            term_ranges: HashMap::new(),
            duty_lists: Slices::default(),
            duty_offsets: Vec::new(),
            terms: Vec::new(),
            outcomes: vec![0], // a denial without nevers, which the cell 0 stands for
            duties: Vec::new(),
            cells: Vec::new(),
            blocks: Vec::new(),
            runs: Vec::new(),
            stride: 0,
        }
    }

    /// Writes all lines: whole if they are few, else as runs.
    pub(super) fn fill(
        &mut self,
        lines: &Lines<'_>,
        used: &[u32],
        columns: &Classes,
    ) -> Result<(), TooLarge> {
        let width = columns.representatives.len();
        if used.len() * width <= MAX_DENSE_CELLS {
            self.stride = width;
            for line in used {
                let row = self.line(lines, *line, columns)?;
                self.cells.extend(row);
            }
            return Ok(());
        }
        self.stride = width.div_ceil(BLOCK);
        let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
        for line in used {
            for block in self.line(lines, *line, columns)?.chunks(BLOCK) {
                if let Some(id) = known.get(block) {
                    self.blocks.push(*id);
                    continue;
                }
                let id = self.runs.len() as u32;
                let start = self.cells.len() as u64;
                let mut bits = 0u64;
                for (at, cell) in block.iter().enumerate() {
                    if at == 0 || block[at - 1] != *cell {
                        bits |= 1 << at;
                        self.cells.push(*cell);
                    }
                }
                // The first bit is always set: counting the bits up to a column, less one, is its run.
                self.runs.push([bits, start]);
                known.insert(block.to_vec(), id);
                self.blocks.push(id);
            }
        }
        if u32::try_from(self.blocks.len()).is_err() || u32::try_from(self.cells.len()).is_err() {
            return Err(TooLarge("its tables would have over four billion entries"));
        }
        Ok(())
    }

    /// Where each line starts, for the lines of all rows and planes.
    pub(super) fn line_index(&self, classes: &[u32]) -> Vec<u32> {
        classes.iter().map(|class| class * self.stride as u32).collect()
    }

    /// One line by column.
    fn line(
        &mut self,
        lines: &Lines<'_>,
        line: u32,
        columns: &Classes,
    ) -> Result<Vec<u32>, TooLarge> {
        let mut runs = lines.runs(line).peekable();
        let mut outcome = 0;
        let mut cells = Vec::with_capacity(columns.representatives.len());
        let mut last: Option<(u32, u32)> = None;
        for purpose in &columns.representatives {
            while let Some((_, next)) = runs.next_if(|(start, _)| start <= purpose) {
                outcome = next;
            }
            let cell = match last {
                Some((known, cell)) if known == outcome => cell,
                _ => self.outcome(outcome)?,
            };
            last = Some((outcome, cell));
            cells.push(cell);
        }
        Ok(cells)
    }

    /// The cell of an outcome, which is written the first time.
    fn outcome(&mut self, id: u32) -> Result<u32, TooLarge> {
        if let Some(cell) = self.written.get(&id) {
            return Ok(*cell);
        }
        let source = self.source;
        let cell = match source.get(id) {
            Outcome::Deny([]) => DENY_CELL,
            Outcome::Deny(nevers) => {
                let at = self.outcomes.len();
                self.outcomes.push(nevers.len() as u32);
                self.outcomes.extend(nevers);
                cell(at, 0)?
            }
            Outcome::Points(&[point]) => {
                let statements = source.point(point);
                let value = self.value(&[point]);
                let (at, kind) = self.head(value, &[point]);
                self.outcomes.extend([1, statements.len() as u32]);
                self.outcomes.extend(statements);
                cell(at, kind)?
            }
            Outcome::Points(points) => {
                let parts = points
                    .iter()
                    .map(|point| self.point(*point))
                    .collect::<Result<Vec<u32>, _>>()?;
                let value = self.value(points);
                let (at, kind) = self.head(value, points);
                self.outcomes.push(parts.len() as u32);
                self.outcomes.extend(parts);
                cell(at, kind)?
            }
        };
        self.written.insert(id, cell);
        Ok(cell)
    }

    /// The cell of a point that is part of a larger outcome.
    fn point(&mut self, point: u32) -> Result<u32, TooLarge> {
        match self.source.outcome_of_point(point) {
            Some(outcome) => self.outcome(outcome),
            None => Ok(DENY_CELL), // every point has an outcome
        }
    }

    /// Writes what comes before the points; gives the outcome's offset and its kind.
    fn head(&mut self, value: Option<Normal>, points: &[u32]) -> (usize, u32) {
        let kind = match &value {
            Some(value) if value.is_yes() => ALLOW,
            _ => CONDITIONAL,
        };
        if kind == CONDITIONAL {
            let range = self.terms(value.as_ref());
            self.outcomes.extend(range);
        }
        let at = self.outcomes.len();
        let duties = self.duties(points);
        self.outcomes.push(duties);
        (at, kind)
    }

    /// The value of a question: the least over its points. `None` if it has too many terms.
    fn value(&mut self, points: &[u32]) -> Option<Normal> {
        points.iter().try_fold(Normal::yes(), |least, point| {
            let value = self.point_value(*point)?;
            least.and(&value)
        })
    }

    /// The value of a point: some permit holds and no `never` does.
    fn point_value(&mut self, point: u32) -> Option<Normal> {
        let statements = self.source.point(point);
        let conditions = |kind| {
            let of_kind = statements
                .iter()
                .map(|s| &self.model.statements[*s as usize])
                .filter(move |s| s.kind == kind);
            let mut ids: Vec<u32> = of_kind.map(|s| s.condition.0).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let (permits, nevers) = (conditions(Kind::Permit), conditions(Kind::Never));
        let key = [permits.as_slice(), &[u32::MAX], &nevers].concat();
        if let Some(value) = self.values.get(&key) {
            return value.clone();
        }
        let any = |ids: &[u32]| {
            ids.iter().try_fold(Normal::no(), |any, id| any.or(self.normal[*id as usize].as_ref()?))
        };
        let permitted = if permits.first() == Some(&ConditionId::ALWAYS.0) {
            Some(Normal::yes())
        } else {
            any(&permits)
        };
        let value = permitted.and_then(|permitted| permitted.and(&any(&nevers)?.not()?));
        self.values.insert(key, value.clone());
        value
    }

    /// Where the terms of a value are; equal ones are kept once.
    pub(super) fn terms(&mut self, value: Option<&Normal>) -> TermRange {
        let Some(value) = value else { return [0, GENERAL] };
        let encoded = value.encode();
        if let Some(range) = self.term_ranges.get(&encoded) {
            return *range;
        }
        let range = [self.terms.len() as u32, encoded.len() as u32];
        self.terms.extend(&encoded);
        self.term_ranges.insert(encoded, range);
        range
    }

    /// The normal form of a condition.
    pub(super) fn condition(&self, id: usize) -> Option<&Normal> {
        self.normal[id].as_ref()
    }

    /// Where the duties of these points are: for each condition, a set and the shortest retention.
    fn duties(&mut self, points: &[u32]) -> u32 {
        let mut by_condition: Vec<[u32; 4]> = Vec::new();
        for id in points.iter().flat_map(|point| self.source.point(*point)) {
            let statement = &self.model.statements[*id as usize];
            let days = statement.retain_days.unwrap_or(NO_DAYS);
            if statement.kind == Kind::Never || statement.duties == 0 && days == NO_DAYS {
                continue;
            }
            let (low, high) = (statement.duties as u32, (statement.duties >> 32) as u32);
            let condition = statement.condition.0;
            match by_condition.iter_mut().find(|entry| entry[0] == condition) {
                Some(entry) => {
                    entry[1] |= low;
                    entry[2] |= high;
                    entry[3] = entry[3].min(days);
                }
                None => by_condition.push([condition, low, high, days]),
            }
        }
        by_condition.sort_unstable();
        let id = self.duty_lists.intern(by_condition.as_flattened()) as usize;
        if let Some(offset) = self.duty_offsets.get(id) {
            return *offset;
        }
        let offset = self.duties.len() as u32;
        self.duties.push(by_condition.len() as u32);
        self.duties.extend(by_condition.as_flattened());
        self.duty_offsets.push(offset);
        offset
    }
}

fn cell(outcome: usize, kind: u32) -> Result<u32, TooLarge> {
    match u32::try_from(outcome) {
        Ok(outcome) if outcome < 1 << 30 => Ok(outcome << 2 | kind),
        _ => Err(TooLarge("its outcomes take over four gigabytes")),
    }
}

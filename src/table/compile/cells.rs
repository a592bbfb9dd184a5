//! Outcomes, lines and conditions as the evaluator reads them.
//!
//! ```text
//!   cell      outcome << 2 | kind      kind: 0 deny, 2 allow, 1 and 3 depends on facts
//!   outcome   an offset into `outcomes`:
//!             deny        [number of nevers, never …]
//!             else        [duties, 1, number of statements, statement …]          one point
//!                         [duties, n, cell of a point …]                          several points
//!             before it, of kind 1: [terms start, terms length]
//!                        of kind 3: [mask of yes (low, high), mask of no (low, high)],
//!                                   its only term, in the first word
//!   duties    an offset into `duties`: [number, (condition, low word, high word, days) …]
//!   terms     (word | last of its term << 63, mask of yes, mask of no)
//! ```

use super::TooLarge;
use super::classes::Classes;
use super::intern::Slices;
use super::lines::Lines;
use super::normal::Normal;
use super::outcome::{Outcome, Outcomes};
use crate::limits::MAX_COLUMNS;
use crate::model::{ConditionId, Kind, Model};
use crate::table::tables::{
    ALLOW, CONDITIONAL, DENY, DENY_CELL, FAN, GENERAL, INNER, KINDS, Line, NO_DAYS, SIMPLE,
};
use hashbrown::HashMap;

/// A range of terms, or GENERAL where a condition has too many.
pub(super) type TermRange = [u32; 2];

/// The lines of a table: where the cell changes along each, and the cells.
pub(super) struct Runs {
    /// Each distinct line: the column where a run starts, and its cell.
    distinct: Vec<Vec<(u32, u32)>>,
    /// For each plane, for each row, which of them it has.
    of_lines: Vec<u32>,
    columns: usize,
}

impl Runs {
    /// The runs of a distinct line, each as the columns that it spans.
    fn spans(&self, class: u32) -> impl Iterator<Item = (std::ops::Range<usize>, u32)> {
        let runs = &self.distinct[class as usize];
        runs.iter().enumerate().map(|(i, (start, cell))| {
            let end = runs.get(i + 1).map_or(self.columns, |next| next.0 as usize);
            (*start as usize..end, *cell)
        })
    }

    /// All cells: for each plane, for each row, for each column.
    pub(super) fn cells(&self) -> Vec<u32> {
        let mut cells = Vec::with_capacity(self.of_lines.len() * self.columns);
        for class in &self.of_lines {
            for (columns, cell) in self.spans(*class) {
                cells.resize(cells.len() + columns.len(), cell);
            }
        }
        cells
    }
}

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
    /// The kinds of all cells, two bits each.
    pub(super) kinds: Vec<u64>,
    /// All cells: for each plane, for each row, for each column.
    pub(super) cells: Vec<u32>,
    /// The line of each plane and row, then the parts of the long ones.
    pub(super) lines: Vec<Line>,
    /// The cells behind kinds: of the lines' runs, or all of them.
    pub(super) behind: Vec<u32>,
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
            kinds: Vec::new(),
            cells: Vec::new(),
            lines: Vec::new(),
            behind: Vec::new(),
        }
    }

    /// The distinct lines of a table as runs, their outcomes written the first time they are met. `all`
    /// are the lines of each plane and row. O(runs × log columns).
    pub(super) fn runs(
        &mut self,
        lines: &Lines<'_>,
        all: &Classes,
        columns: &Classes,
    ) -> Result<Runs, TooLarge> {
        let lines = all.representatives.iter().map(|line| self.line(lines, *line, columns));
        Ok(Runs {
            distinct: lines.collect::<Result<_, _>>()?,
            of_lines: all.of.clone(),
            columns: columns.representatives.len(),
        })
    }

    /// Writes all kinds. O(lines + cells that do not deny).
    pub(super) fn write_kinds(&mut self, runs: &Runs) {
        let columns = runs.columns;
        self.kinds = vec![0; (runs.of_lines.len() * columns).div_ceil(KINDS as usize)];
        for (line, class) in runs.of_lines.iter().enumerate() {
            let at = line * columns;
            for (columns, cell) in runs.spans(*class) {
                fill(&mut self.kinds, at + columns.start..at + columns.end, cell & 3);
            }
        }
    }

    /// Writes each line as runs, `fan` of them to a part. O(lines + runs).
    pub(super) fn write_lines(&mut self, runs: &Runs, fan: usize) -> Result<(), TooLarge> {
        if runs.columns > MAX_COLUMNS {
            let why = "too many purposes are told apart";
            return Err(TooLarge::counted(why, runs.columns, MAX_COLUMNS, "purposes"));
        }
        let count = runs.of_lines.len();
        let mut parts: Vec<Line> = Vec::new();
        let mut roots: Vec<Line> = Vec::with_capacity(runs.distinct.len());
        for runs in &runs.distinct {
            let mut level: Vec<(u16, Line)> = Vec::new();
            for runs in runs.chunks(fan) {
                let kinds = runs.iter().rev().fold(0, |kinds, (_, cell)| kinds << 2 | cell & 3);
                let behind = place(self.behind.len())? | u64::from(kinds);
                level.push(part(runs.iter().map(|(start, _)| *start as u16), behind));
                self.behind.extend(runs.iter().map(|(_, cell)| *cell));
            }
            // As in a B-tree: parts beside each other, and above them what says where each starts.
            while level.len() > 1 {
                let first = count + parts.len();
                parts.extend(level.iter().map(|(_, line)| *line));
                level = level
                    .chunks(fan)
                    .enumerate()
                    .map(|(i, below)| {
                        let behind = place(first + i * fan)? | INNER;
                        Ok(part(below.iter().map(|(start, _)| *start), behind))
                    })
                    .collect::<Result<_, TooLarge>>()?;
            }
            roots.extend(level.first().map(|(_, line)| *line));
        }
        self.lines = runs.of_lines.iter().map(|class| roots[*class as usize]).collect();
        self.lines.extend(parts);
        Ok(())
    }

    /// One line as runs: the column where each starts, and its cell. The columns' representatives
    /// ascend, so a run of purposes is a run of columns, or none. O(runs × log columns).
    fn line(
        &mut self,
        lines: &Lines<'_>,
        line: u32,
        columns: &Classes,
    ) -> Result<Vec<(u32, u32)>, TooLarge> {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for (start, outcome) in lines.runs(line) {
            let column = columns.representatives.partition_point(|purpose| *purpose < start) as u32;
            let cell = self.outcome(outcome)?;
            if runs.last().is_some_and(|(last, _)| *last == column) {
                runs.pop(); // no column stands for the run before
            }
            if runs.last().is_none_or(|(_, last)| *last != cell) {
                runs.push((column, cell));
            }
        }
        if runs.last().is_some_and(|(last, _)| *last as usize == columns.representatives.len()) {
            runs.pop();
        }
        Ok(runs)
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
        let simple = value.as_ref().and_then(Normal::simple);
        let kind = match (&value, simple) {
            (Some(value), _) if value.is_yes() => ALLOW,
            (_, Some(masks)) => {
                self.outcomes.extend(masks.iter().flat_map(|m| [*m as u32, (*m >> 32) as u32]));
                SIMPLE
            }
            _ => {
                let range = self.terms(value.as_ref());
                self.outcomes.extend(range);
                CONDITIONAL
            }
        };
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

/// Sets the kinds of a range of cells, which deny before.
fn fill(kinds: &mut [u64], cells: std::ops::Range<usize>, kind: u32) {
    if kind == DENY {
        return;
    }
    let (width, all) = (KINDS as usize, u64::MAX / 3 * u64::from(kind));
    let words = cells.start / width..cells.end.div_ceil(width);
    for (word, kinds) in words.clone().zip(&mut kinds[words]) {
        let from = cells.start.saturating_sub(word * width);
        let to = (cells.end - word * width).min(width);
        *kinds |= (all << (2 * from)) & (all >> (2 * (width - to)));
    }
}

/// The line of these starts, with the first of them. Columns are at most MAX_COLUMNS, so that the
/// padding is above them.
fn part(starts: impl Iterator<Item = u16>, behind: u64) -> (u16, Line) {
    let mut all = [i16::MAX.cast_unsigned(); FAN];
    all.iter_mut().zip(starts).for_each(|(place, start)| *place = start);
    let [a, b, c, d]: [u64; 4] = bytemuck::cast(all);
    (all[0], [a, b, c, d, behind])
}

/// A place in cells or lines, where a line keeps it.
fn place(at: usize) -> Result<u64, TooLarge> {
    if at >= 1 << 31 {
        return Err(TooLarge::because("its tables take over eight gigabytes"));
    }
    Ok((at as u64) << 32)
}

fn cell(outcome: usize, kind: u32) -> Result<u32, TooLarge> {
    match u32::try_from(outcome) {
        Ok(outcome) if outcome < 1 << 30 => Ok(outcome << 2 | kind),
        _ => Err(TooLarge::because("its outcomes take over four gigabytes")),
    }
}

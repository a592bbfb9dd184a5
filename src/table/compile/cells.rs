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
use super::by_point::ByPoint;
use super::classes::Classes;
use super::intern::Slices;
use super::lines::Lines;
use super::normal::Normal;
use super::outcome::{Outcome, Outcomes};
use super::values::Values;
use crate::limits::MAX_COLUMNS;
use crate::model::{Model, StatementKind};
use crate::table::ids::ConditionId;
use crate::table::schema::{
    ALLOW, CONDITIONAL, Contents, DENY, DENY_CELL, DutyRecord, FAN, KINDS, LinePart, NO_DAYS,
    SIMPLE, Term, TermSpan,
};
use hashbrown::HashMap;
use std::collections::BTreeMap;

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
    values: Values<'m>,
    written: HashMap<u32, u32>,
    term_ranges: HashMap<Vec<Term>, TermSpan>,
    duty_lists: Slices,
    /// Of each point the number of its list, and where a list is that was written.
    duties_of_points: ByPoint<u32>,
    duty_offsets: HashMap<u32, u32>,
    terms: Vec<Term>,
    outcomes: Vec<u32>,
    duties: Vec<u32>,
    /// The kinds of all cells, two bits each.
    kinds: Vec<u64>,
    /// All cells: for each plane, for each row, for each column.
    pub(super) cells: Vec<u32>,
    /// The line of each plane and row, then the parts of the long ones.
    lines: Vec<LinePart>,
    /// The cells of a table that has kinds or lines: those of the lines' runs, or all of them.
    pub(super) far_cells: Vec<u32>,
}

impl<'c, 'm> Cells<'c, 'm> {
    pub(super) fn new(model: &'m Model, source: &'c Outcomes<'m>) -> Self {
        Self {
            model,
            source,
            values: Values::new(model),
            written: HashMap::new(),
            term_ranges: HashMap::new(),
            duty_lists: Slices::default(),
            duties_of_points: ByPoint::new(),
            duty_offsets: HashMap::new(),
            terms: Vec::new(),
            outcomes: vec![0], // a denial without nevers, which the cell 0 stands for
            duties: Vec::new(),
            kinds: Vec::new(),
            cells: Vec::new(),
            lines: Vec::new(),
            far_cells: Vec::new(),
        }
    }

    /// Moves the sections to an image's contents.
    pub(super) fn move_to(self, contents: &mut Contents) {
        contents.kinds = self.kinds;
        contents.cells = self.cells;
        contents.lines = self.lines;
        contents.far_cells = self.far_cells;
        contents.outcomes = self.outcomes;
        contents.duties = self.duties;
        contents.terms = self.terms;
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
        let mut parts: Vec<LinePart> = Vec::new();
        let mut roots: Vec<LinePart> = Vec::with_capacity(runs.distinct.len());
        for runs in &runs.distinct {
            let mut level: Vec<(u16, LinePart)> = Vec::new();
            for runs in runs.chunks(fan) {
                let kinds = runs.iter().rev().fold(0, |kinds, (_, cell)| kinds << 2 | cell & 3);
                let place = place(self.far_cells.len())? | u64::from(kinds);
                level.push(part(runs.iter().map(|(start, _)| *start as u16), place));
                self.far_cells.extend(runs.iter().map(|(_, cell)| *cell));
            }
            // As in a B-tree: parts beside each other, and above them what says where each starts.
            while level.len() > 1 {
                let first = count + parts.len();
                parts.extend(level.iter().map(|(_, line)| *line));
                level = level
                    .chunks(fan)
                    .enumerate()
                    .map(|(i, below)| {
                        let place = place(first + i * fan)? | LinePart::INNER;
                        Ok(part(below.iter().map(|(start, _)| *start), place))
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
                let value = self.values.of_question(source, &[point]);
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
                let value = self.values.of_question(source, points);
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
                self.outcomes.extend([range.start, range.count]);
                CONDITIONAL
            }
        };
        let at = self.outcomes.len();
        let duties = self.duties(points);
        self.outcomes.push(duties);
        (at, kind)
    }

    /// Where the terms of a value are; equal ones are kept once.
    pub(super) fn terms(&mut self, value: Option<&Normal>) -> TermSpan {
        let Some(value) = value else { return TermSpan::GENERAL };
        let encoded = value.encode();
        if let Some(range) = self.term_ranges.get(&encoded) {
            return *range;
        }
        let range = TermSpan { start: self.terms.len() as u32, count: encoded.len() as u32 };
        self.terms.extend(&encoded);
        self.term_ranges.insert(encoded, range);
        range
    }

    /// The normal form of a condition.
    pub(super) fn condition(&self, id: usize) -> Option<&Normal> {
        self.values.condition(id)
    }

    /// Where the duties of these points are: for each condition, a set and the shortest retention.
    fn duties(&mut self, points: &[u32]) -> u32 {
        let mut lists: Vec<u32> = points.iter().map(|point| self.duties_of_point(*point)).collect();
        lists.sort_unstable();
        lists.dedup();
        let id = match lists.as_slice() {
            [one] => *one,
            _ => {
                let each = lists.iter().flat_map(|list| records(self.duty_lists.get(*list)));
                let all = shortest(each.copied());
                self.duty_lists.intern(bytemuck::cast_slice(&all))
            }
        };
        if let Some(offset) = self.duty_offsets.get(&id) {
            return *offset;
        }
        let offset = self.duties.len() as u32;
        let list = self.duty_lists.get(id);
        self.duties.push(records(list).len() as u32);
        self.duties.extend(list);
        self.duty_offsets.insert(id, offset);
        offset
    }

    /// The number of the duties of a point.
    fn duties_of_point(&mut self, point: u32) -> u32 {
        if let Some(list) = self.duties_of_points.get(point) {
            return list;
        }
        let statements = self.source.point(point).iter();
        let entries = statements.filter_map(|id| {
            let statement = &self.model.statements[*id as usize];
            let days = statement.retain_days.unwrap_or(NO_DAYS);
            let is_due = statement.kind != StatementKind::Never
                && (statement.duties != 0 || days != NO_DAYS);
            is_due.then_some(DutyRecord {
                condition: ConditionId(statement.condition.0),
                duties: statement.duties.into(),
                days,
            })
        });
        let list = self.duty_lists.intern(bytemuck::cast_slice(&shortest(entries)));
        self.duties_of_points.insert(point, list);
        list
    }
}

fn records(list: &[u32]) -> &[DutyRecord] {
    bytemuck::cast_slice(list)
}

/// Duties and retention by condition: of the entries of one, all duties and the shortest retention.
fn shortest(entries: impl Iterator<Item = DutyRecord>) -> Vec<DutyRecord> {
    let mut by_condition: BTreeMap<ConditionId, (u64, u32)> = BTreeMap::new();
    for DutyRecord { condition, duties, days } in entries {
        let (all, shortest) = by_condition.entry(condition).or_insert((0, NO_DAYS));
        *all |= duties.get();
        *shortest = days.min(*shortest);
    }
    by_condition
        .into_iter()
        .map(|(condition, (duties, days))| DutyRecord { condition, duties: duties.into(), days })
        .collect()
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
fn part(starts: impl Iterator<Item = u16>, runs: u64) -> (u16, LinePart) {
    let mut all = [i16::MAX.cast_unsigned(); FAN];
    all.iter_mut().zip(starts).for_each(|(place, start)| *place = start);
    (all[0], LinePart { starts: bytemuck::cast(all), runs })
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

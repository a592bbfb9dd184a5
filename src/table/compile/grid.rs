//! The table: the cell of every class of categories, acts and purposes, in one of four layouts.

use super::cells::Cells;
use super::classes::{Classes, TableClasses};
use super::ids::{ColumnClass, IdVec, LineClass, LineId};
use super::lines::Lines;
use super::shape::{Shape, Strides};
use super::too_large::TooLarge;
use crate::limits::{MAX_CELLS, MAX_COLUMNS, MAX_KINDS, MAX_SMALL};
use crate::table::ids::NodeId;
use crate::table::schema::{Contents, DENY, FAN, KINDS, LinePart};
use std::ops::Range;

/// How the cells are stored. It is chosen by their number. Tests choose each of them for policies of any
/// size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "tools"),
    allow(unreachable_pub, dead_code, reason = "only tests name all of it")
)]
pub enum Layout {
    /// All cells.
    Cells,
    /// All kinds, then all cells.
    KindsAndCells,
    /// All kinds; for each row and plane a line: where the cell changes, and the cells.
    KindsAndLines,
    /// Only lines.
    Lines,
    /// Only lines, in the smallest parts, so that short lines have many.
    NarrowLines,
}

impl Layout {
    /// All of them.
    #[cfg(feature = "tools")]
    pub const ALL: [Self; 5] =
        [Self::Cells, Self::KindsAndCells, Self::KindsAndLines, Self::Lines, Self::NarrowLines];

    /// The layout for a table with this many cells, and this many in its distinct lines.
    pub(super) fn for_cells(cells: usize, distinct: usize) -> Self {
        if cells <= MAX_SMALL {
            Self::Cells
        } else if cells <= MAX_CELLS.min(4 * distinct) {
            Self::KindsAndCells // lines would save little
        } else if cells <= MAX_KINDS {
            Self::KindsAndLines
        } else {
            Self::Lines
        }
    }

    /// How far a class moves a cell or a line.
    pub(super) fn strides(self, shape: Shape) -> Strides {
        let (row, plane) = match self {
            Self::Lines | Self::NarrowLines => (1, shape.rows),
            _ => (shape.columns, shape.rows * shape.columns),
        };
        Strides { row: row as u32, plane: plane as u32 }
    }

    fn has_kinds(self) -> bool {
        matches!(self, Self::KindsAndCells | Self::KindsAndLines)
    }

    fn has_cells(self) -> bool {
        matches!(self, Self::Cells | Self::KindsAndCells)
    }

    /// The runs in each part of a line.
    fn fan(self) -> usize {
        if self == Self::NarrowLines { 2 } else { FAN }
    }
}

/// The table while it is written.
pub(super) struct Grid {
    layout: Layout,
    columns: usize,
    /// The lines in the table with each class.
    lines_of: LinesOf,
    /// The number of lines.
    count: usize,
    kinds: Vec<u64>,
    /// All cells, if the layout has them.
    cells: Vec<u32>,
    /// The first part of each class of lines.
    roots: IdVec<LineClass, LinePart>,
    /// The other parts.
    parts: Vec<LinePart>,
    /// The cells of the lines' runs.
    far_cells: Vec<u32>,
}

impl Grid {
    /// Writes the table, and each outcome in it the first time it occurs. O(runs + cells of the layout).
    pub(super) fn write(
        layout: Layout,
        lines: &Lines<'_>,
        classes: &TableClasses,
        outcomes: &mut Cells<'_, '_>,
    ) -> Result<Self, TooLarge> {
        let columns = classes.columns.count();
        if !layout.has_cells() && columns > MAX_COLUMNS {
            let why = "too many purposes are told apart";
            return Err(TooLarge::counted(why, columns, MAX_COLUMNS, "purposes"));
        }
        let count = classes.lines.of.len();
        let cells = count * columns;
        let runs = |line: &LineId| lines.runs(*line).len();
        let far_cells = match layout.has_cells() {
            true => 0,
            false => classes.lines.representatives.as_slice().iter().map(runs).sum(),
        };
        let mut grid = Self {
            layout,
            columns,
            lines_of: LinesOf::new(&classes.lines),
            count,
            kinds: vec![0; if layout.has_kinds() { cells.div_ceil(KINDS as usize) } else { 0 }],
            cells: vec![0; if layout.has_cells() { cells } else { 0 }],
            roots: IdVec::default(),
            parts: Vec::new(),
            far_cells: Vec::with_capacity(far_cells),
        };
        let columns = ColumnsOf::new(&classes.columns);
        let mut cells = Vec::new();
        for class in classes.lines.representatives.ids() {
            let line = classes.lines.representatives[class];
            columns.cells(lines, line, outcomes, &mut cells)?;
            grid.write_line(class, &cells)?;
        }
        Ok(grid)
    }

    /// Moves the sections to an image's contents.
    pub(super) fn move_to(self, classes: &Classes<LineClass, LineId>, contents: &mut Contents) {
        if self.layout.has_kinds() {
            contents.far_cells = self.cells;
        } else {
            contents.cells = self.cells;
        }
        contents.kinds = self.kinds;
        if !self.layout.has_cells() {
            contents.far_cells = self.far_cells;
            contents.lines.reserve_exact(self.count + self.parts.len());
            contents.lines.extend(classes.of.iter().map(|class| self.roots[*class]));
            contents.lines.extend(self.parts);
        }
    }

    /// Writes all lines of a class.
    fn write_line(&mut self, class: LineClass, runs: &[CellRun]) -> Result<(), TooLarge> {
        for line in self.lines_of.get(class) {
            let first = *line as usize * self.columns;
            for (i, run) in runs.iter().enumerate() {
                let end = runs.get(i + 1).map_or(self.columns, |next| next.column as usize);
                let cells = first + run.column as usize..first + end;
                if self.layout.has_kinds() {
                    fill(&mut self.kinds, cells.clone(), run.cell & 3);
                }
                if self.layout.has_cells() {
                    self.cells[cells].fill(run.cell);
                }
            }
        }
        if !self.layout.has_cells() {
            self.write_parts(runs)?;
        }
        Ok(())
    }

    /// Writes a line as a B-tree: parts with consecutive runs, and above them parts that say where each
    /// starts.
    fn write_parts(&mut self, runs: &[CellRun]) -> Result<(), TooLarge> {
        let fan = self.layout.fan();
        let mut level: Vec<(u16, LinePart)> = Vec::new();
        for runs in runs.chunks(fan) {
            let kinds = runs.iter().rev().fold(0, |kinds, run| kinds << 2 | run.cell & 3);
            let place = place(self.far_cells.len())? | u64::from(kinds);
            level.push(part(runs.iter().map(|run| run.column as u16), place));
            self.far_cells.extend(runs.iter().map(|run| run.cell));
        }
        while level.len() > 1 {
            let first = self.count + self.parts.len();
            self.parts.extend(level.iter().map(|(_, part)| *part));
            level = level
                .chunks(fan)
                .enumerate()
                .map(|(i, below)| {
                    let place = place(first + i * fan)? | LinePart::INNER;
                    Ok(part(below.iter().map(|(start, _)| *start), place))
                })
                .collect::<Result<_, TooLarge>>()?;
        }
        for (_, root) in level {
            self.roots.push(root);
        }
        Ok(())
    }
}

/// Columns with the same cell, up to the start of the next run.
#[derive(Debug, Clone, Copy)]
struct CellRun {
    column: u32,
    cell: u32,
}

/// For each purpose, how many classes of purposes have a representative before it.
struct ColumnsOf {
    before: Vec<u32>,
    count: usize,
}

impl ColumnsOf {
    /// The representatives ascend, so a run of purposes is a run of columns, or none.
    fn new(columns: &Classes<ColumnClass, NodeId>) -> Self {
        let representatives = columns.representatives.as_slice();
        let mut before = vec![0; columns.of.len()];
        let mut representatives = representatives.iter().peekable();
        let mut count = 0;
        for (purpose, before) in before.iter_mut().enumerate() {
            *before = count;
            count += u32::from(representatives.next_if(|r| r.index() == purpose).is_some());
        }
        Self { before, count: columns.count() }
    }

    /// The runs of a line in columns. O(runs).
    fn cells(
        &self,
        lines: &Lines<'_>,
        line: LineId,
        outcomes: &mut Cells<'_, '_>,
        runs: &mut Vec<CellRun>,
    ) -> Result<(), TooLarge> {
        runs.clear();
        for run in lines.runs(line) {
            let column = self.before.get(run.start as usize).map_or(self.count as u32, |c| *c);
            let cell = outcomes.cell(run.outcome)?;
            if runs.last().is_some_and(|last| last.column == column) {
                runs.pop(); // no column represents the previous run
            }
            if runs.last().is_none_or(|last| last.cell != cell) {
                runs.push(CellRun { column, cell });
            }
        }
        if runs.last().is_some_and(|last| last.column as usize == self.count) {
            runs.pop();
        }
        Ok(())
    }
}

/// The lines of a table with each class, in their order.
struct LinesOf {
    /// Where those of each class start, and where the last end.
    starts: Vec<u32>,
    lines: Vec<u32>,
}

impl LinesOf {
    /// A counting sort. O(lines).
    fn new(classes: &Classes<LineClass, LineId>) -> Self {
        let mut starts = vec![0; classes.count() + 1];
        for class in &classes.of {
            starts[class.index() + 1] += 1;
        }
        for class in 0..classes.count() {
            starts[class + 1] += starts[class];
        }
        let mut next = starts.clone();
        let mut lines = vec![0; classes.of.len()];
        for (line, class) in classes.of.iter().enumerate() {
            lines[next[class.index()] as usize] = line as u32;
            next[class.index()] += 1;
        }
        Self { starts, lines }
    }

    fn get(&self, class: LineClass) -> &[u32] {
        let [start, end] = [0, 1].map(|i| self.starts[class.index() + i] as usize);
        &self.lines[start..end]
    }
}

/// Sets the kinds of a range of cells, which are DENY before.
fn fill(kinds: &mut [u64], cells: Range<usize>, kind: u32) {
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

/// The part with these starts, and the first of them. Columns are at most MAX_COLUMNS, so the padding is
/// above them.
fn part(starts: impl Iterator<Item = u16>, runs: u64) -> (u16, LinePart) {
    let mut all = [i16::MAX.cast_unsigned(); FAN];
    all.iter_mut().zip(starts).for_each(|(place, start)| *place = start);
    (all[0], LinePart { starts: bytemuck::cast(all), runs })
}

/// A place in cells or lines, as a part stores it.
fn place(at: usize) -> Result<u64, TooLarge> {
    if at >= 1 << 31 {
        return Err(TooLarge::because("its tables take over eight gigabytes"));
    }
    Ok((at as u64) << 32)
}

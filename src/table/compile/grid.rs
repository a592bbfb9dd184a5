//! The table: the cell of every class of categories, acts and purposes, in one of four layouts.

use super::cells::{Cells, CellsOf};
use super::classes::{Classes, TableClasses};
use super::ids::{ColumnClass, LineClass, LineId};
use super::intern::Slices;
use super::lines::Run;
use super::shape::{Shape, Strides};
use super::too_large::TooLarge;
use crate::limits::{MAX_CELLS, MAX_COLUMNS, MAX_KINDS, MAX_SMALL};
use crate::table::ids::NodeId;
use crate::table::schema::{DENY, FAN, InPlace, KINDS, LinePart, SectionsMut};
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

/// Where everything in the table is, before it is written. So the image has room for it, and its runs are written
/// where they stay.
pub(super) struct Places {
    layout: Layout,
    /// The number of lines.
    count: usize,
    columns: ColumnsOf,
    /// The lines in the table with each class.
    lines_of: LinesOf,
    /// Those of each class, in the order of the lines that represent them.
    of_classes: Vec<Place>,
    /// How many parts there are, except for the first of each line.
    parts: usize,
    far_cells: usize,
}

/// Where the runs of a class of lines are.
struct Place {
    line: LineId,
    class: LineClass,
    /// Of the first part, among those that are not the first of a line.
    parts: usize,
    far_cells: usize,
}

impl Places {
    /// Also writes each outcome of the table the first time it occurs. O(runs).
    pub(super) fn new(
        layout: Layout,
        lines: &Slices<LineId, Run>,
        classes: &TableClasses,
        outcomes: &mut Cells<'_, '_>,
    ) -> Result<Self, TooLarge> {
        let columns = classes.columns.count();
        if !layout.has_cells() && columns > MAX_COLUMNS {
            let why = "too many purposes are told apart";
            return Err(TooLarge::counted(why, columns, MAX_COLUMNS, "purposes"));
        }
        let mut places = Self {
            layout,
            count: classes.lines.of.len(),
            columns: ColumnsOf::new(&classes.columns),
            lines_of: LinesOf::new(&classes.lines),
            of_classes: Vec::with_capacity(classes.lines.count()),
            parts: 0,
            far_cells: 0,
        };
        let mut runs = Vec::new();
        for class in classes.lines.representatives.ids() {
            let line = classes.lines.representatives[class];
            for run in lines.get(line) {
                outcomes.cell(run.outcome)?;
            }
            places.columns.cells(lines.get(line), outcomes.written(), &mut runs);
            places.add(line, class, runs.len())?;
        }
        places.of_classes.sort_unstable_by_key(|place| place.line);
        Ok(places)
    }

    /// The lengths of the sections.
    pub(super) fn lengths(&self) -> InPlace {
        let cells = self.count * self.columns.count;
        let mut lengths = InPlace::default();
        if self.layout.has_kinds() {
            lengths.kinds = cells.div_ceil(KINDS as usize);
        }
        match (self.layout.has_cells(), self.layout.has_kinds()) {
            (true, false) => lengths.cells = cells,
            (true, true) => lengths.far_cells = cells,
            (false, _) => {
                lengths.lines = self.count + self.parts;
                lengths.far_cells = self.far_cells;
            }
        }
        lengths
    }

    /// Makes room for the runs of a class.
    fn add(&mut self, line: LineId, class: LineClass, runs: usize) -> Result<(), TooLarge> {
        let (parts, far_cells) = (self.parts, self.far_cells);
        self.of_classes.push(Place { line, class, parts, far_cells });
        if !self.layout.has_cells() {
            let mut level = runs.div_ceil(self.layout.fan());
            while level > 1 {
                self.parts += level;
                level = level.div_ceil(self.layout.fan());
            }
            self.far_cells += runs;
            if (self.count + self.parts).max(self.far_cells) > MOST_PLACES {
                return Err(TooLarge::because("its tables take over eight gigabytes"));
            }
        }
        Ok(())
    }
}

/// The table before it is written.
pub(super) struct Grid {
    pub(super) places: Places,
    pub(super) lines: Slices<LineId, Run>,
    pub(super) cells: CellsOf,
}

impl Grid {
    /// Writes the table. O(runs + cells of the layout).
    pub(super) fn write(mut self, sections: SectionsMut<'_>) {
        let Places { layout, count, columns, lines_of, of_classes, .. } = self.places;
        let mut table = Table { layout, count, columns: columns.count, sections };
        let mut runs = Vec::new();
        for place in of_classes {
            self.lines.free_before(place.line);
            columns.cells(self.lines.get(place.line), &self.cells, &mut runs);
            table.write_line(&place, lines_of.get(place.class), &runs);
        }
    }
}

/// The table while it is written.
struct Table<'a> {
    layout: Layout,
    /// The number of lines.
    count: usize,
    columns: usize,
    sections: SectionsMut<'a>,
}

impl Table<'_> {
    /// Writes all lines of a class.
    fn write_line(&mut self, place: &Place, lines: &[u32], runs: &[CellRun]) {
        for line in lines {
            let first = *line as usize * self.columns;
            for (i, run) in runs.iter().enumerate() {
                let end = runs.get(i + 1).map_or(self.columns, |next| next.column as usize);
                let cells = first + run.column as usize..first + end;
                if self.layout.has_kinds() {
                    fill(self.sections.kinds, cells.clone(), run.cell & 3);
                }
                match (self.layout.has_cells(), self.layout.has_kinds()) {
                    (true, false) => self.sections.cells[cells].fill(run.cell),
                    (true, true) => self.sections.far_cells[cells].fill(run.cell),
                    (false, _) => {}
                }
            }
        }
        if !self.layout.has_cells()
            && let Some(root) = self.write_parts(place, runs)
        {
            for line in lines {
                self.sections.lines[*line as usize] = root;
            }
        }
    }

    /// Writes a line as a B-tree: parts with consecutive runs, and above them parts that say where each
    /// starts. Gives the root.
    fn write_parts(&mut self, place: &Place, runs: &[CellRun]) -> Option<LinePart> {
        let fan = self.layout.fan();
        let far_cells = &mut self.sections.far_cells[place.far_cells..];
        far_cells.iter_mut().zip(runs).for_each(|(cell, run)| *cell = run.cell);
        let mut first = place.far_cells;
        let mut level: Vec<(u16, LinePart)> = Vec::with_capacity(runs.len().div_ceil(fan));
        for runs in runs.chunks(fan) {
            let kinds = runs.iter().rev().fold(0, |kinds, run| kinds << 2 | run.cell & 3);
            let starts = runs.iter().map(|run| run.column as u16);
            level.push(part(starts, (first as u64) << 32 | u64::from(kinds)));
            first += runs.len();
        }
        let mut next = self.count + place.parts;
        while level.len() > 1 {
            let first = next;
            for (_, part) in &level {
                self.sections.lines[next] = *part;
                next += 1;
            }
            let above = level.chunks(fan).enumerate().map(|(i, below)| {
                let place = ((first + i * fan) as u64) << 32 | LinePart::INNER;
                part(below.iter().map(|(start, _)| *start), place)
            });
            level = above.collect();
        }
        level.first().map(|(_, root)| *root)
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
    fn cells(&self, line: &[Run], cells: &CellsOf, runs: &mut Vec<CellRun>) {
        runs.clear();
        for run in line {
            let column = self.before.get(run.start as usize).map_or(self.count as u32, |c| *c);
            let cell = cells.get(run.outcome);
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

/// A part stores a place in 31 bits.
const MOST_PLACES: usize = 1 << 31;

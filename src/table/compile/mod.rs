//! From the model to an image.
//!
//! ```text
//!   statements ──rows──▶ a row for each category: lines ──classes──▶ rows, planes, columns
//!                 │                                                        │
//!                 ├─lines──▶ runs of outcomes over purposes                ▼
//!                 └─outcome▶ which statements cover the points        cells ──layout──▶ image
//!                                 │
//!                                 └─normal──▶ conditions multiplied out
//! ```
//!
//! - `intern`: slices kept once; everything above is ids of slices;
//! - `rows`, `lines`, `outcome`: the three levels of what a question comes to, each folded over its
//!   hierarchy so that a group costs what a node costs;
//! - `classes`: what nothing tells apart becomes one;
//! - `normal`: conditions multiplied out;
//! - `values`, `by_point`: under which facts points and questions are allowed;
//! - `questions`: the same levels, for those who compare whole policies;
//! - `cells`: outcomes and lines as the evaluator reads them;
//! - `fields`: which categories every known field name has;
//! - `layout`: the sections of the image;
//! - `too_large`: what is told of a policy that does not fit.

mod by_point;
mod cells;
mod classes;
mod fields;
mod intern;
mod layout;
mod lines;
mod normal;
mod outcome;
mod questions;
mod rows;
mod too_large;
mod values;

use super::Image;
use crate::diagnostic::Diagnostics;
use crate::limits::{MAX_CELLS, MAX_KINDS, MAX_LINES, MAX_SMALL, MAX_WORK};
use crate::model::{Hierarchy, Model};
use crate::table::tables::FAN;
pub(crate) use normal::Normal;
pub(crate) use questions::{FieldIndex, Lists, Questions};
use rows::Rows;
pub(crate) use rows::covering;
use too_large::TooLarge;
pub(crate) use too_large::refuse;

/// Counts the steps of sweeps and folds, so that a policy that would take minutes is refused.
#[derive(Default)]
pub(super) struct Work(u64);

impl Work {
    fn add(&mut self, steps: u64) -> Result<(), TooLarge> {
        self.0 += steps;
        if self.0 > MAX_WORK {
            return Err(TooLarge::reached("it would take minutes to compile", MAX_WORK, "steps"));
        }
        Ok(())
    }
}

/// Compiles a model into an image.
///
/// The time depends on how statements overlap more than on how many there are: about
/// O(statements × (ranges of their purposes) × (categories they cover)), at most MAX_WORK steps.
///
/// # Errors
/// The tables would exceed a limit.
pub(crate) fn compile(model: &Model, layout: Option<Layout>) -> Result<Image, Diagnostics> {
    build(model, layout).map_err(|why| why.told(model))
}

/// How the cells are stored. It is chosen by their number, and can be forced to test all on policies
/// of any size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "tools"),
    allow(unreachable_pub, dead_code, reason = "tests alone name all of it")
)]
pub enum Layout {
    /// All cells.
    Cells,
    /// All kinds, and behind them all cells.
    KindsAndCells,
    /// All kinds; for each row and plane a line: where the cell changes, and the cells.
    KindsAndLines,
    /// Lines alone.
    Lines,
    /// The same in the smallest parts, so that short lines have many.
    NarrowLines,
}

impl Layout {
    /// All of them.
    #[cfg(feature = "tools")]
    pub const ALL: [Self; 5] =
        [Self::Cells, Self::KindsAndCells, Self::KindsAndLines, Self::Lines, Self::NarrowLines];
}

fn build(model: &Model, layout: Option<Layout>) -> Result<Image, TooLarge> {
    let mut text = layout::Text::default();
    let mut rows = Rows::new(model);
    let of_categories = rows.of_categories()?;
    let mut fields = fields::Fields::new(model, &mut text);
    let of_sets = fields
        .sets()
        .map(|set| {
            let mut all: Vec<u32> = set.iter().map(|c| of_categories[*c as usize]).collect();
            rows.meet_all(&mut all)
        })
        .collect::<Result<Vec<u32>, _>>()?;

    // Only what is left after folding counts: rows, then the planes and columns that tell them apart.
    let all = of_categories.iter().chain(&of_sets).copied();
    let row_classes = classes::by_id(all);
    let used: Vec<&[u32]> = row_classes.representatives.iter().map(|row| rows.get(*row)).collect();
    let planes = classes::planes(&used, rows.planes());
    let lines = used.len() * planes.representatives.len();
    if lines > MAX_LINES {
        let why = "too many categories differ in too many methods and recipients";
        return Err(TooLarge::counted(why, lines, MAX_LINES, "lines"));
    }
    // For each plane, for each row.
    let lines_of = (planes.representatives.iter())
        .flat_map(|plane| used.iter().map(|row| row[*plane as usize]));
    let line_classes = classes::by_id(lines_of.clone());
    let purposes = model.tree(Hierarchy::Purpose).len();
    let columns = classes::columns(&rows.lines, &line_classes.representatives, purposes);

    // Ids carry how far their class moves a cell, so that a decision adds three numbers.
    let [row_count, plane_count, column_count] =
        [used.len(), planes.representatives.len(), columns.representatives.len()];
    let mut cells = cells::Cells::new(model, &rows.lines.outcomes);
    let count = row_count * plane_count * column_count;
    let layout = layout.unwrap_or_else(|| {
        let distinct = line_classes.representatives.len() * column_count;
        if count <= MAX_SMALL {
            Layout::Cells
        } else if count <= MAX_CELLS.min(4 * distinct) {
            Layout::KindsAndCells // lines would save little
        } else if count <= MAX_KINDS {
            Layout::KindsAndLines
        } else {
            Layout::Lines
        }
    });
    let runs = cells.runs(&rows.lines, &line_classes, &columns)?;
    match layout {
        Layout::Cells => cells.cells = runs.cells(),
        Layout::KindsAndCells => {
            cells.write_kinds(&runs);
            cells.behind = runs.cells();
        }
        Layout::KindsAndLines => {
            cells.write_kinds(&runs);
            cells.write_lines(&runs, FAN)?;
        }
        Layout::Lines => cells.write_lines(&runs, FAN)?,
        Layout::NarrowLines => cells.write_lines(&runs, 2)?,
    }
    let strides = match layout {
        Layout::Lines | Layout::NarrowLines => layout::Strides { row: 1, plane: row_count as u32 },
        _ => layout::Strides { row: column_count as u32, plane: (row_count * column_count) as u32 },
    };

    layout::write(layout::Parts {
        model,
        text,
        fields: &mut fields,
        row_of_category: &row_classes.of[..of_categories.len()],
        row_of_set: &row_classes.of[of_categories.len()..],
        planes: &planes,
        columns: &columns,
        shape: [row_count, plane_count, column_count],
        strides,
        cells,
    })
}

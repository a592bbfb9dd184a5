//! From the model to an image.
//!
//! ```text
//!   statements ──rows──▶ a row for each category: lines ──classes──▶ rows, planes, columns
//!                 │                                                        │
//!                 ├─lines──▶ runs of outcomes over purposes                ▼
//!                 └─outcome▶ which statements cover the points       grid, cells ──layout──▶ image
//!                                 │
//!                                 └─values──▶ conditions multiplied out
//! ```
//!
//! - `ids`: the types of all numbers, and vectors indexed by them;
//! - `intern`: slices that are stored once each;
//! - `rows`, `lines`, `outcome`: the three levels of what a question comes to, each folded over its
//!   hierarchy so that a group costs as much as a node;
//! - `classes`: what behaves alike becomes one;
//! - `normal`: conditions multiplied out;
//! - `values`: under which facts points and questions are allowed;
//! - `questions`: the same levels, for analyses of whole policies;
//! - `grid`, `cells`: the table and its outcomes as the evaluator reads them;
//! - `duties`: what comes with an answer;
//! - `fields`: the categories of every known field name;
//! - `text`, `facts`, `layout`: the sections of the image;
//! - `shape`: the size of the table;
//! - `work`: the limit on the steps of compiling;
//! - `too_large`: messages for a policy that does not fit.
//!
//! Large structures are freed as soon as they are not needed: memory that is used again costs less than new
//! memory, which the system must clear first. The table, most of an image, is written where it stays: first its
//! outcomes are written and its runs counted, then the image is allocated, and lines are freed while their cells are
//! written.

mod cells;
mod classes;
mod duties;
mod facts;
mod fields;
mod grid;
mod ids;
mod intern;
mod layout;
mod lines;
mod normal;
mod outcome;
mod questions;
mod rows;
mod shape;
mod text;
mod too_large;
mod values;
mod work;

use super::Image;
use crate::diagnostic::Diagnostics;
use crate::model::{Hierarchy, Model};
use cells::Cells;
use classes::TableClasses;
use fields::Fields;
#[cfg_attr(
    not(feature = "tools"),
    allow(unreachable_pub, reason = "only tests choose a layout")
)]
pub use grid::Layout;
use grid::{Grid, Places};
use ids::RowId;
pub(crate) use ids::{OutcomeId, PointId};
use layout::Parts;
pub(crate) use normal::Normal;
pub(crate) use questions::{FieldIndex, Lists, Questions};
use rows::Rows;
pub(crate) use rows::covering;
use shape::Shape;
use text::Text;
use too_large::TooLarge;
pub(crate) use too_large::refuse;

/// Compiles a model into an image.
///
/// The time depends more on how statements overlap than on their number: about
/// O(statements × (ranges of their purposes) × (categories they cover)), at most MAX_WORK steps.
///
/// # Errors
/// The tables would exceed a limit.
pub(crate) fn compile(model: &Model, layout: Option<Layout>) -> Result<Image, Diagnostics> {
    build(model, layout).map_err(|error| error.into_diagnostics(model))
}

fn build(model: &Model, layout: Option<Layout>) -> Result<Image, TooLarge> {
    let mut text = Text::default();
    let mut rows = Rows::new(model);
    let mut used = rows.of_categories()?;
    let categories = used.len();
    let fields = Fields::new(model, &mut text);
    rows_of_sets(&mut rows, &fields, &mut used)?;
    rows.freeze();

    let purposes = model.tree(Hierarchy::Purpose).len();
    let classes = TableClasses::new(&rows, used.iter().copied(), purposes)?;
    let shape = Shape {
        rows: classes.rows.count(),
        planes: classes.planes.count(),
        columns: classes.columns.count(),
    };
    let layout = layout.unwrap_or_else(|| {
        let cells = shape.rows * shape.planes * shape.columns;
        Layout::for_cells(cells, classes.lines.count() * shape.columns)
    });
    let (lines, outcomes) = rows.lines.into_parts();
    let mut cells = Cells::new(model, &outcomes);
    let places = Places::new(layout, &lines, &classes, &mut cells)?;
    let (sections, cells) = cells.finish();
    drop((outcomes, used));
    let strides = layout.strides(shape);
    layout::write(Parts {
        model,
        text,
        fields,
        categories,
        classes,
        shape,
        strides,
        grid: Grid { places, lines, cells },
        outcomes: sections,
    })
}

/// Adds the row of each set of categories that fields map to.
fn rows_of_sets(
    rows: &mut Rows<'_>,
    fields: &Fields<'_>,
    used: &mut Vec<RowId>,
) -> Result<(), TooLarge> {
    for set in fields.sets() {
        let mut all: Vec<RowId> = set.iter().map(|category| used[*category as usize]).collect();
        used.push(rows.meet_all(&mut all)?);
    }
    Ok(())
}

//! The results of a table of questions as a table: fields by purposes.
//!
//! Only rows with failures are shown, with all columns if they fit.

use super::run::{End, Outcome};
use crate::output::markup::{clip, width};
use crate::output::{self, DIM, Line, Page, line};
use std::fmt::Write;
use whyfor::{Verdict, printable};

/// Width without a terminal.
const WIDTH: usize = 100;
const INDENT: usize = 8;
const MOST_ROWS: usize = 40;
/// Longer names are clipped; the details below the table have them in full.
const MOST_NAME: usize = 32;

/// Writes the rows with failures, or all.
pub(super) fn write(out: &mut Page, cells: &[Outcome], all: bool) {
    let Some(grid) = Grid::new(cells, all) else { return };
    out.put(grid.head());
    grid.rows.iter().for_each(|row| out.put(grid.row(row)));
    if let Some(left_out) = grid.left_out() {
        line!(out, "{:INDENT$}{DIM}not shown: {left_out}{DIM:#}", "");
    }
    line!(out);
}

/// The rows and columns that are shown.
struct Grid<'o> {
    rows: Vec<&'o [Outcome]>,
    columns: Vec<Column>,
    /// The width of the names of rows.
    names: usize,
    /// How many rows and columns are not shown.
    left_out: [usize; 2],
}

struct Column {
    /// The number of its cell in a row.
    at: usize,
    head: String,
    width: usize,
}

impl<'o> Grid<'o> {
    /// `None` without cells.
    fn new(cells: &'o [Outcome], all: bool) -> Option<Self> {
        let field = |outcome: &Outcome| outcome.cell.as_ref().map(|cell| cell.field.clone());
        let every: Vec<&[Outcome]> = cells.chunk_by(|a, b| field(a) == field(b)).collect();
        let purposes = every.first()?.iter().filter_map(|outcome| outcome.cell.as_ref());
        let purposes: Vec<&str> = purposes.map(|cell| cell.purpose.as_str()).collect();
        let mut rows: Vec<&[Outcome]> =
            every.iter().filter(|row| all || row.iter().any(failed)).copied().collect();
        rows.truncate(if all { rows.len() } else { MOST_ROWS });
        let columns = purposes.iter().enumerate();
        let mut grid = Self {
            columns: columns.map(|(at, purpose)| Column::new(at, purpose, &rows)).collect(),
            names: rows.iter().map(|row| width(&name(row))).max().unwrap_or(0),
            left_out: [every.len() - rows.len(), 0],
            rows,
        };
        grid.fit(terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0.into()));
        grid.left_out[1] = purposes.len() - grid.columns.len();
        Some(grid)
    }

    /// Keeps the columns that fit, those with failures first.
    fn fit(&mut self, room: usize) {
        if self.width() > room {
            let rows = &self.rows;
            let fails = |at: usize| rows.iter().any(|row| row.get(at).is_some_and(failed));
            self.columns.retain(|column| fails(column.at));
        }
        while self.width() > room && self.columns.len() > 1 {
            self.columns.pop();
        }
    }

    fn width(&self) -> usize {
        INDENT + self.names + self.columns.iter().map(|column| column.width + 2).sum::<usize>()
    }

    fn head(&self) -> Line {
        let mut line = Line::default();
        let _ = write!(line, "{:1$}", "", INDENT + self.names); // into memory: cannot fail
        let mut pad = 0; // padding before the next column
        for Column { head, width: wide, .. } in &self.columns {
            let _ = write!(line, "{:pad$}  {DIM}{head}{DIM:#}", "");
            pad = wide - width(head);
        }
        line
    }

    fn row(&self, row: &[Outcome]) -> Line {
        let name = name(row);
        let mut line = Line::default();
        let _ = write!(line, "{:INDENT$}{name}", "");
        let mut pad = self.names - width(&name);
        for column in &self.columns {
            let Some(cell) = row.get(column.at) else { continue };
            let style = output::style(if failed(cell) { Verdict::Deny } else { Verdict::Allow });
            let text = result_text(cell);
            let _ = write!(line, "{:pad$}  {style}{text}{style:#}", "");
            pad = column.width - width(&text);
        }
        line
    }

    /// What is not shown, if anything.
    fn left_out(&self) -> Option<String> {
        let [rows, columns] = self.left_out;
        let counts = [(rows, "row"), (columns, "column")].into_iter();
        let counts: Vec<String> = counts
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
            .collect();
        (!counts.is_empty()).then(|| counts.join(", "))
    }
}

impl Column {
    fn new(at: usize, purpose: &str, rows: &[&[Outcome]]) -> Self {
        let head = clip(&printable(purpose), MOST_NAME).into_owned();
        let cells = rows.iter().filter_map(|row| row.get(at));
        let cells = cells.map(|cell| width(&result_text(cell)));
        Self { at, width: cells.chain([width(&head)]).max().unwrap_or(0), head }
    }
}

/// The field of a row.
fn name(row: &[Outcome]) -> String {
    let cell = row.first().and_then(|outcome| outcome.cell.as_ref());
    clip(&printable(cell.map_or("", |cell| &cell.field)), MOST_NAME).into_owned()
}

fn failed(outcome: &Outcome) -> bool {
    matches!(outcome.end, End::Failed { .. })
}

fn result_text(outcome: &Outcome) -> String {
    match &outcome.end {
        End::Passed => "ok".to_owned(),
        End::Failed { wrong: Some((is, should)), .. } => format!("{is}, not {should}"),
        End::Failed { .. } => "see below".to_owned(),
        End::Skipped { .. } => "skip".to_owned(),
    }
}

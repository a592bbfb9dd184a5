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
    let field = |outcome: &Outcome| outcome.cell.as_ref().map(|cell| cell.field.clone());
    let rows: Vec<&[Outcome]> = cells.chunk_by(|a, b| field(a) == field(b)).collect();
    let mut shown: Vec<&[Outcome]> =
        rows.iter().filter(|row| all || row.iter().any(failed)).copied().collect();
    let more = shown.len().saturating_sub(if all { shown.len() } else { MOST_ROWS });
    shown.truncate(shown.len() - more);
    let purposes: Vec<&str> = match rows.first() {
        Some(row) => {
            row.iter().filter_map(|o| o.cell.as_ref()).map(|c| c.purpose.as_str()).collect()
        }
        None => return,
    };
    let head = |column: usize| clip(&printable(purposes[column]), MOST_NAME).into_owned();
    let name = |row: &[Outcome]| {
        let name = row.first().and_then(field).unwrap_or_default();
        clip(&printable(&name), MOST_NAME).into_owned()
    };
    let wide = |column: &usize| {
        let cells =
            shown.iter().filter_map(|row| row.get(*column)).map(|cell| width(&result_text(cell)));
        cells.chain([width(&head(*column))]).max().unwrap_or(0)
    };
    let names = shown.iter().map(|row| width(&name(row))).max().unwrap_or(0);
    let mut columns: Vec<(usize, usize)> =
        (0..purposes.len()).map(|column| (column, wide(&column))).collect();
    let room = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0));
    let taken = |columns: &[(usize, usize)]| -> usize {
        INDENT + names + columns.iter().map(|(_, width)| width + 2).sum::<usize>()
    };
    if taken(&columns) > room {
        columns.retain(|(column, _)| shown.iter().any(|row| row.get(*column).is_some_and(failed)));
    }
    while taken(&columns) > room && columns.len() > 1 {
        columns.pop();
    }

    let mut line = Line::default();
    let _ = write!(line, "{:1$}", "", INDENT + names); // into memory: cannot fail
    let mut pad = 0; // padding before the next column
    for (column, wide) in &columns {
        let head = head(*column);
        let _ = write!(line, "{:pad$}  {DIM}{head}{DIM:#}", "");
        pad = wide - width(&head);
    }
    out.put(line);
    for row in &shown {
        let name = name(row);
        let mut line = Line::default();
        let _ = write!(line, "{:INDENT$}{name}", "");
        pad = names - width(&name);
        for (column, wide) in &columns {
            let Some(cell) = row.get(*column) else { continue };
            let style = output::style(if failed(cell) { Verdict::Deny } else { Verdict::Allow });
            let result_text = result_text(cell);
            let _ = write!(line, "{:pad$}  {style}{result_text}{style:#}", "");
            pad = wide - width(&result_text);
        }
        out.put(line);
    }
    let left = purposes.len() - columns.len();
    let further = [(rows.len() - shown.len(), "row"), (left, "column")];
    let further = further.iter().filter(|(count, _)| *count > 0).map(|(count, what)| {
        let plural = if *count == 1 { "" } else { "s" };
        format!("{count} {what}{plural}")
    });
    let further: Vec<String> = further.collect();
    if !further.is_empty() {
        line!(out, "{:INDENT$}{DIM}not shown: {}{DIM:#}", "", further.join(", "));
    }
    line!(out);
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

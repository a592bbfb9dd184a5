//! The table as text.
//!
//! ```text
//!                newsletter ───────┐
//!                 marketing ─────┐ │
//!                     login ─┐   │ │
//!                   service ┐│   │ │
//! ```
//!
//! A purpose is one column of marks. Its name is on its own line, and a drawn line leads from it
//! down to the column, so names of any length are readable. The first purpose is the lowest, next
//! to its marks. Rows are the names of categories, indented as declared. Purposes too many for the
//! terminal continue in another block below.

use super::{Heading, Table};
use crate::output::markup::{clip, counted, grouped, width};
use crate::output::{BOLD, DIM, Line, PLAIN, Page, Paint, line, style};
use anstyle::Style;
use std::fmt::Write;
use whyfor::{Verdict, printable};

/// Minimum width of names.
const LEAST_NAMES: usize = 12;

/// The whole text, with colours, for a terminal with this many columns.
pub(crate) fn render(table: &Table<'_>, columns: usize) -> Page {
    let mut text = Text { out: Page::new(), table, names: 0 };
    text.title();
    if table.subject.size() == 0 {
        let [_, columns] = table.subject.axis.nouns();
        line!(text.out, "It declares no categories, or no {columns}, so there is nothing to show.");
        return text.out;
    }
    text.names = room_for_names(table, columns);
    for block in blocks(&table.subject.columns, columns.saturating_sub(text.names)) {
        text.block(&block);
    }
    text.legend();
    text.out
}

/// The width of the longest name, but at most two fifths of the terminal.
fn room_for_names(table: &Table<'_>, columns: usize) -> usize {
    let rows = table.subject.rows.iter().map(|row| width(&indented(row)));
    let heads = table.subject.columns.iter().map(|column| width(&printable(column.name())) + 2);
    let most = (columns * 2 / 5).max(LEAST_NAMES);
    rows.chain(heads).max().unwrap_or(0).clamp(LEAST_NAMES, most)
}

fn indented(heading: &Heading<'_>) -> String {
    format!("{:indent$}{}", "", printable(heading.name()), indent = heading.depth * 2)
}

/// A column of marks: its purpose and position.
struct Mark {
    purpose: usize,
    at: usize,
}

/// Splits the purposes into blocks. There is a gap before each root; a block that would end inside
/// a group ends before it, if the block stays more than half full.
fn blocks(purposes: &[Heading<'_>], room: usize) -> Vec<Vec<Mark>> {
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < purposes.len() {
        let mut block = fill(purposes, start, room);
        let end = start + block.len();
        if end < purposes.len() && !purposes[end].is_root() {
            let root = (start..end).rev().find(|purpose| purposes[*purpose].is_root());
            let kept = root.unwrap_or(start) - start;
            if kept * 2 > block.len() {
                block.truncate(kept);
            }
        }
        start += block.len();
        blocks.push(block);
    }
    blocks
}

/// As many marks as fit, and at least one.
fn fill(purposes: &[Heading<'_>], start: usize, room: usize) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut at = 1;
    for (purpose, heading) in purposes.iter().enumerate().skip(start) {
        if !marks.is_empty() {
            at += if heading.is_root() { 3 } else { 2 };
        }
        if at >= room && !marks.is_empty() {
            break;
        }
        marks.push(Mark { purpose, at });
    }
    marks
}

struct Text<'t, 'p> {
    out: Page,
    table: &'t Table<'p>,
    names: usize,
}

impl Text<'_, '_> {
    fn title(&mut self) {
        let subject = &self.table.subject;
        let (rows, columns) = (subject.rows.len(), subject.columns.len());
        let [column, all] = subject.axis.nouns();
        let version = subject.policy.version();
        let space = if version.is_empty() { "" } else { " " };
        let given = if subject.stated.is_empty() { "with no fact stated" } else { "given " };
        line!(self.out, "{BOLD}{}{BOLD:#}{space}{DIM}{version}{DIM:#}", subject.title());
        line!(
            self.out,
            "What may be {}, {given}{}: {} × {}",
            subject.participle(),
            subject.stated.join(", "),
            counted(rows, "category", "categories"),
            counted(columns, column, all),
        );
        line!(self.out);
    }

    fn block(&mut self, marks: &[Mark]) {
        for (number, mark) in marks.iter().enumerate().rev() {
            self.heading(mark, &marks[number + 1..]);
        }
        for row in 0..self.table.subject.rows.len() {
            self.row(row, marks);
        }
        line!(self.out);
    }

    /// The name of a purpose, the line to its marks, and the lines of the purposes after it.
    fn heading(&mut self, mark: &Mark, after: &[Mark]) {
        let heading = &self.table.subject.columns[mark.purpose];
        let name = printable(heading.name());
        let name = clip(&name, self.names.saturating_sub(1));
        let space = " ".repeat(self.names.saturating_sub(width(&name) + 1));
        let weight = weight(heading);
        let mut lines = format!("{}┐", "─".repeat(mark.at));
        let mut at = mark.at;
        for later in after {
            lines.push_str(&" ".repeat(later.at - at - 1));
            lines.push('│');
            at = later.at;
        }
        line!(self.out, "{space}{weight}{name}{weight:#} {DIM}{lines}{DIM:#}");
    }

    fn row(&mut self, row: usize, marks: &[Mark]) {
        let heading = &self.table.subject.rows[row];
        let name = indented(heading);
        let name = clip(&name, self.names);
        let weight = weight(heading);
        let mut line = Line::default();
        let pad = self.names.saturating_sub(width(&name));
        let _ = write!(line, "{weight}{name}{weight:#}{:pad$}", "");
        let mut painted = PLAIN;
        let mut at = 0;
        for mark in marks {
            let verdict = self.table.verdict(row, mark.purpose);
            let paint = paint(verdict);
            let _ = write!(line, "{:1$}", "", mark.at - at);
            if painted != paint {
                let _ = write!(line, "{painted:#}{paint}");
                painted = paint;
            }
            let _ = write!(line, "{}", glyph(verdict));
            at = mark.at + 1;
        }
        let _ = write!(line, "{painted:#}"); // into memory: none of these can fail
        self.out.put(line);
    }

    fn legend(&mut self) {
        let mut line = Line::default();
        for (at, (verdict, count)) in self.table.counts().each().into_iter().enumerate() {
            let (space, paint) = (if at > 0 { "   " } else { "" }, paint(verdict));
            let (mark, count) = (glyph(verdict), grouped(count));
            let _ = write!(line, "{space}{paint}{mark}{paint:#} {verdict} {count}");
        }
        self.out.put(line);
        line!(
            self.out,
            "{DIM}A group is allowed only if everything below it is. For duties and reasons, ask: \
             `whyfor ask`.{DIM:#}"
        );
    }
}

fn weight(heading: &Heading<'_>) -> Paint {
    if heading.is_root() { BOLD } else { PLAIN }
}

fn glyph(verdict: Verdict) -> char {
    match verdict {
        Verdict::Allow => '●',
        Verdict::Depends => '◐',
        Verdict::Deny => '·',
    }
}

/// Most cells are denied: show them dimmed.
fn paint(verdict: Verdict) -> Paint {
    let Paint(full) = style(verdict);
    match verdict {
        Verdict::Deny => Paint(Style::new().fg_color(full.get_fg_color()).dimmed()),
        Verdict::Allow | Verdict::Depends => Paint(full),
    }
}

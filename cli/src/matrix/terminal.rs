//! The table as text.
//!
//! ```text
//!                newsletter ───────┐
//!                 marketing ─────┐ │
//!                     login ─┐   │ │
//!                   service ┐│   │ │
//! ```
//!
//! A purpose is one column of one mark, and its name stands on a line of its own that leads down to
//! it: names of any length are read without turning the head, and without looking up numbers. The
//! first purpose is the lowest, next to its marks. Rows are the names of categories, indented as they
//! are declared. What is too wide for the terminal continues in a further block below.

use super::{Heading, Table};
use crate::output::markup::{clip, grouped, plain, width};
use crate::output::{BOLD, DIM, style};
use anstyle::Style;
use whyfor::Verdict;

/// The least room for names: enough to tell them apart.
const LEAST_NAMES: usize = 12;

/// The whole text, with colours, for a terminal of so many columns.
pub(crate) fn render(table: &Table<'_>, columns: usize) -> String {
    let mut text = Text { out: String::new(), table, names: 0 };
    text.title();
    if table.subject.size() == 0 {
        text.line("It declares no categories, or no purposes, so there is nothing to show.");
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
    let heads = table.subject.columns.iter().map(|column| width(&plain(column.name())) + 2);
    let most = (columns * 2 / 5).max(LEAST_NAMES);
    rows.chain(heads).max().unwrap_or(0).clamp(LEAST_NAMES, most)
}

fn indented(heading: &Heading<'_>) -> String {
    format!("{:indent$}{}", "", plain(heading.name()), indent = heading.depth * 2)
}

/// A column of marks: which purpose, and where.
struct Mark {
    purpose: usize,
    at: usize,
}

/// Splits the purposes into as many blocks as it takes. Before a root is a gap; a block that would
/// end within a group ends before the group, if that leaves it more than half full.
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

/// As many marks as there is room for, and at least one.
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
    out: String,
    table: &'t Table<'p>,
    names: usize,
}

impl Text<'_, '_> {
    fn title(&mut self) {
        let subject = &self.table.subject;
        let (rows, columns) = (subject.rows.len(), subject.columns.len());
        let version = plain(subject.policy.version());
        let space = if version.is_empty() { "" } else { " " };
        let facts: Vec<_> = subject.stated.iter().map(|fact| plain(fact)).collect();
        let given = if facts.is_empty() { "with no fact stated" } else { "given " };
        let head = format!(
            "{BOLD}{}{BOLD:#}{space}{DIM}{version}{DIM:#}\nWhat may be {}, {given}{}: {} × {}",
            plain(subject.title()),
            plain(&subject.participle()),
            facts.join(", "),
            counted(rows, "category", "categories"),
            counted(columns, "purpose", "purposes"),
        );
        self.line(&head);
        self.line("");
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn block(&mut self, marks: &[Mark]) {
        for (number, mark) in marks.iter().enumerate().rev() {
            self.heading(mark, &marks[number + 1..]);
        }
        for row in 0..self.table.subject.rows.len() {
            self.row(row, marks);
        }
        self.line("");
    }

    /// The name of a purpose, the line that leads to its marks, and those of the purposes after it.
    fn heading(&mut self, mark: &Mark, after: &[Mark]) {
        let heading = &self.table.subject.columns[mark.purpose];
        let name = plain(heading.name());
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
        self.line(&format!("{space}{weight}{name}{weight:#} {DIM}{lines}{DIM:#}"));
    }

    fn row(&mut self, row: usize, marks: &[Mark]) {
        let heading = &self.table.subject.rows[row];
        let name = indented(heading);
        let name = clip(&name, self.names);
        let weight = weight(heading);
        let mut line = format!("{weight}{name}{weight:#}");
        line.push_str(&" ".repeat(self.names.saturating_sub(width(&name))));
        let mut painted: Option<Style> = None;
        let mut at = 0;
        for mark in marks {
            let verdict = self.table.verdict(row, mark.purpose);
            let paint = paint(verdict);
            line.push_str(&" ".repeat(mark.at - at));
            if painted != Some(paint) {
                let end = painted.map(|old| format!("{old:#}")).unwrap_or_default();
                line.push_str(&format!("{end}{paint}"));
                painted = Some(paint);
            }
            line.push(glyph(verdict));
            at = mark.at + 1;
        }
        let end = painted.map(|old| format!("{old:#}")).unwrap_or_default();
        self.line(&format!("{line}{end}"));
    }

    fn legend(&mut self) {
        let counts = self.table.counts().each().map(|(verdict, count)| {
            let paint = paint(verdict);
            format!("{paint}{}{paint:#} {verdict} {}", glyph(verdict), grouped(count))
        });
        self.line(&counts.join("   "));
        self.line(&format!(
            "{DIM}A group is allowed only if everything below it is. For duties and reasons, ask: \
             `whyfor ask`.{DIM:#}"
        ));
    }
}

fn weight(heading: &Heading<'_>) -> Style {
    if heading.is_root() { BOLD } else { Style::new() }
}

fn glyph(verdict: Verdict) -> char {
    match verdict {
        Verdict::Allow => '●',
        Verdict::Depends => '◐',
        Verdict::Deny => '·',
    }
}

/// Denied is what most cells are: quieter than the others.
fn paint(verdict: Verdict) -> Style {
    let style = style(verdict);
    match verdict {
        Verdict::Deny => Style::new().fg_color(style.get_fg_color()).dimmed(),
        Verdict::Allow | Verdict::Depends => style,
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(count)) }
}

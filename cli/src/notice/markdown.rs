//! The list as Markdown: a heading for each section with a list or a table below it.

use super::block::{Block, Line};
use super::view::{Section, View};
use crate::output::markdown::escape;
use std::fmt::Write;

/// The whole page.
pub(crate) fn render(view: &View) -> String {
    let mut text = format!("# {}\n", escape(&view.title));
    for paragraph in view.intro.lines().filter(|line| !line.trim().is_empty()) {
        let _ = write!(text, "\n{}\n", escape(paragraph));
    }
    let header: Vec<String> = view
        .header()
        .iter()
        .map(|line| format!("{}: {}", escape(line.label), address(line.text, line.is_url)))
        .collect();
    if !header.is_empty() {
        let _ = write!(text, "\n{}\n", header.join("  \n"));
    }
    for section in &view.sections {
        self::section(&mut text, view, section);
    }
    text
}

fn section(text: &mut String, view: &View, section: &Section) {
    if !section.title.is_empty() {
        let _ = write!(text, "\n## {}\n", escape(&section.title));
    }
    if !section.because.is_empty() {
        let _ = write!(text, "\n{}\n", escape(&section.because));
    }
    match section.blocks.as_slice() {
        rows if !section.columns.is_empty() => *text += &table(section, rows),
        [] => {}
        [one] => *text += &format!("\n{}", block(one, None)),
        several => {
            for (at, one) in several.iter().enumerate() {
                *text += &format!("\n{}", block(one, Some(at + 1)));
            }
        }
    }
    if !section.additional.is_empty() {
        let _ = write!(text, "\n{}\n\n", escape(&view.words.additional));
        for sentence in &section.additional {
            let _ = writeln!(text, "- {}", escape(&sentence.text));
        }
    }
}

/// A row for each block, with a cell for each column.
fn table(section: &Section, rows: &[Block]) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let heads = section.columns.iter().map(|column| escape(&column.label)).collect();
    let mut text = format!("\n{}", row(heads));
    text += &row(section.columns.iter().map(|_| "---".to_owned()).collect());
    for block in rows {
        let cell = |column: &super::view::Column| {
            let is_its = |line: &&Line| line.part == column.part && line.label == column.label;
            block
                .lines
                .iter()
                .find(is_its)
                .map_or(String::new(), |line| address(&line.text, line.is_url))
        };
        text += &row(section.columns.iter().map(cell).collect());
    }
    text
}

/// A list of lines; several blocks are numbered, each starting with its first line.
fn block(block: &Block, number: Option<usize>) -> String {
    let mut text = String::new();
    let marker = number.map_or("-".to_owned(), |number| format!("{number}."));
    for (at, line) in block.lines.iter().enumerate() {
        let (indent, marker) = match (number, at) {
            (Some(_), 0) | (None, _) => (0, marker.as_str()),
            (Some(_), _) => (marker.len() + 1, "-"),
        };
        let (label, text_of_line) = (escape(&line.label), address(&line.text, line.is_url));
        let _ = writeln!(text, "{:indent$}{marker} **{label}**: {text_of_line}", "");
    }
    text
}

/// An address is a link, unless it has characters that end one.
fn address(text: &str, is_url: bool) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '|' | '\\');
    match is_url && text.chars().all(is_plain) {
        true => format!("<{text}>"),
        false => escape(text),
    }
}

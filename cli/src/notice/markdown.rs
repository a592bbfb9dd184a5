//! The list as Markdown: a heading for each section with a list below it.

use super::view::{Block, View};
use crate::output::markdown::escape;
use std::fmt::Write;

/// The whole page.
pub(crate) fn render(view: &View) -> String {
    let mut text = format!("# {}\n", escape(&view.title));
    for paragraph in view.intro.lines().filter(|line| !line.trim().is_empty()) {
        let _ = write!(text, "\n{}\n", escape(paragraph));
    }
    for section in &view.sections {
        let _ = write!(text, "\n## {}\n", escape(&section.title));
        match section.blocks.as_slice() {
            [] => {}
            [one] => text += &format!("\n{}", block(one, None)),
            several => {
                for (at, one) in several.iter().enumerate() {
                    text += &format!("\n{}", block(one, Some(at + 1)));
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
        let (label, text_of_line) = (escape(&line.label), escape(&line.text));
        let _ = writeln!(text, "{:indent$}{marker} **{label}**: {text_of_line}", "");
    }
    text
}

//! The output of the command.
//!
//! - `paint`: colours;
//! - `page`: text for people; no control sequences except the command's own colours reach the
//!   terminal;
//! - `message`: a page of one message;
//! - `streams`: standard output and error, opened only here;
//! - `json`, `markdown`, `markup`: escaping for other formats;
//! - `diagnostics`, `answer`, `perhaps`, `progress`: shared by the commands.

pub(crate) mod answer;
pub(crate) mod diagnostics;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod markup;
mod message;
mod page;
mod paint;
pub(crate) mod perhaps;
pub(crate) mod progress;
pub(crate) mod streams;

pub(crate) use message::{error, print, report};
pub(crate) use page::{Line, Page, line};
pub(crate) use paint::{BOLD, DIM, PLAIN, Paint, style};

/// The text of a statement without the indentation shared by its further lines.
pub(crate) fn dedented(text: &str) -> String {
    let spaces = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let further = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    // Keep four spaces: further lines are indented once.
    let shared = further.map(spaces).min().unwrap_or(0).saturating_sub(4);
    let cut = |line: &str| line.get(shared.min(spaces(line))..).unwrap_or(line).to_owned();
    let lines: Vec<String> =
        text.lines().take(1).map(str::to_owned).chain(text.lines().skip(1).map(cut)).collect();
    lines.join("\n")
}

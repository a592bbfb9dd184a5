//! What is shown, and how it leaves the command.
//!
//! - `page`: text for people, in which nothing but colours of the command's own gets to a terminal;
//! - `streams`: standard output and error, which nobody else opens;
//! - `json`, `markdown`, `markup`: text that becomes part of something else;
//! - `diagnostics`, `answer`, `perhaps`, `progress`: what commands have in common.

pub(crate) mod answer;
pub(crate) mod diagnostics;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod markup;
mod page;
pub(crate) mod perhaps;
pub(crate) mod progress;
pub(crate) mod streams;

pub(crate) use page::{Line, Page, line};

use anstyle::{AnsiColor, Style};
use whyfor::Verdict;

/// A colour or a weight: `{BOLD}text{BOLD:#}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint(pub(crate) Style);

pub(crate) const PLAIN: Paint = Paint(Style::new());
pub(crate) const BOLD: Paint = Paint(Style::new().bold());
pub(crate) const DIM: Paint = Paint(Style::new().dimmed());

/// The colour of a verdict; its word always stands beside it.
pub(crate) fn style(verdict: Verdict) -> Paint {
    let color = match verdict {
        Verdict::Allow => AnsiColor::Green,
        Verdict::Depends => AnsiColor::Yellow,
        Verdict::Deny => AnsiColor::Red,
    };
    Paint(color.on_default().bold())
}

/// The text of a statement without the indentation that its further lines share.
pub(crate) fn dedented(text: &str) -> String {
    let spaces = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let further = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    // The further lines stand four further in than the first, as they do where they are written.
    let shared = further.map(spaces).min().unwrap_or(0).saturating_sub(4);
    let cut = |line: &str| line.get(shared.min(spaces(line))..).unwrap_or(line).to_owned();
    let lines: Vec<String> =
        text.lines().take(1).map(str::to_owned).chain(text.lines().skip(1).map(cut)).collect();
    lines.join("\n")
}

/// An error of the command itself, and what there is to say about it, a line each.
pub(crate) fn error(message: &str, more: &[String]) {
    let red = Paint(AnsiColor::Red.on_default().bold());
    let mut page = Page::new();
    line!(page, "{red}error{red:#}{BOLD}: {message}{BOLD:#}");
    for more in more {
        line!(page, "{more}");
    }
    page.print_error();
}

/// A line on standard output, as [`line!`] has it.
macro_rules! print {
    ($($arguments:tt)+) => {{
        let mut page = $crate::output::Page::new();
        $crate::output::line!(page, $($arguments)+);
        page.print()
    }};
}
pub(crate) use print;

/// A line on standard error, as [`line!`] has it.
macro_rules! tell {
    ($($arguments:tt)+) => {{
        let mut page = $crate::output::Page::new();
        $crate::output::line!(page, $($arguments)+);
        page.print_error();
    }};
}
pub(crate) use tell;

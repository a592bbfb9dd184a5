//! The output of the command.
//!
//! - `page`: text for people; no control sequences except the command's own colours reach the
//!   terminal;
//! - `paint`: its colours;
//! - `streams`: standard output and error, opened only here;
//! - `json`, `markdown`, `markup`: escaping for other formats;
//! - `template`: templates of pages;
//! - `diagnostics`, `answer`, `perhaps`, `progress`: shared by the commands.

pub(crate) mod answer;
pub(crate) mod diagnostics;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod markup;
mod page;
mod paint;
pub(crate) mod perhaps;
pub(crate) mod progress;
pub(crate) mod streams;
pub(crate) mod template;

pub(crate) use page::{Line, Page, line};
pub(crate) use paint::{BOLD, DIM, PLAIN, Paint, style};

use anstyle::AnsiColor;

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

/// Prints an error of the command itself, with details, one per line.
pub(crate) fn error(message: &str, more: &[String]) {
    let red = Paint(AnsiColor::Red.on_default().bold());
    let mut page = Page::new();
    line!(page, "{red}error{red:#}{BOLD}: {message}{BOLD:#}");
    for more in more {
        line!(page, "{more}");
    }
    page.print_error();
}

/// Prints a line on standard output; takes the arguments of [`line!`].
macro_rules! print {
    ($($arguments:tt)+) => {{
        let mut page = $crate::output::Page::new();
        $crate::output::line!(page, $($arguments)+);
        page.print()
    }};
}
pub(crate) use print;

/// Prints a line on standard error; takes the arguments of [`line!`].
macro_rules! report {
    ($($arguments:tt)+) => {{
        let mut page = $crate::output::Page::new();
        $crate::output::line!(page, $($arguments)+);
        page.print_error();
    }};
}
pub(crate) use report;

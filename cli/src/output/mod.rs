//! What is shown: colours, diagnostics, answers, progress, statements, and text that becomes part of something
//! else.

pub(crate) mod answer;
pub(crate) mod diagnostics;
pub(crate) mod markup;
pub(crate) mod perhaps;
pub(crate) mod progress;

use anstyle::{AnsiColor, Style};
use whyfor::Verdict;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();

/// The colour of a verdict; its word always stands beside it.
pub(crate) fn style(verdict: Verdict) -> Style {
    let color = match verdict {
        Verdict::Allow => AnsiColor::Green,
        Verdict::Depends => AnsiColor::Yellow,
        Verdict::Deny => AnsiColor::Red,
    };
    color.on_default().bold()
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

/// An error of the command itself.
pub(crate) fn error(message: &str) {
    let red = AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{red}error{red:#}{BOLD}: {message}{BOLD:#}");
}

//! What is shown: colours, diagnostics, answers, progress.

pub(crate) mod answer;
pub(crate) mod diagnostics;
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

/// An error of the command itself.
pub(crate) fn error(message: &str) {
    let red = AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{red}error{red:#}{BOLD}: {message}{BOLD:#}");
}

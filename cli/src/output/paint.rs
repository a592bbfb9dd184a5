//! The colours and weights of text for people.

use anstyle::{AnsiColor, Style};
use whyfor::{Emphasis, Verdict};

/// A colour or a weight: `{BOLD}text{BOLD:#}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paint(pub(crate) Style);

pub(crate) const PLAIN: Paint = Paint(Style::new());
pub(crate) const BOLD: Paint = Paint(Style::new().bold());
pub(crate) const DIM: Paint = Paint(Style::new().dimmed());

/// The colour of a verdict; its word is always shown next to it.
pub(crate) fn style(verdict: Verdict) -> Paint {
    let color = match verdict {
        Verdict::Allow => AnsiColor::Green,
        Verdict::Depends => AnsiColor::Yellow,
        Verdict::Deny => AnsiColor::Red,
    };
    Paint(color.on_default().bold())
}

/// The colour or weight of a part of an answer.
pub(crate) fn paint(emphasis: Emphasis) -> Paint {
    match emphasis {
        Emphasis::Strong => BOLD,
        Emphasis::Faint => DIM,
        Emphasis::Verdict(verdict) => style(verdict),
        _ => PLAIN,
    }
}

//! For a comment on a pull request.

use super::{Compared, became, labels, statement};
use crate::output::markdown::{cell, code};
use std::fmt::Write;

/// Most changes shown in full; comments have a size limit.
const MOST: usize = 60;

/// The whole comment. Text from a policy is put in code spans, so it is never markup.
pub(crate) fn render(compared: &Compared) -> String {
    let mut out = String::new();
    let [old, new] = &compared.names;
    let _ = writeln!(out, "### Policy changes: {} → {}\n", code(old), code(new));
    let _ = writeln!(out, "{}\n", sentence(&compared.summary()));
    let mut left = MOST;
    for (kind, changes) in compared.by_kind() {
        let shown = &changes[..changes.len().min(left)];
        if shown.is_empty() {
            continue;
        }
        left -= shown.len();
        let _ = writeln!(out, "#### {}\n", sentence(kind.title()));
        out.push_str("| now | before | because of |\n|---|---|---|\n");
        for change in shown {
            let because = |cause: &whyfor::diff::Cause| {
                let place = cell(&format!("{}:{}", cause.file, cause.line));
                format!("{} {place}<br>{}", became(cause), cell(&cause.text))
            };
            let causes: Vec<String> = change.causes.iter().map(because).collect();
            let _ = writeln!(
                out,
                "| {} | {} | {} |",
                with_labels(change),
                cell(&change.before.to_string()),
                causes.join("<br>"),
            );
        }
        out.push('\n');
    }
    let more = compared.diff.changes().len().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(out, "And {more} more changes: `whyfor diff` shows them all.\n");
    }
    if !compared.diff.names().is_empty() {
        out.push_str("#### Names\n\n");
        for name in compared.diff.names().iter().take(MOST) {
            let _ = writeln!(out, "- {}", code(&name.to_string().replace('`', "")));
        }
    }
    if !compared.diff.wording().is_empty() {
        out.push_str("\n#### Wording\n\n");
        for text in compared.diff.wording().iter().take(MOST) {
            let _ = writeln!(out, "- {}", code(&text.to_string().replace('`', "")));
        }
        let more = compared.diff.wording().len().saturating_sub(MOST);
        if more > 0 {
            let _ = writeln!(out, "\nAnd {more} more texts.");
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The statement, with the labels of its names below it.
fn with_labels(change: &whyfor::diff::Change) -> String {
    let labels = labels(change);
    match labels.is_empty() {
        true => cell(&statement(change)),
        false => format!("{}<br>{}", cell(&statement(change)), cell(&labels)),
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    first + characters.as_str()
}

//! For people, on a terminal.

use super::{Compared, became, statement};
use crate::output::{BOLD, DIM, style};
use std::fmt::Write;
use whyfor::Verdict;
use whyfor::diff::{Change, ChangeKind};

/// All of it, with colours.
pub(crate) fn render(compared: &Compared) -> String {
    let mut out = String::new();
    let [old, new] = &compared.names;
    let _ = writeln!(out, "{BOLD}{old}{BOLD:#} → {BOLD}{new}{BOLD:#}");
    for (kind, changes) in compared.by_kind() {
        let colour = style(verdict(kind));
        let _ = writeln!(out, "\n{colour}{}{colour:#}", kind.title());
        for change in changes {
            self::change(&mut out, change);
        }
    }
    if !compared.diff.names().is_empty() {
        let _ = writeln!(out, "\n{BOLD}names{BOLD:#}");
        for name in compared.diff.names() {
            let _ = writeln!(out, "  {name}");
        }
    }
    let _ = writeln!(out, "\n{}", compared.summary());
    out
}

fn verdict(kind: ChangeKind) -> Verdict {
    match kind {
        ChangeKind::Allowed => Verdict::Allow,
        ChangeKind::Denied => Verdict::Deny,
        _ => Verdict::Depends,
    }
}

fn change(out: &mut String, change: &Change) {
    let _ = writeln!(out, "  {BOLD}{}{BOLD:#}", statement(change));
    let _ = writeln!(out, "    {DIM}before{DIM:#}  {}", change.before);
    for cause in &change.causes {
        let (word, place) = (became(cause), format!("{}:{}", cause.file, cause.line));
        let _ = writeln!(out, "    {DIM}{word}{DIM:#}  {place}  {}", cause.text);
    }
    let given = match change.witness.given.is_empty() {
        true => String::new(),
        false => format!(" given {}", change.witness.given.join(", ")),
    };
    let _ = writeln!(out, "    {DIM}such as{DIM:#} {}{given}", change.witness.question);
}

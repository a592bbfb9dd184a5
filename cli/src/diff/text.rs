//! For people, on a terminal.

use super::{Compared, became, labels, statement};
use crate::output::{BOLD, DIM, Page, line, style};
use whyfor::Verdict;
use whyfor::diff::{Change, ChangeKind};

/// The whole comparison, with colours.
pub(crate) fn render(compared: &Compared) -> Page {
    let mut out = Page::new();
    let [old, new] = &compared.names;
    line!(out, "{BOLD}{old}{BOLD:#} → {BOLD}{new}{BOLD:#}");
    for (kind, changes) in compared.by_kind() {
        let colour = style(verdict(kind));
        line!(out);
        line!(out, "{colour}{}{colour:#}", kind.title());
        for change in changes {
            self::change(&mut out, change);
        }
    }
    if !compared.diff.names().is_empty() {
        line!(out);
        line!(out, "{BOLD}names{BOLD:#}");
        for name in compared.diff.names() {
            line!(out, "  {name}");
        }
    }
    if !compared.diff.wording().is_empty() {
        line!(out);
        line!(out, "{BOLD}wording{BOLD:#}");
        for text in compared.diff.wording() {
            line!(out, "  {text}");
        }
    }
    line!(out);
    line!(out, "{}", compared.summary());
    out
}

fn verdict(kind: ChangeKind) -> Verdict {
    match kind {
        ChangeKind::Allowed => Verdict::Allow,
        ChangeKind::Denied => Verdict::Deny,
        _ => Verdict::Depends,
    }
}

fn change(out: &mut Page, change: &Change) {
    line!(out, "  {BOLD}{}{BOLD:#}", statement(change));
    let labels = labels(change);
    if !labels.is_empty() {
        line!(out, "    {DIM}labels{DIM:#}  {labels}");
    }
    line!(out, "    {DIM}before{DIM:#}  {}", change.before);
    for cause in &change.causes {
        let (word, place) = (became(cause), format!("{}:{}", cause.file, cause.line));
        line!(out, "    {DIM}{word}{DIM:#}  {place}  {}", cause.text);
    }
    let given = match change.witness.given.is_empty() {
        true => String::new(),
        false => format!(" given {}", change.witness.given.join(", ")),
    };
    line!(out, "    {DIM}such as{DIM:#} {}{given}", change.witness.question);
}

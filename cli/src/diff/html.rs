//! A standalone page, in the style of the matrix.
//!
//! All text from the policies is escaped.

use super::{Compared, became, labels, statement};
use crate::output::markup::{escape, fill, grouped};
use std::fmt::Write;
use whyfor::diff::{Change, ChangeKind};

const PAGE: &str = include_str!("page.html");
/// The most severe changes shown on a page: some megabytes, which a browser shows at once.
const MOST: usize = 3_000;

/// The whole page.
pub(crate) fn render(compared: &Compared) -> String {
    let [old, new] = &compared.names;
    fill(PAGE, |name| match name {
        "whyfor" => env!("CARGO_PKG_VERSION").to_owned(),
        "old" => escape(old),
        "new" => escape(new),
        "summary" => escape(&compared.summary()),
        "changes" => changes(compared),
        "names" => names(compared),
        "wording" => wording(compared),
        _ => String::new(),
    })
}

fn changes(compared: &Compared) -> String {
    let mut out = String::new();
    let mut left = MOST;
    for (kind, changes) in compared.by_kind() {
        let shown = &changes[..changes.len().min(left)];
        if shown.is_empty() {
            break;
        }
        left -= shown.len();
        let _ = write!(
            out,
            "<section class=\"{}\">\n<h2>{} <small>{}</small></h2>\n",
            class(kind),
            escape(kind.title()),
            changes.len()
        );
        shown.iter().for_each(|change| out.push_str(&article(change)));
        out.push_str("</section>\n");
    }
    if let Some(note) = left_out(compared) {
        let _ = writeln!(out, "<p class=\"about\">{}</p>", escape(&note));
    }
    out
}

/// The note about changes left out of the page, if any.
pub(crate) fn left_out(compared: &Compared) -> Option<String> {
    let more = compared.diff.changes().len().checked_sub(MOST).filter(|more| *more > 0)?;
    let more = grouped(more);
    Some(format!("The page would be too large with {more} more changes: `--format json` has all."))
}

fn class(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Allowed => "a",
        ChangeKind::Denied => "n",
        _ => "d",
    }
}

fn article(change: &Change) -> String {
    let mut out = format!("<article>\n<h3><bdi>{}</bdi></h3>\n<dl>\n", escape(&statement(change)));
    let mut row = |title: &str, text: String| {
        let _ = writeln!(out, "<dt>{title}</dt><dd>{text}</dd>");
    };
    let labels = labels(change);
    if !labels.is_empty() {
        row("labels", format!("<bdi>{}</bdi>", escape(&labels)));
    }
    row("before", escape(&change.before.to_string()));
    row("now", escape(&change.after.to_string()));
    for cause in &change.causes {
        let place = format!("{}:{}", escape(&cause.file), cause.line);
        let text =
            format!("<code><bdi>{}</bdi></code> <small>{place}</small>", escape(&cause.text));
        row(became(cause), text);
    }
    let given = match change.witness.given.is_empty() {
        true => String::new(),
        false => format!(" given {}", escape(&change.witness.given.join(", "))),
    };
    row("such as", format!("<code>{}</code>{given}", escape(&change.witness.question)));
    row("decisions", grouped(change.count()));
    out + "</dl>\n</article>\n"
}

fn names(compared: &Compared) -> String {
    if compared.diff.names().is_empty() {
        return String::new();
    }
    let mut out = "<section>\n<h2>names</h2>\n<ul>\n".to_owned();
    for name in compared.diff.names() {
        let _ = writeln!(out, "<li><bdi>{}</bdi></li>", escape(&name.to_string()));
    }
    out + "</ul>\n</section>\n"
}

fn wording(compared: &Compared) -> String {
    if compared.diff.wording().is_empty() {
        return String::new();
    }
    let mut out = "<section>\n<h2>wording</h2>\n<ul>\n".to_owned();
    for text in compared.diff.wording().iter().take(MOST) {
        let _ = writeln!(out, "<li><bdi>{}</bdi></li>", escape(&text.to_string()));
    }
    out + "</ul>\n</section>\n"
}

//! What changed between two policies, as text and in the formats of other tools.

pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod text;

use whyfor::Act;
use whyfor::diff::{Cause, CauseKind, Change, ChangeKind, Diff, Names};

/// Two policies by their names, and what changed.
pub(crate) struct Compared {
    pub(crate) names: [String; 2],
    pub(crate) diff: Diff,
}

impl Compared {
    /// The changes of each kind, the most severe first.
    fn by_kind(&self) -> impl Iterator<Item = (ChangeKind, &[Change])> {
        let chunks = self.diff.changes().chunk_by(|a, b| a.kind == b.kind);
        chunks.filter_map(|changes| Some((changes.first()?.kind, changes)))
    }

    /// One line that says how much changed.
    fn summary(&self) -> String {
        let questions = self.diff.count();
        let count = |count: usize, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        let decisions = match questions {
            0 => "no decision changed".to_owned(),
            _ => format!("{} changed", count(questions, "decision", "decisions")),
        };
        let names = match self.diff.names().len() {
            0 => String::new(),
            names => format!(", {}", count(names, "name changed", "names changed")),
        };
        let wording = match self.diff.wording().len() {
            0 => String::new(),
            texts => format!(", {}", count(texts, "text changed", "texts changed")),
        };
        let permissive = match (questions, self.diff.is_more_permissive()) {
            (_, true) => "; the new policy is more permissive",
            (0, false) => "",
            (_, false) => "; nothing is more permissive",
        };
        format!("{decisions}{names}{wording}{permissive}")
    }
}

/// A change as a statement, without the title of its kind.
fn statement(change: &Change) -> String {
    let text = change.to_string();
    text.strip_prefix(change.kind.title())
        .and_then(|rest| rest.strip_prefix(": "))
        .map_or(text.clone(), str::to_owned)
}

/// The labels of the names in a change, for people who do not know the names; empty if there are none.
fn labels(change: &Change) -> String {
    let of = |word: &str, names: &Names| {
        let labels: Vec<&str> =
            names.labels.iter().map(String::as_str).filter(|label| !label.is_empty()).collect();
        let shown = labels.len().min(MOST_LABELS);
        let more = match labels.len() - shown {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (shown > 0).then(|| format!("{word}{}{more}", labels[..shown].join(", ")))
    };
    let party = match &change.act {
        Act::Use => None,
        Act::Collect(methods) => of("by: ", methods),
        Act::Share(recipients) => of("with: ", recipients),
    };
    let parts = [of("", &change.categories), party, of("for: ", &change.purposes)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Labels of one part of a change that are shown.
const MOST_LABELS: usize = 6;

/// What happened to a statement, for people.
fn became(cause: &Cause) -> &'static str {
    match cause.kind {
        CauseKind::Added => "added",
        CauseKind::Removed => "removed",
        CauseKind::Reaches => "reaches more",
        CauseKind::Left => "reached more",
    }
}

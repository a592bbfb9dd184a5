//! What changed between two policies, as text and in the formats of other tools.

pub(crate) mod html;
pub(crate) mod json;
pub(crate) mod markdown;
pub(crate) mod text;

use whyfor::diff::{Cause, CauseKind, Change, ChangeKind, Diff};

/// Two policies by what they are called, and what changed.
pub(crate) struct Compared {
    pub(crate) names: [String; 2],
    pub(crate) diff: Diff,
}

impl Compared {
    /// The changes of each kind, the gravest first.
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
        let permissive = match (questions, self.diff.is_more_permissive()) {
            (_, true) => "; the new policy is more permissive",
            (0, false) => "",
            (_, false) => "; nothing is more permissive",
        };
        format!("{decisions}{names}{permissive}")
    }
}

/// The statement of a change, without the title of its kind.
fn statement(change: &Change) -> String {
    let told = change.to_string();
    told.strip_prefix(change.kind.title())
        .and_then(|rest| rest.strip_prefix(": "))
        .map_or(told.clone(), str::to_owned)
}

/// What became of a statement, for people.
fn became(cause: &Cause) -> &'static str {
    match cause.kind {
        CauseKind::Added => "added",
        CauseKind::Removed => "removed",
        CauseKind::Reaches => "reaches more",
        CauseKind::Left => "reached more",
    }
}

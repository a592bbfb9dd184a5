//! What changed between two policies: every decision, exactly, in as few words as there are.
//!
//! A question is a name for each of act, category, method or recipient, and purpose: every path of
//! either policy, and every other name that means something else in the other. Both policies are asked
//! all of them, class by class; where a name names nothing, the answer is a denial. Questions whose
//! answers changed alike are joined into boxes of categories × methods or recipients × purposes.
//!
//! ```
//! use whyfor::{Memory, Model, diff};
//! let text = "policy p category email { work home } purpose login purpose ads fact consent";
//! let load = |more: &str| Model::from_loader(&Memory::new().with("p.why", format!("{text}\n{more}")), "p.why");
//! let old = load("use work for login")?;
//! let new = load("use work for login use email for ads when consent")?;
//! let diff = diff::diff(&old, &new)?;
//! assert_eq!(diff.changes()[0].to_string(), "now allowed: use email for ads when consent");
//! assert!(diff.is_more_permissive());
//! # Ok::<(), whyfor::Diagnostics>(())
//! ```
//!
//! - `axis`: the names to ask by, and what each means in either policy;
//! - `table`: both policies' answers to all questions;
//! - `boxes`: few boxes that hold the questions of one change, each in one of them;
//! - `wording`: names as an author would write them;
//! - `cause`: the statements that did it;
//! - `names`: names that appeared, vanished or mean something else.

mod axis;
mod boxes;
mod cause;
mod names;
mod table;
mod wording;

use super::answers;
use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::{Act, Question, Verdict};
pub use cause::{Cause, CauseKind};
pub use names::{NameChange, NameChangeKind};
use std::fmt;

/// What changed between two policies.
#[derive(Debug, Clone, Default)]
pub struct Diff {
    changes: Vec<Change>,
    names: Vec<NameChange>,
}

/// Questions whose answers changed alike: every combination of the names in the three parts.
#[derive(Debug, Clone)]
pub struct Change {
    /// In which way.
    pub kind: ChangeKind,
    /// What is done, by which methods or with which recipients.
    pub act: Act<Names, Names>,
    /// Which data: paths of categories and names of fields.
    pub categories: Names,
    /// What for.
    pub purposes: Names,
    /// What the old policy answers.
    pub before: Answer,
    /// What the new policy answers.
    pub after: Answer,
    /// Whether something is allowed that was not, with fewer duties, or for longer.
    pub more_permissive: bool,
    /// A question of these that shows it.
    pub witness: Witness,
    /// The statements that did it.
    pub causes: Vec<Cause>,
}

/// In which way an answer changed, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Allowed under facts under which it was not.
    Allowed,
    /// Allowed under some facts under which it was not, and not under others under which it was.
    Shifted,
    /// There are too many facts to tell; nothing is guessed.
    Undecided,
    /// Not allowed any more, under all facts or some.
    Denied,
    /// Allowed under the same facts, but other facts are missing where some are not stated.
    Depends,
    /// The same verdicts, with other duties or another retention.
    Duties,
}

/// Names that stand for themselves, each with what is below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// As an author writes them: a name stands for all that is below it too.
    pub words: Vec<String>,
    /// Those that stand for the question about them as a whole, of which only a part changed.
    pub wholes: Vec<String>,
    /// Every single one, as it is asked by.
    pub all: Vec<String>,
}

/// What a policy answers, as a function of the facts, in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// Deny, allow, or depends on facts.
    pub verdict: Verdict,
    /// When it depends: under which condition it is allowed.
    pub condition: String,
    /// `then …` and `retain …`; empty where nothing is due.
    pub duties: String,
}

/// One question, and facts under which the two policies answer it differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The question as a statement.
    pub question: String,
    /// The facts, as `ask --fact` takes them.
    pub given: Vec<String>,
}

/// Compares two policies. About what compiling both costs.
///
/// Facts count as what they are for the purpose that is asked about. Conditions are compared under all
/// values of the facts; where these are too many, the change is [`Undecided`](ChangeKind::Undecided).
///
/// ```
/// use whyfor::{Model, diff};
/// let old = Model::from_str("policy p category email purpose ads")?;
/// let new = Model::from_str("policy p category email purpose ads use email for ads")?;
/// let diff = diff::diff(&old, &new)?;
/// assert_eq!(diff.changes()[0].to_string(), "now allowed: use email for ads");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// One of the two would not compile: its tables would be too large.
pub fn diff(old: &Model, new: &Model) -> Result<Diff, Diagnostics> {
    let axes = axis::Axes::new(old, new);
    let mut table = table::Table::new(&axes)?;
    let groups = table.changes();
    let names = names::changes(&axes);
    let (causes, wording) = (cause::Causes::new(&axes), wording::Wording::new(&axes));
    let mut effort = answers::Effort::new(boxes::MOST_OF_ALL);
    let mut changes = Vec::new();
    for group in &groups {
        for found in boxes::cover(group, &mut effort) {
            changes.push(wording::change(&axes, &table, &wording, group, &found, &causes));
        }
    }
    changes.sort_by_cached_key(|change: &Change| {
        (change.kind, std::cmp::Reverse(change.more_permissive), change.to_string())
    });
    Ok(Diff { changes, names })
}

impl Diff {
    /// The decisions that changed, newly allowed first.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// How many decisions changed. Each stands in one change.
    #[must_use]
    pub fn count(&self) -> usize {
        self.changes.iter().map(Change::count).sum()
    }

    /// The names that appeared, vanished or mean something else.
    #[must_use]
    pub fn names(&self) -> &[NameChange] {
        &self.names
    }

    /// Whether every question has the same answer, and every name the same meaning.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.names.is_empty()
    }

    /// Whether something is allowed that was not, with fewer duties, or for longer; or may be, where
    /// that cannot be told.
    #[must_use]
    pub fn is_more_permissive(&self) -> bool {
        self.changes.iter().any(|change| change.more_permissive)
    }
}

impl ChangeKind {
    /// As in JSON: `allowed`, `shifted`, `undecided`, `denied`, `depends`, `duties`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Shifted => "shifted",
            Self::Undecided => "undecided",
            Self::Denied => "denied",
            Self::Depends => "depends",
            Self::Duties => "duties",
        }
    }

    /// For people: `now allowed` …
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Allowed => "now allowed",
            Self::Shifted => "now allowed under other facts",
            Self::Undecided => "changed, but there are too many facts to say how",
            Self::Denied => "no longer allowed",
            Self::Depends => "depends on other facts",
            Self::Duties => "other duties",
        }
    }
}

impl Change {
    /// The questions, as a statement of the language: `use email for login`.
    #[must_use]
    pub fn question(&self) -> String {
        let party = match &self.act {
            Act::Use => String::new(),
            Act::Collect(methods) => methods.to_string(),
            Act::Share(recipients) => recipients.to_string(),
        };
        let act = match &self.act {
            Act::Use => Act::Use,
            Act::Collect(_) => Act::Collect(party.as_str()),
            Act::Share(_) => Act::Share(party.as_str()),
        };
        let (field, purpose) = (self.categories.to_string(), self.purposes.to_string());
        Question { act, field: &field, purpose: &purpose }.to_string()
    }

    /// How many single questions these are.
    #[must_use]
    pub fn count(&self) -> usize {
        let parties = match &self.act {
            Act::Use => 1,
            Act::Collect(names) | Act::Share(names) => names.all.len(),
        };
        self.categories.all.len() * parties * self.purposes.all.len()
    }
}

impl fmt::Display for Change {
    /// `now allowed: share contact with partners for marketing when consent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == ChangeKind::Denied && self.after.verdict != Verdict::Deny {
            let Answer { condition, .. } = &self.after;
            return write!(f, "now allowed only when {condition}: {}", self.question());
        }
        write!(f, "{}: {}", self.kind.title(), self.question())?;
        if !self.after.condition.is_empty() {
            write!(f, " when {}", self.after.condition)?;
        }
        if !self.after.duties.is_empty() {
            write!(f, " {}", self.after.duties)?;
        }
        Ok(())
    }
}

impl fmt::Display for Answer {
    /// `denied`, `allowed then notify`, `allowed when consent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.verdict {
            Verdict::Deny => "denied",
            Verdict::Allow | Verdict::Depends => "allowed",
        })?;
        if !self.condition.is_empty() {
            write!(f, " when {}", self.condition)?;
        }
        if !self.duties.is_empty() {
            write!(f, " {}", self.duties)?;
        }
        Ok(())
    }
}

impl fmt::Display for Names {
    /// Words, then wholes, at most some of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 12;
        let whole = |name: &String| format!("{name} as a whole");
        let all = self.words.iter().cloned().chain(self.wholes.iter().map(whole));
        let count = self.words.len() + self.wholes.len();
        let shown = if count > MOST + 1 { MOST } else { count };
        f.write_str(&all.take(shown).collect::<Vec<_>>().join(", "))?;
        if count > shown { write!(f, " and {} more", count - shown) } else { Ok(()) }
    }
}

impl From<answers::Words> for Answer {
    fn from(words: answers::Words) -> Self {
        Self { verdict: words.verdict, condition: words.condition, duties: words.duties }
    }
}

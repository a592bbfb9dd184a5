//! What a change between two policies consists of.

use super::axis::ANY;
use super::cause::Cause;
use super::kind::ChangeKind;
use crate::analyze::answers;
use crate::{Act, Question, Verdict};
use std::fmt;

/// Questions whose answers changed alike: every combination of the names in the three parts.
#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Change {
    /// In which way.
    pub kind: ChangeKind,
    /// What is done, by which methods or with which recipients.
    pub act: Act<Names, Names>,
    /// Using the data for these purposes changed alike: it is one of these questions too, and is not told again.
    pub with_use: bool,
    /// Which data: paths of categories and names of fields.
    pub categories: Names,
    /// What for.
    pub purposes: Names,
    /// What the old policy answers.
    pub before: Answer,
    /// What the new policy answers.
    pub after: Answer,
    /// Whether something is allowed that was not, with fewer duties, for longer, or with less of a legal basis.
    pub more_permissive: bool,
    /// A question of these that shows it.
    pub witness: Witness,
    /// The statements that did it.
    pub causes: Vec<Cause>,
}

/// Names that stand for themselves, each with what is below it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Names {
    /// As an author writes them: a name stands for all that is below it too.
    pub words: Vec<String>,
    /// Those that stand for the question about them as a whole, of which only a part changed.
    pub wholes: Vec<String>,
    /// The labels of the words, then of the wholes; empty where there is none.
    pub labels: Vec<String>,
    /// Every single one, as it is asked by; `*` is the question that names no method or recipient.
    pub all: Vec<String>,
}

/// What a policy answers, as a function of the facts, in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Answer {
    /// Deny, allow, or depends on facts.
    pub verdict: Verdict,
    /// When it depends: under which condition it is allowed.
    pub condition: String,
    /// `then …`, `retain …` and `on …`; empty where nothing comes with it.
    pub duties: String,
    /// `optional` where the person may leave the data out, and unless what; empty where it is required.
    pub optional: String,
}

/// One question, and facts under which the two policies answer it differently.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Witness {
    /// The question as a statement.
    pub question: String,
    /// The facts, as `ask --fact` takes them.
    pub given: Vec<String>,
}

impl Change {
    /// The questions, as a statement of the language: `use email for login`.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert_eq!(diff.changes()[0].question(), "use email for ads");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn question(&self) -> String {
        let party = match &self.act {
            Act::Use => None,
            Act::Collect(names) | Act::Share(names) if names.all == [ANY] => None,
            Act::Collect(names) | Act::Share(names) => Some(names.to_string()),
        };
        let act = match &self.act {
            Act::Use => Act::Use,
            Act::Collect(_) => Act::Collect(party.as_deref()),
            Act::Share(_) => Act::Share(party.as_deref()),
        };
        let (field, purpose) = (self.categories.to_string(), self.purposes.to_string());
        Question { act, field: &field, purpose: &purpose }.to_string()
    }

    /// How many single questions these are.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert_eq!(diff.changes()[0].count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn count(&self) -> usize {
        let parties = match &self.act {
            Act::Use => 1,
            Act::Collect(names) | Act::Share(names) => names.all.len(),
        };
        let acts = parties + usize::from(self.with_use);
        self.categories.all.len() * acts * self.purposes.all.len()
    }

    /// The question, and whether using the data changed alike.
    fn told(&self) -> String {
        let question = self.question();
        match question.strip_prefix("collect ").filter(|_| self.with_use) {
            Some(rest) => format!("collect and use {rest}"),
            None => question,
        }
    }
}

impl fmt::Display for Change {
    /// `now allowed: share contact with partners for marketing when consent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == ChangeKind::Denied && self.after.verdict != Verdict::Deny {
            let Answer { condition, .. } = &self.after;
            return write!(f, "now allowed only when {condition}: {}", self.told());
        }
        write!(f, "{}: {}", self.kind.title(), self.told())?;
        self.after.terms(f)
    }
}

impl fmt::Display for Answer {
    /// `denied`, `allowed then notify`, `allowed when consent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.verdict {
            Verdict::Deny => "denied",
            Verdict::Allow | Verdict::Depends => "allowed",
        })?;
        self.terms(f)
    }
}

impl Answer {
    fn terms(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.condition.is_empty() {
            write!(f, " when {}", self.condition)?;
        }
        for part in [&self.duties, &self.optional] {
            if !part.is_empty() {
                write!(f, " {part}")?;
            }
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
        let answers::Words { verdict, condition, duties, optional } = words;
        Self { verdict, condition, duties, optional }
    }
}

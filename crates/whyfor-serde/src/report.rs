//! What was withheld, and why.

use crate::limits::MAX_LINES;
use crate::problem::Problem;
use std::fmt;
use std::sync::Arc;
use whyfor::printable;

/// Why a value may not pass.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Why {
    /// No category has its name.
    Unknown,
    /// Its name means several things.
    Ambiguous,
    /// Its contents cannot be read, or its name cannot be asked.
    Unreadable,
    /// The policy denies it.
    Denied,
    /// The policy would allow it with these facts, which are not stated.
    Depends(Vec<String>),
    /// The policy allows it with these duties, which the caller does not fulfil.
    Owes(Vec<String>),
}

impl Why {
    /// Whether the policy knows what the value is.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self, Self::Denied | Self::Depends(_) | Self::Owes(_))
    }

    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::Unknown => Problem::Unknown,
            Self::Ambiguous => Problem::Ambiguous,
            Self::Unreadable => Problem::Unreadable,
            Self::Denied => Problem::Denied,
            Self::Depends(_) => Problem::Depends,
            Self::Owes(duties) => Problem::Owes(duties.clone()),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |names: &[String]| printable(&names.join("`, `")).into_owned();
        match self {
            Self::Unknown => f.write_str("no category has this name"),
            Self::Ambiguous => f.write_str("its name means several things"),
            Self::Unreadable => f.write_str("its contents cannot be read"),
            Self::Denied => f.write_str("denied"),
            Self::Depends(facts) => write!(f, "depends on `{}`", list(facts)),
            Self::Owes(duties) => write!(f, "allowed only with `{}`", list(duties)),
        }
    }
}

/// A path that was withheld.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Line {
    pub(crate) path: String,
    pub(crate) why: Why,
    pub(crate) categories: Vec<String>,
}

/// A path, the values that were withheld there, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    pub(crate) line: Arc<Line>,
    pub(crate) count: u64,
}

impl Withheld {
    /// The names that lead to the value, joined by dots. A key of a map that the policy does not spell out is `*`, since
    /// it may be data itself.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.line.path
    }

    /// Why.
    #[must_use]
    pub fn why(&self) -> &Why {
        &self.line.why
    }

    /// The categories that the path means, each of which must be allowed; none if it is unknown.
    #[must_use]
    pub fn categories(&self) -> &[String] {
        &self.line.categories
    }

    /// How many values.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}

/// `contact.phone: denied`, and the number of values if there are several.
impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", printable(self.path()), self.why())?;
        match self.count {
            0 | 1 => Ok(()),
            count => write!(f, " ({count} values)"),
        }
    }
}

/// What was withheld from a value, and why; in the order of the value. It has no values in it.
///
/// Its text has a line for each path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub(crate) lines: Vec<Withheld>,
    pub(crate) more: u64,
}

impl Report {
    /// The paths that were withheld, each once for a reason; at most 1,000.
    #[must_use]
    pub fn withheld(&self) -> &[Withheld] {
        &self.lines
    }

    /// How many values were withheld of further paths, which are not listed.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.more
    }

    /// Whether nothing was withheld.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.more == 0
    }

    /// Adds a value, and returns its place in the list, if it has one.
    pub(crate) fn add(&mut self, line: &Arc<Line>) -> Option<u32> {
        let known = self.lines.iter().position(|known| known.line == *line);
        if known.is_none() && self.lines.len() >= MAX_LINES {
            self.more += 1;
            return None;
        }
        let at = known.unwrap_or_else(|| {
            self.lines.push(Withheld { line: Arc::clone(line), count: 0 });
            self.lines.len() - 1
        });
        if let Some(known) = self.lines.get_mut(at) {
            known.count += 1;
        }
        u32::try_from(at).ok()
    }

    /// Adds a value at a known place.
    pub(crate) fn add_at(&mut self, at: u32) {
        if let Some(known) = self.lines.get_mut(at as usize) {
            known.count += 1;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        match self.more {
            0 => Ok(()),
            more => writeln!(f, "and {more} values at other paths"),
        }
    }
}

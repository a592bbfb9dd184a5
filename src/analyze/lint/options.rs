//! What the linter reports, and as what.

use crate::diagnostic::Code;
use std::collections::BTreeMap;

/// What becomes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// It is not told.
    Allow,
    /// It is told as a warning.
    Warn,
    /// It is told as an error.
    Deny,
}

/// What is told, and how gravely.
#[derive(Debug, Clone)]
pub struct Options {
    levels: BTreeMap<Code, Level>,
    /// The tags of sensitive data; those that were chosen are to be there.
    pub(super) sensitive: Vec<String>,
    pub(super) chosen: bool,
}

impl Default for Options {
    /// Everything is a warning; sensitive is what is tagged `sensitive` or `special`.
    fn default() -> Self {
        let sensitive = ["sensitive", "special"].map(str::to_owned).to_vec();
        Self { levels: BTreeMap::new(), sensitive, chosen: false }
    }
}

impl Options {
    /// Sets what becomes of the findings of a code.
    #[must_use]
    pub fn level(mut self, code: Code, level: Level) -> Self {
        self.levels.insert(code, level);
        self
    }

    /// Which tags mark sensitive data, in place of `sensitive` and `special`. That a policy lacks one of them
    /// is a finding too: nothing would be looked for.
    #[must_use]
    pub fn sensitive(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.sensitive = tags.into_iter().map(Into::into).collect();
        self.chosen = true;
        self
    }

    pub(super) fn of(&self, code: Code) -> Level {
        self.levels.get(&code).copied().unwrap_or(Level::Warn)
    }
}

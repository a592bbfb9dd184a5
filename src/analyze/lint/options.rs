//! What the linter reports, and as what.

use crate::diagnostic::Code;
use std::collections::BTreeMap;

/// How a finding is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Level {
    /// It is not reported.
    Allow,
    /// It is reported as a warning.
    Warn,
    /// It is reported as an error.
    Deny,
}

/// What the linter reports, and as what.
#[derive(Debug, Clone)]
pub struct Options {
    levels: BTreeMap<Code, Level>,
    /// The tags of sensitive data. If they were chosen, the policy must have them.
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
    /// Sets how findings of a code are reported.
    ///
    /// ```
    /// use whyfor::Code;
    /// use whyfor::lint::{Level, Options};
    /// let options = Options::default().level(Code::Unused, Level::Allow);
    /// ```
    #[must_use]
    pub fn level(mut self, code: Code, level: Level) -> Self {
        self.levels.insert(code, level);
        self
    }

    /// Which tags mark sensitive data, instead of `sensitive` and `special`. If a policy lacks one of them, that is a
    /// finding too, because nothing would be checked.
    ///
    /// ```
    /// use whyfor::lint::Options;
    /// let options = Options::default().sensitive(["sensitive", "special"]);
    /// ```
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

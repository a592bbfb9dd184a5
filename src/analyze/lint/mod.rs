//! What a policy says that its author likely did not mean.
//!
//! What is found is exact: a statement is said to change nothing only if every question has the same
//! answer without it, under all facts. Where there are too many facts to go through, nothing is said.
//! Each finding has a place, where it can a question that shows it, and a fix where one leaves every
//! decision as it was.
//!
//! ```
//! use whyfor::{Memory, Model, lint};
//! let files = Memory::new().with("p.why", "
//!     policy p  category email { work home }  purpose login
//!     use email for login
//!     use work for login
//! ");
//! let model = Model::load(&files, "p.why")?;
//! let found = lint::lint(&model, &lint::Options::default())?;
//! let first = found.iter().next().map(|finding| (finding.code().id(), finding.message()));
//! assert_eq!(first, Some(("W0701", "this statement changes no decision")));
//! # Ok::<(), whyfor::Diagnostics>(())
//! ```
//!
//! - `written`: the syntax trees behind a model;
//! - `collected`: which statements say what `collected` stands for;
//! - `points`: which statements cover which points;
//! - `idle`: statements that change nothing, and permits that differ in duties;
//! - `conditions`: conditions that are never or always true;
//! - `reach`: what is never permitted, and what is permitted more widely than it seems;
//! - `unused`: names and patterns that nothing uses;
//! - `spelling`: names that look like others;
//! - `allows`: comments that allow a finding in its place;
//! - `fix`: the files with findings put right.

mod allows;
mod collected;
mod conditions;
mod fix;
mod idle;
mod points;
mod reach;
mod spelling;
mod unused;
mod written;

use super::answers::{Answers, Translation};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::Model;
use collected::Collected;
pub use fix::{FixError, Fixed, fix};
use std::collections::BTreeMap;
use written::Written;

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
    sensitive: Vec<String>,
    chosen: bool,
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

    fn of(&self, code: Code) -> Level {
        self.levels.get(&code).copied().unwrap_or(Level::Warn)
    }
}

/// What the linter looks at.
struct Subject<'m> {
    model: &'m Model,
    written: Written,
    answers: Answers,
    translation: Translation,
    points: points::Points,
    collected: Collected,
}

/// Finds what the author of a policy likely did not mean, but for what is allowed by a comment or by
/// the options. Costs more than compiling: about statements × statements that overlap.
///
/// # Errors
/// The policy would not compile: its tables would be too large.
pub fn lint(model: &Model, options: &Options) -> Result<Diagnostics, Diagnostics> {
    // Whoever overlaps too much to be compiled overlaps too much to be looked at.
    crate::table::compile::Questions::new(model)?;
    let mut answers = Answers::new();
    let translation = answers.vocabulary.add(model);
    let mut subject = Subject {
        model,
        collected: Collected::new(model),
        written: Written::new(model),
        answers,
        translation,
        points: points::Points::new(model),
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    idle::find(&mut subject, &mut found);
    conditions::find(&mut subject, &mut found);
    reach::find(&mut subject, options, &mut found);
    unused::find(&subject, options, &mut found);
    spelling::find(&subject, &mut found);
    let mut found = allows::apply(model, &subject.written, found);
    found.retain(|finding| options.of(finding.code()) != Level::Allow);
    let level = |finding: Diagnostic| match options.of(finding.code()) {
        Level::Deny => finding.severe(Severity::Error),
        Level::Allow | Level::Warn => finding,
    };
    let found = found.into_iter().map(level).collect();
    Ok(Diagnostics::new(model.sources.clone(), found))
}

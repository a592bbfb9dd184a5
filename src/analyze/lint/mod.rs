//! What a policy says that its author likely did not mean.
//!
//! What is found is exact: a statement is said to change nothing only if every question has the same
//! answer without it, under all facts. Where that would take too much work, a finding says which rule was
//! not checked. Each finding has a place, where it can a question that shows it, and a fix where one leaves
//! every decision as it was.
//!
//! ```
//! use whyfor::{Memory, Model, lint};
//! let files = Memory::new().with("p.why", "
//!     policy p  category email { work home }  purpose login
//!     use email for login
//!     use work for login
//! ");
//! let model = Model::from_loader(&files, "p.why")?;
//! let found = lint::lint(&model, &lint::Options::default())?;
//! let first = found.iter().next().map(|finding| (finding.code().as_str(), finding.message()));
//! assert_eq!(first, Some(("W0701", "this statement changes no decision")));
//! # Ok::<(), whyfor::Diagnostics>(())
//! ```
//!
//! - `written`: the syntax trees behind a model;
//! - `collected`: which statements say what `collected` stands for;
//! - `points`: which statements cover which points;
//! - `shapes`: statements that say the same, as one, and which of them a point needs;
//! - `idle`: statements that change nothing;
//! - `groups`: what becomes of questions about groups without a statement;
//! - `said`: whether another statement says the same already;
//! - `told`: how statements that change nothing are told;
//! - `overlaps`: permits that differ in duties;
//! - `conditions`: conditions that are never or always true;
//! - `reach`: what is never permitted;
//! - `wide`: what is permitted more widely than it seems;
//! - `unused`: names and patterns that nothing uses;
//! - `spelling`: names that look like others;
//! - `left_out`: what was not checked;
//! - `allows`: comments that allow a finding in its place;
//! - `fix`: the files with findings put right.

mod allows;
mod collected;
mod conditions;
mod fix;
mod groups;
mod idle;
mod left_out;
mod overlaps;
mod points;
mod reach;
mod said;
mod shapes;
mod spelling;
mod told;
mod unused;
mod wide;
mod written;

use super::answers::{Answers, Effort, Translation};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::Model;
use crate::table::compile::Questions;
use collected::Collected;
pub use fix::{FixError, Fixed, edited, fix, keeps};
use left_out::LeftOut;
use points::Points;
use shapes::Shapes;
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

/// Tests of facts that are evaluated, for any policy: about a second.
const LEAST_FACTS: u64 = 100_000_000;
/// Steps through lists of statements, for any policy: about a second.
const LEAST_STEPS: u64 = 200_000_000;

/// What the linter looks at.
struct Subject<'m> {
    model: &'m Model,
    written: Written,
    answers: Answers,
    translation: Translation,
    questions: Questions<'m>,
    collected: Collected,
    /// What may still be spent on going through lists of statements.
    effort: Effort,
    left_out: LeftOut,
}

impl Subject<'_> {
    /// What one rule has spent is not missing for the next.
    fn refresh(&mut self) {
        let least = |effort: &Effort, least: u64| Effort::new(effort.left().max(least / 4));
        self.answers.effort = least(&self.answers.effort, LEAST_FACTS);
        self.effort = least(&self.effort, LEAST_STEPS);
    }
}

/// Finds what the author of a policy likely did not mean, but for what is allowed by a comment or by
/// the options. Costs some times what compiling does; what would cost more is left out, and a finding says
/// so.
///
/// # Errors
/// The policy would not compile: its tables would be too large.
pub fn lint(model: &Model, options: &Options) -> Result<Diagnostics, Diagnostics> {
    // Whoever overlaps too much to be compiled overlaps too much to be looked at.
    let questions = Questions::new(model)?;
    let work = questions.work();
    let mut answers = Answers::new(LEAST_FACTS + work);
    let translation = answers.vocabulary.add(model);
    let mut subject = Subject {
        model,
        collected: Collected::new(model),
        written: Written::new(model),
        answers,
        translation,
        questions,
        effort: Effort::new(LEAST_STEPS + 4 * work),
        left_out: LeftOut::default(),
    };
    let mut found: Vec<Diagnostic> = Vec::new();
    match Points::new(model) {
        Some(points) => {
            let mut shapes = Shapes::new(model, &subject.translation);
            let idle = idle::find(&mut subject, &points, &mut shapes, &mut found);
            subject.refresh();
            overlaps::find(&mut subject, &points, &shapes, &idle, &mut found);
            subject.refresh();
            reach::find(&mut subject, &points, &mut found);
            wide::find(&mut subject, &points, options, &mut found);
            subject.refresh();
        }
        None => [
            Code::ChangesNothing,
            Code::Forbidden,
            Code::NeverPermitted,
            Code::WideSensitive,
            Code::DifferentDuties,
        ]
        .into_iter()
        .for_each(|code| subject.left_out.rule(code, None)),
    }
    conditions::find(&mut subject, &mut found);
    unused::find(&mut subject, options, &mut found);
    spelling::find(&subject, &mut found);
    let asked_for = |code: Code| options.of(code) != Level::Allow;
    let left_out = std::mem::take(&mut subject.left_out);
    let unchecked = left_out.codes();
    found.extend(left_out.told(asked_for));
    let mut found = allows::apply(model, &subject.written, &unchecked, found);
    found.retain(|finding| asked_for(finding.code()));
    let level = |finding: Diagnostic| match options.of(finding.code()) {
        Level::Deny => finding.severe(Severity::Error),
        Level::Allow | Level::Warn => finding,
    };
    let found = found.into_iter().map(level).collect();
    Ok(Diagnostics::new(model.sources.clone(), found))
}

//! Finds what the author of a policy likely did not mean.
//!
//! Findings are exact: a statement changes nothing only if every question has the same answer without it, for all
//! facts. Where checking a rule would take too much work, a finding says so. Each finding has a place, if possible an
//! example question, and a fix if one keeps every decision.
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
//! - `options`, `subject`: what is reported, and what all rules need;
//! - `written`: the syntax trees of a policy;
//! - `collected`: which statements say what `collected` stands for;
//! - `points`: which statements cover which points;
//! - `shapes`: statements that say the same, as one, and which of them a point needs;
//! - `idle`: statements that change nothing;
//! - `groups`: what becomes of questions about groups without a statement;
//! - `said`: whether another statement says the same already;
//! - `report`: the findings about statements that change nothing;
//! - `overlaps`: permits that differ in duties;
//! - `retention`: limits that contradict each other, and data that need not go;
//! - `bases`: bases without consent, permits without a basis, data that is optional and needed;
//! - `masks`: masks that hide nothing;
//! - `conditions`: conditions that are never or always true;
//! - `reach`: what is never permitted;
//! - `promised`: categories that a `never` names;
//! - `tagged`: the nodes that carry a tag;
//! - `wide`: what is permitted more widely than it seems;
//! - `unused`: names and patterns that nothing uses;
//! - `spelling`: names that look like others;
//! - `left_out`: what was not checked;
//! - `allows`: comments that allow a finding in its place;
//! - `fix`: the files with findings put right.

mod allows;
mod bases;
mod collected;
mod conditions;
mod fix;
mod groups;
mod idle;
mod left_out;
mod masks;
mod options;
mod overlaps;
mod points;
mod promised;
mod reach;
mod report;
mod retention;
mod said;
mod shapes;
mod spelling;
mod subject;
mod tagged;
mod unused;
mod wide;
mod written;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::Model;
pub use fix::{FixError, Fixed, edited, fix, keeps};
pub use options::{Level, Options};
use points::Points;
use shapes::Shapes;
use subject::Subject;

/// Finds what the author of a policy likely did not mean, except what a comment or the options allow. Costs some times
/// what compiling does; what would cost more is left out, and a finding says so.
///
/// ```
/// # let model = whyfor::Model::from_str("policy p category email purpose ads tag t use email for ads use email for ads")?;
/// use whyfor::lint::{Options, lint};
/// assert!(!lint(&model, &Options::default())?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The policy would not compile: its tables would be too large.
pub fn lint(model: &Model, options: &Options) -> Result<Diagnostics, Diagnostics> {
    let mut subject = Subject::new(model)?;
    let mut findings: Vec<Diagnostic> = Vec::new();
    match Points::new(model) {
        Some(points) => {
            let mut shapes = Shapes::new(model, &mut subject.answers, &subject.translation);
            let idle = idle::find(&mut subject, &points, &mut shapes, &mut findings);
            subject.refresh();
            overlaps::find(&mut subject, &points, &shapes, &idle, &mut findings);
            subject.refresh();
            reach::find(&mut subject, &points, &mut findings);
            wide::find(&mut subject, &points, options, &mut findings);
            subject.refresh();
            retention::find(&mut subject, &points, &mut findings);
            subject.refresh();
        }
        None => [
            Code::ChangesNothing,
            Code::Forbidden,
            Code::NeverPermitted,
            Code::WideSensitive,
            Code::DifferentDuties,
            Code::KeptTooLong,
            Code::KeptWithoutLimit,
            Code::UsedWithoutLimit,
        ]
        .into_iter()
        .for_each(|code| subject.left_out.rule(code, None)),
    }
    bases::find(&subject, &mut findings);
    masks::find(&subject, &mut findings);
    conditions::find(&mut subject, &mut findings);
    unused::find(&mut subject, options, &mut findings);
    spelling::find(&subject, &mut findings);
    let asked_for = |code: Code| options.of(code) != Level::Allow;
    let left_out = std::mem::take(&mut subject.left_out);
    let unchecked = left_out.codes();
    findings.extend(left_out.reported(asked_for));
    let mut findings = allows::apply(model, &subject.written, &unchecked, findings);
    findings.retain(|finding| asked_for(finding.code()));
    let level = |finding: Diagnostic| match options.of(finding.code()) {
        Level::Deny => finding.severe(Severity::Error),
        Level::Allow | Level::Warn => finding,
    };
    let findings = findings.into_iter().map(level).collect();
    Ok(Diagnostics::new(model.sources.clone(), findings))
}

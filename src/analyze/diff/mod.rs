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
//! - `change`, `kind`: what a change consists of;
//! - `axis`: the names to ask by, and what each means in either policy;
//! - `table`: both policies' answers to all questions;
//! - `boxes`: few boxes that hold the questions of one change, each in one of them;
//! - `uses`: what is told for collecting data and not again for using it;
//! - `phrases`: names as an author would write them;
//! - `cause`: the statements that did it;
//! - `names`: names that appeared, vanished or mean something else;
//! - `published`: statements that a published list has or lacks, where no decision tells of it;
//! - `wording`: labels, titles and other texts that changed;
//! - `one_line`: the words of a statement.

mod axis;
mod boxes;
mod cause;
mod change;
mod kind;
mod names;
mod one_line;
mod phrases;
mod published;
mod table;
mod uses;
mod wording;

use super::answers;
use crate::diagnostic::Diagnostics;
use crate::model::Model;
pub use cause::{Cause, CauseKind};
pub use change::{Answer, Change, Names, Witness};
pub use kind::ChangeKind;
pub use names::{NameChange, NameChangeKind};
pub use wording::WordingChange;

/// What changed between two policies.
#[derive(Debug, Clone, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Diff {
    changes: Vec<Change>,
    names: Vec<NameChange>,
    wording: Vec<WordingChange>,
}

/// Compares two policies. About what compiling both costs.
///
/// Facts count as what they are for the purpose that is asked about. Conditions are compared under all
/// values of the facts; where these are too many, the change is [`Undecided`](ChangeKind::Undecided). What changed
/// for collecting data and for using it alike is one change.
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
    let mut groups = table.changes();
    let names = names::changes(&axes);
    let (causes, phrases) = (cause::Causes::new(&axes), phrases::Phrases::new(&axes));
    let mut effort = answers::Effort::new(boxes::MOST_OF_ALL);
    let mut uses = uses::Uses::new(&mut groups);
    let mut changes = Vec::new();
    for group in &groups {
        for found in boxes::cover(group, &mut effort) {
            let with_use = uses.take(group, &found);
            let parts = ((&axes, &table), (&phrases, &causes));
            changes.push(phrases::change(parts.0, parts.1, group, &found, with_use));
        }
    }
    for group in uses.left() {
        for found in boxes::cover(group, &mut effort) {
            let parts = ((&axes, &table), (&phrases, &causes));
            changes.push(phrases::change(parts.0, parts.1, group, &found, false));
        }
    }
    changes.sort_by_cached_key(|change: &Change| {
        (change.kind, std::cmp::Reverse(change.more_permissive), change.to_string())
    });
    let mut wording = wording::changes(old, new);
    wording.extend(published::changes(old, new, &changes));
    Ok(Diff { changes, names, wording })
}

impl Diff {
    /// The decisions that changed, newly allowed first.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert_eq!(diff.changes().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// How many decisions changed. Each stands in one change.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert_eq!(diff.count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn count(&self) -> usize {
        self.changes.iter().map(Change::count).sum()
    }

    /// The names that appeared, vanished or mean something else.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert!(diff.names().is_empty()); // every name means what it did
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn names(&self) -> &[NameChange] {
        &self.names
    }

    /// The texts that readers of the policy see and that changed: labels, `open`, titles, reasons, entries of the
    /// header, published tags. Also the statements that a published list has or lacks, or has in another section, if they
    /// are not told as the causes of a change.
    ///
    /// ```
    /// let old = whyfor::Model::from_str("policy p category email \"Email\"")?;
    /// let new = whyfor::Model::from_str("policy p category email \"Email and address\"")?;
    /// let diff = whyfor::diff::diff(&old, &new)?;
    /// assert_eq!(diff.wording()[0].after, "Email and address");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn wording(&self) -> &[WordingChange] {
        &self.wording
    }

    /// Whether every question has the same answer, every name the same meaning, and every text the same words.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert!(!diff.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.names.is_empty() && self.wording.is_empty()
    }

    /// Whether something is allowed that was not, with fewer duties, for longer, on fewer legal bases or without
    /// one. True too where this cannot be decided. That data must be kept for longer is not more permissive.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert!(diff.is_more_permissive());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_more_permissive(&self) -> bool {
        self.changes.iter().any(|change| change.more_permissive)
    }
}

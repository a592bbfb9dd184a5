//! The published list of a policy, as data: for the people whose data it is about.
//!
//! Takes a [`Model`], gives a [`Notice`]: sections, in each its entries, and of an entry which data, how it
//! is collected or with whom it is shared, what for, under which condition, with which duties and for how
//! long. Everything stands in the author's order, since readers know the list in that order: so the
//! selections are read from the text again, where the model has sets. Nothing here knows a format of
//! output or a language that people speak.
//!
//! - `list`, `node`: the list;
//! - `build`: entries from statements;
//! - `chart`: all that the list permits, by category;
//! - `select`: a selection as a list of nodes that says the same as its set;
//! - `tags`: the published tags of a node;
//! - `condition`: conditions as trees of facts.

mod build;
mod chart;
mod condition;
mod list;
mod node;
mod select;
mod tags;

pub use condition::{Comparison, Condition};

use crate::Model;
pub use list::{Basis, Charted, Entry, Item, Notice, Place, Retain, Section, Selected};
pub use node::{Node, Tag};

impl Notice {
    /// The list of a policy. O(length of the files, and of the selections).
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let notice = whyfor::notice::Notice::of(&model);
    /// assert_eq!(notice.title, "Shop personal information list");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(model: &Model) -> Self {
        build::notice(model)
    }
}

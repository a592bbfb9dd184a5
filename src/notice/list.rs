//! The published list, as data.

use super::condition::Condition;
use super::node::Node;
use crate::{Act, StatementKind};

/// The published list of a policy.
///
/// ```
/// use whyfor::{Memory, Model, notice::Notice};
/// let files = Memory::new().with("shop.why", r#"
///     policy shop "Shop personal information list"
///     category contact "Contact details" open { email "Email address" }
///     method provided "Provided by the user"
///     purpose login "Signing in"
///     section account "Account" { collect contact by provided for login }
/// "#);
/// let notice = Notice::of(&Model::from_loader(&files, "shop.why")?);
/// let entry = &notice.sections[0].entries[0];
/// assert_eq!(entry.categories.groups[0].node.label, "Contact details");
/// assert_eq!(entry.categories.items[0].node.label, "Email address");
/// # Ok::<(), whyfor::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Notice {
    /// The policy's name.
    pub name: String,
    /// Its label, or an empty text.
    pub title: String,
    /// Its version, or an empty text.
    pub version: String,
    /// The controller, or an empty text.
    pub controller: String,
    /// The sections in the order of their first appearance. The last one has the statements outside of sections, if
    /// there are any.
    pub sections: Vec<Section>,
}

/// A section of the list.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Section {
    /// Its name; empty for what stands in no section.
    pub name: String,
    /// Its title, or an empty text.
    pub title: String,
    /// Where its first statement stands.
    pub place: Place,
    /// Its statements, in their order.
    pub entries: Vec<Entry>,
}

/// A file and a line, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Place {
    /// The path of the file below the policy's root folder.
    pub file: String,
    /// The line.
    pub line: u32,
}

/// One statement, as the list shows it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Entry {
    /// Whether it permits, forbids or requires.
    pub kind: StatementKind,
    /// What it is about doing, by which methods or with which recipients.
    pub act: Act<Selected, Selected>,
    /// Which data.
    pub categories: Selected,
    /// What for.
    pub purposes: Selected,
    /// Under which condition, if any.
    pub condition: Option<Condition>,
    /// The duties that come with it.
    pub duties: Vec<Node>,
    /// The retention in days, if it is limited.
    pub retain_days: Option<u32>,
    /// Where it stands.
    pub place: Place,
}

/// A selection, as the list shows it: the nodes that the author named, in the author's order.
///
/// A group that is followed by nodes below it heads a list of them: it is in `groups`, and they are in `items`. A
/// single group that is marked `open` heads a list of the nodes declared in it.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Selected {
    /// It is all there is of its kind.
    pub everything: bool,
    /// It has all that some `collect` statement covers.
    pub collected: bool,
    /// The groups that lead the list, if any do.
    pub groups: Vec<Item>,
    /// What is listed.
    pub items: Vec<Item>,
    /// What is not meant of all this.
    pub except: Vec<Node>,
}

/// A node in a list.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Item {
    /// The node.
    pub node: Node,
    /// It is marked `open`: it stands for more than the policy lists.
    pub open: bool,
    /// Of an open node, what is declared in it.
    pub members: Vec<Item>,
}

//! The published list, as data.

use super::condition::Condition;
use super::node::{Node, Tag};
use crate::{Act, Limit, StatementKind};

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
    /// The date from which it holds, or an empty text.
    pub effective: String,
    /// The tag of the language of its labels, or an empty text.
    pub language: String,
    /// Whom to write to, or an empty text.
    pub contact: String,
    /// The address of the list, or an empty text.
    pub url: String,
    /// All published tags.
    pub tags: Vec<Node>,
    /// The sections in the order of their first appearance. The last one has the statements outside of sections, if
    /// there are any.
    pub sections: Vec<Section>,
    /// The categories that permits to collect name, each once, in the order of the list.
    pub chart: Vec<Charted>,
    /// The permits for something that the chart has not, since it is used or shared without being collected: each by the
    /// number of its section and its own in there.
    pub uncharted: Vec<(usize, usize)>,
}

/// A category that is collected, and all that the list permits for some of it, without what it forbids under all facts.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Charted {
    /// The category.
    pub node: Node,
    /// The permits for it or for something below it, each by the number of its section and its own in there.
    pub entries: Vec<(usize, usize)>,
    /// What all these permit it for, each purpose once.
    pub purposes: Selected,
    /// What is required for it or for something below it, by the same numbers.
    pub requirements: Vec<(usize, usize)>,
    /// The recipients with published tags with whom some of it may be shared, also as parts of a group or as any.
    pub recipients: Vec<Node>,
}

/// A section of the list.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Section {
    /// Its name; empty for what stands in no section.
    pub name: String,
    /// Its title, or an empty text.
    pub title: String,
    /// What it says in prose, or an empty text.
    pub because: String,
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

/// One statement, as the list shows it. A statement that covers nothing is not in the list, and a permit to collect or
/// to share that names no method or recipient is what it permits: a permit to use.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Entry {
    /// Whether it permits, forbids or requires.
    pub kind: StatementKind,
    /// What it is about doing, by which methods or with which recipients.
    pub act: Act<Selected, Selected>,
    /// Which data, without what is optional.
    pub categories: Selected,
    /// The data that the person may leave out, if any.
    pub optional: Option<Selected>,
    /// What for.
    pub purposes: Selected,
    /// What must hold, if anything. The conditions of the bases are said with them.
    pub when: Option<Condition>,
    /// What must not hold, if anything.
    pub unless: Option<Condition>,
    /// The legal bases: alternatives, each of one or more that are needed together.
    pub bases: Vec<Vec<Basis>>,
    /// The duties that come with it. Those of a permit to share are the recipient's.
    pub duties: Vec<Node>,
    /// How long the data is kept, in the author's order. Of a permit to share, by the recipient.
    pub retain: Vec<Retain>,
    /// Why, or an empty text.
    pub because: String,
    /// An address with more about it, or an empty text.
    pub see: String,
    /// Where it stands.
    pub place: Place,
}

/// A legal basis, and the condition under which it is one.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Basis {
    /// The basis.
    pub node: Node,
    /// What must hold, if anything.
    pub when: Option<Condition>,
    /// What must not hold, if anything.
    pub unless: Option<Condition>,
}

/// A limit on how long data is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Retain {
    /// It is kept for that long, rather than no longer.
    pub at_least: bool,
    /// The limit, with the event that it counts from.
    pub limit: Limit<Node>,
}

/// A selection, as the list shows it: the nodes that the author named, in the author's order.
///
/// A node that the author named after a group above it is a member of the group. If all that is named is one group
/// with members, the group is in `groups`, and heads the list of its members in `items`.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Selected {
    /// It is all there is of its kind, but for what is in `except`.
    pub everything: bool,
    /// It has all that some `collect` statement covers.
    pub collected: bool,
    /// The group that leads the list, if one does.
    pub groups: Vec<Item>,
    /// What is listed.
    pub items: Vec<Item>,
    /// What is not meant of all this.
    pub except: Vec<Node>,
}

/// A node in a list.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Item {
    /// The node.
    pub node: Node,
    /// It is marked `open`: it stands for more than the policy lists.
    pub open: bool,
    /// The published tags of what is meant below it, each once, without its own.
    pub tags_below: Vec<Tag>,
    /// What the author named of it; of an open node of which nothing is named, what is declared in it.
    pub members: Vec<Item>,
    /// The author named its members.
    pub named: bool,
    /// The author named some of what is declared in it, but not all.
    pub partial: bool,
}

impl Selected {
    /// The nodes that the list shows of it, groups before their members, without exceptions.
    pub(super) fn named(&self) -> Vec<&Node> {
        fn add<'i>(item: &'i Item, nodes: &mut Vec<&'i Node>) {
            nodes.push(&item.node);
            item.members.iter().for_each(|member| add(member, nodes));
        }
        let mut nodes = Vec::new();
        self.groups.iter().chain(&self.items).for_each(|item| add(item, &mut nodes));
        nodes
    }
}

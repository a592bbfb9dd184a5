//! The categories that are collected, each with all permits for some of it.
//!
//! What a `never` forbids under all facts is not charted. One with a condition may not apply.

use super::list::{Charted, Item, Section, Selected};
use super::node::{Node, Tag};
use super::tags::Published;
use crate::Act;
use crate::model::{
    ActKind, ConditionId, Found, Hierarchy, Model, NodeSet, Reach, References, Statement,
    StatementKind, Tree,
};
use hashbrown::HashSet;

/// The chart, and the permits for what it has not. `statements`: the statement of each entry.
///
/// O(categories named × permits × purposes × prohibitions × ranges of their sets), and for permits to share × recipients.
pub(super) fn chart(
    model: &Model,
    sections: &[Section],
    statements: &[Vec<&Statement>],
) -> (Vec<Charted>, Vec<(usize, usize)>) {
    let tree = model.tree(Hierarchy::Category);
    let references = tree.references();
    let published = Published::new(model);
    let open = Open::new(model);
    let mut seen = HashSet::new();
    let mut chart = Vec::new();
    let mut covered = Vec::new();
    for node in named(sections).into_iter().chain(all(model, &published, sections, statements)) {
        let Found::One(id) = references.find(&node.path) else { continue };
        if seen.insert(id) {
            let below = tree.below(id);
            let mut row =
                Row { model, open: &open, below, shared: Vec::new(), is_collected: false };
            let mut charted = Charted { node, ..Charted::default() };
            for (section, statements) in statements.iter().enumerate() {
                for (at, statement) in statements.iter().enumerate() {
                    row.add(&mut charted, statement, &sections[section], (section, at));
                }
            }
            let mut shared = std::mem::take(&mut row.shared);
            shared.sort_unstable();
            shared.dedup();
            charted.recipients = tagged(model, &published, &shared);
            if row.is_collected {
                chart.push(charted);
                covered.extend_from_slice(below.ranges());
            }
        }
    }
    (chart, uncharted(model, statements, &NodeSet::from_ranges(covered)))
}

/// The permits for something that no row covers.
fn uncharted(
    model: &Model,
    statements: &[Vec<&Statement>],
    covered: &NodeSet,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (section, statements) in statements.iter().enumerate() {
        for (at, statement) in statements.iter().enumerate() {
            let left = model.set(statement.categories).difference(covered);
            if statement.kind == StatementKind::Permit && !left.is_empty() {
                found.push((section, at));
            }
        }
    }
    found
}

/// What no prohibition closes.
struct Open<'m> {
    model: &'m Model,
    /// The prohibitions without a condition.
    nevers: Vec<&'m Statement>,
    purposes: References<'m>,
}

impl<'m> Open<'m> {
    fn new(model: &'m Model) -> Self {
        let is_never = |statement: &&Statement| {
            statement.kind == StatementKind::Never && statement.own == ConditionId::ALWAYS
        };
        let nevers = model.statements.iter().filter(is_never).collect();
        Self { model, nevers, purposes: model.tree(Hierarchy::Purpose).references() }
    }

    /// Whether some of these categories may be permitted for an act with a method or recipient and a purpose.
    fn has(&self, act: ActKind, categories: &NodeSet, party: Option<u32>, purpose: u32) -> bool {
        let covers = |never: &&&Statement| {
            self.model.set(never.purposes).contains(purpose)
                && match never.reaches(act) {
                    Reach::Nothing => false,
                    Reach::Parties(set) => {
                        party.is_some_and(|party| self.model.set(set).contains(party))
                    }
                    Reach::All => true,
                }
        };
        let closed = self.nevers.iter().filter(covers);
        let closed = closed.flat_map(|never| self.model.set(never.categories).ranges()).copied();
        !categories.difference(&NodeSet::from_ranges(closed.collect())).is_empty()
    }

    /// The methods or recipients of a permit that are left for some of these purposes.
    fn parties(&self, permit: &Statement, categories: &NodeSet, purposes: &[u32]) -> Vec<u32> {
        let hierarchy = match permit.act {
            ActKind::Use => return Vec::new(),
            ActKind::Collect => Hierarchy::Method,
            ActKind::Share => Hierarchy::Recipient,
        };
        let parties: Vec<u32> = match permit.parties {
            Some(set) => self.model.set(set).iter().collect(),
            None => (0..=self.model.tree(hierarchy).any()).collect(),
        };
        let is_left = |party: &u32| {
            purposes.iter().any(|purpose| self.has(permit.act, categories, Some(*party), *purpose))
        };
        parties.into_iter().filter(is_left).collect()
    }
}

/// A category while its permits are gathered.
struct Row<'m> {
    model: &'m Model,
    open: &'m Open<'m>,
    /// It, and what is below it.
    below: &'m NodeSet,
    shared: Vec<u32>,
    is_collected: bool,
}

impl Row<'_> {
    fn add(
        &mut self,
        charted: &mut Charted,
        statement: &Statement,
        section: &Section,
        at: (usize, usize),
    ) {
        let categories = self.below.intersection(self.model.set(statement.categories));
        if categories.is_empty() || statement.kind == StatementKind::Never {
            return;
        }
        if statement.kind == StatementKind::Require {
            charted.requirements.push(at);
            return;
        }
        let purposes = self.model.set(statement.purposes).iter();
        let purposes: Vec<u32> = purposes
            .filter(|purpose| self.open.has(ActKind::Use, &categories, None, *purpose))
            .collect();
        if purposes.is_empty() {
            return;
        }
        charted.entries.push(at);
        self.purposes(charted, &section.entries[at.1].purposes, &purposes);
        let parties = self.open.parties(statement, &categories, &purposes);
        match statement.act {
            ActKind::Collect => self.is_collected |= !parties.is_empty(),
            ActKind::Share => self.shared.extend(parties),
            ActKind::Use => {}
        }
    }

    /// Adds the purposes of a permit for which something is left.
    fn purposes(&self, charted: &mut Charted, selected: &Selected, left: &[u32]) {
        let tree = self.model.tree(Hierarchy::Purpose);
        charted.purposes.everything |= selected.everything;
        for node in selected.named() {
            let Found::One(id) = self.open.purposes.find(&node.path) else { continue };
            let is_known = charted.purposes.items.iter().any(|item| item.node == *node);
            if !is_known && left.iter().any(|purpose| tree.below(id).contains(*purpose)) {
                let node = node.clone();
                charted.purposes.items.push(Item { node, ..Item::default() });
            }
        }
    }
}

/// Those with published tags, but for the parts of a group with the same.
fn tagged(model: &Model, published: &Published<'_>, recipients: &[u32]) -> Vec<Node> {
    let tree = model.tree(Hierarchy::Recipient);
    let declared = recipients.iter().copied().filter(|node| *node < tree.len());
    let tags = declared.map(|node| (node, published.of(tree, node)));
    let tags: Vec<(u32, Vec<Tag>)> = tags.filter(|(_, tags)| !tags.is_empty()).collect();
    let is_told = |node: u32, own: &[Tag]| {
        tree.parents(node).any(|above| tags.iter().any(|(other, of)| *other == above && of == own))
    };
    let told = tags.iter().filter(|(node, own)| !is_told(*node, own));
    told.map(|(node, tags)| labelled(tree, *node, tags.clone())).collect()
}

fn labelled(tree: &Tree, node: u32, tags: Vec<Tag>) -> Node {
    Node { tags, ..Node::named(tree.path(node), &tree.nodes[node as usize].label) }
}

/// The categories at the top of which a permit to collect all covers something.
fn all(
    model: &Model,
    published: &Published<'_>,
    sections: &[Section],
    statements: &[Vec<&Statement>],
) -> Vec<Node> {
    let tree = model.tree(Hierarchy::Category);
    let entries = sections.iter().zip(statements).flat_map(|(s, of)| s.entries.iter().zip(of));
    let everything = entries.filter(|(entry, _)| {
        let is_collected = matches!(entry.act, Act::Collect(_));
        entry.kind == StatementKind::Permit && is_collected && entry.categories.everything
    });
    let covered: Vec<_> =
        everything.map(|(_, statement)| model.set(statement.categories)).collect();
    let roots = (0..tree.len()).filter(|node| tree.nodes[*node as usize].parent.is_none());
    let covers = |node: &u32| {
        let below = tree.below(*node);
        covered.iter().any(|set| !set.intersection(below).is_empty())
    };
    roots.filter(covers).map(|node| labelled(tree, node, published.of(tree, node))).collect()
}

/// What permits to collect name, without what they name of it.
fn named(sections: &[Section]) -> Vec<Node> {
    let entries = sections.iter().flat_map(|section| &section.entries);
    let collects =
        entries.filter(|e| e.kind == StatementKind::Permit && matches!(e.act, Act::Collect(_)));
    let selected =
        collects.flat_map(|entry| std::iter::once(&entry.categories).chain(&entry.optional));
    let items =
        selected.flat_map(|one| if one.groups.is_empty() { &one.items } else { &one.groups });
    items.map(|item| item.node.clone()).collect()
}

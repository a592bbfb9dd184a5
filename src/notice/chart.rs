//! The categories that are collected, each with all permits for some of it.

use super::list::{Charted, Section};
use super::node::{Node, Tag};
use super::tags::Published;
use crate::Act;
use crate::model::{ActKind, Found, Hierarchy, Model, Reach, Statement, StatementKind, Tree};
use hashbrown::HashSet;

/// `statements`: the statement of each entry.
///
/// O(categories named × permits × ranges of their sets).
pub(super) fn chart(
    model: &Model,
    sections: &[Section],
    statements: &[Vec<&Statement>],
) -> Vec<Charted> {
    let tree = model.tree(Hierarchy::Category);
    let references = tree.references();
    let published = Published::new(model);
    let mut seen = HashSet::new();
    let mut chart = Vec::new();
    for node in named(sections).into_iter().chain(all(model, &published, sections, statements)) {
        let Found::One(id) = references.find(&node.path) else { continue };
        if !seen.insert(id) {
            continue;
        }
        let below = tree.below(id);
        let mut entries = Vec::new();
        let mut shared = Vec::new();
        for (section, statements) in statements.iter().enumerate() {
            for (at, statement) in statements.iter().enumerate() {
                let categories = model.set(statement.categories);
                if statement.kind == StatementKind::Permit
                    && !below.intersection(categories).is_empty()
                {
                    entries.push((section, at));
                    shared.extend(recipients(model, statement));
                }
            }
        }
        shared.sort_unstable();
        shared.dedup();
        let recipients = tagged(model, &published, &shared);
        chart.push(Charted { node, entries, recipients });
    }
    chart
}

/// The recipients that a permit is about.
fn recipients(model: &Model, statement: &Statement) -> Vec<u32> {
    match statement.reaches(ActKind::Share) {
        Reach::Nothing => Vec::new(),
        Reach::Parties(set) => model.set(set).iter().collect(),
        Reach::All => (0..model.tree(Hierarchy::Recipient).len()).collect(),
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

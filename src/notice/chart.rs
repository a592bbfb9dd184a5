//! The categories that are collected, each with all permits for some of it.

use super::list::{Charted, Section};
use super::node::Node;
use crate::Act;
use crate::model::{Found, Hierarchy, Model, Statement, StatementKind};
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
    let mut seen = HashSet::new();
    let mut chart = Vec::new();
    for node in named(sections) {
        let Found::One(id) = references.find(&node.path) else { continue };
        if !seen.insert(id) {
            continue;
        }
        let below = tree.below(id);
        let mut entries = Vec::new();
        for (section, statements) in statements.iter().enumerate() {
            for (at, statement) in statements.iter().enumerate() {
                let categories = model.set(statement.categories);
                if statement.kind == StatementKind::Permit
                    && !below.intersection(categories).is_empty()
                {
                    entries.push((section, at));
                }
            }
        }
        chart.push(Charted { node, entries });
    }
    chart
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

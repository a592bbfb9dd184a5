//! Tags and groups of tags, and the nodes that carry them.

use crate::model::{Found, Model, NodeSet, Tree};
use hashbrown::HashMap;

/// The tags that a reference names: itself and all below it. `None` if it names none.
pub(super) fn named(model: &Model, name: &str) -> Option<NodeSet> {
    match model.tags.tree.references().find(name) {
        Found::One(tag) => Some(model.tags.tree.below(tag).clone()),
        Found::Several | Found::None => None,
    }
}

/// The nodes of a hierarchy that carry one of some tags, themselves or above.
pub(super) fn carrying(model: &Model, tree: &Tree, tags: &NodeSet) -> NodeSet {
    if tags.is_empty() {
        return NodeSet::default();
    }
    let of_nodes = own(model, tree);
    let ranges = of_nodes.iter().zip(0..).filter(|(own, _)| own.iter().any(|t| tags.contains(*t)));
    NodeSet::from_ranges(ranges.flat_map(|(_, node)| tree.below(node).ranges()).copied().collect())
}

/// The tags that stand behind each node of a hierarchy.
pub(super) fn own(model: &Model, tree: &Tree) -> Vec<Vec<u32>> {
    let references = model.tags.tree.references();
    let mut known: HashMap<&str, Option<u32>> = HashMap::new();
    let mut of_nodes = Vec::with_capacity(tree.nodes.len());
    for node in &tree.nodes {
        let tags = node.tags.iter().filter_map(|tag| {
            *known.entry(tag.text.as_str()).or_insert_with(|| match references.find(&tag.text) {
                Found::One(tag) => Some(tag),
                Found::Several | Found::None => None,
            })
        });
        of_nodes.push(tags.collect());
    }
    of_nodes
}

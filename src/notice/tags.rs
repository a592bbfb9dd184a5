//! The published tags of a node, which the list shows after its label.

use super::node::{Node, Tag};
use crate::model::{Found, Model, References, Tree};

/// Which tags of the policy are published.
pub(super) struct Published<'m> {
    model: &'m Model,
    references: References<'m>,
}

impl<'m> Published<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self { model, references: model.tags.tree.references() }
    }

    /// The published tags that hold for a node, its own first, without those above others of them.
    ///
    /// O(nodes above it × their tags).
    pub(super) fn of(&self, tree: &Tree, node: u32) -> Vec<Tag> {
        let tags = &self.model.tags;
        let mut found: Vec<u32> = Vec::new();
        let mut nodes = vec![node];
        let mut at = 0;
        while let Some(node) = nodes.get(at).copied() {
            at += 1;
            for name in &tree.nodes[node as usize].tags {
                if let Found::One(tag) = self.references.find(&name.text)
                    && tags.published[tag as usize]
                    && !found.contains(&tag)
                {
                    found.push(tag);
                }
            }
            nodes.extend(
                tree.parents(node).filter(|above| !nodes.contains(above)).collect::<Vec<_>>(),
            );
        }
        let is_said = |tag: &u32| {
            found.iter().any(|other| other != tag && tags.with_groups(*other).any(|t| t == *tag))
        };
        found.iter().filter(|tag| !is_said(tag)).map(|tag| self.tag(*tag)).collect()
    }

    /// Whether the policy publishes any tag.
    pub(super) fn is_any(&self) -> bool {
        self.model.tags.published.contains(&true)
    }

    pub(super) fn all(&self) -> Vec<Node> {
        let tags = &self.model.tags;
        let published = (0..tags.tree.len()).filter(|tag| tags.published[*tag as usize]);
        published.map(|tag| self.named(tag)).collect()
    }

    fn tag(&self, tag: u32) -> Tag {
        let root = self.model.tags.with_groups(tag).last().unwrap_or(tag);
        Tag { group: self.named(root), tag: (tag != root).then(|| self.named(tag)) }
    }

    fn named(&self, tag: u32) -> Node {
        let node = &self.model.tags.tree.nodes[tag as usize];
        Node::named(&node.path, &node.label)
    }
}

//! One hierarchy: its nodes, and what is below each.
//!
//! A node is numbered before its children, and they before its next sibling. So the declared descendants of a node
//! have the numbers after its own, without a gap. `also` adds further parents. Methods and recipients have one node more
//! than is declared, "any", above all others: its number is the last, and no record of it is stored.

use super::node_set::NodeSet;
use crate::source::Span;
use crate::syntax::tree::Name;
use crate::words::Hierarchy;

/// One hierarchy of the policy.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    /// For each node, itself and everything below it, over all parents.
    pub(super) below: Vec<NodeSet>,
    /// Every node after all that is below it.
    pub(super) bottom_up: Vec<u32>,
}

#[derive(Debug)]
pub(crate) struct Node {
    /// The dotted path of its declaration.
    pub(crate) path: String,
    pub(crate) label: String,
    /// Marked `open`: it covers more than is listed below it. For readers only; decisions ignore it.
    pub(crate) open: bool,
    pub(crate) tags: Vec<Name>,
    pub(crate) parent: Option<u32>,
    /// Further parents, by `also`.
    pub(crate) also: Vec<u32>,
    /// Declared and `also` children.
    pub(crate) children: Vec<u32>,
    pub(crate) span: Span,
}

impl Tree {
    pub(crate) fn len(&self) -> u32 {
        self.nodes.len() as u32 // at most MAX_NODES
    }

    /// Adds a node as the last child of its parent.
    pub(super) fn add(&mut self, node: Node) {
        let id = self.len();
        if let Some(parent) = node.parent {
            self.nodes[parent as usize].children.push(id);
        }
        self.nodes.push(node);
    }

    /// The number of nodes as one of these hierarchies, with "any" among them.
    pub(crate) fn len_as(&self, hierarchy: Hierarchy) -> u32 {
        self.len() + u32::from(hierarchy.has_any())
    }

    /// The number of the node "any", which stands above all others of methods or recipients and is not declared.
    pub(crate) fn any(&self) -> u32 {
        self.len()
    }

    /// The node itself and everything below it.
    pub(crate) fn below(&self, node: u32) -> &NodeSet {
        &self.below[node as usize]
    }

    /// Every node after all that is below it.
    pub(crate) fn bottom_up(&self) -> &[u32] {
        &self.bottom_up
    }

    /// The nodes directly above, over all parents.
    pub(crate) fn parents(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let node = &self.nodes[node as usize];
        node.parent.into_iter().chain(node.also.iter().copied())
    }

    /// The path of a node; `*` for "any".
    pub(crate) fn path(&self, node: u32) -> &str {
        self.nodes.get(node as usize).map_or("*", |node| &node.path)
    }
}

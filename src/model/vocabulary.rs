//! One hierarchy: its nodes, what is below what, and how references find them.
//!
//! A node is numbered before its children and they before its next sibling, so the declared
//! descendants of `n` are the numbers from `n + 1` to before `end(n)`. `also` adds further parents.

use super::node_set::NodeSet;
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::{MAX_FIELD_NAME, MAX_NODES, MAX_RANGES};
use crate::names::Patience;
use crate::source::Span;
use crate::syntax::tree::{self, Hierarchy, Name};
use hashbrown::{HashMap, HashSet};

/// One hierarchy of the policy.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    /// For each node, itself and everything below it, over all parents.
    below: Vec<NodeSet>,
    /// Every node after all that is below it.
    bottom_up: Vec<u32>,
}

#[derive(Debug)]
pub(crate) struct Node {
    /// The dotted path of its one declaration.
    pub(crate) path: String,
    pub(crate) label: String,
    /// It stands for more than is below it, or is named: for readers, decisions do not know it.
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

    pub(crate) fn path(&self, node: u32) -> &str {
        &self.nodes[node as usize].path
    }

    /// The table of references. O(nodes × depth).
    pub(crate) fn references(&self) -> References<'_> {
        References::new(self)
    }
}

/// What a reference finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    One(u32),
    Several,
    None,
}

/// Which node each reference names: every dotted tail of every path.
pub(crate) struct References<'t> {
    tree: &'t Tree,
    table: HashMap<&'t str, Found>,
    /// The nodes of each reference that names several, in their order.
    several: HashMap<&'t str, Vec<u32>>,
    patience: Patience,
}

impl<'t> References<'t> {
    fn new(tree: &'t Tree) -> Self {
        let mut table: HashMap<&str, Found> = HashMap::with_capacity(tree.nodes.len() * 3);
        for (id, node) in tree.nodes.iter().enumerate() {
            table.insert(&node.path, Found::One(id as u32));
        }
        let mut several: HashMap<&str, Vec<u32>> = HashMap::new();
        for (id, node) in tree.nodes.iter().enumerate() {
            for tail in tails(&node.path) {
                let found = table.entry(tail).or_insert(Found::None);
                match *found {
                    Found::None => *found = Found::One(id as u32),
                    Found::One(at) if tree.path(at) == tail => {} // a full path wins over tails
                    Found::One(first) => {
                        *found = Found::Several;
                        several.insert(tail, vec![first, id as u32]);
                    }
                    Found::Several => several.entry(tail).or_default().push(id as u32),
                }
            }
        }
        Self { tree, table, several, patience: Patience::default() }
    }

    pub(crate) fn find(&self, reference: &str) -> Found {
        self.table.get(reference).copied().unwrap_or(Found::None)
    }

    pub(crate) fn path(&self, node: u32) -> &'t str {
        self.tree.path(node)
    }

    /// The paths most like a reference that names nothing.
    pub(crate) fn nearest(&self, reference: &str) -> Vec<String> {
        self.patience.nearest(reference, (0..self.tree.len()).map(|n| self.tree.path(n)))
    }

    /// The nodes that an ambiguous reference may mean: whose path ends with it at a dot.
    pub(crate) fn candidates(&self, reference: &str) -> &[u32] {
        self.several.get(reference).map_or(&[], Vec::as_slice)
    }

    /// Every reference of every node in a fixed order: the full path, then its tails.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'t str, Found)> + '_ {
        let tree = self.tree;
        let full = (0..tree.len()).map(move |n| (tree.path(n), Found::One(n)));
        let tails =
            (0..tree.len()).flat_map(move |n| tails(tree.path(n)).map(move |tail| (n, tail)));
        full.chain(tails.filter_map(move |(n, tail)| {
            let found = self.find(tail);
            match found {
                Found::One(at) => (at == n).then_some((tail, found)),
                _ => Some((tail, found)),
            }
        }))
    }
}

/// The proper tails of a path that start after a dot, the longest first.
fn tails(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('.').map(|(at, _)| &path[at + 1..])
}

/// Builds a hierarchy from the declarations of all files.
pub(crate) fn build(
    hierarchy: Hierarchy,
    declared: &[&tree::Node],
    diagnostics: &mut Vec<Diagnostic>,
) -> Tree {
    let mut builder = Builder { hierarchy, tree: Tree::default(), also: Vec::new(), diagnostics };
    builder.roots(declared);
    builder.resolve_also();
    if !builder.order() {
        // A circle: decisions over it mean nothing, and the policy is refused.
        builder.tree.below =
            (0..builder.tree.len()).map(|n| NodeSet::from_ranges(vec![(n, n + 1)])).collect();
        builder.tree.bottom_up = (0..builder.tree.len()).rev().collect();
    }
    builder.tree
}

struct Builder<'d> {
    hierarchy: Hierarchy,
    tree: Tree,
    /// The node and the reference to its further parent.
    also: Vec<(u32, Name)>,
    diagnostics: &'d mut Vec<Diagnostic>,
}

impl Builder<'_> {
    /// Unites the declarations of the same root, in the order of their first.
    fn roots(&mut self, declared: &[&tree::Node]) {
        let mut order: Vec<&str> = Vec::new();
        let mut by_name: HashMap<&str, Vec<&tree::Node>> = HashMap::new();
        for node in declared {
            let group = by_name.entry(&node.name.text).or_default();
            if group.is_empty() {
                order.push(&node.name.text);
            }
            group.push(node);
        }
        for name in order {
            let group = &by_name[name];
            for again in &group[1..] {
                self.check_same(group[0], again);
            }
            self.node(group, None);
        }
    }

    fn check_same(&mut self, first: &tree::Node, again: &tree::Node) {
        let label = |node: &tree::Node| node.label.as_ref().map(|l| l.text.clone());
        let tags = |node: &tree::Node| {
            let mut tags: Vec<_> = node.tags.iter().map(|t| t.text.clone()).collect();
            tags.sort();
            tags.dedup();
            tags
        };
        let what = match (label(first) == label(again), tags(first) == tags(again)) {
            (true, true) => return,
            (false, true) => "a different label",
            (true, false) => "different tags",
            (false, false) => "another label and other tags",
        };
        let message = format!(
            "the {} `{}` is declared twice with {what}",
            self.hierarchy.as_str(),
            again.name.text
        );
        self.diagnostics.push(
            Diagnostic::new(Code::DifferentDeclaration, again.name.span, message)
                .related(first.name.span, "first declared here")
                .help(
                    "give both the same label and tags (their children are united), or rename one",
                ),
        );
    }

    /// Adds a node that is declared once, or a root that is declared several times alike.
    fn node(&mut self, declarations: &[&tree::Node], parent: Option<u32>) {
        let id = self.tree.len();
        if id as usize == MAX_NODES {
            let message = format!("over {MAX_NODES} {}", self.hierarchy.plural());
            self.diagnostics.push(Diagnostic::new(
                Code::TooLarge,
                declarations[0].name.span,
                message,
            ));
        }
        if id as usize >= MAX_NODES {
            return;
        }
        let first = declarations[0];
        let path = match parent {
            Some(parent) => format!("{}.{}", self.tree.path(parent), first.name.text),
            None => first.name.text.clone(),
        };
        if path.len() > MAX_FIELD_NAME {
            let message = format!(
                "the path of this {} is {} bytes long; at most {MAX_FIELD_NAME} fit",
                self.hierarchy.as_str(),
                path.len()
            );
            let place = first.name.span;
            self.diagnostics.push(
                Diagnostic::new(Code::TooLarge, place, message)
                    .help("a path is its name and all names above it, joined by dots"),
            );
            return;
        }
        self.tree.nodes.push(Node {
            path,
            label: first.label.as_ref().map(|l| l.text.clone()).unwrap_or_default(),
            open: declarations.iter().any(|node| node.open),
            tags: first.tags.clone(),
            parent,
            also: Vec::new(),
            children: Vec::new(),
            span: first.name.span,
        });
        if let Some(parent) = parent {
            self.tree.nodes[parent as usize].children.push(id);
        }
        for declaration in declarations {
            self.also.extend(declaration.also.iter().map(|name| (id, name.clone())));
        }
        let mut siblings: HashMap<&str, Span> = HashMap::new();
        for child in declarations.iter().flat_map(|d| &d.children) {
            if let Some(other) = siblings.insert(&child.name.text, child.name.span) {
                let message = format!("two siblings are named `{}`", child.name.text);
                self.diagnostics.push(
                    Diagnostic::new(Code::DuplicateSibling, child.name.span, message)
                        .related(other, "the other one")
                        .help("siblings need different names: rename or remove one"),
                );
                continue;
            }
            self.node(&[child], Some(id));
        }
    }

    fn resolve_also(&mut self) {
        let mut edges = Vec::new();
        let references = self.tree.references();
        for (node, name) in &self.also {
            match super::resolve::node(self.hierarchy, &references, name) {
                Ok(parent) => edges.push((*node, parent)),
                Err(diagnostic) => self.diagnostics.push(*diagnostic),
            }
        }
        drop(references);
        let mut seen = HashSet::new();
        for (node, parent) in edges {
            if self.tree.nodes[node as usize].parent == Some(parent) || !seen.insert((node, parent))
            {
                continue; // already below it
            }
            self.tree.nodes[node as usize].also.push(parent);
            self.tree.nodes[parent as usize].children.push(node);
        }
    }

    /// Sorts the nodes so that each comes after all below it (Kahn 1962) and collects what is below
    /// each. False if there is a circle.
    fn order(&mut self) -> bool {
        let count = self.tree.nodes.len();
        let mut open: Vec<usize> = self.tree.nodes.iter().map(|n| n.children.len()).collect();
        let mut ready: Vec<u32> =
            (0..count as u32).rev().filter(|n| open[*n as usize] == 0).collect();
        let mut order = Vec::with_capacity(count);
        let mut below: Vec<NodeSet> = vec![NodeSet::default(); count];
        let mut ranges = 0;
        while let Some(node) = ready.pop() {
            let own = std::iter::once((node, node + 1));
            let children = self.tree.nodes[node as usize].children.iter();
            let all = own.chain(children.flat_map(|c| below[*c as usize].ranges().iter().copied()));
            let set = NodeSet::from_ranges(all.collect());
            ranges += set.ranges().len();
            if ranges > MAX_RANGES {
                let span = self.tree.nodes[node as usize].span;
                let message =
                    format!("the {} hang together by too many `also`", self.hierarchy.plural());
                self.diagnostics.push(Diagnostic::new(Code::TooLarge, span, message));
                return false;
            }
            below[node as usize] = set;
            order.push(node);
            for parent in self.tree.parents(node) {
                open[parent as usize] -= 1;
                if open[parent as usize] == 0 {
                    ready.push(parent);
                }
            }
        }
        if order.len() < count {
            self.report_circle(&open);
            return false;
        }
        self.tree.below = below;
        self.tree.bottom_up = order;
        true
    }

    /// Every node that is left over has a child that is left over: following it finds the circle.
    fn report_circle(&mut self, open: &[usize]) {
        let Some(start) = open.iter().position(|count| *count > 0) else { return };
        let mut walk: Vec<u32> = vec![start as u32];
        let mut places: HashMap<u32, usize> = HashMap::from_iter([(start as u32, 0)]);
        let circle = loop {
            let last = walk[walk.len() - 1] as usize;
            let children = &self.tree.nodes[last].children;
            let Some(next) = children.iter().copied().find(|c| open[*c as usize] > 0) else {
                return;
            };
            if let Some(from) = places.insert(next, walk.len()) {
                break walk.split_off(from);
            }
            walk.push(next);
        };
        let message = format!(
            "these {} are below themselves: {}",
            self.hierarchy.plural(),
            super::circle(circle.iter().map(|node| self.tree.path(*node)))
        );
        let nodes: HashSet<u32> = circle.iter().copied().collect();
        let culprits = self.also.iter().filter(|(node, _)| nodes.contains(node));
        let mut places = culprits.map(|(_, name)| name.span);
        let span = places.next().unwrap_or(self.tree.nodes[circle[0] as usize].span);
        let mut diagnostic = Diagnostic::new(Code::Circle, span, message);
        for place in places.take(super::MOST_SHOWN) {
            diagnostic = diagnostic.related(place, "and by this `also`");
        }
        self.diagnostics.push(diagnostic.help("remove one of the `also` that close the circle"));
    }
}

//! Builds a hierarchy from its declarations in all files.

use super::node_set::NodeSet;
use super::references;
use super::shown;
use super::tree::{Node, Tree};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::{MAX_FIELD_NAME, MAX_NODES, MAX_RANGES};
use crate::source::Span;
use crate::syntax::tree::{self, Hierarchy, Name};
use hashbrown::{HashMap, HashSet};

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
    let mut tree = builder.tree;
    if hierarchy.has_any() {
        tree.below.push(NodeSet::all(tree.len() + 1));
    }
    tree
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
        let Some(path) = self.path(first, parent) else { return };
        self.tree.add(Node {
            path,
            label: first.label.as_ref().map(|l| l.text.clone()).unwrap_or_default(),
            open: declarations.iter().any(|node| node.open),
            tags: first.tags.clone(),
            parent,
            also: Vec::new(),
            children: Vec::new(),
            span: first.name.span,
        });
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

    /// The path of a node, unless it is too long.
    fn path(&mut self, node: &tree::Node, parent: Option<u32>) -> Option<String> {
        let path = match parent {
            Some(parent) => format!("{}.{}", self.tree.path(parent), node.name.text),
            None => node.name.text.clone(),
        };
        if path.len() > MAX_FIELD_NAME {
            let message = format!(
                "the path of this {} is {} bytes long; at most {MAX_FIELD_NAME} fit",
                self.hierarchy.as_str(),
                path.len()
            );
            self.diagnostics.push(
                Diagnostic::new(Code::TooLarge, node.name.span, message)
                    .help("a path is its name and all names above it, joined by dots"),
            );
            return None;
        }
        Some(path)
    }

    fn resolve_also(&mut self) {
        let mut edges = Vec::new();
        let references = self.tree.references();
        for (node, name) in &self.also {
            match references::node(self.hierarchy, &references, name) {
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
            shown::circle(circle.iter().map(|node| self.tree.path(*node)))
        );
        let nodes: HashSet<u32> = circle.iter().copied().collect();
        let culprits = self.also.iter().filter(|(node, _)| nodes.contains(node));
        let mut places = culprits.map(|(_, name)| name.span);
        let span = places.next().unwrap_or(self.tree.nodes[circle[0] as usize].span);
        let mut diagnostic = Diagnostic::new(Code::Circle, span, message);
        for place in places.take(shown::MOST_SHOWN) {
            diagnostic = diagnostic.related(place, "and by this `also`");
        }
        self.diagnostics.push(diagnostic.help("remove one of the `also` that close the circle"));
    }
}

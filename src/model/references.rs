//! How references find the nodes of a hierarchy.

use super::shown::MOST_SHOWN;
use super::tree::Tree;
use crate::diagnostic::{Code, Diagnostic};
use crate::names::SuggestionBudget;
use crate::syntax::tree::Name;
use crate::words::Hierarchy;
use hashbrown::HashMap;

/// What a reference finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    One(u32),
    Several,
    None,
}

/// Which node each reference names. The references are all paths and their dotted tails.
pub(crate) struct References<'t> {
    tree: &'t Tree,
    table: HashMap<&'t str, Found>,
    /// The nodes of each reference that names several, in their order.
    several: HashMap<&'t str, Vec<u32>>,
    budget: SuggestionBudget,
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
        Self { tree, table, several, budget: SuggestionBudget::default() }
    }

    pub(crate) fn find(&self, reference: &str) -> Found {
        self.table.get(reference).copied().unwrap_or(Found::None)
    }

    pub(crate) fn path(&self, node: u32) -> &'t str {
        self.tree.path(node)
    }

    /// The paths of all nodes.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let tree = self.tree;
        (0..tree.len()).map(|node| tree.path(node))
    }

    /// The paths most similar to a reference that names nothing.
    pub(crate) fn nearest(&self, reference: &str) -> Vec<String> {
        self.budget.nearest(reference, (0..self.tree.len()).map(|n| self.tree.path(n)))
    }

    /// The nodes that an ambiguous reference may mean: those whose path ends with a dot and the reference.
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

impl Tree {
    /// The table of references. O(nodes × depth).
    pub(crate) fn references(&self) -> References<'_> {
        References::new(self)
    }
}

/// The node that a reference in the policy's text names.
pub(super) fn node(
    hierarchy: Hierarchy,
    references: &References<'_>,
    name: &Name,
) -> Result<u32, Box<Diagnostic>> {
    let word = hierarchy.as_str();
    let diagnostic = match references.find(&name.text) {
        Found::One(node) => return Ok(node),
        Found::None => {
            let message = format!("no {word} is named `{}`", name.text);
            let declaration = format!("{} are declared: `{word} NAME \"…\"`", hierarchy.plural());
            Diagnostic::new(Code::UnknownName, name.span, message)
                .nearest_or(&references.nearest(&name.text), declaration)
        }
        Found::Several => {
            let nodes = references.candidates(&name.text);
            let shown = nodes.iter().take(MOST_SHOWN).map(|node| references.path(*node));
            let shown: Vec<&str> = shown.collect();
            let mut paths = format!("`{}`", shown.join("`, `"));
            if nodes.len() > MOST_SHOWN {
                paths += &format!(" or {} others", nodes.len() - MOST_SHOWN);
            }
            let message = format!("`{}` names several {}", name.text, hierarchy.plural());
            Diagnostic::new(Code::AmbiguousName, name.span, message)
                .help(format!("write more of the path: {paths}"))
                .suggest(shown.into_iter().map(str::to_owned))
        }
    };
    Err(Box::new(diagnostic))
}

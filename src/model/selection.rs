//! Selections become sets of nodes, each set kept once.

use super::node_set::NodeSet;
use super::vocabulary::{References, Tree};
use super::{Hierarchy, resolve};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{Selection, SelectionKind};
use hashbrown::HashMap;

/// Which set; equal sets of one policy have equal ids, over all hierarchies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SetId(pub(crate) u32);

/// All sets of a policy.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    list: Vec<NodeSet>,
    ids: HashMap<NodeSet, SetId>,
}

impl Sets {
    pub(crate) fn intern(&mut self, set: NodeSet) -> SetId {
        if let Some(id) = self.ids.get(&set) {
            return *id;
        }
        let id = SetId(self.list.len() as u32);
        self.list.push(set.clone());
        self.ids.insert(set, id);
        id
    }

    pub(crate) fn get(&self, id: SetId) -> &NodeSet {
        &self.list[id.0 as usize]
    }
}

/// Evaluates the selections of one hierarchy.
pub(crate) struct Evaluator<'m> {
    pub(crate) hierarchy: Hierarchy,
    pub(crate) tree: &'m Tree,
    pub(crate) references: &'m References<'m>,
    /// The nodes that carry each declared tag, themselves and below; categories by category tags.
    pub(crate) tagged: &'m HashMap<String, NodeSet>,
    /// What `collected` stands for, where it may stand.
    pub(crate) collected: Option<&'m NodeSet>,
}

impl Evaluator<'_> {
    /// The set that a selection denotes; mistakes inside denote nothing and are told.
    ///
    /// O(sum of the ranges of its parts); recursion is as deep as the parentheses, which are bounded.
    pub(crate) fn evaluate(&self, selection: &Selection, found: &mut Vec<Diagnostic>) -> NodeSet {
        self.set(selection, false, found)
    }

    fn set(&self, selection: &Selection, subtracted: bool, found: &mut Vec<Diagnostic>) -> NodeSet {
        match &selection.kind {
            SelectionKind::Everything => NodeSet::all(self.tree.len()),
            SelectionKind::Collected => self.collected(selection, subtracted, found),
            SelectionKind::Tag(name) => match self.tagged.get(&name.text) {
                Some(set) => set.clone(),
                None => {
                    found.push(resolve::unknown_tag(name, sorted_keys(self.tagged)));
                    NodeSet::default()
                }
            },
            SelectionKind::Path(name) => match resolve::node(self.hierarchy, self.references, name)
            {
                Ok(node) => self.tree.below(node).clone(),
                Err(diagnostic) => {
                    found.push(*diagnostic);
                    NodeSet::default()
                }
            },
            SelectionKind::Union(parts) => {
                let sets: Vec<_> = parts.iter().map(|p| self.set(p, subtracted, found)).collect();
                NodeSet::from_ranges(sets.iter().flat_map(|s| s.ranges()).copied().collect())
            }
            SelectionKind::Intersection(parts) => {
                let mut sets = parts.iter().map(|p| self.set(p, subtracted, found));
                let first = sets.next().unwrap_or_default();
                sets.fold(first, |a, b| a.intersection(&b))
            }
            SelectionKind::Except(left, right) => {
                let left = self.set(left, subtracted, found);
                left.difference(&self.set(right, true, found))
            }
        }
    }

    fn collected(
        &self,
        selection: &Selection,
        subtracted: bool,
        found: &mut Vec<Diagnostic>,
    ) -> NodeSet {
        let refuse =
            |message: &str| Diagnostic::new(Code::MisplacedCollected, selection.span, message);
        match self.collected {
            Some(_) if subtracted => found
                .push(refuse("`collected` does not stand on the right of `except`").help(
                    "one more `collect` would then take something away: name the categories",
                )),
            Some(set) => return set.clone(),
            None if self.hierarchy == Hierarchy::Category => found
                .push(refuse("`collected` does not stand in `collect`").help(
                    "it means what the `collect` statements cover: name the categories here",
                )),
            None => found.push(
                refuse(&format!("`collected` is no set of {}", self.hierarchy.plural()))
                    .help("it stands for categories alone; `*` means every one"),
            ),
        }
        NodeSet::default()
    }
}

fn sorted_keys(map: &HashMap<String, NodeSet>) -> Vec<&str> {
    let mut keys: Vec<&str> = map.keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

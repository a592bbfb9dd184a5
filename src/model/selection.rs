//! Evaluates selections to sets of nodes; equal sets are stored once.

use super::node_set::NodeSet;
use super::references::{self, Found, References};
use super::tags;
use super::tree::Tree;
use crate::diagnostic::{Code, Diagnostic};
use crate::names::SuggestionBudget;
use crate::syntax::tree::{Name, Selection, SelectionKind};
use crate::words::Hierarchy;
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
    /// For all hierarchies, to recognize a name in the wrong place.
    pub(crate) references: &'m [References<'m>; 4],
    pub(crate) tags: &'m References<'m>,
    /// The nodes of the hierarchy that carry each tag, themselves and below.
    pub(crate) tagged: &'m [NodeSet],
    /// The meaning of `collected`, where it is allowed.
    pub(crate) collected: Option<&'m NodeSet>,
    pub(crate) budget: &'m SuggestionBudget,
}

impl Evaluator<'_> {
    /// The set of a selection. Parts with mistakes are empty and reported.
    ///
    /// O(sum of the ranges of its parts); recursion is as deep as the parentheses, which are bounded.
    pub(crate) fn evaluate(
        &self,
        selection: &Selection,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> NodeSet {
        self.set(selection, false, diagnostics)
    }

    fn set(
        &self,
        selection: &Selection,
        subtracted: bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> NodeSet {
        match &selection.kind {
            SelectionKind::Everything => NodeSet::all(self.tree.len_as(self.hierarchy)),
            SelectionKind::Collected => self.collected(selection, subtracted, diagnostics),
            SelectionKind::Tag(name) => match tags::named(self.tags, name, self.budget) {
                Ok(tag) => self.tagged[tag as usize].clone(),
                Err(diagnostic) => {
                    diagnostics.push(*diagnostic);
                    NodeSet::default()
                }
            },
            SelectionKind::Optional(one) => self.set(one, subtracted, diagnostics),
            SelectionKind::Path(name) => self.path(name, diagnostics),
            SelectionKind::Union(parts) => {
                let sets: Vec<_> =
                    parts.iter().map(|p| self.set(p, subtracted, diagnostics)).collect();
                NodeSet::from_ranges(sets.iter().flat_map(|s| s.ranges()).copied().collect())
            }
            SelectionKind::Intersection(parts) => {
                let mut sets = parts.iter().map(|p| self.set(p, subtracted, diagnostics));
                let first = sets.next().unwrap_or_default();
                sets.fold(first, |a, b| a.intersection(&b))
            }
            SelectionKind::Except(first, others) => {
                let first = self.set(first, subtracted, diagnostics);
                let others: Vec<_> =
                    others.iter().map(|s| self.set(s, true, diagnostics)).collect();
                let others = others.iter().flat_map(NodeSet::ranges).copied().collect();
                first.difference(&NodeSet::from_ranges(others))
            }
        }
    }

    fn path(&self, name: &Name, diagnostics: &mut Vec<Diagnostic>) -> NodeSet {
        let references = &self.references[self.hierarchy as usize];
        match references::node(self.hierarchy, references, name) {
            Ok(node) => return self.tree.below(node).clone(),
            Err(diagnostic) => diagnostics.push(self.elsewhere(name).unwrap_or(*diagnostic)),
        }
        NodeSet::default()
    }

    /// The message about a name that another hierarchy has.
    fn elsewhere(&self, name: &Name) -> Option<Diagnostic> {
        let names = |hierarchy: &Hierarchy| self.references[*hierarchy as usize].find(&name.text);
        if names(&self.hierarchy) != Found::None {
            return None;
        }
        let other = Hierarchy::ALL.into_iter().find(|other| names(other) != Found::None)?;
        let behind = match other {
            Hierarchy::Category => "`collect`, `use` or `share`",
            Hierarchy::Method => "`by`",
            Hierarchy::Purpose => "`for`",
            Hierarchy::Recipient => "`with`",
        };
        let message = format!("no {} is named `{}`", self.hierarchy.as_str(), name.text);
        let help =
            format!("it is a {}, and {} stand behind {behind}", other.as_str(), other.plural());
        Some(Diagnostic::new(Code::UnknownName, name.span, message).help(help))
    }

    fn collected(
        &self,
        selection: &Selection,
        subtracted: bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> NodeSet {
        let refuse =
            |message: &str| Diagnostic::new(Code::MisplacedCollected, selection.span, message);
        match self.collected {
            Some(_) if subtracted => diagnostics
                .push(refuse("`collected` does not stand on the right of `except`").help(
                    "one more `collect` would then take something away: name the categories",
                )),
            Some(set) => return set.clone(),
            None if self.hierarchy == Hierarchy::Category => {
                diagnostics
                    .push(refuse("`collected` stands neither in `collect` nor in `never`").help(
                    "it means what the `collect` statements cover, and one more of them may take \
                     nothing away: name the categories",
                ))
            }
            None => diagnostics.push(
                refuse(&format!("`collected` is not a set of {}", self.hierarchy.plural()))
                    .help("it stands for categories alone; `*` means every one"),
            ),
        }
        NodeSet::default()
    }
}

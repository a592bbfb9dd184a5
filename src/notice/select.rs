//! A selection as a list of nodes, in the order in which the author named them.
//!
//! The list says what the selection's set says: what the names leave of the set is added (tags and
//! intersections have no names), and what they have beyond it is taken out (`except`).

use super::list::{Item, Selected};
use super::node::Node;
use crate::model::{Found, NodeSet, References, Tree};
use crate::syntax::tree::{Selection, SelectionKind};
use hashbrown::HashSet;

/// One hierarchy, and what is selected of it.
pub(super) struct Select<'m> {
    pub(super) tree: &'m Tree,
    pub(super) references: &'m References<'m>,
    /// What `collected` stands for.
    pub(super) collected: &'m NodeSet,
}

/// What a selection names.
#[derive(Default)]
struct Named {
    nodes: Vec<u32>,
    everything: bool,
    collected: bool,
}

impl Select<'_> {
    /// The list for a selection and the set that it denotes; a part left out is everything.
    ///
    /// O(names × nodes below them).
    pub(super) fn list(&self, selection: Option<&Selection>, set: &NodeSet) -> Selected {
        let mut named = Named::default();
        match selection {
            Some(selection) => self.names(selection, &mut named),
            None => named.everything = true,
        }
        if named.everything {
            named.nodes = self.maximal(&NodeSet::all(self.tree.len()));
        }
        let mut covered: Vec<(u32, u32)> = Vec::new();
        let mut except: Vec<u32> = Vec::new();
        let mut nodes: Vec<u32> = Vec::new();
        if named.collected {
            covered.extend(self.collected.ranges());
            except = self.maximal(&self.collected.difference(set));
        }
        for node in named.nodes {
            let below = self.tree.below(node);
            covered.extend(below.ranges());
            let missing = below.difference(set);
            if missing.is_empty() {
                nodes.push(node);
            } else if holds(set, node) {
                nodes.push(node);
                except.extend(self.maximal(&missing));
            } else {
                nodes.extend(self.maximal(&below.intersection(set)));
            }
        }
        nodes.extend(self.maximal(&set.difference(&NodeSet::from_ranges(covered))));
        except.sort_unstable();
        except.dedup();
        let whole = named.everything && NodeSet::all(self.tree.len()).difference(set).is_empty();
        let mut selected = self.grouped(&self.told(&nodes), &except);
        selected.everything = whole;
        selected.collected = named.collected;
        selected.except = except.iter().map(|node| self.node(*node)).collect();
        selected
    }

    fn names(&self, selection: &Selection, named: &mut Named) {
        match &selection.kind {
            SelectionKind::Everything => named.everything = true,
            SelectionKind::Collected => named.collected = true,
            SelectionKind::Path(name) => {
                if let Found::One(node) = self.references.find(&name.text) {
                    named.nodes.push(node);
                }
            }
            SelectionKind::Union(parts) => parts.iter().for_each(|part| self.names(part, named)),
            SelectionKind::Except(first, _) => self.names(first, named),
            SelectionKind::Optional(term) => self.names(term, named),
            SelectionKind::Tag(_) | SelectionKind::Intersection(_) => {}
        }
    }

    /// The fewest nodes with what is below them that make up a set, in the order of their declaration, without "any". A
    /// node that is in it without some of what is below it is named only if none of that is.
    fn maximal(&self, set: &NodeSet) -> Vec<u32> {
        let mut nodes = Vec::new();
        let mut covered: HashSet<u32> = HashSet::new();
        for node in set.iter().filter(|node| *node < self.tree.len()) {
            if covered.contains(&node) {
                continue;
            }
            let below = self.tree.below(node);
            let whole = below.difference(set).is_empty();
            let alone = || below.intersection(set).iter().nth(1).is_none();
            if whole || alone() {
                nodes.push(node);
                covered.extend(below.iter());
            }
        }
        nodes
    }

    /// The nodes each once, without those whose parts all stand before them.
    fn told(&self, nodes: &[u32]) -> Vec<u32> {
        let mut told: Vec<u32> = Vec::new();
        for node in nodes {
            let parts = self.declared(*node);
            let in_parts = !parts.is_empty() && parts.iter().all(|part| told.contains(part));
            if !told.contains(node) && !in_parts {
                told.push(*node);
            }
        }
        told
    }

    /// Groups that are followed by nodes below them lead a list of what follows.
    fn grouped(&self, nodes: &[u32], except: &[u32]) -> Selected {
        let below = |node: u32, group: u32| node != group && holds(self.tree.below(group), node);
        let leads = |(at, group): (usize, &u32)| nodes[at + 1..].iter().any(|n| below(*n, *group));
        let groups = nodes.iter().enumerate().take_while(|(at, node)| leads((*at, node))).count();
        let (groups, rest) = nodes.split_at(groups);
        if !groups.is_empty() {
            let group = |node: &u32| Item { members: Vec::new(), ..self.item(*node, except) };
            return Selected {
                groups: groups.iter().map(group).collect(),
                items: rest.iter().map(|node| self.item(*node, except)).collect(),
                ..Selected::default()
            };
        }
        let free = |(at, node): &(usize, &u32)| !nodes[..*at].iter().any(|n| below(**node, *n));
        let items = nodes.iter().enumerate().filter(free);
        let mut items: Vec<Item> = items.map(|(_, node)| self.item(*node, except)).collect();
        match items.as_mut_slice() {
            [one] if !one.members.is_empty() => {
                let members = std::mem::take(&mut one.members);
                Selected { groups: items, items: members, ..Selected::default() }
            }
            _ => Selected { items, ..Selected::default() },
        }
    }

    fn item(&self, node: u32, except: &[u32]) -> Item {
        let open = self.tree.nodes[node as usize].open;
        let members = match open {
            true => self.declared(node),
            false => Vec::new(),
        };
        let members = members.iter().filter(|member| !except.contains(member));
        let members = members.map(|member| self.item(*member, except)).collect();
        Item { node: self.node(node), open, members }
    }

    fn declared(&self, node: u32) -> Vec<u32> {
        let children = self.tree.nodes[node as usize].children.iter().copied();
        children.filter(|child| self.tree.nodes[*child as usize].parent == Some(node)).collect()
    }

    fn node(&self, node: u32) -> Node {
        let node = &self.tree.nodes[node as usize];
        Node { path: node.path.clone(), label: node.label.clone() }
    }
}

fn holds(set: &NodeSet, node: u32) -> bool {
    set.ranges().iter().any(|(start, end)| (*start..*end).contains(&node))
}

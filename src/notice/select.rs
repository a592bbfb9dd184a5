//! A selection as a list of nodes, in the order in which the author named them.
//!
//! The list says what the selection's set says: what the names leave of the set is added (tags and
//! intersections have no names), and what they have beyond it is taken out (`except`).

use super::list::{Item, Selected};
use super::node::{Node, Tag};
use super::tags::Published;
use crate::model::{Found, Hierarchy, NodeSet, References, Tree};
use crate::syntax::tree::{Selection, SelectionKind};
use hashbrown::HashSet;

/// Which names of a selection count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    All,
    /// Those that are not optional.
    Required,
    Optional,
}

/// One hierarchy, and what is selected of it.
pub(super) struct Select<'m> {
    pub(super) hierarchy: Hierarchy,
    pub(super) tree: &'m Tree,
    pub(super) references: &'m References<'m>,
    pub(super) published: &'m Published<'m>,
    /// What `collected` stands for.
    pub(super) collected: &'m NodeSet,
    pub(super) which: Which,
    /// Of what is forbidden or owed: the nodes that the permits of the list name. It names those of them that it is about,
    /// so that a reader who knows only the list sees it.
    pub(super) permitted: Option<&'m NodeSet>,
}

/// What a selection names.
#[derive(Default)]
struct Named {
    nodes: Vec<u32>,
    everything: bool,
    collected: bool,
}

/// Nodes in the order in which they are named, and what is not meant.
struct Shown<'n> {
    nodes: &'n [u32],
    except: &'n [u32],
    /// All that is meant.
    set: &'n NodeSet,
}

impl Select<'_> {
    /// The list for a selection and the set that it denotes; a part left out is everything.
    ///
    /// O(names × nodes below them).
    pub(super) fn list(&self, selection: Option<&Selection>, set: &NodeSet) -> Selected {
        let mut named = Named::default();
        match selection {
            Some(selection) => self.names(selection, self.which != Which::Optional, &mut named),
            None => named.everything = true,
        }
        if self.is_everything(&named, set) {
            let missing = self.maximal(&NodeSet::all(self.tree.len()).difference(set));
            let except = missing.iter().map(|node| self.node(*node)).collect();
            return Selected { everything: true, except, ..Selected::default() };
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
            } else if set.contains(node) {
                nodes.push(node);
                except.extend(self.maximal(&missing));
            } else {
                nodes.extend(self.maximal(&below.intersection(set)));
            }
        }
        nodes.extend(self.maximal(&set.difference(&NodeSet::from_ranges(covered))));
        except.sort_unstable();
        except.dedup();
        let told = self.told(&self.with_permitted(nodes, set));
        let mut selected = Selected { collected: named.collected, ..Selected::default() };
        selected.items = self.grouped(&Shown { nodes: &told, except: &except, set });
        if let ([one], false) = (selected.items.as_mut_slice(), named.collected)
            && !one.members.is_empty()
        {
            let members = std::mem::take(&mut one.members);
            selected.groups = std::mem::replace(&mut selected.items, members);
        }
        selected.except = except.iter().map(|node| self.node(*node)).collect();
        selected
    }

    /// Whether a list of nodes would say less than the selection: it has nodes that are not declared, or categories that
    /// a later version declares are meant too. Purposes are a closed list, which says what is left.
    fn is_everything(&self, named: &Named, set: &NodeSet) -> bool {
        match self.hierarchy {
            Hierarchy::Category => named.everything,
            Hierarchy::Purpose => {
                named.everything && NodeSet::all(self.tree.len()).difference(set).is_empty()
            }
            Hierarchy::Method | Hierarchy::Recipient => set.contains(self.tree.any()),
        }
    }

    /// `counts`: these names are among those that are asked for.
    fn names(&self, selection: &Selection, counts: bool, named: &mut Named) {
        match &selection.kind {
            SelectionKind::Everything => named.everything |= counts,
            SelectionKind::Collected => named.collected |= counts,
            SelectionKind::Path(name) => {
                if let (true, Found::One(node)) = (counts, self.references.find(&name.text)) {
                    named.nodes.push(node);
                }
            }
            SelectionKind::Union(parts) => {
                parts.iter().for_each(|part| self.names(part, counts, named));
            }
            SelectionKind::Except(first, _) => self.names(first, counts, named),
            SelectionKind::Optional(term) => self.names(term, self.which != Which::Required, named),
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

    /// Nodes of a prohibition or a duty, with those below them that a permit names. A group that tells some of its parts
    /// tells all that it told before.
    fn with_permitted(&self, mut nodes: Vec<u32>, set: &NodeSet) -> Vec<u32> {
        let Some(permitted) = self.permitted else { return nodes };
        let permitted: Vec<u32> = permitted.intersection(set).iter().collect();
        let shown = self.shown(&nodes, set);
        if permitted.iter().all(|node| shown.contains(node)) {
            return nodes;
        }
        let mut parts: Vec<u32> = shown.into_iter().chain(permitted).collect();
        parts.sort_unstable();
        nodes.extend(parts);
        nodes
    }

    /// The nodes, and the parts that the open ones among them show.
    fn shown(&self, nodes: &[u32], set: &NodeSet) -> HashSet<u32> {
        let mut shown: HashSet<u32> = HashSet::new();
        let mut pending = nodes.to_vec();
        while let Some(node) = pending.pop() {
            if shown.insert(node) && self.tree.nodes[node as usize].open {
                let parts = self.tree.nodes[node as usize].children.iter();
                pending.extend(parts.filter(|part| set.contains(**part)));
            }
        }
        shown
    }

    /// The nodes each once. A group whose parts all stand before it says nothing more than they do, unless it is open, or a
    /// prohibition or a duty is about it: then it leads them.
    fn told(&self, nodes: &[u32]) -> Vec<u32> {
        let mut told: Vec<u32> = Vec::new();
        for node in nodes.iter().copied() {
            if told.contains(&node) {
                continue;
            }
            let parts = self.declared(node);
            let in_parts = !parts.is_empty() && parts.iter().all(|part| told.contains(part));
            let says_more = self.tree.nodes[node as usize].open || self.permitted.is_some();
            match told.iter().position(|other| parts.contains(other)) {
                Some(first) if in_parts && says_more => told.insert(first, node),
                Some(_) if in_parts => {}
                _ => told.push(node),
            }
        }
        told
    }

    /// Nodes below others that stand before them are their members.
    fn grouped(&self, shown: &Shown<'_>) -> Vec<Item> {
        let nodes = shown.nodes;
        let hosts: Vec<Option<usize>> = (0..nodes.len()).map(|at| self.host(nodes, at)).collect();
        let mut inside: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        for (at, host) in hosts.iter().enumerate() {
            host.iter().for_each(|host| inside[*host].push(at));
        }
        let free = (0..nodes.len()).filter(|at| hosts[*at].is_none());
        free.map(|at| self.group(shown, at, &inside)).collect()
    }

    /// The node before this one that it is a member of: the nearest that it is declared in, or else the last that it is
    /// below by `also`.
    fn host(&self, nodes: &[u32], at: usize) -> Option<usize> {
        let place = |node: u32| nodes[..at].iter().position(|before| *before == node);
        let parent = |node: &u32| self.tree.nodes[*node as usize].parent;
        let mut above = std::iter::successors(parent(&nodes[at]), parent);
        let declared = above.find_map(place);
        declared
            .or_else(|| nodes[..at].iter().rposition(|n| self.tree.below(*n).contains(nodes[at])))
    }

    fn group(&self, shown: &Shown<'_>, at: usize, inside: &[Vec<usize>]) -> Item {
        let node = shown.nodes[at];
        if inside[at].is_empty() {
            return self.item(node, shown);
        }
        let members = inside[at].iter().map(|member| self.group(shown, *member, inside)).collect();
        let is_named = |part: &u32| {
            shown.except.contains(part)
                || inside[at].iter().any(|member| shown.nodes[*member] == *part)
        };
        let declared = self.declared(node);
        // A single part in a bracket could be an explanation.
        let is_single = self.permitted.is_some() && inside[at].len() == 1;
        let partial = is_single || !declared.iter().all(is_named);
        Item { named: true, partial, ..self.with_members(node, members, shown.set) }
    }

    fn item(&self, node: u32, shown: &Shown<'_>) -> Item {
        let members = match self.tree.nodes[node as usize].open {
            true => self.tree.nodes[node as usize].children.clone(),
            false => Vec::new(),
        };
        let members = members.iter().filter(|member| !shown.except.contains(member));
        let members = members.map(|member| self.item(*member, shown)).collect();
        self.with_members(node, members, shown.set)
    }

    /// The members do not repeat the tags of their group.
    fn with_members(&self, node: u32, mut members: Vec<Item>, set: &NodeSet) -> Item {
        let open = self.tree.nodes[node as usize].open;
        let tags_below = self.tags_below(node, set);
        let node = self.node(node);
        for member in &mut members {
            member.node.tags.retain(|tag| !node.tags.contains(tag));
        }
        Item { node, open, tags_below, members, named: false, partial: false }
    }

    fn tags_below(&self, node: u32, set: &NodeSet) -> Vec<Tag> {
        if !self.published.is_any() {
            return Vec::new();
        }
        let own = self.published.of(self.tree, node);
        let below = self.tree.below(node).intersection(set);
        let mut tags: Vec<Tag> = Vec::new();
        for tag in below.iter().flat_map(|below| self.published.of(self.tree, below)) {
            if !own.contains(&tag) && !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags
    }

    fn declared(&self, node: u32) -> Vec<u32> {
        let children = self.tree.nodes[node as usize].children.iter().copied();
        children.filter(|child| self.tree.nodes[*child as usize].parent == Some(node)).collect()
    }

    fn node(&self, node: u32) -> Node {
        let tags = self.published.of(self.tree, node);
        let node = &self.tree.nodes[node as usize];
        Node { tags, ..Node::named(&node.path, &node.label) }
    }
}

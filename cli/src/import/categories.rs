//! The nodes of labels, and the selections that name them.
//!
//! A label may stand in several groups of a page: "Contact (name, email)" and "Company (name, address)" are about two
//! kinds of names. Each is a node of its own, so that a permit for one is none for the other. A permit that says only
//! "name" then says too little, and is a comment; a prohibition is for both.

use super::draft::{Hierarchy, Parts, fits};
use super::record::{Datum, Record};
use super::split::{self, Label, Types};
use crate::notice::matching;
use crate::notice::words::Words;
use std::collections::BTreeSet;
use whyfor::{Act, StatementKind};

/// A hierarchy that grows with the labels of a document.
pub(super) struct Categories<'a> {
    pub(super) words: &'a Words,
    pub(super) hierarchy: &'a mut Hierarchy,
    pub(super) kind: StatementKind,
    /// Why a statement with these labels says too much or too little: one may mean several nodes, or none.
    pub(super) unclear: &'a mut Vec<String>,
}

impl Categories<'_> {
    /// The names of labels, with the parts that a label lists.
    pub(super) fn names(&mut self, labels: &[Label]) -> String {
        let mut ids: Vec<usize> = Vec::new();
        for label in labels {
            let (id, is_new) = self.node(label, None);
            if !is_new {
                self.hierarchy.nodes[id].open |= label.open && label.members.is_empty();
            }
            ids.push(id);
            ids.extend(self.parts(id, label));
        }
        ids.extend(self.covered(labels));
        self.written(&ids)
    }

    /// The selection for the data of a record.
    pub(super) fn selection(
        &mut self,
        list: &[Datum],
        record: &Record,
        notes: &mut Vec<String>,
    ) -> String {
        let is_collected = record.act == Act::Collect(()) && record.kind == StatementKind::Permit;
        let mut terms: Vec<(usize, bool)> = Vec::new();
        for datum in list {
            terms.extend(self.types(&datum.types, datum.optional, notes));
        }
        for Types { group, items } in list.iter().map(|datum| &datum.types) {
            let group = group.as_slice().iter();
            let labels: Vec<Label> = group.chain(items).cloned().collect();
            terms.extend(self.covered(&labels).into_iter().map(|id| (id, false)));
        }
        let mut unique: Vec<(usize, bool)> = Vec::new();
        for (id, optional) in terms {
            if !unique.iter().any(|(known, _)| *known == id) {
                unique.push((id, optional && is_collected));
            }
        }
        let texts = unique.iter().map(|(id, optional)| {
            // What is optional in a group is taken out of it, and the other way round.
            let is_other = |(other, its): &&(usize, bool)| {
                its != optional && self.hierarchy.is_below(*other, *id)
            };
            let others: Vec<usize> = unique.iter().filter(is_other).map(|(id, _)| *id).collect();
            let name = self.hierarchy.reference(*id);
            let term = match others.as_slice() {
                [] => name,
                others => format!("({name} except {})", self.written(others)),
            };
            if *optional { format!("optional {term}") } else { term }
        });
        texts.collect::<Vec<_>>().join(", ")
    }

    fn written(&self, ids: &[usize]) -> String {
        let mut seen: Vec<usize> = Vec::new();
        for id in ids {
            if !seen.contains(id) {
                seen.push(*id);
            }
        }
        let names = seen.iter().map(|id| self.hierarchy.reference(*id));
        names.collect::<Vec<_>>().join(", ")
    }

    /// The nodes for a sentence of types, and whether a person may leave them out.
    fn types(
        &mut self,
        types: &Types,
        optional: bool,
        notes: &mut Vec<String>,
    ) -> Vec<(usize, bool)> {
        let Types { group, items } = types;
        let group = group.as_ref().map(|group| {
            let label = Label { members: items.clone(), ..group.clone() };
            (self.find_or_add(&label, None).0, group.open)
        });
        let above = group.map(|(id, _)| id);
        let mut terms: Vec<(usize, bool)> = Vec::new();
        for item in items {
            let optional = item.optional.unwrap_or(optional);
            let (id, is_new) = self.node(item, above);
            if !is_new {
                self.hierarchy.nodes[id].open |= item.open && item.members.is_empty();
            }
            if item.doubtful {
                self.guess(id, "an item of its own; it may be part of the one before it");
            }
            terms.push((id, optional));
            terms.extend(self.parts(id, item).into_iter().map(|id| (id, optional)));
        }
        let Some((group, open)) = group else { return terms };
        let label = &self.hierarchy.nodes[group].label;
        if label.contains(',') || label.contains(&self.words.and) {
            self.guess(group, "one group; several, if its label names several");
        }
        let is_inside =
            |(id, _): &(usize, bool)| *id == group || self.hierarchy.is_below(*id, group);
        if !terms.iter().all(is_inside) {
            notes.push("guessed: an item of the group stands outside of it".to_owned());
        } else if open && terms.iter().all(|(_, its)| *its == optional) {
            return vec![(group, optional)]; // "such as" covers the whole group
        }
        terms.insert(0, (group, optional));
        terms
    }

    fn guess(&mut self, id: usize, guess: &str) {
        self.hierarchy.nodes[id].guess = Some(guess.to_owned());
    }

    /// The parts of a closed item, which a statement names beside it.
    fn parts(&mut self, id: usize, item: &Label) -> Vec<usize> {
        if item.open {
            return Vec::new(); // the item covers its examples, and more
        }
        let mut parts = Vec::new();
        for member in &item.members {
            let (inner, _) = self.node(member, Some(id));
            parts.push(inner);
            parts.extend(self.parts(inner, member));
        }
        parts
    }

    /// What a prohibition or a duty is about besides: all nodes with one of these labels, or with one that names it among
    /// others. What a page forbids for "photos" is forbidden for each node that may be meant.
    fn covered(&self, labels: &[Label]) -> Vec<usize> {
        if self.kind == StatementKind::Permit {
            return Vec::new();
        }
        let mut keys: BTreeSet<String> = BTreeSet::new();
        let mut pending: Vec<&Label> = labels.iter().collect();
        while let Some(label) = pending.pop() {
            keys.extend(self.keys(&label.text));
            pending.extend(&label.members);
        }
        let is_meant = |id: &usize| {
            let node = &self.hierarchy.nodes[*id];
            self.keys(&node.label).iter().any(|key| keys.contains(key))
        };
        (0..self.hierarchy.nodes.len()).filter(is_meant).collect()
    }

    /// The key of a label, and those of what it names if it is a list.
    fn keys(&self, text: &str) -> Vec<String> {
        let pieces = split::pieces(text, self.words);
        let all = pieces.iter().map(String::as_str).chain([text]);
        all.map(|text| self.key(text)).filter(|key| !key.is_empty()).collect()
    }

    /// The node of a label, and whether it is new.
    pub(super) fn node(&mut self, label: &Label, parent: Option<usize>) -> (usize, bool) {
        if !label.path.is_empty() {
            return (self.at_path(label), false);
        }
        let (id, is_new) = self.find_or_add(label, parent);
        for member in &label.members {
            let (inner, _) = self.node(member, Some(id));
            if member.doubtful {
                self.guess(inner, "an item of its own; it may be part of the one before it");
            }
        }
        (id, is_new)
    }

    /// The node of a label, without what is below it.
    fn find_or_add(&mut self, label: &Label, parent: Option<usize>) -> (usize, bool) {
        let parts = self.said(label);
        // A prohibition may name parts of a group. A permit for the group does not include them.
        let above = parent.filter(|_| self.kind == StatementKind::Permit);
        let found = self.found(label, parent, &parts);
        let (id, is_new) = match found.as_slice() {
            [] => {
                let key = self.key(&label.text);
                (self.hierarchy.add(key, &label.text, label.open, above), true)
            }
            [first, more @ ..] => {
                if !more.is_empty() {
                    self.unclear
                        .push(format!("{} (the page has it in several places)", label.text));
                }
                (*first, false)
            }
        };
        let around = parent.filter(|_| above.is_none());
        let around = around.map(|parent| self.hierarchy.published(parent)).unwrap_or_default();
        let node = &mut self.hierarchy.nodes[id];
        if is_new {
            node.published = label.published.iter().cloned().chain(around).collect();
        }
        if parts != Parts::Unsaid {
            node.open |= parts == Parts::Open;
            node.parts = parts;
        }
        if let (false, Some(parent)) = (is_new, above) {
            self.hierarchy.adopt(id, parent);
        }
        (id, is_new)
    }

    /// What a label says of its parts.
    fn said(&self, label: &Label) -> Parts {
        if label.members.is_empty() {
            return Parts::Unsaid;
        }
        if label.open {
            return Parts::Open;
        }
        let mut texts: Vec<String> =
            label.members.iter().map(|member| folded(&member.text)).collect();
        texts.sort();
        Parts::All(texts)
    }

    /// The nodes that a label may mean, best first; several only if nothing tells which.
    ///
    /// Groups of one label that are complete and have other parts are other groups, and so are an open one and a
    /// complete one.
    fn found(&self, label: &Label, parent: Option<usize>, parts: &Parts) -> Vec<usize> {
        let nodes = &self.hierarchy.nodes;
        let text = folded(&label.text);
        let mut tags = label.published.clone();
        tags.extend(parent.into_iter().flat_map(|parent| self.hierarchy.published(parent)));
        let tags: BTreeSet<_> = tags.into_iter().collect();
        let is_meant =
            |id: &usize| folded(&nodes[*id].label) == text && self.hierarchy.published(*id) == tags;
        let all: Vec<usize> = self.hierarchy.all(&self.key(&label.text)).to_vec();
        let all: Vec<usize> = all.into_iter().filter(is_meant).collect();
        // "Location, such as location": the group itself.
        if let Some(parent) = parent.filter(|id| *parts == Parts::Unsaid && all.contains(id)) {
            return vec![parent];
        }
        let choose = |is: &dyn Fn(usize) -> bool| -> Option<Vec<usize>> {
            let chosen: Vec<usize> = all.iter().copied().filter(|id| is(*id)).collect();
            (!chosen.is_empty()).then_some(chosen)
        };
        let is_in = |id: usize| parent.is_none_or(|parent| nodes[id].parent == Some(parent));
        let is_free = |id: usize| {
            parent.is_some_and(|parent| {
                nodes[id].parent.is_none() && id != parent && !self.hierarchy.is_below(parent, id)
            })
        };
        let places: [&dyn Fn(usize) -> bool; 2] = [&is_in, &is_free];
        for place in places {
            let same = choose(&|id| place(id) && nodes[id].parts == *parts);
            let other = match parts {
                Parts::Unsaid => choose(&|id| place(id)),
                _ => same.or_else(|| choose(&|id| place(id) && nodes[id].parts == Parts::Unsaid)),
            };
            if let Some(found) = other {
                return found;
            }
        }
        Vec::new()
    }

    /// The node at a path of names, with those above it.
    pub(super) fn at_path(&mut self, label: &Label) -> usize {
        if !fits(label.path.iter().map(String::as_str)) {
            self.unclear
                .push(format!("{} (its path is longer than a policy may have)", label.text));
            let root = Label { path: label.path[..1].to_vec(), ..label.clone() };
            return self.at_path(&Label {
                text: label.groups.first().cloned().unwrap_or_default(),
                ..root
            });
        }
        let mut parent = None;
        let last = label.path.len().saturating_sub(1);
        for (at, name) in label.path.iter().enumerate() {
            let key = path_key(&label.path[..=at]);
            let text = if at == last { Some(&label.text) } else { label.groups.get(at) };
            let text = text.map_or("", String::as_str);
            let id = match self.hierarchy.find(&key) {
                Some(id) => id,
                None => self.hierarchy.add_named(key, name.clone(), text, false, parent),
            };
            let node = &mut self.hierarchy.nodes[id];
            if node.label.is_empty() {
                text.clone_into(&mut node.label);
            }
            parent = Some(id);
        }
        parent.unwrap_or(0)
    }

    fn key(&self, label: &str) -> String {
        matching::key(label, self.words)
    }
}

/// A label without what a list may write in another way: its capitals and its spaces.
fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The key of a path of names; no label has it.
pub(super) fn path_key(path: &[String]) -> String {
    format!("\u{0}{}", path.join("."))
}

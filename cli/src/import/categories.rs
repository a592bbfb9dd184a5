//! The nodes of labels, and the selections that name them.

use super::draft::Hierarchy;
use super::record::{Datum, Record};
use super::split::{Label, Types};
use crate::notice::matching;
use crate::notice::words::Words;
use whyfor::{Act, StatementKind};

/// A hierarchy that grows with the labels of a document.
pub(super) struct Categories<'a> {
    pub(super) words: &'a Words,
    pub(super) hierarchy: &'a mut Hierarchy,
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
            ids.extend(self.parts(label));
        }
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
        let group = group.as_ref().map(|group| self.group(group, items, group.open, None));
        let above = group.map(|(id, _)| id);
        let mut terms: Vec<(usize, bool)> = Vec::new();
        let mut known = false;
        for item in items {
            let optional = item.optional.unwrap_or(optional);
            let (id, is_new) = self.node(item, above);
            if !is_new {
                known = true;
                self.hierarchy.nodes[id].open |= item.open && item.members.is_empty();
            }
            if item.doubtful {
                self.guess(id, "an item of its own; it may be part of the one before it");
            }
            terms.push((id, optional));
            terms.extend(self.parts(item).into_iter().map(|id| (id, optional)));
        }
        let Some((group, is_new)) = group else { return terms };
        let label = &self.hierarchy.nodes[group].label;
        if label.contains(',') || label.contains(&self.words.and) {
            self.guess(group, "one group; several, if its label names several");
        }
        if is_new && !known && self.hierarchy.nodes[group].open {
            return vec![(group, optional)]; // "such as" covers the whole group
        }
        if terms.iter().any(|(id, _)| *id != group && !self.hierarchy.is_below(*id, group)) {
            notes.push("guessed: an item of the group stands outside of it".to_owned());
        }
        terms.insert(0, (group, optional));
        terms
    }

    fn guess(&mut self, id: usize, guess: &str) {
        self.hierarchy.nodes[id].guess = Some(guess.to_owned());
    }

    /// The parts of a closed item, which a statement names beside it.
    fn parts(&self, item: &Label) -> Vec<usize> {
        if item.open {
            return Vec::new(); // the item covers its examples, and more
        }
        let keys = item.members.iter().map(|member| self.key(&member.text));
        keys.filter_map(|key| self.hierarchy.find(&key)).collect()
    }

    /// The node of a label, and whether it is new.
    fn node(&mut self, label: &Label, parent: Option<usize>) -> (usize, bool) {
        if !label.path.is_empty() {
            return (self.at_path(label), false);
        }
        let (id, is_new) = self.group(label, &label.members, label.open, parent);
        for member in &label.members {
            let (inner, _) = self.node(member, Some(id));
            if member.doubtful {
                self.guess(inner, "an item of its own; it may be part of the one before it");
            }
        }
        (id, is_new)
    }

    /// The node of a label with these parts. What the list names elsewhere too is below it as well: what
    /// is forbidden for a part is forbidden for the whole. Groups of one label that are complete and have
    /// other parts are other groups.
    fn group(
        &mut self,
        label: &Label,
        parts: &[Label],
        open: bool,
        parent: Option<usize>,
    ) -> (usize, bool) {
        let key = self.key(&label.text);
        let is_closed = !open && !parts.is_empty();
        let mut keys: Vec<String> = parts.iter().map(|part| self.key(&part.text)).collect();
        keys.sort();
        let whole = format!("{key}\u{1}{}", keys.join("\u{1}"));
        let known = match is_closed {
            true => self.hierarchy.find(&whole).or_else(|| {
                self.hierarchy.find(&key).filter(|id| !self.hierarchy.nodes[*id].is_closed)
            }),
            false => self.hierarchy.find(&key),
        };
        let (id, is_new) = match known {
            Some(id) => (id, false),
            None => (self.hierarchy.add(key, &label.text, open, parent), true),
        };
        if is_closed {
            self.hierarchy.also_known_as(whole, id);
            self.hierarchy.nodes[id].is_closed = true;
        }
        if let (false, Some(parent)) = (is_new, parent) {
            self.hierarchy.adopt(id, parent);
        }
        (id, is_new)
    }

    /// The node at a path of names, with those above it.
    pub(super) fn at_path(&mut self, label: &Label) -> usize {
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

/// The key of a path of names; no label has it.
pub(super) fn path_key(path: &[String]) -> String {
    format!("\u{0}{}", path.join("."))
}

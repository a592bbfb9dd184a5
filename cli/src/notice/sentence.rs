//! A selection as text, and the phrases it is made of.

use super::words::Words;
use serde::Serialize;
use std::collections::HashMap;
use whyfor::notice::{Item, Node, Selected, Tag};

/// A label in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub(crate) text: String,
    /// The sentence says that there is more: "such as", "e.g.", "etc.".
    pub(crate) open: bool,
    /// It is open, and the sentence need not say so: an example in a bracket.
    pub(crate) may_be_open: bool,
}

impl Phrase {
    /// A text that says all there is.
    pub(crate) fn closed(text: String) -> Self {
        Self { text, open: false, may_be_open: false }
    }
}

/// A label and its listed members.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Listed {
    pub(crate) text: String,
    pub(crate) open: bool,
    pub(crate) members: Vec<Listed>,
}

/// How the last of several is joined.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    Commas,
    And,
}

/// Text built from phrases; the first keeps its capital.
pub(crate) struct Sentence<'w> {
    words: &'w Words,
    names: bool,
    pub(crate) text: String,
    pub(crate) phrases: Vec<Phrase>,
}

impl<'w> Sentence<'w> {
    pub(crate) fn new(words: &'w Words) -> Self {
        Self { words, names: false, text: String::new(), phrases: Vec::new() }
    }

    /// Makes the labels keep their capitals, as names.
    pub(crate) fn of_names(self) -> Self {
        Self { names: true, ..self }
    }

    /// Adds a selection; `everything` is the phrase for all of its kind.
    pub(crate) fn selected(mut self, selected: &Selected, everything: &str, join: Join) -> Self {
        let words = self.words;
        if selected.everything {
            self.phrase(everything);
        }
        if selected.collected {
            self.phrase(&words.above);
        }
        let open = selected.groups.iter().any(|group| group.open);
        let groups: Vec<&Item> = selected.groups.iter().collect();
        let items = distinct(&selected.items, groups.first().copied());
        if !groups.is_empty() {
            self.joined(&groups, Join::And);
            self.mark(open);
            if !items.is_empty() {
                self.text += if open { &words.such_as } else { &words.including };
            }
        } else if selected.collected && !items.is_empty() {
            self.text += &words.comma;
        }
        self.joined(&items, join);
        self.etc(&items);
        if !selected.except.is_empty() {
            self.text += &words.except;
            self.nodes(&selected.except, Join::And);
        }
        self
    }

    /// Says that there is more, if something without examples is open.
    fn etc(&mut self, items: &[&Item]) {
        if items.iter().any(|item| item.open && item.members.is_empty()) {
            self.mark(true);
            self.text += &self.words.etc;
        }
    }

    /// Adds labels in order.
    pub(crate) fn nodes(&mut self, nodes: &[Node], join: Join) {
        for (at, node) in nodes.iter().enumerate() {
            self.between(at, nodes.len(), join);
            self.phrase(&self.label(node));
        }
    }

    fn joined(&mut self, items: &[&Item], join: Join) {
        for (at, item) in items.iter().enumerate() {
            self.between(at, items.len(), join);
            self.item(item);
        }
    }

    fn between(&mut self, at: usize, count: usize, join: Join) {
        let words = self.words;
        self.text += match (at, join) {
            (0, _) => "",
            (_, Join::And) if at + 1 == count && count == 2 => &words.and,
            (_, Join::And) if at + 1 == count => &words.last_and,
            _ => &words.comma,
        };
    }

    fn item(&mut self, item: &Item) {
        let words = self.words;
        self.phrase(&self.label(&item.node));
        if let Some(last) = self.phrases.last_mut() {
            last.may_be_open = item.open;
        }
        let members = distinct(&item.members, Some(item));
        if members.is_empty() {
            return;
        }
        self.mark(item.open);
        let (before, after) = match (item.open, item.partial) {
            (true, _) => (&words.examples, &words.examples_end),
            (false, true) => (&words.some_parts, &words.parts_end),
            (false, false) => (&words.parts, &words.parts_end),
        };
        self.text += before;
        self.joined(&members, Join::Commas);
        if item.named {
            self.etc(&members);
        }
        self.text += after;
    }

    /// A label with the published tags after it.
    fn label(&self, node: &Node) -> String {
        label(self.words, node)
    }

    fn phrase(&mut self, label: &str) {
        let text = if self.text.is_empty() || self.names {
            label.to_owned()
        } else {
            self.words.inner(label)
        };
        self.text += &text;
        self.phrases.push(Phrase::closed(label.to_owned()));
    }

    /// A sentence of one phrase that is not a label.
    pub(crate) fn whole(words: &'w Words, text: String) -> Self {
        let phrases = vec![Phrase::closed(text.clone())];
        Self { words, names: false, text, phrases }
    }

    fn mark(&mut self, open: bool) {
        if let Some(last) = self.phrases.last_mut() {
            last.open |= open;
        }
    }
}

/// A label with the published tags after it: "Mailer, Inc. (Country: United States)".
pub(crate) fn label(words: &Words, node: &Node) -> String {
    let mut groups: Vec<(&Tag, Vec<&str>)> = Vec::new();
    for tag in &node.tags {
        let one = tag.tag.as_ref().map(Node::text);
        match groups.iter_mut().find(|(known, _)| known.group == tag.group) {
            Some((_, tags)) => tags.extend(one),
            None => groups.push((tag, one.into_iter().collect())),
        }
    }
    let groups = groups.iter().map(|(tag, tags)| match tags.as_slice() {
        [] => tag.group.text().to_owned(),
        tags => format!("{}{}{}", tag.group.text(), words.tag, tags.join(&words.comma)),
    });
    match groups.collect::<Vec<_>>().join(&words.besides).as_str() {
        "" => node.text().to_owned(),
        tags => format!("{}{}{tags}{}", node.text(), words.tags, words.tags_end),
    }
}

/// The items without those that a reader cannot tell from one before or from their group.
fn distinct<'i>(items: &'i [Item], group: Option<&Item>) -> Vec<&'i Item> {
    let mut distinct: Vec<&Item> = Vec::new();
    let mut by_text: HashMap<&str, Vec<&Item>> = HashMap::new();
    for item in items {
        let is_group = group.is_some_and(|group| {
            item.node.text() == group.node.text() && item.node.tags.is_empty() && is_leaf(item)
        });
        let told = by_text.entry(item.node.text()).or_default();
        let is_told = |other: &&Item| {
            let is_alike = other.members == item.members || is_leaf(item) && is_leaf(other);
            other.node.tags == item.node.tags && other.open == item.open && is_alike
        };
        if !is_group && !told.iter().any(is_told) {
            told.push(item);
            distinct.push(item);
        }
    }
    distinct
}

/// Whether a reader sees no members.
fn is_leaf(item: &Item) -> bool {
    item.members.iter().all(|member| {
        member.node.text() == item.node.text() && member.node.tags.is_empty() && is_leaf(member)
    })
}

/// A selection as nested lists.
pub(crate) fn listed(words: &Words, selected: &Selected, everything: &str) -> Vec<Listed> {
    let phrase = |text: &str| Listed { text: text.to_owned(), open: false, members: Vec::new() };
    let item = |one: &Item| item(words, one);
    let mut items: Vec<Listed> =
        selected.everything.then(|| phrase(everything)).into_iter().collect();
    items.extend(selected.collected.then(|| phrase(&words.above)));
    items.extend(selected.items.iter().map(item));
    let mut groups: Vec<Listed> = selected.groups.iter().map(item).collect();
    match groups.last_mut() {
        Some(last) => last.members = items,
        None => groups = items,
    }
    groups
}

fn item(words: &Words, item: &Item) -> Listed {
    Listed {
        text: label(words, &item.node),
        open: item.open,
        members: item.members.iter().map(|member| self::item(words, member)).collect(),
    }
}

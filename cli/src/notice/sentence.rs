//! A selection or a condition as text, and the phrases it is made of.

use super::words::Words;
use serde::Serialize;
use whyfor::notice::{Comparison, Condition, Item, Node, Selected};

/// A label in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub(crate) text: String,
    /// The sentence says that there is more: "such as", "e.g.", "etc.".
    pub(crate) open: bool,
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

    /// Adds a selection.
    pub(crate) fn selected(mut self, selected: &Selected, join: Join) -> Self {
        let words = self.words;
        if selected.collected {
            self.phrase(&words.above);
        }
        let open = selected.groups.iter().any(|group| group.open);
        let groups: Vec<&Item> = selected.groups.iter().collect();
        if !groups.is_empty() {
            self.joined(&groups, Join::And);
            self.mark(open);
            self.text += if open { &words.such_as } else { &words.including };
        } else if selected.collected && !selected.items.is_empty() {
            self.text += &words.comma;
        }
        let items: Vec<&Item> = selected.items.iter().collect();
        self.joined(&items, join);
        if items.iter().any(|item| item.open && item.members.is_empty()) {
            self.mark(true);
            self.text += &words.etc;
        }
        if !selected.except.is_empty() {
            self.text += &words.except;
            self.nodes(&selected.except, Join::And);
        }
        self
    }

    /// Adds labels in order.
    pub(crate) fn nodes(&mut self, nodes: &[Node], join: Join) {
        for (at, node) in nodes.iter().enumerate() {
            self.between(at, nodes.len(), join);
            self.phrase(node.text());
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
        self.phrase(item.node.text());
        if item.members.is_empty() {
            return;
        }
        self.mark(true);
        self.text += &words.examples;
        let members: Vec<&Item> = item.members.iter().collect();
        self.joined(&members, Join::Commas);
        self.text += &words.examples_end;
    }

    fn phrase(&mut self, label: &str) {
        let text = if self.text.is_empty() || self.names {
            label.to_owned()
        } else {
            self.words.inner(label)
        };
        self.text += &text;
        self.phrases.push(Phrase { text: label.to_owned(), open: false });
    }

    /// A sentence of one phrase that is not a label.
    pub(crate) fn whole(words: &'w Words, text: String) -> Self {
        let phrases = vec![Phrase { text: text.clone(), open: false }];
        Self { words, names: false, text, phrases }
    }

    fn mark(&mut self, open: bool) {
        if let Some(last) = self.phrases.last_mut() {
            last.open |= open;
        }
    }
}

/// A selection as nested lists.
pub(crate) fn listed(selected: &Selected) -> Vec<Listed> {
    let items: Vec<Listed> = selected.items.iter().map(item).collect();
    let mut groups: Vec<Listed> = selected.groups.iter().map(item).collect();
    match groups.last_mut() {
        Some(last) => last.members = items,
        None => groups = items,
    }
    groups
}

fn item(item: &Item) -> Listed {
    Listed {
        text: item.node.text().to_owned(),
        open: item.open,
        members: item.members.iter().map(self::item).collect(),
    }
}

/// A condition in words.
pub(crate) fn condition(words: &Words, condition: &Condition) -> String {
    let all = |list: &[Condition], between: &str| {
        let parts = list.iter().map(|part| match part {
            Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => {
                format!("({})", self::condition(words, part))
            }
            _ => self::condition(words, part),
        });
        parts.collect::<Vec<_>>().join(between)
    };
    match condition {
        Condition::Holds(fact) => fact.text().to_owned(),
        Condition::Not(inner) => format!("{}{}", words.not, self::condition(words, inner)),
        Condition::OneOf(fact, choices) => {
            format!("{}{}{}", fact.text(), words.is, choices.join(&words.or))
        }
        Condition::Compares(fact, comparison, number) => {
            let word = match comparison {
                Comparison::AtLeast => &words.at_least,
                Comparison::Above => &words.above_number,
                Comparison::Below => &words.below_number,
                Comparison::AtMost => &words.at_most,
                Comparison::Equal => &words.equal,
                Comparison::NotEqual => &words.not_equal,
            };
            format!("{}{word}{number}", fact.text())
        }
        Condition::All(list) => all(list, &words.and),
        Condition::Any(list) => all(list, &words.or),
    }
}

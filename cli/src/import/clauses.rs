//! The clauses of statements, and the facts, bases, events, duties and tags that they name.

use super::names::Names;
use super::periods::{Event, Limit};
use super::record::Record;
use super::split::Label;
use super::tags::Tag;
use whyfor::symbols::{quoted, written};

/// Most duties, bases, events and choices of a policy.
const MOST: usize = 64;
/// What stands for the duties beyond those: none is lost.
const OTHER_DUTIES: &str = "Other obligations, as the comments say";

/// A list of declarations: the name and the label of each.
#[derive(Debug, Default)]
struct List(Vec<(String, String)>);

impl List {
    fn has(&self, label: &str) -> bool {
        self.0.iter().any(|(_, known)| known == label)
    }

    /// Whether it has no room for a label that a policy has so many of.
    fn is_full_for(&self, label: &str, most: usize) -> bool {
        self.0.len() >= most && !self.has(label)
    }

    /// The name of a label; declares it if it is new.
    fn name(&mut self, names: &mut Names, label: &str, word: &str) -> String {
        let known = self.0.iter().find(|(_, known)| known == label);
        if let Some((name, _)) = known {
            return name.clone();
        }
        let name = names.name(label, word);
        self.0.push((name.clone(), label.to_owned()));
        name
    }

    /// `name "label", …`, or with another separator.
    fn written(&self, separator: &str) -> String {
        let list =
            self.0.iter().map(|(name, label)| format!("{} {}", written(name), quoted(label)));
        list.collect::<Vec<_>>().join(separator)
    }
}

/// What the clauses of a policy declare.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    names: Names,
    facts: List,
    bases: List,
    events: List,
    duties: List,
    /// Whose data it is.
    subjects: List,
    subject_names: Names,
    /// The name of the fact for it.
    subject: Option<String>,
    tag_names: Names,
    /// Groups of published tags: the name and the label of each, and its tags.
    published: Vec<(String, String, List)>,
    tags: List,
    /// What the last statement needs beyond what a policy may have, so that it cannot be one.
    beyond: Vec<String>,
}

impl Clauses {
    /// All declarations, each with its word.
    pub(super) fn declarations(self) -> Vec<(&'static str, String)> {
        let mut all: Vec<(&'static str, String)> = Vec::new();
        for (name, label, tags) in &self.published {
            let (label, tags) = (quoted(label), tags.written("  "));
            all.push(("tag", format!("{} {label} published {{ {tags} }}", written(name))));
        }
        if let Some(subject) = &self.subject {
            let subjects = self.subjects.written(", ");
            all.push(("fact", format!("{subject} \"Data subject\": one of {subjects}")));
        }
        let lists = [
            ("tag", self.tags),
            ("fact", self.facts),
            ("basis", self.bases),
            ("event", self.events),
            ("duty", self.duties),
        ];
        for (word, list) in lists {
            let entries = list.0.into_iter();
            all.extend(entries.map(|entry| (word, List(vec![entry]).written(""))));
        }
        all
    }

    /// Takes what the last statement needs beyond what a policy may have.
    pub(super) fn take_beyond(&mut self) -> Vec<String> {
        std::mem::take(&mut self.beyond)
    }

    /// ` when …`
    pub(super) fn condition(&mut self, record: &Record, notes: &mut Vec<String>) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut subjects: Vec<String> = Vec::new();
        for subject in &record.subjects {
            if self.subjects.is_full_for(&subject.text, MOST) {
                let text = &subject.text;
                self.beyond.push(format!("{text} (a fact has at most {MOST} choices)"));
                continue;
            }
            let name = self.subjects.name(&mut self.subject_names, &subject.text, "subject");
            if !subjects.contains(&name) {
                subjects.push(name);
            }
        }
        let names = &mut self.names;
        let mut subject =
            || self.subject.get_or_insert_with(|| names.name("Subject", "fact")).clone();
        match subjects.as_slice() {
            [] => {}
            [one] => parts.push(format!("{} is {}", subject(), written(one))),
            several => {
                let several: Vec<String> = several.iter().map(|name| written(name)).collect();
                parts.push(format!("{} in ({})", subject(), several.join(", ")));
            }
        }
        for condition in &record.conditions {
            notes.push("guessed: the condition is a fact that a program states".to_owned());
            parts.push(self.facts.name(&mut self.names, condition, "condition"));
        }
        match parts.as_slice() {
            [] => String::new(),
            parts => format!(" when {}", parts.join(" and ")),
        }
    }

    /// ` on …`
    pub(super) fn bases(&mut self, alternatives: &[Vec<Label>]) -> String {
        let mut all: Vec<String> = Vec::new();
        for labels in alternatives {
            let full = labels.iter().filter(|label| self.bases.is_full_for(&label.text, MOST));
            let full: Vec<&Label> = full.collect();
            if !full.is_empty() {
                let beyond = full.iter().map(|label| {
                    format!("{} (a policy has at most {MOST} legal bases)", label.text)
                });
                self.beyond.extend(beyond);
                continue;
            }
            let names = Self::all(&mut self.bases, &mut self.names, labels, "basis").join(" & ");
            if !names.is_empty() && !all.contains(&names) {
                all.push(names);
            }
        }
        match all.join(", ").as_str() {
            "" => String::new(),
            names => format!(" on {names}"),
        }
    }

    /// `a, b`; beyond what a policy may have, each is a comment and the same duty.
    pub(super) fn duties(&mut self, labels: &[Label], notes: &mut Vec<String>) -> String {
        let mut own: Vec<Label> = Vec::new();
        for label in labels {
            let count = self.duties.0.len() + own.len();
            let is_known = self.duties.has(&label.text) || own.iter().any(|o| o.text == label.text);
            match count < MOST - 1 || is_known {
                true => own.push(label.clone()),
                false => {
                    let text = &label.text;
                    notes.push(format!(
                        "not understood, a policy has at most {MOST} duties: {text}"
                    ));
                    own.push(Label::of(OTHER_DUTIES));
                }
            }
        }
        Self::all(&mut self.duties, &mut self.names, &own, "duty").join(", ")
    }

    /// The names of labels, each once.
    fn all(list: &mut List, names: &mut Names, labels: &[Label], word: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for label in labels {
            let name = written(&list.name(names, &label.text, word));
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    }

    /// ` retain …`
    pub(super) fn retention(&mut self, limits: &[Limit], notes: &mut Vec<String>) -> String {
        let mut all: Vec<String> = Vec::new();
        for limit in limits {
            if let Some(event) = limit.event.as_ref().filter(|event| self.has_no_room(event)) {
                let event = &event.label;
                notes.push(format!("not understood, a policy has at most {MOST} events: {event}"));
                continue;
            }
            let least = if limit.at_least { "at least " } else { "" };
            let event = limit.event.as_ref().map(|event| self.event(event));
            let period = limit.period.map(|(number, unit)| unit.counted(number));
            let text = match (period, event) {
                (Some(period), Some(event)) => format!("{least}{period} after {event}"),
                (Some(period), None) => format!("{least}{period}"),
                (None, Some(event)) => format!("until {event}"),
                (None, None) => continue,
            };
            if !all.contains(&text) {
                all.push(text);
            }
        }
        match all.as_slice() {
            [] => String::new(),
            all => format!(" retain {}", all.join(", ")),
        }
    }

    fn has_no_room(&self, event: &Event) -> bool {
        let is_named = event.name.is_some_and(|name| self.events.0.iter().any(|(n, _)| n == name));
        !is_named && self.events.is_full_for(&event.label, MOST)
    }

    /// The name of an event; events that many pages have are one, whatever a page calls them.
    fn event(&mut self, event: &Event) -> String {
        let known = |name: &str| self.events.0.iter().any(|(known, _)| known == name);
        match event.name {
            Some(name) if known(name) => name.to_owned(),
            Some(name) if self.names.take(name) => {
                self.events.0.push((name.to_owned(), event.label.clone()));
                name.to_owned()
            }
            _ => written(&self.events.name(&mut self.names, &event.label, "event")),
        }
    }

    /// The tag of a country.
    pub(super) fn country(&mut self, label: &str) -> String {
        self.published(&("Country".to_owned(), label.to_owned()))
    }

    /// A published tag.
    pub(super) fn published(&mut self, (group, tag): &Tag) -> String {
        let names = &mut self.tag_names;
        let known = self.published.iter().position(|(_, known, _)| known == group);
        let at = known.unwrap_or_else(|| {
            let name = names.name(group, "tag");
            self.published.push((name, group.clone(), List::default()));
            self.published.len() - 1
        });
        let (group, _, tags) = &mut self.published[at];
        let name = tags.name(names, tag, "tag");
        format!("{}.{}", written(group), written(&name))
    }

    /// A tag.
    pub(super) fn tag(&mut self, label: &str) -> String {
        written(&self.tags.name(&mut self.tag_names, label, "tag"))
    }
}

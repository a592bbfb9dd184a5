//! Labels, titles and other texts that readers of a policy see, and that changed: they are what it promises in words.
//!
//! Of a name that appeared or vanished nothing is told here: `names` does.

use super::one_line::without_reasons;
use crate::model::{Found, Header, Hierarchy, Model, Tree};
use crate::printable::printable;
use crate::words::Domain;
use hashbrown::HashMap;
use std::fmt;

/// A text that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct WordingChange {
    /// Whose it is: `policy`, `category`, `method`, `purpose`, `recipient`, `tag`, `fact`, `choice`, `duty`, `basis`,
    /// `event`, `section`, `statement`.
    pub of: &'static str,
    /// The name of that; of a statement its words.
    pub name: String,
    /// Which text: `label`, `open`, `published`, `tags`, `title`, `because`, `see`, `name` or an entry of the header.
    pub part: &'static str,
    /// What it was; empty if there was none.
    pub before: String,
    /// What it is; empty if there is none.
    pub after: String,
}

impl fmt::Display for WordingChange {
    /// category `email`: label was "Email" and is now "Email and address".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { of, name, part, before, after } = self;
        let [before, after] = [before, after].map(|text| printable(text));
        write!(f, "{of} `{}`", printable(name))?;
        match (*part, after.is_empty()) {
            ("open" | "published", false) => return write!(f, " is now {part}"),
            ("open" | "published", true) => return write!(f, " is no longer {part}"),
            _ => write!(f, ": {part} ")?,
        }
        match (before.is_empty(), after.is_empty()) {
            (true, _) => write!(f, "is now \"{after}\""),
            (_, true) => write!(f, "was \"{before}\" and is gone"),
            _ => write!(f, "was \"{before}\" and is now \"{after}\""),
        }
    }
}

/// All texts that changed: the header, names, sections, statements.
pub(super) fn changes(old: &Model, new: &Model) -> Vec<WordingChange> {
    let mut changes = Changes { list: Vec::new() };
    changes.header(&old.header, &new.header);
    for hierarchy in Hierarchy::ALL {
        let trees = [old, new].map(|model| model.tree(hierarchy));
        changes.labels(hierarchy.as_str(), trees.map(|tree| texts_of(tree, |node| &node.label)));
        changes.nodes(hierarchy.as_str(), [old, new], trees);
    }
    let tags = [old, new].map(|model| &model.tags.tree);
    changes.labels("tag", tags.map(|tree| texts_of(tree, |node| &node.label)));
    let published = |model: &Model| {
        let all = model.tags.published.iter().zip(&model.tags.tree.nodes);
        all.map(|(published, tag)| (tag.path.clone(), yes(*published))).collect()
    };
    changes.compare("tag", "published", &[published(old), published(new)]);
    changes.declared(old, new);
    changes.sections(old, new);
    changes.statements(old, new);
    changes.list
}

/// Names with a text of each.
type Texts = Vec<(String, String)>;

fn texts_of(tree: &Tree, text: impl Fn(&crate::model::Node) -> &String) -> Texts {
    tree.nodes.iter().map(|node| (node.path.clone(), text(node).clone())).collect()
}

/// `open` and `published` are told as a word.
fn yes(holds: bool) -> String {
    if holds { "yes".to_owned() } else { String::new() }
}

struct Changes {
    list: Vec<WordingChange>,
}

impl Changes {
    fn push(&mut self, (of, name): (&'static str, &str), part: &'static str, texts: [&str; 2]) {
        let [before, after] = texts.map(str::to_owned);
        if before != after {
            self.list.push(WordingChange { of, name: name.to_owned(), part, before, after });
        }
    }

    /// The texts of names that both policies have.
    fn compare(&mut self, of: &'static str, part: &'static str, texts: &[Texts; 2]) {
        let [old, new] = texts;
        let before: HashMap<&str, &str> =
            old.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        for (name, after) in new {
            if let Some(before) = before.get(name.as_str()) {
                self.push((of, name), part, [before, after]);
            }
        }
    }

    fn labels(&mut self, of: &'static str, texts: [Texts; 2]) {
        self.compare(of, "label", &texts);
    }

    fn header(&mut self, old: &Header, new: &Header) {
        let parts: [(&'static str, fn(&Header) -> &String); 8] = [
            ("name", |header| &header.name),
            ("label", |header| &header.label),
            ("version", |header| &header.version),
            ("controller", |header| &header.controller),
            ("effective", |header| &header.effective),
            ("language", |header| &header.language),
            ("contact", |header| &header.contact),
            ("url", |header| &header.url),
        ];
        for (part, text) in parts {
            self.push(("policy", &new.name), part, [text(old), text(new)]);
        }
    }

    /// What else a published list shows of a node.
    fn nodes(&mut self, of: &'static str, models: [&Model; 2], trees: [&Tree; 2]) {
        let open = |tree: &Tree| {
            tree.nodes.iter().map(|node| (node.path.clone(), yes(node.open))).collect::<Texts>()
        };
        self.compare(of, "open", &trees.map(open));
        let is_published = |model: &&Model| model.tags.published.contains(&true);
        if !models.iter().any(is_published) {
            return;
        }
        let tags = [0, 1].map(|side| {
            let (tags, nodes) = (&models[side].tags, &trees[side].nodes);
            let references = tags.tree.references();
            let published = |name: &str| match references.find(name) {
                Found::One(tag) if tags.published[tag as usize] => Some(tags.tree.path(tag)),
                Found::One(_) | Found::Several | Found::None => None,
            };
            let of = |node: &crate::model::Node| {
                let mut all: Vec<&str> =
                    node.tags.iter().filter_map(|tag| published(&tag.text)).collect();
                all.sort_unstable();
                (node.path.clone(), all.join(", "))
            };
            nodes.iter().map(of).collect::<Texts>()
        });
        self.compare(of, "tags", &tags);
    }

    fn declared(&mut self, old: &Model, new: &Model) {
        let models = [old, new];
        let plain = |one: &crate::model::Declared| (one.name.clone(), one.label.clone());
        self.labels("duty", models.map(|model| model.duties.iter().map(plain).collect()));
        self.labels("event", models.map(|model| model.events.iter().map(plain).collect()));
        let facts = |model: &Model| {
            model.facts.iter().map(|fact| (fact.name.clone(), fact.label.clone())).collect()
        };
        self.labels("fact", models.map(facts));
        let choices = |model: &Model| {
            let of_fact = |fact: &crate::model::Fact| match &fact.kind {
                Domain::Choice(choices) => choices
                    .iter()
                    .map(|choice| (format!("{}.{}", fact.name, choice.name), choice.label.clone()))
                    .collect(),
                Domain::YesNo | Domain::PerPurpose | Domain::Number => Texts::new(),
            };
            model.facts.iter().flat_map(of_fact).collect()
        };
        self.labels("choice", models.map(choices));
        let bases = |model: &Model| {
            model.bases.iter().map(|basis| (basis.name.clone(), basis.label.clone())).collect()
        };
        self.labels("basis", models.map(bases));
    }

    fn sections(&mut self, old: &Model, new: &Model) {
        let models = [old, new];
        let titles = |model: &Model| numbered(model.sections.iter().map(|s| (&s.name, &s.title)));
        self.compare("section", "title", &models.map(titles));
        let reasons = |model: &Model| numbered(model.sections.iter().map(|s| (&s.name, &s.because)));
        self.compare("section", "because", &models.map(reasons));
    }

    /// The reasons of statements that say the same in both policies.
    fn statements(&mut self, old: &Model, new: &Model) {
        let models = [old, new];
        let has_reasons = |model: &Model| {
            model.statements.iter().any(|s| !s.because.is_empty() || !s.see.is_empty())
        };
        if !models.into_iter().any(has_reasons) {
            return;
        }
        let said = models.map(|model| -> Vec<String> {
            let all = model.statements.iter();
            all.map(|s| without_reasons(model.sources.slice(s.span))).collect()
        });
        let text = |side: usize, of: fn(&crate::model::Statement) -> &String| {
            numbered(said[side].iter().zip(models[side].statements.iter().map(of)))
        };
        self.compare("statement", "because", &[0, 1].map(|side| text(side, |s| &s.because)));
        self.compare("statement", "see", &[0, 1].map(|side| text(side, |s| &s.see)));
    }
}

/// Texts by names that may repeat: from the second one on, a name has its number.
fn numbered<'t>(texts: impl Iterator<Item = (&'t String, &'t String)>) -> Texts {
    let mut times: HashMap<&str, usize> = HashMap::new();
    let number = |(name, text): (&'t String, &'t String)| {
        let times = times.entry(name).or_default();
        *times += 1;
        match times {
            1 => (name.clone(), text.clone()),
            times => (format!("{name} ({times})"), text.clone()),
        }
    };
    texts.map(number).collect()
}

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
    /// Which text: `label`, `open`, `published`, `tags`, `title`, `because`, `see`, `name`, `section` or an entry of the
    /// header.
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
        changes.labels(hierarchy.as_str(), trees.map(labels_of));
        changes.nodes(hierarchy.as_str(), [old, new], trees);
    }
    let tags = [old, new].map(|model| &model.tags.tree);
    changes.labels("tag", tags.map(labels_of));
    changes.compare("tag", "published", [published_tags(old), published_tags(new)]);
    changes.declared(old, new);
    changes.sections(old, new);
    changes.statements(old, new);
    changes.list
}

/// Names with a text of each.
type Texts<'t> = Vec<(&'t str, &'t str)>;

/// The same, where they are put together.
type Owned = Vec<(String, String)>;

fn borrowed(texts: &Owned) -> Texts<'_> {
    texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

fn labels_of(tree: &Tree) -> Texts<'_> {
    tree.nodes.iter().map(|node| (node.path.as_str(), node.label.as_str())).collect()
}

fn published_tags(model: &Model) -> Texts<'_> {
    let all = model.tags.published.iter().zip(&model.tags.tree.nodes);
    all.map(|(published, tag)| (tag.path.as_str(), yes(*published))).collect()
}

/// `open` and `published` are told as a word.
fn yes(holds: bool) -> &'static str {
    if holds { "yes" } else { "" }
}

struct Changes {
    list: Vec<WordingChange>,
}

impl Changes {
    fn push(&mut self, (of, name): (&'static str, &str), part: &'static str, texts: [&str; 2]) {
        if texts[0] != texts[1] {
            let [before, after] = texts.map(str::to_owned);
            self.list.push(WordingChange { of, name: name.to_owned(), part, before, after });
        }
    }

    /// The texts of names that both policies have.
    fn compare(&mut self, of: &'static str, part: &'static str, [old, new]: [Texts<'_>; 2]) {
        let before: HashMap<&str, &str> = old.into_iter().collect();
        for (name, after) in new {
            if let Some(before) = before.get(name) {
                self.push((of, name), part, [before, after]);
            }
        }
    }

    fn labels(&mut self, of: &'static str, texts: [Texts<'_>; 2]) {
        self.compare(of, "label", texts);
    }

    fn header(&mut self, old: &Header, new: &Header) {
        for (part, before, after) in [
            ("name", &old.name, &new.name),
            ("label", &old.label, &new.label),
            ("version", &old.version, &new.version),
            ("controller", &old.controller, &new.controller),
            ("effective", &old.effective, &new.effective),
            ("language", &old.language, &new.language),
            ("contact", &old.contact, &new.contact),
            ("url", &old.url, &new.url),
        ] {
            self.push(("policy", &new.name), part, [before, after]);
        }
    }

    /// What else a published list shows of a node.
    fn nodes(&mut self, of: &'static str, models: [&Model; 2], trees: [&Tree; 2]) {
        fn open(tree: &Tree) -> Texts<'_> {
            tree.nodes.iter().map(|node| (node.path.as_str(), yes(node.open))).collect()
        }
        self.compare(of, "open", trees.map(open));
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
            nodes.iter().map(of).collect::<Owned>()
        });
        self.compare(of, "tags", tags.each_ref().map(borrowed));
    }

    fn declared(&mut self, old: &Model, new: &Model) {
        fn duties(model: &Model) -> Texts<'_> {
            model.duties.iter().map(|duty| (duty.name.as_str(), duty.label.as_str())).collect()
        }
        fn events(model: &Model) -> Texts<'_> {
            model.events.iter().map(|event| (event.name.as_str(), event.label.as_str())).collect()
        }
        fn facts(model: &Model) -> Texts<'_> {
            model.facts.iter().map(|fact| (fact.name.as_str(), fact.label.as_str())).collect()
        }
        fn bases(model: &Model) -> Texts<'_> {
            model.bases.iter().map(|basis| (basis.name.as_str(), basis.label.as_str())).collect()
        }
        let models = [old, new];
        self.labels("duty", models.map(duties));
        self.labels("event", models.map(events));
        self.labels("fact", models.map(facts));
        self.labels("choice", models.map(choices).each_ref().map(borrowed));
        self.labels("basis", models.map(bases));
    }

    fn sections(&mut self, old: &Model, new: &Model) {
        let models = [old, new];
        let titles = |model: &Model| numbered(model.sections.iter().map(|s| (&s.name, &s.title)));
        self.compare("section", "title", models.map(titles).each_ref().map(borrowed));
        let reasons =
            |model: &Model| numbered(model.sections.iter().map(|s| (&s.name, &s.because)));
        self.compare("section", "because", models.map(reasons).each_ref().map(borrowed));
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
        let because = [0, 1].map(|side| text(side, |s| &s.because));
        self.compare("statement", "because", because.each_ref().map(borrowed));
        let see = [0, 1].map(|side| text(side, |s| &s.see));
        self.compare("statement", "see", see.each_ref().map(borrowed));
    }
}

/// The labels of choices, by the name of the fact and that of the choice.
fn choices(model: &Model) -> Owned {
    let mut labels = Owned::new();
    for fact in &model.facts {
        if let Domain::Choice(choices) = &fact.kind {
            let of_fact = choices.iter();
            labels
                .extend(of_fact.map(|choice| {
                    (format!("{}.{}", fact.name, choice.name), choice.label.clone())
                }));
        }
    }
    labels
}

/// Texts by names that may repeat: from the second one on, a name has its number.
fn numbered<'t>(texts: impl Iterator<Item = (&'t String, &'t String)>) -> Owned {
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

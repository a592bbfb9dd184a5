//! The list as sections, blocks and lines of text: the input of every format and template.

use super::labels::Labels;
use super::sentence::{self, Join, Listed, Phrase, Sentence};
use super::words::Words;
use serde::Serialize;
use whyfor::notice::{Entry, Notice, Place};
use whyfor::{Act, StatementKind};

/// The subject of a line in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Part {
    Types,
    Method,
    Recipients,
    Purpose,
    Condition,
    Duties,
    Retention,
}

impl Part {
    /// The word for one thing of this kind in messages.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Types => "item",
            Self::Method => "method",
            Self::Recipients => "recipient",
            Self::Purpose => "purpose",
            Self::Condition => "condition",
            Self::Duties => "duty",
            Self::Retention => "retention",
        }
    }
}

/// The whole list.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    pub(crate) language: String,
    pub(crate) title: String,
    pub(crate) intro: String,
    pub(crate) policy: String,
    pub(crate) version: String,
    pub(crate) controller: String,
    pub(crate) words: Words,
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
    /// The permissions of `use collected`, one sentence each.
    pub(crate) additional: Vec<Sentences>,
    #[serde(skip)]
    pub(crate) place: Place,
}

/// A statement.
#[derive(Debug, Serialize)]
pub(crate) struct Block {
    /// `permit`, `never` or `require`.
    pub(crate) kind: &'static str,
    /// `collect`, `use` or `share`.
    pub(crate) act: &'static str,
    pub(crate) lines: Vec<Line>,
    #[serde(skip)]
    pub(crate) place: Place,
}

/// One part of a statement.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) part: Part,
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) items: Vec<Listed>,
    #[serde(skip)]
    pub(crate) phrases: Vec<Phrase>,
}

/// A statement as one sentence.
#[derive(Debug, Serialize)]
pub(crate) struct Sentences {
    pub(crate) text: String,
    #[serde(skip)]
    pub(crate) phrases: Vec<Phrase>,
    #[serde(skip)]
    pub(crate) place: Place,
}

impl View {
    /// The list in the labels and words of a language.
    pub(crate) fn new(notice: &Notice, labels: &Labels) -> Self {
        let words = labels.words.clone();
        let sections = notice.sections.iter().enumerate();
        let sections = sections.map(|(at, section)| {
            let (additional, blocks): (Vec<&Entry>, Vec<&Entry>) =
                section.entries.iter().partition(|entry| is_additional(entry));
            Section {
                id: match section.name.as_str() {
                    "" => format!("section-{}", at + 1),
                    name => name.to_owned(),
                },
                title: match (section.title.as_str(), section.name.as_str()) {
                    ("", "") => words.further.clone(),
                    ("", name) => name.to_owned(),
                    (title, _) => title.to_owned(),
                },
                blocks: blocks.iter().map(|entry| block(&words, entry)).collect(),
                additional: additional.iter().map(|entry| one_sentence(&words, entry)).collect(),
                place: section.place.clone(),
            }
        });
        Self {
            sections: sections.collect(),
            language: labels.language.clone(),
            title: if notice.title.is_empty() { &notice.name } else { &notice.title }.clone(),
            intro: labels.intro.clone().unwrap_or_else(|| words.intro.clone()),
            policy: notice.name.clone(),
            version: notice.version.clone(),
            controller: notice.controller.clone(),
            words,
        }
    }
}

/// Whether an entry permits using all collected data and nothing else; it is shown as a sentence.
fn is_additional(entry: &Entry) -> bool {
    let categories = &entry.categories;
    entry.kind == StatementKind::Permit
        && entry.act == Act::Use
        && categories.collected
        && categories.groups.is_empty()
        && categories.items.is_empty()
        && categories.except.is_empty()
        && entry.condition.is_none()
        && entry.retain_days.is_none()
}

fn one_sentence(words: &Words, entry: &Entry) -> Sentences {
    let mut sentence = Sentence::new(words);
    if !entry.duties.is_empty() {
        sentence.nodes(&entry.duties, Join::And);
        sentence.text += ": ";
    }
    let Sentence { text, phrases, .. } = sentence.selected(&entry.purposes, Join::And);
    Sentences { text, phrases, place: entry.place.clone() }
}

fn block(words: &Words, entry: &Entry) -> Block {
    let mut lines = Vec::new();
    let mut line = |part, label: &str, sentence: Sentence<'_>, items| {
        let Sentence { text, phrases, .. } = sentence;
        lines.push(Line { part, label: label.to_owned(), text, items, phrases });
    };
    let selected = |selected, join| Sentence::new(words).selected(selected, join);
    let types = words.types(entry.kind, &entry.act);
    let list = &entry.categories;
    line(Part::Types, types, selected(list, Join::Commas), sentence::listed(list));
    // A part omitted from a prohibition means all and is not shown.
    let is_shown = |everything: bool| entry.kind == StatementKind::Permit || !everything;
    match &entry.act {
        Act::Collect(methods) if is_shown(methods.everything) => {
            let items = sentence::listed(methods);
            line(Part::Method, &words.method, selected(methods, Join::And), items);
        }
        Act::Share(recipients) if is_shown(recipients.everything) => {
            let names = Sentence::new(words).of_names().selected(recipients, Join::And);
            line(Part::Recipients, &words.recipients, names, sentence::listed(recipients));
        }
        _ => {}
    }
    if is_shown(entry.purposes.everything) {
        let purposes = &entry.purposes;
        line(
            Part::Purpose,
            &words.purpose,
            selected(purposes, Join::And),
            sentence::listed(purposes),
        );
    }
    if let Some(condition) = &entry.condition {
        let text = sentence::condition(words, condition);
        line(Part::Condition, &words.condition, Sentence::whole(words, text), Vec::new());
    }
    if !entry.duties.is_empty() {
        let mut sentence = Sentence::new(words);
        sentence.nodes(&entry.duties, Join::And);
        line(Part::Duties, &words.duties, sentence, Vec::new());
    }
    if let Some(days) = entry.retain_days {
        let text = format!("{days} {}", words.days);
        line(Part::Retention, &words.retention, Sentence::whole(words, text), Vec::new());
    }
    Block {
        kind: match entry.kind {
            StatementKind::Permit => "permit",
            StatementKind::Never => "never",
            StatementKind::Require => "require",
        },
        act: match entry.act {
            Act::Collect(_) => "collect",
            Act::Use => "use",
            Act::Share(_) => "share",
        },
        lines,
        place: entry.place.clone(),
    }
}

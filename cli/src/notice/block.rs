//! An entry of the list as a block of lines, or as one sentence.

use super::clauses;
use super::part::Part;
use super::sentence::{self, Join, Listed, Phrase, Sentence};
use super::words::Words;
use serde::Serialize;
use whyfor::notice::{Entry, Place, Selected};
use whyfor::{Act, StatementKind};

/// A statement, or a row of a table.
#[derive(Debug, Clone, Serialize)]
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
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Line {
    pub(crate) part: Part,
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) items: Vec<Listed>,
    /// The text is an address on the web.
    pub(crate) is_url: bool,
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

/// Whether an entry permits using all collected data and says nothing else; it is shown as a sentence.
pub(super) fn is_additional(entry: &Entry) -> bool {
    let Entry { kind, act, categories, when, unless, bases, retain, because, see, .. } = entry;
    *kind == StatementKind::Permit
        && *act == Act::Use
        && categories.collected
        && categories.groups.is_empty()
        && categories.items.is_empty()
        && categories.except.is_empty()
        && when.is_none()
        && unless.is_none()
        && bases.is_empty()
        && retain.is_empty()
        && because.is_empty()
        && see.is_empty()
}

pub(super) fn one_sentence(words: &Words, entry: &Entry) -> Sentences {
    let mut sentence = Sentence::new(words);
    if !entry.duties.is_empty() {
        sentence.nodes(&entry.duties, Join::And);
        sentence.text += ": ";
    }
    let sentence = sentence.selected(&entry.purposes, &words.any_purpose, Join::And);
    let Sentence { text, phrases, .. } = sentence;
    Sentences { text, phrases, place: entry.place.clone() }
}

/// All lines of an entry.
pub(super) fn block(words: &Words, entry: &Entry) -> Block {
    let mut lines = Lines { words, entry, lines: Vec::new() };
    lines.data();
    lines.party();
    let everything = &words.any_purpose;
    if lines.is_shown(&entry.purposes) {
        lines.selected(Part::Purpose, &words.purpose, &entry.purposes, everything, Join::And);
    }
    lines.clauses();
    let (kind, act) = (kind_word(entry), act_word(entry));
    Block { kind, act, lines: lines.lines, place: entry.place.clone() }
}

fn kind_word(entry: &Entry) -> &'static str {
    match entry.kind {
        StatementKind::Permit => "permit",
        StatementKind::Never => "never",
        StatementKind::Require => "require",
    }
}

fn act_word(entry: &Entry) -> &'static str {
    match entry.act {
        Act::Collect(_) => "collect",
        Act::Use => "use",
        Act::Share(_) => "share",
    }
}

struct Lines<'n> {
    words: &'n Words,
    entry: &'n Entry,
    lines: Vec<Line>,
}

impl Lines<'_> {
    /// A part left out of a prohibition or a duty means all and is not shown.
    fn is_shown(&self, selected: &Selected) -> bool {
        let is_all = selected.everything && selected.except.is_empty();
        self.entry.kind == StatementKind::Permit || !is_all
    }

    /// Which data. Data that may be left out stands apart, unless all of it may.
    fn data(&mut self) {
        let Self { words, entry, .. } = *self;
        let list = &entry.categories;
        let is_empty =
            !list.everything && !list.collected && list.groups.is_empty() && list.items.is_empty();
        if !is_empty || entry.optional.is_none() {
            let types = words.types(entry.kind, &entry.act);
            self.selected(Part::Types, types, list, &words.all_data, Join::Commas);
        }
        if let Some(optional) = &entry.optional {
            let label = &words.optional_data;
            self.selected(Part::Optional, label, optional, &words.all_data, Join::Commas);
        }
    }

    fn party(&mut self) {
        let Self { words, entry, .. } = *self;
        match &entry.act {
            Act::Collect(methods) if self.is_shown(methods) => {
                self.selected(Part::Method, &words.method, methods, &words.any_method, Join::And);
            }
            Act::Share(recipients) if self.is_shown(recipients) => {
                let sentence = Sentence::new(words).of_names();
                let sentence = sentence.selected(recipients, &words.anyone, Join::And);
                let items = sentence::listed(words, recipients, &words.anyone);
                self.add(Part::Recipients, &words.recipients, sentence, items);
            }
            _ => {}
        }
    }

    fn clauses(&mut self) {
        let Self { words, entry, .. } = *self;
        self.text(Part::Basis, clauses::bases(words, &entry.bases));
        let condition = clauses::condition(words, entry.when.as_ref(), entry.unless.as_ref());
        self.text(Part::Condition, condition);
        let is_recipients =
            entry.kind == StatementKind::Permit && matches!(entry.act, Act::Share(_));
        let (duties, retention) = match is_recipients {
            true => (Part::RecipientDuties, Part::RecipientRetention),
            false => (Part::Duties, Part::Retention),
        };
        if !entry.duties.is_empty() {
            let mut sentence = Sentence::new(words);
            sentence.nodes(&entry.duties, Join::And);
            self.add(duties, words.of_part(duties), sentence, Vec::new());
        }
        self.text(retention, clauses::retention(words, &entry.retain));
        self.text(Part::Reason, entry.because.clone());
        self.text(Part::See, entry.see.clone());
    }

    fn selected(
        &mut self,
        part: Part,
        label: &str,
        selected: &Selected,
        everything: &str,
        join: Join,
    ) {
        let sentence = Sentence::new(self.words).selected(selected, everything, join);
        let items = sentence::listed(self.words, selected, everything);
        self.add(part, label, sentence, items);
    }

    /// A text that is not a list; an empty one is left out.
    fn text(&mut self, part: Part, text: String) {
        if !text.is_empty() {
            let sentence = Sentence::whole(self.words, text);
            self.add(part, self.words.of_part(part), sentence, Vec::new());
        }
    }

    fn add(&mut self, part: Part, label: &str, sentence: Sentence<'_>, items: Vec<Listed>) {
        let Sentence { text, phrases, .. } = sentence;
        let is_url = part == Part::See;
        self.lines.push(Line { part, label: label.to_owned(), text, items, is_url, phrases });
    }
}

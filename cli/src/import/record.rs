//! What the readers of all formats give and the writer takes: records of what may be done with which
//! data, each with its source line, and comments for what was not understood.

use super::doubts;
use super::periods::Limit;
use super::split::{Label, Types};
use crate::notice::read::HeaderEntry;
use crate::notice::words::Words;
use whyfor::{Act, StatementKind};

/// A document.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The name of its file.
    pub(super) source: String,
    pub(super) title: String,
    /// Entries of the header, each once.
    pub(super) header: Vec<(HeaderEntry, String)>,
    /// Comments at its head.
    pub(super) notes: Vec<String>,
    pub(super) sections: Vec<Section>,
    pub(super) count: Count,
    /// Nodes of a vocabulary, in an order in which parents come first, with their further parents.
    pub(super) vocabulary: Vec<(Kind, Label, Vec<String>)>,
    /// Names of columns and keys, and their categories.
    pub(super) fields: Vec<(String, Vec<Label>)>,
    pub(super) methods: Methods,
}

/// A hierarchy of a vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Category,
    Purpose,
}

/// What a document says about how data is collected.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Methods {
    /// Some records state a method; others leave it out.
    Stated,
    /// No record does.
    #[default]
    Unstated,
    /// Documents of this format cannot: data is collected however it is.
    Any,
}

/// How many labelled lines there are, and how many of them were understood.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) all: usize,
    pub(super) read: usize,
    /// Items and rows without a label.
    pub(super) unlabelled: usize,
}

#[derive(Debug, Default)]
pub(super) struct Section {
    pub(super) title: String,
    /// What it says in prose.
    pub(super) because: Option<String>,
    /// In the order of the document.
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug)]
pub(super) enum Entry {
    Record(Box<Record>),
    /// A comment.
    Note(String),
}

/// A statement, with what the document says of it.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) kind: StatementKind,
    pub(super) act: Act<(), ()>,
    pub(super) data: Data,
    /// Nothing, if the document states none; likewise below.
    pub(super) methods: Vec<Label>,
    pub(super) recipients: Vec<Label>,
    pub(super) purposes: Vec<Label>,
    /// Alternatives, each of one or more that are needed together.
    pub(super) bases: Vec<Vec<Label>>,
    pub(super) limits: Vec<Limit>,
    pub(super) subjects: Vec<Label>,
    /// Where the recipients are.
    pub(super) countries: Vec<Label>,
    pub(super) conditions: Vec<String>,
    pub(super) duties: Vec<Label>,
    pub(super) because: Option<String>,
    /// An address.
    pub(super) see: Option<String>,
    /// Comments above it.
    pub(super) notes: Vec<String>,
    /// Why it is a comment itself, if it is.
    pub(super) doubts: Vec<String>,
}

/// The data of a record.
#[derive(Debug, Clone)]
pub(super) enum Data {
    /// All data that the document says is collected.
    Collected,
    Listed(Vec<Datum>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Datum {
    pub(super) types: Types,
    /// A person may leave it out.
    pub(super) optional: bool,
}

impl Record {
    pub(super) fn new(kind: StatementKind, act: Act<(), ()>, data: Data) -> Self {
        Self {
            kind,
            act,
            data,
            methods: Vec::new(),
            recipients: Vec::new(),
            purposes: Vec::new(),
            bases: Vec::new(),
            limits: Vec::new(),
            subjects: Vec::new(),
            countries: Vec::new(),
            conditions: Vec::new(),
            duties: Vec::new(),
            because: None,
            see: None,
            notes: Vec::new(),
            doubts: Vec::new(),
        }
    }

    /// Adds the legal bases that a text names. "Legitimate interests (unless you objected)" is a condition too:
    /// this basis does not exist for people who objected.
    pub(super) fn add_bases(&mut self, text: &str, bases: &[Vec<Label>], words: &Words) {
        if doubts::doubt(text, words).is_some() {
            self.conditions.push(text.to_owned());
        }
        if self.bases.is_empty() {
            self.bases = bases.to_vec();
            return;
        }
        // None of the texts may be enough by itself.
        self.note_all_bases();
        let both = self.bases.iter().flat_map(|one| {
            bases.iter().map(|other| one.iter().chain(other).cloned().collect::<Vec<_>>())
        });
        self.bases = both.collect();
    }

    /// Says that bases were joined, once.
    pub(super) fn note_all_bases(&mut self) {
        let note = "guessed: all of the legal bases are needed".to_owned();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Whether the document says which data it is about.
    pub(super) fn has_data(&self) -> bool {
        match &self.data {
            Data::Collected => true,
            Data::Listed(list) => !list.is_empty(),
        }
    }
}

impl Document {
    pub(super) fn records(&self) -> impl Iterator<Item = &Record> {
        let entries = self.sections.iter().flat_map(|section| &section.entries);
        entries.filter_map(|entry| match entry {
            Entry::Record(record) => Some(record.as_ref()),
            Entry::Note(_) => None,
        })
    }

    /// Whether any data and any purpose was read; a document without records may have only names.
    pub(super) fn is_read(&self) -> bool {
        if self.records().next().is_none()
            && !(self.vocabulary.is_empty() && self.fields.is_empty())
        {
            return true;
        }
        let listed = |record: &&Record| matches!(record.data, Data::Listed(_)) && record.has_data();
        let has_purpose = self.records().any(|record| !record.purposes.is_empty());
        self.records().any(|record| listed(&record)) && has_purpose
    }
}

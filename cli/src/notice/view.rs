//! The list as sections, blocks and lines of text: the input of every format and template.

use super::block::{self, Block, Sentences};
use super::labels::Labels;
use super::nodes;
use super::part::Part;
use super::read::HeaderEntry;
use super::words::Words;
use serde::Serialize;
use whyfor::notice::{Entry, Notice, Place};

/// The whole list.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    pub(crate) language: String,
    pub(crate) title: String,
    pub(crate) intro: String,
    pub(crate) policy: String,
    pub(crate) version: String,
    pub(crate) controller: String,
    pub(crate) effective: String,
    pub(crate) contact: String,
    pub(crate) url: String,
    pub(crate) words: Words,
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Section {
    pub(crate) id: String,
    /// Empty if statements outside of sections are all there is.
    pub(crate) title: String,
    /// What the section says in prose.
    pub(crate) because: String,
    /// The columns, if the blocks are the rows of a table.
    pub(crate) columns: Vec<Column>,
    pub(crate) blocks: Vec<Block>,
    /// The permissions of `use collected`, one sentence each.
    pub(crate) additional: Vec<Sentences>,
    #[serde(skip)]
    pub(crate) place: Place,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Column {
    pub(crate) part: Part,
    pub(crate) label: String,
}

/// A line of the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeaderLine<'v> {
    pub(crate) entry: HeaderEntry,
    pub(crate) label: &'v str,
    pub(crate) text: &'v str,
    pub(crate) is_url: bool,
    /// A page may leave it out: the number of this encoding, and whose list it is, which its title may say.
    pub(crate) may_be_missing: bool,
}

impl View {
    /// The list in the labels and words of a language, by section.
    pub(crate) fn new(notice: &Notice, labels: &Labels) -> Self {
        let mut words = labels.words.clone();
        words.names.extend(nodes::names(notice));
        Self {
            sections: sections(&words, notice),
            language: labels.language.clone(),
            title: if notice.title.is_empty() { &notice.name } else { &notice.title }.clone(),
            intro: labels.intro.clone().unwrap_or_else(|| words.intro.clone()),
            policy: notice.name.clone(),
            version: notice.version.clone(),
            controller: notice.controller.clone(),
            effective: notice.effective.clone(),
            contact: notice.contact.clone(),
            url: notice.url.clone(),
            words,
        }
    }

    /// What the header says besides the title.
    pub(crate) fn header(&self) -> Vec<HeaderLine<'_>> {
        let words = &self.words;
        let line = |entry, label, text| HeaderLine {
            entry,
            label,
            text,
            is_url: entry == HeaderEntry::Url,
            may_be_missing: matches!(entry, HeaderEntry::Controller | HeaderEntry::Version),
        };
        let lines = [
            line(HeaderEntry::Controller, words.controller.as_str(), self.controller.as_str()),
            line(HeaderEntry::Version, &words.version, &self.version),
            line(HeaderEntry::Effective, &words.effective, &self.effective),
            line(HeaderEntry::Contact, &words.contact, &self.contact),
            line(HeaderEntry::Url, &words.url, &self.url),
        ];
        lines.into_iter().filter(|line| !line.text.is_empty()).collect()
    }
}

/// One section for each of the list.
pub(super) fn sections(words: &Words, notice: &Notice) -> Vec<Section> {
    let has_several = notice.sections.len() > 1;
    let sections = notice.sections.iter().enumerate();
    let section = |(at, section): (usize, &whyfor::notice::Section)| {
        let (additional, blocks): (Vec<&Entry>, Vec<&Entry>) =
            section.entries.iter().partition(|entry| block::is_additional(entry));
        Section {
            id: match section.name.as_str() {
                "" => format!("section-{}", at + 1),
                name => name.to_owned(),
            },
            title: match (section.title.as_str(), section.name.as_str()) {
                ("", "") if has_several => words.further.clone(),
                ("", name) => name.to_owned(),
                (title, _) => title.to_owned(),
            },
            because: section.because.clone(),
            columns: Vec::new(),
            blocks: blocks.iter().map(|entry| block::block(words, entry)).collect(),
            additional: additional.iter().map(|one| block::one_sentence(words, one)).collect(),
            place: section.place.clone(),
        }
    };
    sections.map(section).collect()
}

//! Groups the lines of a page that is checked into sections of records and sentences.
//!
//! A record starts where its first label comes again, or another list of types; so a page may say the recipient first.
//! What belongs to which statement is not decided here, but by content, in `records`.

use super::known::{KnownLabels, Label};
use super::lines::{self, Line, PageText};
use crate::notice::part::{About, Part};
use crate::notice::words::Words;

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) title: Option<PageText>,
    /// The paragraphs before all sections.
    pub(crate) start: Vec<PageText>,
    pub(crate) sections: Vec<Section>,
    /// Tables that have none of the list's labels.
    pub(crate) unread: Vec<PageText>,
}

#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) title: PageText,
    pub(crate) blocks: Vec<Block>,
    pub(crate) sentences: Vec<PageText>,
    /// Paragraphs.
    pub(crate) prose: Vec<PageText>,
}

/// A record: the content of one statement, or of one that collects and others that share.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) about: Option<About>,
    pub(crate) lines: Vec<(Part, PageText)>,
    /// Labelled lines with unknown labels.
    pub(crate) unknown: Vec<(String, PageText)>,
    pub(crate) line: usize,
    /// What its first line is about.
    first: Option<Part>,
}

/// Parses a page.
pub(crate) fn read(markdown: &str, words: &Words) -> Page {
    let known = KnownLabels::new(words);
    let mut page = Page::default();
    let mut row = false; // the next line starts a record
    for line in lines::lines(markdown, &known) {
        match line {
            Line::Title(on_page) if page.title.is_none() && page.sections.is_empty() => {
                page.title = Some(on_page);
            }
            Line::Title(on_page) | Line::Heading(on_page) => {
                page.sections.push(Section { title: on_page, ..Section::default() });
            }
            Line::Prose(on_page) => match page.sections.last_mut() {
                Some(section) => section.prose.push(on_page),
                None => page.start.push(on_page),
            },
            Line::Sentence(on_page) => page.section(on_page.line).sentences.push(on_page),
            Line::Unread(on_page) => page.unread.push(on_page),
            Line::Row => row = true,
            // A line of the header, as an item of a list.
            Line::Labelled(label, on_page)
                if page.sections.is_empty() && is_header(&label, words) =>
            {
                let text = format!("{}: {}", label.name, on_page.text);
                page.start.push(PageText { text, ..on_page });
            }
            Line::Labelled(label, on_page) => {
                let block = page.section(on_page.line).block(&label, on_page.line, row);
                row = false;
                match label.part {
                    Some((part, about)) => {
                        block.about = block.about.or(about);
                        block.lines.push((part, on_page));
                    }
                    None => block.unknown.push((label.name, on_page)),
                }
            }
        }
    }
    page
}

/// Whether a label is one of the header's.
fn is_header(label: &Label, words: &Words) -> bool {
    let labels = [&words.controller, &words.version, &words.effective, &words.contact, &words.url];
    !label.is_known() && labels.iter().any(|own| own.to_lowercase() == label.name.to_lowercase())
}

impl Page {
    /// The current section; creates one without a heading if there is none.
    fn section(&mut self, line: usize) -> &mut Section {
        if self.sections.is_empty() {
            let title = PageText { text: String::new(), line };
            self.sections.push(Section { title, ..Section::default() });
        }
        let last = self.sections.len() - 1;
        &mut self.sections[last]
    }
}

impl Section {
    /// The block that a line with this label belongs to.
    fn block(&mut self, label: &Label, line: usize, row: bool) -> &mut Block {
        let part = label.part.map(|(part, _)| part);
        let is_types = part == Some(Part::Types);
        let starts = match self.blocks.last() {
            None => true,
            Some(last) => {
                let is_first = part.is_some() && last.first == part;
                row || is_first
                    || is_types && last.lines.iter().any(|(part, _)| *part == Part::Types)
            }
        };
        if starts {
            self.blocks.push(Block { line, first: part, ..Block::default() });
        }
        let last = self.blocks.len() - 1;
        &mut self.blocks[last]
    }
}

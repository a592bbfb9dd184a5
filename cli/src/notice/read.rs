//! Parses a published page into sections of labelled blocks and sentences.
//!
//! A list of types starts a block. `lines` splits the Markdown; this module groups the lines.

use super::known::{About, KnownLabels, Label};
use super::lines::{self, Line, PageText};
use super::view::Part;
use super::words::Words;

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) title: Option<PageText>,
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) title: PageText,
    pub(crate) blocks: Vec<Block>,
    pub(crate) sentences: Vec<PageText>,
    /// Paragraphs.
    pub(crate) prose: Vec<PageText>,
}

/// The content of one statement.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) about: Option<About>,
    pub(crate) lines: Vec<(Part, PageText)>,
    /// Labelled lines with unknown labels.
    pub(crate) unknown: Vec<(String, PageText)>,
}

/// Parses a page.
pub(crate) fn read(markdown: &str, words: &Words) -> Page {
    let known = KnownLabels::new(words);
    let mut page = Page::default();
    let mut row = false; // the next line starts a table row
    for line in lines::lines(markdown, &known) {
        match line {
            Line::Title(on_page) if page.title.is_none() && page.sections.is_empty() => {
                page.title = Some(on_page);
            }
            Line::Title(on_page) | Line::Heading(on_page) => {
                page.sections.push(Section { title: on_page, ..Section::default() });
            }
            // A paragraph before all sections is the introduction.
            Line::Prose(on_page) => {
                if let Some(section) = page.sections.last_mut() {
                    section.prose.push(on_page);
                }
            }
            Line::Sentence(on_page) => page.section(on_page.line).sentences.push(on_page),
            Line::Row => row = true,
            Line::Labelled(label, on_page) => {
                let block = page.section(on_page.line).block(&label, row);
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
    fn block(&mut self, label: &Label, row: bool) -> &mut Block {
        let is_types = |part: &Option<(Part, _)>| matches!(part, Some((Part::Types, _)));
        let has_types = |block: &Block| block.lines.iter().any(|(part, _)| *part == Part::Types);
        let starts = match self.blocks.last() {
            None => true,
            Some(last) => row || is_types(&label.part) && has_types(last),
        };
        if starts {
            self.blocks.push(Block::default());
        }
        let last = self.blocks.len() - 1;
        &mut self.blocks[last]
    }
}

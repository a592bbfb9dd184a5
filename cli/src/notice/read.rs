//! Parses a published page into sections of labelled blocks and sentences.
//!
//! A list of types starts a block. `lines` splits the Markdown; this module groups the lines.

use super::lines::{self, Line, Text};
use super::matching;
use super::view::Part;
use super::words::Words;
use std::collections::HashMap;
use whyfor::{Act, StatementKind};

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) title: Option<PageText>,
    pub(crate) sections: Vec<Section>,
}

/// Text and the line where it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageText {
    pub(crate) text: String,
    pub(crate) line: usize,
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
    pub(crate) line: usize,
}

/// The kind and act of a list of types.
pub(crate) type About = (StatementKind, Act<(), ()>);

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
        let is_types = |part: &Option<(Part, _)>| matches!(part, Some((Part::Types, _)));
        let has_types = |block: &Block| block.lines.iter().any(|(part, _)| *part == Part::Types);
        let starts = match self.blocks.last() {
            None => true,
            Some(last) => row || is_types(&label.part) && has_types(last),
        };
        if starts {
            self.blocks.push(Block { line, ..Block::default() });
        }
        let last = self.blocks.len() - 1;
        &mut self.blocks[last]
    }
}

/// The label of a line.
#[derive(Clone)]
pub(super) struct Label {
    pub(super) name: String,
    /// Its part, if it is one of the list's words.
    part: Option<(Part, Option<About>)>,
}

impl Label {
    pub(super) fn is_known(&self) -> bool {
        self.part.is_some()
    }
}

/// The known labels of a list, by their words.
pub(super) struct KnownLabels<'w> {
    pub(super) words: &'w Words,
    parts: HashMap<String, (Part, Option<About>)>,
}

/// Most bytes of a label.
const LONGEST_LABEL: usize = 200;
const COLONS: [char; 2] = [':', '：'];

impl<'w> KnownLabels<'w> {
    fn new(words: &'w Words) -> Self {
        let mut parts = HashMap::new();
        let mut add = |label: &str, part, about| {
            parts.entry(matching::key(label, words)).or_insert((part, about));
        };
        for kind in [StatementKind::Permit, StatementKind::Never, StatementKind::Require] {
            for act in [Act::Collect(()), Act::Use, Act::Share(())] {
                add(words.types(kind, &act), Part::Types, Some((kind, act)));
            }
        }
        add(&words.method, Part::Method, None);
        add(&words.recipients, Part::Recipients, None);
        add(&words.purpose, Part::Purpose, None);
        add(&words.condition, Part::Condition, None);
        add(&words.duties, Part::Duties, None);
        add(&words.retention, Part::Retention, None);
        Self { words, parts }
    }

    /// The known label that a text is, if any.
    pub(super) fn label(&self, text: &str) -> Option<Label> {
        let name = text.trim().trim_end_matches(COLONS).trim();
        if name.len() > LONGEST_LABEL {
            return None;
        }
        let part = *self.parts.get(&matching::key(name, self.words))?;
        Some(Label { name: name.to_owned(), part: Some(part) })
    }

    /// The label of a column, known or not.
    pub(super) fn column(&self, text: &str) -> Label {
        self.label(text).unwrap_or_else(|| Label { name: text.trim().to_owned(), part: None })
    }

    /// Splits a text into its label, if any, and the rest. An unknown label is bold and has a
    /// colon.
    pub(super) fn split(&self, text: &Text) -> (Option<Label>, String) {
        let bold = text.label.trim();
        let colon = bold.ends_with(COLONS) || text.text.trim_start().starts_with(COLONS);
        let after_colon = |text: &str| one_line(text.trim_start().trim_start_matches(COLONS));
        if !bold.is_empty() {
            if let Some(label) = self.label(bold) {
                return (Some(label), after_colon(&text.text));
            }
            if colon {
                let name = bold.trim_end_matches(COLONS).trim().to_owned();
                return (Some(Label { name, part: None }), after_colon(&text.text));
            }
        }
        let whole = one_line(&format!("{}{}", text.label, text.text));
        // Not bold, or with stars that Markdown does not accept as bold, as next to an ideograph.
        let cut = whole.split_once(COLONS).and_then(|(head, rest)| {
            let label = self.label(head.trim_matches(['*', '_', ' ']))?;
            Some((label, one_line(rest.trim_start_matches(['*', '_']))))
        });
        match cut {
            Some((label, rest)) => (Some(label), rest),
            None => (None, whole),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

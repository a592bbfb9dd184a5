//! A published page taken apart: sections, in each the blocks of its labelled lines, and sentences.
//!
//! A list of types starts a block. What the page's Markdown is made of `lines` says; here it is put
//! where it belongs.

use super::lines::{self, Line, Text};
use super::matching;
use super::view::Part;
use super::words::Words;
use std::collections::HashMap;
use whyfor::{Act, StatementKind};

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) title: Option<Said>,
    pub(crate) sections: Vec<Section>,
}

/// Text and the line where it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) line: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Section {
    pub(crate) title: Said,
    pub(crate) blocks: Vec<Block>,
    pub(crate) sentences: Vec<Said>,
    /// Paragraphs.
    pub(crate) prose: Vec<Said>,
}

/// What one statement says.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) about: Option<About>,
    pub(crate) lines: Vec<(Part, Said)>,
    /// Labelled lines whose labels are not known.
    pub(crate) unknown: Vec<(String, Said)>,
    pub(crate) line: usize,
}

/// What is done with the types of a list.
pub(crate) type About = (StatementKind, Act<(), ()>);

/// Takes a page apart.
pub(crate) fn read(markdown: &str, words: &Words) -> Page {
    let known = Known::new(words);
    let mut page = Page::default();
    let mut row = false; // the next line is the first of a row of a table
    for line in lines::lines(markdown, &known) {
        match line {
            Line::Title(said) if page.title.is_none() && page.sections.is_empty() => {
                page.title = Some(said);
            }
            Line::Title(said) | Line::Heading(said) => {
                page.sections.push(Section { title: said, ..Section::default() });
            }
            // A paragraph before all sections is the introduction.
            Line::Prose(said) => {
                if let Some(section) = page.sections.last_mut() {
                    section.prose.push(said);
                }
            }
            Line::Sentence(said) => page.section(said.line).sentences.push(said),
            Line::Row => row = true,
            Line::Labelled(label, said) => {
                let block = page.section(said.line).block(&label, said.line, row);
                row = false;
                match label.part {
                    Some((part, about)) => {
                        block.about = block.about.or(about);
                        block.lines.push((part, said));
                    }
                    None => block.unknown.push((label.name, said)),
                }
            }
        }
    }
    page
}

impl Page {
    /// The section that is being read; one without a heading if there is none.
    fn section(&mut self, line: usize) -> &mut Section {
        if self.sections.is_empty() {
            let title = Said { text: String::new(), line };
            self.sections.push(Section { title, ..Section::default() });
        }
        let last = self.sections.len() - 1;
        &mut self.sections[last]
    }
}

impl Section {
    /// The block to which a line with this label belongs.
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
    /// What it is about, if it is one of the list's words.
    part: Option<(Part, Option<About>)>,
}

impl Label {
    pub(super) fn is_known(&self) -> bool {
        self.part.is_some()
    }
}

/// The labels that a list has, by their words.
pub(super) struct Known<'w> {
    pub(super) words: &'w Words,
    parts: HashMap<String, (Part, Option<About>)>,
}

/// A longer text is no label.
const LONGEST_LABEL: usize = 200;
const COLONS: [char; 2] = [':', '：'];

impl<'w> Known<'w> {
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

    /// The label that a text is, if it is one of the list's words.
    pub(super) fn label(&self, text: &str) -> Option<Label> {
        let name = text.trim().trim_end_matches(COLONS).trim();
        if name.len() > LONGEST_LABEL {
            return None;
        }
        let part = *self.parts.get(&matching::key(name, self.words))?;
        Some(Label { name: name.to_owned(), part: Some(part) })
    }

    /// The label that heads a column, known or not.
    pub(super) fn column(&self, text: &str) -> Label {
        self.label(text).unwrap_or_else(|| Label { name: text.trim().to_owned(), part: None })
    }

    /// A text taken apart into its label, if it has one, and what is behind it. A label that is not known is
    /// bold and has a colon.
    pub(super) fn split(&self, text: &Text) -> (Option<Label>, String) {
        let bold = text.label.trim();
        let colon = bold.ends_with(COLONS) || text.text.trim_start().starts_with(COLONS);
        let behind = |text: &str| one_line(text.trim_start().trim_start_matches(COLONS));
        if !bold.is_empty() {
            if let Some(label) = self.label(bold) {
                return (Some(label), behind(&text.text));
            }
            if colon {
                let name = bold.trim_end_matches(COLONS).trim().to_owned();
                return (Some(Label { name, part: None }), behind(&text.text));
            }
        }
        let whole = one_line(&format!("{}{}", text.label, text.text));
        // Without bold, or with stars that Markdown does not take for it, as beside an ideograph.
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

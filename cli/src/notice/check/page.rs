//! What a page that is checked holds: sections, and in them the records of labelled lines.

use crate::notice::matching;
use crate::notice::part::{About, Part};
use crate::notice::read::{HeaderEntry, Label, More, PageText, Role};
use crate::notice::words::Words;

/// A page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) title: Option<PageText>,
    pub(super) header: Vec<HeaderLine>,
    /// The paragraphs before all sections.
    pub(super) start: Vec<PageText>,
    pub(super) sections: Vec<Section>,
    pub(super) unread: Vec<Unread>,
}

/// A labelled line of the header.
#[derive(Debug)]
pub(super) struct HeaderLine {
    pub(super) entry: HeaderEntry,
    pub(super) label: String,
    pub(super) text: PageText,
    /// Statements stand above it, so it may be about one of them.
    pub(super) is_among_records: bool,
}

/// What cannot be compared.
#[derive(Debug)]
pub(super) struct Unread {
    /// `table`, `row`, `code`.
    pub(super) what: &'static str,
    pub(super) text: PageText,
}

#[derive(Debug, Default)]
pub(super) struct Section {
    pub(super) title: PageText,
    pub(super) blocks: Vec<Block>,
    pub(super) sentences: Vec<PageText>,
    /// Paragraphs.
    pub(super) prose: Vec<PageText>,
}

/// A record: the content of one statement, or of one that collects and others that share.
#[derive(Debug, Default, Clone)]
pub(super) struct Block {
    pub(super) about: Option<About>,
    pub(super) lines: Vec<(Part, PageText)>,
    /// Labelled lines that no statement has.
    pub(super) unknown: Vec<(Label, PageText)>,
    pub(super) line: usize,
    /// What its first line is about.
    first: Option<Part>,
    /// The label of its last line.
    last: String,
}

impl Page {
    /// Whether nothing but unlabelled items stands above, as in the menu of a site.
    pub(super) fn is_at_start(&self) -> bool {
        let is_bare =
            |section: &Section| section.title.text.is_empty() && section.blocks.is_empty();
        self.sections.iter().all(is_bare)
    }

    pub(super) fn start(&mut self, title: PageText) {
        self.sections.push(Section { title, ..Section::default() });
    }

    pub(super) fn prose(&mut self, on_page: PageText) {
        match self.sections.last_mut() {
            Some(section) => section.prose.push(on_page),
            None => self.start.push(on_page),
        }
    }

    /// The current section; creates one without a heading if there is none.
    pub(super) fn section(&mut self, line: usize) -> &mut Section {
        if self.sections.is_empty() {
            self.start(PageText::new(String::new(), line));
        }
        let last = self.sections.len() - 1;
        &mut self.sections[last]
    }
}

impl Section {
    /// Whether it says nothing that is compared.
    pub(super) fn is_prose(&self) -> bool {
        self.blocks.is_empty() && self.sentences.is_empty()
    }

    pub(super) fn add(&mut self, label: Label, on_page: PageText, starts: bool, words: &Words) {
        let block = self.block(&label, on_page.line, starts);
        let last = std::mem::replace(&mut block.last, label.name.clone());
        let Some(Role::Part(part, about)) = label.role else {
            block.unknown.push((label, on_page));
            return;
        };
        // Two labels for one thing beside each other are one list.
        let is_beside = !last.is_empty() && !matching::same(&last, &label.name, words);
        match block.lines.last_mut().filter(|(known, _)| *known == part && is_beside) {
            Some((_, before)) => {
                before.text = format!("{}{}{}", before.text, words.comma, on_page.text);
            }
            None => block.lines.push((part, on_page)),
        }
        block.about = block.about.or(about);
    }

    /// A record may start with what is optional, as another may end with it: if a line comes again after such a list,
    /// it was the next record that started there.
    pub(super) fn part_optional(&mut self, label: &Label) {
        let Some(Role::Part(part, _)) = label.role else { return };
        let Some(block) = self.blocks.last_mut() else { return };
        if matches!(part, Part::Types | Part::Optional) || block.last == label.name {
            return;
        }
        let is_known = |(known, _): &(Part, PageText)| *known == part;
        let Some(before) = block.lines.iter().position(is_known) else { return };
        let optional = block.lines.iter().rposition(|(known, _)| *known == Part::Optional);
        let Some(at) = optional.filter(|at| *at > before) else { return };
        let lines = block.lines.split_off(at);
        let (line, last) = (lines[0].1.line, std::mem::take(&mut block.last));
        let first = Some(Part::Optional);
        self.blocks.push(Block { line, first, last, lines, ..Block::default() });
    }

    /// The block that a line with this label belongs to.
    fn block(&mut self, label: &Label, line: usize, starts: bool) -> &mut Block {
        let (part, about) = match label.role {
            Some(Role::Part(part, about)) => (Some(part), about),
            _ => (None, None),
        };
        let begins = |last: &Block| {
            let is_again = last.lines.iter().any(|(known, _)| Some(*known) == part);
            let is_first = part.is_some() && last.first == part;
            let is_beside = last.lines.last().is_some_and(|(known, _)| Some(*known) == part)
                && last.last.to_lowercase() != label.name.to_lowercase()
                && last.about == about;
            (is_first || is_again && part == Some(Part::Types)) && !is_beside
        };
        if starts || self.blocks.last().is_none_or(begins) {
            self.blocks.push(Block { line, first: part, ..Block::default() });
        }
        let last = self.blocks.len() - 1;
        &mut self.blocks[last]
    }

    /// Takes the records that are nothing but lines of the header.
    pub(super) fn take_header(&mut self) -> Vec<HeaderLine> {
        let entry = |label: &Label| match label.role {
            Some(Role::More(More::Header(entry))) => Some(entry),
            _ => None,
        };
        let is_header = |block: &Block| {
            block.lines.is_empty() && block.unknown.iter().all(|(label, _)| entry(label).is_some())
        };
        let blocks = std::mem::take(&mut self.blocks).into_iter();
        let (headers, blocks): (Vec<Block>, Vec<Block>) = blocks.partition(is_header);
        let is_among_records = !blocks.is_empty();
        self.blocks = blocks;
        let lines = headers.into_iter().flat_map(|block| block.unknown);
        let lines = lines.filter_map(|(label, text)| {
            Some(HeaderLine { entry: entry(&label)?, label: label.name, text, is_among_records })
        });
        lines.collect()
    }
}

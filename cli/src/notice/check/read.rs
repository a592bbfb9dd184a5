//! Groups the lines of a page that is checked into sections of records and sentences.
//!
//! A record starts where its first label comes again, or another list of types; so a page may say the recipient first.
//! What belongs to which statement is not decided here, but by content, in `records`. Nothing is dropped: what is
//! neither a record nor prose is kept as unread, and is a difference.

use super::{forms, known};
use crate::notice::matching;
use crate::notice::part::{About, Part};
use crate::notice::read::{
    self, HeaderEntry, KnownLabels, Label, Line, More, PageText, ReadError, Role,
};
use crate::notice::view::View;
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

/// Groups the lines of a page.
pub(super) fn read(parsed: &read::Parsed, view: &View) -> Result<Page, ReadError> {
    let known = known::labels(view);
    let lines = read::lines(parsed, &known)?;
    Ok(Grouping::group(lines, &known, read::title(parsed)))
}

struct Grouping<'w> {
    words: &'w Words,
    page: Page,
    /// The lines are a row of a table.
    is_row: bool,
    /// The next line starts a record.
    starts: bool,
}

impl<'w> Grouping<'w> {
    fn group(lines: Vec<Line>, known: &KnownLabels<'w>, title: Option<PageText>) -> Page {
        let words = known.words;
        let mut grouping = Self { words, page: Page::default(), is_row: false, starts: false };
        lines.into_iter().for_each(|line| grouping.line(line));
        let mut page = grouping.page;
        page.title = page.title.or(title);
        for section in &mut page.sections {
            page.header.extend(section.take_header());
            let blocks = std::mem::take(&mut section.blocks).into_iter();
            section.blocks = blocks.flat_map(|block| forms::as_listed(block, words)).collect();
        }
        page
    }

    fn line(&mut self, line: Line) {
        match line {
            Line::Title(on_page) if self.page.title.is_none() && self.page.is_at_start() => {
                self.page.title = Some(on_page);
            }
            Line::Title(on_page) | Line::Heading(on_page) => self.page.start(on_page),
            Line::Scenario(on_page) => self.scenario(on_page),
            Line::Prose(on_page) | Line::Caption(on_page) => self.page.prose(on_page),
            Line::Unknown(label, on_page) => {
                let text = format!("{label}: {}", on_page.text);
                self.page.prose(PageText { text, ..on_page });
            }
            Line::Sentence(on_page) => self.page.section(on_page.line).sentences.push(on_page),
            Line::Row(_, text) => self.page.unread.push(Unread { what: "row", text }),
            Line::Table(table) => {
                self.page.unread.push(Unread { what: "table", text: table.first });
            }
            Line::Code(text) => self.page.unread.push(Unread { what: "code", text }),
            Line::Record { is_row } => {
                self.is_row = is_row;
                self.starts = true;
            }
            Line::EndRecord => self.starts |= std::mem::take(&mut self.is_row),
            Line::Labelled(label, on_page) => self.labelled(label, on_page),
        }
    }

    fn labelled(&mut self, label: Label, text: PageText) {
        match label.role {
            Some(Role::More(More::Scenario)) if !self.is_row => self.scenario(text),
            Some(Role::More(More::Header(entry))) if !self.is_row => {
                let above = self.page.sections.last();
                let is_among_records = above.is_some_and(|section| !section.blocks.is_empty());
                let line = HeaderLine { entry, label: label.name, text, is_among_records };
                self.page.header.push(line);
            }
            _ => {
                let starts = std::mem::take(&mut self.starts);
                let section = self.page.section(text.line);
                if !starts && !self.is_row {
                    section.part_optional(&label);
                }
                section.add(label, text, starts, self.words);
            }
        }
    }

    /// What names the rows from here on; named again, it goes on.
    fn scenario(&mut self, title: PageText) {
        let last = self.page.sections.last();
        if last.is_none_or(|last| !matching::same(&last.title.text, &title.text, self.words)) {
            self.page.start(title);
        }
    }
}

impl Page {
    /// Whether nothing but unlabelled items stands above, as in the menu of a site.
    fn is_at_start(&self) -> bool {
        let is_bare =
            |section: &Section| section.title.text.is_empty() && section.blocks.is_empty();
        self.sections.iter().all(is_bare)
    }

    fn start(&mut self, title: PageText) {
        self.sections.push(Section { title, ..Section::default() });
    }

    fn prose(&mut self, on_page: PageText) {
        match self.sections.last_mut() {
            Some(section) => section.prose.push(on_page),
            None => self.start.push(on_page),
        }
    }

    /// The current section; creates one without a heading if there is none.
    fn section(&mut self, line: usize) -> &mut Section {
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

    fn add(&mut self, label: Label, on_page: PageText, starts: bool, words: &Words) {
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
    fn part_optional(&mut self, label: &Label) {
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
    fn take_header(&mut self) -> Vec<HeaderLine> {
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

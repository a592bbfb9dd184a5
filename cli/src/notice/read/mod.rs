//! Parses a published page into sections of labelled blocks and sentences.
//!
//! - `markdown`, `inline`: Markdown as HTML;
//! - `dom`: HTML as a tree, by html5ever;
//! - `elements`, `marks`, `grid`: the tree as headings, paragraphs, items and tables;
//! - `text`, `line`, `lines`, `table`: these as labelled lines;
//! - `known`: the labels that a list is known to have;
//! - `records`: where a record starts;
//! - `page`: what a page holds.
//!
//! This module groups the lines. A block is a record of the page. No line is dropped: what belongs
//! to no block stands in its section as a sentence, as an unknown line or as prose.

mod dom;
mod elements;
mod grid;
mod inline;
mod known;
mod line;
mod lines;
mod markdown;
mod marks;
mod page;
mod records;
mod table;
mod text;

pub(crate) use dom::{NOTE, ReadError, STRUCK};
pub(crate) use known::{HeaderEntry, KnownLabels, Label, More, Role};
pub(crate) use line::Line;
pub(crate) use page::{Block, Page, Section};
pub(crate) use table::BELOW;
pub(crate) use text::PageText;

use super::matching;
use super::words::Words;
use records::Entry;
use std::path::Path;

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Markup {
    Markdown,
    Html,
}

impl Markup {
    /// By the file's name, or else by how the text starts.
    pub(crate) fn of(path: &Path, text: &str) -> Self {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let starts = |with: &str| {
            start.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
        };
        let is_html = matches!(extension.as_str(), "html" | "htm" | "xhtml");
        match is_html || starts("<!doctype") || starts("<html") {
            true => Self::Html,
            false => Self::Markdown,
        }
    }
}

/// A page before its labels are looked for, which differ from language to language.
pub(crate) struct Parsed {
    dom: dom::Dom,
    metadata: String,
}

/// Parses a page.
pub(crate) fn parse(text: &str, markup: Markup) -> Result<Parsed, ReadError> {
    let (dom, metadata) = match markup {
        Markup::Html => (dom::parse(text, &dom::Markers::default())?, String::new()),
        Markup::Markdown => {
            let converted = markdown::convert(text);
            (dom::parse(&converted.html, &converted.markers)?, converted.metadata)
        }
    };
    Ok(Parsed { dom, metadata })
}

/// All lines of a page, in their order.
pub(crate) fn lines(parsed: &Parsed, known: &KnownLabels<'_>) -> Result<Vec<Line>, ReadError> {
    lines::lines(&parsed.dom, known)
}

/// The title that a page has beside its text: in its metadata, or in the element for it.
pub(crate) fn title(parsed: &Parsed) -> Option<PageText> {
    let title =
        crate::yaml::text_of(&parsed.metadata, "title").or_else(|| marks::title(&parsed.dom));
    title.map(|title| PageText::new(title, 1))
}

/// Reads a page with the labels of a list.
pub(crate) fn read(parsed: &Parsed, words: &Words) -> Result<Page, ReadError> {
    let known = KnownLabels::new(words);
    let mut page = Page::default();
    let mut grouping = Grouping::new(words, &mut page);
    for line in lines(parsed, &known)? {
        grouping.line(line);
    }
    grouping.end_run();
    page.title = page.title.or_else(|| title(parsed));
    Ok(page)
}

/// Reads the rows of a table, each with its line, as a page.
pub(crate) fn rows(rows: &[(usize, Vec<String>)], words: &Words) -> Page {
    let known = KnownLabels::new(words);
    let mut page = Page::default();
    let mut grouping = Grouping::new(words, &mut page);
    for (at, line) in table::of_rows(rows, &known).into_iter().enumerate() {
        match line {
            // The first line above the table is its title.
            Line::Row(why, on_page) if at == 0 && why.is_empty() => {
                grouping.page.title = Some(on_page);
            }
            line => grouping.line(line),
        }
    }
    grouping.end_run();
    page
}

struct Grouping<'p> {
    words: &'p Words,
    page: &'p mut Page,
    /// The labelled lines since the last place where a record ends.
    run: Vec<Entry>,
    runs: usize,
    /// The lines are a row of a table.
    is_row: bool,
    /// The words for additional purposes stand directly above.
    is_led: bool,
    /// The headings around, each below the one before, with their levels.
    titles: Vec<(u8, String)>,
    /// The last line over a whole table or some of its rows.
    over: Option<PageText>,
}

/// The level of a scenario: below all headings.
const SCENARIO: u8 = u8::MAX;

impl<'p> Grouping<'p> {
    fn new(words: &'p Words, page: &'p mut Page) -> Self {
        Self {
            words,
            page,
            run: Vec::new(),
            runs: 0,
            is_row: false,
            is_led: false,
            titles: Vec::new(),
            over: None,
        }
    }

    fn line(&mut self, line: Line) {
        let is_led = std::mem::take(&mut self.is_led);
        match line {
            Line::Title(on_page) if self.page.title.is_none() && self.is_at_start() => {
                self.end_run();
                self.page.title = Some(on_page);
            }
            Line::Title(on_page) => self.start(1, on_page),
            Line::Heading(level, on_page) => self.start(level, on_page),
            Line::Scenario(on_page) => self.start(SCENARIO, on_page),
            Line::Prose(on_page) => self.prose(on_page),
            Line::Sentence(on_page) => {
                self.is_led = is_led;
                self.run.push(Entry::Gap);
                let section = self.section(on_page.line);
                if is_led {
                    section.led.push(section.sentences.len());
                }
                section.sentences.push(on_page);
            }
            Line::Row(label, on_page) if label.is_empty() => {
                self.section(on_page.line);
                self.over = Some(on_page.clone());
                self.unknown(label, on_page);
            }
            Line::Unknown(label, on_page) | Line::Row(label, on_page) => {
                self.unknown(label, on_page);
            }
            Line::Table(table) => {
                self.page.heads.extend(table.heads);
                table.rows.into_iter().for_each(|row| self.unknown(String::new(), row));
            }
            // A draft has nothing of them but what they say of the table.
            Line::Caption(on_page) => {
                self.over = Some(on_page.clone());
                self.section(on_page.line).captions.push(on_page);
            }
            Line::Code(_) => {}
            Line::Record { is_row } => {
                self.end_run();
                self.is_row = is_row;
            }
            Line::EndRecord => self.end_run(),
            Line::Labelled(Label { role: Some(Role::More(More::Scenario)), .. }, on_page) => {
                self.start(SCENARIO, on_page);
            }
            Line::Labelled(label, on_page) => {
                self.section(on_page.line);
                self.run.push(Entry::Line(label, on_page));
            }
        }
    }

    /// Whether nothing but items without a label stands above, as in the navigation of a page.
    fn is_at_start(&self) -> bool {
        let is_bare =
            |section: &Section| section.title.text.is_empty() && section.blocks.is_empty();
        let is_labelled = |entry: &Entry| matches!(entry, Entry::Line(..));
        self.page.sections.iter().all(is_bare) && !self.run.iter().any(is_labelled)
    }

    /// Makes records of the lines so far.
    fn end_run(&mut self) {
        let is_row = std::mem::take(&mut self.is_row);
        let run = std::mem::take(&mut self.run);
        if !run.iter().any(|entry| matches!(entry, Entry::Line(..))) {
            return;
        }
        self.runs += 1;
        let number = (!is_row).then_some(self.runs);
        let blocks = records::blocks(run, number);
        if let Some(section) = self.page.sections.last_mut() {
            section.blocks.extend(blocks);
        }
    }

    /// Starts a section; a scenario named again goes on.
    fn start(&mut self, level: u8, title: PageText) {
        self.end_run();
        self.titles.retain(|(above, _)| *above < level);
        if level != SCENARIO {
            self.over = None;
        }
        let captions = self.over.iter().cloned().collect();
        let above = self.titles.iter().map(|(_, title)| title.clone()).collect();
        self.titles.push((level, title.text.clone()));
        let last = self.page.sections.last();
        if last.is_none_or(|last| last.title.text != title.text) {
            self.page.sections.push(Section { title, above, captions, ..Section::default() });
        }
    }

    /// A paragraph before all sections is the introduction.
    fn prose(&mut self, on_page: PageText) {
        self.is_led = matching::same(&on_page.text, &self.words.additional, self.words);
        match self.page.sections.last_mut() {
            Some(section) => section.prose.push(on_page),
            None => self.page.is_introduced |= on_page.text == self.words.intro,
        }
    }

    fn unknown(&mut self, label: String, on_page: PageText) {
        let prose = match label.as_str() {
            "" => None,
            label => Some(format!("{label}: {}", on_page.text)),
        };
        match self.page.sections.last_mut() {
            Some(section) => {
                section.prose.extend(prose.map(|text| PageText::new(text, on_page.line)));
                section.unknown.push((label, on_page));
            }
            None => self.page.before.push((label, on_page)),
        }
    }

    /// The current section; creates one without a heading if there is none.
    fn section(&mut self, line: usize) -> &mut Section {
        if self.page.sections.is_empty() {
            let title = PageText::new(String::new(), line);
            self.page.sections.push(Section { title, ..Section::default() });
        }
        let last = self.page.sections.len() - 1;
        &mut self.page.sections[last]
    }
}

//! Groups the lines of a page that is checked into sections of records and sentences.
//!
//! A record starts where its first label comes again, or another list of types; so a page may say the recipient first.
//! What belongs to which statement is not decided here, but by content, in `records`. Nothing is dropped: what is
//! neither a record nor prose is kept as unread, and is a difference.

use super::page::{HeaderLine, Page, Unread};
use super::{forms, known};
use crate::notice::answers::is_nothing;
use crate::notice::matching;
use crate::notice::part::Part;
use crate::notice::read::{self, KnownLabels, Label, Line, More, PageText, ReadError, Role};
use crate::notice::view::View;
use crate::notice::words::Words;

/// Groups the lines of a page.
pub(super) fn read(parsed: &read::Parsed, view: &View) -> Result<Page, ReadError> {
    let known = known::labels(view);
    let lines = read::lines(parsed, &known)?;
    Ok(Grouping::group(lines, &known, read::title(parsed), &names(view)))
}

/// What the list says in words that stand for nothing elsewhere, as of a recipient called "None".
fn names(view: &View) -> Vec<(Part, String)> {
    let blocks = view.sections.iter().flat_map(|section| &section.blocks);
    let lines = blocks.flat_map(|block| &block.lines).filter(|line| is_nothing(&line.text));
    lines.map(|line| (line.part, line.text.clone())).collect()
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
    fn group(
        lines: Vec<Line>,
        known: &KnownLabels<'w>,
        title: Option<PageText>,
        names: &[(Part, String)],
    ) -> Page {
        let words = known.words;
        let mut grouping = Self { words, page: Page::default(), is_row: false, starts: false };
        lines.into_iter().for_each(|line| grouping.line(line));
        let mut page = grouping.page;
        page.title = page.title.or(title);
        for section in &mut page.sections {
            page.header.extend(section.take_header());
            let blocks = std::mem::take(&mut section.blocks).into_iter();
            section.blocks =
                blocks.flat_map(|block| forms::as_listed(block, words, names)).collect();
        }
        page
    }

    fn line(&mut self, line: Line) {
        match line {
            Line::Title(on_page) if self.page.title.is_none() && self.page.is_at_start() => {
                self.page.title = Some(on_page);
            }
            Line::Title(on_page) | Line::Heading(_, on_page) => self.page.start(on_page),
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

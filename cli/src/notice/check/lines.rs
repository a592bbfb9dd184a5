//! The Markdown of a page that is checked, as lines: headings, labelled items and paragraphs, sentences.
//!
//! A label is bold, `**Collection Method** : …`, or a word of the list before a colon. It heads an
//! item, a paragraph, a row or column of a table, or the text below a heading of that name,
//! together with the items listed below it. HTML, code and metadata are skipped; a table that is not read is said to be.

use super::known::{KnownLabels, Label};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Text and the line where it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageText {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// A line of a page.
pub(super) enum Line {
    Title(PageText),
    Heading(PageText),
    Labelled(Label, PageText),
    Sentence(PageText),
    /// The start of a row of a table, or of an item with others below it: of a record.
    Row,
    Prose(PageText),
    /// A table that has none of the list's labels.
    Unread(PageText),
}

/// The text of an item, paragraph, heading or cell being read.
#[derive(Default)]
struct Text {
    /// Bold text at its start.
    label: String,
    text: String,
    line: usize,
    in_label: bool,
    /// A source line has just started.
    broken: bool,
    /// The items listed below it.
    parts: Vec<String>,
    /// Already added to the lines; only later text is left.
    is_added: bool,
}

impl Text {
    /// Its label, if any, and the rest.
    fn split(&self, known: &KnownLabels<'_>) -> (Option<Label>, String) {
        known.split(&self.label, &self.text)
    }
}

/// All lines, in order.
pub(super) fn lines(markdown: &str, known: &KnownLabels<'_>) -> Vec<Line> {
    let starts: Vec<usize> = whyfor::line_starts(markdown).collect();
    let mut reader = Reader {
        known,
        lines: Vec::new(),
        heading: None,
        paragraph: None,
        items: Vec::new(),
        section: None,
        below: None,
        rows: Vec::new(),
        cell: None,
    };
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TABLES;
    let mut hidden = 0usize;
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        match event {
            Event::Start(Tag::MetadataBlock(_) | Tag::HtmlBlock | Tag::CodeBlock(_)) => hidden += 1,
            Event::End(TagEnd::MetadataBlock(_) | TagEnd::HtmlBlock | TagEnd::CodeBlock) => {
                hidden -= 1;
            }
            Event::Html(html) if html.to_ascii_lowercase().contains("<table") => {
                let line = starts.partition_point(|start| *start <= range.start);
                let text = html.trim().to_owned();
                reader.lines.push(Line::Unread(PageText { text, line }));
            }
            _ if hidden > 0 => {}
            event => reader.event(event, starts.partition_point(|start| *start <= range.start)),
        }
    }
    reader.end_below();
    reader.lines
}

struct Reader<'k> {
    known: &'k KnownLabels<'k>,
    lines: Vec<Line>,
    heading: Option<Text>,
    /// Outside items.
    paragraph: Option<Text>,
    /// The nested items.
    items: Vec<Text>,
    /// The level of the section's heading.
    section: Option<HeadingLevel>,
    /// A deeper heading that is a label, and the text below it.
    below: Option<(Label, Text)>,
    rows: Vec<Vec<PageText>>,
    cell: Option<Text>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, line: usize) {
        let text = || Some(Text { line, ..Text::default() });
        match event {
            Event::Start(Tag::Heading { .. }) => self.heading = text(),
            Event::End(TagEnd::Heading(level)) => self.end_heading(level),
            Event::Start(Tag::Item) => self.items.extend(text()),
            Event::End(TagEnd::Item) => self.end_item(),
            Event::Start(Tag::Paragraph) if self.items.is_empty() => self.paragraph = text(),
            Event::Start(Tag::Paragraph) => self.text(" "),
            Event::End(TagEnd::Paragraph) => self.end_paragraph(),
            Event::Start(Tag::TableHead | Tag::TableRow) => self.rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => self.cell = text(),
            Event::End(TagEnd::TableCell) => {
                if let (Some(cell), Some(row)) = (self.cell.take(), self.rows.last_mut()) {
                    let text = cell.label + &cell.text;
                    row.push(PageText { text: text.trim().to_owned(), line: cell.line });
                }
            }
            Event::End(TagEnd::Table) => self.end_table(),
            Event::Start(Tag::Strong) => self.strong(line),
            Event::End(TagEnd::Strong) => {
                if let Some(text) = self.current() {
                    text.in_label = false;
                }
            }
            Event::Text(part) | Event::Code(part) => self.text(&part),
            Event::InlineHtml(tag) if tag.starts_with("<br") => {
                self.text(if self.cell.is_some() { ", " } else { " " });
            }
            Event::SoftBreak | Event::HardBreak => {
                self.text(" ");
                if let Some(text) = self.current() {
                    text.broken = true;
                }
            }
            _ => {}
        }
    }

    /// The text being read.
    fn current(&mut self) -> Option<&mut Text> {
        let inner = self.cell.as_mut().or(self.heading.as_mut());
        inner.or(self.items.last_mut()).or(self.paragraph.as_mut())
    }

    fn text(&mut self, part: &str) {
        let Some(text) = self.current() else { return };
        text.broken = false;
        if text.in_label { text.label += part } else { text.text += part }
    }

    /// Bold text at the start is a label. In a paragraph each line may have one.
    fn strong(&mut self, line: usize) {
        if self.items.is_empty() && self.paragraph.as_ref().is_some_and(|text| text.broken) {
            self.end_paragraph();
            self.paragraph = Some(Text { line, ..Text::default() });
        }
        if let Some(text) = self.current() {
            text.in_label = text.label.is_empty() && text.text.trim().is_empty();
        }
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let Some(heading) = self.heading.take() else { return };
        self.end_below();
        let on_page = PageText { text: heading.label + &heading.text, line: heading.line };
        let below = Text { line: on_page.line, ..Text::default() };
        match self.known.label(&on_page.text) {
            Some(label) if self.section.is_some_and(|section| section < level) => {
                self.below = Some((label, below));
            }
            _ if level == HeadingLevel::H1 => self.lines.push(Line::Title(on_page)),
            _ => {
                self.section = Some(level);
                self.lines.push(Line::Heading(on_page));
            }
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraph.take() else { return };
        let (label, text) = paragraph.split(self.known);
        let on_page = PageText { text, line: paragraph.line };
        match label {
            Some(label) if label.is_known() => self.labelled(label, on_page),
            Some(label) => {
                let text = format!("{}: {}", label.name, on_page.text);
                self.lines.push(Line::Prose(PageText { text, ..on_page }));
            }
            None => match &mut self.below {
                Some((_, below)) => below.parts.push(on_page.text),
                None => self.lines.push(Line::Prose(on_page)),
            },
        }
    }

    fn end_item(&mut self) {
        let Some(item) = self.items.pop() else { return };
        let (label, text) = item.split(self.known);
        if label.is_none() && text.is_empty() {
            return;
        }
        if label.is_none() {
            let above = match self.items.last_mut() {
                Some(outer) if !outer.is_added && outer.split(self.known).0.is_some() => {
                    Some(outer)
                }
                Some(_) => None,
                None => self.below.as_mut().map(|(_, below)| below),
            };
            if let Some(above) = above {
                above.parts.push(text);
                return;
            }
        }
        for at in 0..self.items.len() {
            if !self.items[at].is_added {
                let added = Text { is_added: true, ..Text::default() };
                let outer = std::mem::replace(&mut self.items[at], added);
                // An item with others below it is a record.
                self.lines.push(Line::Row);
                self.add(outer);
            }
        }
        self.add(item);
    }

    fn add(&mut self, item: Text) {
        let (label, text) = item.split(self.known);
        let on_page = PageText { text: self.with_parts(text, &item.parts), line: item.line };
        match label {
            Some(label) => self.labelled(label, on_page),
            None if on_page.text.is_empty() => {}
            None => self.lines.push(Line::Sentence(on_page)),
        }
    }

    fn labelled(&mut self, label: Label, on_page: PageText) {
        self.end_below();
        self.lines.push(Line::Labelled(label, on_page));
    }

    fn end_below(&mut self) {
        if let Some((label, below)) = self.below.take() {
            let text = self.with_parts(String::new(), &below.parts);
            self.lines.push(Line::Labelled(label, PageText { text, line: below.line }));
        }
    }

    /// A text and the items listed below it, as one sentence.
    fn with_parts(&self, text: String, parts: &[String]) -> String {
        let words = self.known.words;
        if parts.is_empty() {
            return text;
        }
        let parts = parts.join(&words.comma);
        let lead = text.trim_end_matches([':', '：', ' ']);
        let leads = |word: &String| lead.ends_with(word.trim_matches([' ', ',', '，']));
        match lead {
            "" => parts,
            _ if leads(&words.such_as) || leads(&words.including) => format!("{lead} {parts}"),
            _ => format!("{lead}{}{parts}", words.including),
        }
    }

    /// Labels head the columns or rows of a table.
    fn end_table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let Some((heads, below)) = rows.split_first() else { return };
        let columns: Vec<Label> = heads.iter().map(|head| self.known.column(&head.text)).collect();
        if columns.iter().any(Label::is_known) {
            for row in below {
                self.lines.push(Line::Row);
                for (label, on_page) in columns.iter().zip(row) {
                    // Skip empty cells and columns of row numbers.
                    let counts = on_page.text.bytes().all(|byte| byte.is_ascii_digit());
                    if !on_page.text.is_empty() && (label.is_known() || !counts) {
                        self.labelled(label.clone(), on_page.clone());
                    }
                }
            }
            return;
        }
        let mut is_read = false;
        for row in &rows {
            let Some((head, on_page)) = row.split_first() else { continue };
            if let Some(label) = self.known.label(&head.text) {
                is_read = true;
                let texts: Vec<&str> =
                    on_page.iter().map(|on_page| on_page.text.as_str()).collect();
                self.labelled(label, PageText { text: texts.join(", "), line: head.line });
            }
        }
        if let (false, Some(head)) = (is_read, heads.first()) {
            let texts: Vec<&str> = heads.iter().map(|head| head.text.as_str()).collect();
            let on_page = PageText { text: texts.join(" | "), line: head.line };
            self.lines.push(Line::Unread(on_page));
        }
    }
}

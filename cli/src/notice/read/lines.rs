//! A page as lines: headings, labelled items and paragraphs, rows of tables, unlabelled items.
//!
//! A label is bold, `**Collection Method** : …`, or a word of the list before a colon. It heads an
//! item, a paragraph, a line of either, a row or column of a table, or the text below a heading of
//! that name, together with the items listed below it.

use super::dom::{Dom, ReadError};
use super::known::{KnownLabels, Label};
use super::line::Line;
use super::marks::{self, Mark};
use super::table;
use super::text::{PageText, Segment, Text, one_line};

/// An item being read.
#[derive(Debug, Default)]
struct Item {
    text: Text,
    /// The items listed below it.
    parts: Vec<String>,
    /// Already added to the lines; only later text is left.
    is_added: bool,
    /// Labelled items stand below it.
    is_record: bool,
}

/// All lines, in order.
pub(super) fn lines(dom: &Dom, known: &KnownLabels<'_>) -> Result<Vec<Line>, ReadError> {
    let mut reader = Reader {
        known,
        lines: Vec::new(),
        heading: None,
        caption: None,
        paragraph: None,
        items: Vec::new(),
        section: None,
        below: None,
    };
    marks::each(dom, &mut |mark, line| reader.mark(mark, line))?;
    reader.end_below();
    Ok(reader.lines)
}

/// A deeper heading that is a label, or a paragraph that is one, and the text below it.
struct Below {
    label: Label,
    line: usize,
    parts: Vec<String>,
    /// All paragraphs below a heading belong to it; below a paragraph, the one or the list that follows it.
    is_heading: bool,
}

struct Reader<'k> {
    known: &'k KnownLabels<'k>,
    lines: Vec<Line>,
    heading: Option<Text>,
    /// Of a table.
    caption: Option<Text>,
    /// Outside items.
    paragraph: Option<Text>,
    /// The nested items.
    items: Vec<Item>,
    /// The level of the section's heading.
    section: Option<u8>,
    below: Option<Below>,
}

impl Reader<'_> {
    fn mark(&mut self, mark: Mark<'_>, line: usize) {
        match mark {
            Mark::Heading => self.heading = Some(Text::new(line)),
            Mark::EndHeading(level) => self.end_heading(level),
            Mark::Item => self.items.push(Item { text: Text::new(line), ..Item::default() }),
            Mark::EndItem => self.end_item(),
            Mark::Paragraph => self.paragraph = Some(Text::new(line)),
            Mark::EndParagraph => self.end_paragraph(),
            Mark::Strong => self.text(|text| text.strong(line)),
            Mark::EndStrong => self.text(Text::end_strong),
            Mark::Text(part) => self.text(|text| text.push(part, line)),
            Mark::SoftBreak => self.text(|text| text.soft_break(line)),
            Mark::HardBreak => self.text(|text| text.hard_break(line)),
            Mark::Caption => self.caption = Some(Text::new(line)),
            Mark::EndCaption => self.end_caption(),
            Mark::Code(text) => self.code(text, line),
            Mark::Table(grid) => {
                self.end_below();
                self.lines.extend(table::lines(&grid, self.known));
            }
        }
    }

    /// Changes the text being read.
    fn text(&mut self, change: impl FnOnce(&mut Text)) {
        let item = self.items.last_mut().map(|item| &mut item.text);
        let inner = self.heading.as_mut().or(self.caption.as_mut());
        if let Some(text) = inner.or(item).or(self.paragraph.as_mut()) {
            change(text);
        }
    }

    fn end_heading(&mut self, level: u8) {
        let Some(heading) = self.heading.take() else { return };
        self.end_below();
        let on_page = PageText::new(heading.whole(), heading.line());
        match self.known.label(&on_page.text) {
            Some(label) if self.section.is_some_and(|section| section < level) => {
                let line = on_page.line;
                self.below = Some(Below { label, line, parts: Vec::new(), is_heading: true });
            }
            _ if level == 1 => self.lines.push(Line::Title(on_page)),
            _ => {
                self.section = Some(level);
                self.lines.push(Line::Heading(level, on_page));
            }
        }
    }

    fn end_caption(&mut self) {
        let Some(caption) = self.caption.take() else { return };
        self.end_below();
        for segment in caption.segments(self.known) {
            let on_page = self.on_page(&segment, &[]);
            match segment.label {
                Some(label) => self.labelled(label, on_page),
                None if on_page.text.is_empty() => {}
                None => self.lines.push(Line::Caption(on_page)),
            }
        }
    }

    /// Code is not read as a list, but it may contain one.
    fn code(&mut self, text: String, line: usize) {
        let is_edge =
            |c: char| matches!(c, '\n' | '\r' | ':' | '：' | '|' | '\t' | '<' | '>' | '*');
        if text.split(is_edge).any(|part| self.known.label(part.trim_matches(BULLETS)).is_some()) {
            self.lines.push(Line::Code(PageText::new(one_line(&text), line)));
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraph.take() else { return };
        for segment in paragraph.segments(self.known) {
            let on_page = self.on_page(&segment, &[]);
            match segment.label {
                Some(label) if label.is_known() && segment.parts.is_empty() => {
                    self.end_below();
                    let (line, parts) = (on_page.line, Vec::new());
                    self.below = Some(Below { label, line, parts, is_heading: false });
                }
                Some(label) if label.is_known() => self.labelled(label, on_page),
                Some(label) => self.lines.push(Line::Unknown(label.name, on_page)),
                None if on_page.text.is_empty() => {}
                None => self.unlabelled(segment.parts, on_page),
            }
        }
    }

    /// A paragraph without a label.
    fn unlabelled(&mut self, parts: Vec<String>, on_page: PageText) {
        match &mut self.below {
            Some(below) if below.is_heading && !self.known.is_lead(&on_page.text) => {
                below.parts.extend(parts);
            }
            Some(below) if !below.is_heading && below.parts.is_empty() => {
                below.parts.extend(parts);
                self.end_below();
            }
            _ => {
                self.end_below();
                self.lines.push(prose(on_page));
            }
        }
    }

    fn end_item(&mut self) {
        let Some(item) = self.items.pop() else { return };
        let segments = item.text.segments(self.known);
        let has_label = segments.iter().any(|segment| segment.label.is_some());
        if !has_label && segments.iter().all(|segment| segment.parts.is_empty()) {
            if item.is_record {
                self.lines.push(Line::EndRecord);
            }
            return;
        }
        if !has_label && !item.is_record && self.add_to_above(&segments) {
            return;
        }
        for at in 0..self.items.len() {
            self.items[at].is_record |= has_label;
            if !self.items[at].is_added {
                let added = Item { is_added: true, is_record: has_label, ..Item::default() };
                let outer = std::mem::replace(&mut self.items[at], added);
                let segments = outer.text.segments(self.known);
                if !has_label {
                    self.add(segments, &outer.parts);
                    continue;
                }
                // Beside labelled items, one without a label may be any line.
                self.lines.push(Line::Record { is_row: false });
                self.add(segments, &[]);
                let line = outer.text.line();
                let parts = outer.parts.into_iter().map(|part| PageText::new(part, line));
                self.lines.extend(parts.map(Line::Sentence));
            }
        }
        let is_record = item.is_record;
        self.add(segments, &item.parts);
        if is_record {
            self.lines.push(Line::EndRecord);
        }
    }

    /// Adds an unlabelled item to the labelled text above it, if there is one.
    fn add_to_above(&mut self, segments: &[Segment]) -> bool {
        let parts = segments.iter().flat_map(|segment| segment.parts.iter().cloned());
        let is_open = |item: &Item| {
            let last = item.text.segments(self.known).pop();
            !item.is_added && last.is_some_and(|segment| segment.label.is_some())
        };
        match self.items.last_mut() {
            Some(outer) if is_open(outer) => outer.parts.extend(parts),
            Some(_) => return false,
            None => match &mut self.below {
                Some(below) => below.parts.extend(parts),
                None => return false,
            },
        }
        true
    }

    /// Adds the lines of an item; the items below it belong to its last line.
    fn add(&mut self, segments: Vec<Segment>, parts: &[String]) {
        let last = segments.len();
        for (at, segment) in segments.into_iter().enumerate() {
            let below = if at + 1 == last { parts } else { &[] };
            let on_page = self.on_page(&segment, below);
            match segment.label {
                Some(label) => self.labelled(label, on_page),
                None if on_page.text.is_empty() => {}
                None => self.lines.push(Line::Sentence(on_page)),
            }
        }
    }

    fn labelled(&mut self, label: Label, on_page: PageText) {
        self.end_below();
        self.lines.push(Line::Labelled(label, on_page));
    }

    fn end_below(&mut self) {
        if let Some(Below { label, line, parts, .. }) = self.below.take() {
            let on_page = self.on_page(&Segment { label: None, parts: vec![], line }, &parts);
            self.lines.push(Line::Labelled(label, on_page));
        }
    }

    /// The text of a line and of the items listed below it, as one sentence.
    fn on_page(&self, segment: &Segment, below: &[String]) -> PageText {
        let words = self.known.words;
        let text = joined(&segment.parts, &words.comma);
        let parts: Vec<String> = segment.parts.iter().chain(below).cloned().collect();
        let line = segment.line;
        let parts_if_several = if parts.len() > 1 { parts } else { Vec::new() };
        if below.is_empty() {
            return PageText { text, line, parts: parts_if_several };
        }
        let below = joined(below, &words.comma);
        let lead = text.trim_end_matches([':', '：', ' ']);
        let leads = |word: &String| lead.ends_with(word.trim_matches([' ', ',', '，']));
        let text = match lead {
            "" => below,
            _ if leads(&words.such_as) || leads(&words.including) => format!("{lead} {below}"),
            _ => format!("{lead}{}{below}", words.including),
        };
        PageText { text, line, parts: parts_if_several }
    }
}

/// Lines as one sentence: with commas, unless a line ends or starts with a separator.
fn joined(parts: &[String], comma: &str) -> String {
    let mut text = String::new();
    for part in parts {
        let follows = text.is_empty()
            || text.ends_with([',', '，', '、', ';', '；', ':', '：'])
            || part.starts_with([',', '，', '、', ';', '；']);
        text += match follows {
            true if text.is_empty() => "",
            true => " ",
            false => comma,
        };
        text += part;
    }
    text
}

/// What may stand before a label in code.
const BULLETS: &[char] = &[
    '-', '+', '•', '_', '#', '"', ' ', '.', ')', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9',
];
/// Longest text before a colon that looks like a label, in characters.
const LONGEST_HEAD: usize = 40;

/// A paragraph without a known label: a line that looks labelled, or prose.
fn prose(on_page: PageText) -> Line {
    let text = on_page.text.trim_start_matches(['*', '_']);
    let cut = text.split_once([':', '：']).filter(|(head, rest)| {
        let is_short = !head.trim().is_empty() && head.chars().count() <= LONGEST_HEAD;
        is_short && !head.contains(['.', '。', ',', '，']) && !rest.trim().is_empty()
    });
    match cut {
        Some((head, rest)) => {
            let name = head.trim_matches(['*', '_', ' ']).to_owned();
            let rest = rest.trim_start_matches(['*', '_']).trim();
            Line::Unknown(name, PageText::new(rest.to_owned(), on_page.line))
        }
        None => Line::Prose(on_page),
    }
}

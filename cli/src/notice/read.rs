//! A published page in Markdown, taken apart: sections, in each the blocks of its labelled lines, and
//! sentences.
//!
//! A line is an item of a list that starts with a bold label, `**Collection Method** : …`; an item without
//! one is a sentence. A list of types starts a block. Paragraphs are introductions.

use super::view::Part;
use super::words::Words;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use whyfor::notice::{Act, Kind};

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
}

/// What one statement says.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) about: Option<(Kind, Act)>,
    pub(crate) lines: Vec<(Part, Said)>,
    /// Labelled lines whose labels are not known.
    pub(crate) unknown: Vec<(String, Said)>,
    pub(crate) line: usize,
}

/// Takes a page apart.
pub(crate) fn read(markdown: &str, words: &Words) -> Page {
    let mut reader =
        Reader { words, starts: line_starts(markdown), page: Page::default(), open: vec![] };
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS | Options::ENABLE_STRIKETHROUGH;
    let mut heading: Option<HeadingLevel> = None;
    let mut text = Said::default();
    let mut hidden = 0usize; // metadata, HTML
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        let line = reader.line(range.start);
        match event {
            Event::Start(Tag::MetadataBlock(_) | Tag::HtmlBlock) => hidden += 1,
            Event::End(TagEnd::MetadataBlock(_) | TagEnd::HtmlBlock) => hidden -= 1,
            _ if hidden > 0 => {}
            Event::Start(Tag::Heading { level, .. }) => {
                heading = Some(level);
                text = Said { text: String::new(), line };
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(level) = heading.take() {
                    reader.heading(level, std::mem::take(&mut text));
                }
            }
            Event::Start(Tag::Item) => reader.open.push(Item { line, ..Item::default() }),
            Event::End(TagEnd::Item) => {
                if let Some(item) = reader.open.pop() {
                    reader.item(item);
                }
            }
            // What is in a list within an item comes after the item's own text.
            Event::Start(Tag::List(_)) => {
                if let Some(item) = reader.open.last_mut() {
                    let own = std::mem::replace(item, Item { done: true, ..Item::default() });
                    reader.item(own);
                }
            }
            Event::Start(Tag::Strong) => reader.strong(true),
            Event::End(TagEnd::Strong) => reader.strong(false),
            Event::Text(part) | Event::Code(part) if heading.is_some() => text.text += &part,
            Event::Text(part) | Event::Code(part) => reader.text(&part),
            Event::SoftBreak | Event::HardBreak => reader.text(" "),
            _ => {}
        }
    }
    reader.page
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

/// An item of a list as it is read.
#[derive(Default)]
struct Item {
    label: String,
    text: String,
    line: usize,
    in_label: bool,
    done: bool,
}

struct Reader<'w> {
    words: &'w Words,
    starts: Vec<usize>,
    page: Page,
    open: Vec<Item>,
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    fn heading(&mut self, level: HeadingLevel, said: Said) {
        if level == HeadingLevel::H1 && self.page.title.is_none() && self.page.sections.is_empty() {
            self.page.title = Some(said);
        } else {
            self.page.sections.push(Section { title: said, ..Section::default() });
        }
    }

    fn strong(&mut self, starts: bool) {
        if let Some(item) = self.open.last_mut() {
            item.in_label = starts && item.label.is_empty() && item.text.trim().is_empty();
        }
    }

    fn text(&mut self, part: &str) {
        let Some(item) = self.open.last_mut() else { return };
        if item.in_label { item.label += part } else { item.text += part }
    }

    fn item(&mut self, item: Item) {
        if item.done && item.text.trim().is_empty() && item.label.is_empty() {
            return;
        }
        if self.page.sections.is_empty() {
            self.page.sections.push(Section::default());
        }
        let Some(section) = self.page.sections.last_mut() else { return };
        let trimmed = |text: &str| {
            let inner = text.trim().trim_start_matches([':', '：']);
            inner.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let said = Said { text: trimmed(&item.text), line: item.line };
        if item.label.is_empty() {
            if !said.text.is_empty() {
                section.sentences.push(said);
            }
            return;
        }
        let label = item.label.trim().trim_end_matches([':', '：']).trim();
        let (part, about) = match part(self.words, label) {
            Some((part, about)) => (Some(part), about),
            None => (None, None),
        };
        let starts = section.blocks.is_empty()
            || part == Some(Part::Types)
                && section
                    .blocks
                    .last()
                    .is_some_and(|b| b.lines.iter().any(|l| l.0 == Part::Types));
        if starts {
            section.blocks.push(Block { line: item.line, ..Block::default() });
        }
        let Some(block) = section.blocks.last_mut() else { return };
        block.about = block.about.or(about);
        match part {
            Some(part) => block.lines.push((part, said)),
            None => block.unknown.push((label.to_owned(), said)),
        }
    }
}

/// What a label is about.
fn part(words: &Words, label: &str) -> Option<(Part, Option<(Kind, Act)>)> {
    let same = |word: &str| word.to_lowercase() == label.to_lowercase();
    for kind in [Kind::Permit, Kind::Never, Kind::Require] {
        for act in [Act::Collect, Act::Use, Act::Share] {
            if same(words.types(kind, act)) {
                return Some((Part::Types, Some((kind, act))));
            }
        }
    }
    let parts = [
        (&words.method, Part::Method),
        (&words.recipients, Part::Recipients),
        (&words.purpose, Part::Purpose),
        (&words.condition, Part::Condition),
        (&words.duties, Part::Duties),
        (&words.retention, Part::Retention),
    ];
    let (_, part) = parts.into_iter().find(|(word, _)| same(word))?;
    Some((part, None))
}

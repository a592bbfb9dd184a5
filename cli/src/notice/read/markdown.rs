//! Markdown as HTML, so that one reader reads both.
//!
//! Comments between the elements carry the source lines; `dom` understands them. HTML in the
//! Markdown is kept where it stands in a block of its own. Within a line only what lays out or hides
//! a text is kept; other tags there are skipped. Of the metadata at the start of the page only the
//! title is taken.

use super::dom::{EXCESS, Markers};
use super::inline::Inline;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use std::ops::Range;

/// A page as HTML.
pub(super) struct Converted {
    pub(super) html: String,
    pub(super) markers: Markers,
    /// The metadata at its start, in YAML.
    pub(super) metadata: String,
}

/// Ends whatever a block of HTML may have left open that hides the text after it: a comment, or an
/// element whose contents are not markup.
const ENDS: &str =
    "<!-- --></title></textarea></style></script></xmp></iframe></noembed></noframes>";

pub(super) fn convert(text: &str) -> Converted {
    let mut converter = Converter {
        text,
        starts: whyfor::line_starts(text).collect(),
        markers: Markers { start: unused(text), ..Markers::default() },
        events: Vec::new(),
        metadata: String::new(),
        hidden: 0,
        in_metadata: false,
        columns: 0,
        excess: None,
        in_cell: false,
        inline: Inline::default(),
    };
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TABLES;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        converter.event(event, range);
    }
    let mut html = String::with_capacity(text.len() * 2);
    html::push_html(&mut html, converter.events.into_iter());
    Converted { html, markers: converter.markers, metadata: converter.metadata }
}

/// The start of a comment that the text does not contain.
fn unused(text: &str) -> String {
    let mut start = "line ".to_owned();
    while text.contains(&start) {
        start.insert(0, '+');
    }
    start
}

struct Converter<'t> {
    text: &'t str,
    starts: Vec<usize>,
    markers: Markers,
    events: Vec<Event<'t>>,
    metadata: String,
    /// The number of skipped blocks around.
    hidden: usize,
    in_metadata: bool,
    /// Of the table around.
    columns: usize,
    /// The cells that the row around has beyond that.
    excess: Option<String>,
    in_cell: bool,
    inline: Inline,
}

impl<'t> Converter<'t> {
    fn event(&mut self, event: Event<'t>, range: Range<usize>) {
        if is_edge(&event) {
            let ends = self.inline.end().map(|tag| Event::InlineHtml(tag.into()));
            self.events.extend(ends);
        }
        match event {
            Event::Start(Tag::MetadataBlock(_)) => {
                self.hidden += 1;
                self.in_metadata = true;
            }
            Event::End(TagEnd::MetadataBlock(_)) => {
                self.hidden -= 1;
                self.in_metadata = false;
            }
            Event::Text(part) if self.in_metadata => self.metadata += &part,
            _ if self.hidden > 0 => {}
            // What describes an image is text.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::HtmlBlock) => self.marker(range.start),
            Event::End(TagEnd::HtmlBlock) => {
                self.events.push(Event::Html(CowStr::Borrowed(ENDS)));
            }
            Event::Html(_) => self.events.push(event),
            Event::InlineHtml(tag) => {
                let kept = self.inline.kept(&tag, self.in_cell);
                self.events.extend(kept.map(|tag| Event::InlineHtml(tag.into())));
            }
            Event::Text(_) | Event::Code(_) => {
                self.marker(range.start);
                self.events.push(event);
            }
            event => self.structure(event, range),
        }
    }

    fn structure(&mut self, event: Event<'t>, range: Range<usize>) {
        match &event {
            Event::Start(Tag::Table(columns)) => self.columns = columns.len(),
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                let row = &self.text[range.clone()];
                let cells = cells(row);
                let beyond = cells.get(self.columns..).filter(|beyond| !beyond.is_empty());
                self.excess = beyond.map(|cells| cells.join(" | ").trim().to_owned());
            }
            _ => {}
        }
        let is_cell = matches!(event, Event::Start(Tag::TableCell));
        self.in_cell |= is_cell;
        self.in_cell &= !matches!(event, Event::End(TagEnd::TableCell));
        let starts = matches!(event, Event::Start(_));
        self.events.push(event);
        if is_cell || starts && !self.is_in_table_markup() {
            self.marker(range.start);
        }
        if is_cell && let Some(excess) = self.excess.take() {
            let number = self.markers.excess.len();
            let comment = format!("<!--{}{EXCESS}{number}-->", self.markers.start);
            self.markers.excess.push(excess);
            self.events.push(Event::InlineHtml(comment.into()));
        }
    }

    /// Whether the last event opens a part of a table in which only such parts may stand.
    fn is_in_table_markup(&self) -> bool {
        matches!(
            self.events.last(),
            Some(Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow))
        )
    }

    fn marker(&mut self, at: usize) {
        let line = self.starts.partition_point(|start| *start <= at);
        let comment = format!("<!--{}{}-->", self.markers.start, self.markers.lines.len());
        self.markers.lines.push(line);
        self.events.push(Event::InlineHtml(comment.into()));
    }
}

/// Whether a text ends here, with the tags in it.
fn is_edge(event: &Event<'_>) -> bool {
    let is_block = |end: &TagEnd| {
        !matches!(
            end,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image
                | TagEnd::Superscript
                | TagEnd::Subscript
        )
    };
    match event {
        Event::Start(tag) => is_block(&tag.to_end()),
        Event::End(end) => is_block(end),
        _ => false,
    }
}

/// The cells of a row of a table, as its source has them.
fn cells(row: &str) -> Vec<&str> {
    let row = row.trim().trim_start_matches(['>', ' ']);
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = Vec::new();
    let mut escaped = false;
    let mut start = 0;
    for (at, character) in row.char_indices() {
        if character == '|' && !escaped {
            cells.push(row[start..at].trim());
            start = at + 1;
        }
        escaped = character == '\\' && !escaped;
    }
    if start < row.len() {
        cells.push(row[start..].trim());
    }
    cells
}

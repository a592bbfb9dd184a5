//! The table as a picture, for documents and slides: headings, a shape for each cell, a legend.
//!
//! ```text
//!   title
//!   what may be …                     ╱ ╱ ╱ ╱     purposes, slanted, over a band for each root
//!              ▔▔▔▔▔ ▔▔▔▔▔▔▔▔▔
//!   category   ●  ·  ·  ●  ●
//!   legend, policy and digest
//! ```
//!
//! A dot is a zero-length line with round ends, so a verdict's dots in a row are one short path.
//! Fonts vary by viewer, so text width is estimated from the letters, and text is clipped.

use super::{Heading, Table};
use crate::output::markup::{clip, escape, grouped, width};
use whyfor::{Verdict, printable};

const MARGIN: usize = 32;
/// The title and the line below it.
const TOP: usize = 78;
/// The bands under the slanted headings.
const BAND: usize = 18;
const CELL: usize = 24;
/// Approximate width of a letter at 12 pixels.
const LETTER: usize = 7;
const INDENT: usize = 14;
/// Most letters of a slanted heading.
const MOST_IN_HEAD: usize = 30;
const MOST_IN_NAME: usize = 42;
/// Room for the last slanted headings, right of their columns.
const OVERHANG: usize = 120;
const FOOT: usize = 76;
/// Minimum width: the foot's.
const LEAST_WIDTH: usize = 640;

const STYLE: &str = "\
svg{background:#faf9f6;color-scheme:light dark}\
text{font:12px Inter,'SF Pro Text','Segoe UI','Helvetica Neue',Arial,'PingFang SC','Noto Sans CJK SC',sans-serif;fill:#1d2125}\
.paper{fill:#faf9f6}.title{font-size:21px;font-weight:650;letter-spacing:-.3px}.soft{fill:#565e66}\
.faint{fill:#858c93;font-size:11px}.root{font-weight:650}.band{fill:#ebe8e1}.on{font-size:10.5px;fill:#565e66}\
.rule{stroke:#e4e1d9}.ta{fill:#dcefe5}.td{fill:#faecd0}\
.a,.n{fill:none;stroke-linecap:round}.a{stroke:#15795a;stroke-width:11.5}.n{stroke:#c25a4c;stroke-width:3.6}\
.d{fill:#b06f0c}.o{fill:none;stroke:#b06f0c;stroke-width:1.5}\
@media(prefers-color-scheme:dark){svg{background:#15171a}.paper{fill:#15171a}text{fill:#e8e9eb}.soft,.on{fill:#a7adb4}\
.faint{fill:#7b828a}.band{fill:#25292e}.rule{stroke:#2b2f35}.ta{fill:#1a382d}.td{fill:#3d3018}\
.a{stroke:#4fc594}.n{stroke:#d4776b}.d{fill:#e3a949}.o{stroke:#e3a949}}";

/// The whole picture.
pub(crate) fn render(table: &Table<'_>) -> String {
    let mut picture = Picture::new(table);
    picture.title();
    picture.purposes();
    picture.bands();
    for row in 0..table.subject.rows.len() {
        picture.row(row);
    }
    picture.foot();
    picture.finish()
}

struct Picture<'t, 'p> {
    out: String,
    table: &'t Table<'p>,
    /// The x of the first column, the y of the bands and of the first row.
    left: usize,
    bands: usize,
    top: usize,
}

impl<'t, 'p> Picture<'t, 'p> {
    fn new(table: &'t Table<'p>) -> Self {
        let name = |row: &Heading<'_>| row.depth * INDENT + reckon(&name(row));
        let names = table.subject.rows.iter().map(name).max().unwrap_or(0);
        let left = MARGIN + names.max(120) + 16;
        let heads = table.subject.columns.iter().map(|column| reckon(&head(column)));
        let bands = TOP + heads.max().unwrap_or(0) * 5 / 6 + 20; // the sine of the slant
        Self { out: String::new(), table, left, bands, top: bands + BAND + 6 }
    }

    fn size(&self) -> (usize, usize) {
        let subject = &self.table.subject;
        let wide = self.left + subject.columns.len() * CELL + OVERHANG;
        let title = 2 * MARGIN + width(subject.title()) * 13;
        let high = self.top + subject.rows.len() * CELL + FOOT;
        (wide.max(title).max(LEAST_WIDTH), high)
    }

    fn add(&mut self, markup: &str) {
        self.out.push_str(markup);
        self.out.push('\n');
    }

    fn text(&mut self, x: usize, y: usize, class: &str, text: &str) {
        self.add(&format!("<text x=\"{x}\" y=\"{y}\" class=\"{class}\">{}</text>", escape(text)));
    }

    fn title(&mut self) {
        let subject = &self.table.subject;
        let facts = subject.stated.join(", ");
        let given =
            if facts.is_empty() { "no fact stated".to_owned() } else { format!("given {facts}") };
        let line = format!(
            "What may be {}, and {}: {} categories × {} {}, {given}",
            subject.participle(),
            subject.axis.question(),
            grouped(subject.rows.len()),
            grouped(subject.columns.len()),
            subject.axis.nouns()[1],
        );
        let title = subject.title();
        self.text(MARGIN, 44, "title", title);
        self.text(MARGIN, 66, "soft", &line);
    }

    fn x(&self, column: usize) -> usize {
        self.left + column * CELL
    }

    fn purposes(&mut self) {
        let y = self.bands - 6;
        for (column, heading) in self.table.subject.columns.iter().enumerate() {
            let class = if heading.is_root() { "root" } else { "soft" };
            let x = self.x(column) + CELL / 2 + 3;
            let text = escape(&head(heading));
            self.add(&format!(
                "<text class=\"{class}\" transform=\"translate({x} {y}) rotate(-55)\">{text}</text>"
            ));
        }
    }

    /// A band over each root purpose and everything below it.
    fn bands(&mut self) {
        let columns = &self.table.subject.columns;
        let mut first = 0;
        while let Some(root) = columns.get(first) {
            let below = columns[first + 1..].iter().take_while(|column| !column.is_root()).count();
            let (x, y, wide) = (self.x(first) + 1, self.bands, (below + 1) * CELL - 2);
            let text = printable(root.title());
            let text = if below == 0 { "".into() } else { clip(&text, (wide - 8) / 6) };
            self.add(&format!(
                "<rect class=\"band\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{BAND}\" rx=\"4\"/>"
            ));
            self.text(x + 6, y + 13, "on", &text);
            first += below + 1;
        }
    }

    fn row(&mut self, row: usize) {
        let heading = &self.table.subject.rows[row];
        let y = self.top + row * CELL;
        if heading.is_root() && row > 0 {
            let end = self.x(self.table.subject.columns.len());
            self.add(&format!("<path class=\"rule\" d=\"M{MARGIN} {y}.5H{end}\"/>"));
        }
        let class = if heading.is_root() { "root" } else { "" };
        self.text(MARGIN + heading.depth * INDENT, y + 16, class, &name(heading));
        self.marks(row, y);
    }

    fn marks(&mut self, row: usize, y: usize) {
        let middle = y + CELL / 2;
        let mut shapes = Shapes::default();
        for column in 0..self.table.subject.columns.len() {
            let x = self.x(column);
            shapes.add(self.table.verdict(row, column), x, x + CELL / 2, y, middle);
        }
        self.add(&shapes.markup());
    }

    fn foot(&mut self) {
        let y = self.top + self.table.subject.rows.len() * CELL + 34;
        let mut x = MARGIN;
        for (verdict, count) in self.table.counts().each() {
            let text = format!("{verdict} {}", grouped(count));
            let mut shapes = Shapes::default();
            shapes.add(verdict, x, x + CELL / 2, y - 16, y - 4);
            self.add(&shapes.markup());
            self.text(x + CELL + 6, y, "", &text);
            x += CELL + 6 + reckon(&text) + 28;
        }
        let policy = self.table.subject.policy;
        let version = policy.version();
        let version = if version.is_empty() { String::new() } else { format!(" {version}") };
        let line = format!("{}{version} · sha256 {}", policy.name(), policy.digest());
        self.text(MARGIN, y + 24, "faint", &line);
    }

    fn finish(self) -> String {
        let (wide, high) = self.size();
        let subject = &self.table.subject;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" \
             viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-labelledby=\"t\">\n\
             <title id=\"t\">{}: what may be {}</title>\n<style>{STYLE}</style>\n\
             <rect class=\"paper\" width=\"{wide}\" height=\"{high}\"/>\n{}</svg>\n",
            escape(subject.title()),
            escape(&subject.participle()),
            self.out,
        )
    }
}

fn name(heading: &Heading<'_>) -> String {
    let text = printable(heading.title());
    clip(&text, MOST_IN_NAME).into_owned()
}

fn head(heading: &Heading<'_>) -> String {
    let text = printable(heading.title());
    clip(&text, MOST_IN_HEAD).into_owned()
}

/// Estimated width of a text.
fn reckon(text: &str) -> usize {
    width(text) * LETTER
}

/// The shapes of a row as paths: tints at the back, then dots, half dots and their rings.
#[derive(Default)]
struct Shapes {
    tints: [String; 2],
    allow: String,
    deny: String,
    half: String,
    ring: String,
}

impl Shapes {
    fn add(&mut self, verdict: Verdict, x: usize, middle_x: usize, y: usize, middle: usize) {
        let tint = format!("M{} {}h{s}v{s}h-{s}z", x + 1, y + 1, s = CELL - 2);
        match verdict {
            Verdict::Allow => {
                self.tints[0].push_str(&tint);
                self.allow.push_str(&format!("M{middle_x} {middle}h0"));
            }
            Verdict::Depends => {
                self.tints[1].push_str(&tint);
                let top = middle - 5;
                self.half.push_str(&format!("M{middle_x} {top}a5 5 0 0 0 0 10z"));
                self.ring.push_str(&format!("M{middle_x} {top}a5 5 0 0 0 0 10a5 5 0 0 0 0-10z"));
            }
            Verdict::Deny => self.deny.push_str(&format!("M{middle_x} {middle}h0")),
        }
    }

    fn markup(&self) -> String {
        let [allow, depends] = &self.tints;
        let paths = [
            ("ta", allow),
            ("td", depends),
            ("a", &self.allow),
            ("n", &self.deny),
            ("d", &self.half),
            ("o", &self.ring),
        ];
        let drawn = paths.iter().filter(|(_, path)| !path.is_empty());
        drawn.map(|(class, path)| format!("<path class=\"{class}\" d=\"{path}\"/>")).collect()
    }
}

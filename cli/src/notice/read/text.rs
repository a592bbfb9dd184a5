//! The text of a paragraph or an item while it is read, and the labelled lines that it consists of.
//!
//! A line starts at a break or at bold text, if it starts with a label; otherwise it goes on with the
//! line before it.

use super::known::{KnownLabels, Label};

/// Text and the line where it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageText {
    pub(crate) text: String,
    pub(crate) line: usize,
    /// Its lines and the items below it, if there are several.
    pub(crate) parts: Vec<String>,
}

impl PageText {
    pub(crate) fn new(text: String, line: usize) -> Self {
        Self { text, line, parts: Vec::new() }
    }
}

/// How a run of text starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Start {
    #[default]
    Text,
    /// In a new line of the source.
    Soft,
    /// In a new line of the page.
    Hard,
    /// With bold text, in the middle of a line.
    Bold,
    /// With a label, after the end of another text.
    Label,
}

#[derive(Debug, Default)]
struct Run {
    start: Start,
    /// Bold text at its start.
    bold: String,
    text: String,
    line: usize,
}

/// The text being read.
#[derive(Debug, Default)]
pub(super) struct Text {
    runs: Vec<Run>,
    in_bold: bool,
}

/// A line of it: its label, if any, and its text.
#[derive(Debug, Default)]
pub(super) struct Segment {
    pub(super) label: Option<Label>,
    pub(super) parts: Vec<String>,
    pub(super) line: usize,
}

impl Segment {
    /// Takes away the bullet of a line that follows in the same line.
    fn without_bullet(&mut self) {
        if let Some(last) = self.parts.last_mut() {
            let text = last.trim_end();
            let bullet = ["-", "*", "+", "•"].iter().find_map(|bullet| text.strip_suffix(bullet));
            if let Some(text) = bullet.filter(|text| text.is_empty() || text.ends_with(' ')) {
                *last = text.trim_end().to_owned();
            }
        }
        self.parts.retain(|part| !part.is_empty());
    }
}

impl Text {
    pub(super) fn new(line: usize) -> Self {
        Self { runs: vec![Run { line, ..Run::default() }], in_bold: false }
    }

    fn run(&mut self) -> &mut Run {
        if self.runs.is_empty() {
            self.runs.push(Run::default());
        }
        let last = self.runs.len() - 1;
        &mut self.runs[last]
    }

    pub(super) fn push(&mut self, part: &str, line: usize) {
        let in_bold = self.in_bold;
        let run = self.run();
        if run.bold.trim().is_empty() && run.text.trim().is_empty() {
            run.line = line;
        }
        if in_bold { run.bold += part } else { run.text += part }
    }

    pub(super) fn soft_break(&mut self, line: usize) {
        self.break_with(Start::Soft, line);
    }

    pub(super) fn hard_break(&mut self, line: usize) {
        self.break_with(Start::Hard, line);
    }

    fn break_with(&mut self, start: Start, line: usize) {
        self.in_bold = false;
        match self.run() {
            // A hard break in the source is also a new line there.
            run if run.bold.is_empty()
                && run.text.trim().is_empty()
                && run.start != Start::Text =>
            {
                if start == Start::Hard {
                    run.start = start;
                }
            }
            _ => self.runs.push(Run { start, line, ..Run::default() }),
        }
    }

    /// Bold text at the start of a line may be its label, and so may bold text within it.
    pub(super) fn strong(&mut self, line: usize) {
        let run = self.run();
        if !run.bold.is_empty() || !run.text.trim().is_empty() {
            self.runs.push(Run { start: Start::Bold, line, ..Run::default() });
        }
        self.in_bold = true;
    }

    pub(super) fn end_strong(&mut self) {
        self.in_bold = false;
    }

    /// The whole text.
    pub(super) fn whole(&self) -> String {
        let runs = self.runs.iter().map(|run| match run.start {
            Start::Text | Start::Bold | Start::Label => format!("{}{}", run.bold, run.text),
            Start::Soft | Start::Hard => format!(" {}{}", run.bold, run.text),
        });
        one_line(&runs.collect::<String>())
    }

    pub(super) fn line(&self) -> usize {
        self.runs.first().map_or(0, |run| run.line)
    }

    /// Its lines.
    pub(super) fn segments(&self, known: &KnownLabels<'_>) -> Vec<Segment> {
        let mut segments: Vec<Segment> = Vec::new();
        let runs = self.runs.iter().flat_map(|run| cut(run, known));
        for run in runs {
            let (label, rest) = known.split(&run.bold, &run.text);
            let starts = match (&label, run.start) {
                _ if segments.is_empty() => true,
                (Some(label), Start::Bold | Start::Text) => label.is_known(),
                (Some(_), _) => true,
                (None, _) => false,
            };
            if starts {
                if matches!(run.start, Start::Bold | Start::Label) {
                    segments.iter_mut().for_each(Segment::without_bullet);
                }
                let parts = if rest.is_empty() { vec![] } else { vec![rest] };
                segments.push(Segment { label, parts, line: run.line });
                continue;
            }
            let Some(last) = segments.last_mut() else { continue };
            let text = format!("{}{}", run.bold, run.text);
            let rest = one_line(&text);
            match (run.start, last.parts.last_mut()) {
                _ if rest.is_empty() => {}
                (Start::Hard, _) | (_, None) => last.parts.push(rest),
                (Start::Soft, Some(before)) => *before += &format!(" {rest}"),
                (_, Some(before)) => {
                    let has_space = text.starts_with(char::is_whitespace) || run.spaced;
                    *before += if has_space { " " } else { "" };
                    *before += &rest;
                }
            }
        }
        segments
    }
}

/// A run after its cuts.
struct Piece {
    start: Start,
    bold: String,
    text: String,
    line: usize,
    /// The run before it ends with a space.
    spaced: bool,
}

/// Cuts a run before each label that follows the end of another text.
fn cut(run: &Run, known: &KnownLabels<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let piece = |start, bold: &str, text: &str| Piece {
        start,
        bold: bold.to_owned(),
        text: text.to_owned(),
        line: run.line,
        spaced: run.start == Start::Bold,
    };
    let (mut start, mut bold, mut rest) = (run.start, run.bold.as_str(), run.text.as_str());
    while let Some(at) = known.within(rest, ends_a_text) {
        let before = rest[..at].trim_end();
        let before = before.trim_end_matches(|c: char| SEPARATORS.contains(c) || c.is_whitespace());
        pieces.push(piece(start, bold, before));
        (start, bold, rest) = (Start::Label, "", rest[at..].trim_start_matches(['*', '_']));
    }
    pieces.push(piece(start, bold, rest));
    pieces
}

const SEPARATORS: &str = ";；,，、|/-–—•·*_";

/// Whether a text ends so that a label may follow: with a separator, a full stop or a wide space.
fn ends_a_text(before: &str) -> bool {
    let text = before.trim_end();
    if text.is_empty() {
        return false;
    }
    let wide = before.len() - text.len() > 1 || before[text.len()..].contains('\u{3000}');
    wide || text.ends_with(|c: char| SEPARATORS.contains(c) || ".。".contains(c))
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

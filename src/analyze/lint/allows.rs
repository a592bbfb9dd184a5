//! Comments that allow a finding in its place: `// whyfor: allow(W0708) the reason`.
//!
//! A comment after an item is about its line. A comment on a line of its own is about the next line that is neither
//! empty nor a comment; if a statement begins there, about the whole statement. Comments are not in the syntax tree, so
//! they are read from the text.

use super::written::Written;
use crate::diagnostic::{Code, Diagnostic, Fix};
use crate::model::Model;
use crate::source::{FileId, Source, Span};
use crate::syntax::scan::{Kind, Scanner};
use crate::syntax::{LINE_BREAKS, after_line, next_token};
use hashbrown::HashMap;

const WORD: &str = "whyfor:";

/// A comment that allows something.
struct Allow {
    /// The codes with their places, and whether they allowed anything.
    codes: Vec<(Code, Span, bool)>,
    /// The whole comment.
    comment: Span,
    /// The lines that it is about, from the first to the last.
    lines: (u32, u32),
}

/// Removes the findings that are allowed, and reports comments that are wrong or allow nothing.
///
/// A comment for a rule that was left `unchecked` somewhere is not reported.
pub(super) fn apply(
    model: &Model,
    written: &Written<'_>,
    unchecked: &[Code],
    findings: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let mut reported = Vec::new();
    let mut allows: Vec<Allow> = Vec::new();
    let ends = ends(model, written);
    for (id, file) in model.sources.files().iter().enumerate() {
        let file_id = FileId(id as u32);
        for comment in comments(file_id, file.text()) {
            allows.extend(read(model, &ends, comment, &mut reported));
        }
    }
    // The comments about each line.
    let mut about: HashMap<(FileId, u32), Vec<usize>> = HashMap::new();
    for (at, allow) in allows.iter().enumerate() {
        for line in allow.lines.0..=allow.lines.1 {
            about.entry((allow.comment.file, line)).or_default().push(at);
        }
    }
    for finding in findings {
        let Some(place) = finding.primary().map(|label| label.span) else {
            reported.push(finding);
            continue;
        };
        let line = model.sources.position(place).line;
        let mut allowed = false;
        for allow in about.get(&(place.file, line)).into_iter().flatten() {
            for (code, _, used) in &mut allows[*allow].codes {
                if *code == finding.code() {
                    (*used, allowed) = (true, true);
                }
            }
        }
        if !allowed {
            reported.push(finding);
        }
    }
    for allow in &allows {
        let alone = allow.codes.len() == 1;
        let idle = allow.codes.iter().filter(|(code, _, used)| !used && !unchecked.contains(code));
        for (code, span, _) in idle {
            let message = format!("this allows nothing: {code} is not found here");
            let diagnostic = Diagnostic::new(Code::IdleAllow, *span, message).help("remove it");
            reported.push(match alone {
                true => diagnostic.fixed_by(without(model, allow.comment)),
                false => diagnostic,
            });
        }
    }
    reported
}

fn without(model: &Model, comment: Span) -> Fix {
    let text = model.sources.file(comment.file).text();
    let (start, end) = comment_with_space(text, comment.start as usize, comment.end as usize);
    let edits = vec![(Span::new(comment.file, start, end), String::new())];
    Fix { title: "remove the comment".to_owned(), edits }
}

/// A comment with its line if nothing else is on it, otherwise with the space before it.
fn comment_with_space(text: &str, start: usize, end: usize) -> (usize, usize) {
    let before = text[..start].trim_end_matches([' ', '\t']).len();
    match text[..before].ends_with(LINE_BREAKS) || before == 0 {
        true => (before, after_line(text, end)),
        false => (before, end),
    }
}

/// The comments of a text that begin with `whyfor:`.
fn comments(file: FileId, text: &str) -> impl Iterator<Item = Span> {
    let comments = Scanner::new(text).filter(|scanned| scanned.kind == Kind::Comment);
    let allows = comments.filter(|comment| comment.text[2..].trim_start().starts_with(WORD));
    allows.map(move |comment| {
        Span::new(file, comment.start, comment.start + comment.text.trim_end().len())
    })
}

fn read(
    model: &Model,
    ends: &Ends,
    comment: Span,
    reported: &mut Vec<Diagnostic>,
) -> Option<Allow> {
    let file = model.sources.file(comment.file);
    let text = model.sources.slice(comment);
    let bad = |message: &str| {
        Diagnostic::new(Code::BadAllow, comment, message)
            .help("write `// whyfor: allow(W0701) and the reason`")
    };
    let rest = text[2..].trim_start().strip_prefix(WORD)?.trim_start();
    let Some((list, reason)) = rest
        .strip_prefix("allow")
        .and_then(|rest| rest.trim_start().strip_prefix('('))
        .and_then(|rest| rest.split_once(')'))
    else {
        reported.push(bad("the linter does not understand this comment"));
        return None;
    };
    let mut codes = Vec::new();
    for name in list.split(',') {
        let word = name.trim();
        let at = comment.start as usize
            + (name.as_ptr() as usize - text.as_ptr() as usize)
            + (name.len() - name.trim_start().len());
        let span = Span::new(comment.file, at, at + word.len());
        match word.parse().ok().filter(|code: &Code| code.is_lint()) {
            Some(code) => codes.push((code, span, false)),
            None => reported.push(bad(&format!("`{word}` is not a code of the linter"))),
        }
    }
    if reason.trim().is_empty() {
        reported.push(bad("this allows a finding without a reason"));
    }
    (!codes.is_empty()).then(|| Allow { codes, comment, lines: lines(file, ends, comment) })
}

/// The first and last line that a comment is about.
fn lines(file: &Source, ends: &Ends, comment: Span) -> (u32, u32) {
    let text = file.text();
    let line = |offset: usize| file.position(offset).line;
    let before = text[..comment.start as usize].rsplit(LINE_BREAKS).next().unwrap_or("");
    if !before.trim().is_empty() {
        let line = line(comment.start as usize);
        return (line, line);
    }
    let target = next_token(text, comment.end as usize);
    if target == text.len() {
        return (0, 0);
    }
    let first = line(target);
    (first, ends.get(&(comment.file, first)).copied().unwrap_or(first))
}

/// For each line where statements start, the last line where one of them ends.
type Ends = HashMap<(FileId, u32), u32>;

fn ends(model: &Model, written: &Written<'_>) -> Ends {
    let mut ends = Ends::new();
    for Span { file, start, end } in written.statements.iter().map(|statement| statement.span) {
        let line = |offset: u32| model.sources.file(file).position(offset as usize).line;
        let last = ends.entry((file, line(start))).or_default();
        *last = line(end).max(*last);
    }
    ends
}

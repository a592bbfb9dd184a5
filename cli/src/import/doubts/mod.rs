//! What a text may say beside names of things: that something is not so, or only sometimes.
//!
//! A draft has no place for that, so nothing is permitted on its account. These words are found in a
//! few languages; they may stand in a harmless label too, and then its statement is a comment.

mod lexicon;

use super::tags;
use crate::notice::answers::is_nothing;
use crate::notice::matching::word::{bare, places};
use crate::notice::read::{NOTE, STRUCK};
use crate::notice::words::Words;

/// What stands in a cell instead of a name.
const ANSWERS: [&str; 44] = [
    "no",
    "n",
    "false",
    "✗",
    "✘",
    "×",
    "❌",
    "否",
    "不是",
    "nein",
    "non",
    "yes",
    "y",
    "true",
    "x",
    "✓",
    "✔",
    "是",
    "ja",
    "oui",
    "tbd",
    "todo",
    "?",
    "see above",
    "see below",
    "same as above",
    "as above",
    "ditto",
    "various",
    "diverse",
    "same",
    "likewise",
    "idem",
    "zero",
    "...",
    "…",
    "dito",
    "offen",
    "personne",
    "rien",
    "nessuno",
    "同上",
    "如上",
    "见上",
];

/// Marks of what applies and what does not. Which of the two is for a reader to say.
const MARKS: [&str; 15] =
    ["[ ]", "[x]", "☐", "□", "☑", "☒", "✗", "✘", "✕", "×", "❌", "✓", "✔", "✅", "⛔"];

/// Why a text with a colon is in doubt.
pub(super) const COLON: &str = "a colon";
/// Why a text without a name is in doubt.
pub(super) const NOTHING: &str = "it names nothing";

/// Whether a line with an unknown label may say when the rest of its record holds.
pub(super) fn may_limit(label: &str, text: &str, words: &Words) -> bool {
    let label = label.to_lowercase();
    let limits = LIMITS.iter().any(|word| label.contains(word));
    limits || doubt(text, words).is_some_and(|doubt| doubt != COLON)
}

/// Parts of labels of lines that limit the others.
const LIMITS: [&str; 26] = [
    "condition",
    "when",
    "only",
    "restrict",
    "limit",
    "except",
    "prerequisite",
    "requirement",
    "provided",
    "opt-in",
    "consent",
    "status",
    "active",
    "enabled",
    "scope",
    "applies",
    "applicable",
    "gültig",
    "aktiv",
    "状态",
    "适用",
    "bedingung",
    "ausnahme",
    "条件",
    "限制",
    "例外",
];

/// Why a text may say less than the names in it, if it may.
pub(super) fn doubt(text: &str, words: &Words) -> Option<String> {
    let lower = text.to_lowercase().replace('’', "'");
    if ANSWERS.contains(&lower.trim().trim_end_matches('.')) {
        return Some(NOTHING.to_owned());
    }
    let own = [&words.except, &words.not].map(|word| {
        word.trim_matches(|c: char| c.is_whitespace() || ",，、:：".contains(c)).to_lowercase()
    });
    let mut own = own.iter().map(String::as_str).filter(|word| !word.is_empty());
    let own = own.find(|word| places(&lower, word).next().is_some());
    if let Some(word) = own.or_else(|| lexicon::found(&lower)) {
        return Some(format!("“{word}”"));
    }
    if lower.contains(STRUCK) {
        return Some("struck out".to_owned());
    }
    if MARKS.iter().any(|mark| lower.contains(mark)) {
        return Some("a mark".to_owned());
    }
    if let Some(answer) = answered(&lower) {
        return Some(format!("“{answer}”"));
    }
    if has_note(&lower) {
        return Some("a note".to_owned());
    }
    if starts_with_no(&lower) {
        return Some("“no”".to_owned());
    }
    has_colon(&tags::without_colons(text, words)).then(|| COLON.to_owned())
}

/// An answer after a name, as in "Age: yes; Gender: no" and "Age – n/a".
fn answered(text: &str) -> Option<&str> {
    const BEFORE: [&str; 5] = [":", "：", " - ", " – ", " — "];
    let pieces = text.split([',', ';', '，', '；', '、', '\n']).flat_map(|piece| {
        let whole = std::iter::once(piece);
        whole.chain(piece.split('/').filter(|_| piece.contains('/')))
    });
    let answers = pieces.flat_map(|piece| {
        BEFORE.into_iter().filter_map(move |mark| Some(piece.rsplit_once(mark)?.1))
    });
    let mut answers = answers.map(|answer| answer.trim().trim_end_matches('.'));
    answers.find(|answer| ANSWERS.contains(answer) || is_nothing(answer))
}

/// Whether a label of a line refers to a note, which may limit what the line says.
pub(super) fn is_marked(label: &str) -> bool {
    // Stars around it are bold text that Markdown does not accept as such.
    !label.contains("**") && has_note(label)
}

/// Whether a paragraph is a note: it starts with the mark of one.
pub(super) fn is_note(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches(['(', '[']);
    text.starts_with(|c: char| c == '*' || is_mark(c)) || text.starts_with('^')
}

fn is_mark(c: char) -> bool {
    matches!(c, '†' | '‡' | '⁰' | '¹' | '²' | '³' | '⁴'..='⁹')
}

/// Whether a text refers to a note, which may limit it.
fn has_note(text: &str) -> bool {
    let is_starred = |(at, _): (usize, &str)| {
        let before = text[..at].chars().next_back();
        let after = text[at + 1..].chars().next();
        before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | '）'))
            && !after.is_some_and(char::is_alphanumeric)
    };
    text.contains(NOTE.0) || text.contains(is_mark) || text.match_indices('*').any(is_starred)
}

/// A text before its exceptions, if it has any. What is forbidden or required but for something is so of all, since a draft
/// permits no more than its page.
pub(super) fn before_exceptions<'t>(text: &'t str, words: &Words) -> Option<&'t str> {
    const OTHERS: [&str; 8] = [
        "except",
        "excluding",
        "other than",
        "apart from",
        "außer",
        "ausgenommen",
        "mit ausnahme",
        "sauf",
    ];
    let lower = text.to_ascii_lowercase(); // as long as the text
    let own = bare(&words.except);
    let places =
        OTHERS.into_iter().chain([own.as_str()]).filter_map(|word| places(&lower, word).next());
    let at = places.min()?;
    let before =
        text[..at].trim_end_matches(|c: char| c.is_whitespace() || ",，、;；(（".contains(c));
    (!before.is_empty()).then_some(before)
}

fn starts_with_no(text: &str) -> bool {
    text.split([',', ';', '(', '（', '，', '、']).any(|piece| piece.trim_start().starts_with("no "))
}

/// Whether a text has a colon that is part of no address and no time.
fn has_colon(text: &str) -> bool {
    text.char_indices().filter(|(_, c)| matches!(c, ':' | '：')).any(|(at, colon)| {
        let rest = &text[at + colon.len_utf8()..];
        let is_address = rest.starts_with("//");
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let is_time = is_digit(text[..at].chars().next_back()) && is_digit(rest.chars().next());
        !is_address && !is_time
    })
}

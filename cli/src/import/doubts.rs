//! What a text may say beside names of things: that something is not so, or only sometimes.
//!
//! A draft has no place for that, so nothing is permitted on its account. These words are found in a
//! few languages; they may stand in a harmless label too, and then its statement is a comment.

use super::tags;
use crate::notice::matching::word::{bare, places};
use crate::notice::read::{NOTE, STRUCK};
use crate::notice::words::Words;

/// Words that deny or limit.
const WORDS: [&str; 161] = [
    "not",
    "never",
    "neither",
    "nor",
    "none",
    "without",
    "except",
    "excepting",
    "excluding",
    "excludes",
    "excl",
    "exclusive",
    "unless",
    "if",
    "only",
    "solely",
    "cannot",
    "can't",
    "don't",
    "doesn't",
    "won't",
    "didn't",
    "isn't",
    "aren't",
    "opt-in",
    "opt-out",
    "provided that",
    "subject to",
    "no longer",
    "other than",
    "apart from",
    "depending on",
    "in case of",
    "where required",
    "where applicable",
    "where permitted",
    "as required by",
    "on request",
    "with your consent",
    "with consent",
    "after consent",
    "upon consent",
    "based on your consent",
    "nicht",
    "kein",
    "keine",
    "keinen",
    "keiner",
    "außer",
    "ausser",
    "ohne",
    "nur",
    "falls",
    "sofern",
    "wenn",
    "ausgenommen",
    "es sei denn",
    "bedingung",
    "sauf",
    "jamais",
    "uniquement",
    "excepté",
    "excepto",
    "salvo",
    "nunca",
    "solamente",
    "nobody",
    "no one",
    "no-one",
    "nothing",
    "unknown",
    "tbc",
    "null",
    "ceased",
    "discontinued",
    "retired",
    "prohibited",
    "forbidden",
    "excluded",
    "exception",
    "exceptions",
    "opt in",
    "opt out",
    "opted in",
    "opted out",
    "opting in",
    "once you",
    "when you",
    "while you",
    "as long as",
    "so long as",
    "should you",
    "until you",
    "with your permission",
    "with permission",
    "upon permission",
    "upon authorization",
    "upon authorisation",
    "with authorization",
    "with authorisation",
    "where authorized",
    "where authorised",
    "where consented",
    "where you",
    "if consented",
    "subject to consent",
    "with the consent",
    "prior consent",
    "explicit consent",
    "your permission",
    "permission",
    "authorization",
    "authorisation",
    "consented",
    "disabled",
    "turned off",
    "switched off",
    "not yet",
    "nie",
    "niemals",
    "keinesfalls",
    "keinerlei",
    "keinem",
    "keines",
    "niemand",
    "niemandem",
    "entfällt",
    "entfallen",
    "k. a.",
    "k.a.",
    "soweit",
    "solange",
    "sobald",
    "ausschließlich",
    "ausschliesslich",
    "lediglich",
    "mit ausnahme",
    "verboten",
    "untersagt",
    "bei einwilligung",
    "mit einwilligung",
    "nach einwilligung",
    "mit ihrer einwilligung",
    "mit ihrer zustimmung",
    "nach ihrer zustimmung",
    "sie zustimmen",
    "zustimmen",
    "zugestimmt",
    "eingewilligt",
    "aucun",
    "aucune",
    "néant",
    "sans objet",
    "si",
    "avec votre consentement",
    "ne",
    "pas",
    "sous réserve",
    "interdit",
    "ninguno",
    "ninguna",
];
/// The same in Chinese, where words have no ends.
const CHINESE: [&str; 60] = [
    "不会",
    "不得",
    "不收集",
    "不使用",
    "不共享",
    "不提供",
    "不用于",
    "不包括",
    "不包含",
    "不涉及",
    "不适用",
    "不再",
    "绝不",
    "决不",
    "从不",
    "并非",
    "而非",
    "除外",
    "除非",
    "但不",
    "未经",
    "仅",
    "如果",
    "如您",
    "若您",
    "若用户",
    "前提是",
    "同意后",
    "经您同意",
    "禁止",
    "无需",
    "不采集",
    "暂不",
    "暂无",
    "没有",
    "尚未",
    "停止收集",
    "不留存",
    "不存储",
    "不予",
    "不对外",
    "不向",
    "需您",
    "授权后",
    "授权时",
    "授权的情况",
    "同意的情况",
    "当您",
    "在您",
    "经您",
    "须经",
    "需经",
    "开启后",
    "未授权",
    "无第三方",
    "未收集",
    "未使用",
    "未共享",
    "才会",
    "方可",
];
/// What stands in a cell instead of a name.
const ANSWERS: [&str; 31] = [
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
    "同上",
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
const LIMITS: [&str; 16] = [
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
    let own = own.iter().map(String::as_str).filter(|word| !word.is_empty());
    for word in WORDS.into_iter().chain(own) {
        if stands(&lower, word) {
            return Some(format!("“{word}”"));
        }
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
    if let Some(word) = CHINESE.iter().find(|word| lower.contains(*word)) {
        return Some(format!("“{word}”"));
    }
    if starts_with_no(&lower) {
        return Some("“no”".to_owned());
    }
    has_colon(&tags::without_colons(text, words)).then(|| COLON.to_owned())
}

/// An answer after a colon, as in "Age: yes; Gender: no".
fn answered(text: &str) -> Option<&str> {
    let pieces = text.split([',', ';', '，', '；', '、', '\n', '/']);
    let answers = pieces.filter_map(|piece| piece.rsplit_once([':', '：']));
    let mut answers = answers.map(|(_, answer)| answer.trim().trim_end_matches('.'));
    answers.find(|answer| ANSWERS.contains(answer))
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

/// Whether a word stands in a text, between other characters than letters.
fn stands(text: &str, word: &str) -> bool {
    places(text, word).next().is_some()
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

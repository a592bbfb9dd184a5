//! What may stand at a place: the text before it is parsed with each keyword appended, and the grammar accepts some
//! of them.

use super::characters::LINE_BREAKS;
use super::grammar::{Grammar, Rule};
use super::keywords::{
    ACTS, ITEM_WORDS, SOFT_ITEM_WORDS, SOFT_WORDS, STATEMENTS, VERDICTS, WITHIN_ITEMS,
};
use super::lexical;
use super::pieces::item_starts;
use super::tokens::{Class, Place, Subject, Token, tokens};
use super::tree::Hierarchy;
use crate::diagnostic::Code;
use crate::source::FileId;
use pest::Parser;
use pest::error::InputLocation;

/// What may stand at a place.
#[derive(Debug, Default)]
pub(crate) struct Follow {
    /// A name, of this.
    pub(crate) names: Option<Subject>,
    /// Of a choice: its fact.
    pub(crate) fact: String,
    pub(crate) words: Vec<&'static str>,
}

/// In place of a name that is not written yet.
const NAME: &str = "x";
/// What may be missing after a name in an incomplete entry.
const ENDS: [&str; 2] = [" to use x", " = yes"];

/// What may stand at `at`, where a word starts. O(length before it) to find the item; only the item is parsed.
pub(crate) fn follow(text: &str, at: usize) -> Follow {
    let start = item_starts(&text[..at]).pop().unwrap_or(0);
    follow_in(&text[start..], at - start)
}

fn follow_in(text: &str, at: usize) -> Follow {
    let before = &text[..at];
    let line = before.len() - before.rsplit(LINE_BREAKS).next().unwrap_or(before).len();
    let lexical = lexical::check(FileId(0), before);
    let in_text = lexical.diagnostics.iter().any(|diagnostic| {
        let start = diagnostic.primary().map_or(0, |label| label.span.start as usize);
        diagnostic.code() == Code::Unclosed && start >= line
    });
    if lexical.fatal || in_text {
        return Follow::default();
    }
    let mut with_name = format!("{}{NAME}", lexical.meant);
    // Close the open parentheses after the name.
    let open = unclosed_parentheses(&tokens(&with_name));
    if open > 0 {
        with_name.extend(std::iter::repeat_n(')', open));
    }
    let tokens = tokens(&with_name);
    let is_it = |t: &Token<'_>| t.start + usize::from(t.class == Class::Tag) == at;
    let Some(name) = tokens.iter().rposition(is_it) else {
        return Follow::default(); // in a comment
    };
    let mut follow = Follow::default();
    let before_it = &tokens[..name];
    let entry = last_entry(before_it);
    let part = entry.map_or("", |entry| &with_name[entry.start..]);
    let found = match tokens[name].names {
        Some((_, true)) => None,
        None => entry.and_then(|entry| name_of_unfinished(part, at - entry.start, entry.text)),
        found => found,
    };
    if let Some((subject, _)) = found {
        follow.names = Some(subject);
        let fact = before_it.iter().rev().find(|t| matches!(t.names, Some((Subject::Fact, _))));
        follow.fact = fact.map(|fact| fact.text.replace('`', "")).unwrap_or_default();
    }
    let in_braces = |entry: Token<'_>| {
        before_it.iter().rev().take_while(|t| t.start > entry.start).any(|t| t.class == Class::Open)
    };
    if let Some(entry) = entry.filter(|entry| !in_braces(*entry)) {
        follow.words = goes_on(&part[..at - entry.start], entry);
        let words = before_it.iter().filter(|token| token.start >= entry.start);
        let words: Vec<&str> = words.map(|token| token.text).collect();
        let is_data = follow.names == Some(Subject::Node(Hierarchy::Category));
        follow.words.retain(|word| fits(word, &words, is_data));
    }
    if before[line..].trim().is_empty() {
        follow.words.extend(starts(before_it));
    }
    follow
}

/// What a name is the name of, in an entry that is incomplete after it.
fn name_of_unfinished(part: &str, at: usize, first: &str) -> Option<(Subject, bool)> {
    let around = if VERDICTS.contains(&first) { "expect { " } else { "" };
    ENDS.iter().find_map(|end| {
        let whole = format!("{around}{part}{end}");
        let found = tokens(&whole).into_iter().find(|t| t.start == around.len() + at)?;
        found.names.filter(|(_, declares)| !declares)
    })
}

fn unclosed_parentheses(tokens: &[Token<'_>]) -> usize {
    let mut open = 0usize;
    for token in tokens {
        match token.class {
            Class::Left => open += 1,
            Class::Right => open = open.saturating_sub(1),
            Class::Open | Class::Close => open = 0,
            _ if token.place == Place::Entry => open = 0,
            _ => {}
        }
    }
    open
}

/// The start of what is being written: the last entry, or the last word that would start one if it
/// were whole.
fn last_entry<'t>(tokens: &[Token<'t>]) -> Option<Token<'t>> {
    let starts = |token: &Token<'_>| {
        let word = token.text;
        ITEM_WORDS.contains(&word) || VERDICTS.contains(&word)
    };
    let last = tokens.iter().rposition(|t| t.place == Place::Entry || starts(t))?;
    if tokens[last].place == Place::Entry {
        return Some(tokens[last]);
    }
    // An act belongs to the word before it: `never use`, `to use`, `allow use`. So does `per purpose`.
    let before = &tokens[..last];
    let is_head = |token: &Token<'_>| {
        starts(token) && token.text != "purpose" || matches!(token.text, "to" | "per")
    };
    match before.last() {
        Some(token) if is_head(token) => last_entry(before),
        _ => Some(tokens[last]),
    }
}

/// The keywords that may continue an entry.
fn goes_on(part: &str, entry: Token<'_>) -> Vec<&'static str> {
    let first = entry.text;
    let (rule, around) = if VERDICTS.contains(&first) {
        (Rule::whole_expectation, "")
    } else if ITEM_WORDS.contains(&first) || SOFT_ITEM_WORDS.contains(&first) {
        (Rule::whole_item, "")
    } else if matches!(entry.names, Some((Subject::Tag, _))) {
        (Rule::whole_item, "tag ") // a tag in a group
    } else {
        (Rule::whole_item, "category ") // a node
    };
    let is_taken = |word: &&&str| {
        let with_word = format!("{around}{part}{word}");
        if SOFT_WORDS.contains(&word.split(' ').next().unwrap_or_default()) {
            return is_keyword(&with_word, around.len() + part.len(), word);
        }
        match Grammar::parse(rule, &with_word) {
            // An act after a whole statement starts another statement.
            Ok(pairs) => pairs.last().is_some_and(|pair| pair.as_span().end() == with_word.len()),
            Err(error) => match error.location {
                InputLocation::Pos(at) | InputLocation::Span((at, _)) => at >= with_word.len(),
            },
        }
    };
    WITHIN_ITEMS.iter().filter(is_taken).copied().collect()
}

/// Whether a word that is not reserved is a keyword at `at`, and not a name, if what belongs after it follows.
fn is_keyword(with_word: &str, at: usize, word: &str) -> bool {
    let follows = match word {
        "because" | "see" | "mask" => " \"x\"",
        "at least" => " 1 days",
        "on" | "until" | "after" | "optional" => " x",
        _ => "",
    };
    let first = word.split(' ').next().unwrap_or_default();
    // Without `to`, what a `require` requires would not parse, and no section without braces.
    ["", " to use x", " {}"].into_iter().any(|end| {
        let text = format!("{with_word}{follows}{end}");
        let tokens = tokens(&text);
        let token = tokens.iter().find(|token| token.start == at);
        token.is_some_and(|token| token.class == Class::Keyword && token.text == first)
    })
}

/// Whether a word that the grammar accepts has a meaning there. `before` are the words of the entry so far; `is_data`
/// says that a category may stand there.
fn fits(word: &str, before: &[&str], is_data: bool) -> bool {
    let has = |word: &str| before.contains(&word);
    let is_kept = || !is_after_except(before);
    let first = before.first().copied().unwrap_or_default();
    let act = before.iter().copied().find(|word| ACTS.contains(word));
    let is_permit = ACTS.contains(&first);
    match word {
        "by" => act == Some("collect") && !has("by"),
        "with" => act == Some("share") && !has("with"),
        "for" | "when" | "unless" | "given" | "because" | "see" => !has(word),
        "then" | "on" => is_permit && !has(word),
        "optional" => first == "collect" && is_data && is_kept() && !is_in_parentheses(before),
        "published" => first == "tag",
        "mask" => first == "duty" && !has(word),
        "retain" => (is_permit || !has("to")) && first != "never" && !has("retain"),
        "collected" => is_data && !["collect", "never"].contains(&first) && is_kept(),
        _ => true,
    }
}

fn is_in_parentheses(before: &[&str]) -> bool {
    let count = |mark: &str| before.iter().filter(|word| **word == mark).count();
    count("(") > count(")")
}

/// Whether what follows stands to the right of an `except`, at any depth.
fn is_after_except(before: &[&str]) -> bool {
    let mut depth = 0i32;
    for word in before.iter().rev() {
        match *word {
            ")" => depth += 1,
            "(" => depth = (depth - 1).max(0),
            "except" if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// The words that an entry starts with in the braces around the end of `tokens`.
fn starts(tokens: &[Token<'_>]) -> Vec<&'static str> {
    let mut around: Vec<&str> = Vec::new();
    let mut entry = "";
    for token in tokens {
        if token.place == Place::Entry {
            entry = token.text;
        }
        match token.class {
            Class::Open => around.push(entry),
            Class::Close => {
                around.pop();
            }
            _ => {}
        }
    }
    match around.last() {
        None => [&ITEM_WORDS[..], &SOFT_ITEM_WORDS, &["end"]].concat(),
        Some(&"section") => STATEMENTS.to_vec(),
        Some(&"expect") => VERDICTS.to_vec(),
        Some(&"policy") => {
            vec!["version", "controller", "effective", "language", "contact", "url", "closed"]
        }
        Some(_) => Vec::new(),
    }
}

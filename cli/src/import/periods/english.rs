//! A period as English pages say it.

use super::limit::{Event, Limit, Unit, is_unforeseen};
use crate::notice::words::Words;

const AT_LEAST: [&str; 8] = [
    "not less than",
    "no less than",
    "no shorter than",
    "for at least",
    "at least",
    "minimum of",
    "a minimum of",
    "minimum",
];
const AT_MOST: [&str; 24] = [
    "for up to",
    "up to",
    "a maximum of",
    "maximum of",
    "maximum",
    "max.",
    "max",
    "at most",
    "no more than",
    "not more than",
    "no longer than",
    "not longer than",
    "for a period of",
    "for no longer than",
    "retained for up to",
    "stored for up to",
    "kept for up to",
    "retained for",
    "stored for",
    "kept for",
    "deleted after",
    "for",
    "within",
    "after",
];
/// Where no words are left, or what follows is the event.
const AFTER: [&str; 9] = [
    "after the date of",
    "from the date of",
    "following",
    "after",
    "from",
    "since",
    "counted from",
    "starting from",
    "starting with",
];
const COLLECTION: [&str; 5] =
    ["collection", "the collection", "collecting", "it was collected", "being collected"];
/// What lasts as long as something else, and the event that ends it.
const LASTING: [(&str, &str, &str); 3] = [
    ("account", "account_deletion", "Deletion of the account"),
    ("contract", "contract_end", "End of the contract"),
    ("employment", "employment_end", "End of the employment"),
];

pub(super) fn limit(text: &str, words: &Words) -> Option<Limit> {
    if let Some(limit) = lasting(text, words) {
        return Some(limit);
    }
    if let Some(rest) = ["until", "till"].iter().find_map(|word| after(text, word)) {
        let event = Some(event(rest)?);
        return Some(Limit { at_least: false, period: None, event });
    }
    let least = AT_LEAST.iter().find_map(|word| after(text, word));
    let most = || AT_MOST.iter().find_map(|word| after(text, word)).unwrap_or(text);
    let (period, rest) = period(least.unwrap_or_else(most), words)?;
    let event = match rest {
        "" => None,
        rest => {
            let rest = AFTER.iter().find_map(|word| after(rest, word))?;
            match COLLECTION.contains(&rest) {
                true => None,
                false => Some(event(rest)?),
            }
        }
    };
    Some(Limit { at_least: least.is_some(), period: Some(period), event })
}

/// "Lifetime of the account", "duration of the contract + 3 years".
fn lasting(text: &str, words: &Words) -> Option<Limit> {
    let (start, more) = match text.split_once('+').or_else(|| text.split_once(" plus ")) {
        Some((start, more)) => (start.trim(), Some(more.trim())),
        None => (text, None),
    };
    let start = start.strip_prefix("for ").unwrap_or(start);
    let start = start.strip_prefix("the ").unwrap_or(start);
    let (_, name, label) = LASTING.iter().find(|(what, ..)| {
        let of = ["lifetime of", "life of", "duration of", "term of", "as long as"];
        let whole = ["lifetime", "duration", "term"].map(|word| format!("{what} {word}"));
        let is = ["exists", "is active", "lasts"];
        let rest = of.iter().find_map(|word| after(start, word));
        let rest = rest.map(without_article);
        whole.iter().any(|whole| whole == start)
            || rest == Some(*what)
            || rest == Some("active account")
            || rest.and_then(|rest| after(rest, what)).is_some_and(|rest| is.contains(&rest))
    })?;
    let event = Some(Event { name: Some(*name), label: (*label).to_owned() });
    match more {
        None => Some(Limit { at_least: false, period: None, event }),
        Some(more) => match period(more, words)? {
            (period, "") => Some(Limit { at_least: false, period: Some(period), event }),
            _ => None,
        },
    }
}

/// A number and a unit at the start of a text, and the rest.
fn period<'t>(text: &'t str, words: &Words) -> Option<((u32, Unit), &'t str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = match digits {
        0 => {
            let (word, rest) = text.split_once([' ', '-'])?;
            let number = NUMBERS.iter().position(|known| *known == word)? + 1;
            (u32::try_from(number).ok()?, rest)
        }
        digits => (text[..digits].parse().ok()?, &text[digits..]),
    };
    // "six (6) months"
    let rest = rest.trim_start();
    let said = format!("({number})");
    let rest = rest.strip_prefix(said.as_str()).unwrap_or(rest).trim_start_matches([' ', '-']);
    let rest = after(rest, "calendar").unwrap_or(rest);
    let own = [(words.days.trim(), Unit::Days)];
    let units = own.into_iter().chain(UNITS);
    let (unit, rest) = units.filter_map(|(word, unit)| Some((unit, after(rest, word)?))).next()?;
    (number < u32::MAX).then_some(((number, unit), rest))
}

const NUMBERS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];
const UNITS: [(&str, Unit); 19] = [
    ("hours", Unit::Hours),
    ("hour", Unit::Hours),
    ("days", Unit::Days),
    ("day", Unit::Days),
    ("weeks", Unit::Weeks),
    ("week", Unit::Weeks),
    ("months", Unit::Months),
    ("month", Unit::Months),
    ("years", Unit::Years),
    ("year", Unit::Years),
    // French, which has no words of its own.
    ("heures", Unit::Hours),
    ("heure", Unit::Hours),
    ("jours", Unit::Days),
    ("jour", Unit::Days),
    ("semaines", Unit::Weeks),
    ("semaine", Unit::Weeks),
    ("mois", Unit::Months),
    ("ans", Unit::Years),
    ("an", Unit::Years),
];

/// Words that no name of an event has: they say more than what happens.
const NO_EVENT: [&str; 28] = [
    "and",
    "or",
    "if",
    "unless",
    "except",
    "whichever",
    "but",
    "plus",
    "then",
    "least",
    "longer",
    "earlier",
    "later",
    "required",
    "necessary",
    "needed",
    "not",
    "no",
    "law",
    "purpose",
    "purposes",
    "when",
    "where",
    "which",
    "other",
    "last",
    "each",
    "every",
];
/// Most words of an event.
const MOST_WORDS: usize = 8;

pub(super) fn event(text: &str) -> Option<Event> {
    let text = without_article(text.trim());
    if is_unforeseen(text) {
        return None;
    }
    let words: Vec<&str> = text.split(' ').collect();
    let is_plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’');
    if text.is_empty()
        || words.len() > MOST_WORDS
        || !text.chars().all(is_plain)
        || words.iter().any(|word| NO_EVENT.contains(word))
    {
        return None;
    }
    let has = |options: &[&str]| words.iter().any(|word| options.contains(word));
    let ends = ["deletion", "deleted", "closure", "closed", "closing", "cancellation", "cancelled"];
    if has(&["account"]) && has(&ends) && !has(&["request", "requested"]) {
        let (_, name, label) = LASTING[0];
        return Some(Event { name: Some(name), label: label.to_owned() });
    }
    let mut letters = text.chars();
    let head: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    Some(Event { name: None, label: head + letters.as_str() })
}

fn without_article(text: &str) -> &str {
    ["the ", "your ", "an ", "a ", "user's ", "his or her "]
        .iter()
        .find_map(|article| text.strip_prefix(article))
        .unwrap_or(text)
}

/// The text after a word at the start.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(word).filter(|_| !word.is_empty())?;
    let ends = !word.is_ascii() || !rest.starts_with(char::is_alphanumeric);
    ends.then_some(rest.trim_start())
}

//! Short names for labels: `email_address` for "Email address".

use std::collections::HashSet;

/// Words left out of names that have others.
const FILLERS: [&str; 20] = [
    "a", "an", "and", "any", "as", "by", "e", "for", "from", "g", "in", "of", "on", "or", "our",
    "such", "the", "to", "with", "your",
];
/// Most words in a name. Ideographs are not separated into words, and a part of a name such as that of
/// a company would be another name.
const MOST_WORDS: usize = 4;
/// Most bytes of a name, but for its number: a policy's paths of names have 1,024.
pub(super) const MOST_BYTES: usize = 200;

/// Gives each label a unique name.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

/// Words that begin a clause in some places. They are names elsewhere, but not everywhere.
const CLAUSES: [&str; 24] = [
    "open",
    "on",
    "optional",
    "because",
    "see",
    "until",
    "after",
    "at",
    "least",
    "basis",
    "event",
    "published",
    "closed",
    "end",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
];

impl Names {
    /// Takes a name; not if it is taken already.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    pub(super) fn name(&mut self, label: &str, otherwise: &str) -> String {
        let base = base(label, otherwise);
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        name
    }
}

fn base(label: &str, otherwise: &str) -> String {
    let lower = label.to_lowercase();
    let words = lower.split(|c: char| !is_letter(c)).filter(|word| !word.is_empty());
    let (telling, all): (Vec<&str>, Vec<&str>) =
        (words.clone().filter(|word| !FILLERS.contains(word)).collect(), words.collect());
    let words = if telling.is_empty() { all } else { telling };
    let name = words.iter().take(MOST_WORDS).copied().collect::<Vec<_>>().join("_");
    let name = name[..name.floor_char_boundary(MOST_BYTES)].trim_end_matches('_').to_owned();
    if name.is_empty() {
        return "unnamed".to_owned();
    }
    // Keywords would need backquotes.
    let is_word = whyfor::symbols::written(&name) != name || CLAUSES.contains(&name.as_str());
    match is_word || name.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("{otherwise}_{name}"),
        false => name,
    }
}

/// Letters that are one character in every normal form, so that names stay valid.
pub(super) fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, 'à'..='ö' | 'ø'..='ÿ' | 'ā'..='ž' | 'а'..='я')
        || is_ideograph(character)
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{3041}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}')
}

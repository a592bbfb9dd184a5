//! The keywords of the language, by their use. The grammar reserves them; a test compares the two.

/// The keywords that start an item, those of statements last.
pub(super) const ITEM_WORDS: [&str; 17] = [
    "policy",
    "import",
    "tag",
    "category",
    "method",
    "purpose",
    "recipient",
    "fact",
    "duty",
    "field",
    "section",
    "expect",
    "collect",
    "use",
    "share",
    "never",
    "require",
];

/// The words that start an item when a name follows them. Elsewhere they are names.
pub(super) const SOFT_ITEM_WORDS: [&str; 2] = ["basis", "event"];

/// The keywords that start a statement.
pub(super) const STATEMENTS: &[&str] = ITEM_WORDS.split_at(ITEM_WORDS.len() - 5).1;

/// The acts.
pub(super) const ACTS: &[&str] = STATEMENTS.split_at(3).0;

/// The keywords that continue a statement with a part or a clause.
pub(super) const FURTHER_WORDS: [&str; 8] =
    ["by", "with", "for", "when", "unless", "then", "retain", "except"];

/// The words that continue a statement where a clause can stand. Elsewhere they are names.
pub(super) const SOFT_CLAUSES: [&str; 3] = ["on", "because", "see"];

/// The words that mean something at one place and are names elsewhere.
pub(super) const SOFT_WORDS: [&str; 20] = [
    "basis",
    "event",
    "on",
    "because",
    "see",
    "optional",
    "published",
    "mask",
    "until",
    "after",
    "at",
    "least",
    "open",
    "hours",
    "weeks",
    "months",
    "years",
    "days",
    "closed",
    "end",
];

/// The keywords that start an expectation.
pub(super) const VERDICTS: [&str; 3] = ["allow", "deny", "depends"];

/// The keywords that restrict what is permitted. A reader takes such a word for the keyword even with a
/// capital letter or an accent.
pub(super) const NARROWING_WORDS: [&str; 5] = ["never", "require", "when", "unless", "except"];

/// What completion offers within an item. Three pairs of words are offered as one.
pub(super) const WITHIN_ITEMS: [&str; 40] = [
    "collect",
    "use",
    "share",
    "by",
    "with",
    "for",
    "when",
    "unless",
    "then",
    "retain",
    "on",
    "because",
    "see",
    "at least",
    "until",
    "hours",
    "days",
    "weeks",
    "months",
    "years",
    "after",
    "optional",
    "to",
    "is",
    "in",
    "not",
    "and",
    "or",
    "except",
    "also",
    "open",
    "published",
    "mask",
    "per purpose",
    "one of",
    "number",
    "given",
    "collected",
    "yes",
    "no",
];

#[cfg(test)]
mod tests {
    use super::super::grammar::{Grammar, Rule};
    use super::*;
    use pest::Parser;

    #[test]
    fn the_grammar_reserves_every_keyword() {
        let lists: [&[&str]; 5] =
            [&ITEM_WORDS, &FURTHER_WORDS, &VERDICTS, &NARROWING_WORDS, &WITHIN_ITEMS];
        for word in lists.into_iter().flatten().flat_map(|words| words.split(' ')) {
            let is_reserved = Grammar::parse(Rule::reserved, word).is_ok();
            let is_soft = SOFT_WORDS.contains(&word);
            assert_eq!(is_reserved, !is_soft || word == "days", "{word}");
        }
        assert_eq!(STATEMENTS, ["collect", "use", "share", "never", "require"]);
        assert_eq!(ACTS, ["collect", "use", "share"]);
    }
}

//! Names that look like keywords. Such a name could hide a statement: the words after it would seem to start a new
//! statement, but would continue the one before.

use super::characters::is_mark;
use super::keywords::{FURTHER_WORDS, ITEM_WORDS, NARROWING_WORDS};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// Names with more characters are not compared. The longest keyword has nine.
const LONGEST: usize = 16;

/// How a name resembles a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    /// It looks the same, by UTS 39 and compatibility equivalence.
    Same(&'static str),
    /// It differs only in capital letters or accents.
    Near(&'static str),
}

/// The keyword that a name resembles, if any. O(length) for a name beyond ASCII, otherwise a comparison with a few
/// words.
pub(super) fn likeness(name: &str) -> Option<Likeness> {
    if name.is_ascii() {
        let word = NARROWING_WORDS.into_iter().find(|word| word.eq_ignore_ascii_case(name));
        return word.map(Likeness::Near);
    }
    let is_ideograph = |c: char| matches!(c, '\u{3040}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}');
    if name.chars().take(LONGEST + 1).count() > LONGEST || name.contains(is_ideograph) {
        return None;
    }
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let look: String = skeleton(&folded).collect();
    let bare: String = look.nfkd().filter(|c| !is_mark(*c)).collect();
    if let Some((word, _)) = LOOKS.iter().find(|(_, of_word)| *of_word == look) {
        return Some(Likeness::Same(word));
    }
    NARROWING_WORDS.into_iter().find(|word| *word == bare).map(Likeness::Near)
}

/// Each keyword with its skeleton, which differs from the word for letters such as `m`.
static LOOKS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let words = ITEM_WORDS.into_iter().chain(FURTHER_WORDS);
    words.map(|word| (word, skeleton(word).collect())).collect()
});

#[cfg(test)]
mod tests {
    use super::{Likeness, likeness};

    #[test]
    fn what_looks_like_a_word_is_that_word() {
        for name in ["neⅴer", "ｎｅｖｅｒ", "𝐧𝐞𝐯𝐞𝐫", "ոever", "neᴠer", "nеvеr"]
        {
            assert_eq!(likeness(name), Some(Likeness::Same("never")), "{name}");
        }
        assert_eq!(likeness("ｕse"), Some(Likeness::Same("use")));
        assert_eq!(likeness("іmроrt"), Some(Likeness::Same("import"))); // of Cyrillic letters
    }

    #[test]
    fn a_capital_letter_or_an_accent_is_near() {
        for name in ["Never", "NEVER", "nevėr", "never·"] {
            assert_eq!(likeness(name), Some(Likeness::Near("never")), "{name}");
        }
    }

    #[test]
    fn other_names_are_their_own() {
        for name in
            ["IN", "Use", "Email", "tág", "手机号", "адрес", "électronique", "never_sold", "ever"]
        {
            assert_eq!(likeness(name), None, "{name}");
        }
    }
}

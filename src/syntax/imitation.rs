//! Names that a reader takes for words of the language. Such a name could hide a statement: what seems to start
//! one would go on with another.

use super::characters::is_mark;
use super::explain::{FURTHER_WORDS, ITEM_WORDS};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// Words that take something away, in which a capital letter or an accent changes nothing for a reader.
const NARROWING_WORDS: [&str; 5] = ["never", "require", "when", "unless", "except"];
/// In characters, as they are looked at. The longest word has nine.
const LONGEST: usize = 16;

/// The word that a name looks like, as UTS 39 and compatibility equivalence have it; `None` if it looks like none.
/// O(length) for a name beyond ASCII, else a comparison with a few words.
pub(super) fn imitated(name: &str) -> Option<&'static str> {
    if name.is_ascii() {
        return NARROWING_WORDS.into_iter().find(|word| word.eq_ignore_ascii_case(name));
    }
    let is_ideograph = |c: char| matches!(c, '\u{3040}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}');
    if name.chars().take(LONGEST + 1).count() > LONGEST || name.contains(is_ideograph) {
        return None;
    }
    let folded: String = name.nfkc().flat_map(char::to_lowercase).collect();
    let look: String = skeleton(&folded).collect();
    let bare: String = look.nfkd().filter(|c| !is_mark(*c)).collect();
    let word = LOOKS.iter().find(|(_, of_word)| *of_word == look).map(|(word, _)| *word);
    word.or_else(|| NARROWING_WORDS.into_iter().find(|word| *word == bare))
}

/// Each word with its skeleton, which is another for letters such as `m`.
static LOOKS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let words = ITEM_WORDS.into_iter().chain(FURTHER_WORDS);
    words.map(|word| (word, skeleton(word).collect())).collect()
});

#[cfg(test)]
mod tests {
    use super::imitated;

    #[test]
    fn what_looks_like_a_word_is_that_word() {
        for name in [
            "neⅴer",
            "ｎｅｖｅｒ",
            "𝐧𝐞𝐯𝐞𝐫",
            "ոever",
            "neᴠer",
            "nеvеr",
            "never·",
            "nevėr",
            "Never",
            "NEVER",
        ] {
            assert_eq!(imitated(name), Some("never"), "{name}");
        }
        assert_eq!(imitated("ｕse"), Some("use"));
        assert_eq!(imitated("іmроrt"), Some("import")); // of Cyrillic letters
    }

    #[test]
    fn other_names_are_their_own() {
        for name in
            ["IN", "Use", "Email", "tág", "手机号", "адрес", "électronique", "never_sold", "ever"]
        {
            assert_eq!(imitated(name), None, "{name}");
        }
    }
}

//! Where a word stands in a text.

/// The places of a whole word, between other characters than letters and digits. Words that are not ASCII may stand in others:
/// Chinese has no spaces.
pub(crate) fn places<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_end = |c: Option<char>| !word.is_ascii() || !c.is_some_and(char::is_alphanumeric);
    let found = text.match_indices(word).map(|(at, _)| at).filter(|_| !word.is_empty());
    found.filter(move |at| {
        is_end(text[..*at].chars().next_back()) && is_end(text[at + word.len()..].chars().next())
    })
}

/// A word of the list without the space and punctuation around it.
pub(crate) fn bare(word: &str) -> String {
    word.trim_matches(|c: char| c.is_whitespace() || ",，、".contains(c)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn a_word_within_a_longer_one_is_none() {
        let at = |text: &'static str| places(text, "except").collect::<Vec<_>>();
        assert_eq!(at("exceptional data, except phone"), [18]);
        assert_eq!(at("unexcept, excepted"), [0; 0]);
        assert_eq!(places("数据，但不包括电话", "但不包括").count(), 1);
    }
}

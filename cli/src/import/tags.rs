//! Published tags after a label: "Mailer, Inc. (Country: United States)".
//!
//! On any page a colon in a bracket may say anything: "Email (used for: login)". Only a list that was written from a
//! policy has tags there, so they are read only from a page with the introduction of such a list.

use super::brackets::bracket;
use crate::notice::words::Words;

/// A published tag: the labels of its group and of itself.
pub(super) type Tag = (String, String);

/// The tags that a bracket says, if it says nothing else: "Country: United States, Germany; Sale: Sold".
pub(super) fn read(inner: &str, words: &Words) -> Option<Vec<Tag>> {
    if !words.is_written || inner.contains(['(', ')', '（', '）']) {
        return None;
    }
    let mut tags: Vec<Tag> = Vec::new();
    for piece in inner.split(words.besides.as_str()) {
        let (group, list) = piece.split_once(words.tag.as_str())?;
        for tag in list.split(words.comma.as_str()) {
            let (group, tag) = (group.trim(), tag.trim());
            if group.is_empty() || tag.is_empty() || tag.contains([':', '：']) {
                return None;
            }
            tags.push((group.to_owned(), tag.to_owned()));
        }
    }
    Some(tags)
}

/// A label and the tags after it.
pub(super) fn split<'t>(text: &'t str, words: &Words) -> (&'t str, Vec<Tag>) {
    let tagged = bracket(text).and_then(|(start, inner)| {
        let head = text[..start].trim_end();
        (!head.is_empty()).then_some((head, read(inner, words)?))
    });
    tagged.unwrap_or((text, Vec::new()))
}

/// A text without the colons of its tags.
pub(super) fn without_colons(text: &str, words: &Words) -> String {
    let mut rest = text;
    let mut all = String::new();
    while let Some(open) = rest.find(['(', '（']) {
        let width = rest[open..].chars().next().map_or(1, char::len_utf8);
        let (before, inner) = rest.split_at(open + width);
        all += before;
        let end = inner.find(['(', '（', ')', '）']).unwrap_or(inner.len());
        match inner[end..].starts_with([')', '）']) && read(&inner[..end], words).is_some() {
            true => all += &inner[..end].replace([':', '：'], " "),
            false => all += &inner[..end],
        }
        rest = &inner[end..];
    }
    all + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_on_a_written_page_only() {
        let people = Words::default();
        let written = Words::default().written(true);
        for (text, label, tags) in [
            (
                "Mailer (Country: US, Germany; Sale: Sold)",
                "Mailer",
                "Country US;Country Germany;Sale Sold",
            ),
            ("Logs (raw) (Country: US)", "Logs (raw)", "Country US"),
            ("Mailer (Sensitive)", "Mailer (Sensitive)", ""),
            ("Mailer (Sensitive; Country: US)", "Mailer (Sensitive; Country: US)", ""),
            ("(Country: US)", "(Country: US)", ""),
        ] {
            let (head, found) = split(text, &written);
            let found: Vec<String> = found.iter().map(|(a, b)| format!("{a} {b}")).collect();
            assert_eq!((head, found.join(";").as_str()), (label, tags), "{text}");
            assert_eq!(split(text, &people), (text, Vec::new()), "{text}");
        }
        assert_eq!(without_colons("A (B: c), d: e", &written), "A (B  c), d: e");
        assert_eq!(without_colons("A (B: c), d: e", &people), "A (B: c), d: e");
    }
}

//! Splits sentences of a list into labels: at commas and conjunctions outside brackets.

use crate::notice::words::Words;

/// A label, and the items listed in a bracket after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) text: String,
    /// The list is incomplete.
    pub(super) open: bool,
    pub(super) members: Vec<Label>,
    /// It was split at a conjunction in the middle of a list: it may belong to the item before it.
    pub(super) doubtful: bool,
}

/// Types of data: an optional group, and the listed items.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Types {
    pub(super) group: Option<Label>,
    pub(super) items: Vec<Label>,
}

/// Splits a sentence of types.
pub(super) fn types(text: &str, words: &Words) -> Types {
    let text = text.trim().trim_end_matches(['.', '。']);
    let (text, more) = without_etc(text, words);
    let leads = [(&words.such_as, true), (&words.including, false)];
    let found = leads.iter().filter_map(|(word, open)| {
        let word = bare(word);
        outside(text, &word).first().map(|at| (*at, word.len(), *open))
    });
    let mut types = match found.min() {
        Some((at, length, open)) => {
            let head = text[..at].trim().trim_end_matches([',', '，', '、']).trim();
            let group = Label { text: capital(head), open, members: vec![], doubtful: false };
            Types { group: Some(group), items: labels(&text[at + length..], words) }
        }
        None => Types { group: None, items: labels(text, words) },
    };
    types.group.take_if(|group| group.text.is_empty());
    if let Some(last) = types.items.last_mut() {
        last.open |= more && last.members.is_empty();
    }
    types
}

/// Labels joined by commas, the last one possibly by "and".
pub(super) fn labels(text: &str, words: &Words) -> Vec<Label> {
    let and = bare(&words.and);
    let pieces = at_commas(text);
    let count = pieces.len();
    let mut labels = Vec::new();
    for (at, piece) in pieces.into_iter().enumerate() {
        let led = after_word(piece, &and);
        if let Some(rest) = led {
            labels.push(Label { doubtful: at + 1 < count, ..label(rest, words) });
        } else if let (true, true, [cut]) = (at + 1 == count, count != 2, &outside(piece, &and)[..])
        {
            labels.push(label(&piece[..*cut], words));
            labels.push(label(&piece[cut + and.len()..], words));
        } else {
            labels.push(label(piece, words));
        }
    }
    labels.retain(|label| !label.text.is_empty());
    labels
}

/// Purposes: one for each clause. A clause that joins two by "and" is kept whole and marked
/// doubtful, unless the sentence consists of exactly two things.
pub(super) fn purposes(text: &str, words: &Words) -> Vec<Label> {
    let text = text.trim().trim_end_matches(['.', '。']);
    let noun = after_word(text, "for");
    let text = noun.or_else(|| after_word(text, "to")).unwrap_or(text);
    let and = bare(&words.and);
    let pieces = at_commas(text);
    if let ([one], Some(_), [cut]) = (&pieces[..], noun, &outside(text, &and)[..]) {
        return vec![label(&one[..*cut], words), label(&one[cut + and.len()..], words)];
    }
    let whole = |piece: &str| Label {
        text: capital(piece.trim()),
        open: false,
        members: vec![],
        doubtful: !outside(piece, &and).is_empty(),
    };
    let pieces = pieces.iter().map(|piece| whole(after_word(piece, &and).unwrap_or(piece)));
    pieces.filter(|label| !label.text.is_empty()).collect()
}

fn label(piece: &str, words: &Words) -> Label {
    let piece = piece.trim();
    let plain = |text: &str| Label {
        text: capital(text.trim()),
        open: false,
        members: vec![],
        doubtful: false,
    };
    let Some((start, inner)) = bracket(piece) else { return plain(piece) };
    let examples = bare(&words.examples);
    let examples = examples.trim_start_matches(['(', '（']);
    match inner.trim().strip_prefix(examples) {
        Some(members) if !examples.is_empty() => {
            let members = labels(members.trim_start_matches([',', '，', ' ']), words);
            Label { open: true, members, ..plain(&piece[..start]) }
        }
        _ => plain(piece),
    }
}

/// The bracket at the end of a text: its start and its contents.
fn bracket(text: &str) -> Option<(usize, &str)> {
    let close = text.chars().next_back().filter(|c| matches!(c, ')' | '）'))?;
    let start = text.find(['(', '（'])?;
    let open = text[start..].chars().next()?;
    Some((start, text.get(start + open.len_utf8()..text.len() - close.len_utf8())?))
}

fn without_etc<'t>(text: &'t str, words: &Words) -> (&'t str, bool) {
    let etc = bare(&words.etc);
    let end = text.trim_end_matches('.');
    match end.strip_suffix(etc.trim_end_matches('.')) {
        Some(rest) if !etc.is_empty() => {
            (rest.trim_end().trim_end_matches([',', '，', '、']), true)
        }
        _ => (text, false),
    }
}

/// A word of the list without surrounding space and punctuation.
fn bare(word: &str) -> String {
    word.trim_matches(|c: char| c.is_whitespace() || ",，、".contains(c)).to_owned()
}

/// The text after a word at the start.
fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let text = text.trim_start();
    let head = text.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word))?;
    let rest = &text[head.len()..];
    (!word.is_empty() && rest.starts_with(|c: char| !c.is_alphanumeric() || !word.is_ascii()))
        .then_some(rest)
}

fn at_commas(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, character) in outer(text) {
        if matches!(character, ',' | '，' | '、' | ';' | '；') {
            pieces.push(&text[start..at]);
            start = at + character.len_utf8();
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// The positions of a whole word outside brackets.
fn outside(text: &str, word: &str) -> Vec<usize> {
    if word.is_empty() {
        return Vec::new();
    }
    let bound = |c: Option<char>| !word.is_ascii() || !c.is_some_and(char::is_alphanumeric);
    let free: Vec<usize> = outer(text).map(|(at, _)| at).collect();
    let stands = |at: &usize| {
        bound(text[..*at].chars().next_back()) && bound(text[at + word.len()..].chars().next())
    };
    let found = text.match_indices(word).map(|(at, _)| at);
    found.filter(|at| free.binary_search(at).is_ok()).filter(stands).collect()
}

/// The characters outside of brackets.
fn outer(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut depth = 0usize;
    text.char_indices().filter(move |(_, character)| {
        match character {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let head: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    head + characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(labels: &[Label]) -> Vec<String> {
        let text = |label: &Label| match label.members.as_slice() {
            [] => label.text.clone(),
            members => format!("{} [{}]", label.text, texts(members).join("; ")),
        };
        labels.iter().map(text).collect()
    }

    #[test]
    fn types_are_cut_at_commas_outside_of_brackets() {
        let words = Words::default();
        for (text, group, items) in [
            ("Full name, ID card", "", "Full name; ID card"),
            ("Name and address", "", "Name; Address"),
            ("Logs such as a, b, and c", "Logs", "A; B; C"),
            ("Logs, including a (e.g., x, y), b", "Logs", "A [X; Y]; B"),
            ("Data (raw), etc.", "", "Data (raw)"),
        ] {
            let types = types(text, &words);
            assert_eq!(types.group.map_or(String::new(), |g| g.text), group, "{text}");
            assert_eq!(texts(&types.items).join("; "), items, "{text}");
        }
    }

    #[test]
    fn purposes_are_clauses() {
        let words = Words::default();
        for (text, clauses, doubtful) in [
            (
                "For registration and management of accounts",
                "Registration; Management of accounts",
                0,
            ),
            (
                "To ensure login and operation, bill, and help",
                "Ensure login and operation; Bill; Help",
                1,
            ),
            ("For verification", "Verification", 0),
            ("Formalities", "Formalities", 0),
        ] {
            let found = purposes(text, &words);
            assert_eq!(texts(&found).join("; "), clauses, "{text}");
            assert_eq!(found.iter().filter(|label| label.doubtful).count(), doubtful, "{text}");
        }
    }
}

//! Names of companies, which have commas of their own: "Example, Inc.", "Example Co., Ltd.".

/// What follows the name of a company after a comma, without full stops.
const FORMS: [&str; 54] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "pbc",
    "na",
    "gmbh",
    "gmbh & co kg",
    "ag",
    "se",
    "kg",
    "ohg",
    "ug",
    "ev",
    "bv",
    "nv",
    "sa",
    "sas",
    "sarl",
    "sàrl",
    "s à r l",
    "sca",
    "spa",
    "srl",
    "sl",
    "slu",
    "oy",
    "oyj",
    "ab",
    "as",
    "asa",
    "a/s",
    "aps",
    "kft",
    "zrt",
    "doo",
    "sro",
    "sp z oo",
    "pty ltd",
    "pte ltd",
    "pvt ltd",
    "private limited",
    "sdn bhd",
    "kk",
    "ltda",
    "sa de cv",
];
/// Most words of a form.
const MOST_WORDS: usize = 4;

/// Joins pieces between commas that belong to one name. `and` may stand before the next name.
pub(super) fn joined(pieces: &[&str], and: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in pieces {
        let piece = piece.trim();
        let Some((form, rest)) = form(piece, and).filter(|_| !names.is_empty()) else {
            names.push(piece.to_owned());
            continue;
        };
        let rest = rest.trim();
        let is_word = |next: &&str| !and.is_empty() && (next.starts_with(' ') || !and.is_ascii());
        let next = rest.strip_prefix(and).filter(is_word);
        if let Some(last) = names.last_mut() {
            *last += &match (next, rest) {
                (Some(_), _) | (None, "") => format!(", {form}"),
                (None, rest) => format!(", {form} {rest}"),
            };
        }
        names.extend(next.map(|next| next.trim().to_owned()));
    }
    names
}

/// The text without the full stop of its sentence; that of a form stays.
pub(super) fn without_stop(text: &str) -> &str {
    let Some(without) = text.strip_suffix(['.', '。']) else { return text };
    let last = without.rsplit([' ', ',']).next().unwrap_or(without);
    if FORMS.contains(&plain(last).as_str()) { text } else { without }
}

/// The form at the start of a piece, and what follows it: nothing, a bracket or another word.
fn form<'p>(piece: &'p str, and: &str) -> Option<(&'p str, &'p str)> {
    let mut ends: Vec<usize> = piece
        .char_indices()
        .filter(|(_, c)| *c == ' ')
        .map(|(at, _)| at)
        .take(MOST_WORDS)
        .collect();
    ends.extend(piece.find(['(', '（']));
    // "和" needs no space before it.
    ends.extend(piece.find(and).filter(|_| !and.is_ascii()));
    ends.push(piece.len());
    ends.sort_unstable();
    let end = ends.into_iter().rev().find(|end| FORMS.contains(&plain(&piece[..*end]).as_str()))?;
    Some((&piece[..end], &piece[end..]))
}

fn plain(text: &str) -> String {
    let text = text.to_lowercase().replace(['.', ','], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

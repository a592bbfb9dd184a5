//! Splits sentences of a list into labels: at commas and conjunctions outside brackets.

use super::brackets::{between, bracket, cut, is_tangled, outside};
use super::companies;
use super::tags::{self, Tag};
use crate::notice::answers::OPTIONAL;
use crate::notice::matching::word::bare;
use crate::notice::words::Words;

/// A label, and the items listed in a bracket after it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Label {
    pub(super) text: String,
    /// The list is incomplete.
    pub(super) open: bool,
    pub(super) members: Vec<Label>,
    /// It was split at a conjunction in the middle of a list: it may belong to the item before it.
    pub(super) doubtful: bool,
    /// A person may leave it out, or must give it, as the bracket after it says.
    pub(super) optional: Option<bool>,
    /// The names of its path, if it comes from a vocabulary that has them.
    pub(super) path: Vec<String>,
    /// The labels of the nodes above it on its path, if they have any.
    pub(super) groups: Vec<String>,
    /// The labels of its tags.
    pub(super) tags: Vec<String>,
    /// Its published tags.
    pub(super) published: Vec<Tag>,
}

impl Label {
    pub(super) fn of(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// A node of a vocabulary that has names.
    pub(super) fn at(path: &[&str], text: &str) -> Self {
        let path = path.iter().map(|name| (*name).to_owned()).collect();
        Self { path, ..Self::of(text) }
    }
}

/// Types of data: an optional group, and the listed items.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Types {
    pub(super) group: Option<Label>,
    pub(super) items: Vec<Label>,
}

/// Words before examples and before parts, beside those of the list, and whether they leave more open.
const LEADS: [(&str, bool); 9] = [
    ("including but not limited to", true),
    ("including, but not limited to", true),
    ("including without limitation", true),
    ("such as", true),
    ("for example", true),
    ("e.g.", true),
    ("including", false),
    ("namely", false),
    ("i.e.", false),
];
/// The same in Chinese, where words have no ends.
const CHINESE_LEADS: [(&str, bool); 7] = [
    ("包括但不限于", true),
    ("例如", true),
    ("比如", true),
    ("诸如", true),
    ("包括", false),
    ("包含", false),
    ("如", true),
];
/// The last of them leads only in brackets: it is a part of too many words.
const OUTER_CHINESE_LEADS: usize = 6;
/// Words after a list that is incomplete.
const ENDS: [&str; 8] =
    ["etc", "et cetera", "and so on", "and more", "等等", "等信息", "等数据", "等"];
/// What a bracket says of the item before it.
const REQUIRED: [&str; 11] = [
    "required",
    "mandatory",
    "necessary",
    "pflichtangabe",
    "pflichtfeld",
    "pflicht",
    "erforderlich",
    "必填",
    "必需",
    "必须",
    "必要",
];

/// Splits a sentence of types.
pub(super) fn types(text: &str, words: &Words) -> Types {
    let text = text.trim().trim_end_matches(['.', '。']);
    let (text, more) = without_etc(text, words);
    let mut types = match lead(text, words) {
        Some((at, length, open)) => {
            let head = text[..at].trim().trim_end_matches([',', '，', '、', ';', '；']).trim();
            let group = Label { open, ..tagged(head, words, Style::Common) };
            let items = text[at + length..].trim_start_matches([':', '：', ' ', ',', '，']);
            Types { group: Some(group), items: labels(items, words) }
        }
        None => Types { group: None, items: labels(text, words) },
    };
    types.group.take_if(|group| group.text.is_empty());
    if let Some(last) = types.items.last_mut() {
        last.open |= more && last.members.is_empty();
    }
    types
}

/// The first words outside brackets that lead examples or parts, with their length, and whether they
/// leave more open.
fn lead(text: &str, words: &Words) -> Option<(usize, usize, bool)> {
    if is_tangled(text) {
        return None;
    }
    let own = [(bare(&words.such_as), true), (bare(&words.including), false)];
    let chinese = &CHINESE_LEADS[..OUTER_CHINESE_LEADS];
    let others = LEADS.iter().chain(chinese).map(|(word, open)| ((*word).to_owned(), *open));
    let found = own.into_iter().chain(others).filter_map(|(word, open)| {
        outside(text, &word).first().map(|at| (*at, std::cmp::Reverse(word.len()), open))
    });
    found.min().map(|(at, length, open)| (at, length.0, open))
}

/// The things that a text names if all its commas and conjunctions separate, those in brackets too.
pub(super) fn pieces(text: &str, words: &Words) -> Vec<String> {
    let mut text = text.to_owned();
    for word in [&words.last_and, &words.and, &words.including, &words.such_as, &words.or] {
        text = text.replace(word.as_str(), ",");
    }
    let pieces = text.split(|c: char| ",，、;；:：()（）|•".contains(c)).map(str::trim);
    pieces.filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

/// Legal bases as a list writes them: alternatives, each of one or more that are needed together. `None` for any other
/// wording of several.
pub(super) fn bases(text: &str, words: &Words) -> Option<Vec<Vec<Label>>> {
    let basis = |text: &str| match labels(text, words).as_slice() {
        [one] if one.members.is_empty() => Some(one.clone()),
        _ => None,
    };
    let together = |text: &str| between(text, &words.together).into_iter().map(basis).collect();
    between(text, &words.alternative).into_iter().map(together).collect()
}

/// Labels joined by commas, the last one possibly by "and".
pub(super) fn labels(text: &str, words: &Words) -> Vec<Label> {
    let (text, more) = without_etc(text, words);
    ended(of_pieces(text, words, Style::Common), more)
}

/// The names of methods: a list, or a group that leads its parts.
pub(super) fn methods(text: &str, words: &Words) -> Vec<Label> {
    let (text, more) = without_etc(text.trim().trim_end_matches(['.', '。']), words);
    let led = led(text, words, Style::Common);
    ended(led.unwrap_or_else(|| of_pieces(text, words, Style::Common)), more)
}

/// The names of recipients, which keep their case and what follows them: "Example, Inc.".
pub(super) fn recipients(text: &str, words: &Words) -> Vec<Label> {
    let (text, more) = without_etc(companies::without_stop(text.trim()), words);
    let led = led(text, words, Style::Names);
    ended(led.unwrap_or_else(|| of_pieces(text, words, Style::Names)), more)
}

/// Purposes: one for each clause. A clause that joins two by "and" is kept whole and marked doubtful, unless the sentence
/// consists of exactly two things, or the clause is the last of a list in a language that has no comma there.
pub(super) fn purposes(text: &str, words: &Words) -> Vec<Label> {
    let text = text.trim().trim_end_matches(['.', '。']);
    let (text, more) = without_etc(text, words);
    let verb = after_word(text, "to");
    let text = verb.or_else(|| after_word(text, "for")).unwrap_or(text);
    if let Some(led) = led(text, words, Style::Purposes) {
        return ended(led, more);
    }
    let and = bare(&words.and);
    let pieces = at_commas(text);
    if let ([one], None, [cut]) = (&pieces[..], verb, &outside(text, &and)[..]) {
        return vec![
            label(&one[..*cut], words, Style::Purposes),
            label(&one[cut + and.len()..], words, Style::Purposes),
        ];
    }
    ended(of_clauses(&pieces, words), more)
}

/// The list is incomplete, if it says so.
fn ended(mut labels: Vec<Label>, more: bool) -> Vec<Label> {
    if let Some(last) = labels.last_mut() {
        last.open |= more && last.members.is_empty();
    }
    labels
}

/// How the labels of a list are written and joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Common,
    /// As they are; a legal form after a comma belongs to the name before it.
    Names,
    /// A clause may have an "and" of its own.
    Purposes,
}

impl Style {
    fn written(self, text: &str) -> String {
        if self == Self::Names { text.to_owned() } else { capital(text) }
    }
}

/// One group that leads the list of its parts.
fn led(text: &str, words: &Words, style: Style) -> Option<Vec<Label>> {
    let (at, length, open) = lead(text, words)?;
    let head = text[..at].trim().trim_end_matches([',', '，', '、', ';', '；']).trim();
    let heads = of_pieces(head, words, style);
    if heads.len() != 1 || !heads[0].members.is_empty() {
        return None;
    }
    let items = text[at + length..].trim_start_matches([':', '：', ' ', ',', '，']);
    let members = of_pieces(items, words, style);
    (!members.is_empty()).then(|| vec![Label { open, members, ..tagged(head, words, style) }])
}

fn of_pieces(text: &str, words: &Words, style: Style) -> Vec<Label> {
    let and = bare(&words.and);
    let pieces: Vec<String> = match style {
        Style::Names => companies::joined(&at_commas(text), &and),
        _ => at_commas(text).into_iter().map(str::to_owned).collect(),
    };
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    if style == Style::Purposes && pieces.len() > 1 {
        return of_clauses(&pieces, words);
    }
    let count = pieces.len();
    // "A, b and c": in English, "b and c" may be one thing.
    let is_list = count != 2 || ends_without_comma(words);
    let mut labels = Vec::new();
    for (at, piece) in pieces.iter().copied().enumerate() {
        let led = after_word(piece, &and);
        if let Some(rest) = led {
            labels.push(Label { doubtful: at + 1 < count, ..label(rest, words, style) });
        } else if let (true, true, [cut]) = (at + 1 == count, is_list, &outside(piece, &and)[..]) {
            labels.push(label(&piece[..*cut], words, style));
            labels.push(label(&piece[cut + and.len()..], words, style));
        } else {
            labels.push(label(piece, words, style));
        }
    }
    labels.retain(|label| !label.text.is_empty());
    labels
}

/// Clauses: each is one purpose.
fn of_clauses(pieces: &[&str], words: &Words) -> Vec<Label> {
    let and = bare(&words.and);
    let whole = |piece: &str| Label {
        doubtful: !outside(piece, &and).is_empty(),
        ..label(piece, words, Style::Purposes)
    };
    let mut labels: Vec<Label> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let is_last = at > 0 && at + 1 == pieces.len() && ends_without_comma(words);
        match (after_word(piece, &and), &outside(piece, &and)[..]) {
            (Some(rest), _) => labels.push(whole(rest)),
            (None, [cut]) if is_last => {
                labels.push(whole(&piece[..*cut]));
                labels.push(whole(&piece[cut + and.len()..]));
            }
            _ => labels.push(whole(piece)),
        }
    }
    labels.retain(|label| !label.text.is_empty());
    labels
}

/// Whether a list of three or more has no comma before its last "and".
fn ends_without_comma(words: &Words) -> bool {
    !words.last_and.contains([',', '，', '、'])
}

fn label(piece: &str, words: &Words, style: Style) -> Label {
    let piece = piece.trim();
    let plain = |text: &str| Label::of(&style.written(text.trim()));
    let Some((start, inner)) = bracket(piece) else { return plain(piece) };
    let (head, inner) = (&piece[..start], inner.trim());
    if tags::read(inner, words).is_some() {
        return tagged(piece, words, style);
    }
    let says = |words: &[&str]| words.iter().any(|word| inner.eq_ignore_ascii_case(word));
    if says(&OPTIONAL) || says(&REQUIRED) {
        let optional = Some(says(&OPTIONAL));
        return Label { optional, ..label(head, words, style) };
    }
    let (inner, more) = without_etc(inner, words);
    let led = bracket_lead(inner, words);
    let (text, open) = led.unwrap_or((inner, false));
    let text = text.trim_start_matches([':', '：', ',', '，', ' ']);
    let style_of_parts = if style == Style::Names { style } else { Style::Common };
    let mut members = of_pieces(text, words, style_of_parts);
    // Words in a bracket are parts if they are led or are several; one may as well be an explanation,
    // and "App Store: Location" says something of the label.
    let says_of_it = has_word(inner) || tags::without_colons(inner, words).contains([':', '：']);
    let are_parts = led.is_some() || (members.len() > 1 && !says_of_it);
    if !are_parts || members.is_empty() || head.trim().is_empty() {
        return plain(piece);
    }
    members.iter_mut().for_each(|member| member.doubtful = false);
    // Of an open group, "etc." is said of the last part. A list from a policy says "e.g." for such a group.
    let of_last = open || words.is_written;
    if let Some(last) = members.last_mut().filter(|last| of_last && last.members.is_empty()) {
        last.open |= more;
    }
    let open = open || more && !of_last;
    Label { open, members, ..tagged(head, words, style) }
}

/// A label with its published tags, and no parts.
fn tagged(text: &str, words: &Words, style: Style) -> Label {
    let (text, published) = tags::split(text.trim(), words);
    Label { published, ..Label::of(&style.written(text.trim())) }
}

/// Whether a bracket has a word that no list of parts has.
fn has_word(inner: &str) -> bool {
    let words =
        ["for", "to", "in", "when", "where", "used", "which", "that", "per", "under", "see"];
    inner.split_whitespace().any(|word| words.contains(&word.to_lowercase().as_str()))
}

/// What a bracket lists after a lead, and whether that leaves more open.
fn bracket_lead<'t>(inner: &'t str, words: &Words) -> Option<(&'t str, bool)> {
    let examples = bare(&words.examples);
    let examples = examples.trim_start_matches(['(', '（']);
    let some_parts = bare(&words.some_parts);
    let own = [
        (some_parts.trim_start_matches(['(', '（']).to_owned(), false),
        (examples.to_owned(), true),
        (bare(&words.such_as), true),
        (bare(&words.including), false),
    ];
    let others = LEADS.iter().map(|(word, open)| ((*word).to_owned(), *open));
    for (word, open) in own.into_iter().chain(others) {
        if let Some(rest) = after_word(inner, &word) {
            return Some((rest, open));
        }
    }
    CHINESE_LEADS.iter().find_map(|(word, open)| inner.strip_prefix(word).map(|rest| (rest, *open)))
}

fn without_etc<'t>(text: &'t str, words: &Words) -> (&'t str, bool) {
    let own = bare(&words.etc);
    let end = text.trim_end().trim_end_matches(['.', '。', '…']);
    let dots = text.trim_end().ends_with("...") || text.trim_end().ends_with('…');
    let own = own.trim_end_matches('.');
    for word in std::iter::once(own).chain(ENDS).filter(|word| !word.is_empty()) {
        let at = end.len().checked_sub(word.len()).filter(|at| end.is_char_boundary(*at));
        let Some(rest) = at.filter(|at| end[*at..].eq_ignore_ascii_case(word)).map(|at| &end[..at])
        else {
            continue;
        };
        let is_word = !word.is_ascii() || !rest.ends_with(char::is_alphanumeric);
        if is_word {
            return (rest.trim_end().trim_end_matches([',', '，', '、']), true);
        }
    }
    if dots { (end.trim_end_matches([',', '，', '、', ' ']), true) } else { (text, false) }
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
    cut(text, |at, character| {
        let end = at + character.len_utf8();
        let is_spaced = || text[..at].ends_with(' ') && text[end..].starts_with(' ');
        // A slash joins words, unless it stands alone.
        matches!(character, ',' | '，' | '、' | ';' | '；' | '•' | '|')
            || matches!(character, '/' | '·') && is_spaced()
    })
}

/// A label starts with a capital, unless its first word has capitals elsewhere, as names have.
fn capital(text: &str) -> String {
    let first: &str = text.split([' ', '-', '/', '_']).next().unwrap_or(text);
    if first.chars().skip(1).any(|c| c.is_uppercase() || matches!(c, '.' | '@')) {
        return text.to_owned();
    }
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
            ("Data (Store: a, b; Land: c), d", "", "Data (Store: a, b; Land: c); D"),
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

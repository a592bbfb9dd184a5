//! Cells that say something of each datum: "A: …<br>B: …".
//!
//! Such a cell beside a list of data pairs each datum with its own part. The product of all would
//! permit what the page does not say.

use super::brackets::{cut, outer};
use super::record::Datum;
use super::split::{self, Label, Types};
use crate::notice::matching;
use crate::notice::read::PageText;
use crate::notice::words::Words;

/// A part of the data of a record: what a cell may name.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    pub(super) datum: Datum,
    key: String,
}

/// The text of a cell for one atom.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Value {
    /// The number of the cell.
    pub(super) cell: usize,
    /// Its lines.
    pub(super) parts: Vec<String>,
    /// It names parts, and not of this data.
    pub(super) is_unmatched: bool,
}

/// What a cell says.
#[derive(Debug)]
pub(super) enum Cell {
    /// Of all data.
    OfAll(Vec<String>),
    /// Of these atoms.
    OfSome(Vec<(Vec<usize>, String)>),
    /// Of parts that the data does not have.
    Unmatched(Vec<String>),
}

/// Longest name of a part, in characters.
const LONGEST_HEAD: usize = 60;

/// The name before the colon of a line, and the rest.
pub(super) fn headed(text: &str) -> Option<(&str, &str)> {
    let (at, colon) = outer(text).find(|(_, character)| matches!(character, ':' | '：'))?;
    let (head, rest) = (&text[..at], &text[at + colon.len_utf8()..]);
    let is_address = rest.starts_with("//");
    let is_time = head.ends_with(|c: char| c.is_ascii_digit())
        && rest.starts_with(|c: char| c.is_ascii_digit());
    let (head, rest) = (head.trim(), rest.trim());
    let is_head = !head.is_empty() && head.chars().count() <= LONGEST_HEAD && !rest.is_empty();
    (is_head && !is_address && !is_time).then_some((head, rest))
}

/// The lines of a text: its own, or what it separates with semicolons.
fn lines(on_page: &PageText) -> Vec<&str> {
    if on_page.parts.len() > 1 {
        return on_page.parts.iter().map(String::as_str).collect();
    }
    let pieces = cut(&on_page.text, |_, character| matches!(character, ';' | '；'));
    let pieces: Vec<&str> = pieces.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect();
    match pieces.iter().all(|piece| headed(piece).is_some()) {
        true => pieces,
        false => vec![on_page.text.as_str()],
    }
}

/// The data of a cell: a group for each line that has a name, or else one list.
pub(super) fn data(on_page: &PageText, words: &Words) -> Vec<Types> {
    let lines = lines(on_page);
    let heads: Vec<_> = lines.iter().map(|line| headed(line)).collect();
    if heads.iter().all(Option::is_none) || lines.is_empty() {
        return vec![split::types(&on_page.text, words)];
    }
    let types = lines.iter().zip(heads).map(|(line, head)| match head {
        None => split::types(line, words),
        Some((head, rest)) => {
            let Types { group, items } = split::types(rest, words);
            let head = split::types(head, words).items;
            match (head.as_slice(), group) {
                ([name], None) => {
                    let open = items.iter().any(|item| item.open && item.members.is_empty());
                    Types { group: Some(Label { open, ..name.clone() }), items }
                }
                // A group in a group: its names stay together.
                _ => Types { group: None, items: vec![Label::of(line)] },
            }
        }
    });
    types.collect()
}

/// The parts that the cells of a record may name.
pub(super) fn atoms(data: &[Datum], words: &Words) -> Vec<Atom> {
    let key = |label: &Label| matching::key(&label.text, words);
    let mut atoms = Vec::new();
    for Datum { types, optional } in data {
        match &types.group {
            Some(group) => {
                let datum = Datum { types: types.clone(), optional: *optional };
                atoms.push(Atom { datum, key: key(group) });
            }
            None => atoms.extend(types.items.iter().map(|item| {
                let types = Types { group: None, items: vec![item.clone()] };
                Atom { datum: Datum { types, optional: *optional }, key: key(item) }
            })),
        }
    }
    atoms
}

/// What a cell says of which data.
pub(super) fn cell(on_page: &PageText, atoms: &[Atom], words: &Words) -> Cell {
    let lines = lines(on_page);
    let parts = || match on_page.parts.as_slice() {
        [] => vec![on_page.text.clone()],
        parts => parts.to_vec(),
    };
    let heads: Vec<_> = lines.iter().filter_map(|line| headed(line)).collect();
    if heads.is_empty() {
        return Cell::OfAll(parts());
    }
    if heads.len() < lines.len() {
        return Cell::Unmatched(parts());
    }
    let of = |pairs: &mut dyn Iterator<Item = (&str, &str)>| -> Option<Vec<(Vec<usize>, String)>> {
        pairs.map(|(name, value)| Some((named(name, atoms, words)?, value.to_owned()))).collect()
    };
    let by_head = of(&mut heads.iter().copied());
    // "Alpha Ltd: email" names the recipient first.
    let by_rest = || of(&mut heads.iter().map(|(head, rest)| (*rest, *head)));
    by_head.or_else(by_rest).map_or_else(|| Cell::Unmatched(parts()), Cell::OfSome)
}

/// What joins a datum and what is said of it, in other forms than with a colon.
const JOINTS: [&str; 9] = [" - ", " – ", " — ", " → ", " -> ", " => ", " = ", " for ", " für "];

/// Whether a list of data says of its items what they are for.
pub(super) fn is_split(text: &str) -> bool {
    JOINTS.iter().any(|joint| text.contains(joint))
}

/// Whether a text counts its items: "1. …", "(a) …".
pub(super) fn is_counted(text: &str) -> bool {
    let pieces = text
        .split([',', ';', '，', '；', '、'])
        .map(|piece| piece.trim_start().trim_start_matches(['(', '（']));
    let is_number = |piece: &str| {
        let number = piece.trim_start_matches(|c: char| c.is_ascii_digit());
        let after = match piece.len() - number.len() {
            0 => number.strip_prefix(|c: char| c.is_ascii_lowercase()),
            _ => Some(number),
        };
        after.is_some_and(|after| after.starts_with(['.', ')', '）', '、']))
    };
    pieces.filter(|piece| is_number(piece)).count() > 1
}

/// Whether a text names some of the data beside what it says: in brackets, or before a joint.
pub(super) fn names_some(text: &str, atoms: &[Atom]) -> bool {
    let is_named = |name: &str| {
        let name = name.trim().to_lowercase();
        !name.is_empty() && atoms.iter().any(|atom| atom.is_called(&name))
    };
    let brackets = text.split(['(', '（']).skip(1);
    let mut inside = brackets.filter_map(|rest| rest.split([')', '）']).next());
    let mut pieces = text.split([',', ';', '，', '；', '、']);
    inside.any(|inside| inside.split([',', ';', '，', '、', '/']).any(is_named))
        || pieces.any(|piece| {
            let mut joints = JOINTS.iter().filter_map(|joint| piece.split_once(joint));
            joints.any(|(one, other)| is_named(one) || is_named(other))
        })
}

impl Atom {
    /// Whether one of its labels is this name, in small letters.
    fn is_called(&self, name: &str) -> bool {
        let types = &self.datum.types;
        let mut labels = types.group.iter().chain(&types.items);
        labels.any(|label| label.text.trim().to_lowercase() == name)
    }
}

/// The atoms that a text names, if it names nothing else.
fn named(text: &str, atoms: &[Atom], words: &Words) -> Option<Vec<usize>> {
    let labels = split::labels(text, words);
    let whole = matching::key(text, words);
    let find = |key: &str| atoms.iter().position(|atom| atom.key == key);
    if let Some(at) = find(&whole) {
        return Some(vec![at]);
    }
    if labels.is_empty() {
        return None;
    }
    labels.iter().map(|label| find(&matching::key(&label.text, words))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_brackets_names_no_data() {
        for (text, expected) in [
            ("Email: login; Phone: calls", Some(("Email", "login; Phone: calls"))),
            ("Logs (Store: Diagnostics; Land: US)", None),
            ("Logs (Store: Diagnostics): errors", Some(("Logs (Store: Diagnostics)", "errors"))),
            ("Logs （商店：诊断）", None),
            ("Logs (cut: off", None),
        ] {
            assert_eq!(headed(text), expected, "{text}");
        }
    }
}

//! Groups labelled lines into records.
//!
//! In a table a row is a record. Elsewhere the labels must say where one starts: whatever label comes
//! first and comes again. A page from which a line was left out reads as if its records were others, so
//! a record is in doubt if something stands twice in it, or if something unlabelled stands within it.

use super::known::{Label, Role};
use super::page::Block;
use super::text::PageText;
use crate::notice::part::About;

/// A line of a run.
#[derive(Debug)]
pub(super) enum Entry {
    Line(Label, PageText),
    /// Something without a label.
    Gap,
}

/// The records of a run; the row of a table is one.
pub(super) fn blocks(run: Vec<Entry>, number: Option<usize>) -> Vec<Block> {
    let starter = if number.is_some() { starter(&run) } else { None };
    let mut records: Vec<Vec<Entry>> = vec![Vec::new()];
    let mut is_started = false;
    for entry in run {
        let starts = matches!(&entry, Entry::Line(label, _) if Some(key(label)) == starter);
        if starts && std::mem::replace(&mut is_started, true) && !is_beside(records.last(), &entry)
        {
            records.push(Vec::new());
        }
        if let Some(last) = records.last_mut() {
            last.push(entry);
        }
    }
    records.into_iter().filter_map(|record| block(record, number)).collect()
}

/// What a label says: an unknown one only its name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Role(Role),
    Name(String),
}

fn key(label: &Label) -> Key {
    match label.role {
        // What a list of types is about makes no other label of it.
        Some(Role::Part(part, _)) => Key::Role(Role::Part(part, None)),
        Some(role) => Key::Role(role),
        None => Key::Name(label.name.clone()),
    }
}

/// The first label that comes again, other than beside itself with another name.
fn starter(run: &[Entry]) -> Option<Key> {
    let mut keys: Vec<(Key, bool)> = Vec::new();
    let mut last: Option<&Label> = None;
    for entry in run {
        let Entry::Line(label, _) = entry else { continue };
        let own = key(label);
        let beside = last.is_some_and(|last| key(last) == own && last.name != label.name);
        match keys.iter_mut().find(|(known, _)| *known == own) {
            Some((_, is_again)) => *is_again |= !beside,
            None => keys.push((own, false)),
        }
        last = Some(label);
    }
    keys.into_iter().find(|(_, is_again)| *is_again).map(|(key, _)| key)
}

/// Whether a line says with another name what the line before it says.
fn is_beside(record: Option<&Vec<Entry>>, entry: &Entry) -> bool {
    match (record.and_then(|record| record.last()), entry) {
        (Some(Entry::Line(last, _)), Entry::Line(label, _)) => {
            key(last) == key(label) && last.name != label.name
        }
        _ => false,
    }
}

fn block(record: Vec<Entry>, run: Option<usize>) -> Option<Block> {
    let doubt = run.and_then(|_| doubt(&record));
    let mut block = Block { doubt, run, ..Block::default() };
    let mut is_empty = true;
    for entry in record {
        let Entry::Line(label, on_page) = entry else { continue };
        if std::mem::replace(&mut is_empty, false) {
            block.line = on_page.line;
        }
        match label.role {
            Some(Role::Part(part, about)) => {
                block.about = block.about.or(about);
                block.types.extend::<Option<About>>(about);
                block.lines.push((part, on_page));
                block.names.push(label.name);
            }
            Some(Role::More(more)) => block.more.push((more, label, on_page)),
            None => block.unknown.push((label.name, on_page)),
        }
    }
    (!is_empty).then_some(block)
}

/// Why a record may be parts of several.
fn doubt(record: &[Entry]) -> Option<String> {
    let mut seen: Vec<&Label> = Vec::new();
    let mut gap = false;
    for entry in record {
        let Entry::Line(label, _) = entry else {
            gap |= !seen.is_empty();
            continue;
        };
        if gap {
            return Some("a line without a label stands within it".to_owned());
        }
        let is_again = seen.iter().any(|known| key(known) == key(label));
        let is_beside =
            seen.last().is_some_and(|last| key(last) == key(label) && last.name != label.name);
        if is_again && !is_beside {
            return Some(format!("it has “{}” twice", label.name));
        }
        seen.push(label);
    }
    None
}

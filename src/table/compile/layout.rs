//! The sections of an image, in the order in which [`Tables`](crate::table::Tables) reads them.

use super::TooLarge;
use super::cells::Cells;
use super::classes::Classes;
use super::fields::{Fields, Meaning};
use crate::model::{FactKind, Found, Hierarchy, Model, NodeSet, Test, Tree};
use crate::source::with_line_feeds;
use crate::table::image::{Image, Writer};
use crate::table::names::build::{self, Entry};
use crate::table::tables::{AMBIGUOUS, FactRecord, GENERAL, NO_NODE, NodeRecord, SET, value_of};
use hashbrown::HashMap;

/// All text of a policy in one string.
#[derive(Default)]
pub(super) struct Text {
    all: String,
    known: HashMap<String, (u32, u32)>,
}

impl Text {
    /// Where a text is; equal ones are kept once.
    pub(super) fn add(&mut self, text: &str) -> (u32, u32) {
        if let Some(place) = self.known.get(text) {
            return *place;
        }
        let place = self.append(text);
        self.known.insert(text.to_owned(), place);
        place
    }

    /// Adds a text that stands for itself, without looking whether it is known.
    fn append(&mut self, text: &str) -> (u32, u32) {
        let place = (self.all.len() as u32, text.len() as u32);
        self.all.push_str(text);
        place
    }

    pub(super) fn as_str(&self) -> &str {
        &self.all
    }
}

/// Lists of numbers, each behind its length.
#[derive(Default)]
struct Lists(Vec<u32>);

impl Lists {
    fn add(&mut self, list: &[u32]) -> u32 {
        let at = self.0.len() as u32;
        self.0.push(list.len() as u32);
        self.0.extend(list);
        at
    }

    fn add_set(&mut self, set: &NodeSet) -> u32 {
        let ranges: Vec<u32> = set.ranges().iter().flat_map(|(a, b)| [*a, *b]).collect();
        self.add(&ranges)
    }
}

/// What an image is made of.
pub(super) struct Parts<'p, 'm> {
    pub(super) model: &'m Model,
    pub(super) text: Text,
    pub(super) fields: &'p mut Fields<'m>,
    pub(super) row_of_category: &'p [u32],
    pub(super) row_of_set: &'p [u32],
    pub(super) planes: &'p Classes,
    pub(super) columns: &'p Classes,
    /// How many classes of categories, acts and purposes there are.
    pub(super) shape: [usize; 3],
    pub(super) strides: Strides,
    pub(super) cells: Cells<'p, 'm>,
}

/// How far one class of categories, and one of acts, moves a cell or a line; one of purposes moves
/// it by 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strides {
    pub(super) row: u32,
    pub(super) plane: u32,
}

/// Writes the image.
pub(super) fn write(parts: Parts<'_, '_>) -> Result<Image, TooLarge> {
    let Parts { model, mut text, fields, columns, shape, strides, mut cells, .. } = parts;
    let by = |classes: &[u32], stride: u32| -> Vec<u32> {
        classes.iter().map(|class| class * stride).collect()
    };
    let (row_of_category, row_of_set) =
        (by(parts.row_of_category, strides.row), by(parts.row_of_set, strides.row));
    let planes = by(&parts.planes.of, strides.plane);
    let mut lists = Lists::default();
    let methods = model.tree(Hierarchy::Method).nodes.len();
    let classes: [&[u32]; 4] =
        [&row_of_category, &planes[1..1 + methods], &columns.of, &planes[1 + methods..]];

    // The vocabularies, and the names that find them.
    let mut nodes: Vec<Vec<NodeRecord>> = Vec::new();
    for hierarchy in Hierarchy::ALL {
        let tree = model.tree(hierarchy);
        nodes.push(node_records(tree, classes[hierarchy as usize], &mut text, &mut lists));
    }
    let mut set_records: Vec<u32> = Vec::new();
    for (set, row) in fields.sets().zip(&row_of_set) {
        set_records.extend([*row, lists.add(set)]);
    }
    let mut names = Vec::new();
    for hierarchy in [Hierarchy::Method, Hierarchy::Purpose, Hierarchy::Recipient] {
        let tree = model.tree(hierarchy);
        let references = tree.references();
        let mut seen: HashMap<&str, ()> = HashMap::new();
        let mut entries = Vec::new();
        for (name, found) in references.all() {
            if seen.insert(name, ()).is_some() {
                continue;
            }
            let value = match found {
                Found::One(node) => value_of(node, classes[hierarchy as usize][node as usize]),
                _ => AMBIGUOUS | u64::from(lists.add(references.candidates(name))),
            };
            entries.push(Entry { name, offset: place_of(name, &mut text), value });
        }
        names.push(build::build(&entries).ok_or(COLLISION)?);
    }
    let references = model.tree(Hierarchy::Category).references();
    let mut entries = Vec::new();
    for (name, meaning) in &fields.known {
        let value = match meaning {
            Meaning::Category(node) => value_of(*node, row_of_category[*node as usize]),
            Meaning::Set(set) => value_of(SET | *set, row_of_set[*set as usize]),
            Meaning::Ambiguous => AMBIGUOUS | u64::from(lists.add(references.candidates(name))),
        };
        entries.push(Entry { name, offset: place_of(name, &mut text), value });
    }
    names.insert(0, build::build(&entries).ok_or(COLLISION)?);

    // Facts, conditions, statements.
    let conditions = conditions(model, &mut cells);
    let facts = facts(model, &mut text);
    let touching = touching(model, &mut lists);
    let files: Vec<[u32; 2]> =
        model.sources.files().iter().map(|file| pair(text.add(file.path()))).collect();
    let sections: Vec<[u32; 4]> =
        model.sections.iter().map(|s| four(text.add(&s.name), text.add(&s.title))).collect();
    let duty_names: Vec<[u32; 2]> = model.duties.iter().map(|d| pair(text.add(d))).collect();
    let statements: Vec<[u32; 8]> = model
        .statements
        .iter()
        .map(|s| {
            let (start, length) = text.append(&with_line_feeds(model.sources.slice(s.span)));
            let line = model.sources.position(s.span).line;
            let section = s.section.unwrap_or(NO_NODE);
            let kind = s.kind as u32 | (s.act as u32) << 8;
            [kind, s.condition.0, s.span.file.0, line, section, start, length, 0]
        })
        .collect();

    let header = &model.header;
    let mut meta: Vec<u32> = shape.iter().map(|count| *count as u32).collect();
    for part in [&header.name, &header.label, &header.version, &header.controller] {
        meta.extend(pair(text.add(part)));
    }
    for table in &names {
        meta.extend([table.seed as u32, (table.seed >> 32) as u32]);
    }
    if u32::try_from(text.all.len()).is_err() {
        return Err(TooLarge::because("its names and texts take over four gigabytes"));
    }

    let mut writer = Writer::default();
    writer.push(&meta);
    writer.push(text.as_str().as_bytes());
    for records in &nodes {
        writer.push(records);
    }
    for table in &names {
        writer.push(&table.pilots);
        writer.push(&table.slots);
    }
    writer.push(&lists.0);
    writer.push(&set_records);
    writer.push(&fields.of_statements);
    writer.push(&fields.index.nodes);
    writer.push(&fields.index.lists);
    writer.push(&fields.index.records);
    writer.push(&fields.index.exceptions);
    writer.push(&touching);
    writer.push(&cells.kinds);
    writer.push(&cells.cells);
    writer.push(&cells.lines);
    writer.push(&cells.behind);
    writer.push(&cells.outcomes);
    writer.push(&cells.duties);
    writer.push(&cells.terms);
    writer.push(&conditions.0);
    writer.push(&conditions.1);
    writer.push(&statements);
    writer.push(&files);
    writer.push(&sections);
    writer.push(&duty_names);
    writer.push(&facts.records);
    writer.push(&facts.by_name);
    writer.push(&facts.choices);
    writer.push(&facts.atoms);
    Ok(writer.finish())
}

/// Nobody but an author who searched for them has such names.
const COLLISION: TooLarge =
    TooLarge::because("names were made so that they cannot be told apart quickly");

fn pair((start, length): (u32, u32)) -> [u32; 2] {
    [start, length]
}

fn four(a: (u32, u32), b: (u32, u32)) -> [u32; 4] {
    [a.0, a.1, b.0, b.1]
}

/// Where the bytes of a long name are; those of a short one are in its slot.
fn place_of(name: &str, text: &mut Text) -> u32 {
    if name.len() <= 16 { 0 } else { text.add(name).0 }
}

fn node_records(
    tree: &Tree,
    classes: &[u32],
    text: &mut Text,
    lists: &mut Lists,
) -> Vec<NodeRecord> {
    let mut records = Vec::with_capacity(tree.nodes.len());
    for (id, node) in tree.nodes.iter().enumerate() {
        let id = id as u32;
        let path = text.add(&node.path);
        // The tails of a path are names too: they need no text of their own.
        for (at, _) in node.path.match_indices('.') {
            let tail = &node.path[at + 1..];
            let place = (path.0 + at as u32 + 1, tail.len() as u32);
            if tail.len() > 16 && !text.known.contains_key(tail) {
                text.known.insert(tail.to_owned(), place);
            }
        }
        let label = text.add(&node.label);
        let below = tree.below(id);
        let (end, ranges) = match below.ranges() {
            [(start, end)] if *start == id => (*end, NO_NODE),
            _ => (id + 1, lists.add_set(below)),
        };
        let parent = node.parent.unwrap_or(NO_NODE);
        let class = classes[id as usize];
        records.push([path.0, path.1, label.0, label.1, parent, class, end, ranges]);
    }
    records
}

/// For each purpose, those that share a node at or below it with it: what a fact stated for it
/// contradicts. Needed for facts per purpose alone.
fn touching(model: &Model, lists: &mut Lists) -> Vec<u32> {
    if !model.facts.iter().any(|fact| fact.kind == FactKind::PerPurpose) {
        return Vec::new();
    }
    let tree = model.tree(Hierarchy::Purpose);
    let mut marked = vec![u32::MAX; tree.nodes.len()];
    (0..tree.len())
        .map(|purpose| {
            let mut open: Vec<u32> = tree.below(purpose).iter().collect();
            let mut touching = Vec::new();
            while let Some(node) = open.pop() {
                if marked[node as usize] != purpose {
                    marked[node as usize] = purpose;
                    touching.push((node, node + 1));
                    open.extend(tree.parents(node));
                }
            }
            lists.add_set(&NodeSet::from_ranges(touching))
        })
        .collect()
}

/// For each condition its terms and its program, and all programs.
fn conditions(model: &Model, cells: &mut Cells<'_, '_>) -> (Vec<[u32; 4]>, Vec<u32>) {
    let mut programs = Vec::new();
    let mut records = Vec::new();
    for (id, formula) in model.conditions.iter().enumerate() {
        let normal = cells.condition(id).cloned();
        let [start, length] = match &normal {
            // A term without literals cannot be written, and needs no evaluation.
            Some(normal) if !normal.is_yes() => cells.terms(Some(normal)),
            _ => [0, GENERAL],
        };
        let at = programs.len() as u32;
        program(formula, &mut programs);
        records.push([start, length, at, programs.len() as u32 - at]);
    }
    (records, programs)
}

/// A formula in prefix order: an operator in the low two bits, an atom or a count above.
fn program(formula: &crate::model::Formula, out: &mut Vec<u32>) {
    use crate::model::Formula;
    use crate::table::tables::{OP_ALL, OP_ANY, OP_ATOM, OP_NOT};
    match formula {
        Formula::Always => out.push(OP_ALL), // all of nothing
        Formula::Atom(atom) => out.push(atom.0 << 2 | OP_ATOM),
        Formula::Not(inner) => {
            out.push(OP_NOT);
            program(inner, out);
        }
        Formula::And(list) => {
            out.push((list.len() as u32) << 2 | OP_ALL);
            list.iter().for_each(|inner| program(inner, out));
        }
        Formula::Or(list) => {
            out.push((list.len() as u32) << 2 | OP_ANY);
            list.iter().for_each(|inner| program(inner, out));
        }
    }
}

struct Facts {
    records: Vec<FactRecord>,
    by_name: Vec<u32>,
    choices: Vec<[u32; 2]>,
    atoms: Vec<[u64; 3]>,
}

/// Facts, and their atoms grouped by fact: (number of the atom, test, operand).
fn facts(model: &Model, text: &mut Text) -> Facts {
    let mut facts =
        Facts { records: Vec::new(), by_name: Vec::new(), choices: Vec::new(), atoms: Vec::new() };
    let mut atoms: Vec<Vec<[u64; 3]>> = vec![Vec::new(); model.facts.len()];
    for (number, atom) in model.conditions.atoms.iter().enumerate() {
        let (test, operand) = match atom.test {
            Test::Holds => (0, 0),
            Test::In(choices) => (1, choices),
            Test::AtLeast(bound) => (2, bound.to_bits()),
            Test::Above(bound) => (3, bound.to_bits()),
            Test::Equal(bound) => (4, bound.to_bits()),
        };
        atoms[atom.fact as usize].push([number as u64, test, operand]);
    }
    for (id, fact) in model.facts.iter().enumerate() {
        let first_choice = facts.choices.len() as u32;
        let kind = match &fact.kind {
            FactKind::YesNo => 0,
            FactKind::PerPurpose => 1,
            FactKind::Choice(choices) => {
                facts.choices.extend(choices.iter().map(|c| pair(text.add(c))));
                2
            }
            FactKind::Number => 3,
        };
        let choices = facts.choices.len() as u32 - first_choice;
        let (name, label) = (text.add(&fact.name), text.add(&fact.label));
        let first_atom = facts.atoms.len() as u32;
        facts.atoms.extend(&atoms[id]);
        let count = atoms[id].len() as u32;
        let (name, label) = (pair(name), pair(label));
        facts.records.push([
            kind,
            name[0],
            name[1],
            label[0],
            label[1],
            first_choice,
            choices,
            first_atom,
            count,
            0,
        ]);
    }
    facts.by_name = (0..model.facts.len() as u32).collect();
    facts.by_name.sort_by_key(|id| &model.facts[*id as usize].name);
    facts
}

//! The sections of an image, from what the other modules computed.

use super::cells::OutcomeSections;
use super::classes::TableClasses;
use super::facts;
use super::fields::{Fields, Meaning};
use super::grid::Grid;
use super::shape::{Shape, Strides};
use super::text::{Lists, Text};
use super::too_large::TooLarge;
use crate::model::{Domain, Duty, Found, Hierarchy, Model, NodeSet, Tree};
use crate::source::with_line_feeds;
use crate::table::ids::{
    CategorySetId, ClassOffset, ConditionId, FileId, Id, ListAt, NodeId, SectionId,
};
use crate::table::image::Image;
use crate::table::names::build::{self, Entry};
use crate::table::schema::{
    CategorySet, Contents, Description, Halves, NO_MASK, NameValue, Named, NodeRecord, SET,
    SectionRecord, StatementRecord,
};
use hashbrown::HashSet;

/// What an image is made of.
pub(super) struct Parts<'m> {
    pub(super) model: &'m Model,
    pub(super) text: Text,
    pub(super) fields: Fields<'m>,
    /// The number of categories. The classes of their rows come before those of sets of categories.
    pub(super) categories: usize,
    pub(super) classes: TableClasses,
    pub(super) shape: Shape,
    pub(super) strides: Strides,
    pub(super) grid: Grid,
    pub(super) outcomes: OutcomeSections,
}

/// Writes the image.
pub(super) fn write(parts: Parts<'_>) -> Result<Image, TooLarge> {
    let offsets = Offsets::new(&parts);
    let Parts { model, text, mut fields, classes, shape, grid, outcomes, .. } = parts;
    let mut layout = Layout { model, text, lists: Lists::default(), contents: Contents::default() };
    layout.nodes(&offsets);
    layout.category_sets(&fields, &offsets.of_sets);
    let seeds = layout.names(&fields, &offsets)?;
    layout.field_index(&mut fields);
    drop(fields);
    facts::conditions(model, &outcomes.terms_of_conditions, &mut layout.contents);
    facts::facts(model, &mut layout.text, &mut layout.contents);
    layout.touching();
    layout.statements();
    layout.description(shape, offsets.any, seeds);
    let Layout { text, lists, mut contents, .. } = layout;
    contents.text = text.into_bytes();
    contents.lists = lists.0;
    if u32::try_from(contents.text.len()).is_err() {
        return Err(TooLarge::because("its names and texts take over four gigabytes"));
    }
    outcomes.move_to(&mut contents);
    drop(classes);
    Ok(contents.into_image(&grid.places.lengths(), |sections| grid.write(sections)))
}

/// The class of each node and of each set of categories, times its stride.
struct Offsets {
    of_nodes: [Vec<ClassOffset>; 4],
    of_sets: Vec<ClassOffset>,
    /// Of any method, and of any recipient.
    any: [ClassOffset; 2],
}

impl Offsets {
    fn new(parts: &Parts<'_>) -> Self {
        fn by<C: Id>(classes: &[C], stride: u32) -> Vec<ClassOffset> {
            classes.iter().map(|class| ClassOffset(class.index() as u32 * stride)).collect()
        }
        let Strides { row, plane } = parts.strides;
        let TableClasses { rows, planes, columns, .. } = &parts.classes;
        let (of_categories, of_sets) = rows.of.split_at(parts.categories);
        let methods = parts.model.tree(Hierarchy::Method).nodes.len();
        let (of_methods, of_recipients) = planes.of[1..].split_at(methods + 1);
        let (of_methods, of_recipients) = (by(of_methods, plane), by(of_recipients, plane));
        // The last of each is "any".
        let split = |list: &[ClassOffset]| match list.split_last() {
            Some((any, others)) => (others.to_vec(), *any),
            None => (Vec::new(), ClassOffset::NONE),
        };
        let ((of_methods, any_method), (of_recipients, any_recipient)) =
            (split(&of_methods), split(&of_recipients));
        Self {
            of_nodes: [by(of_categories, row), of_methods, by(&columns.of, 1), of_recipients],
            of_sets: by(of_sets, row),
            any: [any_method, any_recipient],
        }
    }

    fn of_node(&self, hierarchy: Hierarchy, node: u32) -> NameValue {
        NameValue::one(NodeId(node), self.of_nodes[hierarchy as usize][node as usize])
    }

    fn of_set(&self, set: CategorySetId) -> NameValue {
        NameValue::one(NodeId(SET | set.0), self.of_sets[set.index()])
    }
}

/// Fills the sections.
struct Layout<'m> {
    model: &'m Model,
    text: Text,
    lists: Lists,
    contents: Contents,
}

impl Layout<'_> {
    fn nodes(&mut self, offsets: &Offsets) {
        for hierarchy in Hierarchy::ALL {
            let tree = self.model.tree(hierarchy);
            let of_nodes = &offsets.of_nodes[hierarchy as usize];
            let records = node_records(tree, of_nodes, &mut self.text, &mut self.lists);
            let section = match hierarchy {
                Hierarchy::Category => &mut self.contents.category_nodes,
                Hierarchy::Method => &mut self.contents.method_nodes,
                Hierarchy::Purpose => &mut self.contents.purpose_nodes,
                Hierarchy::Recipient => &mut self.contents.recipient_nodes,
            };
            *section = records;
        }
    }

    fn category_sets(&mut self, fields: &Fields<'_>, of_sets: &[ClassOffset]) {
        for (set, class) in fields.sets().zip(of_sets) {
            let categories = self.lists.add(set);
            self.contents.category_sets.push(CategorySet { class: *class, categories });
        }
    }

    /// Writes the tables of names. Gives the seed of each.
    fn names(&mut self, fields: &Fields<'_>, offsets: &Offsets) -> Result<[Halves; 4], TooLarge> {
        let [method, purpose, recipient] =
            [Hierarchy::Method, Hierarchy::Purpose, Hierarchy::Recipient]
                .map(|hierarchy| self.names_of_nodes(hierarchy, offsets));
        let (method, purpose, recipient) = (method?, purpose?, recipient?);
        let category = self.names_of_fields(fields, offsets)?;
        let contents = &mut self.contents;
        (contents.category_pilots, contents.category_slots) = (category.pilots, category.slots);
        (contents.method_pilots, contents.method_slots) = (method.pilots, method.slots);
        (contents.purpose_pilots, contents.purpose_slots) = (purpose.pilots, purpose.slots);
        (contents.recipient_pilots, contents.recipient_slots) = (recipient.pilots, recipient.slots);
        let seeds = [category.seed, method.seed, purpose.seed, recipient.seed];
        Ok(seeds.map(Halves::from))
    }

    fn names_of_nodes(
        &mut self,
        hierarchy: Hierarchy,
        offsets: &Offsets,
    ) -> Result<build::Built, TooLarge> {
        let references = self.model.tree(hierarchy).references();
        let mut seen: HashSet<&str> = HashSet::new();
        let mut entries = Vec::new();
        for (name, meaning) in references.all() {
            if !seen.insert(name) {
                continue;
            }
            let value = match meaning {
                Found::One(node) => offsets.of_node(hierarchy, node),
                _ => NameValue::several(self.lists.add(references.candidates(name))),
            };
            entries.push(Entry { name, start: self.text.start_of_name(name), value });
        }
        build::build(&entries).ok_or(COLLISION)
    }

    fn names_of_fields(
        &mut self,
        fields: &Fields<'_>,
        offsets: &Offsets,
    ) -> Result<build::Built, TooLarge> {
        let references = self.model.tree(Hierarchy::Category).references();
        let mut entries = Vec::new();
        for (name, meaning) in &fields.known {
            let value = match meaning {
                Meaning::Category(node) => offsets.of_node(Hierarchy::Category, *node),
                Meaning::Set(set) => offsets.of_set(*set),
                Meaning::Ambiguous => {
                    NameValue::several(self.lists.add(references.candidates(name)))
                }
            };
            entries.push(Entry { name, start: self.text.start_of_name(name), value });
        }
        build::build(&entries).ok_or(COLLISION)
    }

    fn field_index(&mut self, fields: &mut Fields<'_>) {
        let build = std::mem::take(&mut fields.index);
        self.contents.set_of_field = std::mem::take(&mut fields.of_statements);
        self.contents.trie = build.nodes;
        self.contents.pattern_lists = build.lists;
        self.contents.patterns = build.records;
        self.contents.exceptions = build.exceptions;
    }

    /// For each purpose, the purposes that share a node at or below them with it: a fact stated for one of
    /// them contradicts a fact stated for it. Only facts per purpose need it.
    fn touching(&mut self) {
        if !self.model.facts.iter().any(|fact| fact.kind == Domain::PerPurpose) {
            return;
        }
        let tree = self.model.tree(Hierarchy::Purpose);
        let mut marked = vec![u32::MAX; tree.nodes.len()];
        for purpose in 0..tree.len() {
            let mut open: Vec<u32> = tree.below(purpose).iter().collect();
            let mut touching = Vec::new();
            while let Some(node) = open.pop() {
                if marked[node as usize] != purpose {
                    marked[node as usize] = purpose;
                    touching.push((node, node + 1));
                    open.extend(tree.parents(node));
                }
            }
            let list = self.lists.add_set(&NodeSet::from_ranges(touching));
            self.contents.touching.push(list);
        }
    }

    /// Writes the statements, and what explains them.
    fn statements(&mut self) {
        let Self { model, text, contents, .. } = self;
        contents.files = model.sources.files().iter().map(|file| text.add(file.path())).collect();
        contents.sections = (model.sections.iter())
            .map(|section| SectionRecord {
                name: text.add(&section.name),
                title: text.add(&section.title),
            })
            .collect();
        let mut named =
            |name: &str, label: &str| Named { name: text.add(name), label: text.add(label) };
        contents.duty_names =
            model.duties.iter().map(|duty| named(&duty.name, &duty.label)).collect();
        let number = |duty: &Duty| duty.mask.map_or(NO_MASK, |mask| mask as u8);
        contents.duty_masks = model.duties.iter().map(number).collect();
        contents.basis_names = model.bases.iter().map(|one| named(&one.name, &one.label)).collect();
        contents.event_names =
            model.events.iter().map(|one| named(&one.name, &one.label)).collect();
        contents.statements = (model.statements.iter())
            .map(|statement| StatementRecord {
                kind: statement.kind as u8,
                act: statement.act as u8,
                is_based: u8::from(!statement.alternatives.is_empty()),
                unused: 0,
                condition: ConditionId(statement.condition.0),
                file: FileId(statement.span.file.0),
                line: model.sources.position(statement.span).line,
                section: statement.section.map_or(SectionId::NONE, SectionId),
                text: text.append(&with_line_feeds(model.sources.slice(statement.span))),
                because: text.add(&statement.because),
                see: text.add(&statement.see),
            })
            .collect();
    }

    fn description(&mut self, shape: Shape, any: [ClassOffset; 2], seeds: [Halves; 4]) {
        let header = &self.model.header;
        self.contents.description.push(Description {
            rows: shape.rows as u32,
            planes: shape.planes as u32,
            columns: shape.columns as u32,
            name: self.text.add(&header.name),
            label: self.text.add(&header.label),
            version: self.text.add(&header.version),
            controller: self.text.add(&header.controller),
            effective: self.text.add(&header.effective),
            language: self.text.add(&header.language),
            contact: self.text.add(&header.contact),
            url: self.text.add(&header.url),
            has_optional: u32::from(self.model.statements.iter().any(|s| s.optional.is_some())),
            any_method: any[0],
            any_recipient: any[1],
            seeds,
        });
    }
}

/// Only names that someone searched for collide.
const COLLISION: TooLarge =
    TooLarge::because("names were made so that they cannot be told apart quickly");

fn node_records(
    tree: &Tree,
    classes: &[ClassOffset],
    text: &mut Text,
    lists: &mut Lists,
) -> Vec<NodeRecord> {
    let mut records = Vec::with_capacity(tree.nodes.len());
    for (id, (node, class)) in tree.nodes.iter().zip(classes).enumerate() {
        let id = id as u32;
        let path = text.add(&node.path);
        text.add_tails(path);
        let label = text.add(&node.label);
        let below = tree.below(id);
        let (end, ranges) = match below.ranges() {
            [(start, end)] if *start == id => (*end, ListAt::NONE),
            _ => (id + 1, lists.add_set(below)),
        };
        let parent = node.parent.map_or(NodeId::NONE, NodeId);
        records.push(NodeRecord { path, label, parent, class: *class, end: NodeId(end), ranges });
    }
    records
}

//! The categories of every field name that is known when compiling: every reference to a category and every
//! pattern without a wildcard. The pattern index finds other names when they are asked about.

use super::intern::Slices;
use super::text::Text;
use crate::model::{Found, Hierarchy, Model};
use crate::table::ids::CategorySetId;
use crate::table::patterns::{Patterns, build};

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Meaning {
    Category(u32),
    Set(CategorySetId),
    Ambiguous,
}

/// The field names of a policy while it is compiled.
pub(super) struct Fields<'m> {
    /// Sets of categories, each once.
    sets: Slices<CategorySetId, u32>,
    /// For each `field` statement, its set.
    pub(super) of_statements: Vec<CategorySetId>,
    /// Every name, and what it stands for.
    pub(super) known: Vec<(String, Meaning)>,
    pub(super) index: build::Built,
    model: &'m Model,
}

impl<'m> Fields<'m> {
    pub(super) fn new(model: &'m Model, text: &mut Text) -> Self {
        let index = build::build(&model.fields, |pattern| text.add(pattern));
        let mut fields = Self {
            sets: Slices::default(),
            of_statements: Vec::new(),
            known: Vec::new(),
            index,
            model,
        };
        fields.of_statements =
            (model.fields.iter()).map(|field| fields.sets.intern(&field.categories)).collect();
        fields.resolve_known(text);
        fields
    }

    /// The sets by id.
    pub(super) fn sets(&self) -> impl Iterator<Item = &[u32]> {
        self.sets.ids().map(|id| self.sets.get(id))
    }

    fn resolve_known(&mut self, text: &Text) {
        let model = self.model;
        let references = model.tree(Hierarchy::Category).references();
        let exact = model.fields.iter().flat_map(|field| &field.patterns);
        let exact = exact.filter(|pattern| !pattern.contains(['*', '?']));
        let names = references.all().map(|(name, _)| name.to_owned());
        let names = names.chain(exact.flat_map(|p| [p.clone(), p.to_ascii_lowercase()]));
        let mut seen = hashbrown::HashSet::new();
        let mut known = Vec::new();
        let mut categories = Vec::new();
        for name in names {
            if name.len() > crate::limits::MAX_FIELD_NAME || !seen.insert(name.clone()) {
                continue;
            }
            categories.clear();
            self.patterns(text).visit(&name, |field| {
                categories.extend(&model.fields[field.index()].categories);
            });
            let found = references.find(&name);
            if let Found::One(node) = found {
                categories.push(node);
            }
            categories.sort_unstable();
            categories.dedup();
            let meaning = match (categories.as_slice(), found) {
                ([one], _) => Meaning::Category(*one),
                ([], Found::Several) => Meaning::Ambiguous,
                ([], _) => continue, // an exact pattern that its own statement excepts
                (several, _) => Meaning::Set(self.sets.intern(several)),
            };
            known.push((name, meaning));
        }
        self.known = known;
    }

    fn patterns<'s>(&'s self, text: &'s Text) -> Patterns<'s> {
        Patterns {
            nodes: &self.index.nodes,
            lists: &self.index.lists,
            records: &self.index.records,
            exceptions: &self.index.exceptions,
            text: text.as_str(),
        }
    }
}

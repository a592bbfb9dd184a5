//! The names that two policies are asked by, and what each means in either.

use crate::model::{Found, Hierarchy, Model};
use crate::table::compile::FieldIndex;
use hashbrown::HashSet;

/// The old and the new policy, and the names of each hierarchy.
pub(super) struct Axes<'m> {
    pub(super) models: [&'m Model; 2],
    pub(super) categories: Vec<Name>,
    pub(super) methods: Vec<Name>,
    pub(super) purposes: Vec<Name>,
    pub(super) recipients: Vec<Name>,
}

/// In place of the name of a method or recipient: the question names none, and is about any.
pub(super) const ANY: &str = "*";

/// A name to ask by.
pub(super) struct Name {
    pub(super) text: String,
    /// The nodes that it means in the old and in the new policy; only a field may mean several.
    pub(super) nodes: [Vec<u32>; 2],
    /// Whether it is a path of the old or the new policy: else it is the end of one, or a field.
    pub(super) is_path: bool,
}

impl<'m> Axes<'m> {
    pub(super) fn new(old: &'m Model, new: &'m Model) -> Self {
        let models = [old, new];
        Self {
            models,
            categories: categories(models),
            methods: names(models, Hierarchy::Method),
            purposes: names(models, Hierarchy::Purpose),
            recipients: names(models, Hierarchy::Recipient),
        }
    }

    pub(super) fn names(&self, hierarchy: Hierarchy) -> &[Name] {
        match hierarchy {
            Hierarchy::Category => &self.categories,
            Hierarchy::Method => &self.methods,
            Hierarchy::Purpose => &self.purposes,
            Hierarchy::Recipient => &self.recipients,
        }
    }
}

/// What a name is to the policies.
#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Path,
    /// The end of a path that means another one, or became or ceased to be ambiguous.
    Changed,
    /// The end of a path that appeared or vanished with it.
    End,
    Pattern,
}

/// All paths, and all ends of paths that do not mean the same in both policies.
fn texts(models: [&Model; 2], hierarchy: Hierarchy) -> Vec<(String, Sort)> {
    let trees = models.map(|model| model.tree(hierarchy));
    let mut texts = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    for tree in trees {
        for node in 0..tree.len() {
            let path = tree.path(node);
            if seen.insert(path) {
                texts.push((path.to_owned(), Sort::Path));
            }
        }
    }
    let references = trees.map(|tree| tree.references());
    for side in &references {
        for (name, _) in side.all() {
            let [before, after] = [0, 1].map(|side| references[side].find(name));
            let path = |side: usize, found| match found {
                Found::One(node) => trees[side].path(node),
                Found::Several | Found::None => "",
            };
            if path(0, before) != path(1, after) && seen.insert(name) {
                let appeared = before == Found::None || after == Found::None;
                texts.push((name.to_owned(), if appeared { Sort::End } else { Sort::Changed }));
            }
        }
    }
    texts
}

fn names(models: [&Model; 2], hierarchy: Hierarchy) -> Vec<Name> {
    let references = models.map(|model| model.tree(hierarchy).references());
    let name = |(text, sort): (String, Sort)| Name {
        nodes: [0, 1].map(|side| match references[side].find(&text) {
            Found::One(node) => vec![node],
            Found::Several | Found::None => Vec::new(),
        }),
        is_path: sort == Sort::Path,
        text,
    };
    let texts = texts(models, hierarchy).into_iter();
    let named = texts.filter(|(_, sort)| *sort != Sort::End).map(name);
    let any = hierarchy.has_any().then(|| Name {
        text: ANY.to_owned(),
        nodes: models.map(|model| vec![model.tree(hierarchy).any()]),
        is_path: true,
    });
    named.chain(any).collect()
}

/// The same of categories, with every pattern of a `field` statement, as a name that it matches, whose
/// categories changed.
fn categories(models: [&Model; 2]) -> Vec<Name> {
    let mut texts = texts(models, Hierarchy::Category);
    let mut seen: HashSet<String> = texts.iter().map(|(text, _)| text.clone()).collect();
    for field in models.iter().flat_map(|model| &model.fields) {
        for pattern in field.patterns.iter().chain(&field.except) {
            if seen.insert(pattern.clone()) {
                texts.push((pattern.clone(), Sort::Pattern));
            }
        }
    }
    let trees = models.map(|model| model.tree(Hierarchy::Category));
    let references = trees.map(|tree| tree.references());
    let fields = models.map(FieldIndex::new);
    let mut names = Vec::new();
    for (text, sort) in texts {
        let nodes = [0, 1].map(|side| fields[side].categories(&text, references[side].find(&text)));
        let paths = |side: usize| {
            let mut paths: Vec<&str> = nodes[side].iter().map(|n| trees[side].path(*n)).collect();
            paths.sort_unstable();
            paths
        };
        let tells_more = match sort {
            Sort::Path => true,
            Sort::Changed | Sort::Pattern => paths(0) != paths(1),
            // Unless patterns match it too, it answers what its path does.
            Sort::End => {
                let [before, after] = [nodes[0].len(), nodes[1].len()];
                paths(0) != paths(1) && (before > 0 && after > 0 || before + after > 1)
            }
        };
        if tells_more {
            names.push(Name { is_path: sort == Sort::Path, nodes, text });
        }
    }
    names
}

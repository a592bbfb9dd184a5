//! Tags, which may form groups: a node that has a tag also has the tags above it.

use super::load::Loaded;
use super::node_set::NodeSet;
use super::references::{Found, References};
use super::shown::{MOST_SHOWN, different};
use super::tree::{Node, Tree};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::MAX_NODES;
use crate::names::SuggestionBudget;
use crate::source::Span;
use crate::syntax::tree::{self, Name};
use hashbrown::HashMap;

/// The tags of a policy.
#[derive(Debug, Default)]
pub(crate) struct Tags {
    pub(crate) tree: Tree,
    /// For each tag, whether the published list shows it: of a root, and then of all below it.
    pub(crate) published: Vec<bool>,
}

impl Tags {
    /// All declarations, those of one root united.
    pub(super) fn new(files: &[Loaded], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut roots: Vec<Vec<&tree::Tag>> = Vec::new();
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        for tag in files.iter().flat_map(|file| &file.tree.tags) {
            let at = *by_name.entry(&tag.name.text).or_insert(roots.len());
            match roots.get_mut(at) {
                Some(declarations) => {
                    if !is_same(declarations[0], tag) {
                        let first = declarations[0].name.span;
                        diagnostics.push(different("tag", &tag.name, first));
                    }
                    declarations.push(tag);
                }
                None => roots.push(vec![tag]),
            }
        }
        let mut tags = Self::default();
        for declarations in &roots {
            let published = declarations[0].published.is_some();
            tags.add(declarations, None, published, diagnostics);
        }
        let ends = (0..tags.tree.len()).map(|tag| tags.end(tag)).zip(0..);
        tags.tree.below = ends.map(|(end, tag)| NodeSet::from_ranges(vec![(tag, end)])).collect();
        tags.tree.bottom_up = (0..tags.tree.len()).rev().collect();
        tags
    }

    fn add(
        &mut self,
        declarations: &[&tree::Tag],
        parent: Option<u32>,
        published: bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let (id, first) = (self.tree.len(), declarations[0]);
        if id as usize >= MAX_NODES {
            let message = format!("over {MAX_NODES} tags");
            return diagnostics.push(Diagnostic::new(Code::TooLarge, first.name.span, message));
        }
        let path = match parent {
            Some(parent) => format!("{}.{}", self.tree.path(parent), first.name.text),
            None => first.name.text.clone(),
        };
        if let (Some(_), Some(place)) = (parent, first.published) {
            let message = "`published` stands at the top of a group, and covers all of it";
            diagnostics.push(
                Diagnostic::new(Code::MisplacedPart, place, message)
                    .help("write it after the label of the outermost tag, or remove it"),
            );
        }
        self.published.push(published);
        self.tree.add(Node {
            path,
            label: first.label.as_ref().map(|l| l.text.clone()).unwrap_or_default(),
            open: false,
            tags: Vec::new(),
            parent,
            also: Vec::new(),
            children: Vec::new(),
            span: first.name.span,
        });
        let mut siblings: HashMap<&str, Span> = HashMap::new();
        for child in declarations.iter().flat_map(|tag| &tag.children) {
            if let Some(other) = siblings.insert(&child.name.text, child.name.span) {
                let message = format!("two tags of one group are named `{}`", child.name.text);
                diagnostics.push(
                    Diagnostic::new(Code::DuplicateSibling, child.name.span, message)
                        .related(other, "the other one")
                        .help("they need different names: rename or remove one"),
                );
                continue;
            }
            self.add(&[child], Some(id), published, diagnostics);
        }
    }

    /// The number after the last tag below one.
    fn end(&self, tag: u32) -> u32 {
        match self.tree.nodes[tag as usize].children.last() {
            Some(last) => self.end(*last),
            None => tag + 1,
        }
    }

    /// A tag and the tags above it.
    pub(crate) fn with_groups(&self, tag: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(tag), |tag| self.tree.nodes[*tag as usize].parent)
    }
}

fn is_same(one: &tree::Tag, other: &tree::Tag) -> bool {
    let label = |tag: &tree::Tag| tag.label.as_ref().map(|label| label.text.clone());
    label(one) == label(other) && one.published.is_some() == other.published.is_some()
}

/// The nodes of a hierarchy that carry each tag.
pub(super) fn tagged(
    tree: &Tree,
    tags: &Tags,
    references: &References<'_>,
    budget: &SuggestionBudget,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<NodeSet> {
    let mut ranges: Vec<Vec<(u32, u32)>> = vec![Vec::new(); tags.tree.nodes.len()];
    for (id, node) in tree.nodes.iter().enumerate() {
        for name in &node.tags {
            match named(references, name, budget) {
                Ok(tag) => {
                    for tag in tags.with_groups(tag) {
                        ranges[tag as usize].extend(tree.below(id as u32).ranges());
                    }
                }
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
        }
    }
    ranges.into_iter().map(NodeSet::from_ranges).collect()
}

/// The tag that a reference names.
pub(super) fn named(
    references: &References<'_>,
    name: &Name,
    budget: &SuggestionBudget,
) -> Result<u32, Box<Diagnostic>> {
    let diagnostic = match references.find(&name.text) {
        Found::One(tag) => return Ok(tag),
        Found::None => {
            let declaration = format!("a tag is declared before it counts: `tag {}`", name.text);
            let paths = references.paths();
            Diagnostic::new(Code::UnknownTag, name.span, format!("no tag is named `{}`", name.text))
                .nearest_or(&budget.nearest(&name.text, paths), declaration)
        }
        Found::Several => {
            let tags = references.candidates(&name.text);
            let shown: Vec<_> = tags
                .iter()
                .take(MOST_SHOWN)
                .map(|tag| format!("#{}", references.path(*tag)))
                .collect();
            let message = format!("`#{}` names several tags", name.text);
            Diagnostic::new(Code::AmbiguousName, name.span, message)
                .help(format!("write more of the path: `{}`", shown.join("`, `")))
        }
    };
    Err(Box::new(diagnostic))
}

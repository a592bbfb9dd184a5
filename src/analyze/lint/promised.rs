//! The categories that a `never` names: what the policy promises of them is meant, even if nothing permits them.

use super::subject::Subject;
use super::tagged::{carrying, named};
use super::written::terms;
use crate::model::{Found, Hierarchy, NodeSet, StatementKind};
use crate::syntax::tree::SelectionKind;
use hashbrown::HashMap;

/// The categories that some `never` covers by a name or a tag, rather than by `*`.
pub(super) fn promised(subject: &Subject<'_>) -> NodeSet {
    let model = subject.model;
    let tree = model.tree(Hierarchy::Category);
    let references = tree.references();
    let mut tagged: HashMap<&str, NodeSet> = HashMap::new();
    let mut ranges = Vec::new();
    for (statement, written) in model.statements.iter().zip(&subject.written.statements) {
        if statement.kind != StatementKind::Never {
            continue;
        }
        let covered = model.set(statement.categories);
        terms(&written.scope.categories, false, &mut |term| {
            let named = match &term.kind {
                SelectionKind::Path(name) => match references.find(&name.text) {
                    Found::One(node) => tree.below(node),
                    Found::Several | Found::None => return,
                },
                SelectionKind::Tag(tag) => tagged.entry(&tag.text).or_insert_with(|| {
                    let tags = named(model, &tag.text).unwrap_or_default();
                    carrying(model, tree, &tags)
                }),
                _ => return,
            };
            ranges.extend(covered.intersection(named).ranges().iter().copied());
        });
    }
    NodeSet::from_ranges(ranges)
}

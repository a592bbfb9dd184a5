//! A policy without one of its statements.

use super::Witness;
use crate::model::{ActKind, Kind, Model};
use crate::source::{FileId, Memory};
use crate::syntax::tree::{File, Scope, Selection, SelectionKind};
use crate::{Diagnostic, Policy};

/// The `collect` permits without which `collected` stands for less, in a policy that has the word.
pub(super) fn redefine_collected(model: &Model) -> Vec<usize> {
    let files = model.sources.files().iter().enumerate();
    let uses = |(id, source): (usize, &crate::Source)| {
        // Most policies do not have the word at all, and are not parsed again.
        source.text().contains("collected")
            && says_collected(&crate::syntax::parse(FileId(id as u32), source.text()).0)
    };
    if !files.into_iter().any(uses) {
        return Vec::new();
    }
    let collects = |(id, s): (usize, &crate::model::Statement)| {
        (s.kind == Kind::Permit && s.act == ActKind::Collect).then_some((id, s.categories))
    };
    let collects: Vec<_> = model.statements.iter().enumerate().filter_map(collects).collect();
    let mut times = vec![0u32; model.tree(crate::model::Hierarchy::Category).len() as usize];
    for (_, set) in &collects {
        model.set(*set).iter().for_each(|node| times[node as usize] += 1);
    }
    let alone = |set| model.set(set).iter().any(|node| times[node as usize] == 1);
    collects.into_iter().filter(|(_, set)| alone(*set)).map(|(id, _)| id).collect()
}

fn says_collected(file: &File) -> bool {
    let in_sections = file.sections.iter().flat_map(|section| &section.statements);
    let statements = file.statements.iter().chain(in_sections).map(|statement| &statement.scope);
    let expectations = file.expectations.iter().map(|expectation| &expectation.scope);
    statements.chain(expectations).any(|scope: &Scope| has_collected(&scope.categories))
}

fn has_collected(selection: &Selection) -> bool {
    match &selection.kind {
        SelectionKind::Collected => true,
        SelectionKind::Everything | SelectionKind::Tag(_) | SelectionKind::Path(_) => false,
        SelectionKind::Union(parts) | SelectionKind::Intersection(parts) => {
            parts.iter().any(has_collected)
        }
        SelectionKind::Except(first, _) => has_collected(first),
    }
}

/// The policy without a statement, if it still is one.
pub(super) fn without(model: &Model, statement: usize) -> Option<(Policy, Model)> {
    let span = model.statements.get(statement)?.span;
    let mut files = Memory::new();
    for (id, source) in model.sources.files().iter().enumerate() {
        let mut text = source.text().to_owned();
        if FileId(id as u32) == span.file {
            // Lines stay where they are.
            let written = text.get(span.range()).unwrap_or_default();
            let blank: String = written.chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
            text.replace_range(span.range(), &blank);
        }
        files = files.with(source.path(), text);
    }
    let root = model.sources.files().first()?.path();
    let model = Model::load(&files, root).ok()?;
    let policy = Policy::compile(&model).ok()?;
    Some((policy, model))
}

/// An expectation that does not hold.
pub(super) fn failing(policy: &Policy, model: &Model) -> Option<Witness> {
    let failures = policy.check_expectations(model);
    let span = failures.iter().find_map(Diagnostic::primary)?.span;
    let source = model.sources.file(span.file);
    let line = source.position(span.start as usize).line;
    Some(Witness::Expectation { file: source.path().to_owned(), line })
}

//! The syntax trees of a policy: what is declared where, and how statements are worded.

use crate::model::{Found, Hierarchy, Model};
use crate::source::Span;
use crate::syntax::tree::{
    Basis, Condition, Declared, Duty, Expectation, Fact, Field, File, Scope, Selection,
    SelectionKind, Statement, Tag, Value,
};

/// The syntax trees of a policy.
pub(super) struct Written<'m> {
    files: &'m [File],
    /// The tree of each statement of the model.
    pub(super) statements: Vec<&'m Statement>,
}

impl<'m> Written<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self { files: model.files(), statements: model.written() }
    }

    pub(super) fn expectations(&self) -> impl Iterator<Item = &'m Expectation> {
        self.files.iter().flat_map(|file| &file.expectations)
    }

    pub(super) fn facts(&self) -> impl Iterator<Item = &'m Fact> {
        self.files.iter().flat_map(|file| &file.facts)
    }

    pub(super) fn duties(&self) -> impl Iterator<Item = &'m Duty> {
        self.files.iter().flat_map(|file| &file.duties)
    }

    pub(super) fn bases(&self) -> impl Iterator<Item = &'m Basis> {
        self.files.iter().flat_map(|file| &file.bases)
    }

    pub(super) fn events(&self) -> impl Iterator<Item = &'m Declared> {
        self.files.iter().flat_map(|file| &file.events)
    }

    /// The tags that are declared, each before those below it.
    pub(super) fn tags(&self) -> Vec<&'m Tag> {
        fn add<'m>(tag: &'m Tag, all: &mut Vec<&'m Tag>) {
            all.push(tag);
            tag.children.iter().for_each(|child| add(child, all));
        }
        let mut all = Vec::new();
        self.files.iter().flat_map(|file| &file.tags).for_each(|tag| add(tag, &mut all));
        all
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &'m Field> {
        self.files.iter().flat_map(|file| &file.fields)
    }

    /// The scopes of all statements and expectations.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &'m Scope> {
        let statements = self.statements.iter().map(|statement| &statement.scope);
        statements.chain(self.expectations().map(|expectation| &expectation.scope))
    }
}

/// The selections of a scope, with what they select from.
pub(super) fn selections(scope: &Scope) -> impl Iterator<Item = (Hierarchy, &Selection)> {
    let parts = [
        (Hierarchy::Category, Some(&scope.categories)),
        (Hierarchy::Method, scope.by.as_ref()),
        (Hierarchy::Recipient, scope.with.as_ref()),
        (Hierarchy::Purpose, scope.purposes.as_ref()),
    ];
    parts.into_iter().filter_map(|(hierarchy, part)| Some((hierarchy, part?)))
}

/// Visits the smallest parts of a selection; those after `except` only if `excepted`.
pub(super) fn terms<'s>(
    selection: &'s Selection,
    excepted: bool,
    visit: &mut impl FnMut(&'s Selection),
) {
    match &selection.kind {
        SelectionKind::Union(parts) | SelectionKind::Intersection(parts) => {
            parts.iter().for_each(|part| terms(part, excepted, visit));
        }
        SelectionKind::Except(first, others) => {
            terms(first, excepted, visit);
            if excepted {
                others.iter().for_each(|part| terms(part, excepted, visit));
            }
        }
        SelectionKind::Optional(inner) => terms(inner, excepted, visit),
        _ => visit(selection),
    }
}

/// The node that a path in a selection names.
pub(super) fn node(model: &Model, hierarchy: Hierarchy, path: &str) -> Option<u32> {
    match model.tree(hierarchy).references().find(path) {
        Found::One(node) => Some(node),
        Found::Several | Found::None => None,
    }
}

/// Visits the names of the facts in a condition.
pub(super) fn facts<'c>(
    condition: &'c Condition,
    visit: &mut impl FnMut(&'c crate::syntax::tree::Name),
) {
    match condition {
        Condition::Fact(name) | Condition::Is(name, _) | Condition::Compare(name, ..) => {
            visit(name);
        }
        Condition::Not(inner) => facts(inner, visit),
        Condition::And(list) | Condition::Or(list) => {
            list.iter().for_each(|condition| facts(condition, visit));
        }
    }
}

/// From the first name of a condition to its last name or value.
pub(super) fn place(condition: &Condition) -> Option<Span> {
    let join = |a: Option<Span>, b: Option<Span>| match (a, b) {
        (Some(a), Some(b)) => {
            Some(Span { file: a.file, start: a.start.min(b.start), end: a.end.max(b.end) })
        }
        (a, b) => a.or(b),
    };
    match condition {
        Condition::Fact(name) | Condition::Compare(name, ..) => Some(name.span),
        Condition::Is(name, values) => {
            values.iter().map(Value::span).map(Some).fold(Some(name.span), join)
        }
        Condition::Not(inner) => place(inner),
        Condition::And(list) | Condition::Or(list) => list.iter().map(place).fold(None, join),
    }
}

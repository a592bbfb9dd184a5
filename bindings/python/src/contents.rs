//! The contents of a policy as tuples: nodes of its hierarchies, facts, statements.

use whyfor::{FactKind, Node, Policy};

/// Path, label, depth, whether it is a leaf.
pub(crate) type NodeRow = (String, String, usize, bool);

/// Name, label, kind, choices, bounds, the labels of the choices.
pub(crate) type FactRow = (String, String, &'static str, Vec<String>, Vec<f64>, Vec<String>);

/// Patterns, exceptions, the paths of the categories they map names to.
pub(crate) type FieldRow = (Vec<String>, Vec<String>, Vec<String>);

/// The `field` statements.
pub(crate) fn fields(policy: &Policy) -> Vec<FieldRow> {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    policy
        .field_statements()
        .map(|statement| {
            let paths = policy.paths(&statement.field);
            (owned(&statement.patterns), owned(&statement.except), owned(&paths))
        })
        .collect()
}

/// The nodes of a hierarchy, parents before children; `None` for an unknown hierarchy.
pub(crate) fn nodes(policy: &Policy, hierarchy: &str) -> Option<Vec<NodeRow>> {
    let row =
        |node: Node<'_>| (node.path.to_owned(), node.label.to_owned(), node.depth, node.is_leaf);
    Some(match hierarchy {
        "category" => policy.categories().map(|(_, node)| row(node)).collect(),
        "method" => policy.methods().map(|(_, node)| row(node)).collect(),
        "purpose" => policy.purposes().map(|(_, node)| row(node)).collect(),
        "recipient" => policy.recipients().map(|(_, node)| row(node)).collect(),
        _ => return None,
    })
}

/// The facts, in declaration order.
pub(crate) fn facts(policy: &Policy) -> Vec<FactRow> {
    policy
        .facts()
        .map(|fact| {
            let kind = match fact.kind {
                FactKind::YesNo => "yes_no",
                FactKind::PerPurpose => "per_purpose",
                FactKind::Choice => "choice",
                FactKind::Number => "number",
            };
            let owned =
                |texts: &[&str]| -> Vec<String> { texts.iter().map(|t| (*t).to_owned()).collect() };
            let (choices, labels) = (owned(&fact.choices), owned(&fact.choice_labels));
            (fact.name.to_owned(), fact.label.to_owned(), kind, choices, fact.bounds, labels)
        })
        .collect()
}

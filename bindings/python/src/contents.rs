//! What a policy contains, as tuples: nodes of its hierarchies, facts, statements.

use whyfor::{FactKind, Node, Policy};

/// Path, label, depth, whether nothing is below it.
pub(crate) type NodeRow = (String, String, usize, bool);

/// Name, label, kind, choices, bounds.
pub(crate) type FactRow = (String, String, &'static str, Vec<String>, Vec<f64>);

/// The nodes of a hierarchy, each before what is declared in it; `None` if there is no such hierarchy.
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

/// The facts, in the order of their declaration.
pub(crate) fn facts(policy: &Policy) -> Vec<FactRow> {
    policy
        .fact_infos()
        .map(|fact| {
            let kind = match fact.kind {
                FactKind::YesNo => "yes_no",
                FactKind::PerPurpose => "per_purpose",
                FactKind::Choice => "choice",
                FactKind::Number => "number",
            };
            let choices = fact.choices.iter().map(|choice| (*choice).to_owned()).collect();
            (fact.name.to_owned(), fact.label.to_owned(), kind, choices, fact.bounds)
        })
        .collect()
}

//! Conditions as trees of facts with their labels.

use super::node::Node;
use crate::model::{ConditionId, Domain, Formula, Model, Test};

/// When a statement holds.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Condition {
    /// A yes/no fact holds; of a fact per purpose, for the purpose asked about.
    Holds(Node),
    /// A choice is one of these.
    OneOf(Node, Vec<String>),
    /// A number compares so.
    Compares(Node, Comparison, f64),
    /// It is not so.
    Not(Box<Condition>),
    /// All of these hold.
    All(Vec<Condition>),
    /// One of these holds.
    Any(Vec<Condition>),
}

/// How a number compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Comparison {
    /// At least.
    AtLeast,
    /// More than.
    Above,
    /// Less than.
    Below,
    /// At most.
    AtMost,
    /// Exactly.
    Equal,
    /// Anything but.
    NotEqual,
}

/// A statement's condition. `None` if it always holds.
pub(super) fn of(model: &Model, id: ConditionId) -> Option<Condition> {
    match model.conditions.get(id) {
        Formula::Always => None,
        formula => Some(tree(model, formula, false)),
    }
}

/// `negated`: the opposite is meant. A negated comparison is another comparison.
fn tree(model: &Model, formula: &Formula, negated: bool) -> Condition {
    let all = |list: &[Formula]| list.iter().map(|f| tree(model, f, negated)).collect();
    match (formula, negated) {
        (Formula::Not(inner), _) => tree(model, inner, !negated),
        (Formula::And(list), false) | (Formula::Or(list), true) => Condition::All(all(list)),
        (Formula::And(list), true) | (Formula::Or(list), false) => Condition::Any(all(list)),
        (Formula::Always, _) => {
            // Is never part of another formula.
            Condition::All(Vec::new())
        }
        (Formula::Atom(atom), _) => {
            let atom = &model.conditions.atoms[atom.0 as usize];
            let fact = &model.facts[atom.fact as usize];
            let node = Node { path: fact.name.clone(), label: fact.label.clone() };
            let compares = |plain, opposite, number| {
                Condition::Compares(node.clone(), if negated { opposite } else { plain }, number)
            };
            match atom.test {
                Test::Holds if negated => Condition::Not(Box::new(Condition::Holds(node))),
                Test::Holds => Condition::Holds(node),
                Test::In(bits) => {
                    let choices = match &fact.kind {
                        Domain::Choice(choices) => choices.as_slice(),
                        _ => &[],
                    };
                    let chosen = choices.iter().enumerate();
                    let chosen = chosen.filter(|(bit, _)| (bits >> bit & 1 == 1) != negated);
                    Condition::OneOf(node, chosen.map(|(_, choice)| choice.name.clone()).collect())
                }
                Test::AtLeast(n) => compares(Comparison::AtLeast, Comparison::Below, n),
                Test::Above(n) => compares(Comparison::Above, Comparison::AtMost, n),
                Test::Equal(n) => compares(Comparison::Equal, Comparison::NotEqual, n),
            }
        }
    }
}

//! Conditions as trees of facts with their labels.

use super::node::Node;
use crate::model::{Choice, ConditionId, Domain, Formula, Model, Test};
use crate::syntax::tree;

/// When a statement holds.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Condition {
    /// A yes/no fact holds; of a fact per purpose, for the purpose asked about.
    Holds(Node),
    /// A choice is one of these.
    OneOf(Node, Vec<Node>),
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

/// What must hold and what must not, of a statement or a legal basis.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) when: Option<Condition>,
    pub(super) unless: Option<Condition>,
}

/// The condition of something that was written with these clauses. All that must not hold is said in `unless`: a reader
/// takes "unless you objected" in one way only.
pub(super) fn of(
    model: &Model,
    id: ConditionId,
    when: Option<&tree::Condition>,
    unless: Option<&tree::Condition>,
) -> Parts {
    let (holds, holds_not) = match (model.conditions.get(id), when, unless) {
        (Formula::Always, ..) => return Parts::default(),
        // As the model joins them.
        (Formula::And(both), Some(_), Some(_)) if both.len() == 2 => {
            (Some(&both[0]), Some(&both[1]))
        }
        (one, None, Some(_)) => (None, Some(one)),
        (one, ..) => (Some(one), None),
    };
    let mut split = Split { model, holds: Vec::new(), holds_not: Vec::new() };
    holds.into_iter().for_each(|formula| split.conjunct(formula, false));
    holds_not.into_iter().for_each(|formula| split.conjunct(formula, true));
    let Split { mut holds, mut holds_not, .. } = split;
    let one = |list: &mut Vec<Condition>| (list.len() == 1).then(|| list.remove(0));
    let when = one(&mut holds).or((!holds.is_empty()).then_some(Condition::All(holds)));
    let unless =
        one(&mut holds_not).or((!holds_not.is_empty()).then_some(Condition::Any(holds_not)));
    Parts { when, unless }
}

/// A conjunction, as what holds and what does not.
struct Split<'m> {
    model: &'m Model,
    holds: Vec<Condition>,
    holds_not: Vec<Condition>,
}

impl Split<'_> {
    /// Adds one of the formulas that all hold. `from_unless`: the author wrote its opposite, after `unless`.
    fn conjunct(&mut self, formula: &Formula, from_unless: bool) {
        match formula {
            Formula::And(list) => {
                list.iter().for_each(|one| self.conjunct(one, false));
            }
            Formula::Not(inner) if from_unless || !is_comparison(self.model, inner) => {
                self.opposite(inner);
            }
            // "Unless your age is below 3", rather than "and your age is at least 3".
            number if from_unless && is_number(self.model, number) => {
                self.holds_not.push(tree(self.model, number, true));
            }
            other => self.holds.push(tree(self.model, other, false)),
        }
    }

    fn opposite(&mut self, formula: &Formula) {
        match formula {
            Formula::Or(list) => list.iter().for_each(|one| self.opposite(one)),
            // Not unless it holds, but if it does.
            Formula::Not(inner) => self.conjunct(inner, true),
            other => self.holds_not.push(tree(self.model, other, false)),
        }
    }
}

/// Whether it is a comparison with a number.
fn is_number(model: &Model, formula: &Formula) -> bool {
    match formula {
        Formula::Atom(atom) => {
            let test = model.conditions.atoms[atom.0 as usize].test;
            matches!(test, Test::AtLeast(_) | Test::Above(_) | Test::Equal(_))
        }
        _ => false,
    }
}

/// Whether it is a comparison, whose opposite is one too.
fn is_comparison(model: &Model, formula: &Formula) -> bool {
    match formula {
        Formula::Atom(atom) => model.conditions.atoms[atom.0 as usize].test != Test::Holds,
        _ => false,
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
            let node = Node::named(&fact.name, &fact.label);
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
                    one_of(node, choices, if negated { !bits } else { bits })
                }
                Test::AtLeast(n) => compares(Comparison::AtLeast, Comparison::Below, n),
                Test::Above(n) => compares(Comparison::Above, Comparison::AtMost, n),
                Test::Equal(n) => compares(Comparison::Equal, Comparison::NotEqual, n),
            }
        }
    }
}

/// A choice among those whose bits are set.
fn one_of(fact: Node, choices: &[Choice], bits: u64) -> Condition {
    let named = |bits: u64| -> Vec<Node> {
        let chosen = choices.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
        chosen
            .map(|(_, choice)| {
                Node::named(&format!("{}.{}", fact.path, choice.name), &choice.label)
            })
            .collect()
    };
    match named(bits) {
        none if none.is_empty() => {
            let any = named(u64::MAX);
            Condition::Not(Box::new(Condition::OneOf(fact, any)))
        }
        chosen => Condition::OneOf(fact, chosen),
    }
}

//! The sections of facts and conditions.

use super::text::Text;
use crate::model::{Domain, Formula, Model, Test};
use crate::table::ids::FactId;
use crate::table::schema::{
    AtomRecord, ConditionRecord, Contents, FactRecord, Named, OP_ALL, OP_ANY, OP_ATOM, OP_NOT,
    Span, TermSpan,
};

/// Writes the conditions, which have these terms.
pub(super) fn conditions(model: &Model, terms: &[TermSpan], contents: &mut Contents) {
    for (formula, terms) in model.conditions.iter().zip(terms) {
        let start = contents.programs.len() as u32;
        program(formula, &mut contents.programs);
        let program = Span { start, count: contents.programs.len() as u32 - start };
        contents.conditions.push(ConditionRecord { terms: *terms, program });
    }
}

/// Writes a formula in prefix order: an operator in the low two bits, an atom or a count above.
fn program(formula: &Formula, out: &mut Vec<u32>) {
    let mut operator = |operator, operands: &[Formula]| {
        out.push((operands.len() as u32) << 2 | operator);
        operands.iter().for_each(|operand| program(operand, out));
    };
    match formula {
        Formula::Always => operator(OP_ALL, &[]), // all of nothing
        Formula::Atom(atom) => out.push(atom.0 << 2 | OP_ATOM),
        Formula::Not(inner) => {
            out.push(OP_NOT);
            program(inner, out);
        }
        Formula::And(list) => operator(OP_ALL, list),
        Formula::Or(list) => operator(OP_ANY, list),
    }
}

/// Writes the facts and, by fact, their atoms.
pub(super) fn facts(model: &Model, text: &mut Text, contents: &mut Contents) {
    let mut atoms: Vec<Vec<AtomRecord>> = vec![Vec::new(); model.facts.len()];
    for (number, atom) in model.conditions.atoms.iter().enumerate() {
        let (test, operand) = match atom.test {
            Test::Holds => (AtomRecord::HOLDS, 0),
            Test::In(choices) => (AtomRecord::IN, choices),
            Test::AtLeast(bound) => (AtomRecord::AT_LEAST, bound.to_bits()),
            Test::Above(bound) => (AtomRecord::ABOVE, bound.to_bits()),
            Test::Equal(bound) => (AtomRecord::EQUAL, bound.to_bits()),
        };
        atoms[atom.fact as usize].push(AtomRecord { number: number as u64, test, operand });
    }
    for (fact, atoms) in model.facts.iter().zip(&atoms) {
        let first_choice = contents.choices.len() as u32;
        if let Domain::Choice(choices) = &fact.kind {
            contents.choices.extend(choices.iter().map(|choice| Named {
                name: text.add(&choice.name),
                label: text.add(&choice.label),
            }));
        }
        let choices = contents.choices.len() as u32 - first_choice;
        let (name, label) = (text.add(&fact.name), text.add(&fact.label));
        let first_atom = contents.atoms.len() as u32;
        contents.atoms.extend(atoms);
        contents.facts.push(FactRecord {
            kind: fact.kind.kind() as u32,
            name,
            label,
            choices: Span { start: first_choice, count: choices },
            atoms: Span { start: first_atom, count: atoms.len() as u32 },
            unused: 0,
        });
    }
    contents.facts_by_name = (0..model.facts.len() as u32).map(FactId).collect();
    contents.facts_by_name.sort_by_key(|id| &model.facts[id.index()].name);
}

//! Facts, atoms, conditions, duties, bases, events and limits under numbers that several policies have in common.
//!
//! Facts are one if they have the same name and kind; a choice may have choices in one policy that it
//! has not in another, where stating it is then as good as stating nothing.

use super::limits::{Limits, LimitsId, NO_LIMITS};
use crate::model::{self, AtomId, ConditionId, Domain, Duty, Formula, Model, RetainLimit};
use crate::words::FactKind;
use hashbrown::HashMap;

/// The union of the vocabularies that were added.
#[derive(Default)]
pub(in crate::analyze) struct Vocabulary {
    pub(super) facts: Vec<Fact>,
    fact_ids: HashMap<(String, FactKind), u32>,
    pub(super) atoms: Vec<Atom>,
    atom_ids: HashMap<Atom, AtomId>,
    /// Conditions by number; 0 is "always".
    pub(super) conditions: Vec<Formula>,
    condition_ids: HashMap<Formula, u32>,
    pub(super) duties: Names,
    pub(super) bases: Names,
    pub(super) events: Names,
    pub(super) limits: Limits,
}

/// Names, each with a number.
#[derive(Default)]
pub(super) struct Names {
    pub(super) list: Vec<String>,
    ids: HashMap<String, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = self.list.len() as u32;
        self.list.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    fn numbers(&mut self, names: impl Iterator<Item = impl AsRef<str>>) -> Vec<u32> {
        names.map(|name| self.number(name.as_ref())).collect()
    }

    /// The names of these bits, sorted.
    pub(super) fn of(&self, bits: u128) -> Vec<&str> {
        let named = self.list.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
        let mut names: Vec<&str> = named.map(|(_, name)| name.as_str()).collect();
        names.sort_unstable();
        names
    }
}

pub(super) struct Fact {
    pub(super) name: String,
    /// A fact per purpose is like one that is yes or no: a question takes it for its purpose.
    pub(super) kind: Domain<String>,
}

/// A test of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Atom {
    pub(super) fact: u32,
    pub(super) test: Test,
}

/// Numbers are the bits of an `f64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Test {
    Holds,
    /// One of the set; of choices that the policy does not know it is unknown.
    In {
        set: u128,
        known: u128,
    },
    AtLeast(u64),
    Above(u64),
    Equal(u64),
}

/// The numbers here of one policy's conditions, duties, bases and limits.
#[derive(Default)]
pub(in crate::analyze) struct Translation {
    atoms: Vec<AtomId>,
    conditions: Vec<u32>,
    duties: Vec<u32>,
    bases: Vec<u32>,
    limits: HashMap<Vec<RetainLimit>, LimitsId>,
    pub(super) declares_bases: bool,
    /// Whether the policy says of any data that it is optional.
    pub(super) has_optional: bool,
    /// Whether some permit to share brings duties or retention, which come only with sharing.
    pub(super) has_recipients_duties: bool,
}

impl Translation {
    pub(in crate::analyze) fn condition(&self, id: ConditionId) -> u32 {
        self.conditions[id.0 as usize]
    }

    pub(super) fn duties(&self, bits: u64) -> u128 {
        translated_bits(bits, &self.duties)
    }

    pub(super) fn bases(&self, bits: u64) -> u128 {
        translated_bits(bits, &self.bases)
    }

    pub(in crate::analyze) fn limits(&self, written: &[RetainLimit]) -> LimitsId {
        match written {
            [] => NO_LIMITS,
            written => self.limits.get(written).copied().unwrap_or(NO_LIMITS), // each was added
        }
    }
}

fn translated_bits(bits: u64, numbers: &[u32]) -> u128 {
    if bits == 0 {
        return 0;
    }
    let named = numbers.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
    named.fold(0, |all, (_, number)| all | 1 << number)
}

impl Vocabulary {
    /// Adds what a policy declares and asks for. At most two policies, so that their duties and
    /// choices fit into a word each.
    pub(in crate::analyze) fn add(&mut self, model: &Model) -> Translation {
        self.condition(&Formula::Always);
        let facts: Vec<(u32, u128, Vec<u32>)> =
            model.facts.iter().map(|fact| self.fact(fact)).collect();
        let mut translation = Translation::default();
        for atom in &model.conditions.atoms {
            let (fact, known, choices) = &facts[atom.fact as usize];
            let test = match atom.test {
                model::Test::Holds => Test::Holds,
                model::Test::In(bits) => {
                    let named = choices.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
                    let set = named.fold(0, |set, (_, choice)| set | 1 << choice);
                    Test::In { set, known: *known }
                }
                model::Test::AtLeast(number) => Test::AtLeast(number.to_bits()),
                model::Test::Above(number) => Test::Above(number.to_bits()),
                model::Test::Equal(number) => Test::Equal(number.to_bits()),
            };
            let atom = self.atom(Atom { fact: *fact, test });
            translation.atoms.push(atom);
        }
        for formula in model.conditions.iter() {
            let formula = translated(formula, &translation.atoms);
            let condition = self.condition(&formula);
            translation.conditions.push(condition);
        }
        // With another mask, it is another duty.
        let duty = |duty: &Duty| match duty.mask {
            None => duty.name.clone(),
            Some(mask) => format!("{} (mask {mask})", duty.name),
        };
        translation.duties = self.duties.numbers(model.duties.iter().map(duty));
        translation.bases = self.bases.numbers(model.bases.iter().map(|basis| &basis.name));
        self.terms(model, &mut translation);
        translation
    }

    /// Adds the limits of all statements, and what some statements say that changes how the others count.
    fn terms(&mut self, model: &Model, translation: &mut Translation) {
        let events = self.events.numbers(model.events.iter().map(|event| &event.name));
        translation.declares_bases = !model.bases.is_empty();
        for statement in &model.statements {
            translation.has_optional |= statement.optional.is_some();
            translation.has_recipients_duties |=
                statement.is_share() && (statement.duties != 0 || !statement.limits.is_empty());
            if !statement.limits.is_empty() && !translation.limits.contains_key(&statement.limits) {
                let limits = self.limits.of(&statement.limits, &events);
                translation.limits.insert(statement.limits.clone(), limits);
            }
        }
    }

    /// The number of a further condition of a policy that was added.
    pub(in crate::analyze) fn formula(
        &mut self,
        formula: &Formula,
        translation: &Translation,
    ) -> u32 {
        self.condition(&translated(formula, &translation.atoms))
    }

    /// The number of a fact, its choices as a set, and the number of each of them.
    fn fact(&mut self, fact: &model::Fact) -> (u32, u128, Vec<u32>) {
        let next = self.facts.len() as u32;
        let id = *self.fact_ids.entry((fact.name.clone(), fact.kind.kind())).or_insert(next);
        if id == next {
            let kind = match &fact.kind {
                Domain::Choice(_) => Domain::Choice(Vec::new()), // those of all policies
                Domain::YesNo => Domain::YesNo,
                Domain::PerPurpose => Domain::PerPurpose,
                Domain::Number => Domain::Number,
            };
            self.facts.push(Fact { name: fact.name.clone(), kind });
        }
        let (Domain::Choice(all), Domain::Choice(choices)) =
            (&mut self.facts[id as usize].kind, &fact.kind)
        else {
            return (id, 0, Vec::new());
        };
        let mut numbers = Vec::new();
        for choice in choices {
            let place = all.iter().position(|known| *known == choice.name).unwrap_or_else(|| {
                all.push(choice.name.clone());
                all.len() - 1
            });
            numbers.push(place as u32);
        }
        (id, numbers.iter().fold(0, |set, choice| set | 1 << choice), numbers)
    }

    fn atom(&mut self, atom: Atom) -> AtomId {
        let next = AtomId(self.atoms.len() as u32);
        let id = *self.atom_ids.entry(atom).or_insert(next);
        if id == next {
            self.atoms.push(atom);
        }
        id
    }

    fn condition(&mut self, formula: &Formula) -> u32 {
        if let Some(id) = self.condition_ids.get(formula) {
            return *id;
        }
        let id = self.conditions.len() as u32;
        self.conditions.push(formula.clone());
        self.condition_ids.insert(formula.clone(), id);
        id
    }
}

fn translated(formula: &Formula, atoms: &[AtomId]) -> Formula {
    let all = |list: &[Formula]| list.iter().map(|f| translated(f, atoms)).collect();
    match formula {
        Formula::Always => Formula::Always,
        Formula::Atom(atom) => Formula::Atom(atoms[atom.0 as usize]),
        Formula::Not(inner) => Formula::Not(Box::new(translated(inner, atoms))),
        Formula::And(list) => Formula::And(all(list)),
        Formula::Or(list) => Formula::Or(all(list)),
    }
}

//! Conditions over facts, with every fact, choice and number resolved to an atom.

use super::fact::{Choice, Domain, Fact};
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::MAX_CHOICES;
use crate::names::SuggestionBudget;
use crate::syntax::tree::{self, Name, Operator, Value};
use hashbrown::HashMap;

/// Which atom of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct AtomId(pub(crate) u32);

/// Which condition of the policy; 0 is "always".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ConditionId(pub(crate) u32);

impl ConditionId {
    pub(crate) const ALWAYS: Self = Self(0);
}

/// A test of one fact: true, false, or unknown while the fact is not stated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Atom {
    pub(crate) fact: u32,
    pub(crate) test: Test,
}

/// The tests; every other comparison is the negation of one of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Test {
    /// A yes/no fact, or a fact per purpose.
    Holds,
    /// A choice among those whose bits are set.
    In(u64),
    AtLeast(f64),
    Above(f64),
    Equal(f64),
}

/// A condition over atoms, by Kleene's strong three-valued logic.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Formula {
    Always,
    Atom(AtomId),
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
}

/// All atoms and conditions of a policy, each once.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    pub(crate) atoms: Vec<Atom>,
    atom_ids: HashMap<(u32, u8, u64), AtomId>,
    list: Vec<Formula>,
    ids: HashMap<Formula, ConditionId>,
}

impl Conditions {
    /// The facts per purpose get the first atoms, in their order, so that what is known of them for
    /// one purpose is one word.
    pub(crate) fn new(facts: &[Fact]) -> Self {
        let mut conditions = Self {
            atoms: Vec::new(),
            atom_ids: HashMap::new(),
            list: Vec::new(),
            ids: HashMap::new(),
        };
        for (id, fact) in facts.iter().enumerate() {
            if fact.kind == Domain::PerPurpose {
                conditions.atom(id as u32, Test::Holds);
            }
        }
        conditions.intern(Formula::Always);
        conditions
    }

    pub(crate) fn get(&self, id: ConditionId) -> &Formula {
        &self.list[id.0 as usize]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Formula> {
        self.list.iter()
    }

    /// The condition that all of these hold.
    pub(super) fn all(&mut self, formulas: Vec<Formula>) -> ConditionId {
        self.intern(all(formulas))
    }

    /// The condition that all of these hold.
    pub(super) fn all_of(&mut self, ids: &[ConditionId]) -> ConditionId {
        let formulas = self.formulas(ids);
        self.intern(all(formulas))
    }

    /// The condition that `one` holds and, of the others, one alternative.
    pub(super) fn with_any(
        &mut self,
        one: ConditionId,
        others: &[Vec<ConditionId>],
    ) -> ConditionId {
        let alternatives = others.iter().map(|ids| all(self.formulas(ids))).collect();
        let one = self.get(one).clone();
        self.intern(all(vec![one, any(alternatives)]))
    }

    fn formulas(&self, ids: &[ConditionId]) -> Vec<Formula> {
        ids.iter().map(|id| self.get(*id).clone()).collect()
    }

    fn intern(&mut self, formula: Formula) -> ConditionId {
        if let Some(id) = self.ids.get(&formula) {
            return *id;
        }
        let id = ConditionId(self.list.len() as u32);
        self.list.push(formula.clone());
        self.ids.insert(formula, id);
        id
    }

    fn atom(&mut self, fact: u32, test: Test) -> AtomId {
        let key = match test {
            Test::Holds => (fact, 0, 0),
            Test::In(choices) => (fact, 1, choices),
            Test::AtLeast(number) => (fact, 2, number.to_bits()),
            Test::Above(number) => (fact, 3, number.to_bits()),
            Test::Equal(number) => (fact, 4, number.to_bits()),
        };
        if let Some(id) = self.atom_ids.get(&key) {
            return *id;
        }
        let id = AtomId(self.atoms.len() as u32);
        self.atoms.push(Atom { fact, test });
        self.atom_ids.insert(key, id);
        id
    }
}

/// Resolves the conditions of statements.
pub(crate) struct Resolver<'m> {
    pub(crate) facts: &'m [Fact],
    pub(crate) by_name: &'m HashMap<String, u32>,
    pub(crate) conditions: &'m mut Conditions,
    pub(crate) budget: &'m SuggestionBudget,
}

impl Resolver<'_> {
    /// A statement's own condition: its `when` and not its `unless`.
    pub(crate) fn resolve(
        &mut self,
        when: Option<&tree::Condition>,
        unless: Option<&tree::Condition>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> ConditionId {
        let when = when.and_then(|c| self.formula(c, diagnostics));
        let unless = unless.and_then(|c| self.formula(c, diagnostics));
        let all: Vec<Formula> = when.into_iter().chain(unless.map(negate)).collect();
        self.conditions.all(all)
    }

    pub(crate) fn formula(
        &mut self,
        condition: &tree::Condition,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Formula> {
        let mut all = |list: &[tree::Condition], diagnostics: &mut Vec<Diagnostic>| {
            let formulas: Vec<_> = list.iter().map(|c| self.formula(c, diagnostics)).collect();
            formulas.into_iter().collect::<Option<Vec<_>>>()
        };
        match condition {
            tree::Condition::Fact(name) => self.holds(name, diagnostics),
            tree::Condition::Is(name, values) => self.is(name, values, diagnostics),
            tree::Condition::Compare(name, operator, number) => {
                self.compare(name, *operator, *number, diagnostics)
            }
            tree::Condition::Not(inner) => self.formula(inner, diagnostics).map(negate),
            tree::Condition::And(list) => all(list, diagnostics).map(Formula::And),
            tree::Condition::Or(list) => all(list, diagnostics).map(Formula::Or),
        }
    }

    fn atom(&mut self, fact: u32, test: Test) -> Formula {
        Formula::Atom(self.conditions.atom(fact, test))
    }

    fn holds(&mut self, name: &Name, diagnostics: &mut Vec<Diagnostic>) -> Option<Formula> {
        let fact = self.fact(name, "", diagnostics)?;
        match &self.facts[fact as usize].kind {
            Domain::YesNo | Domain::PerPurpose => Some(self.atom(fact, Test::Holds)),
            Domain::Number => {
                diagnostics.push(wrong_kind(
                    name,
                    "a number",
                    &format!("compare it: `{} >= 18`", name.text),
                ));
                None
            }
            Domain::Choice(choices) => {
                let example = choices.first().map_or("…", |choice| choice.name.as_str());
                diagnostics.push(wrong_kind(
                    name,
                    "a choice",
                    &format!("test it: `{} is {example}`", name.text),
                ));
                None
            }
        }
    }

    fn is(
        &mut self,
        name: &Name,
        values: &[Value],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Formula> {
        let kind = match values.first() {
            Some(Value::Name(choice)) => format!(": one of {}, …", choice.text),
            _ => String::new(),
        };
        let fact = self.fact(name, &kind, diagnostics)?;
        match &self.facts[fact as usize].kind {
            Domain::Choice(choices) => {
                let mut bits = 0u64;
                for value in values {
                    bits |= 1 << choice(name, choices, value, diagnostics)?;
                }
                Some(self.atom(fact, Test::In(bits)))
            }
            Domain::YesNo | Domain::PerPurpose => match values {
                [Value::YesNo(value, _)] => {
                    let atom = self.atom(fact, Test::Holds);
                    Some(if *value { atom } else { negate(atom) })
                }
                _ => {
                    diagnostics.push(wrong_kind(
                        name,
                        "yes or no",
                        &format!("write `{}` or `not {}`", name.text, name.text),
                    ));
                    None
                }
            },
            Domain::Number => {
                diagnostics.push(wrong_kind(
                    name,
                    "a number",
                    &format!("compare it: `{} == 18`", name.text),
                ));
                None
            }
        }
    }

    fn compare(
        &mut self,
        name: &Name,
        operator: Operator,
        number: f64,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Formula> {
        let fact = self.fact(name, ": number", diagnostics)?;
        let kind = match &self.facts[fact as usize].kind {
            Domain::Number => None,
            Domain::Choice(_) => Some(("a choice", "test it with `is` or `in`")),
            Domain::YesNo | Domain::PerPurpose => {
                Some(("yes or no", "write its name alone, or `not` and its name"))
            }
        };
        if let Some((kind, help)) = kind {
            diagnostics.push(wrong_kind(name, kind, help));
            return None;
        }
        let number = number + 0.0; // -0 and 0 are one number
        let (test, negative) = match operator {
            Operator::GreaterOrEqual => (Test::AtLeast(number), false),
            Operator::Less => (Test::AtLeast(number), true),
            Operator::Greater => (Test::Above(number), false),
            Operator::LessOrEqual => (Test::Above(number), true),
            Operator::Equal => (Test::Equal(number), false),
            Operator::NotEqual => (Test::Equal(number), true),
        };
        let atom = self.atom(fact, test);
        Some(if negative { negate(atom) } else { atom })
    }

    /// A fact that has this choice.
    fn fact_of_choice(&self, choice: &str) -> Option<&str> {
        let has = |fact: &&Fact| match &fact.kind {
            Domain::Choice(choices) => choices.iter().any(|c| c.name == choice),
            _ => false,
        };
        let facts = if self.budget.lasts() { self.facts } else { &[] };
        facts.iter().find(has).map(|fact| fact.name.as_str())
    }

    /// The fact with a name. `kind` is how a fact for the written value would be declared, for the message.
    pub(crate) fn fact(
        &self,
        name: &Name,
        kind: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<u32> {
        let fact = self.by_name.get(&name.text).copied();
        if fact.is_none() {
            let names = self.facts.iter().map(|fact| fact.name.as_str());
            let near = self.budget.nearest(&name.text, names);
            let message = format!("no fact is named `{}`", name.text);
            let help = match self.fact_of_choice(&name.text) {
                Some(fact) => {
                    format!("it is a choice of `{fact}`: write `{fact} is {}`", name.text)
                }
                None => format!("facts are declared: `fact {}{kind}`", name.text),
            };
            let diagnostic = Diagnostic::new(Code::UnknownFact, name.span, message);
            diagnostics.push(diagnostic.nearest_or(&near, help));
        }
        fact
    }
}

/// The choice that a value names.
pub(crate) fn choice(
    fact: &Name,
    choices: &[Choice],
    value: &Value,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<u32> {
    debug_assert!(choices.len() <= MAX_CHOICES);
    let all = || {
        let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
        format!("it is one of `{}`", names.join("`, `"))
    };
    let Value::Name(name) = value else {
        diagnostics.push(
            Diagnostic::new(
                Code::WrongFactKind,
                value.span(),
                format!("`{}` is a choice", fact.text),
            )
            .help(all()),
        );
        return None;
    };
    let position = choices.iter().position(|choice| choice.name == name.text);
    if position.is_none() {
        let message = format!("`{}` is not a choice of `{}`", name.text, fact.text);
        diagnostics.push(Diagnostic::new(Code::UnknownChoice, name.span, message).help(all()));
    }
    position.map(|p| p as u32)
}

fn wrong_kind(name: &Name, kind: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::WrongFactKind, name.span, format!("the fact `{}` is {kind}", name.text))
        .help(help)
}

/// The conjunction, in its shortest form.
fn all(mut formulas: Vec<Formula>) -> Formula {
    formulas.retain(|formula| *formula != Formula::Always);
    match <[Formula; 1]>::try_from(formulas) {
        Ok([one]) => one,
        Err(none) if none.is_empty() => Formula::Always,
        Err(several) => Formula::And(several),
    }
}

/// The disjunction, in its shortest form.
fn any(formulas: Vec<Formula>) -> Formula {
    match <[Formula; 1]>::try_from(formulas) {
        Ok([one]) => one,
        Err(several) if several.contains(&Formula::Always) => Formula::Always,
        Err(several) => Formula::Or(several),
    }
}

fn negate(formula: Formula) -> Formula {
    match formula {
        Formula::Not(inner) => *inner,
        other => Formula::Not(Box::new(other)),
    }
}

//! Why a policy does not fit into tables: which limit it is over, by how much, and where most of it comes
//! from.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::{ActKind, Hierarchy, Model, NodeSet, Reach, SetId, Statement};
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// A limit that a policy is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct TooLarge {
    /// What is too much.
    why: &'static str,
    amount: Amount,
}

/// How much a policy needs, and how much of what fits.
#[derive(Debug, Clone, Copy)]
enum Amount {
    /// The limit is in the words of the reason, or there is no number.
    Said,
    /// It was counted.
    Exactly { needs: u64, most: u64, unit: &'static str },
    /// The limit was reached on the way, with so many categories done, if that is known.
    Reached { most: u64, unit: &'static str, done: Option<[u64; 2]> },
}

impl TooLarge {
    pub(super) const fn because(why: &'static str) -> Self {
        Self { why, amount: Amount::Said }
    }

    pub(super) fn counted(
        why: &'static str,
        needs: usize,
        most: usize,
        unit: &'static str,
    ) -> Self {
        let (needs, most) = (needs as u64, most as u64);
        Self { why, amount: Amount::Exactly { needs, most, unit } }
    }

    pub(super) fn reached(why: &'static str, most: u64, unit: &'static str) -> Self {
        Self { why, amount: Amount::Reached { most, unit, done: None } }
    }

    /// With so many categories done, of so many.
    pub(super) fn with_done(mut self, categories: usize, of: usize) -> Self {
        if let Amount::Reached { done, .. } = &mut self.amount {
            *done = Some([categories as u64, of as u64]);
        }
        self
    }

    pub(super) fn told(self, model: &Model) -> Diagnostics {
        refuse(model, &self.to_string())
    }
}

/// The diagnostic for a policy that does not fit, at the statement that covers the most.
pub(crate) fn refuse(model: &Model, why: &str) -> Diagnostics {
    let message = format!("the policy does not fit into decision tables: {why}");
    let mut sizes = Sizes { model, counts: HashMap::new() };
    let mut diagnostic = match sizes.largest() {
        None => Diagnostic::without_place(Code::TooLarge, message),
        Some(statement) => Diagnostic::new(Code::TooLarge, statement.span, message)
            .label(format!("this covers the most: {}", sizes.words(statement))),
    };
    if let Some(section) = sizes.half() {
        diagnostic = diagnostic.help(format!(
            "over half of what statements cover is in the section `{section}`: it may be a policy of its own"
        ));
    }
    let help = "split it into several policies, or write selections that overlap less";
    Diagnostics::new(model.sources.clone(), vec![diagnostic.help(help)])
}

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.why)?;
        match self.amount {
            Amount::Said => Ok(()),
            Amount::Exactly { needs, most, unit } => {
                write!(f, ": {} {unit}, and at most {} fit", grouped(needs), grouped(most))
            }
            Amount::Reached { most, unit, done } => {
                write!(f, ": over {} {unit}, the limit", grouped(most))?;
                match done {
                    None => Ok(()),
                    Some([0, of]) => write!(f, ", in the first of {} categories", grouped(of)),
                    Some([done, of]) => {
                        let times = of.div_ceil(done).max(2);
                        let (done, of) = (grouped(done), grouped(of));
                        write!(f, ", in {done} of {of} categories: up to {times} times what fits")
                    }
                }
            }
        }
    }
}

/// How much statements cover.
struct Sizes<'m> {
    model: &'m Model,
    /// The nodes in each set.
    counts: HashMap<SetId, u64>,
}

impl<'m> Sizes<'m> {
    /// The first statement that covers the most.
    fn largest(&mut self) -> Option<&'m Statement> {
        let all = self.model.statements.iter().map(|statement| (self.points(statement), statement));
        let larger =
            |a: (u64, &'m Statement), b: (u64, &'m Statement)| if b.0 > a.0 { b } else { a };
        all.reduce(larger).map(|(_, statement)| statement)
    }

    /// The section with over half of what all statements cover, if there is one.
    fn half(&mut self) -> Option<&'m str> {
        let mut sections: BTreeMap<Option<u32>, u64> = BTreeMap::new();
        for statement in &self.model.statements {
            *sections.entry(statement.section).or_default() += self.points(statement);
        }
        let all: u64 = sections.values().sum();
        let (section, _) = sections.into_iter().find(|(_, points)| *points > all / 2)?;
        Some(self.model.sections.get(section? as usize)?.name.as_str())
    }

    fn points(&mut self, statement: &Statement) -> u64 {
        let parties: u64 = ActKind::ALL.iter().map(|act| self.parties(statement, *act)).sum();
        self.count(statement.categories) * parties * self.count(statement.purposes)
    }

    /// The methods or recipients of an act that a statement covers; of `use` one stands for none.
    fn parties(&mut self, statement: &Statement, act: ActKind) -> u64 {
        match (statement.reaches(act), act.party()) {
            (Reach::Nothing, _) => 0,
            (Reach::Parties(set), _) => self.count(set),
            (Reach::All, None) => 1,
            (Reach::All, Some(hierarchy)) => u64::from(self.model.tree(hierarchy).len()),
        }
    }

    fn count(&mut self, set: SetId) -> u64 {
        *self.counts.entry(set).or_insert_with(|| count(self.model.set(set)))
    }

    /// As in `12 categories × 3 recipients × 5 purposes`.
    fn words(&mut self, statement: &Statement) -> String {
        let plural = |count: u64, hierarchy: Hierarchy| match count {
            1 => format!("1 {}", hierarchy.as_str()),
            count => format!("{} {}", grouped(count), hierarchy.plural()),
        };
        let mut parts = vec![plural(self.count(statement.categories), Hierarchy::Category)];
        if let Some(hierarchy) = statement.act.party() {
            parts.push(plural(self.parties(statement, statement.act), hierarchy));
        }
        parts.push(plural(self.count(statement.purposes), Hierarchy::Purpose));
        parts.join(" × ")
    }
}

fn count(set: &NodeSet) -> u64 {
    set.ranges().iter().map(|(start, end)| u64::from(end - start)).sum()
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

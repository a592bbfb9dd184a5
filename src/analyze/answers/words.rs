//! An answer as the author of a policy would write it: `when consent and age >= 18`, `then notify`.

use super::vocabulary::{Atom, Test, Vocabulary};
use super::{Answer, Answers, Duty, NO_DAYS};
use crate::Verdict;
use crate::model::AtomId;
use crate::table::compile::Normal;
use crate::words::Domain;

/// An answer in words. Answers in equal words may still differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::analyze) struct Words {
    /// Without any fact.
    pub(in crate::analyze) verdict: Verdict,
    /// Under which condition it is allowed; empty if the verdict needs none.
    pub(in crate::analyze) condition: String,
    /// `then … retain …`, and under which condition; empty if nothing is due.
    pub(in crate::analyze) duties: String,
}

impl Answers {
    pub(in crate::analyze) fn words(&self, answer: Answer) -> Words {
        let Some(value) = self.normal(answer) else {
            let condition = "a condition of too many alternatives to show holds".to_owned();
            return Words { verdict: Verdict::Depends, condition, duties: self.duty_words(answer) };
        };
        let (verdict, condition) = match value {
            Value::No => (Verdict::Deny, String::new()),
            Value::Yes => (Verdict::Allow, String::new()),
            Value::When(normal) => (Verdict::Depends, self.condition_words(&normal)),
        };
        let duties = match verdict {
            Verdict::Deny => String::new(),
            _ => self.duty_words(answer),
        };
        Words { verdict, condition, duties }
    }

    fn normal(&self, answer: Answer) -> Option<Value> {
        let Some(points) = self.points(answer) else { return Some(Value::No) };
        let formula = |id: &u32| Normal::of(&self.vocabulary.conditions[*id as usize], false);
        let any = |ids: &[u32]| ids.iter().try_fold(Normal::no(), |any, id| any.or(&formula(id)?));
        let mut all = Normal::yes();
        for (permits, nevers) in points {
            all = all.and(&any(permits)?)?.and(&any(nevers)?.not()?)?;
        }
        Some(match () {
            () if all.is_yes() => Value::Yes,
            () if all.terms().is_empty() => Value::No,
            () => Value::When(all),
        })
    }

    fn condition_words(&self, normal: &Normal) -> String {
        let atoms = |literals: &[(AtomId, bool)]| {
            let words = literals.iter().map(|(atom, yes)| self.vocabulary.words(*atom, *yes));
            words.collect::<Vec<_>>().join(" and ")
        };
        let terms = normal.terms();
        let several = terms.len() > 1;
        let term = |literals: &Vec<(AtomId, bool)>| match several && literals.len() > 1 {
            true => format!("({})", atoms(literals)),
            false => atoms(literals),
        };
        terms.iter().map(term).collect::<Vec<_>>().join(" or ")
    }

    fn duty_words(&self, answer: Answer) -> String {
        let words = |duty: &Duty| {
            let named = self.vocabulary.duties.iter().enumerate();
            let mut names: Vec<&str> = named
                .filter(|(bit, _)| duty.duties >> bit & 1 == 1)
                .map(|(_, name)| name.as_str())
                .collect();
            names.sort_unstable();
            let mut parts = Vec::new();
            if !names.is_empty() {
                parts.push(format!("then {}", names.join(", ")));
            }
            if duty.days != NO_DAYS {
                parts.push(format!("retain {} days", duty.days));
            }
            match Normal::of(&self.vocabulary.conditions[duty.condition as usize], false) {
                _ if duty.condition == 0 => parts.join(" "),
                Some(normal) => format!("{} if {}", parts.join(" "), self.condition_words(&normal)),
                None => format!("{} under a long condition", parts.join(" ")),
            }
        };
        let mut all: Vec<String> = self.duties(answer).iter().map(words).collect();
        all.sort();
        all.join("; ")
    }
}

enum Value {
    No,
    Yes,
    When(Normal),
}

impl Vocabulary {
    fn words(&self, atom: AtomId, yes: bool) -> String {
        let Atom { fact, test } = self.atoms[atom.0 as usize];
        let fact = &self.facts[fact as usize];
        let name = &fact.name;
        let number = |bits: u64, when_yes: &str, when_no: &str| {
            format!("{name} {} {}", if yes { when_yes } else { when_no }, f64::from_bits(bits))
        };
        match test {
            Test::Holds if yes => name.clone(),
            Test::Holds => format!("not {name}"),
            Test::AtLeast(bits) => number(bits, ">=", "<"),
            Test::Above(bits) => number(bits, ">", "<="),
            Test::Equal(bits) => number(bits, "==", "!="),
            Test::In { set, .. } => {
                let Domain::Choice(choices) = &fact.kind else { return name.clone() };
                let chosen = choices.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1);
                let chosen: Vec<&str> = chosen.map(|(_, choice)| choice.as_str()).collect();
                match (chosen.as_slice(), yes) {
                    ([one], true) => format!("{name} is {one}"),
                    ([one], false) => format!("{name} is not {one}"),
                    (several, true) => format!("{name} in ({})", several.join(", ")),
                    (several, false) => format!("{name} not in ({})", several.join(", ")),
                }
            }
        }
    }
}

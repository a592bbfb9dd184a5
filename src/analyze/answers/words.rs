//! An answer as the author of a policy would write it: `when consent and age >= 18`, `then notify on contract`.

use super::spelled::Due;
use super::vocabulary::{Atom, Test, Vocabulary};
use super::{Answer, Answers};
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
    /// `then … retain … on …`, and under which condition; empty if nothing comes with it.
    pub(in crate::analyze) duties: String,
    /// `optional`, and unless what; empty if the data is required.
    pub(in crate::analyze) optional: String,
}

impl Answers {
    pub(in crate::analyze) fn words(&self, answer: Answer) -> Words {
        let value = self.normal(answer);
        let (verdict, condition) = match &value {
            Some(Value::No) => (Verdict::Deny, String::new()),
            Some(Value::Yes) => (Verdict::Allow, String::new()),
            Some(Value::When(normal)) => (Verdict::Depends, self.condition_words(normal)),
            None => {
                let condition = "a condition of too many alternatives to show holds".to_owned();
                (Verdict::Depends, condition)
            }
        };
        if verdict == Verdict::Deny {
            return Words { verdict, condition, duties: String::new(), optional: String::new() };
        }
        let whole = match &value {
            Some(Value::When(normal)) => Some(normal),
            _ => None,
        };
        let unbased = self.unbased_words(answer);
        let terms = self.terms_words(answer, whole).into_iter().chain(unbased);
        let duties = terms.collect::<Vec<_>>().join("; ");
        Words { verdict, condition, duties, optional: self.optional_words(answer, whole) }
    }

    fn normal(&self, answer: Answer) -> Option<Value> {
        let Some(points) = self.points(answer) else { return Some(Value::No) };
        let mut all = Normal::yes();
        for point in points {
            all = all.and(&self.any(point.permits)?)?.and(&self.any(point.nevers)?.not()?)?;
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

    /// What comes with an answer, each with its condition unless that is the answer's own.
    fn terms_words(&self, answer: Answer, whole: Option<&Normal>) -> Vec<String> {
        let words = |due: &Due| {
            let vocabulary = &self.vocabulary;
            let clause = |word: &str, list: Vec<String>| {
                (!list.is_empty()).then(|| format!("{word} {}", list.join(", ")))
            };
            let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
            let clauses = [
                clause("then", owned(vocabulary.duties.of(due.duties))),
                clause("retain", vocabulary.limits.words(due.limits, &vocabulary.events.list)),
                clause("on", owned(vocabulary.bases.of(due.bases))),
            ];
            let said = clauses.into_iter().flatten().collect::<Vec<_>>().join(" ");
            match Normal::of(&vocabulary.conditions[due.condition as usize], false) {
                _ if said.is_empty() => None,
                Some(normal) if due.condition == 0 || Some(&normal) == whole => Some((false, said)),
                Some(normal) => {
                    Some((true, format!("{said} if {}", self.condition_words(&normal))))
                }
                None => Some((true, format!("{said} under a long condition"))),
            }
        };
        let mut all: Vec<(bool, String)> = self.dues(answer).iter().filter_map(words).collect();
        all.sort();
        all.into_iter().map(|(_, words)| words).collect()
    }

    /// That some point has no legal basis; `None` if each always has one.
    fn unbased_words(&self, answer: Answer) -> Option<String> {
        let mut all = Some(Normal::yes());
        let mut may_lack = false;
        for based in self.points(answer)?.filter_map(|point| point.based) {
            may_lack = true;
            all = all.and_then(|all| all.and(&self.any(based)?));
        }
        let words = match all {
            _ if !may_lack => return None,
            Some(all) if all.terms().is_empty() => "without a legal basis".to_owned(),
            Some(all) => format!("without a legal basis unless {}", self.condition_words(&all)),
            None => "without a legal basis under a long condition".to_owned(),
        };
        Some(words)
    }

    /// Whether the data may be left out where the answer allows, under the condition `whole` if it needs one.
    fn optional_words(&self, answer: Answer, whole: Option<&Normal>) -> String {
        if !self.may_be_optional(answer) {
            return String::new();
        }
        let dues = self.dues(answer);
        // Where the question is denied, nothing is required.
        let is_denied = |condition: u32| {
            let formula = Normal::of(&self.vocabulary.conditions[condition as usize], false);
            let both = whole.zip(formula).and_then(|(whole, formula)| whole.and(&formula));
            both.is_some_and(|both| both.terms().iter().all(|term| contradicts_itself(term)))
        };
        let required = dues.iter().filter(|due| due.is_required).map(|due| due.condition);
        let required: Vec<u32> = required.filter(|condition| !is_denied(*condition)).collect();
        match self.any(&required) {
            Some(any) if any.terms().is_empty() => "optional".to_owned(),
            Some(any) if whole.is_some_and(|whole| implies(whole, &any)) => String::new(),
            Some(any) => format!("optional unless {}", self.condition_words(&any)),
            None => "optional unless a long condition holds".to_owned(),
        }
    }

    /// That one of these conditions holds.
    fn any(&self, conditions: &[u32]) -> Option<Normal> {
        let formula = |id: &u32| Normal::of(&self.vocabulary.conditions[*id as usize], false);
        conditions.iter().try_fold(Normal::no(), |any, id| any.or(&formula(id)?))
    }
}

/// Whether a conjunction asks for a test and for its opposite. It never holds, although an unstated fact leaves it open.
fn contradicts_itself(term: &[(AtomId, bool)]) -> bool {
    term.iter().any(|(atom, yes)| term.contains(&(*atom, !yes)))
}

/// Whether one of the other's alternatives holds wherever one of these does.
fn implies(normal: &Normal, other: &Normal) -> bool {
    let holds = |term: &Vec<(AtomId, bool)>| {
        other.terms().iter().any(|other| other.iter().all(|test| term.contains(test)))
    };
    normal.terms().iter().all(holds)
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

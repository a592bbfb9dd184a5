//! Two answers under all values of the facts that they ask for.
//!
//! A number has a value below, at and above each bound that it is compared with, a choice one for each
//! of its choices, and every fact may be unstated; values that no test tells apart are one. So the
//! values are finite, and going through all of them is exact. Where there are too many, that is said,
//! and nothing is guessed.

use super::vocabulary::{Kind, Test, Vocabulary};
use super::{Answer, Answers, NO_DAYS};
use crate::Verdict;
use crate::model::{AtomId, Formula};

/// Combinations of values for one comparison, times the conditions that are looked at under each.
const MOST: u64 = 16_000_000;
/// The same for all comparisons together: some seconds.
pub(super) const BUDGET: u64 = 1_000_000_000;

/// How the second answer differs from the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::analyze) struct Comparison {
    /// Under some facts it allows where the first did not.
    pub(in crate::analyze) gained: bool,
    /// Under some facts it no longer allows.
    pub(in crate::analyze) lost: bool,
    /// Under some facts it depends where the first denied, or the other way round.
    pub(in crate::analyze) otherwise: bool,
    pub(in crate::analyze) duties_added: bool,
    pub(in crate::analyze) duties_dropped: bool,
    pub(in crate::analyze) kept_shorter: bool,
    pub(in crate::analyze) kept_longer: bool,
    /// There are too many facts to go through.
    pub(in crate::analyze) undecided: bool,
    /// Which combination shows it.
    witness: u64,
}

impl Comparison {
    pub(in crate::analyze) fn is_same(self) -> bool {
        self == Self::default()
    }

    /// More is allowed, with fewer duties, or for longer.
    pub(in crate::analyze) fn is_more_permissive(self) -> bool {
        self.gained || self.duties_dropped || self.kept_longer
    }

    fn rank(self) -> u8 {
        match (self.gained, self.lost, self.otherwise) {
            (true, ..) => 3,
            (_, true, _) => 2,
            (.., true) => 1,
            _ => 0,
        }
    }
}

/// The facts that some conditions ask for, with their values.
struct Space<'v> {
    vocabulary: &'v Vocabulary,
    conditions: Vec<u32>,
    facts: Vec<(u32, Vec<Value>)>,
    size: u64,
}

/// A value of a fact, and what its tests come to under it.
struct Value {
    stated: Option<String>,
    atoms: Vec<(AtomId, Verdict)>,
}

/// What an answer comes to under one combination of values.
#[derive(PartialEq, Eq)]
struct Outcome {
    verdict: Verdict,
    duties: u128,
    days: u32,
}

impl Answers {
    /// How `new` differs from `old`.
    pub(in crate::analyze) fn compare(&mut self, old: Answer, new: Answer) -> Comparison {
        if old == new {
            return Comparison::default();
        }
        if let Some(known) = self.compared.get(&(old, new)) {
            return *known;
        }
        let mut budget = self.budget;
        let comparison = self.compared(old, new, &mut budget);
        self.budget = budget;
        self.compared.insert((old, new), comparison);
        comparison
    }

    fn compared(&self, old: Answer, new: Answer, budget: &mut u64) -> Comparison {
        let space = Space::new(self, &[old, new]);
        let cost = space.size.saturating_mul(space.conditions.len() as u64 + 1);
        if cost > MOST || cost > *budget {
            return Comparison { undecided: true, ..Comparison::default() };
        }
        *budget -= cost;
        let mut all = Comparison::default();
        let mut best = None;
        let mut values = vec![Verdict::Depends; self.vocabulary.atoms.len()];
        for number in 0..space.size {
            space.set(number, &mut values);
            let (a, b) = (self.outcome(old, &values), self.outcome(new, &values));
            if a == b {
                continue;
            }
            let one = Comparison { witness: number, ..Comparison::between(&a, &b) };
            // That more is allowed is shown before that less is, and that before anything else.
            let shown =
                if best.is_none_or(|best| one.rank() > best) { number } else { all.witness };
            best = best.max(Some(one.rank()));
            all = Comparison { witness: shown, ..all.and(one) };
        }
        all
    }

    /// The facts under which two answers differ, as they are stated: `age=18`.
    pub(in crate::analyze) fn witness(&self, old: Answer, new: Answer) -> Vec<String> {
        let Some(comparison) = self.compared.get(&(old, new)).filter(|c| !c.undecided) else {
            return Vec::new();
        };
        let space = Space::new(self, &[old, new]);
        space.stated(comparison.witness)
    }

    /// Whether a condition is ever yes, and whether it is ever something else, once all facts that it
    /// asks for are stated; `None` if these are too many.
    pub(in crate::analyze) fn possible(&mut self, condition: u32) -> Option<(bool, bool)> {
        self.common(&[condition])
    }

    /// As [`possible`](Self::possible), of all these conditions together.
    pub(in crate::analyze) fn common(&mut self, conditions: &[u32]) -> Option<(bool, bool)> {
        let space = Space::of(&self.vocabulary, conditions.to_vec());
        let cost = space.size.saturating_mul(space.conditions.len() as u64 + 1);
        if cost > MOST || cost > self.budget {
            return None;
        }
        self.budget -= cost;
        let mut values = vec![Verdict::Depends; self.vocabulary.atoms.len()];
        let (mut yes, mut other) = (false, false);
        for number in (0..space.size).filter(|number| space.all_stated(*number)) {
            space.set(number, &mut values);
            let holds = |id: &u32| {
                value(&self.vocabulary.conditions[*id as usize], &values) == Verdict::Allow
            };
            let all = conditions.iter().all(holds);
            yes |= all;
            other |= !all;
        }
        Some((yes, other))
    }

    fn outcome(&self, answer: Answer, values: &[Verdict]) -> Outcome {
        let denied = Outcome { verdict: Verdict::Deny, duties: 0, days: NO_DAYS };
        let Some(points) = self.points(answer) else { return denied };
        let value =
            |condition: &u32| self::value(&self.vocabulary.conditions[*condition as usize], values);
        let greatest = |list: &[u32]| list.iter().map(value).max().unwrap_or(Verdict::Deny);
        let mut outcome = Outcome { verdict: Verdict::Allow, ..denied };
        for (permits, nevers) in points {
            outcome.verdict = outcome.verdict.min(greatest(permits)).min(not(greatest(nevers)));
        }
        if outcome.verdict == Verdict::Deny {
            return outcome;
        }
        for duty in self.duties(answer) {
            if value(&duty.condition) != Verdict::Deny {
                outcome.duties |= duty.duties;
                outcome.days = outcome.days.min(duty.days);
            }
        }
        outcome
    }

    /// The conditions that an answer asks for.
    fn conditions(&self, answer: Answer) -> Vec<u32> {
        let points = self.points(answer).into_iter().flatten();
        let of_points = points.flat_map(|(permits, nevers)| [permits, nevers].concat());
        of_points.chain(self.duties(answer).iter().map(|duty| duty.condition)).collect()
    }
}

impl Comparison {
    fn between(a: &Outcome, b: &Outcome) -> Self {
        let mut one = Self::default();
        match (a.verdict, b.verdict) {
            (Verdict::Allow, Verdict::Allow) => {}
            (_, Verdict::Allow) => one.gained = true,
            (Verdict::Allow, _) => one.lost = true,
            (a, b) => one.otherwise = a != b,
        }
        if a.verdict != Verdict::Deny && b.verdict != Verdict::Deny {
            one.duties_added = b.duties & !a.duties != 0;
            one.duties_dropped = a.duties & !b.duties != 0;
            one.kept_shorter = b.days < a.days;
            one.kept_longer = b.days > a.days;
        }
        one
    }

    fn and(self, one: Self) -> Self {
        Self {
            gained: self.gained | one.gained,
            lost: self.lost | one.lost,
            otherwise: self.otherwise | one.otherwise,
            duties_added: self.duties_added | one.duties_added,
            duties_dropped: self.duties_dropped | one.duties_dropped,
            kept_shorter: self.kept_shorter | one.kept_shorter,
            kept_longer: self.kept_longer | one.kept_longer,
            undecided: false,
            witness: one.witness,
        }
    }
}

impl<'v> Space<'v> {
    fn new(answers: &'v Answers, of: &[Answer]) -> Self {
        let conditions = of.iter().flat_map(|answer| answers.conditions(*answer)).collect();
        Self::of(&answers.vocabulary, conditions)
    }

    fn of(vocabulary: &'v Vocabulary, mut conditions: Vec<u32>) -> Self {
        conditions.sort_unstable();
        conditions.dedup();
        let mut atoms = Vec::new();
        for condition in &conditions {
            collect_atoms(&vocabulary.conditions[*condition as usize], &mut atoms);
        }
        let fact = |atom: &AtomId| vocabulary.atoms[atom.0 as usize].fact;
        atoms.sort_unstable_by_key(|atom| (fact(atom), *atom));
        atoms.dedup();
        let facts: Vec<(u32, Vec<Value>)> = atoms
            .chunk_by(|a, b| fact(a) == fact(b))
            .map(|atoms| (fact(&atoms[0]), values(vocabulary, atoms)))
            .collect();
        let sizes = facts.iter().map(|(_, values)| values.len() as u64);
        let size = sizes.fold(1u64, u64::saturating_mul);
        Self { vocabulary, conditions, facts, size }
    }

    fn each(&self, mut number: u64) -> impl Iterator<Item = (u32, &Value)> {
        self.facts.iter().map(move |(fact, values)| {
            let count = values.len() as u64;
            let value = &values[(number % count) as usize];
            number /= count;
            (*fact, value)
        })
    }

    fn set(&self, number: u64, atoms: &mut [Verdict]) {
        for (_, value) in self.each(number) {
            for (atom, verdict) in &value.atoms {
                atoms[atom.0 as usize] = *verdict;
            }
        }
    }

    fn all_stated(&self, number: u64) -> bool {
        self.each(number).all(|(_, value)| value.stated.is_some())
    }

    fn stated(&self, number: u64) -> Vec<String> {
        let stated = self.each(number).filter_map(|(fact, value)| {
            let value = value.stated.as_ref()?;
            Some(format!("{}={value}", self.vocabulary.facts[fact as usize].name))
        });
        stated.collect()
    }
}

/// The values of the fact of these atoms that they tell apart, unstated last: the first that shows
/// something then states it.
fn values(vocabulary: &Vocabulary, atoms: &[AtomId]) -> Vec<Value> {
    let test = |atom: &AtomId| vocabulary.atoms[atom.0 as usize].test;
    let fact = &vocabulary.facts[vocabulary.atoms[atoms[0].0 as usize].fact as usize];
    let known = |holds: bool| if holds { Verdict::Allow } else { Verdict::Deny };
    let mut all: Vec<Value> = Vec::new();
    let mut add = |stated: Option<String>, of: &dyn Fn(Test) -> Verdict| {
        let atoms: Vec<(AtomId, Verdict)> = atoms.iter().map(|a| (*a, of(test(a)))).collect();
        if stated.is_none() || all.iter().all(|value| value.atoms != atoms) {
            all.push(Value { stated, atoms });
        }
    };
    match &fact.kind {
        Kind::YesNo => {
            add(Some("yes".to_owned()), &|_| Verdict::Allow);
            add(Some("no".to_owned()), &|_| Verdict::Deny);
        }
        Kind::Choice(choices) => {
            for (number, choice) in choices.iter().enumerate() {
                add(Some(choice.clone()), &|test| match test {
                    Test::In { known, .. } if known >> number & 1 == 0 => Verdict::Depends,
                    Test::In { set, .. } => self::known(set >> number & 1 == 1),
                    _ => Verdict::Depends,
                });
            }
        }
        Kind::Number => {
            for number in numbers(atoms.iter().map(test)) {
                add(Some(number.to_string()), &|test| match test {
                    Test::AtLeast(bound) => known(number >= f64::from_bits(bound)),
                    Test::Above(bound) => known(number > f64::from_bits(bound)),
                    Test::Equal(bound) => known(number == f64::from_bits(bound)),
                    _ => Verdict::Depends,
                });
            }
        }
    }
    add(None, &|_| Verdict::Depends);
    all
}

fn known(holds: bool) -> Verdict {
    if holds { Verdict::Allow } else { Verdict::Deny }
}

/// Below, at and above each bound. Between two bounds without a number between them is none.
fn numbers(tests: impl Iterator<Item = Test>) -> Vec<f64> {
    let mut bounds: Vec<f64> = tests
        .filter_map(|test| match test {
            Test::AtLeast(bits) | Test::Above(bits) | Test::Equal(bits) => {
                Some(f64::from_bits(bits))
            }
            _ => None,
        })
        .collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    let mut numbers = Vec::with_capacity(2 * bounds.len() + 1);
    for (at, bound) in bounds.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| bounds[before]);
        numbers.extend(between(before, Some(*bound)));
        numbers.push(*bound);
    }
    numbers.extend(between(bounds.last().copied(), None));
    numbers
}

/// A number between two others, a whole one where there is one.
fn between(low: Option<f64>, high: Option<f64>) -> Option<f64> {
    let finite = |number: f64| number.is_finite().then_some(number);
    let number = match (low, high) {
        (None, Some(high)) if high - 1.0 < high => high - 1.0,
        (None, Some(high)) => finite(high.next_down())?,
        (Some(low), None) if low + 1.0 > low => low + 1.0,
        (Some(low), None) => finite(low.next_up())?,
        (Some(low), Some(high)) if low.floor() + 1.0 < high && low.floor() + 1.0 > low => {
            low.floor() + 1.0
        }
        (Some(low), Some(high)) => low / 2.0 + high / 2.0,
        (None, None) => 0.0,
    };
    let fits = low.is_none_or(|low| low < number) && high.is_none_or(|high| number < high);
    match (fits, low) {
        (true, _) => finite(number),
        (false, Some(low)) => Some(low.next_up()).filter(|next| high.is_none_or(|h| *next < h)),
        (false, None) => None,
    }
}

fn collect_atoms(formula: &Formula, atoms: &mut Vec<AtomId>) {
    match formula {
        Formula::Always => {}
        Formula::Atom(atom) => atoms.push(*atom),
        Formula::Not(inner) => collect_atoms(inner, atoms),
        Formula::And(list) | Formula::Or(list) => {
            list.iter().for_each(|formula| collect_atoms(formula, atoms));
        }
    }
}

/// Kleene's three values, no < unknown < yes, which are the verdicts.
fn value(formula: &Formula, atoms: &[Verdict]) -> Verdict {
    match formula {
        Formula::Always => Verdict::Allow,
        Formula::Atom(atom) => atoms[atom.0 as usize],
        Formula::Not(inner) => not(value(inner, atoms)),
        Formula::And(list) => list.iter().map(|f| value(f, atoms)).min().unwrap_or(Verdict::Allow),
        Formula::Or(list) => list.iter().map(|f| value(f, atoms)).max().unwrap_or(Verdict::Deny),
    }
}

fn not(value: Verdict) -> Verdict {
    match value {
        Verdict::Deny => Verdict::Allow,
        Verdict::Depends => Verdict::Depends,
        Verdict::Allow => Verdict::Deny,
    }
}

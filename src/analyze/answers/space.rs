//! The values of the facts that some conditions ask for, and a walk through all of their combinations.
//!
//! A number has a value below, at and above each bound that it is compared with, a choice one for each
//! of its choices, and every fact may be unstated; values that no test tells apart are one. So the
//! values are finite, and going through all of them is exact.
//!
//! The walk changes one fact at a time, to the value beside the one it has: the tests that change are
//! then those of one bound, and only the conditions that ask for it are evaluated again. A fact whose
//! values are bands costs its bands, not its bands times the conditions.

use super::vocabulary::{Test, Vocabulary};
use crate::Verdict;
use crate::model::{AtomId, Formula};
use crate::words::Domain;
use hashbrown::{HashMap, HashSet};

/// The facts that some conditions ask for, with their values.
pub(super) struct Space {
    /// The conditions, by number, each once.
    pub(super) conditions: Vec<u32>,
    pub(super) axes: Vec<Axis>,
    /// What evaluating each condition costs.
    pub(super) weights: Vec<u64>,
    /// The axes, the cheapest to move along first.
    order: Vec<usize>,
    /// What a walk costs.
    cost: u64,
}

/// A fact with its values, unstated last.
pub(super) struct Axis {
    fact: u32,
    values: Vec<Value>,
    /// What the tests of the fact come to under its first value.
    first: Vec<(AtomId, Verdict)>,
    /// From each value to the next.
    steps: Vec<Step>,
    /// The places of the conditions that ask for the fact.
    pub(super) asking: Vec<u32>,
}

/// A value of a fact.
#[derive(Clone, Copy)]
enum Value {
    Yes,
    No,
    Choice(u32),
    Number(f64),
    Unstated,
}

/// What changes between two values.
#[derive(Default)]
struct Step {
    /// The tests that change: before, and after.
    atoms: Vec<(AtomId, Verdict, Verdict)>,
    /// The places of the conditions that ask for one of them.
    asking: Vec<u32>,
}

/// Who looks at every combination.
pub(super) trait Watch {
    /// The condition at a place has another value; at first it had none.
    fn turned(&mut self, place: usize, before: Option<Verdict>, now: Verdict);

    /// All conditions have their values under a combination. False ends the walk.
    fn at(&mut self, number: u64) -> bool;
}

impl Space {
    /// O(atoms × log atoms), times the choices of facts that have choices.
    pub(super) fn of(vocabulary: &Vocabulary, mut conditions: Vec<u32>) -> Self {
        conditions.sort_unstable();
        conditions.dedup();
        let mut asking: HashMap<AtomId, Vec<u32>> = HashMap::new();
        let mut weights = Vec::with_capacity(conditions.len());
        for (place, condition) in conditions.iter().enumerate() {
            let mut weight = 1;
            each_atom(&vocabulary.conditions[*condition as usize], &mut |atom| {
                weight += 1;
                let places = asking.entry(atom).or_default();
                if places.last() != Some(&(place as u32)) {
                    places.push(place as u32);
                }
            });
            weights.push(weight);
        }
        let mut atoms: Vec<AtomId> = asking.keys().copied().collect();
        let fact = |atom: &AtomId| vocabulary.atoms[atom.0 as usize].fact;
        atoms.sort_unstable_by_key(|atom| (fact(atom), *atom));
        let axes: Vec<Axis> = atoms
            .chunk_by(|a, b| fact(a) == fact(b))
            .map(|atoms| Axis::new(vocabulary, atoms, &asking))
            .collect();
        let size = axes.iter().fold(1u64, |size, axis| size.saturating_mul(axis.len()));
        let mut order: Vec<usize> = (0..axes.len()).collect();
        // The fact that moves most often is the one whose steps cost least.
        order.sort_by_key(|at| {
            let axis = &axes[*at];
            (axis.pass(&weights).saturating_mul(1 << 16) / axis.len(), *at)
        });
        let mut cost = weights.iter().sum::<u64>().saturating_add(size);
        let mut times = size;
        for at in &order {
            times /= axes[*at].len();
            cost = cost.saturating_add(axes[*at].pass(&weights).saturating_mul(times));
        }
        Self { conditions, axes, weights, order, cost }
    }

    /// About how many tests a walk evaluates; no less than the combinations.
    pub(super) fn cost(&self) -> u64 {
        self.cost
    }

    /// The place of a condition.
    pub(super) fn place(&self, condition: u32) -> usize {
        self.conditions.binary_search(&condition).unwrap_or(0) // it is one of them
    }

    /// Goes through all combinations. A combination's number is the same in any order of the walk, and
    /// has the value of the first fact in its lowest place.
    ///
    /// `atoms` has a place for each test of the vocabulary, with anything in it.
    pub(super) fn walk(
        &self,
        vocabulary: &Vocabulary,
        atoms: &mut [Verdict],
        watch: &mut impl Watch,
    ) {
        self.axes.iter().for_each(|axis| axis.begin(atoms));
        let formula = |place: usize| &vocabulary.conditions[self.conditions[place] as usize];
        let mut values: Vec<Verdict> = Vec::with_capacity(self.conditions.len());
        for place in 0..self.conditions.len() {
            values.push(value(formula(place), atoms));
            watch.turned(place, None, values[place]);
        }
        let mut radix = vec![1; self.axes.len()];
        for at in 1..self.axes.len() {
            radix[at] = radix[at - 1] * self.axes[at - 1].len();
        }
        // Up and down again, as a reflected Gray code counts.
        let mut at: Vec<(usize, bool)> = vec![(0, true); self.axes.len()];
        let mut number = 0;
        while watch.at(number) {
            let can_move = |axis: &&usize| {
                let (value, up) = at[**axis];
                if up { value < self.axes[**axis].steps.len() } else { value > 0 }
            };
            let Some(moving) = self.order.iter().position(|axis| can_move(&axis)) else { return };
            for axis in &self.order[..moving] {
                at[*axis].1 = !at[*axis].1;
            }
            let axis = self.order[moving];
            let (value, up) = &mut at[axis];
            let step = &self.axes[axis].steps[if *up { *value } else { *value - 1 }];
            for (atom, before, after) in &step.atoms {
                atoms[atom.0 as usize] = if *up { *after } else { *before };
            }
            (*value, number) = match *up {
                true => (*value + 1, number + radix[axis]),
                false => (*value - 1, number - radix[axis]),
            };
            for place in &step.asking {
                let place = *place as usize;
                let now = self::value(formula(place), atoms);
                if now != values[place] {
                    watch.turned(place, Some(values[place]), now);
                    values[place] = now;
                }
            }
        }
    }

    /// The facts of a combination, as they are stated.
    pub(super) fn stated(&self, vocabulary: &Vocabulary, mut number: u64) -> Vec<String> {
        let mut stated = Vec::new();
        for axis in &self.axes {
            let value = axis.values[(number % axis.len()) as usize];
            number /= axis.len();
            let fact = &vocabulary.facts[axis.fact as usize];
            let word = match (value, &fact.kind) {
                (Value::Yes, _) => "yes".to_owned(),
                (Value::No, _) => "no".to_owned(),
                (Value::Number(number), _) => number.to_string(),
                (Value::Choice(choice), Domain::Choice(all)) => all[choice as usize].clone(),
                (Value::Choice(_) | Value::Unstated, _) => continue,
            };
            stated.push(format!("{}={word}", fact.name));
        }
        stated
    }
}

impl Axis {
    fn new(vocabulary: &Vocabulary, atoms: &[AtomId], asking: &HashMap<AtomId, Vec<u32>>) -> Self {
        let fact = vocabulary.atoms[atoms[0].0 as usize].fact;
        let tests = || atoms.iter().map(|atom| (*atom, vocabulary.atoms[atom.0 as usize].test));
        let mut axis = match &vocabulary.facts[fact as usize].kind {
            Domain::YesNo | Domain::PerPurpose => {
                let yes = atoms.iter().map(|atom| (*atom, Verdict::Allow)).collect();
                let mut axis = Self::starting(fact, Value::Yes, yes);
                axis.push(Value::No, atoms.iter().map(|atom| (*atom, Verdict::Deny)));
                axis
            }
            Domain::Choice(choices) => {
                Self::choices(fact, choices.len() as u32, &tests().collect::<Vec<_>>())
            }
            Domain::Number => Self::numbers(fact, &tests().collect::<Vec<_>>()),
        };
        axis.push(Value::Unstated, atoms.iter().map(|atom| (*atom, Verdict::Depends)));
        for step in &mut axis.steps {
            step.asking = step.atoms.iter().flat_map(|(atom, ..)| &asking[atom]).copied().collect();
            step.asking.sort_unstable();
            step.asking.dedup();
        }
        axis.asking = atoms.iter().flat_map(|atom| &asking[atom]).copied().collect();
        axis.asking.sort_unstable();
        axis.asking.dedup();
        axis
    }

    fn starting(fact: u32, value: Value, first: Vec<(AtomId, Verdict)>) -> Self {
        let (steps, asking) = (Vec::new(), Vec::new());
        Self { fact, values: vec![value], first, steps, asking }
    }

    /// One more value, under which these tests come to something; the others stay as they are. Nothing if
    /// none of them changes, unless the value is that the fact is not stated.
    fn push(&mut self, value: Value, atoms: impl Iterator<Item = (AtomId, Verdict)>) {
        let mut step = Step::default();
        for (atom, now) in atoms {
            let Ok(at) = self.first.binary_search_by_key(&atom, |(atom, _)| *atom) else {
                continue;
            };
            // `first` holds the last value's tests until all values are known.
            let before = std::mem::replace(&mut self.first[at].1, now);
            if before != now {
                step.atoms.push((atom, before, now));
            }
        }
        if !step.atoms.is_empty() || matches!(value, Value::Unstated) {
            self.values.push(value);
            self.steps.push(step);
        }
        if matches!(value, Value::Unstated) {
            self.rewind();
        }
    }

    /// Makes `first` what the tests come to under the first value again.
    fn rewind(&mut self) {
        for step in self.steps.iter().rev() {
            for (atom, before, _) in &step.atoms {
                if let Ok(at) = self.first.binary_search_by_key(atom, |(atom, _)| *atom) {
                    self.first[at].1 = *before;
                }
            }
        }
    }

    fn choices(fact: u32, count: u32, tests: &[(AtomId, Test)]) -> Self {
        let of = |choice: u32| -> Vec<(AtomId, Verdict)> {
            let verdict = |test| match test {
                Test::In { set, known } if known >> choice & 1 == 1 => {
                    known_as(set >> choice & 1 == 1)
                }
                _ => Verdict::Depends,
            };
            tests.iter().map(|(atom, test)| (*atom, verdict(*test))).collect()
        };
        let mut axis = Self::starting(fact, Value::Choice(0), of(0));
        let mut seen: HashSet<Vec<(AtomId, Verdict)>> = HashSet::new();
        seen.insert(axis.first.clone());
        for choice in 1..count {
            let now = of(choice);
            if seen.insert(now.clone()) {
                axis.push(Value::Choice(choice), now.into_iter());
            }
        }
        axis
    }

    /// Below, at and above each bound. Between two bounds without a number between them is none.
    fn numbers(fact: u32, tests: &[(AtomId, Test)]) -> Self {
        // The tests of each bound, and what they come to below it, at it and above it.
        let mut bounds: Vec<(f64, AtomId, [Verdict; 3])> = Vec::with_capacity(tests.len());
        for (atom, test) in tests {
            let (no, yes) = (Verdict::Deny, Verdict::Allow);
            let (bits, verdicts) = match test {
                Test::AtLeast(bits) => (bits, [no, yes, yes]),
                Test::Above(bits) => (bits, [no, no, yes]),
                Test::Equal(bits) => (bits, [no, yes, no]),
                Test::Holds | Test::In { .. } => continue, // not of a number
            };
            bounds.push((f64::from_bits(*bits), *atom, verdicts));
        }
        bounds.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let groups: Vec<_> = bounds.chunk_by(|a, b| a.0 == b.0).collect();
        let under = |group: &[(f64, AtomId, [Verdict; 3])], place: usize| -> Vec<_> {
            group.iter().map(|(_, atom, verdicts)| (*atom, verdicts[place])).collect()
        };
        let bound = |at: usize| groups.get(at).map(|group| group[0].0);
        let below = between(None, bound(0));
        let mut first: Vec<_> = bounds.iter().map(|(_, atom, _)| (*atom, Verdict::Deny)).collect();
        if let (None, Some(least)) = (below, groups.first()) {
            // Nothing is below the least of all numbers: the values start with it.
            first.splice(..least.len(), under(least, 1));
        }
        first.sort_unstable_by_key(|(atom, _)| *atom);
        let start = below.or(bound(0)).unwrap_or_default();
        let mut axis = Self::starting(fact, Value::Number(start), first);
        let mut passed = Vec::new(); // tests whose bound is passed at the next value
        for (at, group) in groups.iter().enumerate() {
            passed.extend(under(group, 1));
            axis.push(Value::Number(group[0].0), passed.drain(..));
            passed.extend(under(group, 2));
            if let Some(above) = between(bound(at), bound(at + 1)) {
                axis.push(Value::Number(above), passed.drain(..));
            }
        }
        axis
    }

    fn len(&self) -> u64 {
        self.values.len() as u64
    }

    /// What moving once along all values costs.
    fn pass(&self, weights: &[u64]) -> u64 {
        let asking = self.steps.iter().flat_map(|step| &step.asking);
        asking.map(|place| weights[*place as usize]).sum()
    }

    /// How many steps there are between values that are stated.
    pub(super) fn stated(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }

    /// The places of the conditions that ask for what changes after a value.
    pub(super) fn turning(&self, value: usize) -> &[u32] {
        &self.steps[value].asking
    }

    /// Sets the tests of the fact to unknown.
    pub(super) fn clear(&self, atoms: &mut [Verdict]) {
        self.first.iter().for_each(|(atom, _)| atoms[atom.0 as usize] = Verdict::Depends);
    }

    /// Sets them to what they come to under its first value.
    pub(super) fn begin(&self, atoms: &mut [Verdict]) {
        self.first.iter().for_each(|(atom, verdict)| atoms[atom.0 as usize] = *verdict);
    }

    /// Sets them to their values under the next value of the fact; false if there is none.
    pub(super) fn advance(&self, value: usize, atoms: &mut [Verdict]) -> bool {
        let Some(step) = self.steps.get(value) else { return false };
        step.atoms.iter().for_each(|(atom, _, now)| atoms[atom.0 as usize] = *now);
        true
    }
}

fn known_as(holds: bool) -> Verdict {
    if holds { Verdict::Allow } else { Verdict::Deny }
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

fn each_atom(formula: &Formula, visit: &mut impl FnMut(AtomId)) {
    match formula {
        Formula::Always => {}
        Formula::Atom(atom) => visit(*atom),
        Formula::Not(inner) => each_atom(inner, visit),
        Formula::And(list) | Formula::Or(list) => {
            list.iter().for_each(|formula| each_atom(formula, visit));
        }
    }
}

/// Kleene's three values, no < unknown < yes, which are the verdicts.
pub(super) fn value(formula: &Formula, atoms: &[Verdict]) -> Verdict {
    match formula {
        Formula::Always => Verdict::Allow,
        Formula::Atom(atom) => atoms[atom.0 as usize],
        Formula::Not(inner) => not(value(inner, atoms)),
        Formula::And(list) => list.iter().map(|f| value(f, atoms)).min().unwrap_or(Verdict::Allow),
        Formula::Or(list) => list.iter().map(|f| value(f, atoms)).max().unwrap_or(Verdict::Deny),
    }
}

pub(super) fn not(value: Verdict) -> Verdict {
    match value {
        Verdict::Deny => Verdict::Allow,
        Verdict::Depends => Verdict::Depends,
        Verdict::Allow => Verdict::Deny,
    }
}

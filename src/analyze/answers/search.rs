//! Whether facts exist under which some conditions come to something: a search that states one fact after
//! another and turns back as soon as it cannot succeed.
//!
//! If a condition is yes or no by the facts stated so far, further facts do not change it. So only
//! facts that a wanted condition waits for are tried, and a condition that asks for twenty facts is
//! satisfied as quickly as it is read.

use super::space::{Space, not, value};
use super::{Answers, Effort};
use crate::Verdict;
use crate::model::Formula;

/// What one search may cost, in tests of facts that are evaluated.
const MOST: u64 = 2_000_000;

/// What conditions are to come to.
#[derive(Clone, Default)]
pub(super) struct Goals {
    /// Conditions that are to be yes or no.
    pub(super) wanted: Vec<(u32, Verdict)>,
    /// Conditions that are to be anything but yes, or anything but no.
    pub(super) unwanted: Vec<(u32, Verdict)>,
}

impl Answers {
    /// Whether all these conditions may be yes together; `None` if it takes too long to find out.
    pub(in crate::analyze) fn together(&mut self, conditions: &[u32]) -> Option<bool> {
        self.some(conditions, &[])
    }

    /// Whether a condition is ever yes, and whether it is ever no; `None` if it takes too long to find out.
    pub(in crate::analyze) fn possible(&mut self, condition: u32) -> Option<(bool, bool)> {
        Some((self.some(&[condition], &[])?, self.some(&[], &[condition])?))
    }

    /// Whether facts exist under which the first conditions are yes and the second ones are no.
    pub(in crate::analyze) fn some(&mut self, yes: &[u32], no: &[u32]) -> Option<bool> {
        let yes = yes.iter().map(|condition| (*condition, Verdict::Allow));
        let no = no.iter().map(|condition| (*condition, Verdict::Deny));
        let wanted = yes.chain(no).collect();
        self.satisfiable(&Goals { wanted, unwanted: Vec::new() })
    }

    /// Which of some conditions may hold along the values of the fact that the most of them ask for,
    /// with any other facts: each with whether it may from here on, in the order of the values.
    pub(in crate::analyze) fn along(&mut self, conditions: Vec<u32>) -> Vec<(u32, bool)> {
        let space = Space::of(&self.vocabulary, conditions);
        self.atoms.resize(self.vocabulary.atoms.len(), Verdict::Depends);
        space.axes.iter().for_each(|axis| axis.clear(&mut self.atoms));
        let axis = space.axes.iter().max_by_key(|axis| axis.asking.len());
        axis.into_iter().for_each(|axis| axis.begin(&mut self.atoms));
        let formulas = &self.vocabulary.conditions;
        let may_hold = |condition: u32, atoms: &[Verdict]| {
            value(&formulas[condition as usize], atoms) != Verdict::Deny
        };
        let all = space.conditions.iter().map(|c| (*c, may_hold(*c, &self.atoms)));
        let mut now: Vec<bool> = all.clone().map(|(_, holds)| holds).collect();
        let mut turns: Vec<(u32, bool)> = all.filter(|(_, holds)| *holds).collect();
        let Some(axis) = axis else { return turns };
        for value in 0..axis.stated() {
            axis.advance(value, &mut self.atoms);
            for place in axis.turning(value) {
                let (place, condition) = (*place as usize, space.conditions[*place as usize]);
                let holds = may_hold(condition, &self.atoms);
                if std::mem::replace(&mut now[place], holds) != holds {
                    turns.push((condition, holds));
                }
            }
        }
        turns
    }

    /// Whether some facts meet the goals; those that nothing waits for stay unstated.
    fn satisfiable(&mut self, goals: &Goals) -> Option<bool> {
        let all = goals.wanted.iter().chain(&goals.unwanted).map(|(condition, _)| *condition);
        let space = Space::of(&self.vocabulary, all.collect());
        self.searching(&space, |search, effort| search.meets(goals, effort))
    }

    /// Searches several times among the same conditions.
    pub(super) fn searching<T>(
        &mut self,
        space: &Space,
        searches: impl FnOnce(&mut Search<'_>, &mut Effort) -> T,
    ) -> T {
        let Self { vocabulary, atoms, effort, .. } = self;
        atoms.resize(vocabulary.atoms.len(), Verdict::Depends);
        searches(&mut Search::new(&vocabulary.conditions, space, atoms), effort)
    }

    /// Whether a statement holds whenever another of its kind does.
    pub(super) fn implies(&mut self, condition: u32, other: u32) -> bool {
        let (yes, no) = (Verdict::Allow, Verdict::Deny);
        let without = [
            Goals { wanted: vec![(condition, yes)], unwanted: vec![(other, yes)] },
            Goals { wanted: vec![(other, no)], unwanted: vec![(condition, no)] },
        ];
        condition == other || without.iter().all(|goals| self.satisfiable(goals) == Some(false))
    }
}

/// A search among the conditions of a space.
pub(super) struct Search<'s> {
    formulas: &'s [Formula],
    space: &'s Space,
    atoms: &'s mut [Verdict],
    /// What each condition comes to without any fact.
    blank: Vec<Verdict>,
    /// What the conditions that goals are about come to by the facts stated so far.
    values: Vec<Verdict>,
    goals: Vec<Goal>,
    /// The places of the conditions that are to be yes or no, and of all that goals are about.
    wanted: Vec<usize>,
    about: Vec<usize>,
    /// How many goals cannot be met any more.
    lost: usize,
    /// The facts that have a value, be it that they stay unstated.
    stated: Vec<bool>,
}

/// What a condition is to come to.
#[derive(Clone, Copy, Default)]
struct Goal {
    wanted: Option<Verdict>,
    unwanted: [bool; 3],
}

impl Goal {
    fn is_lost(&self, value: Verdict) -> bool {
        self.unwanted[value as usize] || self.wanted.is_some_and(|wanted| value == not(wanted))
    }
}

impl<'s> Search<'s> {
    fn new(formulas: &'s [Formula], space: &'s Space, atoms: &'s mut [Verdict]) -> Self {
        space.axes.iter().for_each(|axis| axis.clear(atoms));
        let all = space.conditions.iter().map(|id| value(&formulas[*id as usize], atoms));
        let blank: Vec<Verdict> = all.collect();
        Self {
            formulas,
            space,
            atoms,
            values: blank.clone(),
            goals: vec![Goal::default(); blank.len()],
            blank,
            wanted: Vec::new(),
            about: Vec::new(),
            lost: 0,
            stated: vec![false; space.axes.len()],
        }
    }

    /// Whether some facts meet the goals; `None` if that takes too much work to find out.
    pub(super) fn meets(&mut self, goals: &Goals, effort: &mut Effort) -> Option<bool> {
        for place in std::mem::take(&mut self.about) {
            self.goals[place] = Goal::default();
        }
        self.wanted.clear();
        for (condition, wanted) in &goals.wanted {
            let place = self.space.place(*condition);
            if self.goals[place].wanted.is_some_and(|other| other != *wanted) {
                return Some(false);
            }
            self.goals[place].wanted = Some(*wanted);
            self.wanted.push(place);
            self.about.push(place);
        }
        for (condition, unwanted) in &goals.unwanted {
            let place = self.space.place(*condition);
            self.goals[place].unwanted[*unwanted as usize] = true;
            self.about.push(place);
        }
        self.about.sort_unstable();
        self.about.dedup();
        self.lost = 0;
        for place in &self.about {
            self.values[*place] = self.blank[*place];
            self.lost += usize::from(self.goals[*place].is_lost(self.blank[*place]));
        }
        let before = MOST.min(effort.left());
        let mut left = before.saturating_sub(self.about.len() as u64);
        let met = self.run(&mut left);
        effort.spend(before - left);
        self.stated.fill(false);
        self.space.axes.iter().for_each(|axis| axis.clear(self.atoms));
        met
    }

    fn run(&mut self, left: &mut u64) -> Option<bool> {
        let space = self.space;
        let mut open: Vec<(usize, usize)> = Vec::new(); // facts, and the places of their values
        loop {
            *left = left.checked_sub(self.wanted.len() as u64)?;
            match self.next() {
                Next::Met => return Some(true),
                Next::State(fact) => {
                    self.stated[fact] = true;
                    space.axes[fact].begin(self.atoms);
                    self.evaluate(&space.axes[fact].asking, left)?;
                    open.push((fact, 0));
                }
                Next::Fails => loop {
                    let Some((fact, value)) = open.last_mut() else { return Some(false) };
                    let axis = &space.axes[*fact];
                    if axis.advance(*value, self.atoms) {
                        *value += 1;
                        let asking = axis.turning(*value - 1);
                        self.evaluate(asking, left)?;
                        break;
                    }
                    // Its last value was to be unstated, as it is again.
                    self.stated[*fact] = false;
                    open.pop();
                },
            }
        }
    }

    fn next(&self) -> Next {
        if self.lost > 0 {
            return Next::Fails;
        }
        let waits = |place: &&usize| self.goals[**place].wanted != Some(self.values[**place]);
        let Some(place) = self.wanted.iter().find(waits) else { return Next::Met };
        let place = *place as u32;
        let asks = |fact: &usize| {
            !self.stated[*fact] && self.space.axes[*fact].asking.binary_search(&place).is_ok()
        };
        (0..self.stated.len()).find(asks).map_or(Next::Fails, Next::State)
    }

    /// Evaluates conditions again; `None` if that has become too much.
    fn evaluate(&mut self, places: &[u32], left: &mut u64) -> Option<()> {
        for place in places.iter().map(|place| *place as usize) {
            let goal = self.goals[place];
            if goal.wanted.is_none() && goal.unwanted == [false; 3] {
                continue;
            }
            *left = left.checked_sub(self.space.weights[place])?;
            let now = value(&self.formulas[self.space.conditions[place] as usize], self.atoms);
            let before = std::mem::replace(&mut self.values[place], now);
            self.lost += usize::from(goal.is_lost(now));
            self.lost -= usize::from(goal.is_lost(before));
        }
        *left = left.checked_sub(places.len() as u64 / 4)?;
        Some(())
    }
}

enum Next {
    Met,
    /// Some goal cannot be met any more.
    Fails,
    /// A wanted condition waits for this fact.
    State(usize),
}

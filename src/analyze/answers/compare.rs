//! Two answers under all values of the facts that they ask for. Where there are too many, that is said,
//! and nothing is guessed.

use super::space::{Space, Watch, not};
use super::{Answer, Answers, NO_DAYS};
use crate::Verdict;
use std::collections::BTreeMap;

/// What one comparison may cost, in tests of facts that are evaluated.
const MOST: u64 = 16_000_000;

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

impl Answers {
    /// How `new` differs from `old`.
    pub(in crate::analyze) fn compare(&mut self, old: Answer, new: Answer) -> Comparison {
        if old == new {
            return Comparison::default();
        }
        if let Some(known) = self.compared.get(&(old, new)) {
            return *known;
        }
        let space = self.space([old, new]);
        let comparison = match space.cost() <= MOST && self.effort.spend(space.cost()) {
            true => {
                let mut pair = Pair::new(self, &space, [old, new]);
                self.walk(&space, &mut pair);
                pair.all
            }
            false => Comparison { undecided: true, ..Comparison::default() },
        };
        self.compared.insert((old, new), comparison);
        comparison
    }

    /// The facts under which two answers differ, as they are stated: `age=18`.
    pub(in crate::analyze) fn witness(&self, old: Answer, new: Answer) -> Vec<String> {
        match self.compared.get(&(old, new)).filter(|c| !c.undecided) {
            Some(comparison) => self.space([old, new]).stated(&self.vocabulary, comparison.witness),
            None => Vec::new(),
        }
    }

    fn space(&self, of: [Answer; 2]) -> Space {
        let conditions = of.iter().flat_map(|answer| self.conditions(*answer)).collect();
        Space::of(&self.vocabulary, conditions)
    }

    /// The conditions that an answer asks for.
    fn conditions(&self, answer: Answer) -> Vec<u32> {
        let points = self.points(answer).into_iter().flatten();
        let of_points = points.flat_map(|(permits, nevers)| [permits, nevers].concat());
        of_points.chain(self.duties(answer).iter().map(|duty| duty.condition)).collect()
    }
}

/// Two answers under one combination after another.
struct Pair {
    sides: [Side; 2],
    /// Of each condition, what it stands for.
    uses: Vec<Vec<Use>>,
    all: Comparison,
    /// How grave what shows the difference is.
    best: Option<u8>,
}

/// Where a condition stands: in which answer, and as what.
#[derive(Clone, Copy)]
struct Use {
    side: usize,
    stands: Stands,
}

#[derive(Clone, Copy)]
enum Stands {
    Permit(usize),
    Never(usize),
    Duty(u128, u32),
}

/// An answer under one combination.
#[derive(Default)]
struct Side {
    is_denied: bool,
    points: Vec<Point>,
    /// How many of the points have each verdict.
    verdicts: Counts,
    due: Due,
}

/// How many have each of the three values.
type Counts = [u32; 3];

#[derive(Clone, Default)]
struct Point {
    permits: Counts,
    nevers: Counts,
}

impl Point {
    fn verdict(&self) -> Verdict {
        greatest(&self.permits).min(not(greatest(&self.nevers)))
    }
}

fn greatest(counts: &Counts) -> Verdict {
    let values = [Verdict::Allow, Verdict::Depends];
    values.into_iter().find(|value| counts[*value as usize] > 0).unwrap_or(Verdict::Deny)
}

/// The duties and periods whose conditions may hold.
struct Due {
    times: [u32; 128],
    duties: u128,
    days: BTreeMap<u32, u32>,
}

impl Default for Due {
    fn default() -> Self {
        Self { times: [0; 128], duties: 0, days: BTreeMap::new() }
    }
}

impl Due {
    fn turn(&mut self, duties: u128, days: u32, holds: bool) {
        let mut left = duties;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let times = &mut self.times[bit as usize];
            *times = if holds { *times + 1 } else { *times - 1 };
            match *times {
                0 => self.duties &= !(1 << bit),
                _ => self.duties |= 1 << bit,
            }
        }
        if days == NO_DAYS {
            return;
        }
        let times = self.days.entry(days).or_default();
        *times = if holds { *times + 1 } else { *times - 1 };
        if *times == 0 {
            self.days.remove(&days);
        }
    }
}

/// What an answer comes to under one combination.
#[derive(PartialEq, Eq)]
struct Outcome {
    verdict: Verdict,
    duties: u128,
    days: u32,
}

impl Side {
    fn turn(&mut self, stands: Stands, before: Option<Verdict>, now: Verdict) {
        let (point, is_permit) = match stands {
            Stands::Permit(point) => (point, true),
            Stands::Never(point) => (point, false),
            Stands::Duty(duties, days) => {
                let may_hold = |value: Verdict| value != Verdict::Deny;
                if before.is_some_and(may_hold) != may_hold(now) {
                    self.due.turn(duties, days, may_hold(now));
                }
                return;
            }
        };
        let point = &mut self.points[point];
        self.verdicts[point.verdict() as usize] -= 1;
        let counts = if is_permit { &mut point.permits } else { &mut point.nevers };
        if let Some(before) = before {
            counts[before as usize] -= 1;
        }
        counts[now as usize] += 1;
        self.verdicts[point.verdict() as usize] += 1;
    }

    fn outcome(&self) -> Outcome {
        let has = |verdict: Verdict| self.verdicts[verdict as usize] > 0;
        if self.is_denied || has(Verdict::Deny) {
            return Outcome { verdict: Verdict::Deny, duties: 0, days: NO_DAYS };
        }
        let verdict = if has(Verdict::Depends) { Verdict::Depends } else { Verdict::Allow };
        let days = self.due.days.first_key_value().map_or(NO_DAYS, |(days, _)| *days);
        Outcome { verdict, duties: self.due.duties, days }
    }
}

impl Pair {
    fn new(answers: &Answers, space: &Space, pair: [Answer; 2]) -> Self {
        let mut uses: Vec<Vec<Use>> = vec![Vec::new(); space.conditions.len()];
        let sides = [0, 1].map(|side| {
            let mut add = |condition: u32, stands| {
                uses[space.place(condition)].push(Use { side, stands });
            };
            let answer = pair[side];
            let Some(points) = answers.points(answer) else {
                return Side { is_denied: true, ..Side::default() };
            };
            let mut count = 0;
            for (permits, nevers) in points {
                permits.iter().for_each(|condition| add(*condition, Stands::Permit(count)));
                nevers.iter().for_each(|condition| add(*condition, Stands::Never(count)));
                count += 1;
            }
            for duty in answers.duties(answer) {
                add(duty.condition, Stands::Duty(duty.duties, duty.days));
            }
            // Before any condition has a value, nothing is permitted.
            let verdicts = [count as u32, 0, 0];
            Side { points: vec![Point::default(); count], verdicts, ..Side::default() }
        });
        Self { sides, uses, all: Comparison::default(), best: None }
    }
}

impl Watch for Pair {
    fn turned(&mut self, place: usize, before: Option<Verdict>, now: Verdict) {
        for Use { side, stands } in &self.uses[place] {
            self.sides[*side].turn(*stands, before, now);
        }
    }

    fn at(&mut self, number: u64) -> bool {
        let [a, b] = [0, 1].map(|side| self.sides[side].outcome());
        if a == b {
            return true;
        }
        let one = Comparison::between(&a, &b);
        // That more is allowed is shown before that less is, and that before anything else; of what is
        // as grave, the first.
        let rank = Some(one.rank());
        let witness = match rank.cmp(&self.best) {
            std::cmp::Ordering::Greater => number,
            std::cmp::Ordering::Equal => number.min(self.all.witness),
            std::cmp::Ordering::Less => self.all.witness,
        };
        self.best = self.best.max(rank);
        self.all = Comparison { witness, ..self.all.and(one) };
        true
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
            witness: self.witness,
        }
    }
}

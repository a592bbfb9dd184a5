//! Two answers under all values of the facts that they ask for. Where there are too many, that is said,
//! and nothing is guessed.

use super::comparison::{Comparison, Outcome};
use super::limits::{Slot, Strictness, UNLIMITED};
use super::space::{Space, Watch, not};
use super::spelled::Due;
use super::{Answer, Answers};
use crate::Verdict;
use std::collections::BTreeMap;

/// What one comparison may cost, in tests of facts that are evaluated.
const MOST: u64 = 16_000_000;

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
        // Those of permits with bases are among those of permits, unless one holds always.
        let of_points = points.flat_map(|point| {
            [point.permits, point.based.unwrap_or_default(), point.nevers].concat()
        });
        of_points.chain(self.dues(answer).iter().map(|due| due.condition)).collect()
    }
}

/// Two answers under one combination after another.
struct Pair {
    sides: [Side; 2],
    slots: Vec<Slot>,
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
    /// A permit that names bases, of a point that may lack one.
    Based(usize),
    Never(usize),
    Due(usize),
}

/// An answer under one combination.
#[derive(Default)]
struct Side {
    is_denied: bool,
    may_be_optional: bool,
    points: Vec<Point>,
    /// How many of the points have each verdict.
    verdicts: Counts,
    /// At how many points no permit with a basis is yes, and at how many all are no.
    unbased: [u32; 2],
    dues: Vec<LocalDue>,
    terms: Terms,
}

/// How many have each of the three values.
type Counts = [u32; 3];

#[derive(Clone, Default)]
struct Point {
    permits: Counts,
    nevers: Counts,
    /// `None` if the point never lacks a basis.
    based: Option<Counts>,
}

impl Point {
    fn verdict(&self) -> Verdict {
        greatest(&self.permits).min(not(greatest(&self.nevers)))
    }

    /// Whether it lacks a basis if the question is allowed, and if it depends.
    fn unbased(&self) -> [u32; 2] {
        self.based.as_ref().map_or([0; 2], |based| {
            let greatest = greatest(based);
            [greatest != Verdict::Allow, greatest == Verdict::Deny].map(u32::from)
        })
    }
}

fn greatest(counts: &Counts) -> Verdict {
    let values = [Verdict::Allow, Verdict::Depends];
    values.into_iter().find(|value| counts[*value as usize] > 0).unwrap_or(Verdict::Deny)
}

/// What a condition brings, with slots by their places.
struct LocalDue {
    duties: u128,
    bases: u128,
    is_required: bool,
    limits: Vec<(usize, Strictness)>,
}

/// What comes with an answer under one combination.
#[derive(Default)]
struct Terms {
    duties: Bits,
    /// Those whose conditions are yes, and those whose conditions are not no.
    bases: [Bits; 2],
    required: u32,
    /// Of each slot the limits, each with how often it stands there.
    limits: Vec<BTreeMap<Strictness, u32>>,
    /// Of each slot the first of these.
    strictest: Vec<Strictness>,
}

/// Bits, each with how often it is there.
struct Bits {
    times: [u32; 128],
    set: u128,
}

impl Default for Bits {
    fn default() -> Self {
        Self { times: [0; 128], set: 0 }
    }
}

impl Bits {
    fn turn(&mut self, bits: u128, holds: bool) {
        let mut left = bits;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let times = &mut self.times[bit as usize];
            *times = if holds { *times + 1 } else { *times - 1 };
            match *times {
                0 => self.set &= !(1 << bit),
                _ => self.set |= 1 << bit,
            }
        }
    }
}

impl Terms {
    /// The condition of a due has another value; at first it had none.
    fn turn(&mut self, due: &LocalDue, before: Option<Verdict>, now: Verdict) {
        let is_yes = |value: Verdict| value == Verdict::Allow;
        if before.is_some_and(is_yes) != is_yes(now) {
            self.bases[0].turn(due.bases, is_yes(now));
        }
        let may_hold = |value: Verdict| value != Verdict::Deny;
        let holds = may_hold(now);
        if before.is_some_and(may_hold) == holds {
            return;
        }
        self.bases[1].turn(due.bases, holds);
        self.duties.turn(due.duties, holds);
        if due.is_required {
            self.required = if holds { self.required + 1 } else { self.required - 1 };
        }
        for (slot, strictness) in &due.limits {
            let times = self.limits[*slot].entry(*strictness).or_default();
            *times = if holds { *times + 1 } else { *times - 1 };
            if *times == 0 {
                self.limits[*slot].remove(strictness);
            }
            let first = self.limits[*slot].first_key_value();
            self.strictest[*slot] = first.map_or(UNLIMITED, |(strictness, _)| *strictness);
        }
    }
}

impl Side {
    fn turn(&mut self, stands: Stands, before: Option<Verdict>, now: Verdict) {
        let place = match stands {
            Stands::Permit(place) | Stands::Based(place) | Stands::Never(place) => place,
            Stands::Due(due) => return self.terms.turn(&self.dues[due], before, now),
        };
        let point = &mut self.points[place];
        let unbased = point.unbased();
        self.verdicts[point.verdict() as usize] -= 1;
        let counts = match stands {
            Stands::Permit(_) | Stands::Due(_) => &mut point.permits,
            Stands::Based(_) => point.based.get_or_insert_default(),
            Stands::Never(_) => &mut point.nevers,
        };
        if let Some(before) = before {
            counts[before as usize] -= 1;
        }
        counts[now as usize] += 1;
        self.verdicts[point.verdict() as usize] += 1;
        for (at, now) in point.unbased().into_iter().enumerate() {
            self.unbased[at] = self.unbased[at] - unbased[at] + now;
        }
    }

    fn outcome(&self) -> Outcome<'_> {
        let has = |verdict: Verdict| self.verdicts[verdict as usize] > 0;
        let verdict = match () {
            () if self.is_denied || has(Verdict::Deny) => Verdict::Deny,
            () if has(Verdict::Depends) => Verdict::Depends,
            () => Verdict::Allow,
        };
        let threshold = usize::from(verdict != Verdict::Allow);
        Outcome {
            verdict,
            duties: self.terms.duties.set,
            bases: self.terms.bases[threshold].set,
            is_unbased: self.unbased[threshold] > 0,
            is_optional: self.may_be_optional && self.terms.required == 0,
            limits: &self.terms.strictest,
        }
    }
}

impl Pair {
    fn new(answers: &Answers, space: &Space, pair: [Answer; 2]) -> Self {
        let dues = pair.map(|answer| answers.dues(answer));
        let slots_of =
            |due: &Due| answers.vocabulary.limits.get(due.limits).iter().map(|(slot, _)| *slot);
        let mut slots: Vec<Slot> = dues.iter().flatten().flat_map(slots_of).collect();
        slots.sort_unstable();
        slots.dedup();
        let mut uses: Vec<Vec<Use>> = vec![Vec::new(); space.conditions.len()];
        let sides = [0, 1].map(|side| {
            let add = |condition: u32, stands| {
                uses[space.place(condition)].push(Use { side, stands });
            };
            Self::side(answers, pair[side], &dues[side], &slots, add)
        });
        Self { sides, slots, uses, all: Comparison::default(), best: None }
    }

    fn side(
        answers: &Answers,
        answer: Answer,
        dues: &[Due],
        slots: &[Slot],
        mut add: impl FnMut(u32, Stands),
    ) -> Side {
        let Some(conditions) = answers.points(answer) else {
            let terms = Terms { strictest: vec![UNLIMITED; slots.len()], ..Terms::default() };
            return Side { is_denied: true, terms, ..Side::default() };
        };
        let mut points = Vec::new();
        for point in conditions {
            let place = points.len();
            point.permits.iter().for_each(|condition| add(*condition, Stands::Permit(place)));
            point.nevers.iter().for_each(|condition| add(*condition, Stands::Never(place)));
            let based = point.based.into_iter().flatten();
            based.for_each(|condition| add(*condition, Stands::Based(place)));
            points
                .push(Point { based: point.based.map(|_| Counts::default()), ..Point::default() });
        }
        let local = |due: &Due| LocalDue {
            duties: due.duties,
            bases: due.bases,
            is_required: due.is_required,
            limits: (answers.vocabulary.limits.get(due.limits).iter())
                .filter_map(|(slot, limit)| Some((slots.binary_search(slot).ok()?, *limit)))
                .collect(),
        };
        dues.iter().enumerate().for_each(|(at, due)| add(due.condition, Stands::Due(at)));
        // Before any condition has a value, nothing is permitted.
        let unbased = points.iter().map(Point::unbased);
        let unbased = unbased.fold([0; 2], |[a, b], [c, d]| [a + c, b + d]);
        Side {
            may_be_optional: answers.may_be_optional(answer),
            verdicts: [points.len() as u32, 0, 0],
            unbased,
            points,
            dues: dues.iter().map(local).collect(),
            terms: Terms {
                limits: vec![BTreeMap::new(); slots.len()],
                strictest: vec![UNLIMITED; slots.len()],
                ..Terms::default()
            },
            is_denied: false,
        }
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
        let one = Comparison::between(&a, &b, &self.slots);
        if one.is_same() {
            return true;
        }
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

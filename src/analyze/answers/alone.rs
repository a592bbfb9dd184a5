//! Which statements of a point the answer there needs: what leaving each of them out would change.
//!
//! A statement alone decides where it is the only one with the greatest value of its kind, and it alone
//! brings a duty or the shortest retention where no other one does. So one walk through the facts finds it
//! out for all statements, by counting. If there are too many facts to walk through, each statement is
//! searched separately for facts under which it is needed.

use super::search::{Goals, Search};
use super::space::{Space, Watch, not};
use super::{Answers, Duty, Effort, NO_DAYS, Translation};
use crate::Verdict;
use crate::model::{Statement, StatementKind};
use std::collections::BTreeMap;

/// What a walk may cost, in tests of facts that are evaluated.
const MOST: u64 = 64_000_000;

/// Statements of a point that are of one kind and say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::analyze) struct Shape {
    kind: StatementKind,
    due: Duty,
}

impl Shape {
    pub(in crate::analyze) fn of(statement: &Statement, translation: &Translation) -> Self {
        Self { kind: statement.kind, due: Duty::of(statement, translation) }
    }

    pub(in crate::analyze) fn condition(&self) -> u32 {
        self.due.condition
    }

    /// The duties and the period that it brings.
    pub(in crate::analyze) fn due(&self) -> (u128, u32) {
        (self.due.duties, self.due.days)
    }
}

/// Whether the answer is another one without a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::analyze) enum Need {
    /// It is the same under all facts.
    Idle,
    /// Under some facts it is another one.
    Needed,
    /// There are too many facts to tell.
    Unknown,
}

impl Answers {
    /// Whether each of these statements is needed at the point that they cover; `true` is said of those
    /// that stand there several times, none of which is.
    pub(in crate::analyze) fn needs(&mut self, shapes: &[(Shape, bool)]) -> Vec<Need> {
        let conditions = shapes.iter().map(|(shape, _)| shape.due.condition).collect();
        let space = Space::of(&self.vocabulary, conditions);
        // A search for one statement evaluates each condition some times.
        let searching = (16 * shapes.len() as u64).saturating_mul(space.weights.iter().sum());
        match space.cost() <= MOST.min(searching.max(10_000)) && self.effort.spend(space.cost()) {
            true => self.walked(&space, shapes),
            false => self.searched(&space, shapes),
        }
    }

    fn walked(&mut self, space: &Space, shapes: &[(Shape, bool)]) -> Vec<Need> {
        let mut count = Count::new(space, shapes);
        self.walk(space, &mut count);
        count.needs
    }

    fn searched(&mut self, space: &Space, shapes: &[(Shape, bool)]) -> Vec<Need> {
        self.searching(space, |search, effort| {
            let need = |at: usize| match shapes[at].1 {
                true => Need::Idle,
                false => need(search, effort, shapes, at),
            };
            (0..shapes.len()).map(need).collect()
        })
    }

    /// Whether a statement holds whenever another of its kind does, and brings all that it brings: beside
    /// it, the other one adds nothing. False too where there are too many facts to tell.
    pub(in crate::analyze) fn says(&mut self, one: Shape, other: Shape) -> bool {
        let brings = one.due.days <= other.due.days && other.due.duties & !one.due.duties == 0;
        one.kind == other.kind
            && (one.kind == StatementKind::Never || brings)
            && self.implies(other.due.condition, one.due.condition)
    }
}

// ── By walking ──────────────────────────────────────────────────────────────────────────────────

/// How many statements there are, and the sum of their places: of one, its place.
#[derive(Clone, Copy, Default)]
struct Tally {
    count: usize,
    sum: usize,
}

impl Tally {
    fn turn(&mut self, place: usize, count: usize, is_there: bool) {
        let (times, sum) = (count, count * place);
        match is_there {
            true => (self.count, self.sum) = (self.count + times, self.sum + sum),
            false => (self.count, self.sum) = (self.count - times, self.sum - sum),
        }
    }

    fn only(&self) -> Option<usize> {
        (self.count == 1).then_some(self.sum)
    }
}

/// The greatest of the values: whose it is if it is that of one statement, and what it is without.
struct Greatest {
    value: Verdict,
    only: Option<usize>,
    without: Verdict,
}

fn greatest(tallies: &[Tally; 3]) -> Greatest {
    let mut values = [Verdict::Allow, Verdict::Depends]
        .into_iter()
        .filter(|value| tallies[*value as usize].count > 0);
    let value = values.next().unwrap_or(Verdict::Deny);
    let without = values.next().unwrap_or(Verdict::Deny);
    let only = tallies[value as usize].only().filter(|_| value != Verdict::Deny);
    Greatest { value, only, without }
}

/// The statements of a point under one combination of values after another.
struct Count<'s> {
    shapes: &'s [(Shape, bool)],
    /// Of each condition, the statements that have it.
    having: Vec<Vec<usize>>,
    permits: [Tally; 3],
    nevers: [Tally; 3],
    /// Of each duty, and of each period, the statements that may bring it.
    duties: Vec<Tally>,
    /// The duties that only one statement may bring.
    single: u128,
    days: BTreeMap<u32, Tally>,
    needs: Vec<Need>,
    /// How many are not known to be needed yet.
    open: usize,
}

impl<'s> Count<'s> {
    fn new(space: &Space, shapes: &'s [(Shape, bool)]) -> Self {
        let mut having = vec![Vec::new(); space.conditions.len()];
        for (at, (shape, _)) in shapes.iter().enumerate() {
            having[space.place(shape.due.condition)].push(at);
        }
        Self {
            shapes,
            having,
            permits: [Tally::default(); 3],
            nevers: [Tally::default(); 3],
            duties: vec![Tally::default(); 128],
            single: 0,
            days: BTreeMap::new(),
            needs: vec![Need::Idle; shapes.len()],
            open: shapes.iter().filter(|(_, several)| !several).count(),
        }
    }

    fn due(&mut self, at: usize, times: usize, may_hold: bool) {
        let due = self.shapes[at].0.due;
        let mut left = due.duties;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let tally = &mut self.duties[bit as usize];
            tally.turn(at, times, may_hold);
            match tally.count {
                1 => self.single |= 1 << bit,
                _ => self.single &= !(1 << bit),
            }
        }
        if due.days != NO_DAYS {
            let tally = self.days.entry(due.days).or_default();
            tally.turn(at, times, may_hold);
            if tally.count == 0 {
                self.days.remove(&due.days);
            }
        }
    }

    fn needed(&mut self, at: usize) {
        if self.needs[at] == Need::Idle {
            self.needs[at] = Need::Needed;
            self.open -= 1;
        }
    }
}

impl Watch for Count<'_> {
    fn turned(&mut self, place: usize, before: Option<Verdict>, now: Verdict) {
        let having = std::mem::take(&mut self.having[place]);
        for at in having.iter().copied() {
            let (shape, several) = self.shapes[at];
            let times = if several { 2 } else { 1 };
            let tallies = match shape.kind {
                StatementKind::Permit => Some(&mut self.permits),
                StatementKind::Never => Some(&mut self.nevers),
                StatementKind::Require => None,
            };
            if let Some(tallies) = tallies {
                before.iter().for_each(|before| tallies[*before as usize].turn(at, times, false));
                tallies[now as usize].turn(at, times, true);
            }
            let may_hold = |value: Verdict| value != Verdict::Deny;
            if shape.kind != StatementKind::Never && before.is_some_and(may_hold) != may_hold(now) {
                self.due(at, times, may_hold(now));
            }
        }
        self.having[place] = having;
    }

    fn at(&mut self, _: u64) -> bool {
        let (permit, never) = (greatest(&self.permits), greatest(&self.nevers));
        let now = permit.value.min(not(never.value));
        let without = [
            (permit.only, permit.without.min(not(never.value))),
            (never.only, permit.value.min(not(never.without))),
        ];
        for (at, then) in without {
            at.filter(|_| then != now).into_iter().for_each(|at| self.needed(at));
        }
        if now != Verdict::Deny {
            let mut single = self.single;
            while single != 0 {
                let bit = single.trailing_zeros() as usize;
                single &= single - 1;
                self.duties[bit].only().into_iter().for_each(|at| self.needed(at));
            }
            let shortest = self.days.first_key_value().and_then(|(_, tally)| tally.only());
            shortest.into_iter().for_each(|at| self.needed(at));
        }
        self.open > 0
    }
}

// ── By searching ────────────────────────────────────────────────────────────────────────────────

/// Whether one statement is needed beside the others.
fn need(search: &mut Search<'_>, effort: &mut Effort, shapes: &[(Shape, bool)], at: usize) -> Need {
    let others = shapes.iter().enumerate().filter(|(other, _)| *other != at);
    let others = Others { list: others.map(|(_, (shape, _))| *shape).collect() };
    let mut need = Need::Idle;
    for goals in others.showing(shapes[at].0) {
        match search.meets(&goals, effort) {
            Some(true) => return Need::Needed,
            Some(false) => {}
            None => need = Need::Unknown,
        }
        if effort.left() == 0 {
            return Need::Unknown;
        }
    }
    need
}

/// The statements beside one.
struct Others {
    list: Vec<Shape>,
}

const YES: Verdict = Verdict::Allow;
const NO: Verdict = Verdict::Deny;

impl Others {
    /// How the answer may be another one without a statement: it is if one of these goals is met.
    fn showing(&self, shape: Shape) -> Box<dyn Iterator<Item = Goals> + '_> {
        let own = shape.due.condition;
        let goals = |wanted: Vec<(u32, Verdict)>, unwanted| Goals { wanted, unwanted };
        let with = |mut list: Vec<(u32, Verdict)>, one| {
            list.push(one);
            list
        };
        match shape.kind {
            StatementKind::Permit => {
                // It is yes, which no other permit is; or it may be yes, and no other permit may.
                let all = [
                    goals(
                        with(self.are(StatementKind::Never, NO), (own, YES)),
                        self.are(StatementKind::Permit, YES),
                    ),
                    goals(
                        self.are(StatementKind::Permit, NO),
                        with(self.are(StatementKind::Never, YES), (own, NO)),
                    ),
                ];
                Box::new(all.into_iter().chain(self.brings(shape, vec![own])))
            }
            // It forbids what no other one does; or it may, where none may and a permit holds.
            StatementKind::Never => {
                Box::new(self.of(StatementKind::Permit).flat_map(move |permit| {
                    [
                        goals(
                            vec![(own, YES)],
                            with(self.are(StatementKind::Never, YES), (permit, NO)),
                        ),
                        goals(
                            with(self.are(StatementKind::Never, NO), (permit, YES)),
                            vec![(own, NO)],
                        ),
                    ]
                }))
            }
            StatementKind::Require => {
                let permits = self.of(StatementKind::Permit).collect();
                Box::new(self.brings(shape, permits))
            }
        }
    }

    /// How it may bring what no other one brings, where one of these permits may hold.
    fn brings(&self, shape: Shape, permits: Vec<u32>) -> impl Iterator<Item = Goals> + '_ {
        let Duty { condition: own, duties, days } = shape.due;
        let bits = (0..128).filter(move |bit| duties >> bit & 1 == 1);
        let period = (days != NO_DAYS).then_some(None);
        bits.map(Some).chain(period).flat_map(move |brought| {
            let brings = |due: &Duty| match brought {
                Some(duty) => due.duties >> duty & 1 == 1,
                None => due.days <= days,
            };
            let bringing =
                self.list.iter().filter(|s| s.kind != StatementKind::Never && brings(&s.due));
            let wanted: Vec<_> = bringing.map(|shape| (shape.due.condition, NO)).collect();
            let mut unwanted = self.are(StatementKind::Never, YES);
            unwanted.push((own, NO));
            permits.clone().into_iter().map(move |permit| {
                let (wanted, mut unwanted) = (wanted.clone(), unwanted.clone());
                unwanted.push((permit, NO));
                Goals { wanted, unwanted }
            })
        })
    }

    fn of(&self, kind: StatementKind) -> impl Iterator<Item = u32> + '_ {
        self.list.iter().filter(move |shape| shape.kind == kind).map(|shape| shape.due.condition)
    }

    fn are(&self, kind: StatementKind, verdict: Verdict) -> Vec<(u32, Verdict)> {
        self.of(kind).map(|condition| (condition, verdict)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Duty, NO_DAYS, Need, Shape, Space};
    use crate::Memory;
    use crate::analyze::answers::Answers;
    use crate::model::{Model, StatementKind};

    /// Numbers that look random, the same each time.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, count: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (self.0 >> 33) % count
        }
    }

    #[test]
    fn walking_and_searching_find_the_same_statements_needed() {
        let conditions = [
            "a",
            "not a",
            "b",
            "a and b",
            "a or not b",
            "n >= 3",
            "n > 3 and n < 7",
            "n == 5 or c is x",
            "c in (x, y)",
            "c is not z and a",
            "n != 3",
            "(a or b) and (n < 9 or c is z)",
        ];
        let mut text = "policy p category d purpose q fact a fact b fact n: number \
                        fact c: one of x, y, z\n"
            .to_owned();
        conditions.iter().for_each(|condition| text += &format!("use d for q when {condition}\n"));
        let Ok(model) = Model::from_loader(&Memory::new().with("p.why", text), "p.why") else {
            return;
        };
        let mut answers = Answers::new(u64::MAX);
        let translation = answers.vocabulary.add(&model);
        let count = model.statements.len() as u64;
        assert_eq!(count, conditions.len() as u64);
        let (mut numbers, mut needed) = (Numbers(7), [0; 2]);
        for _ in 0..3000 {
            let shapes: Vec<(Shape, bool)> = (0..1 + numbers.below(7))
                .map(|_| {
                    let kinds = [
                        StatementKind::Permit,
                        StatementKind::Permit,
                        StatementKind::Never,
                        StatementKind::Require,
                    ];
                    let condition = match numbers.below(count + 1) {
                        0 => 0,
                        at => translation.condition(model.statements[at as usize - 1].condition),
                    };
                    let days = [NO_DAYS, 5, 9][numbers.below(3) as usize];
                    let duties = u128::from(numbers.below(4));
                    let kind = kinds[numbers.below(4) as usize];
                    (Shape { kind, due: Duty { condition, duties, days } }, numbers.below(6) == 0)
                })
                .collect();
            let conditions = shapes.iter().map(|(shape, _)| shape.due.condition).collect();
            let space = Space::of(&answers.vocabulary, conditions);
            let walked = answers.walked(&space, &shapes);
            assert_eq!(walked, answers.searched(&space, &shapes), "{shapes:?}");
            walked.iter().for_each(|need| needed[usize::from(*need == Need::Needed)] += 1);
        }
        assert!(needed.iter().all(|count| *count > 1000), "{needed:?}");
    }
}

//! Which statements of a point its answer needs, by counting them under one combination of facts after another.

use super::Answers;
use super::limits::{Slot, Strictness};
use super::shape::{Need, Shape};
use super::space::{Space, Watch, not};
use super::spelled::Due;
use crate::Verdict;
use crate::model::StatementKind;
use std::collections::BTreeMap;

/// How many statements there are, the sum of their places and the sum of the squares of these: if all are the same
/// statement, which one it is. A statement that stands several times has two places.
#[derive(Clone, Copy, Default)]
struct Tally {
    count: u64,
    sum: u64,
    squares: u64,
}

impl Tally {
    fn turn(&mut self, (at, stands_often): (usize, bool), is_there: bool) {
        let places = if stands_often { 2 } else { 1 };
        for place in (0..places).map(|more| 2 * at as u64 + more) {
            let (sum, square) = (place, place * place);
            match is_there {
                true => {
                    (self.count, self.sum) = (self.count + 1, self.sum + sum);
                    self.squares += square;
                }
                false => {
                    (self.count, self.sum) = (self.count - 1, self.sum - sum);
                    self.squares -= square;
                }
            }
        }
    }

    /// The statement, if all are the same: the squares are the least for their sum only then.
    fn only(&self) -> Option<usize> {
        let all_alike = u128::from(self.count) * u128::from(self.squares)
            == u128::from(self.sum) * u128::from(self.sum);
        (self.count > 0 && all_alike).then(|| (self.sum / self.count / 2) as usize)
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

/// Of each bit, the statements that bring it.
struct Bits {
    tallies: Vec<Tally>,
    /// The bits that only one statement brings.
    single: u128,
}

impl Default for Bits {
    fn default() -> Self {
        Self { tallies: vec![Tally::default(); 128], single: 0 }
    }
}

impl Bits {
    fn turn(&mut self, bits: u128, statement: (usize, bool), is_there: bool) {
        let mut left = bits;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let tally = &mut self.tallies[bit as usize];
            tally.turn(statement, is_there);
            match tally.only() {
                Some(_) => self.single |= 1 << bit,
                None => self.single &= !(1 << bit),
            }
        }
    }

    /// The statements that alone bring a bit.
    fn alone(&self) -> impl Iterator<Item = usize> + '_ {
        let mut single = self.single;
        let bits = std::iter::from_fn(move || {
            let bit = single.trailing_zeros() as usize;
            (single != 0).then(|| {
                single &= single - 1;
                bit
            })
        });
        bits.filter_map(|bit| self.tallies[bit].only())
    }
}

/// What a condition stands for.
#[derive(Clone, Copy)]
enum Stands {
    Statement(usize),
    /// Some bases of a statement.
    Bases(usize, u128),
}

/// The statements of a point under one combination of values after another.
pub(super) struct Count<'s> {
    shapes: &'s [(Shape, bool)],
    /// The limits of each statement, with slots by their places.
    limits: Vec<Vec<(usize, Strictness)>>,
    /// Of each condition, what it stands for.
    having: Vec<Vec<Stands>>,
    permits: [Tally; 3],
    nevers: [Tally; 3],
    /// The permits that name bases.
    based: [Tally; 3],
    duties: Bits,
    /// Those whose conditions are yes, and those whose conditions are not no.
    bases: [Bits; 2],
    required: Tally,
    /// Of each slot the limits, with the statements that may bring each.
    strictest: Vec<BTreeMap<Strictness, Tally>>,
    needs: Vec<Need>,
    /// How many are not known to be needed yet.
    open: usize,
}

impl<'s> Count<'s> {
    pub(super) fn new(answers: &Answers, space: &Space, shapes: &'s [(Shape, bool)]) -> Self {
        let mut having = vec![Vec::new(); space.conditions.len()];
        for (at, (shape, _)) in shapes.iter().enumerate() {
            having[space.place(shape.due.condition)].push(Stands::Statement(at));
            for Due { condition, bases, .. } in answers.bases_of(*shape) {
                having[space.place(condition)].push(Stands::Bases(at, bases));
            }
        }
        let limits_of = |shape: &Shape| answers.vocabulary.limits.get(shape.due.limits);
        let all = shapes.iter().flat_map(|(shape, _)| limits_of(shape));
        let mut slots: Vec<Slot> = all.map(|(slot, _)| *slot).collect();
        slots.sort_unstable();
        slots.dedup();
        let local = |(shape, _): &(Shape, bool)| {
            let limits = limits_of(shape).iter();
            limits
                .filter_map(|(slot, limit)| Some((slots.binary_search(slot).ok()?, *limit)))
                .collect()
        };
        Self {
            shapes,
            limits: shapes.iter().map(local).collect(),
            having,
            permits: [Tally::default(); 3],
            nevers: [Tally::default(); 3],
            based: [Tally::default(); 3],
            duties: Bits::default(),
            bases: Default::default(),
            required: Tally::default(),
            strictest: vec![BTreeMap::new(); slots.len()],
            needs: vec![Need::Idle; shapes.len()],
            open: shapes.iter().filter(|(_, several)| !several).count(),
        }
    }

    pub(super) fn needs(self) -> Vec<Need> {
        self.needs
    }

    fn statement(&mut self, at: usize, before: Option<Verdict>, now: Verdict) {
        let (shape, several) = self.shapes[at];
        let tallies = match shape.kind {
            StatementKind::Permit => Some(&mut self.permits),
            StatementKind::Never => Some(&mut self.nevers),
            StatementKind::Require => None,
        };
        let based = shape.is_based().then_some(&mut self.based);
        for tallies in tallies.into_iter().chain(based) {
            before.iter().for_each(|before| tallies[*before as usize].turn((at, several), false));
            tallies[now as usize].turn((at, several), true);
        }
        let may_hold = |value: Verdict| value != Verdict::Deny;
        if before.is_some_and(may_hold) != may_hold(now) {
            self.due((at, several), may_hold(now));
        }
    }

    fn due(&mut self, statement: (usize, bool), may_hold: bool) {
        let due = self.shapes[statement.0].0.due;
        self.duties.turn(due.duties, statement, may_hold);
        if due.is_required {
            self.required.turn(statement, may_hold);
        }
        for (slot, strictness) in &self.limits[statement.0] {
            let tally = self.strictest[*slot].entry(*strictness).or_default();
            tally.turn(statement, may_hold);
            if tally.count == 0 {
                self.strictest[*slot].remove(strictness);
            }
        }
    }

    fn bases(&mut self, at: usize, bases: u128, before: Option<Verdict>, now: Verdict) {
        let statement = (at, self.shapes[at].1);
        for (counting, least) in self.bases.iter_mut().zip([Verdict::Allow, Verdict::Depends]) {
            let counts = |value: Verdict| value >= least;
            if before.is_some_and(counts) != counts(now) {
                counting.turn(bases, statement, counts(now));
            }
        }
    }

    fn needed(&mut self, at: usize) {
        if self.needs[at] != Need::Needed {
            self.needs[at] = Need::Needed;
            self.open -= 1;
        }
    }

    fn needed_above(&mut self, at: usize) {
        if self.needs[at] == Need::Idle {
            self.needs[at] = Need::Above;
        }
    }

    /// The statements without which the same verdict comes with something else.
    fn terms(&self, verdict: Verdict) -> Vec<usize> {
        let strictest = self.strictest.iter().filter_map(|limits| limits.first_key_value());
        let mut alone: Vec<usize> = strictest.filter_map(|(_, tally)| tally.only()).collect();
        alone.extend(self.duties.alone());
        alone.extend(self.required.only());
        alone.extend(self.naming(verdict));
        alone
    }

    /// The statements that alone name a basis, or any, in an answer with this verdict.
    fn naming(&self, verdict: Verdict) -> impl Iterator<Item = usize> + use<'_, 's> {
        let is_allowed = verdict == Verdict::Allow;
        let [_, depends, yes] = &self.based;
        let any = match is_allowed {
            true => yes.only(),
            false => Tally {
                count: yes.count + depends.count,
                sum: yes.sum + depends.sum,
                squares: yes.squares + depends.squares,
            }
            .only(),
        };
        self.bases[usize::from(!is_allowed)].alone().chain(any)
    }
}

impl Watch for Count<'_> {
    fn turned(&mut self, place: usize, before: Option<Verdict>, now: Verdict) {
        let having = std::mem::take(&mut self.having[place]);
        for stands in &having {
            match stands {
                Stands::Statement(at) => self.statement(*at, before, now),
                Stands::Bases(at, bases) => self.bases(*at, *bases, before, now),
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
            self.terms(now).into_iter().for_each(|at| self.needed(at));
        }
        if now == Verdict::Allow {
            let naming: Vec<usize> = self.naming(Verdict::Depends).collect();
            naming.into_iter().for_each(|at| self.needed_above(at));
        }
        self.open > 0
    }
}

//! Which statements of a point the answer there needs: what leaving each of them out would change.
//!
//! A statement alone decides where it is the only one with the greatest value of its kind, and it alone
//! brings a duty, a basis or the strictest limit where no other one does. So one walk through the facts
//! finds it out for all statements, by counting (`count`). If there are too many facts to walk through,
//! each statement is searched separately for facts under which it is needed.

use super::count::Count;
use super::limits::{LimitsId, NO_LIMITS, Slot, Strictness};
use super::search::{Goals, Search};
use super::shape::{Need, Shape};
use super::space::Space;
use super::spelled::{Cover, Due};
use super::{Answers, Effort, Translation};
use crate::Verdict;
use crate::model::{ActKind, StatementKind};

/// What a walk may cost, in tests of facts that are evaluated.
const MOST: u64 = 64_000_000;

/// The shapes that cover a point; `true` is said of those that stand there several times.
type Present<'s> = &'s [(Shape, bool)];

impl Answers {
    /// The shape of a statement where it covers points of an act.
    pub(in crate::analyze) fn shape(
        &mut self,
        cover: Cover<'_>,
        act: ActKind,
        translation: &Translation,
    ) -> Shape {
        self.alternatives.intern(&[]);
        let mut words = Vec::new();
        Due::of_bases(cover.statement, translation).for_each(|due| due.write(&mut words));
        let alternatives = self.alternatives.intern(&words);
        Shape { kind: cover.statement.kind, due: Due::of(cover, act, translation), alternatives }
    }

    /// No duty and no limit, as [`Shape::due`] numbers them.
    pub(in crate::analyze) fn nothing_due(&self) -> (u128, u32) {
        (0, NO_LIMITS)
    }

    /// The duties and the limits that come with two shapes together.
    pub(in crate::analyze) fn due_of_both(
        &mut self,
        one: (u128, u32),
        other: (u128, u32),
    ) -> (u128, u32) {
        (one.0 | other.0, self.vocabulary.limits.join(one.1, other.1))
    }

    /// The duties and the limits that count beside others.
    pub(in crate::analyze) fn due_beyond(
        &mut self,
        due: (u128, u32),
        others: (u128, u32),
    ) -> (u128, u32) {
        (due.0 & !others.0, self.vocabulary.limits.stricter(due.1, others.1))
    }

    /// Whether some limit of a list ends before what another one says is kept at least.
    pub(in crate::analyze) fn ends_before(&self, list: LimitsId, at_least: LimitsId) -> bool {
        self.vocabulary.limits.end_before(list, at_least)
    }

    /// The bases of a shape, each with its condition.
    pub(super) fn bases_of(&self, shape: Shape) -> impl Iterator<Item = Due> + '_ {
        self.alternatives.get(shape.alternatives).chunks_exact(super::WORDS).map(Due::read)
    }

    /// Whether each of these statements is needed at the point that they cover; none is of those that
    /// stand there several times.
    pub(in crate::analyze) fn needs(&mut self, shapes: Present<'_>) -> Vec<Need> {
        let space = Space::of(&self.vocabulary, self.conditions_of(shapes));
        // A search for one statement evaluates each condition some times.
        let searching = (16 * shapes.len() as u64).saturating_mul(space.weights.iter().sum());
        match space.cost() <= MOST.min(searching.max(10_000)) && self.effort.spend(space.cost()) {
            true => self.walked(&space, shapes),
            false => self.searched(&space, shapes),
        }
    }

    /// The conditions that statements ask for.
    fn conditions_of(&self, shapes: Present<'_>) -> Vec<u32> {
        let of = |shape: Shape| self.bases_of(shape).map(|due| due.condition);
        let all = shapes.iter();
        all.flat_map(|(shape, _)| of(*shape).chain([shape.due.condition])).collect()
    }

    fn walked(&mut self, space: &Space, shapes: Present<'_>) -> Vec<Need> {
        let mut count = Count::new(self, space, shapes);
        self.walk(space, &mut count);
        count.needs()
    }

    fn searched(&mut self, space: &Space, shapes: Present<'_>) -> Vec<Need> {
        let all = shapes.iter().map(|(shape, _)| {
            let limits = self.vocabulary.limits.get(shape.due.limits).to_vec();
            Stated { shape: *shape, limits, bases: self.bases_of(*shape).collect() }
        });
        let all: Vec<Stated> = all.collect();
        self.searching(space, |search, effort| {
            let need = |at: usize| match shapes[at].1 {
                true => Need::Idle,
                false => need(search, effort, &all, at),
            };
            (0..shapes.len()).map(need).collect()
        })
    }

    /// Whether a statement holds whenever another of its kind does, and brings all that it brings: beside
    /// it, the other one adds nothing. False too where there are too many facts to tell.
    pub(in crate::analyze) fn says(&mut self, one: Shape, other: Shape) -> bool {
        if one.kind != other.kind {
            return false;
        }
        let brings = other.due.duties & !one.due.duties == 0
            && self.vocabulary.limits.say(one.due.limits, other.due.limits)
            && (one.due.is_required || !other.due.is_required)
            && (one.is_based() || !other.is_based());
        (one.kind == StatementKind::Never || brings)
            && self.implies(other.due.condition, one.due.condition)
            && self.names_bases(one, other)
    }

    /// Whether the bases of a statement count whenever those of another one do.
    fn names_bases(&mut self, one: Shape, other: Shape) -> bool {
        let (own, others): (Vec<Due>, Vec<Due>) =
            (self.bases_of(one).collect(), self.bases_of(other).collect());
        let mut counts = |other: &Due| {
            let mut left = other.bases;
            for own in &own {
                if own.bases & left != 0 && self.implies(other.condition, own.condition) {
                    left &= !own.bases;
                }
            }
            left == 0
        };
        others.iter().all(&mut counts)
    }
}

// ── By searching ────────────────────────────────────────────────────────────────────────────────

/// A statement of a point with all that it says.
struct Stated {
    shape: Shape,
    limits: Vec<(Slot, Strictness)>,
    bases: Vec<Due>,
}

/// Whether one statement is needed beside the others.
fn need(search: &mut Search<'_>, effort: &mut Effort, all: &[Stated], at: usize) -> Need {
    let others = all.iter().enumerate().filter(|(other, _)| *other != at);
    let others = Others { list: others.map(|(_, stated)| stated).collect() };
    let mut need = Need::Idle;
    let showing = others.showing(&all[at]).map(|goals| (goals, Need::Needed));
    for (goals, shown) in showing.chain(others.above(&all[at]).map(|goals| (goals, Need::Above))) {
        match search.meets(&goals, effort) {
            Some(true) if shown == Need::Needed || need == Need::Idle => return shown,
            Some(_) => {}
            None => need = Need::Unknown,
        }
        if effort.left() == 0 {
            return Need::Unknown;
        }
    }
    need
}

/// The statements beside one.
struct Others<'s> {
    list: Vec<&'s Stated>,
}

const YES: Verdict = Verdict::Allow;
const NO: Verdict = Verdict::Deny;

/// What a statement may bring that no other one does.
#[derive(Clone, Copy)]
enum Brought {
    Duty(u32),
    /// The strictest limit of a slot.
    Limit(Slot, Strictness),
    Required,
}

impl Brought {
    fn is_of(self, stated: &Stated) -> bool {
        let due = &stated.shape.due;
        match self {
            Self::Duty(bit) => due.duties >> bit & 1 == 1,
            Self::Limit(slot, strictness) => {
                stated.limits.iter().any(|(at, limit)| *at == slot && *limit <= strictness)
            }
            Self::Required => due.is_required,
        }
    }
}

type Goal = (u32, Verdict);

impl<'s> Others<'s> {
    /// How the answer may be another one without a statement: it is if one of these goals is met.
    fn showing<'a>(&'a self, stated: &'a Stated) -> Box<dyn Iterator<Item = Goals> + 'a> {
        let shape = stated.shape;
        let own = shape.due.condition;
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
                let all = all.into_iter().chain(self.brings(stated, vec![own]));
                Box::new(all.chain(self.bases(stated)))
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
                Box::new(self.brings(stated, permits))
            }
        }
    }

    /// How it may bring what no other one brings, where one of these permits may hold.
    fn brings<'a>(
        &'a self,
        stated: &'a Stated,
        permits: Vec<u32>,
    ) -> impl Iterator<Item = Goals> + 'a {
        let due = stated.shape.due;
        let duties = (0..128).filter(move |bit| due.duties >> bit & 1 == 1).map(Brought::Duty);
        let limits = stated.limits.iter().map(|(slot, limit)| Brought::Limit(*slot, *limit));
        let required = due.is_required.then_some(Brought::Required);
        duties.chain(limits).chain(required).flat_map(move |brought| {
            let bringing = self
                .list
                .iter()
                .filter(|other| other.shape.kind != StatementKind::Never && brought.is_of(other));
            let wanted: Vec<_> = bringing.map(|other| (other.shape.due.condition, NO)).collect();
            let unwanted = with(self.are(StatementKind::Never, YES), (due.condition, NO));
            permits
                .clone()
                .into_iter()
                .map(move |permit| goals(wanted.clone(), with(unwanted.clone(), (permit, NO))))
        })
    }

    /// How a permit may name a basis that no other one names, or be the only one that names any.
    fn bases<'a>(&'a self, stated: &'a Stated) -> impl Iterator<Item = Goals> + 'a {
        let permit = stated.shape;
        self.naming(stated).flat_map(move |(own, others)| self.counting(permit, own, &others))
    }

    /// How it may do so in a question about more points, which depends on facts while the answer here is yes by another permit.
    fn above<'a>(&'a self, stated: &'a Stated) -> impl Iterator<Item = Goals> + 'a {
        self.naming(stated).flat_map(move |(own, others)| {
            let not_named = others.into_iter().map(|other| (other, NO)).collect::<Vec<_>>();
            let allowed = [not_named, self.are(StatementKind::Never, NO)].concat();
            let permits = self.of(StatementKind::Permit);
            permits.map(move |permit| goals(with(allowed.clone(), (permit, YES)), vec![(own, NO)]))
        })
    }

    /// The conditions under which a permit names a basis, or any, each with those under which others do.
    fn naming<'a>(&'a self, stated: &'a Stated) -> impl Iterator<Item = (u32, Vec<u32>)> + 'a {
        let shape = stated.shape;
        let each = stated.bases.iter().flat_map(|due| {
            let bits = (0..128u32).filter(|bit| due.bases >> bit & 1 == 1);
            bits.map(|bit| (due.condition, bit))
        });
        let each = each.map(move |(own, bit)| {
            let names = move |due: &&Due| due.bases >> bit & 1 == 1;
            let others = self.list.iter().flat_map(|other| other.bases.iter().filter(names));
            (own, others.map(|due| due.condition).collect())
        });
        let any = shape.is_based().then(|| {
            let based = self.list.iter().filter(|other| other.shape.is_based());
            (shape.due.condition, based.map(|s| s.shape.due.condition).collect())
        });
        each.chain(any)
    }

    /// How a condition of a permit may count for a basis where none of the others does: it is yes if the
    /// question is allowed, and not no if it depends on facts.
    fn counting(&self, permit: Shape, own: u32, others: &[u32]) -> Vec<Goals> {
        let are = |verdict| others.iter().map(|other| (*other, verdict)).collect::<Vec<_>>();
        let nevers = || self.of(StatementKind::Never);
        let allowed = goals(with(self.are(StatementKind::Never, NO), (own, YES)), are(YES));
        // It depends since no permit is yes, or since a `never` may be.
        let permits = self.are(StatementKind::Permit, YES);
        let mut unwanted = [permits, self.are(StatementKind::Never, YES)].concat();
        unwanted.extend([(own, NO), (permit.due.condition, YES)]);
        let mut all = vec![allowed, goals(are(NO), unwanted)];
        all.extend(nevers().map(|never| {
            let unwanted = with(self.are(StatementKind::Never, YES), (own, NO));
            goals(are(NO), with(unwanted, (never, NO)))
        }));
        all
    }

    fn of(&self, kind: StatementKind) -> impl Iterator<Item = u32> + use<'_, 's> {
        let of_kind = self.list.iter().filter(move |stated| stated.shape.kind == kind);
        of_kind.map(|stated| stated.shape.due.condition)
    }

    fn are(&self, kind: StatementKind, verdict: Verdict) -> Vec<Goal> {
        self.of(kind).map(|condition| (condition, verdict)).collect()
    }
}

fn goals(wanted: Vec<Goal>, unwanted: Vec<Goal>) -> Goals {
    Goals { wanted, unwanted }
}

fn with(mut list: Vec<Goal>, one: Goal) -> Vec<Goal> {
    list.push(one);
    list
}

#[cfg(test)]
mod tests {
    use super::{Need, Shape, Space};
    use crate::Memory;
    use crate::analyze::answers::{Answers, Cover};
    use crate::model::{ActKind, Model};

    /// Numbers that look random, the same each time.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, count: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (self.0 >> 33) % count
        }
    }

    /// A policy with statements of every kind under each of some conditions.
    fn text() -> String {
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
        let mut text = "policy p category d method m purpose q fact a fact b fact n: number \
                        fact c: one of x, y, z duty e duty f event g \
                        basis h basis i when a basis j unless n > 6 basis k when c is x\n"
            .to_owned();
        let says = [
            "use d for q",
            "use d for q then e",
            "use d for q retain 5 days on h",
            "use d for q on i then e, f",
            "use d for q on j, k & i retain until g",
            "collect d by m for q on h, i",
            "collect optional d by m for q retain 9 days, 5 days after g, at least 2 years",
            "never use d for q",
            "require f retain 1 week, 1 month to use d",
            "require e to use d",
        ];
        let always = std::iter::once(String::new());
        for condition in always.chain(conditions.map(|condition| format!("when {condition}"))) {
            says.iter().for_each(|says| text += &format!("{says} {condition}\n"));
        }
        text
    }

    #[test]
    fn walking_and_searching_find_the_same_statements_needed() {
        let model = Model::from_loader(&Memory::new().with("p.why", text()), "p.why");
        assert!(model.is_ok(), "{model:?}");
        let Ok(model) = model else { return };
        let mut answers = Answers::new(u64::MAX);
        let translation = answers.vocabulary.add(&model);
        let count = model.statements.len() as u64;
        assert_eq!(count, 10 * (1 + 12));
        let (mut numbers, mut needed) = (Numbers(7), [0; 2]);
        for _ in 0..3000 {
            let shapes: Vec<(Shape, bool)> = (0..1 + numbers.below(7))
                .map(|_| {
                    let statement = &model.statements[numbers.below(count) as usize];
                    let act = [ActKind::Use, ActKind::Collect][numbers.below(2) as usize];
                    let cover = Cover { statement, is_optional: statement.optional.is_some() };
                    (answers.shape(cover, act, &translation), numbers.below(6) == 0)
                })
                .collect();
            let space = Space::of(&answers.vocabulary, answers.conditions_of(&shapes));
            let walked = answers.walked(&space, &shapes);
            assert_eq!(walked, answers.searched(&space, &shapes), "{shapes:?}");
            walked.iter().for_each(|need| needed[usize::from(*need == Need::Needed)] += 1);
        }
        assert!(needed.iter().all(|count| *count > 1000), "{needed:?}");
    }
}

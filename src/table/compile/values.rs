//! Under which facts points and questions are allowed: conditions multiplied out, each computed once.
//!
//! A question about groups has thousands of points with few distinct values, and thousands of questions
//! share points. So a point's value is known by a number, and so is what joining one more value comes to.

use super::by_point::ByPoint;
use super::normal::Normal;
use super::outcome::Outcomes;
use crate::model::{ConditionId, Model, StatementKind};
use hashbrown::HashMap;

/// So many joined values, and so many steps to them, are kept at a time: some tens of megabytes.
const MOST_JOINED: usize = 1 << 16;
const MOST_STEPS: usize = 1 << 20;

/// The values of all points and questions while they are written.
pub(super) struct Values<'m> {
    model: &'m Model,
    /// The normal form of each condition; `None` if it has too many terms.
    normal: Vec<Option<Normal>>,
    /// The value of each point that was asked for.
    of_points: ByPoint<Option<u32>>,
    /// The values by the conditions of their permits and nevers.
    known: HashMap<Vec<u32>, Option<u32>>,
    list: Vec<Normal>,
    joined: Joined,
}

/// What values come to that were joined one after the other.
struct Joined {
    /// The first is always yes.
    list: Vec<Normal>,
    ids: HashMap<Normal, u32>,
    /// For one of them and the value of a point, both together.
    steps: HashMap<(u32, u32), Option<u32>>,
}

impl<'m> Values<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self {
            model,
            normal: model.conditions.iter().map(|f| Normal::of(f, false)).collect(),
            of_points: ByPoint::new(),
            known: HashMap::new(),
            list: Vec::new(),
            joined: Joined::new(Normal::yes()),
        }
    }

    /// The normal form of a condition.
    pub(super) fn condition(&self, id: usize) -> Option<&Normal> {
        self.normal[id].as_ref()
    }

    /// The value of a question: the least over its points. `None` if it has too many terms. O(points), but
    /// for what was not joined before.
    pub(super) fn of_question(&mut self, source: &Outcomes<'_>, points: &[u32]) -> Option<Normal> {
        if let [point] = points {
            let value = self.of_point(source, *point)?;
            return Some(self.list[value as usize].clone());
        }
        let mut least = 0;
        for point in points {
            let value = self.of_point(source, *point)?;
            if self.joined.is_full() {
                let kept = self.joined.list[least as usize].clone();
                self.joined = Joined::new(Normal::yes());
                least = self.joined.number(kept);
            }
            least = self.joined.and(least, value, &self.list[value as usize])?;
        }
        Some(self.joined.list[least as usize].clone())
    }

    fn of_point(&mut self, source: &Outcomes<'_>, point: u32) -> Option<u32> {
        if let Some(value) = self.of_points.get(point) {
            return value;
        }
        let value = self.of_statements(source.point(point));
        self.of_points.insert(point, value);
        value
    }

    /// The value of a point that these statements cover: some permit holds and no `never` does.
    fn of_statements(&mut self, statements: &[u32]) -> Option<u32> {
        let conditions = |kind| {
            let of_kind = statements
                .iter()
                .map(|s| &self.model.statements[*s as usize])
                .filter(move |s| s.kind == kind);
            let mut ids: Vec<u32> = of_kind.map(|s| s.condition.0).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let (permits, nevers) =
            (conditions(StatementKind::Permit), conditions(StatementKind::Never));
        let key = [permits.as_slice(), &[u32::MAX], &nevers].concat();
        if let Some(value) = self.known.get(&key) {
            return *value;
        }
        let value = self.of_conditions(&permits, &nevers).map(|value| {
            self.list.push(value);
            self.list.len() as u32 - 1
        });
        self.known.insert(key, value);
        value
    }

    fn of_conditions(&self, permits: &[u32], nevers: &[u32]) -> Option<Normal> {
        let any = |ids: &[u32]| {
            ids.iter().try_fold(Normal::no(), |any, id| any.or(self.normal[*id as usize].as_ref()?))
        };
        let permitted = if permits.first() == Some(&ConditionId::ALWAYS.0) {
            Normal::yes()
        } else {
            any(permits)?
        };
        permitted.and(&any(nevers)?.not()?)
    }
}

impl Joined {
    fn new(first: Normal) -> Self {
        let mut joined = Self { list: Vec::new(), ids: HashMap::new(), steps: HashMap::new() };
        joined.number(first);
        joined
    }

    fn is_full(&self) -> bool {
        self.list.len() >= MOST_JOINED || self.steps.len() >= MOST_STEPS
    }

    fn number(&mut self, value: Normal) -> u32 {
        if let Some(id) = self.ids.get(&value) {
            return *id;
        }
        let id = self.list.len() as u32;
        self.ids.insert(value.clone(), id);
        self.list.push(value);
        id
    }

    /// One of these together with the value of a point, which has a number of its own.
    fn and(&mut self, one: u32, number: u32, value: &Normal) -> Option<u32> {
        if let Some(known) = self.steps.get(&(one, number)) {
            return *known;
        }
        let both = self.list[one as usize].and(value).map(|both| self.number(both));
        self.steps.insert((one, number), both);
        both
    }
}

//! Under which facts points and questions are allowed: conditions multiplied out, each computed once.
//!
//! A question about groups has thousands of points with few distinct values, and thousands of questions
//! share points. So values have ids, and joining two of them is computed once.

use super::ids::{CoverId, IdVec, JoinedId, PointId, ValueId};
use super::normal::Normal;
use super::outcome::Outcomes;
use crate::model::{ConditionId, Model, StatementKind};
use hashbrown::HashMap;

/// The most joined values, and the most steps to them, that are kept at a time: some tens of megabytes.
const MOST_JOINED: usize = 1 << 16;
const MOST_STEPS: usize = 1 << 20;

/// The values of all points and questions while they are written.
pub(super) struct Values<'m> {
    model: &'m Model,
    /// The normal form of each condition; `None` if it has too many terms.
    normal: Vec<Option<Normal>>,
    /// The value of each point that was needed; `None` inside if it has too many terms.
    of_points: IdVec<PointId, Option<Option<ValueId>>>,
    /// The values by the conditions of their permits and nevers.
    by_conditions: HashMap<Vec<u32>, Option<ValueId>>,
    values: IdVec<ValueId, Normal>,
    joined: Joined,
}

/// The results of joining values one after the other.
struct Joined {
    results: IdVec<JoinedId, Normal>,
    ids: HashMap<Normal, JoinedId>,
    /// For a result and the value of a point, both joined.
    steps: HashMap<(JoinedId, ValueId), Option<JoinedId>>,
}

impl<'m> Values<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self {
            model,
            normal: model.conditions.iter().map(|f| Normal::of(f, false)).collect(),
            of_points: IdVec::default(),
            by_conditions: HashMap::new(),
            values: IdVec::default(),
            joined: Joined::new(Normal::yes()),
        }
    }

    /// The normal form of a condition.
    pub(super) fn condition(&self, id: usize) -> Option<&Normal> {
        self.normal[id].as_ref()
    }

    /// The value of a question: the minimum over its points. `None` if it has too many terms. O(points) if
    /// all of it was joined before.
    pub(super) fn of_question(
        &mut self,
        source: &Outcomes<'_>,
        points: &[PointId],
    ) -> Option<Normal> {
        if let [point] = points {
            let value = self.of_point(source, *point)?;
            return Some(self.values[value].clone());
        }
        let mut least = JoinedId(0); // always yes
        for point in points {
            let value = self.of_point(source, *point)?;
            if self.joined.is_full() {
                let kept = self.joined.results[least].clone();
                self.joined = Joined::new(Normal::yes());
                least = self.joined.id(kept);
            }
            least = self.joined.and(least, value, &self.values[value])?;
        }
        Some(self.joined.results[least].clone())
    }

    fn of_point(&mut self, source: &Outcomes<'_>, point: PointId) -> Option<ValueId> {
        if let Some(Some(value)) = self.of_points.get(point) {
            return *value;
        }
        let value = self.of_statements(source.point(point));
        self.of_points.set(point, Some(value), None);
        value
    }

    /// The value of a point that these statements cover: some permit holds and no `never` does.
    fn of_statements(&mut self, covering: &[CoverId]) -> Option<ValueId> {
        let conditions = |kind| {
            let of_kind = covering
                .iter()
                .map(|cover| &self.model.statements[cover.statement().index()])
                .filter(move |statement| statement.kind == kind);
            let mut ids: Vec<u32> = of_kind.map(|statement| statement.condition.0).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let (permits, nevers) =
            (conditions(StatementKind::Permit), conditions(StatementKind::Never));
        let key = [permits.as_slice(), &[u32::MAX], &nevers].concat();
        if let Some(value) = self.by_conditions.get(&key) {
            return *value;
        }
        let value = self.of_conditions(&permits, &nevers).map(|value| self.values.push(value));
        self.by_conditions.insert(key, value);
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
        let mut joined =
            Self { results: IdVec::default(), ids: HashMap::new(), steps: HashMap::new() };
        joined.id(first);
        joined
    }

    fn is_full(&self) -> bool {
        self.results.len() >= MOST_JOINED || self.steps.len() >= MOST_STEPS
    }

    fn id(&mut self, value: Normal) -> JoinedId {
        if let Some(id) = self.ids.get(&value) {
            return *id;
        }
        let id = self.results.push(value.clone());
        self.ids.insert(value, id);
        id
    }

    /// A result joined with the value of a point.
    fn and(&mut self, one: JoinedId, other: ValueId, value: &Normal) -> Option<JoinedId> {
        if let Some(both) = self.steps.get(&(one, other)) {
            return *both;
        }
        let both = self.results[one].and(value).map(|both| self.id(both));
        self.steps.insert((one, other), both);
        both
    }
}

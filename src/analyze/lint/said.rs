//! Whether another statement says the same already: it covers all of the same points, holds whenever this
//! one does, and brings all that it brings.

use super::points::Points;
use super::shapes::Shapes;
use super::subject::Subject;
use crate::model::{ActKind, Model, Reach, SetId, Statement};
use hashbrown::{HashMap, HashSet};

/// Results about sets.
#[derive(Default)]
pub(super) struct Said {
    within: HashMap<(SetId, SetId), bool>,
}

impl Said {
    /// The first statement, of those not removed, that says all that this one says. `None` too where it
    /// would take too much work to find out.
    pub(super) fn already(
        &mut self,
        subject: &mut Subject<'_>,
        points: &Points,
        shapes: &mut Shapes,
        id: u32,
        removed: &HashSet<u32>,
    ) -> Option<u32> {
        let model = subject.model;
        // Who covers all of its points covers those of its smallest class too.
        let covered = points.classes(id).iter().map(|class| points.statements(*class));
        let covered = covered.filter(|statements| statements.binary_search(&id).is_ok());
        let candidates = covered.min_by_key(|statements| statements.len())?;
        for other in candidates.iter().filter(|other| **other != id && !removed.contains(*other)) {
            if !subject.effort.spend(4) {
                return None;
            }
            let [one, another] = [*other, id].map(|id| &model.statements[id as usize]);
            if shapes.says(&mut subject.answers, *other, id) && self.covers(model, one, another) {
                return Some(*other);
            }
        }
        None
    }

    /// Whether a statement covers all points that another one of its kind covers.
    fn covers(&mut self, model: &Model, one: &Statement, other: &Statement) -> bool {
        let mut within = |inner: SetId, outer: SetId| {
            let is_within = || model.set(inner).difference(model.set(outer)).is_empty();
            inner == outer || *self.within.entry((inner, outer)).or_insert_with(is_within)
        };
        let by_act = |act| match (one.reaches(act), other.reaches(act)) {
            (_, Reach::Nothing) | (Reach::All, _) => true,
            (Reach::Parties(one), Reach::Parties(other)) => within(other, one),
            (Reach::Nothing | Reach::Parties(_), _) => false,
        };
        ActKind::ALL.into_iter().all(by_act)
            && within(other.categories, one.categories)
            && within(other.purposes, one.purposes)
            // Data that one says is optional may be what the other one requires.
            && (!other.collects() || within(other.required, one.required))
    }
}

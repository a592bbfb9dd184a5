//! The answers to the outcomes of one policy.
//!
//! Questions to use, to collect and to share may have the same outcome, and different answers: what comes with sharing
//! is the recipient's, and only collected data is optional.

use super::spelled::{Cover, Due, Spelled};
use super::{Answer, Answers, DENIED, Translation, may_be_optional};
use crate::model::{ActKind, Model};
use crate::table::compile::{OutcomeId, PointId, Questions};
use hashbrown::HashMap;

/// The answers to the outcomes of one policy.
pub(in crate::analyze) struct OfOutcomes {
    translation: Translation,
    /// For each point of the policy: here, and what comes with it.
    points: HashMap<(ActKind, PointId), (Option<u32>, Vec<Due>)>,
    outcomes: HashMap<(ActKind, OutcomeId), Answer>,
}

impl OfOutcomes {
    pub(in crate::analyze) fn new(answers: &mut Answers, model: &Model) -> Self {
        let translation = answers.vocabulary.add(model);
        Self { translation, points: HashMap::new(), outcomes: HashMap::new() }
    }

    /// An act that answers like this one for each outcome; the same for as many acts as possible.
    pub(in crate::analyze) fn alike(&self, act: ActKind) -> ActKind {
        match act {
            ActKind::Share if self.translation.has_recipients_duties => ActKind::Share,
            ActKind::Collect if self.translation.has_optional => ActKind::Collect,
            ActKind::Use | ActKind::Collect | ActKind::Share => ActKind::Use,
        }
    }

    pub(in crate::analyze) fn answer(
        &mut self,
        answers: &mut Answers,
        model: &Model,
        questions: &Questions<'_>,
        (act, outcome): (ActKind, OutcomeId),
    ) -> Answer {
        let act = self.alike(act);
        if let Some(answer) = self.outcomes.get(&(act, outcome)) {
            return *answer;
        }
        let answer = self.of(answers, model, questions, (act, outcome));
        self.outcomes.insert((act, outcome), answer);
        answer
    }

    fn of(
        &mut self,
        answers: &mut Answers,
        model: &Model,
        questions: &Questions<'_>,
        (act, outcome): (ActKind, OutcomeId),
    ) -> Answer {
        let Some(points) = questions.points(outcome) else { return DENIED };
        let mut ids = Vec::with_capacity(points.len());
        let mut dues = Vec::new();
        for point in points {
            let (id, more) = self.points.entry((act, *point)).or_insert_with(|| {
                let covers = questions.covers(*point).iter().map(|cover| Cover {
                    statement: &model.statements[cover.statement().index()],
                    is_optional: cover.is_optional(),
                });
                let limits = &mut answers.vocabulary.limits;
                let spelled = Spelled::new(covers, act, &self.translation, limits);
                (answers.point(&spelled), spelled.dues)
            });
            let Some(id) = id else { return DENIED };
            ids.push(*id);
            dues.extend_from_slice(more);
        }
        answers.answer(ids, dues, may_be_optional(act, &self.translation))
    }
}

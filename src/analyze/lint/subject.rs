//! The policy that is linted, with what all rules need.

use super::collected::Collected;
use super::left_out::LeftOut;
use super::written::Written;
use crate::analyze::answers::{Answers, Effort, Translation};
use crate::diagnostic::Diagnostics;
use crate::model::Model;
use crate::table::compile::Questions;

/// The least number of tests of facts to evaluate for a policy: about a second.
const LEAST_FACTS: u64 = 100_000_000;
/// The least number of steps through lists of statements for a policy: about a second.
const LEAST_STEPS: u64 = 200_000_000;

/// The policy that is linted.
pub(super) struct Subject<'m> {
    pub(super) model: &'m Model,
    pub(super) written: Written<'m>,
    pub(super) answers: Answers,
    pub(super) translation: Translation,
    pub(super) questions: Questions<'m>,
    pub(super) collected: Collected,
    /// The steps through lists of statements that are left.
    pub(super) effort: Effort,
    pub(super) left_out: LeftOut,
}

impl<'m> Subject<'m> {
    /// # Errors
    /// The policy is too large to compile, so it is too large to lint.
    pub(super) fn new(model: &'m Model) -> Result<Self, Diagnostics> {
        let questions = Questions::new(model)?;
        let work = questions.work();
        let mut answers = Answers::new(LEAST_FACTS + work);
        let translation = answers.vocabulary.add(model);
        Ok(Self {
            model,
            collected: Collected::new(model),
            written: Written::new(model),
            answers,
            translation,
            questions,
            effort: Effort::new(LEAST_STEPS + 4 * work),
            left_out: LeftOut::default(),
        })
    }

    /// Gives the next rule its least effort again.
    pub(super) fn refresh(&mut self) {
        let least = |effort: &Effort, least: u64| Effort::new(effort.left().max(least / 4));
        self.answers.effort = least(&self.answers.effort, LEAST_FACTS);
        self.effort = least(&self.effort, LEAST_STEPS);
    }
}

//! What questions come to as functions of the facts, so that two of them can be compared: of one
//! policy, of two, or of one with and without a statement.
//!
//! An answer is the set of a question's points, each with the conditions of its permits and of its
//! `never`s, and the list of its duties. Statements are not part of it: two answers with the same
//! spelling are equal, whichever statements give them. Answers with different spellings are compared
//! under all values of the facts that they use.
//!
//! - `vocabulary`: facts, conditions and duties that several policies have in common;
//! - `space`: all values of the facts that some conditions ask for;
//! - `compare`: two answers under all facts;
//! - `alone`: which statements of a point its answer needs;
//! - `search`: whether facts exist under which conditions come to something;
//! - `words`: an answer as the author of a policy would write it.

mod alone;
mod compare;
mod search;
mod space;
mod vocabulary;
mod words;

use crate::Verdict;
use crate::model::{Model, Statement, StatementKind};
use crate::table::compile::{Lists, OutcomeId, PointId, Questions};
pub(super) use alone::{Need, Shape};
pub(super) use compare::Comparison;
use hashbrown::HashMap;
pub(super) use vocabulary::{Translation, Vocabulary};
pub(super) use words::Words;

/// The number of an answer; equal numbers are equal answers, different ones may be.
pub(super) type Answer = u32;

/// Denied under all facts.
pub(super) const DENIED: Answer = 0;
const DENIED_WORD: u32 = u32::MAX;
/// Without a retention.
const NO_DAYS: u32 = u32::MAX;

/// All answers.
pub(super) struct Answers {
    pub(super) vocabulary: Vocabulary,
    /// A point: how many permits, the conditions of permits, those of `never`s; each sorted.
    points: Lists,
    /// Duties: sorted entries of a condition, four words of duties, days.
    duties: Lists,
    /// An answer: its duties, then its points, sorted, without those that are yes.
    list: Lists,
    compared: HashMap<(Answer, Answer), Comparison>,
    /// What may still be spent on comparing.
    pub(super) effort: Effort,
    /// Room for what each test of the vocabulary comes to.
    atoms: Vec<Verdict>,
}

/// What may still be spent on work that could take without end: counted in steps, so that what is found is
/// the same on every machine.
#[derive(Debug)]
pub(super) struct Effort(u64);

impl Effort {
    /// So many steps, each some nanoseconds.
    pub(super) fn new(steps: u64) -> Self {
        Self(steps)
    }

    pub(super) fn left(&self) -> u64 {
        self.0
    }

    /// Takes steps; false, and nothing taken, if there are not so many left.
    pub(super) fn spend(&mut self, steps: u64) -> bool {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// The conditions and duties of some statements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Spelled {
    permits: Vec<u32>,
    nevers: Vec<u32>,
    duties: Vec<Duty>,
}

/// What one condition brings with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Duty {
    condition: u32,
    duties: u128,
    days: u32,
}

impl Answers {
    /// `steps` is what all comparisons together may cost.
    pub(super) fn new(steps: u64) -> Self {
        let mut list = Lists::default();
        list.intern(&[DENIED_WORD]);
        Self {
            vocabulary: Vocabulary::default(),
            points: Lists::default(),
            duties: Lists::default(),
            list,
            compared: HashMap::new(),
            effort: Effort::new(steps),
            atoms: Vec::new(),
        }
    }

    fn walk(&mut self, space: &space::Space, watch: &mut impl space::Watch) {
        self.atoms.resize(self.vocabulary.atoms.len(), Verdict::Depends);
        space.walk(&self.vocabulary, &mut self.atoms, watch);
    }

    /// The answer to a question about one point, which these statements cover.
    pub(super) fn of_point<'s>(
        &mut self,
        statements: impl Iterator<Item = &'s Statement>,
        translation: &Translation,
    ) -> Answer {
        self.of_points(std::iter::once(statements), translation)
    }

    /// The answer to a question about several points.
    pub(super) fn of_points<'s>(
        &mut self,
        points: impl Iterator<Item = impl Iterator<Item = &'s Statement>>,
        translation: &Translation,
    ) -> Answer {
        let mut duties = Vec::new();
        let mut ids = Vec::new();
        for statements in points {
            let spelled = Spelled::new(statements, translation);
            let Some(point) = self.point(&spelled) else { return DENIED };
            ids.push(point);
            duties.extend(spelled.duties);
        }
        self.answer(ids, duties)
    }

    /// A point; `None` if it is denied under all facts.
    fn point(&mut self, spelled: &Spelled) -> Option<u32> {
        if spelled.permits.is_empty() || spelled.nevers.first() == Some(&0) {
            return None;
        }
        let mut point = vec![spelled.permits.len() as u32];
        point.extend(&spelled.permits);
        point.extend(&spelled.nevers);
        Some(self.points.intern(&point))
    }

    fn answer(&mut self, mut points: Vec<u32>, duties: Vec<Duty>) -> Answer {
        points.sort_unstable();
        points.dedup();
        points.retain(|point| self.points.get(*point) != [1, 0]); // yes, which is above everything
        let mut words = Vec::new();
        for duty in merged(duties) {
            let bits = duty.duties;
            words.push(duty.condition);
            words.extend((0..4).map(|word| (bits >> (32 * word)) as u32));
            words.push(duty.days);
        }
        let duties = self.duties.intern(&words);
        points.insert(0, duties);
        self.list.intern(&points)
    }

    /// The conditions of an answer's points: permits, then `never`s; `None` if it is denied.
    fn points(&self, answer: Answer) -> Option<impl Iterator<Item = (&[u32], &[u32])> + '_> {
        let points = match self.list.get(answer) {
            [DENIED_WORD] | [] => return None,
            [_, points @ ..] => points,
        };
        Some(points.iter().map(|point| match self.points.get(*point) {
            [count, conditions @ ..] => conditions.split_at(*count as usize),
            [] => (&[][..], &[][..]),
        }))
    }

    fn duties(&self, answer: Answer) -> Vec<Duty> {
        let words = match self.list.get(answer) {
            [DENIED_WORD] | [] => return Vec::new(),
            [duties, ..] => self.duties.get(*duties),
        };
        let duty = |words: &[u32]| Duty {
            condition: words[0],
            duties: (0..4).fold(0, |bits, word| bits | u128::from(words[1 + word]) << (32 * word)),
            days: words[5],
        };
        words.chunks_exact(6).map(duty).collect()
    }
}

impl Duty {
    fn of(statement: &Statement, translation: &Translation) -> Self {
        Self {
            condition: translation.condition(statement.condition),
            duties: translation.duties(statement.duties),
            days: statement.retain_days().unwrap_or(NO_DAYS),
        }
    }
}

impl Spelled {
    fn new<'s>(statements: impl Iterator<Item = &'s Statement>, translation: &Translation) -> Self {
        let mut spelled = Self::default();
        for statement in statements {
            let condition = translation.condition(statement.condition);
            match statement.kind {
                StatementKind::Permit => spelled.permits.push(condition),
                StatementKind::Never => spelled.nevers.push(condition),
                StatementKind::Require => {}
            }
            if statement.kind != StatementKind::Never {
                spelled.duties.push(Duty::of(statement, translation));
            }
        }
        for conditions in [&mut spelled.permits, &mut spelled.nevers] {
            conditions.sort_unstable();
            conditions.dedup();
            if conditions.first() == Some(&0) {
                conditions.truncate(1); // always, which is above every condition
            }
        }
        spelled.duties = merged(spelled.duties);
        spelled
    }
}

/// One entry for each condition, without what is due always.
fn merged(mut duties: Vec<Duty>) -> Vec<Duty> {
    duties.sort_unstable();
    let mut merged: Vec<Duty> = Vec::with_capacity(duties.len());
    for duty in duties {
        match merged.last_mut() {
            Some(last) if last.condition == duty.condition => {
                last.duties |= duty.duties;
                last.days = last.days.min(duty.days);
            }
            _ => merged.push(duty),
        }
    }
    if let Some(always) = merged.first().copied().filter(|first| first.condition == 0) {
        for duty in merged.iter_mut().skip(1) {
            duty.duties &= !always.duties;
            if duty.days >= always.days {
                duty.days = NO_DAYS;
            }
        }
    }
    merged.retain(|duty| duty.duties != 0 || duty.days != NO_DAYS);
    merged
}

/// The answers to the outcomes of one policy.
pub(super) struct OfOutcomes {
    translation: Translation,
    /// For each point of the policy: here, and its duties.
    points: HashMap<PointId, (Option<u32>, Vec<Duty>)>,
    outcomes: HashMap<OutcomeId, Answer>,
}

impl OfOutcomes {
    pub(super) fn new(answers: &mut Answers, model: &Model) -> Self {
        let translation = answers.vocabulary.add(model);
        Self { translation, points: HashMap::new(), outcomes: HashMap::new() }
    }

    pub(super) fn answer(
        &mut self,
        answers: &mut Answers,
        model: &Model,
        questions: &Questions<'_>,
        outcome: OutcomeId,
    ) -> Answer {
        if let Some(answer) = self.outcomes.get(&outcome) {
            return *answer;
        }
        let answer = self.of(answers, model, questions, outcome);
        self.outcomes.insert(outcome, answer);
        answer
    }

    fn of(
        &mut self,
        answers: &mut Answers,
        model: &Model,
        questions: &Questions<'_>,
        outcome: OutcomeId,
    ) -> Answer {
        let Some(points) = questions.points(outcome) else { return DENIED };
        let mut ids = Vec::with_capacity(points.len());
        let mut duties = Vec::new();
        for point in points {
            let (id, more) = self.points.entry(*point).or_insert_with(|| {
                let covers = questions.covers(*point).iter();
                let statements = covers.map(|cover| &model.statements[cover.statement().index()]);
                let spelled = Spelled::new(statements, &self.translation);
                (answers.point(&spelled), spelled.duties)
            });
            let Some(id) = id else { return DENIED };
            ids.push(*id);
            duties.extend_from_slice(more);
        }
        answers.answer(ids, duties)
    }
}

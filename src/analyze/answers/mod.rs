//! What questions come to as functions of the facts, so that two of them can be compared: of one
//! policy, of two, or of one with and without a statement.
//!
//! An answer is the set of a question's points, each with the conditions of its permits and of its
//! `never`s, and the list of what comes with it: duties, limits on retention, legal bases, and which
//! data is required. Statements are not part of it: two answers with the same spelling are equal,
//! whichever statements give them. Answers with different spellings are compared under all values of
//! the facts that they use.
//!
//! - `vocabulary`: facts, conditions and names that several policies have in common;
//! - `limits`: limits on retention, and which of two is the stricter;
//! - `spelled`: what the statements that cover a point say of it;
//! - `outcomes`: the answers to the outcomes of a policy;
//! - `space`: all values of the facts that some conditions ask for;
//! - `compare`, `comparison`: two answers under all facts, and how they differ;
//! - `shape`, `alone`, `count`: which statements of a point its answer needs;
//! - `search`: whether facts exist under which conditions come to something;
//! - `words`: an answer as the author of a policy would write it.

mod alone;
mod compare;
mod comparison;
mod count;
mod limits;
mod outcomes;
mod search;
mod shape;
mod space;
mod spelled;
mod vocabulary;
mod words;

use crate::Verdict;
use crate::model::ActKind;
use crate::table::compile::Lists;
pub(super) use comparison::Comparison;
use hashbrown::HashMap;
pub(super) use limits::{Limits, LimitsId, Slot, Strictness};
pub(super) use outcomes::OfOutcomes;
pub(super) use shape::{Need, Shape};
pub(super) use spelled::Cover;
use spelled::{Due, Spelled, WORDS, merged};
pub(super) use vocabulary::{Translation, Vocabulary};
pub(super) use words::Words;

/// The number of an answer; equal numbers are equal answers, different ones may be.
pub(super) type Answer = u32;

/// Denied under all facts.
pub(super) const DENIED: Answer = 0;
const DENIED_WORD: u32 = u32::MAX;
/// In place of how many permits of a point name bases: it never lacks one.
const HAS_BASIS: u32 = u32::MAX;

/// All answers.
pub(super) struct Answers {
    pub(super) vocabulary: Vocabulary,
    /// A point: how many permits, how many of them name bases, the conditions of permits, of those with bases, and of
    /// `never`s; each sorted.
    points: Lists,
    /// What comes with an answer: sorted entries as [`Due`] writes them.
    dues: Lists,
    /// An answer: its dues, whether the data may be optional, then its points, sorted, without those that are yes.
    list: Lists,
    /// The bases of shapes: a condition and four words of bases for each alternative.
    alternatives: Lists,
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

/// The conditions of one point.
struct PointConditions<'a> {
    permits: &'a [u32],
    /// Those of the permits that name bases; `None` if it never lacks one.
    based: Option<&'a [u32]>,
    nevers: &'a [u32],
}

impl Answers {
    /// `steps` is what all comparisons together may cost.
    pub(super) fn new(steps: u64) -> Self {
        let mut list = Lists::default();
        list.intern(&[DENIED_WORD]);
        Self {
            vocabulary: Vocabulary::default(),
            points: Lists::default(),
            dues: Lists::default(),
            list,
            alternatives: Lists::default(),
            compared: HashMap::new(),
            effort: Effort::new(steps),
            atoms: Vec::new(),
        }
    }

    fn walk(&mut self, space: &space::Space, watch: &mut impl space::Watch) {
        self.atoms.resize(self.vocabulary.atoms.len(), Verdict::Depends);
        space.walk(&self.vocabulary, &mut self.atoms, watch);
    }

    /// The answer to a question about one point of an act, which these statements cover.
    pub(super) fn of_point<'s>(
        &mut self,
        act: ActKind,
        covers: impl Iterator<Item = Cover<'s>>,
        translation: &Translation,
    ) -> Answer {
        self.of_points(act, std::iter::once(covers), translation)
    }

    /// The answer to a question about several points of an act.
    pub(super) fn of_points<'s>(
        &mut self,
        act: ActKind,
        points: impl Iterator<Item = impl Iterator<Item = Cover<'s>>>,
        translation: &Translation,
    ) -> Answer {
        let mut dues = Vec::new();
        let mut ids = Vec::new();
        for covers in points {
            let limits = &mut self.vocabulary.limits;
            let spelled = Spelled::new(covers, act, translation, limits);
            let Some(point) = self.point(&spelled) else { return DENIED };
            ids.push(point);
            dues.extend(spelled.dues);
        }
        self.answer(ids, dues, may_be_optional(act, translation))
    }

    /// A point; `None` if it is denied under all facts.
    fn point(&mut self, spelled: &Spelled) -> Option<u32> {
        if spelled.permits.is_empty() || spelled.nevers.first() == Some(&0) {
            return None;
        }
        let based = spelled.based.as_ref();
        let mut point =
            vec![spelled.permits.len() as u32, based.map_or(HAS_BASIS, |based| based.len() as u32)];
        point.extend(&spelled.permits);
        point.extend(based.into_iter().flatten());
        point.extend(&spelled.nevers);
        Some(self.points.intern(&point))
    }

    fn answer(&mut self, mut points: Vec<u32>, dues: Vec<Due>, may_be_optional: bool) -> Answer {
        points.sort_unstable();
        points.dedup();
        // Yes with a basis, which is above everything.
        points.retain(|point| self.points.get(*point) != [1, HAS_BASIS, 0]);
        let mut dues = merged(dues, &mut self.vocabulary.limits);
        let is_required = dues.first().is_some_and(|due| due.condition == 0 && due.is_required);
        let may_be_optional = may_be_optional && !is_required;
        if !may_be_optional && dues.iter().any(|due| due.is_required) {
            dues.iter_mut().for_each(|due| due.is_required = false);
            dues = merged(dues, &mut self.vocabulary.limits);
        }
        let mut words = Vec::with_capacity(WORDS * dues.len());
        dues.iter().for_each(|due| due.write(&mut words));
        points.splice(..0, [self.dues.intern(&words), u32::from(may_be_optional)]);
        self.list.intern(&points)
    }

    /// The conditions of an answer's points; `None` if it is denied.
    fn points(&self, answer: Answer) -> Option<impl Iterator<Item = PointConditions<'_>> + '_> {
        let points = match self.list.get(answer) {
            [_, _, points @ ..] => points,
            _ => return None, // DENIED_WORD alone
        };
        Some(points.iter().map(|point| match self.points.get(*point) {
            [permits, based, conditions @ ..] => {
                let (permits, rest) = conditions.split_at(*permits as usize);
                let has_basis = *based == HAS_BASIS;
                let (based, nevers) = rest.split_at(if has_basis { 0 } else { *based as usize });
                PointConditions { permits, based: (!has_basis).then_some(based), nevers }
            }
            _ => PointConditions { permits: &[], based: None, nevers: &[] },
        }))
    }

    fn dues(&self, answer: Answer) -> Vec<Due> {
        match self.list.get(answer) {
            [dues, _, ..] => self.dues.get(*dues).chunks_exact(WORDS).map(Due::read).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether the data is optional where nothing requires it.
    fn may_be_optional(&self, answer: Answer) -> bool {
        matches!(self.list.get(answer), [_, 1, ..])
    }
}

fn may_be_optional(act: ActKind, translation: &Translation) -> bool {
    act == ActKind::Collect && translation.has_optional
}

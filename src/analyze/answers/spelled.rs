//! What the statements that cover a point say of it: the conditions of its permits and `never`s, and what comes with an
//! answer.

use super::limits::{Limits, LimitsId, NO_LIMITS};
use super::vocabulary::Translation;
use crate::model::{ActKind, Statement, StatementKind};

/// A statement that covers a point.
#[derive(Clone, Copy)]
pub(in crate::analyze) struct Cover<'s> {
    pub(in crate::analyze) statement: &'s Statement,
    /// By the data that it says is optional.
    pub(in crate::analyze) is_optional: bool,
}

/// What one condition brings with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Due {
    pub(super) condition: u32,
    /// These count where the condition is not no.
    pub(super) duties: u128,
    pub(super) limits: LimitsId,
    /// The data may not be left out.
    pub(super) is_required: bool,
    /// These count where the condition is yes or, of a question that depends on facts, not no.
    pub(super) bases: u128,
}

/// So many numbers stand for a [`Due`].
pub(super) const WORDS: usize = 11;

impl Due {
    pub(super) fn nothing(condition: u32) -> Self {
        Self { condition, duties: 0, limits: NO_LIMITS, is_required: false, bases: 0 }
    }

    /// What a statement brings to a point of an act, but for its bases. The duties and the retention of a share are the
    /// recipient's: they come only with sharing.
    pub(super) fn of(cover: Cover<'_>, act: ActKind, translation: &Translation) -> Self {
        let Cover { statement, is_optional } = cover;
        let condition = translation.condition(statement.condition);
        let is_recipients = statement.is_share() && act != ActKind::Share;
        let is_required = act == ActKind::Collect
            && translation.has_optional
            && statement.collects()
            && !is_optional;
        match is_recipients || statement.kind == StatementKind::Never {
            true => Self::nothing(condition),
            false => Self {
                condition,
                duties: translation.duties(statement.duties),
                limits: translation.limits(&statement.limits),
                is_required,
                bases: 0,
            },
        }
    }

    /// The bases of a statement's alternatives, each under its condition.
    pub(super) fn of_bases<'s>(
        statement: &'s Statement,
        translation: &'s Translation,
    ) -> impl Iterator<Item = Self> + 's {
        statement.alternatives.iter().map(|one| Self {
            bases: translation.bases(one.bases),
            ..Self::nothing(translation.condition(one.condition))
        })
    }

    fn is_nothing(&self) -> bool {
        self.duties == 0 && self.limits == NO_LIMITS && !self.is_required && self.bases == 0
    }

    pub(super) fn write(&self, words: &mut Vec<u32>) {
        words.extend([self.condition, self.limits, u32::from(self.is_required)]);
        for bits in [self.duties, self.bases] {
            words.extend((0..4).map(|word| (bits >> (32 * word)) as u32));
        }
    }

    /// Reads what [`write`](Self::write) wrote: [`WORDS`] numbers.
    pub(super) fn read(words: &[u32]) -> Self {
        let bits =
            |words: &[u32]| words.iter().rev().fold(0, |bits, word| bits << 32 | u128::from(*word));
        Self {
            condition: words[0],
            limits: words[1],
            is_required: words[2] != 0,
            duties: bits(&words[3..7]),
            bases: bits(&words[7..11]),
        }
    }
}

/// The conditions of some statements, and what they bring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spelled {
    pub(super) permits: Vec<u32>,
    pub(super) nevers: Vec<u32>,
    /// The conditions of the permits that name bases; `None` if the point never lacks one.
    pub(super) based: Option<Vec<u32>>,
    pub(super) dues: Vec<Due>,
}

impl Spelled {
    pub(super) fn new<'s>(
        covers: impl Iterator<Item = Cover<'s>>,
        act: ActKind,
        translation: &Translation,
        limits: &mut Limits,
    ) -> Self {
        let mut spelled = Self::default();
        let mut based = Vec::new();
        for cover in covers {
            let statement = cover.statement;
            let condition = translation.condition(statement.condition);
            match statement.kind {
                StatementKind::Permit => spelled.permits.push(condition),
                StatementKind::Never => spelled.nevers.push(condition),
                StatementKind::Require => {}
            }
            if !statement.alternatives.is_empty() {
                based.push(condition);
                spelled.dues.extend(Due::of_bases(statement, translation));
            }
            spelled.dues.push(Due::of(cover, act, translation));
        }
        for conditions in [&mut spelled.permits, &mut spelled.nevers, &mut based] {
            conditions.sort_unstable();
            conditions.dedup();
            if conditions.first() == Some(&0) {
                conditions.truncate(1); // always, which is above every condition
            }
        }
        // Where the greatest permit has a basis, the point has one.
        let has_basis = based.first() == Some(&0)
            || spelled.permits.iter().all(|condition| based.binary_search(condition).is_ok());
        spelled.based = (translation.declares_bases && !has_basis).then_some(based);
        spelled.dues = merged(spelled.dues, limits);
        spelled
    }
}

/// One entry for each condition, without what is due always.
pub(super) fn merged(mut dues: Vec<Due>, limits: &mut Limits) -> Vec<Due> {
    dues.retain(|due| !due.is_nothing());
    dues.sort_unstable_by_key(|due| due.condition);
    let mut merged: Vec<Due> = Vec::with_capacity(dues.len());
    for due in dues {
        match merged.last_mut() {
            Some(last) if last.condition == due.condition => {
                last.duties |= due.duties;
                last.bases |= due.bases;
                last.is_required |= due.is_required;
                last.limits = limits.join(last.limits, due.limits);
            }
            _ => merged.push(due),
        }
    }
    if let Some(always) = merged.first().copied().filter(|first| first.condition == 0) {
        for due in merged.iter_mut().skip(1) {
            due.duties &= !always.duties;
            due.bases &= !always.bases;
            due.is_required &= !always.is_required;
            due.limits = limits.stricter(due.limits, always.limits);
        }
    }
    merged.retain(|due| !due.is_nothing());
    merged
}

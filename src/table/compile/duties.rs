//! What comes with an answer, by condition: duties, legal bases, retention, and whether data is required.
//!
//! Several points of a question have few distinct lists of these, and questions share points. So lists are stored once.

use super::ids::{CoverId, DutyListId, IdVec, PointId};
use super::intern::Slices;
use super::outcome::{Outcomes, sort_and_dedup};
use crate::model::{ActKind, Model, RetainLimit, Statement, StatementKind};
use crate::period::Limit;
use crate::table::ids::{ConditionId, RetentionId};
use crate::table::retention;
use crate::table::schema::{Contents, DutyRecord, LimitRecord, Span};
use std::collections::BTreeMap;

/// Writes lists of duties, each the first time it is needed.
pub(super) struct Duties<'m> {
    model: &'m Model,
    /// Whether the policy says of any data that it is optional.
    has_optional: bool,
    lists: Slices<DutyListId, DutyRecord>,
    /// The list of each point that was needed.
    of_points: IdVec<PointId, Option<DutyListId>>,
    /// Where each list is that was written.
    offsets: IdVec<DutyListId, Option<u32>>,
    retentions: Slices<RetentionId, LimitRecord>,
    section: Vec<u32>,
}

/// The sections with duties.
#[derive(Default)]
pub(super) struct DutySections {
    duties: Vec<u32>,
    retentions: Vec<Span>,
    limits: Vec<LimitRecord>,
}

impl DutySections {
    /// Moves the sections to an image's contents.
    pub(super) fn move_to(self, contents: &mut Contents) {
        contents.duties = self.duties;
        contents.retentions = self.retentions;
        contents.limits = self.limits;
    }
}

impl<'m> Duties<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        Self {
            model,
            has_optional: model.statements.iter().any(|statement| statement.optional.is_some()),
            lists: Slices::default(),
            of_points: IdVec::default(),
            offsets: IdVec::default(),
            retentions: Slices::default(),
            section: Vec::new(),
        }
    }

    /// Where the list of these points is.
    pub(super) fn of(&mut self, source: &Outcomes<'_>, points: &[PointId]) -> u32 {
        let mut lists: Vec<DutyListId> =
            points.iter().map(|point| self.of_point(source, *point)).collect();
        sort_and_dedup(&mut lists);
        let id = match lists.as_slice() {
            [one] => *one,
            _ => {
                let all = lists.iter().flat_map(|list| self.lists.get(*list)).copied().collect();
                self.intern(all)
            }
        };
        if let Some(Some(offset)) = self.offsets.get(id) {
            return *offset;
        }
        let offset = self.section.len() as u32;
        let list = self.lists.get(id);
        self.section.push(list.len() as u32);
        self.section.extend_from_slice(bytemuck::cast_slice(list));
        self.offsets.set(id, Some(offset), None);
        offset
    }

    pub(super) fn finish(self) -> DutySections {
        let mut sections = DutySections { duties: self.section, ..DutySections::default() };
        for id in self.retentions.ids() {
            let (start, list) = (sections.limits.len() as u32, self.retentions.get(id));
            sections.retentions.push(Span { start, count: list.len() as u32 });
            sections.limits.extend_from_slice(list);
        }
        sections
    }

    fn of_point(&mut self, source: &Outcomes<'_>, point: PointId) -> DutyListId {
        if let Some(Some(list)) = self.of_points.get(point) {
            return *list;
        }
        let mut records = Vec::new();
        for cover in source.point(point) {
            self.of_statement(*cover, &mut records);
        }
        let list = self.intern(records);
        self.of_points.set(point, Some(list), None);
        list
    }

    /// What a statement adds: its duties and its retention under its condition, and under those of its alternatives
    /// their bases.
    fn of_statement(&mut self, cover: CoverId, records: &mut Vec<DutyRecord>) {
        let statement = &self.model.statements[cover.statement().index()];
        if statement.kind == StatementKind::Never {
            return;
        }
        let is_permit = statement.kind == StatementKind::Permit;
        let mut flags = 0;
        if is_permit && statement.act == ActKind::Share {
            flags |= DutyRecord::SHARED;
        }
        if self.has_optional && statement.collects() && !cover.is_optional() {
            flags |= DutyRecord::REQUIRED;
        }
        let retention = self.retention(statement);
        let record = |condition: crate::model::ConditionId, duties: u64, bases: u64| DutyRecord {
            condition: ConditionId(condition.0),
            duties: duties.into(),
            bases: bases.into(),
            retention: RetentionId::NONE,
            flags: 0,
        };
        if statement.duties != 0 || retention.some().is_some() || flags & DutyRecord::REQUIRED != 0
        {
            records.push(DutyRecord {
                retention,
                flags,
                ..record(statement.condition, statement.duties, 0)
            });
        }
        let alternatives = statement.alternatives.iter();
        records.extend(alternatives.map(|one| record(one.condition, 0, one.bases)));
    }

    fn retention(&mut self, statement: &Statement) -> RetentionId {
        if statement.limits.is_empty() {
            return RetentionId::NONE;
        }
        let limits = retention::merged(statement.limits.iter().map(limit_record));
        self.retentions.intern(&limits)
    }

    /// The list of these records, joined by their conditions and flags.
    fn intern(&mut self, records: Vec<DutyRecord>) -> DutyListId {
        let mut joined: BTreeMap<(ConditionId, u32), DutyRecord> = BTreeMap::new();
        for record in records {
            match joined.get_mut(&(record.condition, record.flags)) {
                None => {
                    joined.insert((record.condition, record.flags), record);
                }
                Some(known) => {
                    known.duties = (known.duties.get() | record.duties.get()).into();
                    known.bases = (known.bases.get() | record.bases.get()).into();
                    known.retention = join(&mut self.retentions, known.retention, record.retention);
                }
            }
        }
        let joined: Vec<DutyRecord> = joined.into_values().collect();
        self.lists.intern(&joined)
    }
}

fn join(
    retentions: &mut Slices<RetentionId, LimitRecord>,
    one: RetentionId,
    other: RetentionId,
) -> RetentionId {
    match (one.some(), other.some()) {
        (None, _) => other,
        (_, None) => one,
        (Some(one), Some(other)) if one == other => one,
        (Some(one), Some(other)) => {
            let both = retentions.get(one).iter().chain(retentions.get(other)).copied();
            let both = retention::merged(both);
            retentions.intern(&both)
        }
    }
}

fn limit_record(written: &RetainLimit) -> LimitRecord {
    let (period, kind) = match (written.limit, written.at_least) {
        (Limit::Until { .. }, _) => (None, LimitRecord::UNTIL),
        (Limit::Period { period, .. }, true) => (Some(period), LimitRecord::LEAST),
        (Limit::Period { period, .. }, false) => (Some(period), LimitRecord::MOST),
    };
    LimitRecord {
        event: written.limit.event().map_or(LimitRecord::COLLECTION, |event| event.0),
        count: period.map_or(0, |period| period.count()),
        unit: period.map_or(0, |period| period.unit() as u8),
        kind,
        unused: [0; 2],
    }
}

//! The records of what a policy consists of: its header, nodes, statements, facts, duties and limits on retention.

use super::ids::{ClassOffset, ConditionId, FileId, ListAt, NodeId, RetentionId, SectionId};
use crate::period::Period;
use crate::words::Unit;
use bytemuck::{Pod, Zeroable};
use std::ops::Range;

/// The sizes of the table, the header of the policy, and the seeds of the tables of names.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Description {
    /// Classes of categories.
    pub(crate) rows: u32,
    /// Classes of acts.
    pub(crate) planes: u32,
    /// Classes of purposes.
    pub(crate) columns: u32,
    pub(crate) name: TextSpan,
    pub(crate) label: TextSpan,
    pub(crate) version: TextSpan,
    pub(crate) controller: TextSpan,
    pub(crate) effective: TextSpan,
    pub(crate) language: TextSpan,
    pub(crate) contact: TextSpan,
    pub(crate) url: TextSpan,
    /// The class of "any method", above all methods.
    pub(crate) any_method: ClassOffset,
    /// The class of "any recipient".
    pub(crate) any_recipient: ClassOffset,
    /// 1 if the policy says of some data that it is optional, else 0.
    pub(crate) has_optional: u32,
    /// For each hierarchy.
    pub(crate) seeds: [Halves; 4],
}

/// A node of a hierarchy.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct NodeRecord {
    pub(crate) path: TextSpan,
    pub(crate) label: TextSpan,
    /// Or [`NodeId::NONE`].
    pub(crate) parent: NodeId,
    pub(crate) class: ClassOffset,
    /// It and everything declared in it are the numbers from its own to before this one.
    pub(crate) end: NodeId,
    /// The ranges of it and everything below it, if that is more than one range.
    pub(crate) ranges: ListAt,
}

impl NodeRecord {
    /// In place of a node that does not exist.
    pub(super) const NONE: Self = Self {
        path: TextSpan::EMPTY,
        label: TextSpan::EMPTY,
        parent: NodeId::NONE,
        class: ClassOffset::NONE,
        end: NodeId(0),
        ranges: ListAt::NONE,
    };
}

/// A permit, never or require.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct StatementRecord {
    /// See `StatementKind`.
    pub(crate) kind: u8,
    /// See `ActKind`.
    pub(crate) act: u8,
    /// 1 for a permit that names legal bases, else 0.
    pub(crate) is_based: u8,
    pub(crate) unused: u8,
    pub(crate) condition: ConditionId,
    pub(crate) file: FileId,
    /// From 1.
    pub(crate) line: u32,
    /// Or [`SectionId::NONE`].
    pub(crate) section: SectionId,
    pub(crate) text: TextSpan,
    pub(crate) because: TextSpan,
    pub(crate) see: TextSpan,
}

impl StatementRecord {
    /// In place of a statement that does not exist: a `require`, which neither permits nor forbids.
    pub(super) const NONE: Self = Self {
        kind: 2,
        act: 0,
        is_based: 0,
        unused: 0,
        condition: ConditionId(0),
        file: FileId::NONE,
        line: 0,
        section: SectionId::NONE,
        text: TextSpan::EMPTY,
        because: TextSpan::EMPTY,
        see: TextSpan::EMPTY,
    };
}

/// A section of the policy.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct SectionRecord {
    pub(crate) name: TextSpan,
    pub(crate) title: TextSpan,
}

/// A fact.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct FactRecord {
    /// A [`FactKind`](crate::words::FactKind).
    pub(crate) kind: u32,
    pub(crate) name: TextSpan,
    pub(crate) label: TextSpan,
    pub(crate) choices: Span,
    pub(crate) atoms: Span,
    pub(crate) unused: u32,
}

/// A comparison with a fact.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct AtomRecord {
    /// Its bit: 64 to a word.
    pub(crate) number: u64,
    /// See [`HOLDS`](Self::HOLDS).
    pub(crate) test: u64,
    /// A set of choices, or the bits of a number.
    pub(crate) operand: u64,
}

#[cfg_attr(not(feature = "compile"), allow(dead_code, reason = "the compiler writes all of them"))]
impl AtomRecord {
    /// A test: yes or no.
    pub(crate) const HOLDS: u64 = 0;
    /// A test: one of these choices.
    pub(crate) const IN: u64 = 1;
    /// A test: this number or a greater one.
    pub(crate) const AT_LEAST: u64 = 2;
    /// A test: a greater number.
    pub(crate) const ABOVE: u64 = 3;
    /// A test: this number.
    pub(crate) const EQUAL: u64 = 4;
}

/// What comes with an answer under one condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct DutyRecord {
    pub(crate) condition: ConditionId,
    /// A bit for each duty.
    pub(crate) duties: Halves,
    /// A bit for each legal basis.
    pub(crate) bases: Halves,
    /// Or [`RetentionId::NONE`].
    pub(crate) retention: RetentionId,
    /// See [`SHARED`](Self::SHARED) and [`REQUIRED`](Self::REQUIRED).
    pub(crate) flags: u32,
}

impl DutyRecord {
    /// A flag: the duties and the retention are the recipient's, so they do not come with a use.
    pub(crate) const SHARED: u32 = 1;
    /// A flag: the data is collected and not optional.
    pub(crate) const REQUIRED: u32 = 2;
}

/// A limit on retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct LimitRecord {
    /// The number of an event, or [`COLLECTION`](Self::COLLECTION).
    pub(crate) event: u32,
    pub(crate) count: u32,
    /// A [`Unit`].
    pub(crate) unit: u8,
    /// See [`MOST`](Self::MOST).
    pub(crate) kind: u8,
    pub(crate) unused: [u8; 2],
}

impl LimitRecord {
    /// In place of an event: it counts from collection.
    pub(crate) const COLLECTION: u32 = u32::MAX;
    /// A kind: the data is kept no longer than a period.
    pub(crate) const MOST: u8 = 0;
    /// A kind: no longer than until the event.
    pub(crate) const UNTIL: u8 = 1;
    /// A kind: at least for a period.
    pub(crate) const LEAST: u8 = 2;

    pub(crate) fn is_until(&self) -> bool {
        self.kind == Self::UNTIL
    }

    pub(crate) fn is_least(&self) -> bool {
        self.kind == Self::LEAST
    }

    pub(crate) fn period(&self) -> Period {
        Period::new(self.count, Unit::from_number(self.unit))
    }

    /// Limits with equal keys compare; keys are sorted as answers list limits.
    pub(crate) fn key(&self) -> (bool, u32, bool) {
        let from_collection = self.event.wrapping_add(1);
        (self.is_least(), from_collection, self.period().unit().is_calendar())
    }

    /// Whether it counts rather than another one with the same key. Of equal lengths, that in the smaller unit does.
    pub(crate) fn is_stricter_than(&self, other: &Self) -> bool {
        let order = |limit: &Self| {
            let period = limit.period();
            let length = period.length();
            // `at least` is stricter if it is longer.
            let length = if limit.is_least() { u64::MAX - length } else { length };
            (!limit.is_until(), length, period.unit())
        };
        order(self) < order(other)
    }
}

// ── Parts of records ────────────────────────────────────────────────────────────────────────────

/// A text: its place in the section of texts, and its length in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct TextSpan {
    pub(crate) start: u32,
    pub(crate) length: u32,
}

impl TextSpan {
    /// The empty text.
    pub(super) const EMPTY: Self = Self { start: 0, length: 0 };

    /// Beyond every text if it does not fit.
    #[inline]
    pub(crate) fn range(self) -> Range<usize> {
        Span { start: self.start, count: self.length }.range()
    }
}

/// A name and its label.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Named {
    pub(crate) name: TextSpan,
    pub(crate) label: TextSpan,
}

/// Consecutive elements of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) count: u32,
}

impl Span {
    /// Beyond every slice if it does not fit.
    #[inline(always)]
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..(self.start as usize).saturating_add(self.count as usize)
    }
}

/// A 64-bit number in a record that is aligned to 4 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Halves {
    low: u32,
    high: u32,
}

impl Halves {
    #[inline]
    pub(crate) fn get(self) -> u64 {
        u64::from(self.low) | u64::from(self.high) << 32
    }
}

#[cfg(feature = "compile")]
impl From<u64> for Halves {
    fn from(number: u64) -> Self {
        Self { low: number as u32, high: (number >> 32) as u32 }
    }
}

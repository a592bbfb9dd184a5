//! The contents of an image: the list of its sections, and the record that each section repeats.
//!
//! The list is the only place that says which sections there are and in which order. The writer
//! ([`Contents`]) and the reader ([`Sections`]) are made from it, and a test compares this drawing with it:
//!
//! ```text
//!  0  description       Description
//!  1  text              u8
//!  2  category_nodes    NodeRecord
//!  3  method_nodes      NodeRecord
//!  4  purpose_nodes     NodeRecord
//!  5  recipient_nodes   NodeRecord
//!  6  category_pilots   u32
//!  7  category_slots    Slot
//!  8  method_pilots     u32
//!  9  method_slots      Slot
//! 10  purpose_pilots    u32
//! 11  purpose_slots     Slot
//! 12  recipient_pilots  u32
//! 13  recipient_slots   Slot
//! 14  lists             u32
//! 15  category_sets     CategorySet
//! 16  set_of_field      CategorySetId
//! 17  trie              TrieNode
//! 18  pattern_lists     u32
//! 19  patterns          PatternRecord
//! 20  exceptions        ListAt
//! 21  touching          ListAt
//! 22  kinds             u64
//! 23  cells             u32
//! 24  lines             LinePart
//! 25  far_cells         u32
//! 26  outcomes          u32
//! 27  duties            u32
//! 28  terms             Term
//! 29  conditions        ConditionRecord
//! 30  programs          u32
//! 31  statements        StatementRecord
//! 32  files             TextSpan
//! 33  sections          SectionRecord
//! 34  duty_names        Named
//! 35  basis_names       Named
//! 36  event_names       Named
//! 37  retentions        Span
//! 38  limits            LimitRecord
//! 39  facts             FactRecord
//! 40  facts_by_name     FactId
//! 41  choices           Named
//! 42  atoms             AtomRecord
//! 43  duty_masks        u8
//! ```
//!
//! A record is a struct of integers without padding, so a section is read in place. A number that refers to
//! something has a type from [`ids`](super::ids). The records of cells and of names stand here, those of what a policy
//! consists of in [`records`](super::records).

use super::ids::{CategorySetId, ClassOffset, FactId, FieldId, ListAt, NodeId};
use super::image::{ArtifactError, Reader};
#[cfg(feature = "compile")]
use super::image::{Image, Writer};
pub(crate) use super::records::*;
use crate::limits::MAX_PATTERN;
use bytemuck::{Pod, Zeroable};
use std::ops::Range;

/// Makes the reader and the writer of the sections from one list of them.
macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident: $record:ident,)*) => {
        /// The sections of an image, in their order.
        #[derive(Clone, Copy)]
        pub(crate) struct Sections<'a> {
            $($(#[$doc])* pub(crate) $name: &'a [$record],)*
        }

        impl<'a> Sections<'a> {
            /// All sections of an image. O(sections).
            pub(super) fn read(mut reader: Reader<'a>) -> Result<Self, ArtifactError> {
                let sections = Self { $($name: reader.next()?,)* };
                reader.end()?;
                Ok(sections)
            }
        }

        /// The contents of all sections, while an image is made.
        #[cfg(feature = "compile")]
        #[derive(Default)]
        pub(crate) struct Contents {
            $($(#[$doc])* pub(crate) $name: Vec<$record>,)*
        }

        /// How many records follow the contents of each section. They are written in place.
        #[cfg(feature = "compile")]
        #[derive(Default)]
        pub(crate) struct InPlace {
            $(pub(crate) $name: usize,)*
        }

        /// The sections of an image that is made.
        #[cfg(feature = "compile")]
        #[allow(dead_code, reason = "few sections are written in place")]
        pub(crate) struct SectionsMut<'a> {
            $(pub(crate) $name: &'a mut [$record],)*
        }

        #[cfg(feature = "compile")]
        impl Contents {
            /// Writes the image. Each section is freed as soon as it is written. `write` writes the records that
            /// follow, which are zero.
            pub(crate) fn into_image(
                self,
                in_place: &InPlace,
                write: impl FnOnce(SectionsMut<'_>),
            ) -> Image {
                let mut writer =
                    Writer::new(&[$(size_of::<$record>() * (self.$name.len() + in_place.$name)),*]);
                let mut blank = writer.sections();
                $(
                    let $name: &mut [$record] = blank.next(self.$name.len() + in_place.$name);
                    $name[..self.$name.len()].copy_from_slice(&self.$name);
                    drop(self.$name);
                )*
                write(SectionsMut { $($name),* });
                writer.finish()
            }
        }

        #[cfg(test)]
        const LIST: &[[&str; 2]] = &[$([stringify!($name), stringify!($record)]),*];
    };
}

sections! {
    /// One record.
    description: Description,
    /// All texts, in UTF-8.
    text: u8,
    category_nodes: NodeRecord,
    method_nodes: NodeRecord,
    purpose_nodes: NodeRecord,
    recipient_nodes: NodeRecord,
    /// The table of names of each hierarchy; see `names`.
    category_pilots: u32,
    category_slots: Slot,
    method_pilots: u32,
    method_slots: Slot,
    purpose_pilots: u32,
    purpose_slots: Slot,
    recipient_pilots: u32,
    recipient_slots: Slot,
    /// Lists of nodes and of ranges of nodes, each after its length.
    lists: u32,
    category_sets: CategorySet,
    /// For each `field` statement, what it maps to.
    set_of_field: CategorySetId,
    /// The index of field patterns; see `patterns`.
    trie: TrieNode,
    /// Lists of patterns, each after its length.
    pattern_lists: u32,
    patterns: PatternRecord,
    /// For each `field` statement, the list of its exceptions.
    exceptions: ListAt,
    /// For each purpose, the ranges of the purposes that share a node at or below them with it. Empty
    /// without facts per purpose.
    touching: ListAt,
    /// The kinds of all cells, two bits each.
    kinds: u64,
    /// All cells: for each plane, for each row, for each column.
    cells: u32,
    /// The line of each plane and row, then the parts of the long ones.
    lines: LinePart,
    /// The cells of a table that has kinds or lines: those of the lines' runs, or all of them.
    far_cells: u32,
    /// What cells refer to; see `compile/cells.rs`.
    outcomes: u32,
    /// Lists of [`DutyRecord`]s, each after its number of records.
    duties: u32,
    terms: Term,
    conditions: ConditionRecord,
    /// Conditions in prefix order: an operator in the low two bits, an atom or a count above.
    programs: u32,
    statements: StatementRecord,
    /// The paths of the files.
    files: TextSpan,
    sections: SectionRecord,
    /// The duties.
    duty_names: Named,
    /// The legal bases.
    basis_names: Named,
    /// The events, sorted by name.
    event_names: Named,
    /// Lists of limits on retention.
    retentions: Span,
    /// The limits of all lists.
    limits: LimitRecord,
    facts: FactRecord,
    /// The facts, sorted by name.
    facts_by_name: FactId,
    choices: Named,
    atoms: AtomRecord,
    /// For each duty, the number of its mask, or [`NO_MASK`].
    duty_masks: u8,
}

// ── Cells ───────────────────────────────────────────────────────────────────────────────────────

/// A cell's kind, in its low two bits.
pub(crate) const DENY: u32 = 0;
/// See [`DENY`].
pub(crate) const CONDITIONAL: u32 = 1;
/// See [`DENY`].
pub(crate) const ALLOW: u32 = 2;
/// As [`CONDITIONAL`], with one term in the first word, which stands before the outcome.
pub(crate) const SIMPLE: u32 = 3;
/// The cell of a question that nothing permits and no `never` touches.
pub(crate) const DENY_CELL: u32 = 0;
/// In place of a number of terms: the condition is evaluated by its statements.
pub(crate) const GENERAL: u32 = u32::MAX;
/// In place of a mask's number: the program fulfils the duty.
pub(crate) const NO_MASK: u8 = u8::MAX;
/// Kinds in a word.
pub(crate) const KINDS: u32 = 32;

/// The operators of a condition's program, in the low two bits; a number above.
pub(crate) const OP_ATOM: u32 = 0;
/// See [`OP_ATOM`].
pub(crate) const OP_NOT: u32 = 1;
/// See [`OP_ATOM`].
pub(crate) const OP_ALL: u32 = 2;
/// See [`OP_ATOM`].
pub(crate) const OP_ANY: u32 = 3;

/// The runs of one part of a line are compared all at once: as many as two SIMD registers hold.
pub(crate) const FAN: usize = 16;

/// The runs of one line, or of a part of one: the columns where up to [`FAN`] of them start, ascending and
/// padded with the greatest number.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct LinePart {
    /// Four columns of 16 bits in each.
    pub(crate) starts: [u64; 4],
    /// From the low bits up: a kind of two bits for each run, and the place of the runs' cells. With
    /// [`INNER`](Self::INNER), the place of further parts instead, one for each start.
    pub(crate) runs: u64,
}

impl LinePart {
    /// See [`runs`](Self::runs).
    pub(crate) const INNER: u64 = 1 << 63;
}

/// Literals of one condition that must all hold: atoms of one word that must be yes, and that must be no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Term {
    word: u64,
    pub(crate) yes: u64,
    pub(crate) no: u64,
}

impl Term {
    /// In the word's number: this is the last part of its alternative.
    const LAST: u64 = 1 << 63;

    #[cfg(feature = "compile")]
    pub(crate) fn new(word: u64, is_last: bool, yes: u64, no: u64) -> Self {
        Self { word: word | if is_last { Self::LAST } else { 0 }, yes, no }
    }

    /// Which word of atoms.
    #[inline]
    pub(crate) fn word(&self) -> usize {
        (self.word & !Self::LAST) as usize
    }

    /// Whether the next term belongs to another alternative.
    #[inline]
    pub(crate) fn is_last(&self) -> bool {
        self.word & Self::LAST != 0
    }
}

/// A condition: multiplied out, and as written.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct ConditionRecord {
    pub(crate) terms: TermSpan,
    pub(crate) program: Span,
}

/// The terms of a condition; [`GENERAL`] in place of their number if it has too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct TermSpan {
    pub(crate) start: u32,
    pub(crate) count: u32,
}

impl TermSpan {
    /// Too many terms.
    pub(crate) const GENERAL: Self = Self { start: 0, count: GENERAL };

    /// Beyond every slice if it is general.
    #[inline]
    pub(crate) fn range(self) -> Range<usize> {
        Span { start: self.start, count: self.count }.range()
    }
}

// ── Names ───────────────────────────────────────────────────────────────────────────────────────

/// One slot of a table of names; see `names`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Slot {
    /// The first eight bytes of the name.
    pub(crate) head: u64,
    /// Its last eight bytes.
    pub(crate) tail: u64,
    pub(crate) length: u32,
    /// Where a name of over 16 bytes is in the text.
    pub(crate) start: u32,
    pub(crate) value: NameValue,
}

impl Slot {
    /// A slot without a name; no name has this length.
    pub(crate) const EMPTY: Self =
        Self { head: 0, tail: 0, length: u32::MAX, start: u32::MAX, value: NameValue(0) };
}

/// What a name stands for: a node and its class, or several nodes in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub(crate) struct NameValue(u64);

impl NameValue {
    /// In place of a class. It is beyond every table, so it denies.
    const AMBIGUOUS: u64 = 1 << 63;

    #[cfg(feature = "compile")]
    pub(crate) fn one(node: NodeId, class: ClassOffset) -> Self {
        Self(u64::from(class.0) << 32 | u64::from(node.0))
    }

    /// It stands for several nodes.
    #[cfg(feature = "compile")]
    pub(crate) fn several(nodes: ListAt) -> Self {
        Self(Self::AMBIGUOUS | u64::from(nodes.0))
    }

    /// The node and its class, or the list of the nodes that it may stand for.
    #[inline(always)]
    pub(crate) fn node(self) -> Result<(NodeId, ClassOffset), ListAt> {
        if self.0 & Self::AMBIGUOUS == 0 {
            Ok((NodeId(self.0 as u32), self.class()))
        } else {
            Err(ListAt(self.0 as u32))
        }
    }

    /// The class; one that denies if the name is ambiguous.
    #[inline(always)]
    pub(crate) fn class(self) -> ClassOffset {
        ClassOffset((self.0 >> 32) as u32)
    }
}

/// In a category's number: it is the number of a set of categories that a field maps to.
pub(crate) const SET: u32 = 1 << 31;

/// A set of categories that a field maps to.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct CategorySet {
    pub(crate) class: ClassOffset,
    pub(crate) categories: ListAt,
}

/// A node of a trie of patterns.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct TrieNode {
    /// A bit for each class of bytes with a child.
    pub(crate) edges: Halves,
    /// The first child. The others follow it, in the order of the bits.
    pub(crate) first: u32,
    /// The patterns that end here.
    pub(crate) patterns: ListAt,
}

/// A field pattern.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct PatternRecord {
    pub(crate) text: TextSpan,
    /// See `glob::Shape`.
    pub(crate) shape: u32,
    /// The bytes before the first wildcard.
    pub(crate) prefix: u32,
    /// The bytes after the last wildcard.
    pub(crate) suffix: u32,
    pub(crate) field: FieldId,
}

const _: () = assert!(MAX_PATTERN < 1 << 16, "prefixes and suffixes are added in 32 bits");

#[cfg(test)]
mod tests {
    use super::LIST;

    #[test]
    fn the_drawing_shows_the_list() {
        let drawn: Vec<Vec<&str>> = include_str!("schema.rs")
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter(|words| words.first().is_some_and(|word| word.parse::<usize>().is_ok()))
            .collect();
        for (number, [name, record]) in LIST.iter().enumerate() {
            let listed = [number.to_string(), (*name).to_owned(), (*record).to_owned()];
            assert_eq!(drawn.get(number).map(|words| words.concat()), Some(listed.concat()));
        }
        assert_eq!(drawn.len(), LIST.len());
    }
}

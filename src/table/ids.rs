//! The types of the numbers in an image: each number that refers to something has a type of its own.
//!
//! They take no more room than a `u32`, and slices of bytes are read as slices of them.

use bytemuck::{Pod, Zeroable};

/// A number with a type that counts up from 0.
#[cfg(feature = "compile")]
pub(crate) trait Id: Copy + Eq {
    fn from_index(index: usize) -> Self;
    fn index(self) -> usize;
}

/// Defines ids.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
        #[repr(transparent)]
        pub(crate) struct $name(pub(crate) u32);

        #[allow(dead_code, reason = "not every id is optional or an index")]
        impl $name {
            /// No such thing.
            pub(crate) const NONE: Self = Self(u32::MAX);

            /// Its place in a slice of all of them.
            #[inline(always)]
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }

            /// `None` for [`NONE`](Self::NONE).
            pub(crate) fn some(self) -> Option<Self> {
                (self != Self::NONE).then_some(self)
            }
        }

        #[cfg(feature = "compile")]
        impl crate::table::ids::Id for $name {
            fn from_index(index: usize) -> Self {
                Self(index as u32)
            }

            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )* };
}
#[cfg(feature = "compile")]
pub(super) use ids;

ids! {
    /// A node of one hierarchy, or, of a category, a set of them; see
    /// [`SET`](super::schema::SET).
    NodeId;
    /// A permit, never or require.
    StatementId;
    /// A `field` statement.
    FieldId;
    /// A set of categories that a field maps to.
    CategorySetId;
    /// A field pattern.
    PatternId;
    /// A condition.
    ConditionId;
    /// A fact.
    FactId;
    /// A file of the policy.
    FileId;
    /// A section of the policy.
    SectionId;
    /// A list of limits on retention.
    RetentionId;
    /// A class of categories, acts or purposes times its stride: how far it moves a cell or a line.
    ClassOffset;
    /// The place of a list in a section of lists. The list follows its length.
    ListAt;
}

impl ConditionId {
    /// The condition that always holds.
    pub(crate) const ALWAYS: Self = Self(0);
}

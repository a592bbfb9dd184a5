//! Whether masks fit a column, and what several of them make of its values.

use crate::column_type::ColumnType;
use crate::condition::RowCondition;
use crate::residual::RowMask;
use whyfor::Mask;

/// Why a column cannot have a mask.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MaskError {
    /// The mask is for other types.
    #[error("the mask `{mask}` is not for values of the type `{kind}`")]
    Type {
        /// The mask.
        mask: Mask,
        /// The type of the column.
        kind: ColumnType,
    },
    /// The column cannot be NULL.
    #[error("the mask `replace-with-null` is not for a column that is `required`")]
    Required,
    /// The engine cannot say it.
    #[error("the mask `{mask}` of values of the type `{kind}` cannot be expressed in {output}")]
    Inexpressible {
        /// The mask.
        mask: Mask,
        /// The type of the column.
        kind: ColumnType,
        /// The dialect or format.
        output: &'static str,
    },
    /// A saved query has no new salt for each query.
    #[error(
        "the mask `sha-256-query-local` needs a salt that is new for each query, which a saved query does not have"
    )]
    QueryLocal,
}

impl RowMask {
    /// Whether it is for every row.
    pub(crate) fn is_always(&self) -> bool {
        matches!(self.unless_no, RowCondition::Yes | RowCondition::Unknown)
    }
}

/// Whether each of the masks fits, and each join of them.
pub(crate) fn check(
    masks: &[RowMask],
    kind: ColumnType,
    is_required: bool,
) -> Result<(), MaskError> {
    let alone = masks.iter().map(|mask| mask.mask);
    for mask in alone.chain(joins(masks)) {
        if !kind.takes(mask) {
            return Err(MaskError::Type { mask, kind });
        }
        if is_required && mask == Mask::ReplaceWithNull {
            return Err(MaskError::Required);
        }
    }
    Ok(())
}

/// What masks can join to, strongest first. A join of more than two is one of them, or that of two of them.
pub(crate) fn joins(masks: &[RowMask]) -> Vec<Mask> {
    let all = || masks.iter().map(|mask| mask.mask);
    let mut joins: Vec<Mask> =
        all().flat_map(|one| all().map(move |other| one.join(other))).collect();
    joins.sort_unstable();
    joins.dedup();
    joins.reverse();
    joins
}

//! Why a view has no restrictions in Iceberg.

use crate::column_type::ColumnType;
use crate::masking::MaskError;

/// Why a view has no restrictions in Iceberg.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IcebergError {
    /// Iceberg knows columns by the ids of their fields.
    #[error("the column `{0}` has no `id`: restrictions name fields by their ids")]
    NoId(String),
    /// Two columns have one id.
    #[error("the columns `{0}` and `{1}` have the same `id`")]
    SameId(String, String),
    /// A test of a column needs its type and id.
    #[error(
        "the column `{0}` holds a fact and is not described: list it with `is`, `type` and `id`"
    )]
    NotDescribed(String),
    /// There are no tests of lists.
    #[error(
        "the column `{0}` is a list of purposes, which a filter of Iceberg cannot test: use a column for each purpose"
    )]
    List(String),
    /// More digits than a policy compares.
    #[error(
        "the column `{column}` of the type `{kind}` cannot be compared as a policy does: at most 15 digits can"
    )]
    Digits {
        /// The column.
        column: String,
        /// Its type.
        kind: ColumnType,
    },
    /// A column cannot be hidden.
    #[error("the column `{column}`: {error}")]
    Mask {
        /// The column.
        column: String,
        /// Why not.
        error: MaskError,
    },
}

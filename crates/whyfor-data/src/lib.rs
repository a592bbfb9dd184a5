//! Decisions of a policy about rows: facts that are in columns, masks, and conditions as SQL.
//!
//! ```
//! use whyfor::{Policy, Question};
//! use whyfor_data::{Columns, Dialect};
//!
//! let policy = Policy::from_path("../../examples/shop.why")?;
//! let stated = policy.facts_builder().with("region", "us")?.build();
//! let columns = Columns::of(&policy)
//!     .fact("age", "u.age")?
//!     .purpose("consent", "marketing", "ok_marketing")?;
//!
//! let decision = policy.ask(&Question::usage("email", "newsletter"), &stated);
//! let residual = columns.residual(&decision)?;
//! assert!(residual.allowed().to_sql(Dialect::Postgres).starts_with("((\"ok_marketing\" = TRUE) AND (CASE WHEN "));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each row has facts of its own. What remains to be asked of a row, once the facts that are the same for all rows are
//! stated, is a [`RowCondition`] over the columns. It is yes exactly for the rows for which a policy allows the question
//! with the row's facts stated.
//!
//! # What a value in a column states
//! A value that [`FactsBuilder::set`](whyfor::FactsBuilder::set) would refuse states nothing, and so does NULL: a number
//! that is not finite, a whole number beyond 2⁵³, a choice or a purpose that the policy does not declare, a value of
//! another type.
//!
//! # How it is made
//! `column` is the name of a column, `columns` says which facts are in which, `condition` is what a row must meet, and
//! `residual` makes it from a decision. `dataset` describes tables, with a `column_type` for each column; `view` asks the
//! policy about all columns of one, `masking` says which masks fit and join, and `notes` says why. `sql` writes conditions,
//! masks and views; `iceberg` writes views as restrictions of Apache Iceberg. `arrow`, with the feature of that
//! name, evaluates conditions over arrays, and shows what of their values may be seen.

#[cfg(feature = "arrow")]
mod arrow;
mod column;
mod column_type;
mod columns;
mod condition;
mod dataset;
mod iceberg;
mod masking;
mod notes;
mod residual;
mod sql;
mod view;

#[cfg(feature = "arrow")]
#[doc(hidden)] // for the Python package
pub use arrow::Key;
#[cfg(feature = "arrow")]
pub use arrow::{
    ArrayMaskError, Parts, RowFacts, RowFactsError, Salt, ShowError, Shown, Truth, check_mask,
    mask_array, show,
};
pub use column::{Column, ColumnError};
pub use column_type::{ColumnType, ParseColumnTypeError};
pub use columns::{Columns, FactColumnError};
pub use condition::{NumberTest, RowCondition};
pub use dataset::{Dataset, Table};
pub use iceberg::{IcebergError, ReadRestrictions};
pub use masking::MaskError;
pub use residual::{Residual, ResidualError, RowMask};
pub use sql::{Dialect, ParseDialectError, mask_sql, masked_sql};
pub use view::{LeftOut, Rows, View, ViewColumn, ViewError};
pub use whyfor::Mask;

//! Conditions, masks and views as SQL.
//!
//! Engines differ from a policy in what a comparison says of odd values, so each test is spelled out: a choice must be one
//! that is declared, byte by byte; a number must be finite, since NaN is the greatest for most engines; a column must have
//! the type that the fact takes, since some engines read texts as numbers. `AND`, `OR` and `NOT` of SQL have the three values
//! of a policy's conditions.

mod dialect;
mod expression;
mod mask;
mod view;

pub use dialect::{Dialect, ParseDialectError};
pub use mask::{mask_sql, masked_sql};

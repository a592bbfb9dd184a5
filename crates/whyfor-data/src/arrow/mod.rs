//! Conditions and masks over Arrow arrays: what `pandas`, lists and every engine without SQL of its own are answered by.
//!
//! `facts` is the fact columns of some rows, `truth` evaluates a condition over them, `text`, `time` and `hash` are masks,
//! `mask` says which of them an array takes, and `show` puts together what of an array may be seen.

mod bits;
mod facts;
mod hash;
mod kept;
mod mask;
mod numbers;
mod plain;
mod show;
mod text;
mod texts;
mod time;
mod truth;

pub use facts::{RowFacts, RowFactsError};
pub use hash::Salt;
pub use mask::{ArrayMaskError, check_mask, mask_array};
pub use show::{Parts, ShowError, Shown, show};
pub use truth::Truth;

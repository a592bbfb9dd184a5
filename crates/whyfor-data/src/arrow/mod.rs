//! Conditions and masks over Arrow arrays: what `pandas`, lists and every engine without SQL of its own are answered by.
//!
//! `facts` is the fact columns of some rows. `evaluate` says what a condition comes to in each (`truth`), with `numbers`, `texts` and
//! `keys`, 64 rows at a time (`bits`). `text`, `time` and `hash` are masks, and `mask` says which of them an array takes. `show`
//! puts together what of an array may be seen; `kept` copies some rows and nothing of the others, and `plain` takes dictionaries
//! and runs apart.

mod bits;
mod evaluate;
mod facts;
mod hash;
mod kept;
mod keys;
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
pub use keys::Key;
pub use mask::{ArrayMaskError, check_mask, mask_array};
pub use show::{Parts, ShowError, Shown, show};
pub use truth::Truth;

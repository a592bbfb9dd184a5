//! Decisions: by names, by resolved ids, in batches; and what is said about them.
//!
//! Takes [`Tables`](crate::table::Tables), a question and facts, gives a [`Decision`]. A decision
//! cannot fail: whatever could go wrong was refused when compiling, or is a refusal with a reason.
//! Nothing here looks at a policy's text; reasons carry a statement's number, and the tables its place.
//!
//! - `policy`: the policy, which is immutable and shared by threads without locks;
//! - `contents`: what it contains, for those who list and draw it;
//! - `question`, `facts`: what is asked and what is known;
//! - `marks`: whose ids are asked about;
//! - `evaluate`: conditions against facts;
//! - `survey`: what is behind the cells of a question;
//! - `decision`, `reasons`: the answer, and why;
//! - `batch`, `simd`: columns of codes into bitmaps.

mod batch;
mod contents;
mod decision;
mod evaluate;
mod facts;
mod marks;
mod policy;
mod question;
mod reasons;
mod simd;
mod survey;

pub use crate::words::{StatementKind, Verdict};
pub use batch::{Code as ColumnCode, Column, PairColumn};
pub use contents::{FactInfo, FieldStatement, Node};
pub use decision::{Decision, NotPermitted};
pub use facts::{FactError, FactKind, FactValue, Facts, FactsBuilder};
pub use policy::{Digest, LoadError, Policy};
pub use question::{
    Act, CategoryId, Field, MethodId, PurposeId, Question, RecipientId, Refusal, RefusalKind,
};
pub use reasons::{Reason, Statement};

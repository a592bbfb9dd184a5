//! Decisions: by names, by resolved ids, in batches; and what is said about them.
//!
//! Takes [`Tables`](crate::table::Tables), a question and facts, gives a [`Decision`]. A decision
//! cannot fail: errors are found when compiling or loading, and unknown names deny, with a reason.
//! Nothing here looks at a policy's text; reasons carry a statement's number, and the tables its place.
//!
//! - `policy`, `digest`: the policy, which is immutable and shared by threads without locks;
//! - `resolve`, `ask`: what names mean, and the decision;
//! - `contents`: what it contains, for those who list and draw it;
//! - `question`, `facts`, `facts_builder`, `fact_value`: what is asked and what is known;
//! - `marks`: which policy an id belongs to;
//! - `evaluate`: conditions against facts;
//! - `survey`: what the cells of a question refer to;
//! - `decision`, `reasons`: the answer, and why;
//! - `residual`, `condition`: what is left to ask, as a condition over the unstated facts;
//! - `constants`: names in code that is compiled with a policy;
//! - `outcome`: the answer as owned data;
//! - `answer_text`: the answer as text for people;
//! - `record`: the answer as a few words, to be explained later;
//! - `inverse`: which fields and purposes are allowed, and what would change an answer;
//! - `unknown`: names that tests look for;
//! - `batch`, `simd`: columns of codes into bitmaps.

mod answer_text;
mod ask;
mod batch;
mod condition;
mod constants;
mod contents;
mod decision;
mod digest;
mod evaluate;
mod fact_value;
mod facts;
mod facts_builder;
mod inverse;
mod marks;
mod outcome;
mod policy;
mod question;
mod reasons;
mod record;
mod residual;
mod resolve;
mod simd;
mod survey;
#[cfg(feature = "testing")]
pub(crate) mod unknown;

pub use crate::words::{
    ActKind, FactKind, Hierarchy, ParseWordError, ReasonKind, StatementKind, Verdict,
};
pub use answer_text::{AnswerText, Emphasis};
pub use batch::{Code as ColumnCode, Column, PairColumn};
pub use condition::{Condition, Test};
pub use constants::{
    CategoryName, Ids, IdsError, MethodName, PurposeName, RecipientName, Vocabulary,
};
pub use contents::{FactInfo, FieldStatement, Node};
pub use decision::{Decision, NotPermitted};
pub use digest::{Digest, ParseDigestError};
pub use fact_value::FactValue;
pub use facts::{FactError, Facts};
pub use facts_builder::FactsBuilder;
pub use inverse::{Explanation, FactChange};
pub use outcome::{Outcome, OutcomeReason, ReasonDetail, Terms};
pub use policy::{LoadError, Policy};
pub use question::{
    Act, CategoryId, Field, MethodId, NamedAct, NodeId, PurposeId, Question, RecipientId, Refusal,
};
pub use reasons::{Reason, Statement};
pub use record::DecisionRecord;
pub use residual::{ConditionalTerms, Covering};

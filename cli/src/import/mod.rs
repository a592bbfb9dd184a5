//! Drafts of policies from existing documents: for now, a published list.
//!
//! A draft is a start to edit. It compiles, contains only what was read, and marks guesses with
//! comments.
//!
//! - `list`: from a published list to the parts of a policy;
//! - `split`: sentences of a list into labels;
//! - `names`: short names for labels;
//! - `draft`: the parts, and how they are written.

mod draft;
pub(crate) mod list;
mod names;
mod split;

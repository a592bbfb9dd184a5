//! Drafts of policies from what an organisation has already: for now, the list that it publishes.
//!
//! A draft is a start to edit. It compiles, it says what was read and nothing more, and where something was
//! guessed a comment says so.
//!
//! - `list`: from a published list to the parts of a policy;
//! - `split`: sentences of a list into labels;
//! - `names`: short names for labels;
//! - `draft`: the parts, and how they are written.

mod draft;
pub(crate) mod list;
mod names;
mod split;

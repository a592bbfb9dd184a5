//! What can be said of a whole policy, exactly, since it is finite.
//!
//! Takes a [`Model`](crate::Model) and the [`Policy`](crate::Policy) compiled from it.
//!
//! - `answers`: answers as functions of the facts, and how two of them differ;
//! - `diff`: what changed between two policies;
//! - `lint`: what a policy says that its author likely did not mean;
//! - `coverage`: which statements no expectation and no question would miss.

mod answers;
pub mod coverage;
pub mod diff;
pub mod lint;

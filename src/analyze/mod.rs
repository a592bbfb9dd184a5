//! What can be said of a whole policy, exactly, since it is finite.
//!
//! Takes a [`Model`](crate::Model) and the [`Policy`](crate::Policy) compiled from it.
//!
//! - `expect`: whether the `expect` blocks hold.

mod expect;

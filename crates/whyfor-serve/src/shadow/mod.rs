//! A candidate beside the live policy: what it would have answered, before it is deployed.
//!
//! `compared` finds out once where the two differ; `regions` are these places, each with what was `seen` there. `shadowed` is
//! the whole, with a thread that compares anew after a reload. `request` decides by the live policy and asks the candidate
//! where it may differ; `both_facts` states facts for both.

mod both_facts;
mod compared;
mod regions;
mod request;
mod seen;
mod shadowed;

pub use both_facts::BothFacts;
pub use request::ShadowRequest;
pub use seen::Disagreement;
pub use shadowed::{Shadow, ShadowStatus, ShadowVersions};

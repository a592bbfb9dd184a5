//! Logs of decisions: read, counted, and asked again.
//!
//! - `read`: files and folders into decisions that are alike, with their number;
//! - `kept`: the policies beside a log;
//! - `replay`: what another policy would have answered.

mod kept;
mod read;
mod replay;

pub(crate) use kept::{Kept, KeptPolicies};
pub(crate) use read::{Alike, Log, LogError};
pub(crate) use replay::{Answer, Replay, replay};

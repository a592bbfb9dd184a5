//! What was decided, for those who must show it: a log off the threads that decide.
//!
//! `context` is what a request decides through; it fills a `chunk`, and gives it to the bounded `queue`. The `writer`, a
//! thread of its own, makes an `entry` of each decision, with its reasons, and gives it to a `sink`: `json_lines`, or
//! `tracing_sink`. `shared` is what both have, `decision_log` all of it, `options` how it behaves, `status` how it does, `tally` the counts for
//! metrics.

#[cfg(feature = "arrow")]
mod arrow_stream;
mod chunk;
mod context;
mod decision_log;
mod entry;
mod files;
mod json_lines;
mod options;
mod queue;
mod shared;
mod sink;
mod status;
mod tally;
#[cfg(feature = "tracing")]
mod tracing_sink;
mod writer;

#[cfg(feature = "arrow")]
pub use arrow_stream::ArrowStream;
#[cfg_attr(not(feature = "shadow"), allow(unused_imports, reason = "for shadows"))]
pub(crate) use chunk::Differs;
pub use context::Context;
pub use decision_log::DecisionLog;
pub use entry::{Entry, LoggedDecision, LoggedShadow, Lost, ShadowResult, UnknownName};
pub use files::LogFolderError;
pub use json_lines::JsonLines;
pub use options::{LogOptions, WhenFull};
pub use sink::{Sink, SinkError};
pub use status::LogStatus;
pub use tally::{DecisionCounts, DecisionKey};
#[cfg(feature = "tracing")]
pub use tracing_sink::TracingSink;

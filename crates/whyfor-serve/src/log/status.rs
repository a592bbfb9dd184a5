//! How a log does.

/// What became of the decisions, and whether the sink works.
///
/// At any time `asked = written + dropped + sampled + queued`. A request counts when its [`Context`](crate::Context) is dropped,
/// or earlier if it decides much.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct LogStatus {
    /// Decisions that requests made.
    pub asked: u64,
    /// Those that the sink took.
    pub written: u64,
    /// Those that are lost: the queue was full, or the sink failed.
    pub dropped: u64,
    /// Those that were left out on purpose.
    pub sampled: u64,
    /// Those that wait for the writer, or that it is writing.
    pub queued: u64,
    /// Why the sink failed last, unless it has worked since.
    pub last_error: Option<String>,
    /// How often the sink has failed since it worked.
    pub failures_in_a_row: u64,
}

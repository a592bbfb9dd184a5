//! Bounds on time.

use std::time::{Duration, Instant};

/// Does some work, and panics if it takes longer.
///
/// Where the system tells, it is the time that this thread was running: a machine that does other things at
/// the same time changes nothing.
pub fn within<T>(limit: Duration, what: &str, work: impl FnOnce() -> T) -> T {
    let (begin, clock) = (running(), Instant::now());
    let result = work();
    let taken = match (begin, running()) {
        (Some(begin), Some(end)) => end.saturating_sub(begin),
        _ => clock.elapsed(),
    };
    assert!(taken <= limit, "{what} took {taken:?}, more than {limit:?}");
    result
}

/// For how long this thread has been running.
fn running() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = stat.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

//! Where a log goes.

use super::entry::Entry;
use crate::version::Version;
use std::error::Error;
use whyfor::Verdict;

/// Why a sink fails. The status of the log has its text.
pub type SinkError = Box<dyn Error + Send + Sync>;

/// Where a log goes. Its methods are called by the log's own thread, one at a time, and no lock is held meanwhile.
///
/// ```
/// use whyfor_serve::{Entry, Sink, SinkError};
///
/// struct Count(u64);
///
/// impl Sink for Count {
///     fn write(&mut self, entries: &[Entry]) -> Result<(), SinkError> {
///         self.0 += entries.len() as u64;
///         Ok(())
///     }
/// }
/// ```
pub trait Sink: Send {
    /// A version decides that has not decided before: time to keep its policy, so that decisions can be repeated. It is called
    /// again if it fails.
    ///
    /// # Errors
    /// It cannot be kept. The decisions are written nevertheless, and the status says why.
    fn keep(&mut self, version: &Version) -> Result<(), SinkError> {
        let _ = version;
        Ok(())
    }

    /// Whether the policy of a version that was kept is still there. It is asked from time to time while the version decides; if
    /// it is not there, [`keep`](Self::keep) is called again.
    fn has_kept(&self, version: &Version) -> bool {
        let _ = version;
        true
    }

    /// Whether decisions with this verdict are wanted. Those that are not are counted as sampled, and no reasons are
    /// looked up for them.
    fn wants(&self, verdict: Verdict) -> bool {
        let _ = verdict;
        true
    }

    /// Writes all of these entries, in their order, or none.
    ///
    /// # Errors
    /// They are not written. They count as dropped, the status says why, and the next entries are tried again.
    fn write(&mut self, entries: &[Entry]) -> Result<(), SinkError>;

    /// Makes what is written safe. It is called when nothing waits to be written, and at the end.
    ///
    /// # Errors
    /// It may not be safe.
    fn flush(&mut self) -> Result<(), SinkError> {
        Ok(())
    }
}

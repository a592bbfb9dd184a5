//! The log as a whole: its queue, its counts and its thread.

use super::context::Context;
use super::options::LogOptions;
use super::shared::Shared;
use super::sink::Sink;
use super::status::LogStatus;
use super::tally::DecisionCounts;
use super::writer;
use crate::version::Version;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;

/// A log of decisions, which costs a request some nanoseconds for each.
///
/// It says who was answered what, when, by which version and why. It has no values, and no names that the policy does not
/// know. It writes on a thread of its own; dropping it writes what waits, and ends the thread.
///
/// ```
/// use whyfor::{Facts, Question};
/// use whyfor_serve::{DecisionLog, JsonLines, LogOptions};
/// # use whyfor_serve::{FileSource, PolicyStore, Trust};
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// # let source = FileSource::new("../../examples/shop.why");
/// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
///
/// // When the service starts:
/// let log = DecisionLog::new(JsonLines::new(folder)?, LogOptions::default())?;
///
/// // In a request:
/// let live = shop.snapshot();
/// let mut request = log.context(live.version()).with("request", "r-17");
/// let decision = request.ask(&Question::usage("email", "newsletter"), Facts::none());
/// assert_eq!(decision.missing(), ["consent", "age"]);
/// drop(request);
///
/// log.flush();
/// let text = std::fs::read_to_string(folder.join("decisions.jsonl"))?;
/// assert!(text.contains(r#""verdict":"depends""#) && text.contains(r#""missing":["consent","age"]"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct DecisionLog {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
    /// The seed of the next context.
    seed: AtomicU64,
}

impl DecisionLog {
    /// Starts a log and its thread.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new(sink: impl Sink + 'static, options: LogOptions) -> io::Result<Self> {
        let shared = Arc::new(Shared::new(options));
        let of_writer = Arc::clone(&shared);
        let writer = std::thread::Builder::new()
            .name("whyfor-log".to_owned())
            .spawn(move || writer::run(&of_writer, Box::new(sink)))?;
        let seed = AtomicU64::new(shared.hash("seed"));
        Ok(Self { shared, writer: Some(writer), seed })
    }

    /// What a request decides through, with this version of a policy: see [`Live::version`](crate::Live::version). The time of
    /// its decisions is now.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// let live = shop.snapshot(); // one version for the whole request
    /// let mut request = log.context(live.version());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn context<'v>(&'v self, version: &'v Arc<Version>) -> Context<'v> {
        // An odd number, so that seeds do not repeat: 2⁶⁴ divided by the golden ratio.
        let seed = self.seed.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        Context::new(&self.shared, version, seed)
    }

    /// Waits until everything that requests have handed over was written, or failed to be.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// log.flush();
    /// assert_eq!(log.status().queued, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn flush(&self) {
        self.shared.queue.flush();
    }

    /// What became of the decisions, and whether the sink works.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// let status = log.status();
    /// assert_eq!(status.asked, status.written + status.dropped + status.sampled + status.queued);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn status(&self) -> LogStatus {
        self.shared.queue.status()
    }

    /// How many decisions there were, by policy, act, purpose and verdict, whatever became of them in the log. Those that
    /// wait in the queue are not among them yet. O(policies × purposes).
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// for (key, count) in &log.counts().decisions {
    ///     println!("{} {} {:?} {}: {count}", key.policy, key.act, key.purpose, key.verdict);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn counts(&self) -> DecisionCounts {
        self.shared.tally.counts()
    }
}

impl Drop for DecisionLog {
    fn drop(&mut self) {
        self.shared.queue.close();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join(); // it does not panic
        }
    }
}

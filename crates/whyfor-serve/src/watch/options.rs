//! How files are watched.

use std::time::Duration;

/// A pause that is longer than an editor or a copy takes between two writes.
const DEBOUNCE: Duration = Duration::from_millis(100);
/// Makes up for events that were lost: reading files that did not change costs little.
const POLL: Duration = Duration::from_secs(30);

/// How files are watched: by events of the file system, and by looking now and then.
///
/// ```
/// use std::time::Duration;
/// use whyfor_serve::Watching;
/// let local = Watching::default().debounce(Duration::from_millis(20));
/// let network = Watching::polling(Duration::from_secs(5)); // NFS and the like send no events
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watching {
    pub(super) has_events: bool,
    pub(super) debounce: Duration,
    pub(super) poll: Duration,
}

impl Default for Watching {
    /// Events, a pause of 100 ms after the last one, and a look every 30 s.
    fn default() -> Self {
        Self { has_events: true, debounce: DEBOUNCE, poll: POLL }
    }
}

impl Watching {
    /// Only a look now and then: for file systems that send no events.
    ///
    /// ```
    /// use std::time::Duration;
    /// let watching = whyfor_serve::Watching::polling(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn polling(every: Duration) -> Self {
        Self { has_events: false, ..Self::default() }.poll(every)
    }

    /// How long no event must come before files are read. Events that never stop delay that at most ten times as long.
    ///
    /// ```
    /// use std::time::Duration;
    /// let watching = whyfor_serve::Watching::default().debounce(Duration::from_millis(20));
    /// ```
    #[must_use]
    pub fn debounce(mut self, pause: Duration) -> Self {
        self.debounce = pause;
        self
    }

    /// How often files are read without an event; at least a millisecond apart.
    ///
    /// ```
    /// use std::time::Duration;
    /// let watching = whyfor_serve::Watching::default().poll(Duration::from_secs(300));
    /// ```
    #[must_use]
    pub fn poll(mut self, every: Duration) -> Self {
        self.poll = every.max(Duration::from_millis(1));
        self
    }
}

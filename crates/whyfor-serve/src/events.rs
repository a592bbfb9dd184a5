//! What happens to the policies of a store, for those who subscribe.
//!
//! An event is put into a bounded queue for each subscriber, and nothing waits: so no code of the program runs while the
//! store works. A queue that is full drops the event and counts it.

use crate::failure::Failure;
use crate::lock::lock;
use crate::version::Version;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The most events that wait for one subscriber: room for all is made at once, in some megabytes.
const MOST_EVENTS: usize = 1 << 16;

/// Something that happened to a policy of a store.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Event {
    /// A version is served: the first one, or one that replaces another.
    Served(Change),
    /// A version was not taken, and the last good one stays.
    Refused {
        /// The policy's name in the store.
        name: Arc<str>,
        /// Why.
        failure: Arc<Failure>,
    },
    /// After failures the version that is served was found again.
    Recovered {
        /// The policy's name in the store.
        name: Arc<str>,
    },
}

/// From one version to the next.
#[derive(Debug, Clone)]
pub struct Change {
    old: Option<Arc<Version>>,
    new: Arc<Version>,
}

impl Change {
    pub(crate) fn new(old: Option<Arc<Version>>, new: Arc<Version>) -> Self {
        Self { old, new }
    }

    /// The version that was served before; `None` for the first.
    ///
    /// ```
    /// fn log(change: &whyfor_serve::Change) {
    ///     println!("{:?} -> {}", change.old().map(|old| old.digest()), change.new_version().digest());
    /// }
    /// ```
    #[must_use]
    pub fn old(&self) -> Option<&Arc<Version>> {
        self.old.as_ref()
    }

    /// The version that is served from now on.
    ///
    /// ```
    /// fn log(change: &whyfor_serve::Change) {
    ///     println!("{} is served", change.new_version().digest());
    /// }
    /// ```
    #[must_use]
    pub fn new_version(&self) -> &Arc<Version> {
        &self.new
    }
}

/// The events of a store since [`PolicyStore::subscribe`](crate::PolicyStore::subscribe).
#[derive(Debug)]
pub struct Events {
    receiver: Receiver<Event>,
    missed: Arc<AtomicU64>,
}

impl Events {
    /// The next event, if there is one. It does not wait.
    ///
    /// ```
    /// let events = whyfor_serve::PolicyStore::new().subscribe(16);
    /// assert!(events.next_now().is_none());
    /// ```
    #[must_use]
    pub fn next_now(&self) -> Option<Event> {
        self.receiver.try_recv().ok()
    }

    /// The next event, if there is one within a time. `None` also if the store is gone.
    ///
    /// ```
    /// use std::time::Duration;
    /// let events = whyfor_serve::PolicyStore::new().subscribe(16);
    /// assert!(events.next_within(Duration::from_secs(1)).is_none());
    /// ```
    #[must_use]
    pub fn next_within(&self, time: Duration) -> Option<Event> {
        self.receiver.recv_timeout(time).ok()
    }

    /// How many events were dropped because the queue was full.
    ///
    /// ```
    /// assert_eq!(whyfor_serve::PolicyStore::new().subscribe(16).missed(), 0);
    /// ```
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

/// Those who subscribed.
#[derive(Debug, Default)]
pub(crate) struct Subscribers {
    list: Mutex<Vec<(SyncSender<Event>, Arc<AtomicU64>)>>,
}

impl Subscribers {
    pub(crate) fn subscribe(&self, capacity: usize) -> Events {
        let (sender, receiver) = sync_channel(capacity.clamp(1, MOST_EVENTS)); // 0 would wait for the reader
        let missed = Arc::new(AtomicU64::new(0));
        lock(&self.list).push((sender, Arc::clone(&missed)));
        Events { receiver, missed }
    }

    /// Tells everyone, and forgets those who are gone.
    pub(crate) fn tell(&self, event: &Event) {
        lock(&self.list).retain(|(sender, missed)| match sender.try_send(event.clone()) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                missed.fetch_add(1, Ordering::Relaxed);
                true
            }
            Err(TrySendError::Disconnected(_)) => false,
        });
    }
}

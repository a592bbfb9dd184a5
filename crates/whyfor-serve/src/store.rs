//! Many policies by name.

use crate::events::{Events, Subscribers};
use crate::failure::Failure;
use crate::live::Live;
use crate::reader::{Reader, Readers};
use crate::signature::{NameError, checked_name};
use crate::slot::{Reloaded, Slot};
use crate::source::Source;
use crate::status::Status;
use crate::trust::Trust;
#[cfg(feature = "watch")]
use crate::wake::{Wake, Wakers};
use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use whyfor::Policy;

/// Policies by name, each replaced as a whole while others read it. Clones are the same store.
///
/// Look a policy up once, when the service starts, and keep what [`LivePolicy::names`] gives. The map of names is not
/// asked again after that.
#[derive(Clone, Default)]
pub struct PolicyStore {
    slots: Arc<DashMap<String, Arc<Slot>>>,
    subscribers: Arc<Subscribers>,
    /// The threads that watch.
    #[cfg(feature = "watch")]
    wakers: Arc<Wakers>,
}

/// One policy of a store. Clones are the same policy.
#[derive(Clone)]
pub struct LivePolicy {
    slot: Arc<Slot>,
}

/// Why a policy is not added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddError {
    /// The store has a policy of this name.
    #[error("the store has a policy `{0}` already")]
    Taken(String),
    /// The name cannot be the name of a policy.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Its first version is not taken. There is no good one before it, so nothing is served.
    #[error(transparent)]
    Refused(#[from] Failure),
}

impl PolicyStore {
    /// A store without policies.
    ///
    /// ```
    /// let store = whyfor_serve::PolicyStore::new();
    /// assert!(store.policy("shop").is_none());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a policy and takes its first version.
    ///
    /// ```no_run
    /// use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// let store = PolicyStore::new();
    /// let shop = store.add("shop", FileSource::new("policies/shop.why"), Trust::unsigned())?;
    /// # Ok::<(), whyfor_serve::AddError>(())
    /// ```
    ///
    /// # Errors
    /// The name is taken or no name, or the first version is not taken.
    pub fn add(
        &self,
        name: &str,
        source: impl Source + 'static,
        trust: Trust,
    ) -> Result<LivePolicy, AddError> {
        checked_name(name)?;
        let taken = || AddError::Taken(name.to_owned());
        if self.slots.contains_key(name) {
            return Err(taken());
        }
        let subscribers = Arc::clone(&self.subscribers);
        let slot = Arc::new(Slot::new(name, Box::new(source), trust, subscribers)?);
        match self.slots.entry(name.to_owned()) {
            Entry::Occupied(_) => return Err(taken()), // meanwhile
            Entry::Vacant(place) => drop(place.insert(Arc::clone(&slot))),
        }
        slot.announce();
        #[cfg(feature = "watch")]
        self.wakers.wake();
        Ok(LivePolicy { slot })
    }

    /// The policy of this name. Keep it: each call looks the name up.
    ///
    /// ```
    /// # use whyfor_serve::PolicyStore;
    /// # let store = PolicyStore::new();
    /// if let Some(shop) = store.policy("shop") {
    ///     println!("{:?}", shop.status());
    /// }
    /// ```
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<LivePolicy> {
        let slot = Arc::clone(self.slots.get(name)?.value());
        Some(LivePolicy { slot })
    }

    /// Takes a policy out of the store; whether it was there. Readers keep its last version, which is not reloaded by
    /// the store any more.
    ///
    /// ```
    /// assert!(!whyfor_serve::PolicyStore::new().remove("shop"));
    /// ```
    pub fn remove(&self, name: &str) -> bool {
        self.slots.remove(name).is_some()
    }

    /// How every policy is doing, by name.
    ///
    /// ```
    /// assert!(whyfor_serve::PolicyStore::new().status().is_empty());
    /// ```
    #[must_use]
    pub fn status(&self) -> Vec<Status> {
        self.slots().iter().map(|slot| slot.status()).collect()
    }

    /// Everything that happens to the policies from now on, through a queue of this many events: 65,536 at most.
    ///
    /// ```
    /// use whyfor_serve::{Event, PolicyStore};
    /// let events = PolicyStore::new().subscribe(64);
    /// while let Some(event) = events.next_now() {
    ///     match event {
    ///         Event::Served(change) => println!("{} is served", change.new_version().digest()),
    ///         Event::Refused { name, failure } => println!("`{name}`: {failure}"),
    ///         _ => {}
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn subscribe(&self, capacity: usize) -> Events {
        self.subscribers.subscribe(capacity)
    }

    /// Wakes a thread whenever a policy is added.
    #[cfg(feature = "watch")]
    pub(crate) fn wake_when_added(&self, waker: std::sync::Weak<dyn Wake>) {
        self.wakers.push(waker);
    }

    /// The policies, by name. No guard of the map is left.
    pub(crate) fn slots(&self) -> Vec<Arc<Slot>> {
        let mut slots: Vec<_> = self.slots.iter().map(|entry| Arc::clone(entry.value())).collect();
        slots.sort_by(|one, other| one.name().cmp(other.name()));
        slots
    }
}

impl LivePolicy {
    /// The policy's name in the store.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// assert_eq!(shop.name(), "shop");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        self.slot.name()
    }

    /// Readers that have the names which code uses, resolved in each version.
    ///
    /// The function resolves them now, and in each later version before that is served. If it fails then, the version is
    /// refused, and the last good one stays: so code never asks for a name that its policy does not have. It is called
    /// by the thread that reloads, and no lock is held meanwhile.
    ///
    /// ```
    /// use whyfor::{Act, CategoryId, Facts, PurposeId};
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    ///
    /// struct Names { email: CategoryId, login: PurposeId }
    ///
    /// let readers = shop.names(|policy| {
    ///     Ok(Names { email: policy.category("email")?, login: policy.purpose("login")? })
    /// })?;
    ///
    /// let mut reader = readers.reader(); // one for each thread or task
    /// let live = reader.get();
    /// let Names { email, login } = *live.names();
    /// assert!(live.policy().decide(Act::Use, email, login, Facts::none()).is_allowed());
    ///
    /// assert!(shop.names(|policy| Ok(policy.category("shoe_size")?)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A name is not in the version that is served now.
    pub fn names<N: Send + Sync + 'static>(
        &self,
        resolve: impl Fn(&Policy) -> Result<N, Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    ) -> Result<Readers<N>, Failure> {
        Ok(Readers::new(self.slot.publish(Box::new(resolve))?))
    }

    /// A reader for one thread or task, without names.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// let mut reader = shop.reader();
    /// assert!(reader.get().policy().may_use("email", "login"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reader(&self) -> Reader<()> {
        Readers::new(self.slot.nameless()).reader()
    }

    /// The newest version, for as long as it is kept.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// println!("{}", shop.snapshot().version().digest());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Arc<Live<()>> {
        self.slot.nameless().current.load_full()
    }

    /// How it is doing.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// assert_eq!(shop.status().failures_in_a_row, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn status(&self) -> Status {
        self.slot.status()
    }

    /// Looks for a new version and takes it.
    ///
    /// Costs reading the source; if that changed, compiling or loading it. A service calls it in a thread that may
    /// block. Content that was refused for what it is, is not compiled again.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// use whyfor_serve::Reloaded;
    /// assert_eq!(shop.reload()?, Reloaded::Unchanged);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The version is not taken, and the last good one stays. [`status`](Self::status) says so until an attempt
    /// succeeds.
    pub fn reload(&self) -> Result<Reloaded, Failure> {
        self.slot.reload()
    }
}

impl fmt::Debug for PolicyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.status()).finish()
    }
}

impl fmt::Debug for LivePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LivePolicy").field(&self.status()).finish()
    }
}

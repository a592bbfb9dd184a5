//! The thread that reloads policies when their files change.

use super::options::Watching;
use super::signal::{Signal, Woken};
use super::watched::Watched;
use crate::slot::Slot;
use crate::store::PolicyStore;
use crate::wake::Wake;
use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

/// Reloads the policies of a store when their files change, until it is dropped. Dropping it ends its thread and waits
/// for it, at most as long as a reload takes.
#[derive(Debug)]
pub struct Watcher {
    signal: Arc<Signal>,
    thread: Option<JoinHandle<()>>,
}

/// Why files cannot be watched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// The system sends no events: use [`Watching::polling`].
    #[error("the system sends no events of files: {0}; poll with `Watching::polling`")]
    Events(String),
    /// The thread does not start.
    #[error("the watching thread does not start: {0}")]
    Thread(#[from] std::io::Error),
}

impl PolicyStore {
    /// Reloads each policy of the store when its files change, in a thread of its own, until the [`Watcher`] is dropped.
    /// Policies that are added later are watched too.
    ///
    /// Whether a version is taken is in the status of the policy.
    ///
    /// ```
    /// use whyfor_serve::{PolicyStore, Watching};
    /// let store = PolicyStore::new();
    /// let watcher = store.watch(Watching::default())?;
    /// # Ok::<(), whyfor_serve::WatchError>(())
    /// ```
    ///
    /// # Errors
    /// The system has no events or no thread left.
    pub fn watch(&self, watching: Watching) -> Result<Watcher, WatchError> {
        let signal = Arc::new(Signal::default());
        let events = if watching.has_events { Some(events(&signal)?) } else { None };
        let (store, told) = (self.clone(), Arc::clone(&signal));
        let thread = std::thread::Builder::new()
            .name("whyfor-watch".to_owned())
            .spawn(move || watch(&store, &watching, &told, Watched::new(events)))?;
        let waker: Arc<dyn Wake> = signal.clone();
        self.wake_when_added(Arc::downgrade(&waker));
        signal.all(); // policies that were added meanwhile
        Ok(Watcher { signal, thread: Some(thread) })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.signal.end();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // it does not panic: code of the program that does is a failure of its policy
        }
    }
}

/// Turns events into folders that changed.
fn events(signal: &Arc<Signal>) -> Result<notify::RecommendedWatcher, WatchError> {
    let signal = Arc::clone(signal);
    notify::recommended_watcher(move |event: notify::Result<notify::Event>| match event {
        Ok(event) if is_reading(event.kind) => {}
        Ok(event) if event.need_rescan() || event.paths.is_empty() => signal.lost(),
        // The path of something in a folder that is watched, or of that folder.
        Ok(event) => {
            let is_gone = matches!(
                event.kind,
                EventKind::Any | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
            );
            let changed = event.paths.iter().filter_map(|path| path.parent()).map(Path::to_owned);
            let gone = event.paths.iter().filter(|_| is_gone).cloned();
            signal.folders(changed, gone);
        }
        Err(_) => signal.lost(),
    })
    .map_err(|error| WatchError::Events(error.to_string()))
}

/// Whether somebody only read: the watching thread does, and would wake itself.
fn is_reading(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => true,
        _ => false,
    }
}

fn watch(store: &PolicyStore, watching: &Watching, signal: &Signal, mut watched: Watched) {
    let mut due: Option<BTreeSet<String>> = None; // all of them
    loop {
        let slots = store.slots();
        let new = watched.update(&slots);
        if let Some(due) = &mut due {
            due.extend(new);
        }
        reload(&slots, due.as_ref(), signal);
        // A new version may have imports in other folders, which changed before these were watched.
        let new = watched.update(&slots);
        reload(&slots, Some(&new), signal);
        due = match signal.wait(watching) {
            Woken::End => return,
            Woken::All { anew } => {
                if anew {
                    watched.forget(|_| true);
                }
                None
            }
            Woken::Folders { changed, gone } => {
                let due = watched.policies(&changed);
                watched.forget(|folder| gone.contains(folder));
                due
            }
        };
    }
}

/// Reloads those that are due; `None` means all. What comes of it is in their status.
fn reload(slots: &[Arc<Slot>], due: Option<&BTreeSet<String>>, signal: &Signal) {
    for slot in slots {
        if !signal.ends() && due.is_none_or(|due| due.contains(slot.name())) {
            let _ = slot.reload();
        }
    }
}

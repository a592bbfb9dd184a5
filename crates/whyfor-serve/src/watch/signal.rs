//! Wakes the watching thread: when a folder changed and then nothing more for a moment, when it is time to look, and when
//! it has to end.

use super::options::Watching;
use crate::lock::lock;
use crate::wake::Wake;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Paths that are remembered one by one; with more, all are looked at.
const MOST_FOLDERS: usize = 256;
/// Events that never stop delay a look by this many pauses.
const MOST_PAUSES: u32 = 10;

#[derive(Debug, Default)]
pub(super) struct Signal {
    pending: Mutex<Pending>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Pending {
    folders: BTreeSet<PathBuf>,
    gone: BTreeSet<PathBuf>,
    all: bool,
    anew: bool,
    ends: bool,
    /// Counts the events.
    count: u64,
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.folders.is_empty() && !self.all && !self.anew
    }
}

/// Why the thread was woken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// These folders changed.
    Folders {
        /// In which something changed.
        changed: BTreeSet<PathBuf>,
        /// What was removed or renamed. If it was a folder that is watched, it is not watched any more.
        gone: BTreeSet<PathBuf>,
    },
    /// It is time to look at everything.
    All {
        /// Events were lost, so no folder is sure to be watched.
        anew: bool,
    },
    /// The thread has to end.
    End,
}

impl Wake for Signal {
    fn wake(&self) {
        self.all();
    }
}

impl Signal {
    /// Something changed in these folders, and these paths are gone.
    pub(super) fn folders(
        &self,
        changed: impl IntoIterator<Item = PathBuf>,
        gone: impl IntoIterator<Item = PathBuf>,
    ) {
        self.change(|pending| {
            pending.folders.extend(changed);
            pending.gone.extend(gone);
            if pending.folders.len() + pending.gone.len() > MOST_FOLDERS {
                pending.folders.clear();
                pending.gone.clear();
                pending.anew = true;
            }
        });
    }

    /// Events were lost: anything may have changed.
    pub(super) fn lost(&self) {
        self.change(|pending| pending.anew = true);
    }

    /// There is something to look at that no event tells of.
    pub(super) fn all(&self) {
        self.change(|pending| pending.all = true);
    }

    /// Ends the thread.
    pub(super) fn end(&self) {
        self.change(|pending| pending.ends = true);
    }

    /// Whether the thread has to end.
    pub(super) fn ends(&self) -> bool {
        lock(&self.pending).ends
    }

    fn change(&self, change: impl FnOnce(&mut Pending)) {
        let mut pending = lock(&self.pending);
        change(&mut pending);
        pending.count += 1;
        self.changed.notify_one();
    }

    /// Waits.
    pub(super) fn wait(&self, watching: &Watching) -> Woken {
        let poll = Instant::now().checked_add(watching.poll);
        let mut pending = lock(&self.pending);
        while pending.is_empty() && !pending.ends {
            let left =
                poll.map_or(Duration::MAX, |poll| poll.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return Woken::All { anew: false };
            }
            pending = self.pause(pending, left);
        }
        let first = Instant::now();
        while !pending.ends && first.elapsed() < watching.debounce.saturating_mul(MOST_PAUSES) {
            let (count, started) = (pending.count, Instant::now());
            while pending.count == count && started.elapsed() < watching.debounce {
                pending = self.pause(pending, watching.debounce.saturating_sub(started.elapsed()));
            }
            if pending.count == count {
                break;
            }
        }
        let Pending { folders: changed, gone, all, anew, ends, .. } = std::mem::take(&mut *pending);
        match (ends, all || anew) {
            (true, _) => Woken::End,
            (_, true) => Woken::All { anew: anew || !gone.is_empty() },
            _ => Woken::Folders { changed, gone },
        }
    }

    fn pause<'p>(
        &self,
        pending: MutexGuard<'p, Pending>,
        time: Duration,
    ) -> MutexGuard<'p, Pending> {
        self.changed.wait_timeout(pending, time).unwrap_or_else(PoisonError::into_inner).0
    }
}

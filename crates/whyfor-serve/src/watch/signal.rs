//! Wakes the watching thread: when a folder changed and then nothing more for a moment, when it is time to look, and when
//! it has to end.

use super::options::Watching;
use crate::lock::lock;
use crate::wake::Wake;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Folders that are remembered one by one; with more, all are looked at.
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
    all: bool,
    ends: bool,
    /// Counts the events.
    count: u64,
}

impl Pending {
    fn is_empty(&self) -> bool {
        self.folders.is_empty() && !self.all
    }
}

/// Why the thread was woken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// These folders changed.
    Folders(BTreeSet<PathBuf>),
    /// It is time to look at everything.
    All,
    /// The thread has to end.
    End,
}

impl Wake for Signal {
    fn wake(&self) {
        self.all();
    }
}

impl Signal {
    /// These folders changed.
    pub(super) fn folders(&self, folders: impl IntoIterator<Item = PathBuf>) {
        self.change(|pending| {
            pending.folders.extend(folders);
            if pending.folders.len() > MOST_FOLDERS {
                pending.folders.clear();
                pending.all = true;
            }
        });
    }

    /// Anything may have changed.
    pub(super) fn all(&self) {
        self.change(|pending| pending.all = true);
    }

    /// Ends the thread.
    pub(super) fn end(&self) {
        self.change(|pending| pending.ends = true);
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
                return Woken::All;
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
        let Pending { folders, all, ends, .. } = std::mem::take(&mut *pending);
        match (ends, all) {
            (true, _) => Woken::End,
            (_, true) => Woken::All,
            _ => Woken::Folders(folders),
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

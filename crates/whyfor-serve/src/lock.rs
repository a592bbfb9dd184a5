//! Locks whose data stay whole: a panic elsewhere is no reason to stop serving.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks. What the crate keeps under a lock is only assigned there, so it is whole after a panic too.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

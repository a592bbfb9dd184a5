//! What one call leaves for the next: the paths that were decided, the room of the plan, the length of the text.

use crate::limits::{MAX_KEPT_PLAN, MAX_RESERVED};
use crate::paths::Paths;
use crate::walk::Token;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Taken by a call and given back. A second call at the same time starts with nothing. So nothing is locked while
/// a value's own code runs.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    plan: Mutex<Option<(Paths, Vec<Token>)>>,
    length: AtomicUsize,
}

impl Memory {
    pub(crate) fn take(&self) -> (Paths, Vec<Token>) {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    pub(crate) fn keep(&self, (paths, plan): (Paths, Vec<Token>)) {
        if !paths.is_worth_keeping() {
            return;
        }
        let plan = if plan.capacity() > MAX_KEPT_PLAN { Vec::new() } else { plan };
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = Some((paths, plan));
    }

    /// The room that a text is likely to need: values of a view are alike.
    #[cfg_attr(not(feature = "json"), allow(dead_code, reason = "for JSON"))]
    pub(crate) fn length(&self) -> usize {
        self.length.load(Ordering::Relaxed).saturating_add(64).min(MAX_RESERVED)
    }

    #[cfg_attr(not(feature = "json"), allow(dead_code, reason = "for JSON"))]
    pub(crate) fn set_length(&self, length: usize) {
        self.length.store(length, Ordering::Relaxed);
    }
}

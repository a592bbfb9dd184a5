//! What one call leaves for the next: the paths that were decided, and the room of the plan.

use crate::limits::MAX_KEPT_PLAN;
use crate::paths::Paths;
use crate::walk::Token;
use std::sync::{Mutex, PoisonError};

/// Taken by a call and given back. A second call at the same time starts with nothing. So nothing is locked while
/// a value's own code runs.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Option<(Paths, Vec<Token>)>>);

impl Memory {
    pub(crate) fn take(&self) -> (Paths, Vec<Token>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    pub(crate) fn keep(&self, (paths, plan): (Paths, Vec<Token>)) {
        if !paths.is_worth_keeping() {
            return;
        }
        let plan = if plan.capacity() > MAX_KEPT_PLAN { Vec::new() } else { plan };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((paths, plan));
    }
}

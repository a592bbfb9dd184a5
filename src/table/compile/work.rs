//! The limit on the work of compiling.

use super::too_large::TooLarge;
use crate::limits::MAX_WORK;

/// Counts the steps of sweeps and folds, so that a policy that would take minutes is refused.
#[derive(Default)]
pub(super) struct Work(u64);

impl Work {
    pub(super) fn add(&mut self, steps: u64) -> Result<(), TooLarge> {
        self.0 += steps;
        if self.0 > MAX_WORK {
            return Err(TooLarge::reached("it would take minutes to compile", MAX_WORK, "steps"));
        }
        Ok(())
    }

    /// The steps so far.
    pub(super) fn steps(&self) -> u64 {
        self.0
    }
}

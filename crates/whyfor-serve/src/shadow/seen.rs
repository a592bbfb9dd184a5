//! Disagreements that were seen.

use crate::lock::lock;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;
use whyfor::Verdict;

/// How often the candidate disagreed in one place where the policies differ.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disagreement {
    /// The place, as `whyfor diff` says it: `now allowed: use email for ads when consent`.
    pub change: String,
    /// Questions that the candidate allows and the live policy does not.
    pub shadow_allowed: u64,
    /// Questions that the candidate does not allow and the live policy does.
    pub shadow_denied: u64,
    /// Other differences: deny or depends, or other duties of an allow.
    pub other: u64,
    /// When the first was seen.
    pub first: SystemTime,
    /// When the last was seen.
    pub last: SystemTime,
    /// One of the questions, in names of the policies and without facts: `use contact.email for ads`.
    pub example: String,
}

impl Disagreement {
    /// How often in all.
    ///
    /// ```
    /// fn log(disagreement: &whyfor_serve::Disagreement) {
    ///     println!("{} times: {}", disagreement.count(), disagreement.change);
    /// }
    /// ```
    #[must_use]
    pub fn count(&self) -> u64 {
        self.shadow_allowed + self.shadow_denied + self.other
    }
}

/// What was seen since the shadow was made, over all versions.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// Questions that were asked twice.
    pub(super) evaluated: AtomicU64,
    pub(super) shadow_allowed: AtomicU64,
    pub(super) shadow_denied: AtomicU64,
    pub(super) other: AtomicU64,
}

/// What was seen in one place.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<Option<Disagreement>>);

impl Seen {
    /// Counts a disagreement.
    pub(super) fn add(
        &self,
        totals: &Totals,
        change: &str,
        [live, candidate]: [Verdict; 2],
        example: impl FnOnce() -> String,
    ) {
        let now = SystemTime::now();
        let mut seen = lock(&self.0);
        let seen = seen.get_or_insert_with(|| Disagreement {
            change: change.to_owned(),
            shadow_allowed: 0,
            shadow_denied: 0,
            other: 0,
            first: now,
            last: now,
            example: example(),
        });
        seen.last = now;
        let (count, total) = match [live, candidate].map(|verdict| verdict == Verdict::Allow) {
            [false, true] => (&mut seen.shadow_allowed, &totals.shadow_allowed),
            [true, false] => (&mut seen.shadow_denied, &totals.shadow_denied),
            _ => (&mut seen.other, &totals.other),
        };
        *count += 1;
        total.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> Option<Disagreement> {
        lock(&self.0).clone()
    }
}

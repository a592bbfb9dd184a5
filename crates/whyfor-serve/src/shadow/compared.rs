//! A version of the live policy and one of the candidate, and where they differ.

use super::regions::{Region, Regions};
use super::seen::{Disagreement, Seen, Totals};
use crate::diff::compare;
use crate::failure::Failure;
use crate::version::Version;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;
use whyfor::{Act, CategoryId, PurposeId};

#[derive(Debug)]
pub(super) struct Compared {
    pub(super) live: Arc<Version>,
    pub(super) candidate: Arc<Version>,
    pub(super) since: SystemTime,
    /// Where they differ; the failure if that is not known, and then every question is asked twice.
    regions: Result<Regions, Failure>,
    /// A name means something else in the other: questions by names are asked twice.
    names_differ: bool,
    /// Disagreements in no known place.
    elsewhere: Seen,
    /// Questions that were asked twice.
    pub(super) evaluated: AtomicU64,
    pub(super) totals: Arc<Totals>,
}

/// Where a question is that is asked twice.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'c> {
    Region(&'c Region),
    Elsewhere(&'c Seen),
}

impl Compared {
    /// Compares two versions: about what compiling both costs.
    pub(super) fn new(live: Arc<Version>, candidate: Arc<Version>, totals: Arc<Totals>) -> Self {
        let is_same = live.digest() == candidate.digest();
        let diff =
            if is_same { Ok(whyfor::diff::Diff::default()) } else { compare(&live, &candidate) };
        let names_differ = diff.as_ref().map_or(true, |diff| !diff.names().is_empty());
        let regions = diff.map(|diff| Regions::new(&diff, live.policy()));
        Self {
            live,
            candidate,
            since: SystemTime::now(),
            regions,
            names_differ,
            elsewhere: Seen::default(),
            evaluated: AtomicU64::new(0),
            totals,
        }
    }

    pub(super) fn is_of(&self, live: &Arc<Version>, candidate: &Arc<Version>) -> bool {
        Arc::ptr_eq(&self.live, live) && Arc::ptr_eq(&self.candidate, candidate)
    }

    /// Where a question by ids may have another answer; `None` where it has the same.
    #[inline]
    pub(super) fn place(
        &self,
        act: Act,
        category: CategoryId,
        purpose: PurposeId,
    ) -> Option<Place<'_>> {
        match &self.regions {
            Ok(regions) => regions.find(act, category, purpose).map(Place::Region),
            Err(_) => Some(Place::Elsewhere(&self.elsewhere)),
        }
    }

    /// The same of a question by names that are not all ids of both.
    pub(super) fn place_of_names(&self) -> Option<Place<'_>> {
        self.names_differ.then_some(Place::Elsewhere(&self.elsewhere))
    }

    /// Why it is not known where they differ.
    pub(super) fn failure(&self) -> Option<&Failure> {
        self.regions.as_ref().err()
    }

    /// What was seen, the most frequent first.
    pub(super) fn disagreements(&self) -> Vec<Disagreement> {
        let regions = self.regions.as_ref().map(Regions::list).unwrap_or_default();
        let seen = regions.iter().map(|region| &region.seen).chain([&self.elsewhere]);
        let mut all: Vec<Disagreement> = seen.filter_map(Seen::get).collect();
        all.sort_by_key(|disagreement| std::cmp::Reverse(disagreement.count()));
        all
    }

    pub(super) fn count_evaluated(&self) {
        self.evaluated.fetch_add(1, Ordering::Relaxed);
        self.totals.evaluated.fetch_add(1, Ordering::Relaxed);
    }
}

//! A version of the live policy and one of the candidate, and where they differ.

use super::regions::{Region, Regions};
use super::seen::{Disagreement, Seen, Totals};
use crate::diff::compare;
use crate::failure::Failure;
use crate::version::Version;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;
use whyfor::{Act, CategoryId, DecisionRecord, PurposeId};

#[derive(Debug)]
pub(super) struct Compared {
    pub(super) live: Arc<Version>,
    pub(super) candidate: Arc<Version>,
    pub(super) since: SystemTime,
    /// Where they differ; the failure if that is not known, and then every question is asked twice.
    regions: Result<Regions, Failure>,
    /// A pattern of a `field` statement differs: it may match any name, so all questions by names are asked twice.
    patterns_differ: bool,
    /// A name that can be asked by differs: the candidate may know what the live policy does not.
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
        let differs = |is_asked_by: fn(&str) -> bool| {
            diff.as_ref().map_or(true, |diff| diff.names().iter().any(|name| is_asked_by(name.of)))
        };
        let patterns_differ = differs(|of| of == "field");
        let names_differ =
            differs(|of| matches!(of, "field" | "category" | "method" | "purpose" | "recipient"));
        let regions = diff.map(|diff| Regions::new(&diff, live.policy()));
        Self {
            live,
            candidate,
            since: SystemTime::now(),
            regions,
            patterns_differ,
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

    /// The same of a question by names; `known` are its ids, if the live policy knows all names.
    pub(super) fn place_by_names(&self, known: Option<DecisionRecord>) -> Option<Place<'_>> {
        let (region, differs) = match known {
            Some(known) => {
                let place = |id| self.place(known.act(), id, known.purpose());
                (known.categories().find_map(place), self.patterns_differ)
            }
            None => (None, self.names_differ),
        };
        region.or_else(|| differs.then_some(Place::Elsewhere(&self.elsewhere)))
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

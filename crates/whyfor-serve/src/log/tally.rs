//! How many decisions there were, by policy, act, purpose and verdict.
//!
//! Numbers are added to a table of the version that decided, without a lock. Who asks for the counts moves them into totals by
//! name, which outlive versions.

use super::chunk::Row;
use crate::lock::lock;
use crate::version::Version;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use whyfor::{ActKind, PurposeId, Verdict};

const ACTS: [ActKind; 3] = [ActKind::Collect, ActKind::Use, ActKind::Share];
const VERDICTS: [Verdict; 3] = [Verdict::Deny, Verdict::Depends, Verdict::Allow];

/// Of one purpose, by act and verdict.
type Cells = [[AtomicU64; VERDICTS.len()]; ACTS.len()];

/// How often something was decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct DecisionKey {
    /// The policy's name in the store.
    pub policy: Arc<str>,
    /// What was to be done.
    pub act: ActKind,
    /// The purpose, if the policy knows it.
    pub purpose: Option<String>,
    /// The answer.
    pub verdict: Verdict,
}

/// What was decided since the log was made, whether it was written or not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct DecisionCounts {
    /// Decisions.
    pub decisions: BTreeMap<DecisionKey, u64>,
    /// Of these, questions with a name that the policy does not know, by the policy's name.
    pub unknown_names: BTreeMap<Arc<str>, u64>,
    /// Of these, questions with an id of another policy or version, by the policy's name.
    pub foreign_ids: BTreeMap<Arc<str>, u64>,
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    versions: Mutex<Vec<Arc<OfVersion>>>,
    totals: Mutex<DecisionCounts>,
}

/// The counts of one version.
#[derive(Debug)]
pub(super) struct OfVersion {
    version: Arc<Version>,
    by_purpose: HashMap<PurposeId, Cells, RandomState>,
    without_purpose: Cells,
    unknown_names: AtomicU64,
    foreign_ids: AtomicU64,
}

impl Tally {
    /// The counts of a version. O(versions in use).
    pub(super) fn of(&self, version: &Arc<Version>) -> Arc<OfVersion> {
        let mut versions = lock(&self.versions);
        if let Some(found) = versions.iter().rev().find(|of| Arc::ptr_eq(&of.version, version)) {
            return Arc::clone(found);
        }
        let new = Arc::new(OfVersion::new(version));
        versions.push(Arc::clone(&new));
        new
    }

    /// Everything so far. Forgets versions that nobody else keeps.
    pub(super) fn counts(&self) -> DecisionCounts {
        let mut totals = lock(&self.totals);
        let gone: Vec<Arc<OfVersion>> = {
            let mut versions = lock(&self.versions);
            versions.iter().for_each(|of| of.move_to(&mut totals));
            let is_kept = |of: &Arc<OfVersion>| {
                Arc::strong_count(of) > 1 || Arc::strong_count(&of.version) > 1
            };
            let (kept, gone) = versions.drain(..).partition(is_kept);
            *versions = kept;
            gone
        };
        drop(gone); // the memory of whole policies, without the lock
        totals.clone()
    }
}

impl OfVersion {
    fn new(version: &Arc<Version>) -> Self {
        let purposes = version.policy().purposes();
        Self {
            version: Arc::clone(version),
            by_purpose: purposes.map(|(id, _)| (id, Cells::default())).collect(),
            without_purpose: Cells::default(),
            unknown_names: AtomicU64::new(0),
            foreign_ids: AtomicU64::new(0),
        }
    }

    pub(super) fn add(&self, row: &Row) {
        if let Row::Shadowed(both) = row {
            return self.add(&both.0);
        }
        let known = row.purpose().and_then(|purpose| self.by_purpose.get(&purpose));
        let cells = known.unwrap_or(&self.without_purpose);
        let act = ACTS.iter().position(|act| *act == row.act());
        let verdict = VERDICTS.iter().position(|verdict| *verdict == row.verdict());
        if let (Some(act), Some(verdict)) = (act, verdict)
            && let Some(cell) = cells.get(act).and_then(|cells| cells.get(verdict))
        {
            cell.fetch_add(1, Ordering::Relaxed);
        }
        match row {
            Row::Shadowed(_) => {}
            Row::Refused(_) => drop(self.unknown_names.fetch_add(1, Ordering::Relaxed)),
            Row::Decided(record) => {
                let policy = self.version.policy();
                let is_own = policy.named_act(record.act()).is_some()
                    && policy.owns(record.purpose())
                    && record.categories().all(|category| policy.owns(category));
                if !is_own {
                    self.foreign_ids.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    fn move_to(&self, totals: &mut DecisionCounts) {
        let policy = &self.version.name;
        let none = std::iter::once((None, &self.without_purpose));
        let known = self.by_purpose.iter().map(|(id, cells)| (Some(*id), cells));
        for (id, cells) in none.chain(known) {
            for (act, cells) in ACTS.iter().zip(cells) {
                for (verdict, cell) in VERDICTS.iter().zip(cells) {
                    let count = cell.swap(0, Ordering::Relaxed);
                    if count == 0 {
                        continue;
                    }
                    let purpose = id.and_then(|id| self.version.policy().path(id));
                    let key = DecisionKey {
                        policy: Arc::clone(policy),
                        act: *act,
                        purpose: purpose.map(str::to_owned),
                        verdict: *verdict,
                    };
                    *totals.decisions.entry(key).or_default() += count;
                }
            }
        }
        let add = |to: &mut BTreeMap<Arc<str>, u64>, from: &AtomicU64| {
            *to.entry(Arc::clone(policy)).or_default() += from.swap(0, Ordering::Relaxed);
        };
        add(&mut totals.unknown_names, &self.unknown_names);
        add(&mut totals.foreign_ids, &self.foreign_ids);
    }
}

//! The places where two policies differ, by the ids of the live one.

use super::seen::Seen;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use whyfor::diff::{Change, Diff};
use whyfor::{Act, CategoryId, MethodId, Policy, PurposeId, RecipientId};

/// Any method or recipient, as a comparison names it.
const ANY: &str = "*";

type Set<T> = HashSet<T, RandomState>;

/// Questions whose answers differ alike.
#[derive(Debug)]
pub(super) struct Region {
    /// In the words of `whyfor diff`.
    pub(super) change: String,
    pub(super) seen: Seen,
    is_about_use: bool,
    methods: Set<MethodId>,
    recipients: Set<RecipientId>,
    purposes: Set<PurposeId>,
}

/// All places.
#[derive(Debug, Default)]
pub(super) struct Regions {
    list: Vec<Region>,
    by_category: HashMap<CategoryId, Vec<usize>, RandomState>,
}

impl Regions {
    /// The places where a candidate differs. A name that the live policy does not have is asked of both by name.
    pub(super) fn new(diff: &Diff, live: &Policy) -> Self {
        let mut regions = Self::default();
        for change in diff.changes() {
            let at = regions.list.len();
            for name in &change.categories.all {
                let ids = live.field(name).map(|field| field.categories().to_vec());
                // A name of several categories has an id of its own besides.
                let own = live.category(name).ok();
                for id in ids.into_iter().flatten().chain(own) {
                    let of_category = regions.by_category.entry(id).or_default();
                    if of_category.last() != Some(&at) {
                        of_category.push(at);
                    }
                }
            }
            regions.list.push(Region::new(change, live));
        }
        regions
    }

    /// The place that a question is in; O(1) for a category that is in none.
    #[inline]
    pub(super) fn find(
        &self,
        act: Act,
        category: CategoryId,
        purpose: PurposeId,
    ) -> Option<&Region> {
        let of_category = self.by_category.get(&category)?;
        let mut regions = of_category.iter().filter_map(|at| self.list.get(*at));
        regions.find(|region| region.has(act, purpose))
    }

    pub(super) fn list(&self) -> &[Region] {
        &self.list
    }
}

impl Region {
    fn new(change: &Change, live: &Policy) -> Self {
        let purposes = change.purposes.all.iter().filter_map(|name| live.purpose(name).ok());
        let mut region = Self {
            change: change.to_string(),
            seen: Seen::default(),
            is_about_use: change.with_use,
            methods: Set::default(),
            recipients: Set::default(),
            purposes: purposes.collect(),
        };
        match &change.act {
            Act::Use => region.is_about_use = true,
            Act::Collect(names) => region.methods.extend(names.all.iter().filter_map(|name| {
                if name == ANY { Some(live.any_method()) } else { live.method(name).ok() }
            })),
            Act::Share(names) => region.recipients.extend(names.all.iter().filter_map(|name| {
                if name == ANY { Some(live.any_recipient()) } else { live.recipient(name).ok() }
            })),
        }
        region
    }

    fn has(&self, act: Act, purpose: PurposeId) -> bool {
        let has_act = match act {
            Act::Use => self.is_about_use,
            Act::Collect(method) => self.methods.contains(&method),
            Act::Share(recipient) => self.recipients.contains(&recipient),
        };
        has_act && self.purposes.contains(&purpose)
    }
}

//! Lists of limits on retention: the shortest limits and the longest `at least`, one for each start and family of units.

use super::schema::LimitRecord;
use std::collections::BTreeMap;

/// The limits that count of all these, sorted: limits, then `at least`; from collection, then by event; hours, days and
/// weeks, then months and years.
///
/// Of each start, the shortest limit and the longest `at least` count. Lengths of hours, days and weeks compare, and
/// those of months and years; so there is one limit of each. `until EVENT` is shorter than any period after it.
pub(crate) fn merged(limits: impl Iterator<Item = LimitRecord>) -> Vec<LimitRecord> {
    let mut by_key: BTreeMap<_, LimitRecord> = BTreeMap::new();
    for limit in limits {
        let kept = by_key.entry(limit.key()).or_insert(limit);
        if limit.is_stricter_than(kept) {
            *kept = limit;
        }
    }
    let mut all: Vec<LimitRecord> = by_key.into_values().collect();
    let ended: Vec<u32> = all.iter().filter(|limit| limit.is_until()).map(|l| l.event).collect();
    all.retain(|limit| limit.is_until() || limit.is_least() || !ended.contains(&limit.event));
    all
}

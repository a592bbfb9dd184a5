//! Limits on retention in a vocabulary that several policies have in common: how strict each is among those that it
//! compares with.
//!
//! A limit compares with those of the same kind, start and family of units: that is its slot. In a slot the smaller
//! number is the stricter limit. `until EVENT` is the strictest in both families of its event.

use crate::model::RetainLimit;
use crate::words::Unit;
use crate::{Limit, Period};
use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Limits that compare with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::analyze) struct Slot {
    pub(in crate::analyze) at_least: bool,
    /// The number of an event; `None` is collection.
    pub(in crate::analyze) start: Option<u32>,
    pub(in crate::analyze) is_calendar: bool,
}

/// How strict a limit is in its slot: the smaller, the stricter. Of equal lengths, that in the smaller unit counts.
pub(in crate::analyze) type Strictness = u64;

const UNTIL: Strictness = 0;
/// In place of a limit: there is none.
pub(super) const UNLIMITED: Strictness = u64::MAX;
/// Longer than any period, in hours.
const LONGEST: u64 = 1 << 41;
/// A unit takes so many bits.
const UNIT: u32 = 3;

/// The number of a list of limits.
pub(in crate::analyze) type LimitsId = u32;

/// Without any limit.
pub(super) const NO_LIMITS: LimitsId = 0;

/// Lists of limits with the strictest of each slot, sorted by slot; each is stored once.
#[derive(Debug)]
pub(in crate::analyze) struct Limits {
    lists: Vec<Rc<[(Slot, Strictness)]>>,
    ids: HashMap<Rc<[(Slot, Strictness)]>, LimitsId>,
    joined: HashMap<(LimitsId, LimitsId), LimitsId>,
}

impl Default for Limits {
    fn default() -> Self {
        let mut limits = Self { lists: Vec::new(), ids: HashMap::new(), joined: HashMap::new() };
        limits.intern(BTreeMap::new());
        limits
    }
}

impl Limits {
    pub(in crate::analyze) fn get(&self, id: LimitsId) -> &[(Slot, Strictness)] {
        &self.lists[id as usize]
    }

    /// The list of what a statement says. `events` are the numbers of its policy's events here.
    pub(in crate::analyze) fn of(&mut self, written: &[RetainLimit], events: &[u32]) -> LimitsId {
        let mut strictest = BTreeMap::new();
        for RetainLimit { at_least, limit } in written {
            let start = limit.event().map(|event| events[event.0 as usize]);
            let slot = |is_calendar| Slot { at_least: *at_least, start, is_calendar };
            match limit.period() {
                Some(period) => {
                    let strictness = strictness(period, *at_least);
                    keep(&mut strictest, slot(period.unit().is_calendar()), strictness);
                }
                None => [false, true]
                    .map(|family| keep(&mut strictest, slot(family), UNTIL))
                    .into_iter()
                    .collect(),
            }
        }
        self.intern(strictest)
    }

    /// The strictest limits of both lists.
    pub(super) fn join(&mut self, one: LimitsId, other: LimitsId) -> LimitsId {
        if one == other || other == NO_LIMITS {
            return one;
        }
        if one == NO_LIMITS {
            return other;
        }
        let key = (one.min(other), one.max(other));
        if let Some(known) = self.joined.get(&key) {
            return *known;
        }
        let mut strictest = BTreeMap::new();
        for (slot, strictness) in self.get(one).iter().chain(self.get(other)) {
            keep(&mut strictest, *slot, *strictness);
        }
        let joined = self.intern(strictest);
        self.joined.insert(key, joined);
        joined
    }

    /// The limits of a list that are stricter than those of another one.
    pub(super) fn stricter(&mut self, list: LimitsId, than: LimitsId) -> LimitsId {
        if list == NO_LIMITS || than == NO_LIMITS {
            return list;
        }
        let than: BTreeMap<Slot, Strictness> = self.get(than).iter().copied().collect();
        let is_stricter = |(slot, strictness): &&(Slot, Strictness)| {
            than.get(slot).is_none_or(|other| strictness < other)
        };
        let left = self.get(list).iter().filter(is_stricter).copied().collect();
        self.intern(left)
    }

    /// Whether a list has limits at least as strict as all of another one.
    pub(super) fn say(&self, list: LimitsId, other: LimitsId) -> bool {
        let own = self.get(list);
        self.get(other).iter().all(|(slot, strictness)| {
            let here = own.iter().find(|(at, _)| at == slot);
            here.is_some_and(|(_, own)| own <= strictness)
        })
    }

    /// Whether some limit of a list ends before what another one says is kept at least from the same start, in the same
    /// family of units.
    pub(super) fn end_before(&self, list: LimitsId, at_least: LimitsId) -> bool {
        let limits = || self.get(list).iter().filter(|(slot, _)| !slot.at_least);
        self.get(at_least).iter().filter(|(slot, _)| slot.at_least).any(|(kept, least)| {
            let is_same = |slot: &Slot| Slot { at_least: true, ..*slot } == *kept;
            let least = period(*least, true).map_or(0, Period::length);
            let length = |strictness| period(strictness, false).map_or(0, Period::length);
            limits().any(|(slot, strictness)| is_same(slot) && length(*strictness) < least)
        })
    }

    fn intern(&mut self, strictest: BTreeMap<Slot, Strictness>) -> LimitsId {
        let list: Rc<[_]> = strictest.into_iter().collect();
        if let Some(id) = self.ids.get(&list) {
            return *id;
        }
        let id = self.lists.len() as LimitsId;
        self.lists.push(Rc::clone(&list));
        self.ids.insert(list, id);
        id
    }

    /// The limits of a list as a policy writes them: limits before `at least`, from collection before those from
    /// events, which are sorted by name.
    pub(super) fn words(&self, id: LimitsId, events: &[String]) -> Vec<String> {
        let name = |slot: &Slot| slot.start.map(|event| events[event as usize].as_str());
        let mut all: Vec<_> = self.get(id).iter().collect();
        all.sort_by_key(|(slot, _)| (slot.at_least, name(slot), slot.is_calendar));
        let is_shown = |(slot, strictness): &&&(Slot, Strictness)| {
            *strictness != UNTIL || !slot.is_calendar // `until` stands in both families
        };
        let words = |(slot, strictness): &&(Slot, Strictness)| {
            let limit = match (period(*strictness, slot.at_least), name(slot)) {
                (Some(period), after) => Limit::Period { period, after },
                (None, until) => Limit::Until { until: until.unwrap_or_default() },
            };
            format!("{}{limit}", if slot.at_least { "at least " } else { "" })
        };
        all.iter().filter(is_shown).map(words).collect()
    }
}

fn keep(strictest: &mut BTreeMap<Slot, Strictness>, slot: Slot, strictness: Strictness) {
    let kept = strictest.entry(slot).or_insert(strictness);
    *kept = strictness.min(*kept);
}

fn strictness(period: Period, at_least: bool) -> Strictness {
    let length = match at_least {
        true => LONGEST - period.length(), // the longest counts
        false => period.length(),
    };
    (length << UNIT | period.unit() as u64) + 1
}

/// The period of a strictness; `None` for `until`.
fn period(strictness: Strictness, at_least: bool) -> Option<Period> {
    let number = strictness.checked_sub(1)?;
    let unit = Unit::from_number((number & ((1 << UNIT) - 1)) as u8);
    let length = match at_least {
        true => LONGEST - (number >> UNIT),
        false => number >> UNIT,
    };
    Some(Period::new((length / u64::from(unit.length())) as u32, unit))
}

/// The length in a strictness, which two periods in different units may share.
pub(super) fn length(strictness: Strictness) -> u64 {
    match strictness {
        UNLIMITED => UNLIMITED,
        UNTIL => 0,
        other => ((other - 1) >> UNIT) + 1,
    }
}

//! Few boxes of classes × methods or recipients × purposes that hold the cells of one change, each in one of
//! them, and no others.
//!
//! The fewest are hard to find. Cells are joined in several orders, every box is grown as far as the cells
//! that are left reach, the largest is taken, and so on with what is left.

use super::table::Group;
use crate::analyze::answers::Effort;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers in each part, sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cuboid {
    pub(super) classes: Vec<u32>,
    pub(super) parties: Vec<u32>,
    pub(super) purposes: Vec<u32>,
}

/// What looking for larger boxes may cost for one change: its cells times the square of its boxes, each some
/// nanoseconds. Where it would cost more, cells are joined once.
const MOST: u64 = 20_000_000;
/// The same for all changes together: about a second.
pub(super) const MOST_OF_ALL: u64 = 200_000_000;

/// Boxes that together hold the cells of a group, each cell in one of them, and no others.
pub(super) fn cover(group: &Group, effort: &mut Effort) -> Vec<Cuboid> {
    let cells = &group.cells;
    let mut all = joined(cells);
    let fewest = (0..all.len()).min_by_key(|at| all[*at].len()).unwrap_or_default();
    let fewest = all.swap_remove(fewest);
    let count: usize = cells.values().map(Vec::len).sum();
    let steps = (fewest.len() as u64).saturating_pow(2).saturating_mul(count as u64);
    if fewest.len() < 2 || steps > MOST || !effort.spend(steps) {
        return fewest;
    }
    largest_first(cells, fewest.len()).unwrap_or(fewest)
}

/// The cells joined in each order.
fn joined(cells: &Cells) -> Vec<Vec<Cuboid>> {
    vec![classes_last(cells), parties_last(cells), purposes_last(cells)]
}

/// The largest box of the cells that are left, again and again; `None` if that takes `most` boxes or more.
fn largest_first(cells: &Cells, most: usize) -> Option<Vec<Cuboid>> {
    let mut left = cells.clone();
    let mut taken: Vec<Cuboid> = Vec::new();
    while !left.is_empty() {
        if taken.len() + 1 == most {
            return None;
        }
        let boxes = joined(&left).into_iter().flatten().map(|found| grow(&left, found));
        // Of equal ones the first.
        let largest = boxes.max_by(|a, b| a.size().cmp(&b.size()).then_with(|| b.cmp(a)))?;
        remove(&mut left, &largest);
        taken.push(largest);
    }
    taken.sort();
    Some(taken)
}

/// Takes the cells of a box out.
fn remove(cells: &mut Cells, taken: &Cuboid) {
    for class in &taken.classes {
        for party in &taken.parties {
            let Some(purposes) = cells.get_mut(&(*class, *party)) else { continue };
            purposes.retain(|purpose| taken.purposes.binary_search(purpose).is_err());
            if purposes.is_empty() {
                cells.remove(&(*class, *party));
            }
        }
    }
}

impl Cuboid {
    fn size(&self) -> usize {
        self.classes.len() * self.parties.len() * self.purposes.len()
    }
}

/// For each class and party, the purposes.
type Cells = BTreeMap<(u32, u32), Vec<u32>>;

/// Of each class, the parties with the same purposes; then the classes with the same of both.
fn classes_last(cells: &Cells) -> Vec<Cuboid> {
    let mut parties: BTreeMap<(u32, &Vec<u32>), Vec<u32>> = BTreeMap::new();
    for ((class, party), purposes) in cells {
        parties.entry((*class, purposes)).or_default().push(*party);
    }
    let mut classes: BTreeMap<(Vec<u32>, &Vec<u32>), Vec<u32>> = BTreeMap::new();
    for ((class, purposes), parties) in parties {
        classes.entry((parties, purposes)).or_default().push(class);
    }
    let to_box = |((parties, purposes), classes): ((Vec<u32>, &Vec<u32>), Vec<u32>)| Cuboid {
        classes,
        parties,
        purposes: purposes.clone(),
    };
    classes.into_iter().map(to_box).collect()
}

/// Of each party, the classes with the same purposes; then the parties with the same of both.
fn parties_last(cells: &Cells) -> Vec<Cuboid> {
    let mut classes: BTreeMap<(u32, &Vec<u32>), Vec<u32>> = BTreeMap::new();
    for ((class, party), purposes) in cells {
        classes.entry((*party, purposes)).or_default().push(*class);
    }
    let mut parties: BTreeMap<(Vec<u32>, &Vec<u32>), Vec<u32>> = BTreeMap::new();
    for ((party, purposes), classes) in classes {
        parties.entry((classes, purposes)).or_default().push(party);
    }
    let to_box = |((classes, purposes), parties): ((Vec<u32>, &Vec<u32>), Vec<u32>)| Cuboid {
        classes,
        parties,
        purposes: purposes.clone(),
    };
    parties.into_iter().map(to_box).collect()
}

/// Of each purpose and party, the classes; of each purpose the parties with the same classes; then the
/// purposes with the same of both.
fn purposes_last(cells: &Cells) -> Vec<Cuboid> {
    let mut classes: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for ((class, party), purposes) in cells {
        for purpose in purposes {
            classes.entry((*purpose, *party)).or_default().push(*class);
        }
    }
    let mut parties: BTreeMap<(u32, Vec<u32>), Vec<u32>> = BTreeMap::new();
    for ((purpose, party), classes) in classes {
        parties.entry((purpose, classes)).or_default().push(party);
    }
    let mut purposes: BTreeMap<(Vec<u32>, Vec<u32>), Vec<u32>> = BTreeMap::new();
    for ((purpose, classes), parties) in parties {
        purposes.entry((classes, parties)).or_default().push(purpose);
    }
    let to_box = |((classes, parties), purposes)| Cuboid { classes, parties, purposes };
    purposes.into_iter().map(to_box).collect()
}

/// Adds every class, then every party, then every purpose with which it still holds nothing else.
fn grow(cells: &Cells, mut grown: Cuboid) -> Cuboid {
    let holds = |class: u32, party: u32, purposes: &[u32]| {
        cells.get(&(class, party)).is_some_and(|all| contains_all(all, purposes))
    };
    let classes: BTreeSet<u32> = cells.keys().map(|(class, _)| *class).collect();
    let parties: BTreeSet<u32> = cells.keys().map(|(_, party)| *party).collect();
    let fits = |class: &u32| grown.parties.iter().all(|p| holds(*class, *p, &grown.purposes));
    grown.classes = classes.iter().copied().filter(|class| fits(class)).collect();
    let fits = |party: &u32| grown.classes.iter().all(|c| holds(*c, *party, &grown.purposes));
    grown.parties = parties.iter().copied().filter(|party| fits(party)).collect();
    let all = |class: &u32, party: &u32| cells.get(&(*class, *party));
    let mut lists = grown.classes.iter().flat_map(|c| grown.parties.iter().map(move |p| all(c, p)));
    let first = lists.next().flatten().cloned().unwrap_or_default();
    grown.purposes = lists.flatten().fold(first, |mut common, list| {
        common.retain(|purpose| list.binary_search(purpose).is_ok());
        common
    });
    grown
}

fn contains_all(all: &[u32], some: &[u32]) -> bool {
    some.iter().all(|number| all.binary_search(number).is_ok())
}

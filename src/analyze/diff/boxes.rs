//! Few boxes of classes × methods or recipients × purposes that cover the cells of one change, and no
//! others.
//!
//! The fewest are hard to find. Cells are joined in several orders, every box is grown as far as cells
//! of the change reach, and then the largest are taken until all is covered.

use super::table::Group;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers in each part, sorted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cuboid {
    pub(super) classes: Vec<u32>,
    pub(super) parties: Vec<u32>,
    pub(super) purposes: Vec<u32>,
}

/// With more cells than that, or more boxes, joining is all that is done.
const MOST_CELLS: usize = 200_000;
const MOST_BOXES: usize = 256;

/// Boxes that together hold the cells of a group and no others.
pub(super) fn cover(group: &Group) -> Vec<Cuboid> {
    let cells = &group.cells;
    let candidates = [classes_last(cells), parties_last(cells), purposes_last(cells)];
    let mut fewest = candidates[0].clone();
    for candidate in &candidates[1..] {
        if candidate.len() < fewest.len() {
            fewest.clone_from(candidate);
        }
    }
    let count: usize = cells.values().map(Vec::len).sum();
    if fewest.len() < 2 || fewest.len() > MOST_BOXES || count > MOST_CELLS {
        return fewest;
    }
    let mut grown: Vec<Cuboid> = candidates.into_iter().flatten().map(|b| grow(cells, b)).collect();
    grown.sort();
    grown.dedup();
    let greedy = greedy(cells, &grown);
    if greedy.len() <= fewest.len() { greedy } else { fewest }
}

/// For each class and party, the purposes.
type Cells = BTreeMap<(u32, u32), Vec<u32>>;
/// A class, a party, a purpose.
type Cell = (u32, u32, u32);

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

/// The box that holds the most cells that none before it holds, again and again.
fn greedy(cells: &Cells, boxes: &[Cuboid]) -> Vec<Cuboid> {
    let mut left: BTreeSet<Cell> = cells
        .iter()
        .flat_map(|((class, party), purposes)| purposes.iter().map(|p| (*class, *party, *p)))
        .collect();
    let each = |b: &Cuboid| -> Vec<Cell> {
        let pairs = b.classes.iter().flat_map(|c| b.parties.iter().map(move |q| (*c, *q)));
        pairs.flat_map(|(c, q)| b.purposes.iter().map(move |p| (c, q, *p))).collect()
    };
    let mut all: Vec<(Vec<Cell>, &Cuboid)> = boxes.iter().map(|b| (each(b), b)).collect();
    let mut taken = Vec::new();
    while !left.is_empty() {
        for (cells, _) in &mut all {
            cells.retain(|cell| left.contains(cell));
        }
        let best = all.iter().enumerate().max_by_key(|(i, (cells, _))| {
            (cells.len(), std::cmp::Reverse(*i)) // of equal ones the first
        });
        let Some((best, _)) = best else { break };
        let (cells, found) = all.swap_remove(best);
        if cells.is_empty() {
            break; // every cell is in some box
        }
        for cell in &cells {
            left.remove(cell);
        }
        taken.push(found.clone());
    }
    taken
}

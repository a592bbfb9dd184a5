//! What is told for collecting data and not again for using it: every permit to collect permits use.

use super::boxes::Cuboid;
use super::kind::ChangeKind;
use super::table::Group;
use crate::analyze::answers::Words;
use crate::model::Hierarchy;
use hashbrown::HashMap;

/// The changes of uses that are not told yet.
pub(super) struct Uses {
    groups: Vec<Group>,
    /// The group of changes that are told in the same words.
    by_words: HashMap<(ChangeKind, bool, [Words; 2]), usize>,
    /// Of each group the number of the class that starts with a category.
    classes: Vec<HashMap<u32, u32>>,
}

impl Uses {
    /// Takes the groups of uses out.
    pub(super) fn new(groups: &mut Vec<Group>) -> Self {
        let (uses, others) = std::mem::take(groups).into_iter().partition(|g| g.party.is_none());
        *groups = others;
        let mut taken = Self { groups: uses, by_words: HashMap::new(), classes: Vec::new() };
        for (at, group) in taken.groups.iter().enumerate() {
            taken.by_words.insert(key(group), at);
            let firsts = group.classes.iter().filter_map(|categories| categories.first());
            taken.classes.push(firsts.copied().zip(0..).collect());
        }
        taken
    }

    /// Whether use of the data of a box changed as collecting it did, and is not told yet. Then it is.
    pub(super) fn take(&mut self, group: &Group, found: &Cuboid) -> bool {
        let is_collected = group.party == Some(Hierarchy::Method);
        let Some(at) = self.by_words.get(&key(group)).filter(|_| is_collected) else {
            return false;
        };
        let (uses, numbers) = (&mut self.groups[*at], &self.classes[*at]);
        let class = |class: &u32| {
            let first = group.classes[*class as usize].first()?;
            numbers.get(first).map(|number| (*number, 0))
        };
        let cells: Vec<Option<(u32, u32)>> = found.classes.iter().map(class).collect();
        let is_told = |purpose: &u32, left: &Vec<u32>| left.binary_search(purpose).is_err();
        let holds = |cell: &Option<(u32, u32)>| {
            let left = cell.and_then(|cell| uses.cells.get(&cell));
            left.is_some_and(|left| !found.purposes.iter().any(|purpose| is_told(purpose, left)))
        };
        if !cells.iter().all(holds) {
            return false;
        }
        for cell in cells.into_iter().flatten() {
            let Some(left) = uses.cells.get_mut(&cell) else { continue };
            left.retain(|purpose| found.purposes.binary_search(purpose).is_err());
            if left.is_empty() {
                uses.cells.remove(&cell);
            }
        }
        true
    }

    /// What is left to be told of use.
    pub(super) fn left(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(|group| !group.cells.is_empty())
    }
}

/// How a change is told; whether data may be left out matters only where it is collected.
fn key(group: &Group) -> (ChangeKind, bool, [Words; 2]) {
    let words = group.words.clone().map(|words| Words { optional: String::new(), ..words });
    (group.kind, group.more_permissive, words)
}

//! Slices of numbers, each kept once and known by its id.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// An arena of distinct slices. Ids count up in the order of first appearance, so they do not depend
/// on hashes.
pub(super) struct Slices {
    data: Vec<u32>,
    ends: Vec<usize>,
    ids: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Default for Slices {
    fn default() -> Self {
        Self {
            data: Vec::new(),
            ends: vec![0],
            ids: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Slices {
    /// The id of a slice; new or as given out before. Expected O(length).
    pub(super) fn intern(&mut self, slice: &[u32]) -> u32 {
        let hash = self.hasher.hash_one(slice);
        let (data, ends) = (&self.data, &self.ends);
        if let Some(id) = self.ids.find(hash, |id| get(data, ends, *id) == slice) {
            return *id;
        }
        let id = self.len() as u32;
        self.data.extend_from_slice(slice);
        self.ends.push(self.data.len());
        let (data, ends, hasher) = (&self.data, &self.ends, &self.hasher);
        self.ids.insert_unique(hash, id, |id| hasher.hash_one(get(data, ends, *id)));
        id
    }

    pub(super) fn get(&self, id: u32) -> &[u32] {
        get(&self.data, &self.ends, id)
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// The numbers in all slices together.
    pub(super) fn words(&self) -> usize {
        self.data.len()
    }
}

fn get<'a>(data: &'a [u32], ends: &[usize], id: u32) -> &'a [u32] {
    &data[ends[id as usize]..ends[id as usize + 1]]
}

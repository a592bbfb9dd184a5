//! Slices that are stored once each and have an id.

use super::ids::{IdVec, ListId};
use crate::table::ids::Id;
use crate::table::image::SMALLEST_MAP;
use bytemuck::Pod;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use memmap2::MmapMut;
use std::hash::{BuildHasher, Hash, Hasher};

/// An arena of distinct slices. Ids count up in the order of first appearance, so they do not depend on
/// hashes.
///
/// The slices are in chunks, so that the arena grows without copying what it has.
pub(super) struct Slices<I, T> {
    chunks: Vec<Chunk<T>>,
    places: IdVec<I, Place>,
    ids: HashTable<Entry<I>>,
    hasher: DefaultHashBuilder,
    /// The elements of all slices together.
    elements: usize,
    /// Whether large chunks are maps of their own.
    in_maps: bool,
}

/// Where a slice is.
#[derive(Clone, Copy)]
struct Place {
    chunk: u32,
    start: u32,
    length: u32,
}

/// A slice in the table of hashes. Growing the table and most comparisons read no slice.
#[derive(Clone, Copy)]
struct Entry<I> {
    hash: u32,
    id: I,
}

/// The hash for the table, which uses the high and the low bits.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

/// Elements of the first chunk. Each further chunk has as many as all before it, up to [`LARGEST`].
const SMALLEST: usize = 1 << 10;
/// Elements of a chunk: 4 MiB of numbers.
const LARGEST: usize = 1 << 20;

impl<I, T> Default for Slices<I, T> {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            places: IdVec::default(),
            ids: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            elements: 0,
            in_maps: false,
        }
    }
}

impl<I: Id, T: Pod> Slices<I, T> {
    /// An empty arena whose large chunks are maps of their own. An allocator would keep the memory of those that are
    /// freed, in pieces too small for the image.
    pub(super) fn in_maps() -> Self {
        Self { in_maps: true, ..Self::default() }
    }

    /// The id of a slice, which is new or equal to an earlier one. Expected O(length).
    pub(super) fn intern(&mut self, slice: &[T]) -> I {
        let hash = self.hash(slice);
        if let Some(id) = self.find_hashed(slice, hash) {
            return id;
        }
        let place = self.store(slice);
        let id = self.places.push(place);
        self.ids.insert_unique(spread(hash), Entry { hash, id }, |entry| spread(entry.hash));
        id
    }

    /// The id of a slice that was added.
    pub(super) fn find(&self, slice: &[T]) -> Option<I> {
        self.find_hashed(slice, self.hash(slice))
    }

    fn hash(&self, slice: &[T]) -> u32 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(bytemuck::cast_slice(slice));
        hasher.finish() as u32
    }

    fn find_hashed(&self, slice: &[T], hash: u32) -> Option<I> {
        let bytes: &[u8] = bytemuck::cast_slice(slice);
        let is_same = |entry: &Entry<I>| {
            entry.hash == hash && bytemuck::cast_slice::<T, u8>(self.get(entry.id)) == bytes
        };
        self.ids.find(spread(hash), is_same).map(|entry| entry.id)
    }

    fn store(&mut self, slice: &[T]) -> Place {
        let has_room = self.chunks.last().is_some_and(|chunk| chunk.room() >= slice.len());
        if !has_room {
            let size = self.elements.clamp(SMALLEST, LARGEST).max(slice.len());
            self.chunks.push(Chunk::new(size, self.in_maps));
        }
        let number = self.chunks.len() - 1;
        let chunk = &mut self.chunks[number];
        let (start, length) = (chunk.as_slice().len() as u32, slice.len() as u32);
        chunk.extend(slice);
        self.elements += slice.len();
        Place { chunk: number as u32, start, length }
    }

    pub(super) fn get(&self, id: I) -> &[T] {
        let Place { chunk, start, length } = self.places[id];
        &self.chunks[chunk as usize].as_slice()[start as usize..][..length as usize]
    }

    /// All ids, in order.
    pub(super) fn ids(&self) -> impl Iterator<Item = I> + use<I, T> {
        self.places.ids()
    }

    /// The elements of all slices together.
    pub(super) fn elements(&self) -> usize {
        self.elements
    }

    /// Frees slices that were added before this one.
    pub(super) fn free_before(&mut self, id: I) {
        let chunk = self.places[id].chunk as usize;
        for chunk in
            self.chunks[..chunk].iter_mut().rev().take_while(|chunk| !chunk.as_slice().is_empty())
        {
            *chunk = Chunk::new(0, false);
        }
    }

    /// Frees what is only needed to add slices.
    pub(super) fn freeze(&mut self) {
        self.ids = HashTable::new();
    }
}

/// Slices one after the other.
enum Chunk<T> {
    Allocated(Vec<T>),
    /// A map of memory, and how many elements are in it.
    Mapped(MmapMut, usize),
}

impl<T: Pod> Chunk<T> {
    /// An empty chunk with room for this many elements. It is a map if it is large and there are maps.
    fn new(size: usize, in_map: bool) -> Self {
        let bytes = size * size_of::<T>();
        if in_map
            && bytes >= SMALLEST_MAP
            && let Ok(map) = MmapMut::map_anon(bytes)
        {
            return Self::Mapped(map, 0);
        }
        Self::Allocated(Vec::with_capacity(size))
    }

    fn as_slice(&self) -> &[T] {
        match self {
            Self::Allocated(slice) => slice,
            Self::Mapped(map, length) => bytemuck::cast_slice(&map[..length * size_of::<T>()]),
        }
    }

    /// For how many more elements there is room.
    fn room(&self) -> usize {
        match self {
            Self::Allocated(slice) => slice.capacity() - slice.len(),
            Self::Mapped(map, length) => map.len() / size_of::<T>() - length,
        }
    }

    /// Adds elements, for which there is room.
    fn extend(&mut self, slice: &[T]) {
        match self {
            Self::Allocated(all) => all.extend_from_slice(slice),
            Self::Mapped(map, length) => {
                let bytes: &[u8] = bytemuck::cast_slice(slice);
                map[*length * size_of::<T>()..][..bytes.len()].copy_from_slice(bytes);
                *length += slice.len();
            }
        }
    }
}

/// The most ids of lists whose results are kept at a time, and the most pairs: some 100 MiB together.
pub(super) const MOST_KEPT: usize = 16 << 20;
const MOST_PAIRS: usize = 4 << 20;

/// The results of joining lists of ids, which are sorted and have no duplicates. It forgets all of them when they
/// become too many, so that its size is bounded.
pub(super) struct Joins<I> {
    /// Of two ids, which most lists are.
    of_two: HashMap<[I; 2], I>,
    /// Of more ids.
    lists: Slices<ListId, I>,
    of_lists: IdVec<ListId, I>,
}

impl<I> Default for Joins<I> {
    fn default() -> Self {
        Self { of_two: HashMap::new(), lists: Slices::default(), of_lists: IdVec::default() }
    }
}

impl<I: Id + Pod + Hash> Joins<I> {
    /// The result for a list, if it is known.
    pub(super) fn get(&self, list: &[I]) -> Option<I> {
        match list {
            [a, b] => self.of_two.get(&[*a, *b]).copied(),
            _ => self.lists.find(list).map(|id| self.of_lists[id]),
        }
    }

    pub(super) fn insert(&mut self, list: &[I], result: I) {
        if self.of_two.len() >= MOST_PAIRS || self.lists.elements() >= MOST_KEPT {
            *self = Self::default();
        }
        match list {
            [a, b] => drop(self.of_two.insert([*a, *b], result)),
            _ => {
                self.lists.intern(list);
                self.of_lists.push(result);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST, Slices};
    use crate::table::compile::ids::ListId;

    #[test]
    fn equal_slices_have_one_id_and_all_are_found_again() {
        let slice = |i: u32| -> Vec<u32> {
            let length = if i == 5 { LARGEST as u32 + 1 } else { i % 700 };
            (0..length).map(|at| at ^ i).collect()
        };
        let mut slices: Slices<ListId, u32> = Slices::default();
        let ids: Vec<ListId> = (0..3_000).map(|i| slices.intern(&slice(i))).collect();
        for (i, id) in (0..).zip(ids) {
            assert_eq!(slices.get(id), slice(i));
            assert_eq!(slices.intern(&slice(i)), id);
        }
    }
}

//! From names to ids: perfect hash tables, built once. A slot contains a key and its value.
//!
//! A lookup hashes the name, reads the pilot of its bucket, reads one slot and compares: two dependent
//! loads and no probing, for every name. A table never grows, and every lookup reads one slot, so names
//! chosen by an attacker cost as much as others.
//!
//! The scheme is that of CHD (Belazzougui, Botelho and Dietzfelbinger 2009) with PTHash's pilots
//! (Pibiri and Trani 2021): keys are put into buckets, and for each bucket, the largest first, the builder
//! searches a pilot that maps its keys to free slots.
//!
//! The hash covers the first and the last eight bytes of a name, which overlap if it is short: there is no
//! loop. Of a name of up to 16 bytes, these bytes and the length are all of it. Of a longer one, the bytes
//! between are compared in the text. They are hashed too (see [`Depth`]) if a table has names that differ
//! only there.

use super::schema::{NameValue, Slot};
use crate::limits::MAX_FIELD_NAME;

const MIX: [u64; 4] =
    [0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB];

/// The key of a name: its first and last eight bytes, and its length.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    head: u64,
    tail: u64,
    length: u32,
}

impl Key {
    #[inline(always)]
    pub(crate) fn new(name: &[u8]) -> Self {
        let length = name.len();
        let (head, tail) = match length {
            8.. => {
                let word = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |b| u64::from_le_bytes(*b));
                (word(name.first_chunk()), word(name.last_chunk()))
            }
            4..8 => {
                let half = |bytes: Option<&[u8; 4]>| bytes.map_or(0, |b| u32::from_le_bytes(*b));
                (u64::from(half(name.first_chunk())), u64::from(half(name.last_chunk())))
            }
            // First, middle and last are all bytes of a name of up to three.
            1..4 => {
                let [first, middle, last] = [0, length / 2, length - 1].map(|i| u64::from(name[i]));
                (first | middle << 8, last)
            }
            0 => (0, 0),
        };
        Self { head, tail, length: length as u32 }
    }

    /// The hash of the key and of `more`. It does not cover the length: two names that differ only there
    /// make their table deeper.
    #[inline(always)]
    fn hash(self, more: u64, seed: u64) -> u64 {
        fold(self.head ^ seed ^ more, self.tail ^ MIX[1])
    }
}

/// The 128-bit product folded into 64: the mixing step of wyhash and foldhash.
#[inline]
fn fold(x: u64, y: u64) -> u64 {
    let product = u128::from(x) * u128::from(y);
    (product as u64) ^ (product >> 64) as u64
}

/// How much of a name is hashed besides its key: as much as makes the names of the table differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Nothing.
    Key,
    /// The eight bytes in the middle.
    Middle,
    /// All bytes.
    Whole,
}

impl Depth {
    /// The depth is in the lowest bits of a table's seed.
    fn of(seed: u64) -> Self {
        match seed & 3 {
            0 => Self::Key,
            1 => Self::Middle,
            _ => Self::Whole,
        }
    }

    /// The part that is hashed besides the key.
    #[inline]
    fn more(self, name: &[u8], seed: u64) -> u64 {
        match self {
            Self::Key => 0,
            Self::Middle => middle(name).rotate_left(32),
            Self::Whole => digest(name, seed),
        }
    }
}

#[inline]
fn middle(name: &[u8]) -> u64 {
    let at = name.len().saturating_sub(8) / 2;
    let bytes = name.get(at..at + 8).and_then(<[u8]>::first_chunk);
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// A hash of all bytes of a name, eight at a time.
#[inline(never)]
fn digest(name: &[u8], seed: u64) -> u64 {
    let (chunks, rest) = name.as_chunks::<8>();
    let whole = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk));
    let rest = rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let words = whole.chain([rest]);
    words.fold(seed, |hash, word| fold(hash ^ word, MIX[3]).rotate_left(17) ^ word)
}

/// A table in an image.
#[derive(Clone, Copy)]
pub(crate) struct NameTable<'a> {
    seed: u64,
    /// A power of two of buckets.
    pilots: &'a [u32],
    slots: &'a [Slot],
    text: &'a [u8],
    /// A hash shifted by this is its bucket.
    shift: u32,
    /// The number of slots, a power of two, minus one.
    mask: usize,
    depth: Depth,
}

impl<'a> NameTable<'a> {
    pub(crate) fn new(seed: u64, pilots: &'a [u32], slots: &'a [Slot], text: &'a [u8]) -> Self {
        let (shift, mask) = (shift_for(pilots.len()), mask_for(slots.len()));
        Self { seed, pilots, slots, text, shift, mask, depth: Depth::of(seed) }
    }

    /// The value of a name. O(length), two dependent loads; allocates nothing.
    #[inline(always)]
    pub(crate) fn get(&self, name: &str) -> Option<NameValue> {
        let name = name.as_bytes();
        let key = Key::new(name);
        let hash = key.hash(self.depth.more(name, self.seed), self.seed);
        let pilot = *self.pilots.get((hash >> self.shift) as usize)?;
        let slot = self.slots.get(slot_of(hash, pilot, self.mask))?;
        let differs =
            (slot.head ^ key.head) | (slot.tail ^ key.tail) | u64::from(slot.length ^ key.length);
        if differs != 0 || key.length > 16 && !self.is_between(name, slot.start as usize) {
            return None;
        }
        Some(slot.value)
    }

    /// Every name in the table, in no particular order. O(slots). Only a forged image has names longer than
    /// MAX_FIELD_NAME, which are left out.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> + '_ {
        let used = self.slots.iter().filter(|slot| slot.length != Slot::EMPTY.length);
        used.filter_map(|slot| {
            let length = slot.length as usize;
            let (head, tail) = (slot.head.to_le_bytes(), slot.tail.to_le_bytes());
            // The reverse of `Key::new`: a start and an end that overlap if the name is short.
            let bytes = match length {
                17.. if length > MAX_FIELD_NAME => return None,
                17.. => self.text.get(slot.start as usize..)?.get(..length)?.to_vec(),
                8.. => [&head[..], &tail[16 - length..]].concat(),
                4..8 => [&head[..4], &tail[8 - length..4]].concat(),
                3 => vec![head[0], head[1], tail[0]],
                2 => vec![head[0], tail[0]],
                _ => head[..length].to_vec(),
            };
            String::from_utf8(bytes).ok()
        })
    }

    /// Whether the bytes of a name of over 16 bytes that are not in its key are as in the text.
    #[inline]
    fn is_between(&self, name: &[u8], start: usize) -> bool {
        let length = name.len();
        let Some(stored) = self.text.get(start..start.saturating_add(length)) else { return false };
        let same = |at: usize| {
            let word = |bytes: &[u8]| bytes.get(at..at + 8).and_then(<[u8]>::first_chunk).copied();
            word(name).map(u64::from_le_bytes) == word(stored).map(u64::from_le_bytes)
        };
        // Between the key's bytes of a name of up to 32 are at most two words.
        same(8) & same(length - 16)
            && (length <= 32 || stored[16..length - 16] == name[16..length - 16])
    }
}

fn shift_for(buckets: usize) -> u32 {
    // At least two buckets, so that the shift is less than 64.
    (64 - buckets.max(2).ilog2()).min(63)
}

fn mask_for(slots: usize) -> usize {
    slots.max(1).next_power_of_two() - 1
}

#[inline]
fn slot_of(hash: u64, pilot: u32, mask: usize) -> usize {
    (hash as usize ^ pilot as usize) & mask
}

/// Builds tables.
#[cfg(feature = "compile")]
pub(crate) mod build {
    use super::{Depth, Key, MIX, NameValue, Slot, fold, mask_for, middle, shift_for, slot_of};
    use hashbrown::HashSet;

    /// A name and its value.
    pub(crate) struct Entry<'n> {
        pub(crate) name: &'n str,
        /// Where a name of over 16 bytes is in the text.
        pub(crate) start: u32,
        pub(crate) value: NameValue,
    }

    /// A built table.
    pub(crate) struct Built {
        pub(crate) seed: u64,
        pub(crate) pilots: Vec<u32>,
        pub(crate) slots: Vec<Slot>,
    }

    /// The most keys for each bucket on average: few, so pilots are found quickly.
    const BUCKET: usize = 3;
    /// Pilots to try for a bucket.
    const PILOTS: u64 = 1 << 20;
    /// Seeds to try: about every second seed works.
    const ATTEMPTS: u64 = 64;

    /// Builds a table of distinct names. Expected O(names).
    ///
    /// If two keys of one bucket differ in no bit that selects a slot, the next seed is tried. `None` after
    /// [`ATTEMPTS`]: someone made names that collide.
    pub(crate) fn build(entries: &[Entry<'_>]) -> Option<Built> {
        let keys: Vec<Key> = entries.iter().map(|e| Key::new(e.name.as_bytes())).collect();
        let distinct = |with_middle: bool| {
            let mut seen = HashSet::new();
            let mut both = keys.iter().zip(entries);
            both.all(|(key, e)| {
                let more = if with_middle { middle(e.name.as_bytes()).rotate_left(32) } else { 0 };
                seen.insert((key.head ^ more, key.tail))
            })
        };
        let depth = if distinct(false) {
            0
        } else if distinct(true) {
            1
        } else {
            2
        };
        (0..ATTEMPTS).find_map(|attempt| {
            let seed = MIX[0].wrapping_mul(2 * attempt + 1) & !3 | depth;
            try_seed(entries, &keys, seed)
        })
    }

    fn try_seed(entries: &[Entry<'_>], keys: &[Key], seed: u64) -> Option<Built> {
        let buckets = (entries.len() / BUCKET + 1).next_power_of_two().max(2);
        let slots = (entries.len() + entries.len() / 4 + 1).next_power_of_two();
        let (shift, mask) = (shift_for(buckets), mask_for(slots));
        let hash = |(entry, key): (&Entry<'_>, &Key)| {
            key.hash(Depth::of(seed).more(entry.name.as_bytes(), seed), seed)
        };
        let hashes: Vec<u64> = entries.iter().zip(keys).map(hash).collect();
        let mut by_bucket: Vec<Vec<u32>> = vec![Vec::new(); buckets];
        for (i, hash) in hashes.iter().enumerate() {
            by_bucket[(hash >> shift) as usize].push(i as u32);
        }
        let mut order: Vec<u32> = (0..buckets as u32).collect();
        order.sort_by_key(|b| std::cmp::Reverse(by_bucket[*b as usize].len()));
        let mut built = Built { seed, pilots: vec![0; buckets], slots: vec![Slot::EMPTY; slots] };
        let mut taken = Vec::new();
        for bucket in order {
            let members = &by_bucket[bucket as usize];
            if members.is_empty() {
                break; // all that follow are empty too
            }
            let low = |i: &u32| hashes[*i as usize] as usize & mask;
            if members
                .iter()
                .enumerate()
                .any(|(n, i)| members[..n].iter().any(|j| low(i) == low(j)))
            {
                return None;
            }
            let pilots = (0..PILOTS).map(|number| fold(number ^ MIX[0], MIX[1]) as u32);
            let pilot = pilots.into_iter().find(|pilot| {
                taken.clear();
                members.iter().all(|i| {
                    let slot = slot_of(hashes[*i as usize], *pilot, mask);
                    taken.push(slot);
                    built.slots.get(slot) == Some(&Slot::EMPTY)
                })
            })?;
            built.pilots[bucket as usize] = pilot;
            for (i, slot) in members.iter().zip(&taken) {
                let (entry, key) = (&entries[*i as usize], &keys[*i as usize]);
                built.slots[*slot] = Slot {
                    head: key.head,
                    tail: key.tail,
                    length: key.length,
                    start: entry.start,
                    value: entry.value,
                };
            }
        }
        Some(built)
    }
}

#[cfg(all(test, feature = "compile"))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::build::{Entry, build};
    use super::{NameTable, NameValue};
    use crate::table::ids::{ClassOffset, NodeId};

    fn value(number: usize) -> NameValue {
        NameValue::one(NodeId(number as u32), ClassOffset(0))
    }

    #[test]
    fn a_table_finds_its_names_and_no_others() {
        for count in [0, 1, 2, 5, 100, 3000] {
            let names: Vec<String> = (0..count)
                .map(|i| {
                    if i % 3 == 0 {
                        format!("n{i}")
                    } else {
                        "path.".repeat(i % 11) + &format!("end{i}")
                    }
                })
                .collect();
            let text = names.concat();
            let mut offset = 0;
            let entries: Vec<Entry<'_>> = names
                .iter()
                .enumerate()
                .map(|(i, name)| {
                    let entry = Entry { name, start: offset, value: value(i) };
                    offset += name.len() as u32;
                    entry
                })
                .collect();
            let built = build(&entries).unwrap();
            let table = NameTable::new(built.seed, &built.pilots, &built.slots, text.as_bytes());
            for (i, name) in names.iter().enumerate() {
                assert_eq!(table.get(name), Some(value(i)));
                assert_eq!(table.get(&format!("{name}x")), None);
                assert_eq!(table.get(&name.to_uppercase()), None);
            }
            assert_eq!(table.get(""), None);
            assert_eq!(table.get(&"x".repeat(100_000)), None);
        }
    }

    #[test]
    fn short_names_that_share_ends_are_told_apart() {
        let names =
            ["a", "aa", "aaa", "aba", "abba", "abcba", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaaaaaaaaaa"];
        let entries: Vec<Entry<'_>> = names
            .iter()
            .enumerate()
            .map(|(i, name)| Entry { name, start: 0, value: value(i) })
            .collect();
        let built = build(&entries).unwrap();
        let table = NameTable::new(built.seed, &built.pilots, &built.slots, b"");
        for (i, name) in names.iter().enumerate() {
            assert_eq!(table.get(name), Some(value(i)), "{name}");
        }
    }
}

//! From names to ids: perfect hash tables, built once, with the key beside its value.
//!
//! A look-up hashes the name, reads the pilot of its bucket, reads one slot and compares: two
//! dependent loads, no probing, whatever is asked. Since a table never grows and one slot is read for
//! every name, names that an attacker chooses cost what any others cost.
//!
//! The scheme is PTHash's (Pibiri and Trani 2021): keys fall into buckets, and for each bucket, the
//! largest first, a pilot is searched that sends its keys to free slots. Names of up to 16 bytes are
//! stored whole in the slot; of longer ones a second hash, and their bytes are compared in the text.

/// One slot: two words of key, the key's length and flags, the value.
pub(crate) type Slot = [u64; 4];

/// A slot that nothing is in; no key has this length.
pub(crate) const EMPTY: Slot = [0, 0, u64::MAX, 0];

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;
const MIX: u64 = 0xD6E8_FEB8_6659_FD93;

/// A name as the table sees it. Up to 16 bytes, `a`, `b` and the length are the name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    a: u64,
    b: u64,
    length: u64,
}

impl Key {
    #[inline]
    pub(crate) fn new(name: &[u8]) -> Self {
        let length = name.len();
        let (a, b) = if length <= 16 {
            match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
                (Some(first), Some(last)) => {
                    (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
                }
                _ => match (name.first_chunk::<4>(), name.last_chunk::<4>()) {
                    (Some(first), Some(last)) => (
                        u64::from(u32::from_le_bytes(*first)),
                        u64::from(u32::from_le_bytes(*last)),
                    ),
                    _ => match name {
                        [] => (0, 0),
                        // First, middle and last: all there are of up to three bytes.
                        [first, .., last] => {
                            (u64::from(*first) | u64::from(name[length / 2]) << 8, u64::from(*last))
                        }
                        [only] => (u64::from(*only), 0),
                    },
                },
            }
        } else {
            digest(name)
        };
        Self { a, b, length: length as u64 }
    }

    #[inline]
    fn is_whole(self) -> bool {
        self.length <= 16
    }

    #[inline]
    fn hash(self, seed: u64) -> u64 {
        fold(self.a ^ seed, self.b ^ MIX ^ self.length.wrapping_mul(SEED))
    }
}

/// The 128-bit product folded into 64: the mixing step of wyhash and foldhash.
#[inline]
fn fold(x: u64, y: u64) -> u64 {
    let product = u128::from(x) * u128::from(y);
    (product as u64) ^ (product >> 64) as u64
}

/// Two hashes of a long name, 16 bytes at a time; the last 16 may overlap.
fn digest(name: &[u8]) -> (u64, u64) {
    let (mut a, mut b) = (SEED ^ name.len() as u64, MIX);
    let mut rest = name;
    while let Some((chunk, tail)) = rest.split_first_chunk::<16>() {
        (a, b) = absorb(a, b, chunk);
        rest = tail;
    }
    if let (false, Some(last)) = (rest.is_empty(), name.last_chunk::<16>()) {
        (a, b) = absorb(a, b, last);
    }
    (a, b)
}

#[inline]
fn absorb(a: u64, b: u64, chunk: &[u8; 16]) -> (u64, u64) {
    let value = u128::from_le_bytes(*chunk);
    let (low, high) = (value as u64, (value >> 64) as u64);
    (fold(a ^ low, MIX ^ high), fold(b ^ high, SEED ^ low).rotate_left(23) ^ a)
}

/// Where in a range of `count` a hash falls (Lemire 2016).
#[inline]
fn reduce(hash: u64, count: usize) -> usize {
    ((u128::from(hash) * count as u128) >> 64) as usize
}

#[inline]
fn slot_of(hash: u64, pilot: u16, slots: usize) -> usize {
    reduce(fold(hash ^ SEED, MIX ^ u64::from(pilot).wrapping_mul(SEED)), slots)
}

/// A table in an image.
#[derive(Clone, Copy)]
pub(crate) struct NameTable<'a> {
    pub(crate) seed: u64,
    pub(crate) pilots: &'a [u16],
    pub(crate) slots: &'a [Slot],
    pub(crate) text: &'a [u8],
}

impl NameTable<'_> {
    /// The value of a name. O(length), two dependent loads; allocates nothing.
    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<u64> {
        let key = Key::new(name.as_bytes());
        let hash = key.hash(self.seed);
        let pilot = *self.pilots.get(reduce(hash, self.pilots.len()))?;
        let [a, b, length, value] = *self.slots.get(slot_of(hash, pilot, self.slots.len()))?;
        if key.is_whole() {
            return (a == key.a && b == key.b && length == key.length).then_some(value);
        }
        self.long(name.as_bytes(), key, [a, b, length, value])
    }

    /// A long name: its hash, its length, and its bytes, which lie at `b` in the text.
    fn long(&self, name: &[u8], key: Key, [a, b, length, value]: Slot) -> Option<u64> {
        if a != key.a || length != key.length {
            return None;
        }
        let start = usize::try_from(b).ok()?;
        let stored = self.text.get(start..start.checked_add(name.len())?)?;
        (stored == name).then_some(value)
    }
}

/// Builds tables.
#[cfg(feature = "compile")]
pub(crate) mod build {
    use super::{EMPTY, Key, SEED, Slot, reduce, slot_of};

    /// A name, where its bytes lie in the text, and its value.
    pub(crate) struct Entry<'n> {
        pub(crate) name: &'n str,
        pub(crate) offset: u64,
        pub(crate) value: u64,
    }

    /// A built table.
    pub(crate) struct Built {
        pub(crate) seed: u64,
        pub(crate) pilots: Vec<u16>,
        pub(crate) slots: Vec<Slot>,
    }

    /// Keys for each bucket: fewer make the pilots easy to find.
    const BUCKET: usize = 3;
    /// Seeds to try.
    const ATTEMPTS: u64 = 16;

    /// Builds a table of distinct names. Expected O(names).
    ///
    /// A seed for which some bucket finds no pilot is given up for the next one; with a quarter of
    /// the slots free the first works but for a chance of less than one in a million. `None` after
    /// [`ATTEMPTS`]: then names were made to collide.
    pub(crate) fn build(entries: &[Entry<'_>]) -> Option<Built> {
        let slots = entries.len() + entries.len() / 3 + 1;
        (0..ATTEMPTS).find_map(|attempt| {
            let seed = SEED.wrapping_mul(2 * attempt + 1);
            try_seed(entries, seed, slots + attempt as usize)
        })
    }

    fn try_seed(entries: &[Entry<'_>], seed: u64, slots: usize) -> Option<Built> {
        let buckets = entries.len() / BUCKET + 1;
        let hashes: Vec<u64> =
            entries.iter().map(|e| Key::new(e.name.as_bytes()).hash(seed)).collect();
        let mut by_bucket: Vec<Vec<u32>> = vec![Vec::new(); buckets];
        for (i, hash) in hashes.iter().enumerate() {
            by_bucket[reduce(*hash, buckets)].push(i as u32);
        }
        let mut order: Vec<u32> = (0..buckets as u32).collect();
        order.sort_by_key(|b| std::cmp::Reverse(by_bucket[*b as usize].len()));
        let mut built = Built { seed, pilots: vec![0; buckets], slots: vec![EMPTY; slots] };
        let mut taken = Vec::new();
        for bucket in order {
            let keys = &by_bucket[bucket as usize];
            let pilot = (0..=u16::MAX).find(|pilot| {
                taken.clear();
                keys.iter().all(|key| {
                    let slot = slot_of(hashes[*key as usize], *pilot, slots);
                    let free = built.slots[slot] == EMPTY && !taken.contains(&slot);
                    taken.push(slot);
                    free
                })
            })?;
            built.pilots[bucket as usize] = pilot;
            for key in keys {
                let entry = &entries[*key as usize];
                let Key { a, b, length } = Key::new(entry.name.as_bytes());
                let b = if length <= 16 { b } else { entry.offset };
                built.slots[slot_of(hashes[*key as usize], pilot, slots)] =
                    [a, b, length, entry.value];
            }
        }
        Some(built)
    }
}

#[cfg(all(test, feature = "compile"))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::NameTable;
    use super::build::{Entry, build};

    #[test]
    fn a_table_finds_its_names_and_no_others() {
        for count in [0, 1, 2, 5, 100, 3000] {
            let names: Vec<String> = (0..count)
                .map(|i| {
                    if i % 3 == 0 {
                        format!("n{i}")
                    } else {
                        format!("a.long.path.of.many.parts{i}")
                    }
                })
                .collect();
            let text = names.concat();
            let mut offset = 0;
            let entries: Vec<Entry<'_>> = names
                .iter()
                .enumerate()
                .map(|(i, name)| {
                    let entry = Entry { name, offset, value: i as u64 };
                    offset += name.len() as u64;
                    entry
                })
                .collect();
            let built = build(&entries).unwrap();
            let table = NameTable {
                seed: built.seed,
                pilots: &built.pilots,
                slots: &built.slots,
                text: text.as_bytes(),
            };
            for (i, name) in names.iter().enumerate() {
                assert_eq!(table.get(name), Some(i as u64));
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
            .map(|(i, name)| Entry { name, offset: 0, value: i as u64 })
            .collect();
        let built = build(&entries).unwrap();
        let table =
            NameTable { seed: built.seed, pilots: &built.pilots, slots: &built.slots, text: b"" };
        for (i, name) in names.iter().enumerate() {
            assert_eq!(table.get(name), Some(i as u64), "{name}");
        }
    }
}

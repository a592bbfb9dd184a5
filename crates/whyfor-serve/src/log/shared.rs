//! What requests and the writer share.

use super::chunk::{Chunk, FEW, Row};
use super::options::LogOptions;
use super::queue::Queue;
use super::tally::Tally;
use crate::lock::lock;
use crate::version::Version;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};

/// Room for so many decisions is kept to be filled again, in 2.6 MB.
const MOST_SPARE: usize = 1 << 15;

/// Memory of chunks that were written.
#[derive(Debug, Default)]
struct Spare {
    lists: Vec<Vec<Row>>,
    /// How many decisions have room in them.
    room: usize,
}

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) queue: Queue,
    pub(super) tally: Tally,
    pub(super) options: LogOptions,
    spare: Mutex<Spare>,
    /// The key of hashes.
    key: RandomState,
}

impl Shared {
    pub(super) fn new(options: LogOptions) -> Self {
        let (queue, tally) = (Queue::new(&options), Tally::default());
        Self { queue, tally, options, spare: Mutex::default(), key: RandomState::new() }
    }

    pub(super) fn hash(&self, name: &str) -> u64 {
        self.key.hash_one(name)
    }

    /// Queues a chunk, or counts it as dropped.
    pub(super) fn push(&self, chunk: Chunk) {
        let Err(chunk) = self.queue.push(chunk) else { return };
        let tally = self.tally.of(&chunk.version);
        chunk.rows.iter().for_each(|row| tally.add(row));
        self.keep_memory([chunk.rows]);
    }

    /// Counts decisions that are not written on purpose.
    pub(super) fn leave_out(&self, version: &Arc<Version>, rows: &[Row]) {
        let tally = self.tally.of(version);
        rows.iter().for_each(|row| tally.add(row));
        self.queue.left_out(rows.len() as u64);
    }

    /// Memory for decisions: that of a chunk that was written, if there is one.
    pub(super) fn memory(&self) -> Vec<Row> {
        let mut spare = lock(&self.spare);
        let Some(rows) = spare.lists.pop() else { return Vec::with_capacity(FEW) };
        spare.room -= rows.capacity();
        rows
    }

    /// Keeps the memory of chunks that were written.
    pub(super) fn keep_memory(&self, chunks: impl IntoIterator<Item = Vec<Row>>) {
        let mut chunks: Vec<Vec<Row>> = chunks.into_iter().collect();
        chunks.iter_mut().for_each(Vec::clear); // without the lock
        let mut spare = lock(&self.spare);
        while let Some(rows) = chunks.pop_if(|rows| spare.room + rows.capacity() <= MOST_SPARE) {
            if rows.capacity() > 0 {
                spare.room += rows.capacity();
                spare.lists.push(rows);
            }
        }
        drop(spare);
        drop(chunks);
    }
}

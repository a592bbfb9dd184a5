//! What requests and the writer share.

use super::chunk::{Chunk, Row};
use super::options::LogOptions;
use super::queue::Queue;
use super::tally::Tally;
use std::hash::{BuildHasher, RandomState};

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) queue: Queue,
    pub(super) tally: Tally,
    pub(super) options: LogOptions,
    /// The key of hashes.
    key: RandomState,
}

impl Shared {
    pub(super) fn new(options: LogOptions) -> Self {
        let (queue, tally) = (Queue::new(&options), Tally::default());
        Self { queue, tally, options, key: RandomState::new() }
    }

    pub(super) fn hash(&self, name: &str) -> u64 {
        self.key.hash_one(name)
    }

    /// Queues a chunk, or counts it as dropped. Gives memory for further decisions.
    pub(super) fn push(&self, chunk: Chunk) -> Vec<Row> {
        match self.queue.push(chunk) {
            Ok(spare) => spare,
            Err(mut chunk) => {
                let tally = self.tally.of(&chunk.version);
                chunk.rows.iter().chain(&chunk.sampled).for_each(|row| tally.add(row));
                chunk.rows.clear();
                chunk.rows
            }
        }
    }
}

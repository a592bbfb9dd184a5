//! The bounded queue between requests and the writer, and what became of each decision.
//!
//! One lock for both, taken once for a chunk: so the counts are always true.

use super::chunk::Chunk;
use super::options::{LogOptions, WhenFull};
use super::status::LogStatus;
use crate::lock::lock;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a decision waits for a writer that nobody woke: waking it for each request would cost the request a call of the
/// system.
const LONGEST_REST: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    capacity: u64,
    when_full: WhenFull,
    /// There is something for the writer to do.
    work: Condvar,
    /// The writer has done something.
    progress: Condvar,
}

#[derive(Debug, Default)]
struct State {
    chunks: Vec<Chunk>,
    status: LogStatus,
    /// Decisions that were dropped because there was no room, and that the log does not report yet.
    unreported: u64,
    /// How often somebody asked for a flush, and how often it was done.
    flushes_asked: u64,
    flushes_done: u64,
    is_closed: bool,
    /// The writer rests until it is woken.
    is_resting: bool,
}

/// What the writer is to do.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) chunks: Vec<Chunk>,
    /// Decisions that were dropped since.
    pub(super) dropped: u64,
    /// [`Queue::flushed`] takes it when this is done.
    pub(super) flush: u64,
    pub(super) is_last: bool,
}

impl Queue {
    pub(super) fn new(options: &LogOptions) -> Self {
        Self {
            state: Mutex::default(),
            capacity: options.capacity.get() as u64,
            when_full: options.when_full,
            work: Condvar::new(),
            progress: Condvar::new(),
        }
    }

    /// Queues decisions, and counts them.
    ///
    /// # Errors
    /// There is no room, or the log is closed: they count as dropped, and are given back.
    pub(super) fn push(&self, chunk: Chunk) -> Result<(), Chunk> {
        let rows = chunk.rows.len() as u64;
        let mut state = lock(&self.state);
        while self.when_full == WhenFull::Block && !self.has_room(&state, rows) && !state.is_closed
        {
            self.work.notify_one();
            state = wait(&self.progress, state);
        }
        state.status.asked += rows;
        if state.is_closed || !self.has_room(&state, rows) {
            state.status.dropped += rows;
            state.unreported += rows;
            drop(state);
            return Err(chunk);
        }
        state.status.queued += rows;
        state.chunks.push(chunk);
        let is_urgent = state.is_resting || state.status.queued * 2 > self.capacity;
        state.is_resting = false;
        drop(state);
        if is_urgent {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Counts decisions that are not written on purpose.
    pub(super) fn left_out(&self, count: u64) {
        let mut state = lock(&self.state);
        state.status.asked += count;
        state.status.sampled += count;
    }

    /// A chunk that is larger than the whole queue has room in an empty one.
    fn has_room(&self, state: &State, rows: u64) -> bool {
        state.status.queued == 0 || state.status.queued + rows <= self.capacity
    }

    /// Waits for something to do: not for long, or if nothing is expected until there is something.
    pub(super) fn take(&self, expects_nothing: bool) -> Work {
        let mut state = lock(&self.state);
        let is_idle = |state: &State| {
            state.chunks.is_empty() && !state.is_closed && state.flushes_asked == state.flushes_done
        };
        if is_idle(&state) && expects_nothing {
            state.is_resting = true;
            while is_idle(&state) && state.is_resting {
                state = wait(&self.work, state);
            }
            state.is_resting = false;
        } else if is_idle(&state) {
            let waited = self.work.wait_timeout(state, LONGEST_REST);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Work {
            chunks: std::mem::take(&mut state.chunks),
            dropped: std::mem::take(&mut state.unreported),
            flush: state.flushes_asked,
            is_last: state.is_closed,
        }
    }

    /// Counts decisions of the writer's work: written, dropped or sampled.
    pub(super) fn done(&self, count: u64, which: impl FnOnce(&mut LogStatus) -> &mut u64) {
        let mut state = lock(&self.state);
        state.status.queued -= count;
        *which(&mut state.status) += count;
        drop(state);
        self.progress.notify_all();
    }

    /// Decisions whose loss could not be logged: the next attempt reports them.
    pub(super) fn still_unreported(&self, count: u64) {
        lock(&self.state).unreported += count;
    }

    /// A call of the sink worked or not, and what fails since.
    pub(super) fn sink_did(&self, worked: bool, error: Option<&String>) {
        let mut state = lock(&self.state);
        let status = &mut state.status;
        status.failures_in_a_row += u64::from(!worked);
        if error.is_none() {
            status.failures_in_a_row = 0;
        }
        if status.last_error.as_ref() != error {
            status.last_error = error.cloned();
        }
    }

    pub(super) fn flushed(&self, flush: u64) {
        lock(&self.state).flushes_done = flush;
        self.progress.notify_all();
    }

    /// Waits until everything that is queued now was given to the sink, and the sink was flushed.
    pub(super) fn flush(&self) {
        let mut state = lock(&self.state);
        state.flushes_asked += 1;
        let own = state.flushes_asked;
        self.work.notify_one();
        while state.flushes_done < own && !state.is_closed {
            state = wait(&self.progress, state);
        }
    }

    /// No decision is taken any more.
    pub(super) fn close(&self) {
        lock(&self.state).is_closed = true;
        self.work.notify_one();
        self.progress.notify_all();
    }

    pub(super) fn status(&self) -> LogStatus {
        lock(&self.state).status.clone()
    }
}

fn wait<'s>(condition: &Condvar, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
    condition.wait(state).unwrap_or_else(PoisonError::into_inner)
}

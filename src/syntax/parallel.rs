//! Work on several cores.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread::{Builder, available_parallelism, scope};

/// With more threads, memory would be the bottleneck.
const MOST_THREADS: usize = 8;
/// Bytes of text for each thread. Parsing them takes some milliseconds, starting a thread some microseconds.
const BYTES_PER_THREAD: usize = 1 << 17;

/// The number of threads for a text of this length.
pub(super) fn threads(length: usize) -> usize {
    match length / BYTES_PER_THREAD {
        0 | 1 => 1, // does not ask for the number of cores, which takes longer than parsing a short text
        wanted => {
            let cores = available_parallelism().map_or(1, NonZero::get);
            wanted.min(cores).min(MOST_THREADS)
        }
    }
}

/// Splits items into one part for each thread, calls `work` with each part, and returns the results in order.
///
/// A part whose thread cannot be started is done on the calling thread.
pub(super) fn map_parts<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    let parts = items.chunks(items.len().div_ceil(threads).max(1));
    let work = &work;
    scope(|scope| {
        // The first part is done on this thread, while the others run.
        let others: Vec<_> = parts
            .clone()
            .skip(1)
            .map(|part| (part, Builder::new().spawn_scoped(scope, move || work(part))))
            .collect();
        let first = parts.take(1).map(work);
        let mut results: Vec<R> = first.collect();
        results.extend(others.into_iter().map(|(part, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => work(part),
        }));
        results
    })
}

#[cfg(test)]
mod tests {
    use super::map_parts;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let items: Vec<u32> = (0..17).collect();
        for threads in 1..20 {
            let doubled = map_parts(&items, threads, |part| {
                part.iter().map(|item| item * 2).collect::<Vec<_>>()
            });
            assert!(doubled.len() <= threads);
            assert_eq!(doubled.concat(), items.iter().map(|item| item * 2).collect::<Vec<_>>());
        }
        assert!(map_parts(&[0; 0], 4, <[i32]>::len).is_empty());
    }
}

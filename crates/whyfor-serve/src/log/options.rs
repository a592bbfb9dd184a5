//! How a log behaves when there is more to log than it can write, or than anybody wants to read.

use std::num::{NonZeroU32, NonZeroUsize};

/// What happens to a decision when the queue is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum WhenFull {
    /// It is not logged. It is counted, and the log says how many there were. Requests never wait.
    #[default]
    Drop,
    /// The request waits until there is room.
    Block,
}

/// How a log behaves.
///
/// ```
/// use std::num::NonZeroU32;
/// use whyfor_serve::{LogOptions, WhenFull};
/// let every = |n| NonZeroU32::new(n).expect("not 0");
/// let options = LogOptions { when_full: WhenFull::Block, allows: every(100), ..LogOptions::default() };
/// assert_eq!(options.denials, NonZeroU32::MIN); // each is written
/// ```
#[derive(Debug, Clone)]
pub struct LogOptions {
    /// Decisions that wait for the writer at most. Each takes about 80 bytes where a request decides often, and with its
    /// request up to 1.5 KB where it decides once.
    pub capacity: NonZeroUsize,
    /// What happens to further ones.
    pub when_full: WhenFull,
    /// Of the allows, one in so many is written, chosen at random.
    pub allows: NonZeroU32,
    /// The same of all other verdicts.
    pub denials: NonZeroU32,
}

impl Default for LogOptions {
    /// 65,536 decisions wait, further ones are dropped, and all are written.
    fn default() -> Self {
        Self {
            capacity: NonZeroUsize::MIN.saturating_add(65_535),
            when_full: WhenFull::default(),
            allows: NonZeroU32::MIN,
            denials: NonZeroU32::MIN,
        }
    }
}

//! The plan of a call: one token for each value.

use crate::paths::PathId;
use crate::treatment::Fate;

/// What the first pass found out about a value. Its parts follow it, up to `next`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// The token after its last part.
    pub(crate) next: u32,
    /// Of a struct or map the fields that are written, of a list or tuple all items.
    pub(crate) count: u32,
    pub(crate) fate: Fate,
    /// The path of a value without parts, if its fate is that of every value at this path for the whole call; else the
    /// root.
    pub(crate) path: PathId,
}

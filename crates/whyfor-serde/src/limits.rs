//! Every limit, with its reason.

/// Levels of structs, maps and lists in a value: a few less than `serde_json` reads, so that the error says what is wrong.
pub(crate) const MAX_DEPTH: usize = 120;

/// Paths that a view or an intake remembers. Keys of maps are chosen by clients, so what is remembered must have an end;
/// a path beyond it is decided each time that it occurs. At some 150 bytes each, half a megabyte.
pub(crate) const MAX_PATHS: usize = 4_096;

/// Bytes of a path. The library knows no longer name.
pub(crate) const MAX_PATH: usize = 1_024;

/// Dots in a path, those in names included. Each costs a question for every step of the path, so a longer path would let a
/// client choose the cost.
pub(crate) const MAX_DOTS: usize = 64;

/// Spellings of a path that differ in `_` before digits and that the policy knows. Each costs its own questions, and a path of
/// a real policy has one or two.
pub(crate) const MAX_SPELLINGS: usize = 16;

/// Lines of a report. What exceeds them is counted.
pub(crate) const MAX_LINES: usize = 1_000;

/// Values whose plan is kept for the next call, to save allocations: 64 KiB.
pub(crate) const MAX_KEPT_PLAN: usize = 4_096;

/// Bytes that are reserved for a text before it is written.
#[cfg_attr(not(feature = "json"), allow(dead_code, reason = "for JSON"))]
pub(crate) const MAX_RESERVED: usize = 65_536;

/// Calls at the same time whose memory is kept, and versions of a policy with them. More threads than this are rarely in
/// a call at once, since a call takes microseconds; what is dropped is found out again.
pub(crate) const MAX_KEPT: usize = 32;

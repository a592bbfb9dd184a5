//! Every limit of the language and the tables, each with its reason.
//!
//! A policy that exceeds a limit is refused with a diagnostic that names it. Nothing is cut off silently.

/// The bytes of one file: twice what 100,000 statements take. The parser needs some 75 times as much
/// memory while it reads one; a larger policy is split by imports.
pub(crate) const MAX_FILE_BYTES: usize = 16 << 20;
/// The files of one policy: bounds the work for imports that someone else wrote.
pub(crate) const MAX_FILES: usize = 10_000;
/// Levels of braces or parentheses: deeper than any real list, and the recursive parser stays within the
/// smallest usual thread stack (2 MiB).
pub(crate) const MAX_NESTING: usize = 64;
/// The nodes of one hierarchy; ids, and the bits that cells spend on them, stay within `u32`.
pub(crate) const MAX_NODES: usize = 1 << 20;
/// The ranges that all "node and everything below" sets of one hierarchy may take (8 bytes each):
/// a hierarchy with many `also` could otherwise need a square of its size.
pub(crate) const MAX_RANGES: usize = 16 << 20;
/// The statements of one policy.
pub(crate) const MAX_STATEMENTS: usize = 4 << 20;
/// Duties: the duties of a decision are one machine word.
pub(crate) const MAX_DUTIES: usize = 64;
/// Legal bases: those of a decision are one machine word.
pub(crate) const MAX_BASES: usize = 64;
/// Events from which retention runs: bounds the limits of one decision.
pub(crate) const MAX_EVENTS: usize = 64;
/// Facts stated per purpose: their values for one purpose are one pair of words.
pub(crate) const MAX_PURPOSE_FACTS: usize = 64;
/// The choices of one fact: a set of them is one machine word.
pub(crate) const MAX_CHOICES: usize = 64;
/// Characters of one field pattern: the matcher's states are a fixed array.
pub(crate) const MAX_PATTERN: usize = 255;
/// Bytes of a field name in a question; a longer name is an unknown field. Columns, keys and JSON paths are far
/// shorter, and it bounds the cost of a hostile name.
pub(crate) const MAX_FIELD_NAME: usize = 1024;
/// The alternatives into which the condition of one outcome is multiplied out. With more, a decision evaluates
/// the statements one by one.
pub(crate) const MAX_TERMS: usize = 24;
/// Words (4 bytes) of outcomes while compiling, 256 MiB: ten times as many as 100,000 statements need that
/// overlap as in a real list.
pub(crate) const MAX_OUTCOME_WORDS: usize = 64 << 20;
/// Steps of the sweeps that build the tables, each about a nanosecond: four times as many as 100,000
/// statements over 20,000 categories and 2,000 purposes need. A policy that needs more could take minutes to
/// compile.
pub(crate) const MAX_WORK: u64 = 2_000_000_000;
/// Cells of a table that stores all cells and no kinds, 4 bytes each: 2 MiB, about the cache of one core.
pub(crate) const MAX_SMALL: usize = 512 << 10;
/// Cells of a table that stores all kinds and all cells, since lines would save little: at most 64 MiB.
pub(crate) const MAX_CELLS: usize = 16 << 20;
/// Cells of a table that stores all kinds, 2 bits each: at most 32 MiB, and one load for a decision. With more,
/// a decision searches a line for the kind.
pub(crate) const MAX_KINDS: usize = 128 << 20;
/// Lines (category classes × methods and recipients), 40 bytes each: at most 320 MiB.
pub(crate) const MAX_LINES: usize = 8 << 20;
/// Classes of purposes in a table that is stored as lines: a column has 15 bits, and the greatest number is
/// padding.
pub(crate) const MAX_COLUMNS: usize = i16::MAX as usize - 1;

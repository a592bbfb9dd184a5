//! Inputs that a fuzzer makes up, held against what the library promises for all inputs.
//!
//! Each target is a function that takes the fuzzer's bytes and panics if a promise is broken. It stands in a
//! module of its own here, in [`TARGETS`], in `Cargo.toml`, and as one line in `fuzz_targets`. Its inputs that
//! are worth keeping are in `corpus`, and `tests/fuzzed.rs` of the library runs them all with the ordinary
//! tests: it takes this file as a module, so the targets use the library's public names alone. The targets `batch` and
//! `page` are the command's: they stand in `cli/src/fuzzing.rs`, and `cli/tests/fuzzed.rs` runs their inputs.
//!
//! ```text
//! cargo xtask fuzz                  all targets, ten minutes each
//! cargo xtask fuzz artifact 60      one target, so many seconds
//! ```
//!
//! What is found is written to `fuzz/artifacts/TARGET`. `cargo fuzz run TARGET FILE` runs one input again,
//! `cargo fuzz tmin TARGET FILE` makes it smaller. Mended, it goes to `corpus/TARGET`.
//!
//! - `artifact`: compiled policies, forged behind a right checksum;
//! - `parser`, `format`: texts of policies, read and laid out;
//! - `tables`: random policies, held against the reference interpreter;
//! - `image`: an artifact taken apart and put together;
//! - `answers`: everything that a policy can be asked;
//! - `clock`: bounds on time.

pub mod answers;
pub mod artifact;
pub mod clock;
#[path = "../../tests/common/mod.rs"]
pub mod common;
pub mod format;
pub mod image;
pub mod parser;
pub mod tables;

/// What is done with one input.
pub type Run = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Run)] = &[
    ("artifact", artifact::run),
    ("parser", parser::run),
    ("format", format::run),
    ("tables", tables::run),
];

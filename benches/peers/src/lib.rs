//! Policy engines side by side: the same questions, each engine written the way that makes it fastest.
//!
//! [`world`] says what is permitted, [`engines`] holds one adapter a peer, [`exam`] compares an engine's
//! answers with the reference before anything is timed. The bench target `peers` times them and the binary
//! `report` makes a table of what Criterion wrote:
//!
//! ```text
//! env -u RUST_BACKTRACE cargo bench                              all, five minutes after the build
//! env -u RUST_BACKTRACE cargo bench -- generated/1000/cel        one engine in one world
//! cargo run --release --bin report -- --write ../../BENCHMARKS.md    the table
//! ```
//!
//! This is a workspace of its own, so that no peer ever enters the tree of the library under test.

pub mod engines;
pub mod exam;
mod random;
mod ready;
pub mod world;

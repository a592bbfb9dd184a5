//! The `whyfor` command.

use std::process::ExitCode;

/// Policies and their trees are many small parts, freed by another thread: `check` takes a quarter less time
/// with it, a letter in an editor an eighth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(whyfor_cli::run(std::env::args_os()))
}

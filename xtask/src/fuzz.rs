//! The tasks that look for what no test asks: a fuzzer, and the tests under a sanitizer.
//!
//! Both need what a stable compiler keeps to itself; `RUSTC_BOOTSTRAP` makes it take them.

use crate::command::{Cargo, Failure, root};
use crate::tools;

/// The compiler that is there takes flags that are not stable.
const UNSTABLE: (&str, &str) = ("RUSTC_BOOTSTRAP", "1");
/// Seconds for each target, where nothing is said.
const SECONDS: &str = "600";

/// Runs the targets of `fuzz`, or one, for so many seconds each: `[TARGET] [SECONDS]`.
///
/// It starts from the inputs that are kept, in `fuzz/corpus`, and from what was met on this machine before,
/// in `target/fuzz`.
pub(crate) fn run(arguments: &[&str]) -> Result<(), Failure> {
    let (chosen, seconds) = match arguments {
        [] => (None, SECONDS),
        [one] if one.parse::<u32>().is_ok() => (None, *one),
        [target] => (Some(*target), SECONDS),
        [target, seconds, ..] => (Some(*target), *seconds),
    };
    let mut targets = targets()?;
    if let Some(chosen) = chosen {
        targets.retain(|target| target == chosen);
    }
    if targets.is_empty() {
        return Err(Failure::Missing("there is no such target: `fuzz/fuzz_targets` has them"));
    }
    tools::cargo_fuzz()?;
    targets.iter().try_for_each(|target| run_one(target, seconds))
}

fn run_one(target: &str, seconds: &str) -> Result<(), Failure> {
    let met = root().join("target").join("fuzz").join(target);
    let kept = root().join("fuzz").join("corpus").join(target);
    let failed = |error| Failure::Start(format!("mkdir {}", met.display()), error);
    std::fs::create_dir_all(&met).map_err(failed)?;
    Cargo::new("fuzz run")
        .argument(target)
        .argument(met.display())
        .argument(kept.display())
        .argument("--")
        .argument(format!("-max_total_time={seconds}"))
        .argument("-timeout=20") // seconds for one input
        .argument("-len_control=0")
        .argument("-print_final_stats=1")
        .with(UNSTABLE.0, UNSTABLE.1)
        .run()
}

/// The names of the targets, in order.
fn targets() -> Result<Vec<String>, Failure> {
    let folder = root().join("fuzz").join("fuzz_targets");
    let entries =
        folder.read_dir().map_err(|error| Failure::Start(folder.display().to_string(), error))?;
    let name = |entry: std::fs::DirEntry| Some(entry.path().file_stem()?.to_str()?.to_owned());
    let mut names: Vec<String> = entries.flatten().filter_map(name).collect();
    names.sort();
    Ok(names)
}

/// Runs the tests that reach the `unsafe` modules, and those of forged artifacts, under AddressSanitizer.
///
/// Miri cannot stand in for it: it has no memory maps of files, and runs none of the instructions that
/// `decide/simd.rs` is written in.
pub(crate) fn sanitize() -> Result<(), Failure> {
    // With a target named, what runs while building has no sanitizer.
    let tests = "test -p whyfor --all-features --target host-tuple \
                 --lib --test artifact --test evaluator --test forged --test fuzzed";
    Cargo::new(tests)
        .with(UNSTABLE.0, UNSTABLE.1)
        .with("RUSTFLAGS", "-Zsanitizer=address")
        // A test asks for more memory than there is and expects a refusal.
        .with("ASAN_OPTIONS", "allocator_may_return_null=1")
        .run()
}

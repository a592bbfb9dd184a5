//! The inputs that a fuzzer found, and many that look random: what `fuzz` promises for all inputs holds for
//! these. `cargo xtask fuzz` looks for more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]
#![allow(unreachable_pub, dead_code, reason = "a library of its own for the fuzzer")]

use fuzz::answers::Random;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_input_that_was_kept_holds() {
    for (target, run) in fuzz::TARGETS {
        let corpus = folder("corpus").join(target);
        for name in names(&corpus) {
            println!("{target}/{name}");
            run(&std::fs::read(corpus.join(name)).unwrap());
        }
    }
}

/// Those that need the command are run by its own tests.
const TARGETS_OF_THE_COMMAND: [&str; 2] = ["batch", "page"];

#[test]
fn every_target_has_inputs_and_a_program() {
    let own = fuzz::TARGETS.iter().map(|(name, _)| *name);
    let targets: BTreeSet<String> = own.chain(TARGETS_OF_THE_COMMAND).map(str::to_owned).collect();
    assert_eq!(targets, names(&folder("corpus")));
    let programs = targets.iter().map(|name| format!("{name}.rs")).collect();
    assert_eq!(names(&folder("fuzz_targets")), programs);
}

/// Shows an input with which a promise is broken.
struct ShownOnPanic<'i>(&'i [u8]);

impl Drop for ShownOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("with the input {:?}", self.0);
        }
    }
}

/// `WHYFOR_FORGERIES` says how many: a few thousand with every run of the tests, more by hand.
#[test]
fn a_forged_artifact_is_refused_or_answers_everything_soon() {
    let count = std::env::var("WHYFOR_FORGERIES").map_or(3_000, |count| count.parse().unwrap());
    let seed = std::env::var("WHYFOR_SEED").map_or(0, |seed| seed.parse().unwrap());
    let mut random = Random::new(seed + 1);
    let mut loaded = 0;
    for number in 0..count {
        let mut input: Vec<u8> = (0..5 + random.below(36)).map(|_| random.next() as u8).collect();
        input[0] = (number % 10) as u8; // each policy in each layout
        let shown = ShownOnPanic(&input);
        fuzz::artifact::run(&input);
        drop(shown);
        loaded += usize::from(fuzz::artifact::is_loaded(&input));
    }
    assert!(loaded * 4 > count, "{loaded} of {count} were loaded");
}

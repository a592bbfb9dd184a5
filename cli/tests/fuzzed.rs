//! Saved inputs of the fuzzer: the promises for all inputs hold for them.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::path::Path;

#[test]
fn every_input_that_was_kept_holds() {
    for (target, run) in whyfor_cli::fuzzing::TARGETS {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
        let entries: Vec<_> = corpus.read_dir().unwrap().collect();
        assert!(!entries.is_empty());
        for entry in entries {
            let path = entry.unwrap().path();
            let input = std::fs::read(&path).unwrap();
            let held = std::panic::catch_unwind(|| run(&input));
            assert!(held.is_ok(), "{}", path.display());
        }
    }
}

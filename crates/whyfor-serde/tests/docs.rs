//! The example of the document is the one that the documentation of the crate tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::path::Path;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

#[test]
fn the_example_of_the_document_is_tested() {
    let text = read("docs/embedding.md");
    let (_, section) = text.split_once("## Only what the purpose allows leaves\n").unwrap();
    let (_, block) = section.split_once("```rust\n").unwrap();
    let (shown, _) = block.split_once("\n```").unwrap();

    let source = read("crates/whyfor-serde/src/lib.rs");
    let docs = source.lines().filter_map(|line| line.strip_prefix("//!"));
    let docs = docs.map(|line| line.strip_prefix(' ').unwrap_or(line));
    let tested: Vec<&str> = docs.filter(|line| !line.starts_with("# ")).collect();
    assert!(tested.join("\n").contains(shown), "the example is not in lib.rs:\n{shown}");
}

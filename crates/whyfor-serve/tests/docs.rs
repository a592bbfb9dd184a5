//! The examples of the documents are those that the documentation of the crate tests.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::path::Path;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// The lines of the first `rust` block.
fn example(document: &str) -> Vec<String> {
    let text = read(document);
    let (_, block) = text.split_once("```rust\n").expect("a `rust` block");
    let (block, _) = block.split_once("\n```").unwrap();
    block.lines().map(|line| line.trim_end().to_owned()).collect()
}

/// The visible lines of the documentation in a file.
fn documentation(source: &str) -> Vec<String> {
    let text = read(source);
    let lines = text.lines().map(str::trim_start);
    let docs =
        lines.filter_map(|line| line.strip_prefix("//!").or_else(|| line.strip_prefix("///")));
    let docs = docs.map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    docs.filter(|line| !line.starts_with("# ")).map(str::to_owned).collect()
}

#[test]
fn the_examples_of_the_documents_are_tested() {
    for (document, source) in [("docs/embedding.md", "lib.rs"), ("docs/signatures.md", "trust.rs")]
    {
        let shown = example(document);
        let tested = documentation(&format!("crates/whyfor-serve/src/{source}"));
        assert!(shown.len() > 2, "{document}");
        let is_there = tested.windows(shown.len()).any(|lines| lines == shown);
        assert!(is_there, "the example of {document} is not in {source}:\n{}", shown.join("\n"));
    }
}

//! The shape of the code: each stage knows only the stages before it, and one module alone sees the
//! rules of the parser generator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::path::{Path, PathBuf};

/// The stages in the way of the data. `names` and `limits` may be used by all.
const STAGES: [&str; 9] =
    ["source", "diagnostic", "syntax", "model", "table", "decide", "analyze", "format", "symbols"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code of a file, without its comments and tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or("").to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn each_stage_knows_only_the_stages_before_it() {
    for (number, stage) in STAGES.iter().enumerate() {
        let folder = source().join(stage);
        let all = if folder.is_dir() {
            files(&folder)
        } else {
            vec![source().join(format!("{stage}.rs"))]
        };
        assert!(!all.is_empty());
        for file in all {
            let code = code(&file);
            for later in &STAGES[number + 1..] {
                let word = format!("crate::{later}");
                assert!(!code.contains(&word), "{} uses `{word}`", file.display());
            }
            // What the crate exports at its top comes from the last stages.
            if number < 5 {
                for name in ["crate::Policy", "crate::Verdict", "crate::Facts", "crate::Decision"] {
                    assert!(!code.contains(name), "{} uses `{name}`", file.display());
                }
            }
        }
    }
}

#[test]
fn the_syntax_alone_sees_the_rules_of_the_parser_generator() {
    for file in files(&source()) {
        let inside = file.components().any(|part| part.as_os_str() == "syntax");
        assert!(inside || !code(&file).contains("pest"), "{}", file.display());
    }
}

#[test]
fn unsafe_code_stands_where_its_argument_is() {
    let allowed = ["table/image.rs", "decide/simd.rs", "decide/policy.rs"];
    for file in files(&source()) {
        let name = file.strip_prefix(source()).unwrap().to_string_lossy().replace('\\', "/");
        let count = code(&file).matches("unsafe ").count();
        assert!(count == 0 || allowed.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn the_evaluator_alone_needs_few_crates() {
    let manifest =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let dependencies =
        manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let lines = dependencies.lines().filter(|line| line.contains('=') && !line.starts_with('#'));
    let (optional, needed): (Vec<&str>, Vec<&str>) =
        lines.partition(|line| line.contains("optional = true"));
    assert!(needed.len() <= 6, "{needed:?}");
    let (data, compiler): (Vec<&str>, Vec<&str>) =
        optional.into_iter().partition(|line| line.starts_with("serde "));
    assert!(data.len() <= 1 && compiler.len() <= 7, "{data:?} {compiler:?}");
}

#[test]
fn the_published_list_is_made_of_the_model_alone_and_used_by_no_stage() {
    for file in files(&source()) {
        let code = code(&file);
        if !file.starts_with(source().join("notice")) {
            assert!(!code.contains("crate::notice"), "{} uses it", file.display());
            continue;
        }
        for later in ["table", "decide", "analyze", "Policy"] {
            assert!(!code.contains(&format!("crate::{later}")), "{}: {later}", file.display());
        }
    }
}

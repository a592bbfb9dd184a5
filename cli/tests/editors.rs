//! The files in `editors` agree with the language.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn vscode(name: &str) -> PathBuf {
    root().join("editors/vscode").join(name)
}

fn json(path: PathBuf) -> Value {
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
}

/// The words of an alternative `(?:a|b)` that is the longest of a pattern, or of `(a|b)`.
fn words(pattern: &str) -> BTreeSet<String> {
    let groups = pattern.split(['(', ')']).filter(|group| group.contains('|'));
    let group = groups.max_by_key(|group| group.len()).unwrap();
    group.trim_start_matches("?:").split('|').map(str::to_owned).collect()
}

#[test]
fn the_colours_before_the_server_starts_know_every_word_of_the_language() {
    let grammar = std::fs::read_to_string(root().join("grammar/why.pest")).unwrap();
    let rule = grammar.split("keyword = _{").nth(1).unwrap().split('}').next().unwrap();
    let reserved: BTreeSet<String> =
        rule.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(reserved.len() > 40, "{reserved:?}");
    let colours = json(vscode("syntaxes/why.tmLanguage.json"));
    let pattern = |name: &str| {
        let rule = &colours["repository"][name];
        words(rule.get("match").unwrap_or(&rule["begin"]).as_str().unwrap())
    };
    let known: BTreeSet<String> = pattern("statement").union(&pattern("word")).cloned().collect();
    assert_eq!(known, reserved);
    // Words that are not reserved are recognised by the names after them.
    let text = colours.to_string();
    let lists = text.split(['(', ')']).filter(|group| group.matches('|').count() > 40);
    let lists: Vec<BTreeSet<String>> = lists.map(words).collect();
    assert!(lists.len() > 3 && lists.iter().all(|list| *list == reserved));
    assert!(pattern("declaration").is_subset(&reserved));
}

#[test]
fn every_file_that_the_client_names_is_there_and_its_version_is_this_one() {
    let package = json(vscode("package.json"));
    let contributes = &package["contributes"];
    for name in [
        &package["main"],
        &contributes["languages"][0]["configuration"],
        &contributes["grammars"][0]["path"],
    ] {
        assert!(vscode(name.as_str().unwrap()).is_file(), "{name}");
    }
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(json(vscode("package-lock.json"))["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn words_are_found_in_patterns() {
    let expected: BTreeSet<String> = ["use", "share"].map(str::to_owned).into();
    assert_eq!(words("(?<![a#])(?:use|share)(?![x])"), expected);
}

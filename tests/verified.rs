//! What a program loads meets its own expectations, unless it asks for what may not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::path::PathBuf;
use whyfor::{Code, Diagnostics, LoadError, Memory, Model, Policy};

const SOUND: &str =
    "policy p\ncategory a { b  c }\npurpose x\nuse a for x\nexpect { allow use a for x }\n";
/// Two of its three expectations fail.
const CONTRADICTED: &str =
    "policy p\nimport \"more.why\"\ncategory a { b  c }\npurpose x\nuse a for x\n
expect {\n    deny use b for x\n    allow use c for x\n}\n";
const MORE: &str = "expect { depends use c for x }\n";

/// A folder with a policy and what it imports.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, text: &str) -> Self {
        let name = format!("whyfor-verified-{name}-{}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        std::fs::create_dir_all(&folder.0).unwrap();
        std::fs::write(folder.policy(), text).unwrap();
        std::fs::write(folder.0.join("more.why"), MORE).unwrap();
        folder
    }

    fn policy(&self) -> PathBuf {
        self.0.join("p.why")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[track_caller]
fn tells_both(failures: &Diagnostics) {
    let places: Vec<_> = failures
        .iter()
        .map(|failure| {
            assert_eq!(failure.code(), Code::ExpectationFails);
            let span = failure.primary().unwrap().span;
            let position = failures.sources().position(span);
            (failures.sources().file(span.file).path(), position.line)
        })
        .collect();
    assert_eq!(places, [("p.why", 8), ("more.why", 1)]);
}

#[test]
fn a_file_is_loaded_only_if_its_expectations_hold() {
    let folder = Folder::new("fails", CONTRADICTED);
    let loaded = Policy::from_path(folder.policy());
    let Err(LoadError::Policy(failures)) = loaded else { panic!("it is loaded") };
    tells_both(&failures);
    assert!(failures.to_string().contains("expected deny, but `use a.b for x` is allow"));
    let folder = Folder::new("holds", SOUND);
    assert!(Policy::from_path(folder.policy()).unwrap().may_use("a", "x"));
}

#[test]
fn a_file_whose_expectations_fail_can_be_looked_at() {
    let folder = Folder::new("unverified", CONTRADICTED);
    assert!(Policy::from_path_unverified(folder.policy()).unwrap().may_use("b", "x"));
    let folder = Folder::new("broken", "policy p use nothing for x");
    assert!(matches!(Policy::from_path_unverified(folder.policy()), Err(LoadError::Policy(_))));
}

#[test]
fn a_text_is_compiled_only_if_its_expectations_hold() {
    let text = CONTRADICTED.replace("import \"more.why\"", "");
    assert_eq!(Policy::from_str(&text).unwrap_err().len(), 1);
    assert!(Policy::from_str(SOUND).is_ok());
}

#[test]
fn a_model_is_compiled_with_a_look_at_its_expectations_or_without() {
    let files = Memory::new().with("p.why", CONTRADICTED).with("more.why", MORE);
    let model = Model::from_loader(&files, "p.why").unwrap();
    tells_both(&Policy::compile_verified(&model).unwrap_err());
    let policy = Policy::compile(&model).unwrap();
    tells_both(&policy.check_expectations(&model));
}

#[test]
fn an_artifact_was_verified_before() {
    let folder = Folder::new("artifact", SOUND);
    let artifact = folder.0.join("p.whyc");
    std::fs::write(&artifact, Policy::from_str(SOUND).unwrap().as_bytes()).unwrap();
    assert!(Policy::from_path(&artifact).unwrap().may_use("a", "x"));
    assert!(Policy::from_path_unverified(&artifact).is_ok());
}

#[test]
fn the_help_says_to_ask_for_each_method_only_where_that_holds() {
    let text =
        "policy p category email purpose login method form method scan recipient ann recipient bob
        collect email by form, scan for login share email with ann for login";
    let failures = |expected: &str| {
        let model = Model::from_str(&format!("{text} expect {{ allow {expected} }}")).unwrap();
        Policy::compile(&model).unwrap().check_expectations(&model).to_string()
    };
    let declared = failures("collect email for login");
    assert!(declared.contains("for each that is declared, write `by *`"), "{declared}");
    let some = failures("share email for login");
    assert!(!some.is_empty() && !some.contains("write `with *`"), "{some}");
}

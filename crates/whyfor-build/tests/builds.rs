//! Builds that fail, and what they say.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor_build::{BuildError, compile};

fn built(text: &str) -> (tempfile::TempDir, Result<whyfor_build::Compiled, BuildError>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("my-policy.why");
    std::fs::write(&path, text).unwrap();
    let compiled = compile(&path);
    (folder, compiled)
}

#[test]
fn a_policy_with_mistakes_fails_the_build_and_says_where() {
    let (_folder, compiled) = built("policy p\ncategory a\nuse a for nothing");
    let message = format!("{:?}", compiled.unwrap_err());
    assert!(message.contains("no purpose is named `nothing`"), "{message}");
    assert!(message.contains("my-policy.why:3"), "{message}");
}

#[test]
fn a_policy_that_does_not_meet_its_expectations_fails_the_build() {
    let (_folder, compiled) = built("policy p category a purpose b expect { allow use a for b }");
    assert!(compiled.unwrap_err().to_string().contains("expect"), "E05");
}

#[test]
fn a_file_whose_name_is_no_module_needs_another_name() {
    let (folder, compiled) = built("policy p category a purpose b use a for b");
    let compiled = compiled.unwrap();
    let error = compiled.write_to(folder.path()).unwrap_err();
    assert!(matches!(error, BuildError::Name(_)), "{error}");
    compiled.named("p").write_to(folder.path()).unwrap();
    assert!(folder.path().join("p.rs").exists() && folder.path().join("p.whyc").exists());
}

#[test]
fn a_folder_that_is_not_there_is_an_error_with_its_path() {
    let (folder, compiled) = built("policy p");
    let nowhere = folder.path().join("nowhere");
    let error = compiled.unwrap().named("p").write_to(&nowhere).unwrap_err();
    assert!(error.to_string().contains("nowhere"), "{error}");
}

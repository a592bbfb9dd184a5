//! The published packages contain what builds, the licences, and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::path::Path;
use std::process::Command;

/// The files of a package that are not sources.
fn packed(package: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["package", "--list", "--allow-dirty", "--offline", "-p", package])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    let by_cargo = ["Cargo.toml", "Cargo.toml.orig", "Cargo.lock", ".cargo_vcs_info.json"];
    let files = listed.lines().map(|file| file.replace('\\', "/"));
    files.filter(|file| !file.starts_with("src/") && !by_cargo.contains(&file.as_str())).collect()
}

#[test]
fn all_packages_have_their_licences_and_nothing_that_they_do_not_need() {
    assert_eq!(
        packed("whyfor"),
        [
            "CHANGELOG.md",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "docs/diagnostics.md",
            "grammar/why.pest",
        ]
    );
    for package in ["whyfor-cli", "whyfor-build", "whyfor-serve", "whyfor-tower"] {
        assert_eq!(packed(package), ["LICENSE-APACHE", "LICENSE-MIT", "README.md"], "{package}");
    }
    for package in ["whyfor-serde", "whyfor-data"] {
        assert_eq!(packed(package), ["LICENSE-APACHE", "LICENSE-MIT"], "{package}");
    }
}

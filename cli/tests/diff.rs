//! `whyfor diff` as a user runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

const OLD: &str = "policy shop
category contact { email  phone }
purpose login purpose ads
use email for login
";
const NEW: &str = "policy shop
category contact { email  phone }
purpose login purpose ads
use email, phone for login, ads
";

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Exit status, standard output, standard error.
fn diff(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_whyfor"))
        .arg("diff")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "old.why", OLD);
    write(folder.path(), "new.why", NEW);
    folder
}

#[test]
fn the_exit_status_says_whether_something_is_more_permissive() {
    let folder = folder();
    let (status, shown, _) = diff(folder.path(), &["old.why", "new.why"]);
    assert_eq!(status, Some(1), "{shown}");
    assert!(shown.contains("now allowed\n"), "{shown}");
    assert!(shown.contains("added  new.why:4  use email, phone for login, ads"), "{shown}");
    let (status, shown, _) = diff(folder.path(), &["new.why", "old.why"]);
    assert_eq!(status, Some(0), "{shown}");
    assert!(shown.contains("no longer allowed\n"), "{shown}");
    assert_eq!(diff(folder.path(), &["old.why", "old.why"]).0, Some(0));
}

#[test]
fn programs_and_people_get_the_same_changes() {
    let folder = folder();
    let json = diff(folder.path(), &["old.why", "new.why", "--format", "json"]).1;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["more_permissive"], true);
    let changes = json["changes"].as_array().unwrap();
    assert!(!changes.is_empty());
    for format in ["text", "markdown", "html"] {
        let (_, shown, _) = diff(folder.path(), &["old.why", "new.why", "--format", format]);
        for change in changes {
            let (_, text) = change["text"].as_str().unwrap().split_once(": ").unwrap();
            assert!(shown.contains(text), "{format}: {text}\n{shown}");
        }
    }
}

#[test]
fn a_file_is_compared_with_itself_at_a_revision() {
    let folder = folder();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=t", "-c", "user.email=t@example.com"]).args(arguments);
        assert!(command.current_dir(folder.path()).output().unwrap().status.success());
    };
    write(folder.path(), "policy.why", OLD);
    git(&["init", "--quiet"]);
    git(&["add", "policy.why"]);
    git(&["commit", "--quiet", "--message", "first"]);
    write(folder.path(), "policy.why", NEW);
    let (status, shown, errors) = diff(folder.path(), &["--git", "HEAD", "policy.why"]);
    assert_eq!(status, Some(1), "{shown}{errors}");
    assert!(shown.contains("now allowed"), "{shown}");
    let (status, _, errors) = diff(folder.path(), &["--git", "nowhere", "policy.why"]);
    assert_eq!(status, Some(2));
    assert!(errors.contains("knows no revision `nowhere`"), "{errors}");
}

#[test]
fn what_cannot_be_compared_is_told() {
    let folder = folder();
    write(folder.path(), "broken.why", "policy shop use email for login");
    for (arguments, message) in [
        (&["old.why"][..], "name the old policy and the new one"),
        (&["old.why", "broken.why"], "E0201"),
        (&["old.why", "missing.why"], "there is no such file"),
        (&["--git", "HEAD", "old.why", "new.why"], "compares one file with itself"),
    ] {
        let (status, _, errors) = diff(folder.path(), arguments);
        assert_eq!(status, Some(2), "{arguments:?}");
        assert!(errors.contains(message), "{arguments:?}: {errors}");
    }
}

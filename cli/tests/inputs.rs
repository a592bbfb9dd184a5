//! Inputs by their names: standard input, pipes, names that are not Unicode, links, revisions.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod folder;

use folder::folder;
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const POLICY: &str = "policy p \"Shop\"\ncategory x\npurpose q\nuse x for q\n";

/// Runs a shell script; `whyfor` is the built command.
fn shell(folder: &TempDir, script: &str) -> Output {
    let path = Path::new(env!("CARGO_BIN_EXE_whyfor")).parent().unwrap();
    let path = format!("{}:{}", path.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("bash");
    command.args(["-c", script]).env("PATH", path).current_dir(folder).output().unwrap()
}

#[track_caller]
fn assert_ends(folder: &TempDir, script: &str, status: i32, part: &str) {
    let output = shell(folder, script);
    let shown = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{script}: {shown}");
    assert!(shown.contains(part), "{script}: {part}: {shown}");
}

// ── Streams ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn every_command_reads_a_policy_from_standard_input_and_from_pipes() {
    let folder = folder(&[("p.why", POLICY), ("old.why", POLICY)]);
    assert_ends(&folder, "whyfor compile p.why -o p.whyc", 0, "digest");
    for command in [
        "check P",
        "check --format sarif P",
        "lint P",
        "ask P use x --for q",
        "fields P --for q",
        "purposes P --field x",
        "matrix P",
        "compile P -o out.whyc",
        "diff old.why P",
        "diff P old.why",
        "notice P",
        "fmt --check P",
    ] {
        for policy in ["p.why", "p.whyc"] {
            // What is about a policy's text takes no artifact, from wherever.
            let needs_text =
                ["lint", "diff", "notice", "fmt"].iter().any(|c| command.starts_with(c));
            if policy == "p.whyc" && needs_text {
                continue;
            }
            for (name, input) in [
                ("-", "<"),
                ("/dev/stdin", "<"),
                ("/dev/fd/0", "<"),
                ("-", "|"),
                ("/dev/stdin", "|"),
            ] {
                let call = format!("whyfor {}", command.replace('P', name));
                let script = match input {
                    "<" => format!("{call} < {policy}"),
                    _ => format!("cat {policy} | {call}"),
                };
                assert_ends(&folder, &script, 0, "");
            }
            let substituted = command.replace('P', &format!("<(cat {policy})"));
            assert_ends(&folder, &format!("whyfor {substituted}"), 0, "");
        }
    }
    assert_ends(&folder, "whyfor fmt - < p.why", 0, "policy p");
    assert_ends(&folder, "whyfor check - < p.why", 0, "<stdin>");
}

#[test]
fn a_stream_has_no_folder_and_is_read_once() {
    let folder = folder(&[
        ("p.why", "policy p\nimport \"c.why\"\n"),
        ("c.why", "category x"),
        ("q.why", POLICY),
    ]);
    for input in ["-", "/dev/stdin", "<(cat p.why)"] {
        assert_ends(
            &folder,
            &format!("whyfor check {input} < p.why"),
            2,
            "has no folder; name a file instead",
        );
    }
    for script in [
        "whyfor diff - - < q.why",
        "whyfor batch - < q.why",
        "whyfor notice - --labels - < q.why",
        "whyfor check - /dev/stdin < q.why",
    ] {
        assert_ends(&folder, script, 2, "standard input is read once");
    }
    let idle = "policy p\ncategory x\npurpose q\nuse x for q\nuse x for q\n";
    fs::write(folder.path().join("idle.why"), idle).unwrap();
    assert_ends(&folder, "whyfor lint --fix - < idle.why", 2, "`--fix` writes into files");
    assert_ends(&folder, "whyfor diff --git HEAD - < q.why", 2, "`--git` compares a file");
}

#[test]
fn what_never_ends_or_never_begins_is_not_waited_for() {
    let folder = folder(&[
        ("p.why", POLICY),
        ("i.why", "policy p\nimport \"pipe\"\n"),
        ("t.yaml", "policy: pipe\ntests: []\n"),
    ]);
    assert!(Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    let start = Instant::now();
    assert_ends(&folder, "whyfor check pipe", 2, "nobody writes to the pipe");
    assert_ends(&folder, "whyfor fmt pipe", 2, "nobody writes to the pipe");
    assert_ends(&folder, "whyfor check i.why", 2, "it is a pipe or a device");
    assert_ends(&folder, "whyfor test t.yaml", 2, "nobody writes to the pipe");
    assert_ends(&folder, "whyfor check /dev/zero", 2, "larger than 16 MiB");
    assert_ends(&folder, "whyfor fmt /dev/zero", 2, "larger than 16 MiB");
    assert_ends(&folder, "whyfor check /dev/null", 2, "E0304");
    assert!(start.elapsed() < Duration::from_secs(60));
    // A pipe with a writer is read.
    assert_ends(&folder, "(sleep 0.3; cat p.why) > pipe & whyfor check pipe", 0, "ok");
}

#[test]
fn a_byte_order_mark_says_nothing() {
    let folder = folder(&[("p.why", &format!("\u{feff}{POLICY}"))]);
    assert_ends(&folder, "whyfor check p.why", 0, "ok");
    assert_ends(&folder, "whyfor check - < p.why", 0, "ok");
}

// ── Names ───────────────────────────────────────────────────────────────────────────────────────

#[test]
#[cfg(target_os = "linux")] // other systems keep such names from files
fn a_name_that_is_no_unicode_opens_and_is_shown() {
    let folder = folder(&[("p.why", POLICY)]);
    let name = OsStr::from_bytes(b"b\xff.why");
    fs::copy(folder.path().join("p.why"), folder.path().join(name)).unwrap();
    for arguments in [
        &["check"][..],
        &["lint"],
        &["lint", "--fix"],
        &["matrix"],
        &["fmt"],
        &["notice"],
        &["diff", "p.why"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
        let output = command.args(arguments).arg(name).current_dir(&folder).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
    let output = command.arg("check").arg(name).current_dir(&folder).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("b\u{fffd}.why"));
    git(&folder);
    let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
    command.args(["diff", "--git", "HEAD"]).arg(name).current_dir(&folder);
    let output = command.output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("no decision changed"));
}

#[test]
fn fixes_and_layouts_are_written_where_a_link_leads() {
    let root = "policy p\nimport \"c.why\"\nuse x for q\n";
    let lib = "category x\npurpose q\nuse x for q\nuse x for q\n";
    let folder = folder(&[("store/v1/p.why", root), ("store/v1/c.why", lib), ("etc/x", "")]);
    symlink("../store/v1/p.why", folder.path().join("etc/p.why")).unwrap();
    assert_ends(&folder, "whyfor check etc/p.why", 0, "ok etc/p.why");
    assert_ends(&folder, "whyfor lint etc/p.why", 0, "store/v1/c.why:4:1");
    assert_ends(&folder, "whyfor lint --fix etc/p.why", 0, "fixed");
    let fixed = fs::read_to_string(folder.path().join("store/v1/c.why")).unwrap();
    assert!(fixed.len() < lib.len(), "{fixed}");
    assert_ends(
        &folder,
        "whyfor compile etc/p.why -o store/v1/c.why",
        2,
        "the policy was read from",
    );
}

// ── Revisions ───────────────────────────────────────────────────────────────────────────────────

/// Commits what is in the folder.
fn git(folder: &TempDir) {
    let script =
        "git init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -qm all";
    let output = shell(folder, script);
    assert!(output.status.success(), "{output:?}");
}

fn json(folder: &TempDir, script: &str) -> Value {
    let output = shell(folder, script);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn a_new_file_is_compared_with_nothing() {
    let folder = folder(&[("other.why", POLICY), ("sub/x", "")]);
    git(&folder);
    for name in ["new.why", "sub/new.why"] {
        fs::write(folder.path().join(name), POLICY).unwrap();
        assert_ends(&folder, &format!("whyfor diff --git HEAD {name}"), 1, "now allowed");
        let told = json(&folder, &format!("whyfor diff --git HEAD --format json {name}"));
        assert_eq!(told["more_permissive"], true);
        assert_eq!(told["old"], "nothing at HEAD");
        assert_eq!(told["changes"][0]["text"], "now allowed: use x for q");
    }
    // A revision with mistakes is reported in other words than one that does not exist.
    fs::write(folder.path().join("other.why"), "policy p use").unwrap();
    git(&folder);
    fs::write(folder.path().join("other.why"), POLICY).unwrap();
    assert_ends(&folder, "whyfor diff --git HEAD other.why", 2, "had mistakes at `HEAD`");
    assert_ends(&folder, "whyfor diff --git HEAD other.why", 2, "HEAD:other.why:1:");
    assert_ends(&folder, "whyfor diff --git none other.why", 2, "knows no revision `none`");
    assert_ends(&folder, "whyfor diff --git none other.why", 2, "fatal: "); // in git's own words too
    assert_ends(&folder, "whyfor diff --git :/all other.why", 2, "had mistakes at `:/all`");
}

#[test]
fn links_of_a_revision_are_followed_as_on_disk() {
    let root = "policy p\nimport \"c.why\"\nuse x for q\n";
    let lib = "category x\npurpose q\n";
    let folder = folder(&[("pol/v1/p.why", root), ("pol/v1/c.why", lib), ("far.why", "tag far")]);
    symlink("v1/p.why", folder.path().join("pol/current.why")).unwrap();
    symlink("pol", folder.path().join("alias")).unwrap();
    fs::write(folder.path().join("pol/out.why"), "policy o\nimport \"far.why\"\n").unwrap();
    symlink("../far.why", folder.path().join("pol/far.why")).unwrap();
    git(&folder);
    for name in ["pol/current.why", "pol/v1/p.why", "alias/current.why"] {
        let told = json(&folder, &format!("whyfor diff --git HEAD --format json {name}"));
        assert_eq!(told["changes"].as_array().unwrap().len(), 0, "{name}: {told}");
        assert!(told["old"].as_str().unwrap().ends_with(" at HEAD"), "{told}");
    }
    fs::write(folder.path().join("pol/out.why"), "policy o\n").unwrap();
    assert_ends(&folder, "whyfor diff --git HEAD pol/out.why", 2, "leads out of the root folder");
}

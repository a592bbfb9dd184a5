//! `whyfor fmt` as a user runs it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const MESSY: &str = "policy shop category email{work home} // mine\n";
const NEAT: &str = "policy shop\ncategory email { work  home } // mine\n";

fn fmt(arguments: &[&str], files: &[&Path]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
    command.arg("fmt").args(arguments).args(files).output().unwrap()
}

fn stdin(arguments: &[&str], bytes: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_whyfor"))
        .arg("fmt")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    child.wait_with_output().unwrap()
}

fn printed(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn files_are_laid_out_in_place_and_those_that_changed_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let messy = write(folder.path(), "messy.why", MESSY);
    let neat = write(folder.path(), "neat.why", NEAT);
    let output = fmt(&[], &[&messy, &neat]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(printed(&output).0, format!("{}\n", messy.display()));
    for path in [&messy, &neat] {
        assert_eq!(std::fs::read_to_string(path).unwrap(), NEAT);
    }
    assert_eq!(folder.path().read_dir().unwrap().count(), 2, "nothing is left beside them");
}

#[test]
fn check_writes_nothing_and_ends_with_1_if_something_would_change() {
    let folder = tempfile::tempdir().unwrap();
    let messy = write(folder.path(), "messy.why", MESSY);
    let neat = write(folder.path(), "neat.why", NEAT);
    let output = fmt(&["--check"], &[&messy, &neat]);
    assert_eq!(output.status.code(), Some(1));
    let shown = printed(&output).0;
    assert!(shown.contains("messy.why") && !shown.contains("neat.why"), "{shown}");
    assert_eq!(std::fs::read_to_string(&messy).unwrap(), MESSY);
    assert_eq!(fmt(&["--check"], &[&neat]).status.code(), Some(0));
}

#[test]
fn diff_shows_a_patch_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let messy = write(folder.path(), "messy.why", MESSY);
    let output = fmt(&["--diff"], &[&messy]);
    assert_eq!(output.status.code(), Some(1));
    let name = messy.display();
    assert_eq!(
        printed(&output).0,
        format!(
            "--- {name}\n+++ {name}\n@@ -1 +1,2 @@\n-policy shop category email{{work home}} // mine\n\
             +policy shop\n+category email {{ work  home }} // mine\n"
        )
    );
    assert_eq!(std::fs::read_to_string(&messy).unwrap(), MESSY);
}

#[test]
fn standard_input_is_laid_out_to_standard_output() {
    let output = stdin(&["-"], MESSY.as_bytes());
    assert_eq!((output.status.code(), printed(&output).0.as_str()), (Some(0), NEAT));
    let output = stdin(&["--check", "-"], MESSY.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    assert!(printed(&output).0.contains("<stdin>"));
}

#[test]
fn a_file_with_mistakes_is_not_touched_and_keeps_no_other_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let half = "policy   shop category email {";
    let (half_path, messy) =
        (write(folder.path(), "half.why", half), write(folder.path(), "messy.why", MESSY));
    let missing = folder.path().join("missing.why");
    let foreign = write(folder.path(), "foreign.why", b"policy a\ntag b // \xFF");
    let output = fmt(&[], &[&half_path, &missing, &foreign, &messy]);
    assert_eq!(output.status.code(), Some(2));
    let shown = printed(&output).1;
    for part in ["E0106", "half.why:1:24", "missing.why", "byte 0xFF in line 2"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert_eq!(std::fs::read_to_string(&half_path).unwrap(), half);
    assert_eq!(std::fs::read_to_string(&messy).unwrap(), NEAT);
}

#[test]
fn the_ends_of_lines_stay_and_are_no_fault_of_the_layout() {
    let folder = tempfile::tempdir().unwrap();
    let windows = NEAT.replace('\n', "\r\n");
    let neat = write(folder.path(), "neat.why", &windows);
    for arguments in [&["--check"][..], &["--diff"], &[]] {
        let output = fmt(arguments, &[&neat]);
        assert_eq!((output.status.code(), printed(&output).0.as_str()), (Some(0), ""));
    }
    let messy = write(folder.path(), "messy.why", MESSY.replace('\n', "\r\n"));
    assert_eq!(fmt(&[], &[&messy]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&messy).unwrap(), windows);
    assert_eq!(printed(&stdin(&["-"], windows.as_bytes())).0, windows);
    // The more frequent kind is kept; if both are as frequent, the first.
    for (mixed, end) in [
        ("policy  a\r\ntag b\r\ntag c\n", "\r\n"),
        ("policy  a\r\ntag b\ntag c\n", "\n"),
        ("policy  a\r\ntag b // x\ntag c", "\r\n"),
        ("policy  a\ntag b // x\r\ntag c", "\n"),
    ] {
        let laid_out = printed(&stdin(&["-"], mixed.as_bytes())).0;
        let wanted = mixed.replace("\r\n", "\n").replace("policy  a", "policy a");
        let wanted = format!("{}\n", wanted.trim_end()).replace('\n', end);
        assert_eq!(laid_out, wanted, "{mixed:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_a_file_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "file.why", MESSY);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.path().join("link.why");
    std::os::unix::fs::symlink("file.why", &link).unwrap();
    assert_eq!(fmt(&[], &[&link]).status.code(), Some(0));
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), NEAT);
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}

//! Keys, signatures, and what `verify` refuses.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const WHYFOR: &str = env!("CARGO_BIN_EXE_whyfor");
const POLICY: &str =
    "policy shop { closed }\ncategory email\npurpose login\nuse email for login\nend\n";
// A secret key without a password and its public key, made by the program minisign 0.11 for these tests.
const SECRET_KEY: &str = include_str!("signing/minisign.key");
const PUBLIC_KEY: &str = include_str!("signing/minisign.pub");

/// A folder with an artifact.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shop.why"), POLICY).unwrap();
    fine(&folder, &["compile", "shop.why", "--output", "shop.whyc"]);
    folder
}

fn whyfor(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(WHYFOR);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env_remove("WHYFOR_KEY_PASSWORD").output().unwrap()
}

/// The exit status, and what was printed.
fn ran(folder: &TempDir, arguments: &[&str]) -> (i32, String) {
    let output = whyfor(folder, arguments);
    let [out, error] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), out + &error)
}

fn fine(folder: &TempDir, arguments: &[&str]) -> String {
    let (status, printed) = ran(folder, arguments);
    assert_eq!(status, 0, "{arguments:?}: {printed}");
    printed
}

/// It ends with this status and says so.
fn fails(folder: &TempDir, arguments: &[&str], expected: i32, says: &str) {
    let (status, printed) = ran(folder, arguments);
    assert_eq!(status, expected, "{arguments:?}: {printed}");
    assert!(printed.contains(says), "{arguments:?}: {printed}");
}

fn sign(folder: &TempDir, key: &str) {
    fine(folder, &["sign", key, "shop.whyc", "--name", "shop", "--sequence", "7"]);
}

fn path(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

#[test]
fn what_a_new_key_signs_is_verified_by_it_alone() {
    let folder = folder();
    for key in ["one.key", "two.key"] {
        fine(&folder, &["keygen", key, "--no-password"]);
    }
    sign(&folder, "one.key");
    let printed = fine(&folder, &["verify", "shop.whyc", "--key", "one.pub"]);
    assert!(printed.contains("`shop`, sequence 7"), "{printed}");
    fails(&folder, &["verify", "shop.whyc", "--key", "two.pub"], 1, "no trusted key");
    fine(&folder, &["verify", "shop.whyc", "--key", "two.pub", "--key", "one.pub"]);
    let public = fs::read_to_string(path(&folder, "one.pub")).unwrap();
    fine(&folder, &["verify", "shop.whyc", "--key", public.lines().nth(1).unwrap()]);
}

#[test]
fn a_key_of_the_program_minisign_signs() {
    let folder = folder();
    fs::write(path(&folder, "shop.key"), SECRET_KEY).unwrap();
    fs::write(path(&folder, "shop.pub"), PUBLIC_KEY).unwrap();
    sign(&folder, "shop.key");
    fine(&folder, &["verify", "shop.whyc", "--key", "shop.pub"]);
    let signature = fs::read_to_string(path(&folder, "shop.whyc.minisig")).unwrap();
    assert!(signature.contains("\ntrusted comment: name:shop\tsequence:7\n"), "{signature}");
}

#[test]
fn a_damaged_key_signs_nothing() {
    let folder = folder();
    for at in [90, 130, 150] {
        let mut key = SECRET_KEY.as_bytes().to_vec();
        let at = SECRET_KEY.find('\n').unwrap() + 1 + at;
        key[at] = if key[at] == b'A' { b'B' } else { b'A' };
        fs::write(path(&folder, "shop.key"), key).unwrap();
        let sign = ["sign", "shop.key", "shop.whyc", "--name", "shop", "--sequence", "7"];
        fails(&folder, &sign, 2, "");
        assert!(!path(&folder, "shop.whyc.minisig").exists());
    }
}

#[test]
fn a_password_opens_a_key_and_another_does_not() {
    let folder = folder();
    fs::write(path(&folder, "password"), "correct horse\n").unwrap();
    fs::write(path(&folder, "wrong"), "wrong horse\n").unwrap();
    fine(&folder, &["keygen", "shop.key", "--password-file", "password"]);
    let sign = ["sign", "shop.key", "shop.whyc", "--name", "shop", "--sequence", "7"];
    let with = |file| [&sign[..], &["--password-file", file]].concat();
    fails(&folder, &with("wrong"), 2, "password");
    assert!(!path(&folder, "shop.whyc.minisig").exists());
    fine(&folder, &with("password"));
    let mut command = Command::new(WHYFOR);
    command.args(sign).current_dir(&folder).env("WHYFOR_KEY_PASSWORD", "correct horse");
    assert!(command.output().unwrap().status.success());
}

#[test]
fn verify_refuses_what_a_service_would() {
    let folder = folder();
    fine(&folder, &["keygen", "shop.key", "--no-password"]);
    let verify = ["verify", "shop.whyc", "--key", "shop.pub"];
    fails(&folder, &verify, 1, "no signature");
    sign(&folder, "shop.key");
    let with = |more: &[&'static str]| [&verify[..], more].concat();
    fine(&folder, &with(&["--name", "shop", "--least-sequence", "7"]));
    fails(&folder, &with(&["--name", "clinic"]), 1, "signed for `shop`");
    fails(&folder, &with(&["--least-sequence", "8"]), 1, "sequence is 7");
    let signature = fs::read_to_string(path(&folder, "shop.whyc.minisig")).unwrap();
    let newer = signature.replace("sequence:7", "sequence:8");
    fs::write(path(&folder, "shop.whyc.minisig"), newer).unwrap();
    fails(&folder, &verify, 1, "does not fit");
    fs::write(path(&folder, "shop.whyc.minisig"), signature).unwrap();
    let mut bytes = fs::read(path(&folder, "shop.whyc")).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(path(&folder, "shop.whyc"), bytes).unwrap();
    fails(&folder, &verify, 1, "does not fit");
}

#[test]
fn what_cannot_be_read_is_an_error_and_not_an_answer() {
    let folder = folder();
    fine(&folder, &["keygen", "shop.key", "--no-password"]);
    fails(&folder, &["verify", "none.whyc", "--key", "shop.pub"], 2, "cannot read `none.whyc`");
    fails(&folder, &["verify", "shop.whyc", "--key", "none.pub"], 2, "none.pub");
    fails(&folder, &["verify", "shop.whyc", "--key", "shop.why"], 2, "no public key");
    fails(&folder, &["verify", "shop.whyc"], 2, "--key");
}

#[test]
fn only_artifacts_are_signed_and_only_by_secret_keys() {
    let folder = folder();
    fine(&folder, &["keygen", "shop.key", "--no-password"]);
    let sign = |key, file, name| ["sign", key, file, "--name", name, "--sequence", "1"];
    fails(&folder, &sign("shop.key", "shop.why", "shop"), 2, "no whyfor artifact");
    fails(&folder, &sign("shop.pub", "shop.whyc", "shop"), 2, "no secret key");
    fails(&folder, &sign("shop.key", "shop.whyc", "a\tb"), 2, "name");
    let key = fs::read_to_string(path(&folder, "shop.key")).unwrap();
    fs::write(path(&folder, "cut.key"), &key[..key.len() - 20]).unwrap();
    fails(&folder, &sign("cut.key", "shop.whyc", "shop"), 2, "cut.key");
    assert!(!path(&folder, "shop.whyc.minisig").exists());
}

#[test]
fn a_secret_key_is_readable_only_by_its_owner_and_never_overwritten() {
    let folder = folder();
    fine(&folder, &["keygen", "shop.key", "--no-password"]);
    let mode = fs::metadata(path(&folder, "shop.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read(path(&folder, "shop.key")).unwrap();
    fails(&folder, &["keygen", "shop.key", "--no-password"], 2, "cannot write `shop.key`");
    fs::remove_file(path(&folder, "shop.pub")).unwrap();
    fails(&folder, &["keygen", "shop.key", "--no-password"], 2, "cannot write `shop.key`");
    assert_eq!(fs::read(path(&folder, "shop.key")).unwrap(), before);
    fails(&folder, &["keygen", "other.pub", "--no-password"], 2, "give the secret key another");
}

#[test]
fn nothing_of_a_secret_key_is_printed() {
    let folder = folder();
    let printed = fine(&folder, &["keygen", "shop.key", "--no-password"])
        + &fine(&folder, &["sign", "shop.key", "shop.whyc", "--name", "shop", "--sequence", "1"]);
    let key = fs::read_to_string(path(&folder, "shop.key")).unwrap();
    let key = key.lines().nth(1).unwrap().as_bytes();
    // Before are its algorithms and its number, behind it the public key.
    assert!(
        key[84..124].windows(12).all(|part| !printed.contains(std::str::from_utf8(part).unwrap()))
    );
}

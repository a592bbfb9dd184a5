//! How the tests of the table call the command.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "tests")]

use std::process::{Command, Output};

pub fn whyfor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whyfor")).args(arguments).output().unwrap()
}

/// The output of `whyfor matrix`, which must succeed.
pub fn matrix(policy: &str, arguments: &[&str]) -> String {
    let output = whyfor(&[&["matrix", policy], arguments].concat());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    assert_eq!(errors, "");
    String::from_utf8(output.stdout).unwrap()
}

//! What the tests of the published list share: the list of d.run, a policy with every kind of statement, and
//! how the command is called.

#![allow(dead_code, reason = "each file of tests uses a part")]

use serde_json::Value;
use std::process::{Command, Output};

pub(crate) const DRUN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/drun.why");
pub(crate) const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/drun.md");
pub(crate) const CHINESE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../policies/drun.zh.yaml");

pub(crate) const SHOP: &str = r#"
policy shop "Shop list" { version "2026-01" controller "Example Ltd" }
tag sensitive
category contact "Contact details" { email "Email address" phone "Phone number" #sensitive }
category device "Device information" open { ip "IP address"  model "Model" open }
method provided "Provided by the user"  method automatic "Automatically collected"
purpose service "Providing the service" { login "Signing in"  billing "Billing" }
purpose marketing "Marketing" { newsletter "Newsletter" ads "Advertising" }
recipient partners "Partners" { courier "Courier" }
fact consent per purpose "The person agreed"  fact age "Age": number  fact region "Region": one of eu, us, cn
duty deidentify "Remove direct identifiers first"  duty notify "Tell the person"
section account "Account" {
    collect contact, device except phone by provided, automatic for service.login retain 30 days
    collect #sensitive by provided for login
}
section marketing "Marketing" {
    use email for newsletter when consent and age >= 18 unless region is not eu then deidentify retain 90 days
    share contact with courier for billing
    never use #sensitive for marketing
    require notify to share *
    use collected for billing
}
never collect device for ads
"#;

pub(crate) fn whyfor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whyfor")).args(arguments).output().unwrap()
}

#[track_caller]
pub(crate) fn out(arguments: &[&str], status: i32) -> String {
    let output = whyfor(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(status), "{text}{errors}");
    text
}

pub(crate) fn published() -> String {
    std::fs::read_to_string(PUBLISHED).unwrap()
}

/// A file in a folder of its own.
pub(crate) fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// What differs between a policy and a page in Markdown.
pub(crate) fn drift(policy: &str, page: &str, more: &[&str]) -> Vec<Value> {
    drift_of_file(policy, "page.md", page, more)
}

/// What differs between a policy and a page in a file of this name.
pub(crate) fn drift_of_file(policy: &str, name: &str, page: &str, more: &[&str]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let page = file(&folder, name, page);
    let output =
        whyfor(&[&["notice", policy, "--check", &page, "--format", "json"], more].concat());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    });
    let found = json["drift"].as_array().unwrap().clone();
    assert_eq!(output.status.code(), Some(i32::from(!found.is_empty())));
    found
}

/// The draft of a page, which must compile.
#[track_caller]
pub(crate) fn draft_of(name: &str, page: &str, words: &str, status: i32) -> String {
    let folder = tempfile::tempdir().unwrap();
    let page = file(&folder, name, page);
    let words = file(&folder, "words.yaml", words);
    let draft = out(&["import", "list", &page, "--labels", &words], status);
    let policy = file(&folder, "draft.why", &draft);
    out(&["check", &policy], 0);
    out(&["fmt", "--check", &policy], 0);
    draft
}

/// The statements of a draft, each in one line, without comments.
pub(crate) fn statements(draft: &str) -> Vec<String> {
    let mut statements: Vec<String> = Vec::new();
    let mut is_in_section = false;
    for line in draft.lines() {
        let text = line.trim();
        is_in_section |= text.starts_with("section ");
        let starts = ["collect ", "use ", "share ", "never ", "require "];
        if !is_in_section || text.starts_with("//") || text.is_empty() {
            continue;
        }
        if starts.iter().any(|start| text.starts_with(start)) {
            statements.push(text.to_owned());
        } else if let (Some(last), true) = (statements.last_mut(), line.starts_with("        ")) {
            *last += &format!(" {text}");
        }
    }
    statements
}

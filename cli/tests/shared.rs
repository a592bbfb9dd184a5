//! A file that several policies read, in an editor: what is changed for one of them is kept for the others.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod editor;
mod folder;

use editor::Editor;
use serde_json::{Value, json};

/// What both policies read.
const COMMON: &str = "category dna\npurpose ads\nduty deidentify\nuse dna for ads\n\
                      require deidentify to use dna for ads\n";
/// It has the duty by itself, so that of the shared file is too much for it.
const CLINIC: &str =
    "policy clinic\nimport \"common.why\"\nrequire deidentify to use dna for ads\n";
/// It has the duty from the shared file alone.
const APP: &str = "policy app\nimport \"common.why\"\n";
/// It has it by itself too.
const SHOP: &str =
    "policy shop\nimport \"common.why\"\nrequire deidentify to use dna for ads, ads\n";

/// An editor with these policies, of which `clinic.why` and what it reads are open.
fn editor(others: &[(&str, &str)], shows_disabled: bool) -> Editor {
    let files = [&[("common.why", COMMON), ("clinic.why", CLINIC)], others].concat();
    let action = json!({ "codeAction": { "disabledSupport": shows_disabled } });
    let mut editor = Editor::with(&files, json!({ "textDocument": action }));
    editor.open("clinic.why");
    editor.open("common.why");
    editor
}

/// The actions for the duty of the shared file, once so many policies find it to be too much.
fn actions(editor: &mut Editor, finders: usize) -> Vec<Value> {
    let found = editor.until("common.why", &vec![("W0701", 4); finders]);
    let mut params = editor.document("common.why");
    params["range"] = found[0]["range"].clone();
    params["context"] = json!({ "diagnostics": found });
    editor.ask("textDocument/codeAction", params).as_array().unwrap().clone()
}

#[test]
fn a_fix_that_takes_a_duty_from_another_policy_says_why_it_is_not_made() {
    let actions = actions(&mut editor(&[("app.why", APP)], true), 1);
    assert_eq!(actions.len(), 1, "{actions:?}");
    assert!(actions[0].get("edit").is_none(), "{}", actions[0]);
    let reason = actions[0]["disabled"]["reason"].as_str().unwrap();
    assert!(reason.contains("app.why` reads it too"), "{reason}");
}

#[test]
fn a_client_that_shows_no_reasons_is_not_offered_what_is_not_made() {
    assert_eq!(actions(&mut editor(&[("app.why", APP)], false), 1), [] as [Value; 0]);
}

#[test]
fn a_fix_that_all_readers_agree_to_is_made() {
    let actions = actions(&mut editor(&[("shop.why", SHOP)], true), 2);
    assert!(actions[0].get("disabled").is_none(), "{}", actions[0]);
    assert!(actions[0]["edit"].is_object());
}

#[test]
fn what_another_policy_says_in_the_editor_counts_and_not_what_it_says_on_disk() {
    let mut editor = editor(&[("shop.why", SHOP)], true);
    editor.open("shop.why");
    editor.replace("shop.why", "require deidentify to use dna for ads, ads\n", "");
    assert!(actions(&mut editor, 1)[0].get("edit").is_none());
}

#[test]
fn a_fix_is_not_made_where_another_policy_may_read_the_file_and_has_mistakes() {
    let mut editor = editor(&[("app.why", "policy app\nimport \"common.why\"\nuse x for")], true);
    let actions = actions(&mut editor, 1);
    let reason = actions[0]["disabled"]["reason"].as_str().unwrap();
    assert!(reason.contains("has mistakes"), "{reason}");
}

#[test]
fn a_rename_goes_through_every_policy_that_reads_a_file_that_it_changes() {
    let uses = "policy app\nimport \"common.why\"\nimport \"more.why\"\nuse dna for ads\n";
    let more = "never use dna for ads\n";
    let mut editor = editor(&[("app.why", uses), ("more.why", more)], false);
    let mut rename = editor.at("clinic.why", "dna", 0);
    rename["newName"] = json!("genome");
    let answer = editor.ask("textDocument/rename", rename);
    let changes = answer["changes"].as_object().unwrap();
    let mut files: Vec<&str> = changes.keys().map(|uri| uri.rsplit('/').next().unwrap()).collect();
    files.sort_unstable();
    assert_eq!(files, ["app.why", "clinic.why", "common.why", "more.why"]);
    assert_eq!(changes[&editor.uri("common.why")].as_array().unwrap().len(), 3);
}

#[test]
fn a_rename_that_would_collide_in_another_policy_is_refused() {
    let other = "policy app\nimport \"common.why\"\ncategory genome\nuse genome for ads\n";
    let mut editor = editor(&[("app.why", other)], false);
    let mut rename = editor.at("clinic.why", "dna", 0);
    rename["newName"] = json!("genome");
    let answer = editor.answer("textDocument/rename", rename);
    assert!(answer["error"]["message"].as_str().unwrap().contains("mean something else"));
}

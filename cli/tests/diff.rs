//! `whyfor diff` as a user runs it: two files, a file and a revision, every format.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

const SHOP: &str = "policy shop
category contact { email phone }
purpose service { login billing }
purpose marketing { newsletter ads }
recipient partners
fact consent per purpose
use contact for service
";

struct Shop(tempfile::TempDir);

impl Shop {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        let mut command = Command::new("git");
        command.arg("-C").arg(self.0.path()).args(identity).args(arguments);
        assert!(command.output().unwrap().status.success(), "{arguments:?}");
    }
}

fn whyfor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whyfor")).args(arguments).output().unwrap()
}

#[track_caller]
fn out(arguments: &[&str], status: i32) -> String {
    let output = whyfor(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(status), "{text}{errors}");
    text
}

#[test]
fn a_change_is_shown_with_what_was_before_and_who_did_it() {
    let shop = Shop::new();
    let old = shop.file("old.why", SHOP);
    let more = "use contact for marketing when consent\nshare email with partners for billing\n";
    let new = shop.file("new.why", &format!("{SHOP}{more}"));
    let text = out(&["diff", &old, &new], 1);
    for line in [
        "now allowed\n  share email with partners for billing\n    before  denied\n",
        "  use contact for marketing when consent\n    before  denied\n    added  new.why:8  use contact for marketing when consent\n    such as use contact.email for marketing.newsletter given consent=yes\n",
        "\n10 decisions changed; the new policy is more permissive\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert!(!text.contains('\u{1b}'), "no colour where there is no terminal");
    // In the other direction, nothing is more permissive.
    let text = out(&["diff", &new, &old], 0);
    assert!(text.contains("no longer allowed\n  share email"), "{text}");
    assert_eq!(out(&["diff", &old, &old], 0), format!("{old} → {old}\n\nno decision changed\n"));
}

#[test]
fn programs_read_every_name() {
    let shop = Shop::new();
    let old = shop.file("old.why", SHOP);
    let new =
        shop.file("new.why", &SHOP.replace("contact for", "email for").replace("ads }", "spam }"));
    let json: Value =
        serde_json::from_str(&out(&["diff", &old, &new, "--format", "json"], 0)).unwrap();
    assert_eq!(json["more_permissive"], false);
    let change = &json["changes"][0];
    assert_eq!((&change["kind"], &change["act"]), (&"denied".into(), &"use".into()));
    assert_eq!(change["categories"]["all"], serde_json::json!(["contact", "contact.phone"]));
    assert_eq!(change["categories"]["words"], serde_json::json!(["phone"]));
    assert_eq!(change["categories"]["wholes"], serde_json::json!(["contact"]));
    assert_eq!(change["causes"][0]["kind"], "removed");
    let names: Vec<&Value> = json["names"].as_array().unwrap().iter().map(|n| &n["text"]).collect();
    assert_eq!(names, ["purpose `marketing.spam` appeared", "purpose `marketing.ads` vanished"]);
}

#[test]
fn texts_that_changed_are_told_in_a_part_of_their_own() {
    let shop = Shop::new();
    let old = shop.file("old.why", "policy p \"List\" category email \"Email\"\n");
    let label = "\"Email and `home` | address\" open";
    let new = shop.file("new.why", &format!("policy p \"List\" category email {label}\n"));
    let text = out(&["diff", &old, &new], 0);
    let part = "\nwording\n  category `email`: label was \"Email\" and is now \"Email and `home` | address\"\n  category `email` is now open\n";
    assert!(text.contains(part), "{text}");
    assert!(text.ends_with("\nno decision changed, 2 texts changed\n"), "{text}");
    for format in ["markdown", "html"] {
        let shown = out(&["diff", &old, &new, "--format", format], 0);
        assert!(
            shown.to_lowercase().contains("wording") && shown.contains("is now open"),
            "{shown}"
        );
    }
    let json: Value =
        serde_json::from_str(&out(&["diff", &old, &new, "--format", "json"], 0)).unwrap();
    assert_eq!(json["wording"][0]["part"], "label");
    assert_eq!(json["wording"][1]["after"], "yes");
}

#[test]
fn fail_on_chooses_which_changes_give_exit_status_one() {
    let shop = Shop::new();
    let old = shop.file("old.why", SHOP);
    let relabelled = shop.file("new.why", &SHOP.replace("policy shop", "policy shop \"List\""));
    let wider = shop.file("wider.why", &SHOP.replace("for service", "for service, ads"));
    for (new, fail_on, status) in [
        (&relabelled, "permissive", 0),
        (&relabelled, "wording", 1),
        (&relabelled, "permissive,wording", 1),
        (&wider, "permissive", 1),
        (&wider, "wording", 0),
        (&wider, "wording,permissive", 1),
    ] {
        out(&["diff", &old, new, "--fail-on", fail_on], status);
    }
}

#[test]
fn labels_are_shown_below_a_change() {
    let shop = Shop::new();
    let head = "policy p category email \"Email address\" method form \"Form\" purpose login\n";
    let old = shop.file("old.why", head);
    let new = shop.file("new.why", &format!("{head}collect email by form for login\n"));
    let text = out(&["diff", &old, &new], 1);
    let change = "  collect and use email by form for login\n    labels  Email address; by: Form\n    before  denied\n";
    assert!(text.contains(change), "{text}");
}

#[test]
fn every_format_shows_the_same_changes() {
    let shop = Shop::new();
    let old = shop.file("old.why", SHOP);
    let new = shop.file("new.why", &SHOP.replace("contact for service", "email for service, ads"));
    let shown = |format: &str| out(&["diff", &old, &new, "--format", format], 1);
    let json: Value = serde_json::from_str(&shown("json")).unwrap();
    let changes = json["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 2);
    for format in ["text", "markdown", "html"] {
        for change in changes {
            let (_, text) = change["text"].as_str().unwrap().split_once(": ").unwrap();
            assert!(shown(format).contains(text), "{format}: {text}");
        }
    }
}

#[test]
fn every_format_counts_each_decision_once() {
    let shop = Shop::new();
    let head = "policy p category c category d purpose s1 purpose s2\n";
    let old = shop.file("old.why", &format!("{head}never use * for *\n"));
    let permits = "use c for s1\nuse d for s2\nuse c, d for s1\n";
    let new = shop.file("new.why", &format!("{head}{permits}"));
    let shown = |format: &str| out(&["diff", &old, &new, "--format", format], 1);
    for format in ["text", "markdown", "html"] {
        assert!(shown(format).contains("3 decisions changed"), "{}", shown(format));
    }
    let page = shown("html");
    let counts = page.split("<dt>decisions</dt><dd>").skip(1);
    let counts = counts.map(|rest| rest.split('<').next().unwrap().parse::<usize>().unwrap());
    assert_eq!(counts.sum::<usize>(), 3, "{page}");
    let json: Value = serde_json::from_str(&shown("json")).unwrap();
    let each = json["changes"].as_array().unwrap().iter().map(|c| c["decisions"].as_u64().unwrap());
    assert_eq!((&json["decisions"], each.sum::<u64>()), (&3.into(), 3), "{json}");
}

#[test]
fn a_page_of_too_many_changes_says_how_many_more_there_are() {
    let shop = Shop::new();
    let mut text = "policy p\n".to_owned();
    text.extend((0..70).map(|number| format!("category c{number} purpose p{number}\n")));
    let old = shop.file("old.why", &text);
    for (c, p) in (0..70).flat_map(|c| (0..70).map(move |p| (c, p))) {
        text += &format!("use c{c} for p{p} retain {} days\n", 1 + c * 70 + p);
    }
    let new = shop.file("new.why", &text);
    let output = whyfor(&["diff", &old, &new, "--format", "html"]);
    let (page, errors) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(page.matches("<article>").count(), 3_000);
    let more = "The page would be too large with 1,900 more changes: `--format json` has all.";
    assert!(page.contains(more) && page.contains("4900 decisions changed"), "{errors}");
    assert_eq!(errors, format!("left out: {more}\n"));
}

#[test]
fn pages_and_comments_keep_what_a_policy_says_as_text() {
    let shop = Shop::new();
    let field = "field \"<b>|`x`\" is email\n";
    let old = shop.file("old.why", SHOP);
    let new = shop.file("new.why", &format!("{SHOP}{field}"));
    let markdown = out(&["diff", &old, &new, "--format", "markdown"], 1);
    assert!(markdown.starts_with("### Policy changes: `"), "{markdown}");
    assert!(markdown.contains("| `` use \"<b>\\|`x`\" for service `` | `denied` |"), "{markdown}");
    let page = out(&["diff", &old, &new, "--format", "html"], 1);
    assert!(page.contains("use &quot;&lt;b&gt;|`x`&quot; for service"), "{page}");
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(!page.contains("<b>|") && !page.contains("{{") && !page.contains("<script"));
}

#[test]
fn a_file_is_compared_with_itself_at_a_revision_imports_included() {
    let shop = Shop::new();
    let root = SHOP.replace("policy shop\n", "policy shop\nimport \"more/people.why\"\n");
    let policy = shop.file("policies/shop.why", &root);
    shop.file("policies/more/people.why", "use email for ads\n");
    shop.git(&["init", "-q"]);
    shop.git(&["add", "-A"]);
    shop.git(&["commit", "-q", "-m", "first"]);
    assert!(out(&["diff", "--git", "HEAD", &policy], 0).contains("no decision changed"));
    shop.file("policies/more/people.why", "use contact for ads\n");
    let text = out(&["diff", "--git", "HEAD", &policy], 1);
    assert!(text.starts_with(&format!("{policy} at HEAD → {policy}\n")), "{text}");
    assert!(text.contains("added  more/people.why:1  use contact for ads"), "{text}");
    // A file or a revision that does not exist is reported.
    let root = root.replace("people", "others");
    shop.file("policies/more/others.why", "use contact for ads\n");
    shop.file("policies/shop.why", &root);
    shop.git(&["add", "-A"]);
    shop.git(&["commit", "-q", "-m", "second"]);
    shop.git(&["rm", "-q", "-f", "policies/more/others.why"]);
    shop.git(&["commit", "-q", "-m", "third"]);
    shop.file("policies/more/others.why", "use contact for ads\n");
    let output = whyfor(&["diff", "--git", "HEAD", &policy]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("the revision has no such file"), "{errors}");
    for revision in ["nowhere", "--help", "HEAD:policies"] {
        let output = whyfor(&["diff", &format!("--git={revision}"), &policy]);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(&format!("`git` knows no revision `{revision}`")), "{errors}");
    }
}

#[test]
fn wrong_usage_says_what_to_name() {
    let shop = Shop::new();
    let old = shop.file("old.why", SHOP);
    let broken = shop.file("broken.why", &SHOP.replace("contact for", "contcat for"));
    let artifact = Path::new(&old).with_extension("whyc").to_str().unwrap().to_owned();
    out(&["compile", &old, "--output", &artifact], 0);
    for (arguments, message) in [
        (vec!["diff", &old], "name the old policy and the new one, or a revision with `--git REV`"),
        (vec!["diff", "--git", "HEAD", &old, &old], "`--git` compares one file with itself"),
        (vec!["diff", &artifact, &old], "is an artifact: compare the `.why` files"),
        (vec!["diff", &old, &broken], "no category is named `contcat`"),
    ] {
        let output = whyfor(&arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains(message), "{errors}");
    }
}

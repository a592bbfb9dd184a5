//! `whyfor log summary` and `whyfor log replay`, over logs that a service wrote.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;
use whyfor::{Facts, Policy, Question};
use whyfor_serve::{BytesSource, DecisionLog, JsonLines, LogOptions, PolicyStore, Trust};

const POLICY: &str = "policy shop { closed }
category contact { email phone } category health
method form purpose login purpose ads
fact consent fact age: number
field \"both_*\" is health field \"*_both\" is phone
collect email by form for login
use contact for login
use email for ads when consent
never use health for ads
end
";

/// A folder with a policy and the log of a service that asked it: each question so often.
fn service(questions: &[(u32, Question<'_>)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shop.why"), POLICY).unwrap();
    // From a file, so that statements have its name.
    let policy = Arc::new(Policy::from_path(folder.path().join("shop.why")).unwrap());
    let shop = PolicyStore::new();
    let shop = shop.add("shop", BytesSource::new(policy), Trust::unsigned()).unwrap();
    let sink = JsonLines::new(folder.path().join("log")).unwrap();
    let log = DecisionLog::new(sink, LogOptions::default()).unwrap();
    let live = shop.snapshot();
    for (count, question) in questions {
        for number in 0..*count {
            let mut request = log.context(live.version()).with("request", number.to_string());
            request.ask(question, Facts::none());
        }
    }
    folder
}

/// The exit status, and what was printed on both streams.
fn whyfor(folder: &TempDir, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
    let output = command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap();
    let [out, error] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), out + &error)
}

fn everything() -> TempDir {
    service(&[
        (5, Question::usage("email", "login")),
        (4, Question::usage("health", "ads")),
        (3, Question::usage("email", "ads")),
        (2, Question::usage("ada@example.org", "ads")),
        (1, Question::collect_by_any("phone", "login")),
    ])
}

/// A policy beside the log, with one change.
fn changed(folder: &TempDir, from: &str, to: &str) {
    assert!(POLICY.contains(from));
    fs::write(folder.path().join("new.why"), POLICY.replace(from, to)).unwrap();
}

#[test]
fn a_summary_counts_what_was_denied_by_question_and_statement() {
    let folder = everything();
    let (status, printed) = whyfor(&folder, &["log", "summary", "log"]);
    assert_eq!(status, 0, "{printed}");
    let lines: Vec<&str> = printed.lines().filter(|line| !line.starts_with("from ")).collect();
    let expected = "15 decisions, by 1 version

        5  allow
        3  depends
        7  deny

        4  deny     use health for ads
                    shop: never (shop.why:9)
        3  depends  use contact.email for ads
                    shop: needs consent (shop.why:8)
        2  deny     use (unknown) for ads
                    shop: unknown_field
        1  deny     collect contact.phone for login
                    shop: no_permit";
    assert_eq!(lines.join("\n"), expected);
}

#[test]
fn a_summary_shows_as_many_lines_as_were_asked_for_and_says_that_there_are_more() {
    let (_, printed) = whyfor(&everything(), &["log", "summary", "log", "--top", "1"]);
    assert!(printed.contains("health") && !printed.contains("phone"), "{printed}");
    assert!(printed.contains("and 3 more: `--top 4` shows them"), "{printed}");
}

#[test]
fn a_summary_is_data_for_programs() {
    let folder = everything();
    let (_, printed) = whyfor(&folder, &["log", "summary", "log", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&json["decisions"], &json["verdicts"]["deny"]), (&15.into(), &7.into()));
    assert_eq!(json["denials"][0]["count"], 4);
    assert_eq!(json["denials"][0]["question"], "use health for ads");
}

#[test]
fn the_same_policy_changes_nothing_but_names_that_are_not_in_the_log_are_not_asked() {
    let folder = everything();
    let (status, printed) = whyfor(&folder, &["log", "replay", "log", "--policy", "shop.why"]);
    assert!(printed.contains("       13  the same\n        0  change\n"), "{printed}");
    assert!(printed.contains("        2  not asked"), "{printed}");
    assert_eq!(status, 1, "{printed}"); // two decisions were not asked

    let folder = service(&[(3, Question::usage("email", "ads"))]);
    let (status, printed) = whyfor(&folder, &["log", "replay", "log", "--policy", "shop.why"]);
    assert_eq!(status, 0, "{printed}");
}

#[test]
fn a_replay_says_which_answers_change_and_why() {
    let folder = everything();
    changed(
        &folder,
        "collect email by form for login\nuse contact for login",
        "use phone for login",
    );
    let (status, printed) = whyfor(&folder, &["log", "replay", "log", "--policy", "new.why"]);
    assert_eq!(status, 1);
    let expected = "        5  allow → deny  use contact.email for login
           no statement permits it for `contact.email`, `login`\n";
    assert!(printed.contains(expected), "{printed}");
    let (_, printed) =
        whyfor(&folder, &["log", "replay", "log", "--policy", "new.why", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!((&json["same"], &json["changes"]), (&8.into(), &5.into()));
    assert_eq!(
        (&json["decisions"][0]["result"], &json["decisions"][0]["to"]),
        (&"changes".into(), &"deny".into())
    );
}

#[test]
fn an_answer_that_depends_on_other_facts_than_before_may_change() {
    let folder = everything();
    changed(&folder, "when consent", "when consent and age >= 18");
    let (status, printed) = whyfor(&folder, &["log", "replay", "log", "--policy", "new.why"]);
    assert_eq!(status, 1);
    let expected = "        3  depends → depends  use contact.email for ads
           allowed when consent and age >= 18\n";
    assert!(printed.contains(expected), "{printed}");
}

#[test]
fn without_the_policy_that_decided_an_answer_that_depends_may_change() {
    let folder = service(&[(3, Question::usage("email", "ads"))]);
    fs::remove_dir_all(folder.path().join("log/policies")).unwrap();
    let (status, printed) = whyfor(&folder, &["log", "replay", "log", "--policy", "shop.why"]);
    assert_eq!(status, 1);
    assert!(printed.contains("        3  may change"), "{printed}");
    // A kept policy under the digest of another one says as little.
    let log = fs::read_to_string(folder.path().join("log/decisions.jsonl")).unwrap();
    let json: serde_json::Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    let digest = json["digest"].as_str().unwrap();
    fs::create_dir(folder.path().join("log/policies")).unwrap();
    changed(&folder, "when consent", "when not consent");
    let other = format!("log/policies/{digest}.whyc");
    assert_eq!(whyfor(&folder, &["compile", "new.why", "--output", &other]).0, 0);
    let (status, printed) = whyfor(&folder, &["log", "replay", "log", "--policy", "new.why"]);
    assert_eq!(status, 1);
    assert!(printed.contains("        3  may change"), "{printed}");
}

#[test]
fn all_categories_of_a_field_must_still_be_allowed() {
    let folder = service(&[(1, Question::usage("both_both", "login"))]);
    changed(&folder, "use contact for login", "use health for login");
    let (_, printed) = whyfor(&folder, &["log", "replay", "log", "--policy", "new.why"]);
    assert!(printed.contains("        1  the same"), "{printed}");
    changed(&folder, "use contact for login", "use health, phone for login");
    let (_, printed) = whyfor(&folder, &["log", "replay", "log", "--policy", "new.why"]);
    assert!(printed.contains("deny → allow  use contact.phone and health for login"), "{printed}");
    let now = "use contact for login use health for login when consent";
    changed(&folder, "use contact for login", now);
    let (_, printed) = whyfor(&folder, &["log", "replay", "log", "--policy", "new.why"]);
    assert!(printed.contains("allowed when consent\n"), "{printed}");
}

#[test]
fn of_a_log_of_several_policies_one_is_named() {
    let folder = service(&[(3, Question::usage("email", "login"))]);
    let file = folder.path().join("log/decisions.jsonl");
    let log = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{log}{}", log.replacen("\"shop\"", "\"bank\"", 1))).unwrap();
    let replay = ["log", "replay", "log", "--policy", "shop.why"];
    let (status, printed) = whyfor(&folder, &replay);
    assert_eq!(status, 2);
    assert!(printed.contains("name one of `bank`, `shop` by `--name`"), "{printed}");
    let (status, printed) = whyfor(&folder, &[&replay[..], &["--name", "bank"]].concat());
    assert_eq!((status, printed.contains("1 decision")), (0, true), "{printed}");
    let (status, printed) = whyfor(&folder, &[&replay[..], &["--name", "mill"]].concat());
    assert_eq!((status, printed.contains("no decision of `mill`")), (2, true), "{printed}");
}

#[test]
fn lines_that_are_no_decisions_are_told_with_their_places() {
    let folder = everything();
    let file = folder.path().join("log/decisions.jsonl");
    let mut bytes = fs::read(&file).unwrap();
    bytes.extend_from_slice(b"{\"time\":\n\xff\xfe\n\n");
    bytes.extend(std::iter::repeat_n(b'[', 3 << 20));
    fs::write(&file, bytes).unwrap();
    for command in
        [&["log", "summary", "log"][..], &["log", "replay", "log", "--policy", "shop.why"]]
    {
        let (status, printed) = whyfor(&folder, command);
        assert_eq!(status, 1);
        let expected = "3 lines that are not decisions were not read: log/decisions.jsonl:16, \
                        log/decisions.jsonl:17, log/decisions.jsonl:19";
        assert!(printed.contains(expected), "{printed}");
        assert!(printed.contains("15 decisions"), "{printed}");
    }
}

#[test]
fn a_folder_without_a_log_and_a_file_that_is_not_there_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let (status, printed) = whyfor(&folder, &["log", "summary", "."]);
    assert_eq!((status, printed.contains("no log is in `.`")), (2, true), "{printed}");
    let (status, printed) = whyfor(&folder, &["log", "summary", "nothing.jsonl"]);
    assert_eq!((status, printed.contains("nothing.jsonl")), (2, true), "{printed}");
}

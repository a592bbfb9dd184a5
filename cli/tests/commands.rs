//! The commands as a user runs them: what they print, what they write, and how they end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const SHOP: &str = r#"policy shop "Shop list" { version "2026-01" controller "Example Ltd" }
tag sensitive
category contact "Contact details" { email "Email address" phone #sensitive }
method provided  purpose service { login }  purpose marketing { newsletter ads }
recipient partners
fact consent per purpose  fact age: number  fact region: one of eu, us
duty deidentify
field "*_email" is email
section account "Account" {
    collect contact by provided for login
}
section marketing "Marketing" {
    use email for newsletter
        when consent and age >= 18
        then deidentify retain 30 days
    never use #sensitive for marketing
}
expect {
    allow collect email by provided for login
    depends use email for newsletter
}
"#;

/// A temporary folder.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("whyfor-cli-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn whyfor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whyfor")).args(arguments).output().unwrap()
}

/// Standard output; the exit status must be this one.
#[track_caller]
fn out(arguments: &[&str], status: i32) -> String {
    let output = whyfor(arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{text}{errors}");
    text
}

/// Standard error, with status 2 and nothing on standard output.
#[track_caller]
fn error(arguments: &[&str]) -> String {
    let output = whyfor(arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    errors
}

fn drun() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/drun.why");
    path.to_str().unwrap().to_owned()
}

#[test]
fn check_compiles_and_verifies_the_expectations() {
    let folder = Folder::new("check");
    let good = folder.file("shop.why", SHOP);
    let text = out(&["check", good.to_str().unwrap()], 0);
    assert!(
        text.contains("4 statements, 2 expectations hold")
            || text.contains("3 statements, 2 expectations hold"),
        "{text}"
    );
    assert!(text.contains("digest "), "{text}");

    let failing = folder.file("failing.why", SHOP.replace("depends use", "deny use"));
    let output = whyfor(&["check", failing.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(errors.contains("error[E0501]: expected deny, but `use contact.email for marketing.newsletter` is depends"), "{errors}");

    let broken = folder.file("broken.why", SHOP.replace("use email", "use emial"));
    let errors = error(&["check", broken.to_str().unwrap()]);
    assert!(errors.contains("error[E0201]: no category is named `emial`"), "{errors}");
    assert!(errors.contains("did you mean `contact.email`?"), "{errors}");
    assert!(!errors.contains('\u{1b}'), "no colour where there is no terminal");
}

#[test]
fn the_first_policy_keeps_its_expectations() {
    let text = out(&["check", &drun()], 0);
    let count = text.split(" expectations hold").next().unwrap().rsplit(' ').next().unwrap();
    assert!(count.parse::<usize>().unwrap() >= 40, "{text}");
}

#[test]
fn check_reports_for_programs_code_scanning_and_pull_requests() {
    let folder = Folder::new("formats");
    let broken = folder.file("broken.why", SHOP.replace("use email", "use emial"));
    let path = broken.to_str().unwrap();
    let json: Value = serde_json::from_str(&out(&["check", path, "--format", "json"], 2)).unwrap();
    let first = &json["diagnostics"][0];
    assert_eq!(first["code"], "E0201");
    assert_eq!(
        (
            first["place"]["file"].as_str(),
            first["place"]["line"].as_u64(),
            first["place"]["column"].as_u64()
        ),
        (Some(path), Some(13), Some(9))
    );
    let sarif: Value =
        serde_json::from_str(&out(&["check", path, "--format", "sarif"], 2)).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["results"][0]["ruleId"], "E0201");
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "E0201");
    assert_eq!(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"], 13);
    let github = out(&["check", path, "--format", "github"], 2);
    let start = format!(
        "::error file={path},line=13,endLine=13,col=9,endColumn=14,title=whyfor E0201::no category is named `emial`"
    );
    assert!(github.starts_with(&start), "{github}");
    let good = folder.file("good.why", SHOP);
    let json: Value =
        serde_json::from_str(&out(&["check", good.to_str().unwrap(), "--format", "json"], 0))
            .unwrap();
    assert_eq!(json["policies"][0]["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn ask_says_the_verdict_why_and_what_would_change_it() {
    let folder = Folder::new("ask");
    let shop = folder.file("shop.why", SHOP);
    let shop = shop.to_str().unwrap();
    let allowed =
        out(&["ask", shop, "collect", "work_email", "--by", "provided", "--for", "login"], 0);
    assert!(allowed.starts_with("ALLOW  collect work_email by provided for login\n"), "{allowed}");
    assert!(allowed.contains("10 │ collect contact by provided for login"), "{allowed}");

    let depends = out(&["ask", shop, "use", "email", "--for", "newsletter", "--fact", "age=20"], 3);
    for line in [
        "it depends on `consent`",
        "this permits it if its condition holds (shop.why:13, section “Marketing”)",
        "    14 │     when consent and age >= 18",
        "`--fact consent=newsletter` would allow it",
        "duties     deidentify",
        "retention  30 days",
    ] {
        assert!(depends.contains(line), "{line}\n{depends}");
    }
    let facts = ["--fact", "age=20", "--fact", "consent=marketing"];
    let now = out(&[&["ask", shop, "use", "email", "--for", "newsletter"], &facts[..]].concat(), 0);
    assert!(now.starts_with("ALLOW"), "{now}");
    let facts = ["--fact", "consent!=newsletter"];
    let refused =
        out(&[&["ask", shop, "use", "email", "--for", "newsletter"], &facts[..]].concat(), 1);
    assert!(refused.contains("its condition is no"), "{refused}");

    let denied = out(&["ask", shop, "use", "phone", "--for", "ads"], 1);
    assert!(
        denied.contains("this forbids it") && denied.contains("never use #sensitive for marketing"),
        "{denied}"
    );
    let denied = out(&["ask", shop, "use", "email", "--for", "ads"], 1);
    assert!(
        denied.contains("no statement permits it for `contact.email`, `marketing.ads`"),
        "{denied}"
    );
    assert!(denied.contains("it is allowed for `service.login`"), "{denied}");
    let unknown = out(&["ask", shop, "use", "emial", "--for", "login"], 1);
    assert!(
        unknown.contains("no field or category is named `emial`\n  perhaps `contact.email`"),
        "{unknown}"
    );
}

#[test]
fn ask_answers_in_json_with_the_digest() {
    let text = out(&["ask", &drun(), "use", "email", "--for", "login", "--format", "json"], 0);
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["decision"], "allow");
    assert_eq!(answer["digest"].as_str().unwrap().len(), 64);
    assert_eq!(answer["reasons"][0]["kind"], "permit");
    assert_eq!(answer["reasons"][0]["file"], "drun.why");
}

#[test]
fn wrong_usage_says_what_is_wrong() {
    let folder = Folder::new("usage");
    let shop = folder.file("shop.why", SHOP);
    let shop = shop.to_str().unwrap();
    for (arguments, message) in [
        (
            &["ask", shop, "collect", "email", "--with", "courier", "--for", "login"][..],
            "`--with` goes with `share` alone",
        ),
        (
            &["ask", shop, "use", "email", "--by", "provided", "--for", "login"],
            "`--by` goes with `collect` alone",
        ),
        (
            &["ask", shop, "use", "email", "--for", "login", "--fact", "age"],
            "`--fact age` is no fact",
        ),
        (
            &["ask", shop, "use", "email", "--for", "login", "--fact", "aeg=3"],
            "no fact `aeg`: perhaps `age`",
        ),
        (
            &["ask", shop, "use", "email", "--for", "login", "--fact", "age=old"],
            "the fact `age` takes a number, and `old` is no number",
        ),
        (
            &["ask", shop, "use", "email", "--for", "login", "--fact", "region=mars"],
            "it is one of `eu`, `us`",
        ),
        (
            &["ask", shop, "use", "email", "--for", "login", "--fact", "consent=nowhere"],
            "names no purpose",
        ),
        (
            &["fields", shop, "--for", "logni"],
            "no purpose is named `logni`: perhaps `service.login`",
        ),
        (&["check", "no/such/file.why"], "there is no such file"),
        (&["check", "no/such/file.whyc"], "cannot read the artifact"),
        (&["explain", "E9999"], "there is no code `E9999`"),
    ] {
        let errors = error(arguments);
        assert!(errors.contains(message), "{message}\n{errors}");
    }
}

#[test]
fn the_recipients_of_a_field_are_those_that_may_get_it() {
    let folder = Folder::new("recipients");
    let policy = folder.file(
        "p.why",
        "policy p category email category phone recipient bank { branch } recipient courier \
         purpose billing purpose ads fact consent \
         share email with bank for billing share email with courier for billing when consent \
         share phone with * for ads",
    );
    let policy = policy.to_str().unwrap();
    let paths = |arguments: &[&str], status| {
        let text = out(arguments, status);
        let json: Value = serde_json::from_str(&text).unwrap();
        let rows = json.as_array().unwrap().iter();
        rows.map(|row| {
            (row["path"].as_str().unwrap().to_owned(), row["decision"].as_str().unwrap().to_owned())
        })
        .collect::<Vec<_>>()
    };
    let pairs = |list: &[(&str, &str)]| {
        list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
    };
    let email = ["recipients", policy, "--field", "email", "--for", "billing", "--format", "json"];
    let expected = [("bank", "allow"), ("bank.branch", "allow"), ("courier", "depends")];
    assert_eq!(paths(&email, 0), pairs(&expected));
    let all = [&email[..], &["--all", "--fact", "consent=yes"]].concat();
    let expected =
        [("*", "deny"), ("bank", "allow"), ("bank.branch", "allow"), ("courier", "allow")];
    assert_eq!(paths(&all, 0), pairs(&expected));
    let phone = ["recipients", policy, "--field", "phone", "--for", "ads", "--format", "json"];
    assert_eq!(paths(&phone, 0)[0], ("*".to_owned(), "allow".to_owned()));
    let nobody = ["recipients", policy, "--field", "phone", "--for", "billing", "--format", "json"];
    assert_eq!(paths(&nobody, 1), []);
}

#[test]
fn without_a_method_a_question_is_about_any_and_with_a_star_too() {
    let folder = Folder::new("any");
    let policy = folder.file(
        "p.why",
        "policy p category email category phone method form method cookie purpose login \
         collect email for login collect phone by form, cookie for login",
    );
    let policy = policy.to_str().unwrap();
    for by in [&[][..], &["--by", "*"]] {
        let ask = |field| [&["ask", policy, "collect", field, "--for", "login"][..], by].concat();
        assert!(out(&ask("email"), 0).starts_with("ALLOW  collect email for login"));
        assert!(out(&ask("phone"), 1).contains("whatever the method or recipient"));
    }
    let fields = |by: &[&str]| {
        out(&[&["fields", policy, "--act", "collect", "--for", "login"][..], by].concat(), 0)
    };
    assert!(fields(&[]).contains("phone"), "by some method");
    assert!(!fields(&["--by", "*"]).contains("phone"), "by every method");
}

#[test]
fn the_inverse_questions_list_fields_and_purposes() {
    let folder = Folder::new("inverse");
    let shop = folder.file("shop.why", SHOP);
    let shop = shop.to_str().unwrap();
    let fields = out(&["fields", shop, "--for", "login"], 0);
    assert!(fields.contains("contact.email") && fields.contains("contact.phone"), "{fields}");
    let json: Value =
        serde_json::from_str(&out(&["purposes", shop, "--field", "email", "--format", "json"], 0))
            .unwrap();
    let paths: Vec<&str> =
        json.as_array().unwrap().iter().map(|row| row["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["service.login", "marketing.newsletter"]); // no statement is for `service` itself
    assert_eq!(json[1]["missing"], serde_json::json!(["consent", "age"]));
    assert_eq!(out(&["fields", shop, "--for", "ads"], 1), "nothing\n");
    let collected = out(&["fields", shop, "--for", "login", "--act", "collect"], 0);
    assert!(collected.contains("contact.email"), "{collected}");
}

#[test]
fn compile_writes_an_artifact_that_every_command_takes() {
    let folder = Folder::new("compile");
    let shop = folder.file("shop.why", SHOP);
    let artifact = folder.0.join("shop.whyc");
    let (shop, artifact) = (shop.to_str().unwrap(), artifact.to_str().unwrap());
    let said = out(&["compile", shop, "-o", artifact], 0);
    assert!(said.contains("digest"), "{said}");
    let question = ["use", "email", "--for", "newsletter"];
    assert_eq!(
        out(&[&["ask", shop], &question[..]].concat(), 3),
        out(&[&["ask", artifact], &question[..]].concat(), 3)
    );
    assert!(out(&["check", artifact], 0).contains("an artifact, whole"));
    assert_eq!(
        out(&["fields", shop, "--for", "login"], 0),
        out(&["fields", artifact, "--for", "login"], 0)
    );
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2, "no temporary file is left");

    let mut bytes = std::fs::read(artifact).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(artifact, &bytes).unwrap();
    assert!(error(&["check", artifact]).contains("damaged"));
    bytes.truncate(100);
    std::fs::write(artifact, &bytes).unwrap();
    assert!(error(&["ask", artifact, "use", "email", "--for", "login"]).contains("cut off"));
}

#[test]
fn compile_writes_nothing_if_an_expectation_fails_or_there_is_no_room() {
    let folder = Folder::new("nothing");
    let failing = folder.file("failing.why", SHOP.replace("depends use", "deny use"));
    let artifact = folder.0.join("failing.whyc");
    out(&["compile", failing.to_str().unwrap(), "-o", artifact.to_str().unwrap()], 1);
    assert!(!artifact.exists());
    let shop = folder.file("shop.why", SHOP);
    let errors = error(&["compile", shop.to_str().unwrap(), "-o", "/dev/full/x.whyc"]);
    assert!(errors.contains("cannot write `/dev/full/x.whyc`"), "{errors}");
    let nowhere = folder.0.join("no/folder/x.whyc");
    error(&["compile", shop.to_str().unwrap(), "-o", nowhere.to_str().unwrap()]);
}

#[test]
fn explain_teaches_every_code_and_completions_are_for_every_shell() {
    assert!(out(&["explain", "e0201"], 0).contains("E0201"));
    let all = out(&["explain"], 0);
    assert_eq!(all.lines().count(), whyfor::Code::ALL.len());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(out(&["completions", shell], 0).contains("whyfor"));
    }
}

// ── Batch ───────────────────────────────────────────────────────────────────────────────────────

fn batch(arguments: &[&str], input: &[u8]) -> (Vec<Value>, i32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_whyfor"))
        .arg("batch")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (lines, output.status.code().unwrap())
}

#[test]
fn batch_answers_every_line_and_names_those_that_are_no_questions() {
    let folder = Folder::new("batch");
    let shop = folder.file("shop.why", SHOP);
    let questions = br#"{"act":"collect","field":"email","by":"provided","for":"login"}
{"act":"use","field":"email","for":"newsletter","facts":{"age":20,"consent":{"yes":["marketing"],"no":["ads"]}}}

{"act":"use","field":"em\u0061il","for":"newsletter","facts":{"age":null}}
{"act":"use","field":"emial","for":"login"}
{"act":"use","field":"email","for":"login","facts":{"aeg":3}}
{"act":"use","field":"email","for":"login","facts":{"region":"mars"}}
not a question
{"act":"collect","field":"email","with":"courier","for":"login"}
{"act":"use","field":"email","for":"login","fact":{}}
{"act":"use","field":"phone","for":"ads"}
"#;
    let (answers, status) = batch(&[shop.to_str().unwrap()], questions);
    assert_eq!(status, 2);
    let decisions: Vec<&str> =
        answers.iter().map(|a| a["decision"].as_str().unwrap_or("error")).collect();
    assert_eq!(
        decisions,
        ["allow", "allow", "depends", "deny", "deny", "deny", "error", "error", "error", "deny"]
    );
    assert_eq!(
        answers[0]["reasons"],
        serde_json::json!([{"kind": "permit", "file": "shop.why", "line": 10, "section": "account"}])
    );
    assert_eq!(answers[1]["duties"], serde_json::json!(["deidentify"]));
    assert_eq!(answers[1]["retain_days"], 30);
    assert_eq!(answers[2]["missing"], serde_json::json!(["consent", "age"]));
    assert_eq!(
        answers[3]["reasons"],
        serde_json::json!([{"kind": "unknown_field", "name": "emial", "candidates": ["contact.email"]}])
    );
    assert_eq!(answers[4]["reasons"][0]["kind"], "unknown_fact");
    assert_eq!(answers[5]["reasons"][0]["kind"], "unknown_choice");
    assert_eq!([&answers[6]["line"], &answers[7]["line"], &answers[8]["line"]], [8, 9, 10]);
    assert_eq!(answers[9]["reasons"][0]["kind"], "never");
}

#[test]
fn batch_leaves_reasons_out_and_writes_the_digest_on_demand() {
    let question = br#"{"act":"use","field":"email","for":"login"}"#;
    let (answers, status) = batch(&[&drun(), "--reasons", "none", "--digest"], question);
    assert_eq!(status, 0);
    assert!(answers[0].get("reasons").is_none());
    assert_eq!(answers[0]["digest"].as_str().unwrap().len(), 64);
}

#[test]
fn batch_survives_hostile_lines() {
    let mut input = vec![b'{'; 100_000];
    input.extend(b"\n\xFF\xFE\n[");
    input.extend(vec![b'['; 100_000]);
    input.extend(b"\n{\"act\":\"use\",\"field\":\"");
    input.extend(vec![b'a'; 3_000_000]);
    input.extend(b"\",\"for\":\"login\"}\n");
    input.extend(b"{\"act\":\"use\",\"field\":\"user_name\",\"for\":\"login\"}\n");
    let (answers, status) = batch(&[&drun()], &input);
    assert_eq!(status, 2);
    assert_eq!(answers.len(), 5);
    assert!(answers[..4].iter().all(|answer| answer["error"].is_string()));
    assert_eq!(answers[3]["error"], "a question has at most 1048576 bytes");
    assert!(answers[4]["decision"].is_string(), "the next line is read from its start");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_whyfor"))
        .args(["batch", &drun()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let question = b"{\"act\":\"use\",\"field\":\"email\",\"for\":\"login\"}\n".repeat(10_000);
    let _ = child.stdin.take().unwrap().write_all(&question);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

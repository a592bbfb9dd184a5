//! `whyfor test`: which tests run, what is reported, which statements are covered; the JSON Schemas of
//! test files and labels, and the examples of their documentation.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod schema;

use schema::valid;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SHOP: &str = r#"policy shop "Shop"
category contact "Contact details" { email  phone }
method provided  purpose service { login  billing }  purpose marketing { newsletter  ads }
recipient courier
fact consent per purpose  fact age: number  fact region: one of eu, us  fact verified
duty deidentify  duty notify
field "*_email" is email
section account "Account" {
    collect contact by provided for service retain 90 days
}
use email for newsletter when consent and age >= 18 then deidentify
use phone for ads when verified and region is eu
share contact with courier for billing
never use phone for newsletter
require notify to share phone
expect { allow collect email by provided for login }
"#;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn whyfor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whyfor")).current_dir(root()).args(arguments).output().unwrap()
}

/// A folder with the shop's policy and a file of tests.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(tests: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.file("shop.why", SHOP);
        folder.file("shop.test.yaml", &format!("policy: shop.why\n{tests}"));
        folder
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Runs the tests: the exit status, standard output and error.
    fn run(&self, more: &[&str]) -> (i32, String, String) {
        let file = self.0.path().join("shop.test.yaml");
        let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
        let output =
            command.arg("test").arg(file).args(more).current_dir(&self.0).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn json(&self, more: &[&str]) -> Value {
        let (_, text, errors) = self.run(&[&["--format", "json"], more].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {errors}"))
    }
}

#[test]
fn each_part_of_an_answer_is_compared() {
    for (test, difference) in [
        ("ask: use a_email for login\n    expect: allow", ""),
        ("ask: use a_email for login\n    expect: deny", "expected deny, is allow"),
        ("ask: collect email by provided for login\n    expect: allow\n    retain_days: 90", ""),
        (
            "ask: collect email by provided for login\n    expect: allow\n    retain_days: null",
            "expected no retention, has retention of 90 days",
        ),
        ("ask: use email for newsletter\n    expect: depends\n    missing: [age, consent]", ""),
        (
            "ask: use email for newsletter\n    expect: depends\n    missing: []",
            "expected no missing facts, has missing facts age, consent",
        ),
        (
            "ask: use email for newsletter\n    facts: { consent: [newsletter], age: 20 }\n    expect: allow\n    duties: [deidentify]",
            "",
        ),
        (
            "ask: use email for newsletter\n    facts: { consent: newsletter, age: 20 }\n    expect: allow\n    duties: []",
            "expected no duties, has duties deidentify",
        ),
        (
            "ask: use email for newsletter\n    facts: { consent: { yes: marketing, no: [ads] }, age: 20 }\n    expect: allow",
            "",
        ),
        (
            "ask: use email for newsletter\n    facts: { consent: { no: [newsletter] }, age: 20 }\n    expect: deny",
            "",
        ),
        ("ask: use phone for ads\n    facts: { verified: yes, region: eu }\n    expect: allow", ""),
        (
            "ask: use phone for ads\n    facts: { verified: false, region: eu }\n    expect: deny",
            "",
        ),
        ("ask: share phone with courier for billing\n    expect: allow\n    duties: [notify]", ""),
        ("ask: use emial for login\n    expect: deny", "no field or category is named `emial`"),
        ("ask: use emial for login\n    expect: deny\n    unknown: true", ""),
        (
            "ask: use email for login\n    expect: allow\n    unknown: true",
            "expected no field or category named `email`",
        ),
        (
            "ask: use email for logon\n    expect: deny\n    unknown: true",
            "no purpose is named `logon`",
        ),
        ("ask: use email for login\n    facts: { aeg: 3 }\n    expect: allow", "aeg"),
        ("ask: use email for login\n    facts: { age: eu }\n    expect: allow", "age"),
    ] {
        let folder = Folder::new(&format!("tests:\n  - {test}\n"));
        let json = folder.json(&[]);
        let outcome = &json["files"][0]["tests"][0];
        match difference {
            "" => assert_eq!(outcome["outcome"], "passed", "{test}\n{outcome:#}"),
            _ => assert!(
                outcome["differences"].to_string().contains(difference),
                "{test}\n{outcome:#}"
            ),
        }
        assert_eq!(folder.run(&[]).0, i32::from(!difference.is_empty()), "{test}");
    }
}

const TESTS: &str = "
facts: { age: 30 }
tests:
  - name: Agreed
    ask: use a_email for newsletter
    facts: { consent: [newsletter] }
    expect: allow
  - name: Too young
    ask: use a_email for newsletter
    facts: { consent: yes, age: 12 }
    expect: deny
  - name: Form
    table: collect by provided
    purposes: [login, ads]
    fields: { email: [allow, deny], phone: deny }
  - name: Later
    ask: use email for ads
    expect: allow
    skip: nobody decided <yet>
";

#[test]
fn tables_are_a_test_for_each_cell_and_failures_say_why() {
    let folder = Folder::new(TESTS);
    let (status, text, _) = folder.run(&[]);
    assert_eq!(status, 1);
    let told = "  FAIL  Form
               login            ads
        phone  allow, not deny  ok
        not shown: 1 row

        collect phone by provided for login
        expected deny, is allow
        permitted by shop.why:9: collect contact";
    assert!(text.contains(told), "{text}");
    assert!(text.contains("  skip  Later (nobody decided <yet>)"), "{text}");
    assert!(text.ends_with("5 passed, 1 failed, 1 skipped\n"), "{text}");
    assert!(!text.contains("Agreed"), "{text}");
    let (status, text, _) = folder.run(&["--verbose", "--filter", "FORM: email"]);
    assert_eq!(status, 0);
    assert!(
        text.contains(
            "  ok    Form: email for login\n  ok    Form: email for ads\n2 passed, 0 failed"
        ),
        "{text}"
    );
    let (status, _, errors) = folder.run(&["--filter", "nothing such"]);
    assert_eq!(status, 2);
    assert!(errors.contains("no test has `nothing such` in its name"), "{errors}");
}

#[test]
fn junit_counts_what_failed_and_was_skipped_and_escapes_it() {
    let (status, xml, _) = Folder::new(TESTS).run(&["--format", "junit"]);
    assert_eq!(status, 1);
    assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"), "{xml}");
    assert!(xml.contains("tests=\"7\" failures=\"1\" errors=\"0\" skipped=\"1\""), "{xml}");
    assert!(xml.contains("<skipped message=\"nobody decided &lt;yet&gt;\"/>"), "{xml}");
    assert!(xml.contains("<failure message=\"expected deny, is allow\">"), "{xml}");
    assert_eq!(xml.matches("<testcase").count(), 7);
}

#[test]
fn coverage_names_what_nobody_would_miss() {
    let folder = Folder::new(TESTS);
    let (status, text, _) = folder.run(&["--coverage", "--filter", "Agreed"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("2 of 6 statements would be missed (33 %)"), "{text}");
    assert!(
        text.contains("nothing notices if this is removed (shop.why:13)\n    │ share contact"),
        "{text}"
    );
    let (status, _, errors) = folder.run(&["--fail-under", "50", "--filter", "Agreed"]);
    assert_eq!(status, 1);
    assert!(
        errors.contains("33.3 % of the statements would be missed, and 50 % should be"),
        "{errors}"
    );
    assert_eq!(folder.run(&["--fail-under", "33", "--filter", "Agreed"]).0, 0);
    assert_eq!(folder.run(&["--fail-under", "101"]).0, 2);

    // Only a test that expects duties covers a duty; a failed test covers nothing.
    let share = "tests:\n  - ask: share phone with courier for billing\n    expect: ";
    let noticed = |tests: &str| {
        let json = Folder::new(tests).json(&["--coverage"]);
        let statements = json["coverage"][0]["statements"].as_array().unwrap();
        statements.iter().map(|statement| !statement["noticed_by"].is_null()).collect::<Vec<_>>()
    };
    assert_eq!(noticed(&format!("{share}allow\n")), [true, false, false, true, false, false]);
    assert_eq!(
        noticed(&format!("{share}allow\n    duties: [notify]\n")),
        [true, false, false, true, false, true]
    );
    assert_eq!(
        noticed(&format!("{share}deny\n    duties: [notify]\n")),
        [true, false, false, false, false, false]
    );
}

#[test]
fn the_page_shows_every_statement() {
    let folder = Folder::new(TESTS);
    folder.file("shop.why", &SHOP.replace("\"Account\"", "\"<script>x</script>\""));
    let (_, page, _) = folder.run(&["--format", "html"]);
    assert_eq!(page.matches("<tr class=").count(), 6);
    assert!(page.matches("<tr class=\"unnoticed\">").count() > 0);
    assert!(page.contains("use phone for ads when verified and region is eu"), "{page}");
    assert!(!page.contains("<script"), "{page}");
}

#[test]
fn expectations_of_the_policy_are_tests_too() {
    let folder = Folder::new("tests: []\n");
    folder.file("shop.why", &SHOP.replace("expect { allow", "expect { deny"));
    let (status, text, errors) = folder.run(&[]);
    assert_eq!(status, 1);
    assert!(text.contains("0 passed, 0 failed"), "{text}");
    assert!(errors.contains("E0501"), "{errors}");
}

#[test]
fn mistakes_in_a_file_are_told_with_their_place() {
    for (tests, message) in [
        ("tests: [", "line 3: "),
        (
            "tests:\n  - ask: use email for login\n    expects: allow\n",
            "line 4: test 1 (“use email for login”): a test has no `expects`; it may have `name`, `ask`, `expect`",
        ),
        (
            "tests:\n  - ask: use email for login\n",
            "line 3: test 1 (“use email for login”): it says what to `ask`, and not what to `expect`",
        ),
        (
            "tests:\n  - ask: email for login\n    expect: allow\n",
            "`email for login` is no question",
        ),
        ("tests:\n  - name: x\n", "test 1 (“x”): it has neither `ask` nor `table`"),
        ("tests:\n  - ask: use a for b\n    table: use\n", "both `ask` and `table`"),
        (
            "tests:\n  - table: use\n    purposes: [a, b]\n    fields: { x: [allow] }\n",
            "`x` has 1 verdicts for 2 purposes",
        ),
        (
            "tests:\n  - table: use\n    purposes: [a]\n    fields: { x: maybe }\n",
            "a verdict of `x` is `allow`, `deny` or `depends`, not `maybe`",
        ),
        (
            "tests:\n  - table: collect with m\n    purposes: [a]\n    fields: { x: allow }\n",
            "`table: collect with m` is none",
        ),
        (
            "tests:\n  - ask: use a for b\n    expect: maybe\n",
            "line 4: test 1 (“use a for b”): `expect` is `allow`, `deny` or `depends`, not `maybe`",
        ),
        (
            "tests:\n  - ask: use a for b\n    expect: deny\n    facts: { age: }\n",
            "the fact `age` is yes or no",
        ),
        ("", "the file has no `tests`"),
        (
            "tests: [3]\n",
            "line 2: test 1 (“test 1”): a test is a mapping, such as `ask: use email for login`",
        ),
        ("tests:\n  - ask: use a for b\n    expect: deny\n    skip:\n", "`skip` says why"),
        (
            "tests:\n  - table: use\n    purposes: []\n    fields: { x: [] }\n",
            "a `table` has at least one purpose and one field",
        ),
        (
            "tests:\n  - ask: use a for b\n    expect: deny\n    expect: allow\n",
            "line 5: `expect` stands here twice, first in line 4",
        ),
        (
            "tests:\n  - table: use\n    purposes: [a]\n    fields: { x: deny, x: allow }\n",
            "line 5: `x` stands here twice, first in line 5",
        ),
    ] {
        let (status, text, errors) = Folder::new(tests).run(&[]);
        assert_eq!((status, text.as_str()), (2, ""), "{tests}");
        assert!(errors.contains(message), "{tests}\n{errors}");
    }
    let folder = Folder::new("tests: []\n");
    folder.file("shop.test.yaml", "policy: nowhere.why\ntests: []\n");
    assert_eq!(folder.run(&[]).0, 2);
    folder.file("shop.test.yaml", "\u{feff}policy: shop.why\r\ntests: []\r\n");
    assert_eq!(folder.run(&[]).0, 0);
}

#[test]
fn what_is_no_file_of_tests_or_tests_no_policy_is_told_as_that() {
    let folder = Folder::new("tests: []");
    let policy = folder.0.path().join("shop.why");
    let output = whyfor(&["test", policy.to_str().unwrap()]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(errors.contains("is a policy: name the YAML file that tests it"), "{errors}");
    folder.file("shop.test.yaml", "policy: nowhere.why\ntests: []\n");
    let (status, _, errors) = folder.run(&[]);
    assert_eq!(status, 2);
    assert!(errors.contains("nowhere.why`, and there is no such file"), "{errors}");
}

#[test]
fn a_hostile_file_is_refused_at_once() {
    let many = |count: usize| (0..count).map(|n| format!("x{n}")).collect::<Vec<_>>();
    let (purposes, fields) = (many(100_000).join(", "), many(100_000).join(": deny, "));
    let mut bomb = "facts:\n  a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, above) in ('b'..='k').zip('a'..) {
        bomb += &format!("  {name}: &{name} [{}*{above}]\n", format!("*{above}, ").repeat(8));
    }
    for (tests, message) in [
        (
            format!(
                "tests:\n  - table: use\n    purposes: [{purposes}]\n    fields: {{ {fields}: deny }}\n"
            ),
            "with it, the file has over 1000000 questions",
        ),
        (
            format!("facts: {{ a: {}{} }}\ntests: []\n", "[".repeat(200_000), "]".repeat(200_000)),
            "line 2: over 32 lists and mappings in each other",
        ),
        (
            format!("facts: {{ a: {}{} }}\ntests: []\n", "[".repeat(500), "]".repeat(500)),
            "line 2: over 32 lists and mappings in each other",
        ),
        (bomb + "tests: []\n", "over 2000000 values, with those that aliases repeat"),
    ] {
        let (status, text, errors) = Folder::new(&tests).run(&[]);
        assert_eq!((status, text.as_str()), (2, ""));
        assert!(errors.contains(message) && errors.len() < 500, "{errors}");
    }
}

#[test]
fn coverage_of_an_artifact_is_refused_and_its_tests_run() {
    let folder = Folder::new(TESTS);
    let (why, whyc) = (folder.0.path().join("shop.why"), folder.0.path().join("shop.whyc"));
    assert!(
        whyfor(&["compile", why.to_str().unwrap(), "-o", whyc.to_str().unwrap()]).status.success()
    );
    folder.file("shop.test.yaml", &format!("policy: shop.whyc\n{TESTS}"));
    assert!(folder.run(&[]).1.ends_with("5 passed, 1 failed, 1 skipped\n"));
    let (status, _, errors) = folder.run(&["--coverage"]);
    assert_eq!(status, 2);
    assert!(errors.contains("name the `.why` file"), "{errors}");
}

#[test]
fn the_tests_of_the_first_policy_pass_and_notice_every_statement() {
    let output = whyfor(&["test", "policies/drun.test.yaml", "--fail-under", "100"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

// ── Schemas ─────────────────────────────────────────────────────────────────────────────────────

fn schema(name: &str) -> Value {
    let path = root().join("docs/schemas").join(format!("{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn fits(name: &str, text: &str) -> bool {
    let schema = schema(name);
    valid(&yaml(text), &schema)
}

/// The blocks of a page whose fence says this.
fn blocks(page: &str, fence: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("docs").join(page)).unwrap();
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.strip_prefix("```") == Some(fence) {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(block.join("\n"));
        }
    }
    assert!(!blocks.is_empty(), "{page} has a block of `{fence}`");
    blocks
}

#[test]
fn every_yaml_file_and_example_is_as_its_schema_says() {
    let mut files = 0;
    for entry in root().join("policies").read_dir().unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some(stem) = name.strip_suffix(".yaml") else { continue };
        let schema = if stem.ends_with(".test") { "test" } else { "labels" };
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(fits(schema, &text), "{name}");
        assert!(text.starts_with(&format!(
            "# yaml-language-server: $schema=../docs/schemas/{schema}.schema.json\n"
        )));
        files += 1;
    }
    assert!(files >= 2);
    assert!(fits("test", &format!("policy: shop.why\n{TESTS}")));
    for (schema, page, fence) in [
        ("test", "tests.md", "yaml test"),
        ("test", "guide.md", "yaml list.test.yaml"),
        ("labels", "notice.md", "yaml labels"),
    ] {
        blocks(page, fence).iter().for_each(|text| assert!(fits(schema, text), "{text}"));
    }
}

#[test]
fn what_is_wrong_is_not_as_the_schema_says() {
    for text in [
        "tests: []",
        "policy: 3\ntests: []",
        "policy: a.why\ntests: []\nmore: 1",
        "policy: a.why\ntests: [{ ask: use a for b }]",
        "policy: a.why\ntests: [{ ask: use a for b, expect: maybe }]",
        "policy: a.why\ntests: [{ ask: use a for b, expect: deny, table: use }]",
        "policy: a.why\ntests: [{ ask: use a for b, expect: deny, retain_days: -1 }]",
        "policy: a.why\ntests: [{ ask: use a for b, expect: deny, facts: { age: null } }]",
        "policy: a.why\ntests: [{ table: use, purposes: [], fields: {} }]",
        "policy: a.why\ntests: [{ table: use, purposes: [a], fields: { x: [maybe] } }]",
        "policy: a.why\ntests: [{ table: use, purposes: [a], fields: {} }]",
        "policy: a.why\ntests: [{ ask: use a for b, expect: deny, skip: }]",
    ] {
        assert!(!fits("test", text), "{text}");
    }
    for text in [
        "language: 3",
        "kategorien: {}",
        "words: { komma: x }",
        "words: { lowercase: no thanks }",
        "categories: [email]",
        "categories: { email: [x] }",
        "categories: { email: '' }",
        "words: { and: '' }",
    ] {
        assert!(!fits("labels", text), "{text}");
    }
}

#[test]
fn the_schema_of_labels_has_every_word_with_its_default() {
    let output = whyfor(&["notice", "policies/drun.why", "--format", "json"]);
    let view: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = schema("labels");
    let described = schema["properties"]["words"]["properties"].as_object().unwrap();
    let words = view["words"].as_object().unwrap();
    assert_eq!(words.keys().collect::<Vec<_>>(), described.keys().collect::<Vec<_>>());
    for (word, value) in words {
        let default = described[word].get("default").cloned();
        if word == "names" {
            assert!(value.is_array()); // those that the labels show to be names, and no further ones
            continue;
        }
        assert_eq!(*value, default.unwrap_or(json!(true)), "{word}");
    }
}

#[test]
fn the_tests_on_the_page_pass() {
    let folder = Folder::new("");
    folder.file("shop.why", &blocks("tests.md", "why")[0]);
    folder.file("shop.test.yaml", &blocks("tests.md", "yaml test")[0]);
    let (status, text, errors) = folder.run(&["--coverage"]);
    assert_eq!(status, 0, "{text}{errors}");
    assert!(text.contains("4 passed, 0 failed, 6 skipped"), "{text}");
}

#[test]
fn the_labels_and_the_template_on_the_page_are_taken() {
    let folder = Folder::new("");
    let labels = folder.file("labels.yaml", &blocks("notice.md", "yaml labels")[0]);
    let output = whyfor(&["notice", "policies/drun.why", "--labels", &labels]);
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(list.contains("## Identitätsprüfung\n\n- **Erhobene Daten**: Vollständiger Name, Personalausweis\n- **Art der Erhebung**: Von der Person angegeben\n- **Zweck der Verarbeitung**: Prüfung des wirklichen Namens\n"), "{list}");
    let template = folder.file("list.txt", &blocks("notice.md", "jinja list.txt")[0]);
    let output = whyfor(&["notice", "policies/drun.why", "--template", &template]);
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(list.contains("\nOperations and Security Assurance: 2\n"), "{list}");
}

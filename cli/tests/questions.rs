//! Questions and facts in JSON lines, in YAML and on the command line: none is misread or lost, and messages
//! speak of the format that the user wrote.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const POLICY: &str = r#"policy p
category x
purpose q { r }
method m
fact age: number
fact verified
fact consent per purpose
fact country: one of `no`, `yes`, true, null, se
use x for r when age >= 18
collect x by m for r when verified and consent
use x for q when country is `no`
"#;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(policy: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.file("p.why", policy);
        folder
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_whyfor"))
            .current_dir(self.0.path())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = child.stdin.take().unwrap().write_all(input); // who refuses the policy reads none
        child.wait_with_output().unwrap()
    }

    fn batch(&self, input: impl AsRef<[u8]>) -> (Vec<Value>, Option<i32>) {
        let output = self.run(&["batch", "p.why"], input.as_ref());
        let text = String::from_utf8(output.stdout).unwrap();
        let answers = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (answers, output.status.code())
    }
}

/// No message mentions the parser.
#[track_caller]
fn in_plain_words(message: &str) {
    for word in [
        "struct",
        "variant",
        "invalid type",
        "expected a string",
        "unit",
        "sequence",
        "map,",
        "u32",
        "u64",
        "i64",
        "f64",
        "Option",
        "usize",
        "tuple",
        "enum",
        "EOF",
        "deserialize",
        "untagged",
        "ident",
    ] {
        assert!(!message.contains(word), "{word}: {message}");
    }
}

// ── JSON lines ──────────────────────────────────────────────────────────────────────────────────

#[test]
fn what_is_no_question_is_told_in_plain_words() {
    let folder = Folder::new(POLICY);
    for (line, message) in [
        (r#"["use","x",null,null,"q",{"age":18}]"#, "a question is an object, as in {\"act\":"),
        ("42", "a question is an object"),
        ("null", "a question is an object"),
        ("not a question", "a question is an object"),
        ("{}", "the question has no `act`, as in"),
        (r#"{"act":"use","for":"q"}"#, "the question has no `field`"),
        (r#"{"act":"use","field":"x"}"#, "the question has no `for`"),
        (r#"{"act":null,"field":"x","for":"q"}"#, "`act` is a text, not null"),
        (r#"{"act":"use","field":3,"for":"q"}"#, "`field` is a text, not a number"),
        (r#"{"act":"use","field":["x"],"for":"q"}"#, "`field` is a text, not a list"),
        (r#"{"act":"use","field":"x","for":{}}"#, "`for` is a text, not an object"),
        (r#"{"act":"use","field":"x","for":true}"#, "`for` is a text, not true or false"),
        (r#"{"act":"see","field":"x","for":"q"}"#, "`see` is no act: collect, use or share"),
        (r#"{"act":"use","field":"x","by":"m","for":"q"}"#, "`by` goes with `collect` alone"),
        (r#"{"act":"collect","field":"x","with":"m","for":"q"}"#, "`with` goes with `share` alone"),
        (r#"{"act":"collect","field":"x","by":7,"for":"q"}"#, "`by` is a text, not a number"),
        (
            r#"{"act":"use","field":"x","for":"q","fact":{}}"#,
            "a question has no `fact`: it has `act`, `field`, `by`, `with`, `for` and `facts`",
        ),
        (
            r#"{"act":"use","field":"x","for":"q","facts":[]}"#,
            "`facts` is an object of facts, not a list",
        ),
        (
            r#"{"act":"use","field":"x","for":"q","facts":null}"#,
            "`facts` is an object of facts, not null",
        ),
        (
            r#"{"act":"use","field":"x","for":"q","facts":{"consent":["q"]}}"#,
            "the fact `consent` is a list: write {\"yes\":[…],\"no\":[…]}",
        ),
        (
            r#"{"act":"use","field":"x","for":"q","facts":{"consent":{"maybe":[]}}}"#,
            "the fact `consent` has no `maybe`: it has `yes` and `no`",
        ),
        (
            r#"{"act":"use","field":"x","for":"q","facts":{"consent":{"yes":"q"}}}"#,
            "`yes` and `no` of the fact `consent` are lists of purposes, not a text",
        ),
        (
            r#"{"act":"use","field":"x","for":"q","facts":{"consent":{"yes":[1]}}}"#,
            "a purpose in `yes` and `no` of the fact `consent` is a text, not a number",
        ),
        (r#"{"act":"use","field":"x","for":"q"} {}"#, "something follows the question at column"),
        (r#"{"act":"use","field":"x","for":"q""#, "the line ends within an object"),
        (r#"{"act":"use","field":"x","for":"q"#, "the line ends within a string"),
        (r#"{"act":"use","field":"x","for":"#, "the line ends where a value is expected"),
        (r#"{"act":tru}"#, "expected `true`, `false` or `null`"),
        (r#"{"act":"use","field":"x\ud800","for":"q"}"#, "hex escape"),
        (r#"{"act":"use",}"#, "trailing comma"),
    ] {
        let (answers, status) = folder.batch(line);
        assert_eq!((answers.len(), status), (1, Some(2)), "{line}");
        let error = answers[0]["error"].as_str().unwrap_or_else(|| panic!("{line}: {answers:?}"));
        assert!(error.contains(message), "{line}\n{error}");
        in_plain_words(error);
    }
}

#[test]
fn nothing_is_stated_twice() {
    let folder = Folder::new(POLICY);
    for (line, message) in [
        (r#"{"act":"share","act":"use","field":"x","for":"q"}"#, "the question has `act` twice"),
        (
            r#"{"act":"use","field":"x","for":"q","facts":{},"facts":{}}"#,
            "the question has `facts` twice",
        ),
        (r#"{"act":"use","field":"x","for":"q","\u0066or":"r"}"#, "the question has `for` twice"),
        (
            r#"{"act":"use","field":"x","by":null,"by":null,"for":"q"}"#,
            "the question has `by` twice",
        ),
        (
            r#"{"act":"use","field":"x","for":"r","facts":{"age":17,"age":18}}"#,
            "`facts` has `age` twice",
        ),
        (
            r#"{"act":"use","field":"x","for":"r","facts":{"age":18,"\u0061ge":null}}"#,
            "`facts` has `age` twice",
        ),
        (
            r#"{"act":"use","field":"x","for":"r","facts":{"consent":{"yes":[],"yes":["r"]}}}"#,
            "the fact `consent` has `yes` twice",
        ),
    ] {
        let (answers, status) = folder.batch(line);
        assert_eq!(status, Some(2), "{line}");
        assert_eq!(answers[0]["error"], message, "{line}");
    }
    for facts in [
        &["--fact", "age=17", "--fact", "age=18"][..],
        &["--fact", "consent=q", "--fact", "consent=no"],
    ] {
        let output =
            folder.run(&[&["ask", "p.why", "use", "x", "--for", "r"], facts].concat(), b"");
        assert_eq!(output.status.code(), Some(2), "{facts:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("is stated twice"), "{facts:?}");
    }
}

#[test]
fn a_bad_line_costs_no_other_line_its_answer() {
    let folder = Folder::new(POLICY);
    let good = r#"{"act":"use","field":"x","for":"r","facts":{"age":18}}"#;
    let input = format!("{good}\n[]\r\n{good}\r\n\n\u{FEFF}{good}\n{good}{good}\n{good}");
    let (answers, status) = folder.batch(input);
    assert_eq!(status, Some(2));
    let shown: Vec<String> = answers
        .iter()
        .map(|answer| match answer["decision"].as_str() {
            Some(decision) => decision.to_owned(),
            None => format!("error in {}", answer["line"]),
        })
        .collect();
    assert_eq!(shown, ["allow", "error in 2", "allow", "error in 5", "error in 6", "allow"]);
}

#[test]
fn a_byte_order_mark_before_the_questions_is_ignored() {
    let folder = Folder::new(POLICY);
    let question = r#"{"act":"use","field":"x","for":"r","facts":{"age":18}}"#;
    let (answers, status) = folder.batch(format!("\u{FEFF}{question}\n{question}\n"));
    assert_eq!((answers.len(), status), (2, Some(0)));
    assert!(answers.iter().all(|answer| answer["decision"] == "allow"), "{answers:?}");
}

#[test]
fn null_states_nothing_of_a_fact_that_the_policy_has() {
    let folder = Folder::new(POLICY);
    let line = |facts: &str| format!(r#"{{"act":"use","field":"x","for":"r","facts":{facts}}}"#);
    let (answers, status) = folder.batch(line(r#"{"age":null}"#));
    assert_eq!((&answers[0]["decision"], status), (&Value::from("depends"), Some(0)));
    let (answers, status) = folder.batch(line(r#"{"aeg":null,"age":18}"#));
    assert_eq!((&answers[0]["decision"], status), (&Value::from("deny"), Some(0)));
    assert_eq!(answers[0]["reasons"][0]["kind"], "unknown_fact");
    assert_eq!(answers[0]["reasons"][0]["candidates"], serde_json::json!(["age"]));
}

// ── Numbers ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_number_is_what_is_written_or_refused_wherever_it_is_stated() {
    let policy = "policy p category x purpose q fact account: number use x for q when account == 9007199254740992";
    let folder = Folder::new(policy);
    for (number, expected) in [
        ("9007199254740992", Some("allow")),
        ("9007199254740992.0", Some("allow")),
        ("9.007199254740992e15", Some("allow")),
        ("9007199254740991", Some("deny")),
        ("0.1", Some("deny")),
        ("-3", Some("deny")),
        ("9007199254740993", None),
        ("9007199254740993.0", None),
        ("-9007199254740993", None),
        ("18446744073709551617", None),
        ("1e23", None),
        ("1e400", None),
    ] {
        let line =
            format!(r#"{{"act":"use","field":"x","for":"q","facts":{{"account":{number}}}}}"#);
        let (answers, _) = folder.batch(line);
        assert_eq!(answers[0]["decision"], expected.unwrap_or("deny"), "{number}");
        let kind = answers[0]["reasons"][0]["kind"].as_str().unwrap();
        assert_eq!(kind == "wrong_fact", expected.is_none(), "{number}: {kind}");

        let fact = format!("account={number}");
        let output = folder.run(&["ask", "p.why", "use", "x", "--for", "q", "--fact", &fact], b"");
        let status = match expected {
            Some("allow") => 0,
            Some(_) => 1,
            None => 2,
        };
        assert_eq!(output.status.code(), Some(status), "{number}");

        let tests = format!(
            "policy: p.why\ntests: [{{ ask: use x for q, facts: {{ account: {number} }}, expect: {} }}]",
            expected.unwrap_or("deny")
        );
        folder.file("t.test.yaml", &tests);
        let output = folder.run(&["test", "t.test.yaml"], b"");
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(i32::from(expected.is_none())), "{number}\n{text}");
        if expected.is_none() {
            assert!(
                text.contains(&format!("the fact `account` takes a number, and `{number}` is")),
                "{text}"
            );
        }
    }
}

// ── YAML ────────────────────────────────────────────────────────────────────────────────────────

/// Runs tests; the message of the first one that fails.
fn tested(folder: &Folder, tests: &str) -> (Option<i32>, String) {
    folder.file("t.test.yaml", &format!("policy: p.why\ntests:\n{tests}"));
    let output = folder.run(&["test", "t.test.yaml"], b"");
    let text = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code(), text.concat())
}

#[test]
fn the_kind_of_a_fact_decides_what_is_read() {
    let folder = Folder::new(POLICY);
    for (facts, ask, verdict) in [
        ("country: no", "use x for q", "allow"),
        ("country: \"no\"", "use x for q", "allow"),
        ("country: !!str no", "use x for q", "allow"),
        ("country: yes, age: 18", "use x for q", "deny"),
        ("country: true, age: 18", "use x for q", "deny"),
        ("country: null, age: 18", "use x for q", "deny"),
        ("country: se, age: 18", "use x for q", "deny"),
        ("verified: yes, consent: yes", "collect x by m for r", "allow"),
        ("verified: true, consent: True", "collect x by m for r", "allow"),
        ("verified: no, consent: yes", "collect x by m for r", "deny"),
        ("verified: yes, consent: r", "collect x by m for r", "allow"),
        ("verified: yes, consent: \"r\"", "collect x by m for r", "allow"),
        ("verified: yes, consent: [q]", "collect x by m for r", "allow"),
        ("verified: yes, consent: { yes: [], no: r }", "collect x by m for r", "deny"),
        ("age: 18.0", "use x for r", "allow"),
    ] {
        let tests = format!("  - {{ ask: {ask}, facts: {{ {facts} }}, expect: {verdict} }}\n");
        let (status, text) = tested(&folder, &tests);
        assert_eq!(status, Some(0), "{facts}\n{text}");
    }
}

#[test]
fn a_text_is_no_answer_to_yes_and_no_and_no_number() {
    let folder = Folder::new(POLICY);
    for (facts, message) in [
        (
            "verified: \"yes\"",
            "the fact `verified` takes yes or no, and `yes` is a text: write it without",
        ),
        (
            "verified: 'no'",
            "the fact `verified` takes yes or no, and `no` is a text: write it without",
        ),
        (
            "verified: !!str no",
            "the fact `verified` takes yes or no, and `no` is a text: write it without",
        ),
        ("verified: maybe", "the fact `verified` takes yes or no"),
        ("verified: null", "the fact `verified` takes yes or no"),
        ("age: \"18\"", "the fact `age` takes a number, and `18` is a text: write it without"),
        ("age: yes", "the fact `age` takes a number, and `yes` is no number"),
        ("age: 0x12", "the fact `age` takes a number, and `0x12` is no number"),
        ("consent: \"yes\"", "the fact `consent` is stated for `yes`, which names no purpose"),
        ("country: maybe", "`maybe` is no choice of the fact `country`"),
        ("conutry: no", "the policy has no fact `conutry`: perhaps `country`"),
    ] {
        let tests = format!("  - {{ ask: use x for q, facts: {{ {facts} }}, expect: deny }}\n");
        let (status, text) = tested(&folder, &tests);
        assert_eq!(status, Some(1), "{facts}\n{text}");
        assert!(text.contains(message), "{facts}\n{text}");
    }
}

#[test]
fn what_is_wrong_in_a_file_is_told_in_plain_words_with_its_line() {
    let folder = Folder::new(POLICY);
    for (tests, message) in [
        (
            "  - ask: use x for q\n    expect: allow\n    facts: 3\n",
            "line 5: test 1 (“use x for q”): `facts` is a mapping",
        ),
        (
            "  - ask: use x for q\n    expect: allow\n    duties: notify\n",
            "`duties` is a list of duties",
        ),
        (
            "  - ask: use x for q\n    expect: allow\n    duties: [[a]]\n",
            "`duties` is a list of duties",
        ),
        (
            "  - ask: use x for q\n    expect: allow\n    missing: 3\n",
            "`missing` is a list of facts",
        ),
        (
            "  - ask: use x for q\n    expect: allow\n    unknown: 3\n",
            "`unknown` is `true` or `false`",
        ),
        (
            "  - ask: use x for q\n    expect: allow\n    retain_days: soon\n",
            "`retain_days` is a whole number of days, or `null`",
        ),
        (
            "  - ask: use x for q\n    expect: allow\n    retain_days: 1.5\n",
            "`retain_days` is a whole number of days, or `null`",
        ),
        (
            "  - ask: use x for q\n    expect: allow\n    retain_days: -1\n",
            "`retain_days` is a whole number of days, or `null`",
        ),
        ("  - ask: use x for q\n    expect: [allow]\n", "`expect` is `allow`, `deny` or `depends`"),
        ("  - ask: [use]\n    expect: allow\n", "`ask` is a question"),
        (
            "  - table: use\n    purposes: q\n    fields: { x: deny }\n",
            "`purposes` is a list of purposes",
        ),
        (
            "  - table: use\n    purposes: [q]\n    fields: [x]\n",
            "`fields` is a mapping from fields to their verdicts",
        ),
        (
            "  - { ask: use x for q, expect: deny, facts: { consent: { yes: [], true: [] } } }\n",
            "the fact `consent` is yes or no",
        ),
        (
            "  - { ask: use x for q, expect: deny, facts: { age: 1, age: 2 } }\n",
            "line 3: `age` stands here twice, first in line 3",
        ),
        (
            "  - { ask: use x for q, expect: deny, facts: { consent: { yes: [], yes: [] } } }\n",
            "`yes` stands here twice",
        ),
        ("  - { ask: use x for q, expect: deny, ? [a] : b }\n", "a key is a text"),
        ("  - { ask: !x use x for q, expect: deny }\n", "the tag `!x` means nothing here"),
        ("  - *nobody\n", "line 3: "),
        ("  []\n---\ntests: []\n", "a second document: write one file for each"),
    ] {
        let (status, text) = tested(&folder, tests);
        assert_eq!(status, Some(2), "{tests}\n{text}");
        assert!(text.contains(message), "{tests}\n{text}");
        in_plain_words(&text);
    }
}

#[test]
fn an_alias_stands_for_what_it_names() {
    let folder = Folder::new(POLICY);
    let tests = "  - &first { ask: use x for r, facts: &facts { age: 18 }, expect: &yes allow }\n  - { ask: use x for r, facts: *facts, expect: *yes }\n";
    let (status, text) = tested(&folder, tests);
    assert_eq!(status, Some(0), "{text}");
    assert!(text.contains("2 passed"), "{text}");
}

// ── Expectations ────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_policy_that_its_own_expectations_contradict_decides_nothing() {
    let folder =
        Folder::new("policy p category x purpose q use x for q\nexpect { deny use x for q }");
    let question = br#"{"act":"use","field":"x","for":"q"}"#;
    for arguments in [
        &["ask", "p.why", "use", "x", "--for", "q"][..],
        &["batch", "p.why"],
        &["fields", "p.why", "--for", "q"],
        &["purposes", "p.why", "--field", "x"],
    ] {
        let output = folder.run(arguments, question);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(errors.contains("E0501") && errors.contains("p.why:2:10"), "{errors}");
    }
    for arguments in [&["matrix", "p.why"][..], &["lint", "p.why"], &["notice", "p.why"]] {
        let output = folder.run(arguments, b"");
        assert!(!output.stdout.is_empty(), "those that look at a policy show it: {arguments:?}");
    }
}

#[test]
fn an_answer_as_json_is_the_outcome_of_the_library() {
    use whyfor::{Facts, Policy, Question};
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/shop.why");
    let policy = Policy::from_path(path).unwrap();
    let questions = [
        Question::usage("email", "newsletter"),
        Question::usage("allergies", "login"),
        Question::collect("email", "provided", "login"),
        Question::collect("phone", "provided", "delivery"),
        Question::collect_by_any("email", "login"),
        Question::share("phone", "courier", "login"),
        Question::usage("emial", "logn"),
    ];
    for question in questions {
        let (kind, field) = (question.act.kind().as_str(), question.field);
        let mut arguments = vec!["ask", path, kind, field, "--for", question.purpose];
        match question.act {
            whyfor::Act::Use => {}
            whyfor::Act::Collect(method) => {
                method.iter().for_each(|m| arguments.extend(["--by", m]))
            }
            whyfor::Act::Share(with) => with.iter().for_each(|r| arguments.extend(["--with", r])),
        }
        arguments.extend(["--format", "json"]);
        let output = Folder::new("policy p").run(&arguments, b"");
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        let outcome = policy.explain(&question, Facts::none()).outcome;
        assert_eq!(answer, serde_json::to_value(&outcome).unwrap(), "{question}");
    }
}

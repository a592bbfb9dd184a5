//! The formats for other tools: each follows its schema or grammar, its paths lead to files, and it never looks
//! successful if the exit status is not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod folder;
mod schema;

use folder::folder;
use schema::valid;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const FORMATS: [&str; 3] = ["json", "sarif", "github"];
const BROKEN: &str = "policy x\nuse nope for q\n";
const FINE: &str = "policy fine\ncategory a\npurpose q\nuse a for q\n";
/// The linter has something to say and something to fix.
const IDLE: &str = "policy idle\ncategory a\npurpose q\nuse a for q\nuse a for q\n";
const FAILING: &str = "policy f\ncategory a\npurpose q\nuse a for q\nexpect { deny use a for q }\n";

fn whyfor(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
    command.args(arguments).current_dir(folder).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The findings of a format: severity, file and line.
type Told = Vec<(String, String, u64)>;

fn told(format: &str, text: &str) -> Told {
    match format {
        "json" => json(text),
        "sarif" => sarif(text),
        "github" => github(text),
        other => panic!("{other}"),
    }
}

fn json(text: &str) -> Told {
    let all: Value = serde_json::from_str(text).unwrap();
    let one = |finding: &Value| {
        let place = &finding["place"];
        let file = place["file"].as_str().unwrap().to_owned();
        (finding["severity"].as_str().unwrap().to_owned(), file, place["line"].as_u64().unwrap())
    };
    all["diagnostics"].as_array().unwrap().iter().map(one).collect()
}

/// SARIF; must follow its schema.
fn sarif(text: &str) -> Told {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/sarif-2.1.0.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let all: Value = serde_json::from_str(text).unwrap();
    assert!(valid(&all, &schema), "{text}");
    let one = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"];
        let artifact = &place["artifactLocation"];
        let uri = artifact["uri"].as_str().unwrap();
        let file = decoded(uri.strip_prefix("file://").unwrap_or(uri));
        assert_eq!(artifact.get("uriBaseId").is_none(), uri.starts_with("file:///"), "{artifact}");
        let line = place["region"]["startLine"].as_u64().unwrap();
        (result["level"].as_str().unwrap().to_owned(), file, line)
    };
    all["runs"][0]["results"].as_array().unwrap().iter().map(one).collect()
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            let hex = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Workflow commands as GitHub's runner reads them: `::NAME KEY=VALUE,KEY=VALUE::DATA`, a line each.
fn github(text: &str) -> Told {
    let one = |line: &str| {
        let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
        let (head, data) = rest.split_once("::").unwrap();
        let (name, properties) = head.split_once(' ').unwrap();
        assert!(["error", "warning"].contains(&name), "{line}");
        let pairs = properties.split(',').map(|pair| pair.split_once('=').unwrap());
        let pairs: BTreeMap<&str, String> =
            pairs.map(|(key, value)| (key, unescaped(value, true))).collect();
        for number in ["line", "endLine", "col", "endColumn"] {
            assert!(pairs[number].parse::<u32>().unwrap() > 0, "{line}");
        }
        assert!(!unescaped(data, false).is_empty() && pairs.contains_key("title"), "{line}");
        (name.to_owned(), pairs["file"].clone(), pairs["line"].parse().unwrap())
    };
    text.lines().map(one).collect()
}

fn unescaped(text: &str, is_property: bool) -> String {
    let mut pairs = vec![("%0D", "\r"), ("%0A", "\n")];
    if is_property {
        assert!(!text.contains([':', ',']), "{text}");
        pairs.extend([("%3A", ":"), ("%2C", ",")]);
    }
    pairs.push(("%25", "%")); // the last one, as the runner does it
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

// ── Paths ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn files_of_one_name_are_told_apart_and_found_from_the_working_directory() {
    let folder = folder(&[("a/p.why", BROKEN), ("b/p.why", BROKEN)]);
    for command in ["check", "lint"] {
        for format in FORMATS {
            let output =
                whyfor(folder.path(), &[command, "--format", format, "a/p.why", "b/p.why"]);
            let told = told(format, &text(&output));
            let files: Vec<&str> = told.iter().map(|(_, file, _)| file.as_str()).collect();
            assert_eq!(files, ["a/p.why", "a/p.why", "b/p.why", "b/p.why"], "{command} {format}");
        }
        let output = whyfor(folder.path(), &[command, "a/p.why", "b/p.why"]);
        let shown = String::from_utf8(output.stderr).unwrap();
        assert!(shown.contains("--> a/p.why:2:5") && shown.contains("--> b/p.why:2:5"), "{shown}");
    }
}

#[test]
fn a_path_leads_to_its_file_whatever_it_is_made_of_and_however_it_was_given() {
    let names =
        ["sp ace.why", "50%.why", "a:b,c.why", "q?#[x].why", "é你.why", "sub/../p.why", "./p.why"];
    let folder = folder(&[("sub/x", ""), ("p.why", BROKEN)]);
    for name in names {
        fs::write(folder.path().join(name), BROKEN).unwrap();
    }
    let absolute = folder.path().canonicalize().unwrap().join("p.why");
    let given = names.iter().copied().chain([absolute.to_str().unwrap()]);
    for name in given {
        for format in FORMATS {
            let output = whyfor(folder.path(), &["check", "--format", format, name]);
            let told = told(format, &text(&output));
            assert!(!told.is_empty());
            for (_, file, line) in told {
                assert_eq!(line, 2);
                assert!(!Path::new(&file).is_absolute(), "{name} is below: {file}");
                assert!(!file.contains(".."), "{file}");
                assert_eq!(
                    fs::read_to_string(folder.path().join(&file)).unwrap(),
                    BROKEN,
                    "{file}"
                );
            }
        }
    }
}

#[test]
fn a_file_elsewhere_has_its_whole_path() {
    let folder = folder(&[("here/x", ""), ("there dir/p.why", BROKEN)]);
    let there = folder.path().canonicalize().unwrap().join("there dir/p.why");
    for format in FORMATS {
        let here = folder.path().join("here");
        let output = whyfor(&here, &["check", "--format", format, "../there dir/p.why"]);
        for (_, file, _) in told(format, &text(&output)) {
            assert_eq!(PathBuf::from(file), there);
        }
    }
}

#[test]
fn imports_have_paths_of_their_own() {
    let folder = folder(&[
        ("pol/root.why", "policy x\nimport \"sub/lib.why\"\n"),
        ("pol/sub/lib.why", "use nope for q"),
    ]);
    for format in FORMATS {
        let output = whyfor(folder.path(), &["check", "--format", format, "pol/root.why"]);
        let told = told(format, &text(&output));
        assert!(told.iter().all(|(_, file, _)| file == "pol/sub/lib.why"), "{told:?}");
        assert!(!told.is_empty());
    }
}

// ── Never green ─────────────────────────────────────────────────────────────────────────────────

/// A folder with every kind of error, and the files to name on the command line.
fn all_that_is_wrong() -> (TempDir, Vec<&'static str>) {
    let files = [
        ("broken.why", BROKEN),
        ("empty.why", ""),
        ("damaged.whyc", "not an artifact"),
        ("failing.why", FAILING),
        ("outside.why", "policy o\nimport \"../x.why\"\n"),
        ("folder/x", ""),
    ];
    let folder = folder(&files);
    fs::write(folder.path().join("bytes.why"), b"policy b\n\xff").unwrap();
    let mut names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    names.extend(["bytes.why", "missing.why", "folder"]);
    (folder, names)
}

#[test]
fn no_format_is_green_where_the_exit_status_is_not() {
    let (folder, names) = all_that_is_wrong();
    for name in names.iter().filter(|name| **name != "folder/x") {
        for (command, format) in ["check", "lint"].iter().flat_map(|c| FORMATS.map(|f| (*c, f))) {
            let output = whyfor(folder.path(), &[command, "--format", format, name]);
            let told = told(format, &text(&output));
            let errors = told.iter().filter(|(severity, ..)| severity == "error").count();
            let is_fine = output.status.code() == Some(0);
            assert_eq!(errors == 0, is_fine, "{command} --format {format} {name}: {told:?}");
            assert!(told.iter().all(|(_, file, line)| file == name && *line > 0), "{told:?}");
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_keeps_no_other_from_being_looked_at() {
    let folder =
        folder(&[("a.why", IDLE), ("damaged.whyc", "x"), ("b.why", BROKEN), ("c.why", FAILING)]);
    let files = ["a.why", "damaged.whyc", "missing.why", "b.why", "c.why"];
    for (command, expected) in [
        ("check", &["damaged.whyc", "missing.why", "b.why", "c.why"][..]),
        ("lint", &["a.why", "damaged.whyc", "missing.why", "b.why"]),
    ] {
        for format in FORMATS {
            let output =
                whyfor(folder.path(), &[&[command, "--format", format][..], &files].concat());
            assert_eq!(output.status.code(), Some(2));
            let mut told: Vec<String> =
                told(format, &text(&output)).into_iter().map(|(_, file, _)| file).collect();
            told.dedup();
            assert_eq!(told, expected, "{command} {format}");
        }
        let output = whyfor(folder.path(), &[&[command][..], &files].concat());
        let shown = text(&output) + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2));
        for file in expected {
            assert!(shown.contains(file), "{command} {file}: {shown}");
        }
    }
}

#[test]
fn findings_and_fixes_are_as_the_schema_says() {
    let folder = folder(&[("idle.why", IDLE), ("fine.why", FINE)]);
    let output = whyfor(folder.path(), &["lint", "--format", "sarif", "idle.why", "fine.why"]);
    let text = text(&output);
    assert!(!sarif(&text).is_empty() && text.contains("\"fixes\""), "{text}");
    let output = whyfor(folder.path(), &["check", "--format", "sarif", "fine.why"]);
    assert_eq!(sarif(&self::text(&output)), []);
    assert!(self::text(&output).contains("\"executionSuccessful\": true"));
}

// ── JUnit ───────────────────────────────────────────────────────────────────────────────────────

/// The counts of all suites: tests, failures, errors. The report must follow its schema.
fn junit(folder: &Path, xml: &str) -> (usize, usize, usize) {
    let report = folder.join("report.xml");
    fs::write(&report, xml).unwrap();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/junit-10.xsd");
    let checked = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .args([&schema, &report])
        .output()
        .expect(
            "no xmllint in PATH, and the report must be checked: apt-get install libxml2-utils",
        );
    assert!(checked.status.success(), "{}{xml}", String::from_utf8_lossy(&checked.stderr));
    let sum = |name: &str| -> usize {
        let attribute = format!(" {name}=\"");
        let values = xml.match_indices(&attribute).map(|(at, found)| {
            xml[at + found.len()..].split('"').next().unwrap().parse::<usize>().unwrap()
        });
        values.sum()
    };
    assert_eq!(sum("tests"), xml.matches("<testcase ").count(), "{xml}");
    assert_eq!(sum("failures"), xml.matches("<failure ").count(), "{xml}");
    assert_eq!(sum("errors"), xml.matches("<error ").count(), "{xml}");
    (sum("tests"), sum("failures"), sum("errors"))
}

const TESTS: &str = "policy: fine.why\ntests:\n  - { ask: use a for q, expect: allow }\n";

#[test]
fn junit_is_as_its_schema_says_and_has_all_that_is_wrong() {
    let hostile = "policy: fine.why\ntests:\n  - { name: \"<&\\\"'\\u001b[31m\\u2028\\ufffe]]>\", ask: use a for q, expect: deny }\n  - { ask: use a for q, expect: deny, skip: \"a\\tb <c>\" }\n";
    let failing = "policy: failing.why\ntests:\n  - { ask: use a for q, expect: allow }\n";
    let folder = folder(&[
        ("fine.why", FINE),
        ("failing.why", FAILING),
        ("broken.why", BROKEN),
        ("fine.yaml", TESTS),
        ("hostile.yaml", hostile),
        ("failing.yaml", failing),
        ("lost.yaml", &TESTS.replace("fine.why", "lost.why")),
        ("broken.yaml", &TESTS.replace("fine.why", "broken.why")),
        ("wrong.yaml", "tests: ["),
    ]);
    for (files, options, status, counts) in [
        (&["fine.yaml"][..], &[][..], 0, (1, 0, 0)),
        (&["hostile.yaml"], &[], 1, (2, 1, 0)),
        // What the policy expects of itself does not hold.
        (&["failing.yaml"], &[], 1, (2, 1, 0)),
        (&["fine.yaml", "missing.yaml"], &[], 2, (2, 0, 1)),
        (&["wrong.yaml", "fine.yaml"], &[], 2, (2, 0, 1)),
        (&["lost.yaml", "fine.yaml"], &[], 2, (2, 0, 1)),
        (&["broken.yaml", "fine.yaml"], &[], 2, (2, 0, 1)),
        (&["fine.yaml"], &["--filter", "nothing"], 2, (1, 0, 1)),
        (&["fine.yaml", "failing.yaml"], &["--fail-under", "100"], 1, (3, 1, 0)),
        (&["hostile.yaml"], &["--fail-under", "100"], 1, (3, 2, 0)),
    ] {
        let run = |format: &str| {
            whyfor(folder.path(), &[&["test", "--format", format], options, files].concat())
        };
        let output = run("junit");
        assert_eq!(output.status.code(), Some(status), "{files:?} {options:?}");
        let xml = text(&output);
        assert_eq!(junit(folder.path(), &xml), counts, "{files:?} {options:?}: {xml}");
        // The other formats say it as well.
        let json: Value = serde_json::from_str(&text(&run("json"))).unwrap();
        let problems = json["problems"].as_array().unwrap().len();
        let is_green = json["counts"]["failed"] == 0 && problems == 0;
        assert_eq!(is_green, status == 0, "{json}");
        let page = text(&run("html"));
        assert_eq!(page.matches("<li>").count(), problems, "{page}");
    }
}

#[test]
fn the_exit_status_is_that_of_the_work_even_if_nobody_reads() {
    let policy = "policy p\ncategory a  category b  purpose q  fact consent\n\
                  use a for q\nuse b for q when consent\n";
    let tests = "policy: fine.why\ntests:\n  - ask: use a for q\n    expect: deny\n";
    let folder = folder(&[
        ("p.why", policy),
        ("fine.why", FINE),
        ("idle.why", IDLE),
        ("broken.why", BROKEN),
        ("failing.why", FAILING),
        ("spaced.why", "policy   s\n"),
        ("t.yaml", tests),
    ]);
    let cases: &[(&[&str], i32)] = &[
        (&["ask", "p.why", "use", "a", "--for", "q"], 0),
        (&["ask", "p.why", "use", "b", "--for", "q"], 3),
        (&["ask", "p.why", "use", "nobody", "--for", "q"], 1),
        (&["ask", "p.why", "use", "nobody", "--for", "q", "--format", "json"], 1),
        (&["check", "fine.why", "broken.why", "fine.why"], 2),
        (&["check", "failing.why", "--format", "json"], 1),
        (&["check", "broken.why", "--format", "sarif"], 2),
        (&["lint", "idle.why", "--deny", "all"], 1),
        (&["lint", "idle.why", "--deny", "all", "--format", "github"], 1),
        (&["diff", "spaced.why", "fine.why"], 1),
        (&["diff", "spaced.why", "fine.why", "--format", "html"], 1),
        (&["test", "t.yaml"], 1),
        (&["test", "t.yaml", "--format", "junit"], 1),
        (&["fmt", "--check", "spaced.why"], 1),
        (&["fields", "p.why", "--for", "nothing"], 2),
        (&["purposes", "p.why", "--field", "b"], 3),
    ];
    for (arguments, status) in cases {
        let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = command.args(*arguments).current_dir(folder.path()).stdout(writer);
        let ended = ended.stderr(std::process::Stdio::null()).status().unwrap();
        let read = whyfor(folder.path(), arguments).status.code();
        assert_eq!((ended.code(), read), (Some(*status), Some(*status)), "{arguments:?}");
    }
}

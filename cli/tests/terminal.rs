//! Text of others reaches a terminal only as text: no control sequence, no change of direction, no line that the
//! command did not write.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Characters that a terminal or a reader would not take as text.
const HOSTILE: &str = "a\u{1b}[2J\u{1b}]0;t\u{7}\u{8}\u{9b}35m\u{7f}\u{202e}\u{2066}\u{200f}\u{2028}\u{85}\u{e0041}\r\nforged: all is well\n::error::forged";

fn whyfor(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
    command.args(["--color", "always"]).args(arguments).current_dir(folder);
    command.stdin(Stdio::null()).output().unwrap()
}

/// Nothing but text, line breaks, tabs and the command's own colours.
#[track_caller]
fn assert_text(arguments: &[&str], output: &Output) {
    for bytes in [&output.stdout, &output.stderr] {
        let shown = String::from_utf8(bytes.clone()).expect("UTF-8");
        let mut bare = shown.clone();
        for own in ["0", "1", "2", "31", "32", "33", "91", "93", "94", "96", "1;91", "1;94", "1;96"]
        {
            bare = bare.replace(&format!("\u{1b}[{own}m"), "");
        }
        let is_text = |c: char| match c {
            '\n' | '\t' => true,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' => false,
            '\u{2060}'..='\u{206f}' | '\u{e0000}'..='\u{e007f}' => false,
            c => !c.is_control(),
        };
        // In CSV, lines end as its standard says.
        let bad: Vec<char> = bare.replace("\r\n", "\n").chars().filter(|c| !is_text(*c)).collect();
        assert!(bad.is_empty(), "{arguments:?}: {bad:?} in {bare:?}");
        let is_forged = |line: &str| {
            line.trim_start().starts_with("forged") || line.starts_with("::error::forged")
        };
        assert!(!bare.lines().any(is_forged), "{arguments:?}: {bare}");
    }
}

fn write(folder: &TempDir, name: &str, text: impl AsRef<[u8]>) {
    fs::write(folder.path().join(name), text).unwrap();
}

/// A text as a string of the language, of JSON and of YAML.
fn quoted(text: &str) -> String {
    let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
    format!("\"{units}\"")
}

const SHOP: &str = "policy shop LABEL { version LABEL }
tag sensitive LABEL
category contact LABEL { email LABEL #sensitive phone }
method provided LABEL
purpose service LABEL { login LABEL }
recipient partners LABEL
fact consent LABEL per purpose
duty notify LABEL
field PATTERN is email
section first LABEL {
    use email for login when consent then notify
    share phone with partners for service
}
";

fn shop(label: &str, pattern: &str) -> String {
    SHOP.replace("LABEL", &quoted(label)).replace("PATTERN", &quoted(pattern))
}

/// An artifact with labels that the language refuses: a policy's bytes with some replaced, and the right
/// checksum.
fn artifact(folder: &TempDir) {
    let mark = "@".repeat(HOSTILE.len());
    write(folder, "marked.why", shop(&mark, "b"));
    let output = whyfor(folder.path(), &["compile", "marked.why", "-o", "shop.whyc"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut bytes = fs::read(folder.path().join("shop.whyc")).unwrap();
    let mut found = 0;
    while let Some(at) = bytes.windows(mark.len()).position(|window| window == mark.as_bytes()) {
        bytes[at..at + mark.len()].copy_from_slice(HOSTILE.as_bytes());
        found += 1;
    }
    assert!(found > 0);
    let checksum = crc32fast::hash(&bytes[16..]);
    bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
    write(folder, "shop.whyc", bytes);
}

#[test]
fn labels_of_an_artifact_are_text_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    artifact(&folder);
    let matrix = ["text", "csv", "json", "html", "svg"];
    let mut calls: Vec<Vec<&str>> =
        matrix.iter().map(|format| vec!["matrix", "shop.whyc", "--format", format]).collect();
    for format in ["text", "json"] {
        calls.push(vec!["ask", "shop.whyc", "use", "email", "--for", "login", "--format", format]);
        calls.push(vec![
            "ask",
            "shop.whyc",
            "share",
            "phone",
            "--with",
            "partners",
            "--for",
            "login",
            "--format",
            format,
        ]);
        calls.push(vec!["fields", "shop.whyc", "--for", "login", "--format", format]);
        calls.push(vec!["purposes", "shop.whyc", "--field", "email", "--all", "--format", format]);
    }
    for format in ["text", "json", "sarif", "github"] {
        calls.push(vec!["check", "shop.whyc", "--format", format]);
    }
    for call in calls {
        let output = whyfor(folder.path(), &call);
        assert_ne!(output.status.code(), Some(2), "{call:?}: {output:?}");
        assert_text(&call, &output);
    }
    // A program gets the text unchanged.
    let output = whyfor(folder.path(), &["matrix", "shop.whyc", "--format", "json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["policy"]["label"], HOSTILE);
    assert_eq!(json["categories"][0]["label"], HOSTILE);
}

#[test]
fn labels_and_patterns_of_a_text_are_text_whether_they_are_refused_or_not() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "new.why", shop(HOSTILE, HOSTILE));
    // Escapes may be refused; harmless characters are accepted.
    write(&folder, "old.why", shop("\u{200b}[x](y) <b>", "a b"));
    write(&folder, "raw.why", shop("x", "y").replace("section", &format!("// {HOSTILE}\nsection")));
    write(&folder, "nothing.why", "policy shop");
    for name in ["new.why", "old.why", "raw.why"] {
        let calls: Vec<Vec<&str>> = vec![
            vec!["check", name],
            vec!["check", name, "--format", "json"],
            vec!["check", name, "--format", "sarif"],
            vec!["check", name, "--format", "github"],
            vec!["lint", name],
            vec!["lint", name, "--format", "sarif"],
            vec!["lint", name, "--format", "github"],
            vec!["diff", "nothing.why", name],
            vec!["diff", name, "nothing.why", "--format", "markdown"],
            vec!["diff", name, "nothing.why", "--format", "json"],
            vec!["diff", name, "nothing.why", "--format", "html"],
            vec!["notice", name],
            vec!["notice", name, "--format", "json"],
            vec!["notice", name, "--format", "html"],
            vec!["ask", name, "use", "email", "--for", "login"],
            vec!["fields", name, "--for", "login", "--all"],
            vec!["matrix", name],
            vec!["fmt", "--diff", name],
            vec!["compile", name, "-o", "x.whyc"],
        ];
        for call in calls {
            // What is laid out, and what a patch of it is, is the author's own text.
            if name != "raw.why" || call[0] != "fmt" {
                assert_text(&call, &whyfor(folder.path(), &call));
            }
        }
    }
}

#[test]
fn names_of_files_are_text_wherever_they_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let name = |end: &str| HOSTILE.replace("\r\n", "\n").replace('/', "") + end;
    let (fine, idle, broken, missing) =
        (name(".why"), name("idle.why"), name("broken.why"), name("missing.why"));
    let (tests, page, artifact) = (name(".yaml"), name(".md"), name(".whyc"));
    write(
        &folder,
        &fine,
        "policy   p\ncategory x\npurpose q\nuse x for q\nexpect { deny use x for q }\n",
    );
    write(&folder, &idle, "policy p\ncategory x\npurpose q\nuse x for q\nuse x for q\n");
    write(&folder, &broken, "policy p use");
    write(&folder, &page, "# Other\n");
    write(&folder, &artifact, "no artifact");
    let policy = quoted(&fine);
    write(
        &folder,
        &tests,
        format!(
            "policy: {policy}\ntests:\n  - {{ name: {policy}, ask: use x for q, expect: deny }}\n"
        ),
    );
    let files = [&fine, &idle, &broken, &missing, &artifact].map(String::as_str);
    for file in files {
        for call in [
            vec!["check", file],
            vec!["check", file, "--format", "json"],
            vec!["check", file, "--format", "sarif"],
            vec!["check", file, "--format", "github"],
            vec!["lint", file],
            vec!["lint", "--fix", file],
            vec!["fmt", "--check", file],
            vec!["fmt", "--diff", file],
            vec!["fmt", file],
            vec!["ask", file, "use", "x", "--for", "q"],
            vec!["fields", file, "--for", "q"],
            vec!["matrix", file],
            vec!["batch", file],
            vec!["diff", file, file],
            vec!["diff", "--git", "HEAD", file],
            vec!["notice", file],
            vec!["notice", file, "--check", &page],
            vec!["notice", file, "--labels", &page],
            vec!["notice", file, "--template", &missing],
            vec!["compile", file, "-o", &artifact],
            vec!["compile", file, "-o", &fine],
            vec!["import", "list", file],
            vec!["test", file],
        ] {
            assert_text(&call, &whyfor(folder.path(), &call));
        }
    }
    for format in ["text", "json", "junit", "html"] {
        let call = ["test", &tests, &missing, &page, "--coverage", "--verbose", "--format", format];
        assert_text(&call, &whyfor(folder.path(), &call));
    }
}

#[test]
fn arguments_are_text_in_what_is_said_of_them() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "p.why", shop("x", "y"));
    write(&folder, "p.yaml", "policy: p.why\ntests: []\n");
    let fact = format!("{HOSTILE}=1");
    let consent = format!("consent={HOSTILE}");
    for call in [
        vec![HOSTILE],
        vec!["check", "p.why", "--format", HOSTILE],
        vec!["check", "p.why", HOSTILE],
        vec!["matrix", "p.why", "--act", HOSTILE],
        vec!["ask", "p.why", HOSTILE, "x", "--for", "login"],
        vec!["ask", "p.why", "use", HOSTILE, "--for", HOSTILE],
        vec!["ask", "p.why", "use", HOSTILE, "--for", HOSTILE, "--format", "json"],
        vec!["ask", "p.why", "collect", "email", "--by", HOSTILE, "--for", "login"],
        vec!["ask", "p.why", "use", "email", "--for", "login", "--fact", HOSTILE],
        vec!["ask", "p.why", "use", "email", "--for", "login", "--fact", &fact],
        vec!["ask", "p.why", "use", "email", "--for", "login", "--fact", &consent],
        vec!["fields", "p.why", "--for", HOSTILE],
        vec!["purposes", "p.why", "--field", HOSTILE],
        vec!["matrix", "p.why", "--fact", &consent],
        vec!["lint", "p.why", "--deny", HOSTILE],
        vec!["lint", "p.why", "--sensitive", HOSTILE],
        vec!["diff", "--git", HOSTILE, "p.why"],
        vec!["explain", HOSTILE],
        vec!["completions", HOSTILE],
        vec!["test", "p.yaml", "--filter", HOSTILE],
        vec!["test", "p.yaml", "--fail-under", HOSTILE],
        vec!["check", "p.why", &format!("--{HOSTILE}")],
    ] {
        let output = whyfor(folder.path(), &call);
        assert_ne!(output.stdout.len() + output.stderr.len(), 0, "{call:?}");
        assert_text(&call, &output);
    }
}

#[test]
fn tests_and_pages_and_questions_are_text_in_what_is_said_of_them() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "p.why", shop("x", "y"));
    let text = quoted(HOSTILE);
    write(
        &folder,
        "p.yaml",
        format!(
            "policy: p.why\ntests:\n  - {{ name: {text}, ask: use email for login, expect: deny }}\n  - {{ name: {text}, ask: use email for login, expect: deny, skip: {text} }}\n  - {{ name: {text}, table: use, purposes: [login, {text}], fields: {{ {text}: deny, email: deny }} }}\n"
        ),
    );
    for (name, wrong) in [
        ("a.yaml", format!("{text}: 1")),
        ("b.yaml", format!("policy: {text}\ntests: []")),
        ("c.yaml", format!("policy: p.why\ntests: [{{ ask: {text}, expect: deny }}]")),
    ] {
        write(&folder, name, wrong);
    }
    write(
        &folder,
        "page.md",
        format!(
            "# {HOSTILE}\n\n## {HOSTILE}\n\n- **{HOSTILE}**: {HOSTILE}\n- **Types of Data Used**: {HOSTILE}\n"
        ),
    );
    write(&folder, "labels.yaml", format!("title: {text}\ncategories: {{ {text}: {text} }}\n"));
    write(&folder, "words.yaml", format!("title: {text}\nintro: {text}\n"));
    write(&folder, "list.j2", "{{ title }} {{ intro }} {{ nothing.x }}");
    write(&folder, "broken.j2", format!("{{{{ {HOSTILE} }}}}"));
    for call in [
        vec!["test", "p.yaml"],
        vec!["test", "p.yaml", "--verbose", "--coverage"],
        vec!["test", "p.yaml", "--format", "json"],
        vec!["test", "p.yaml", "--format", "junit"],
        vec!["test", "p.yaml", "--format", "html"],
        vec!["test", "a.yaml", "b.yaml", "c.yaml"],
        vec!["notice", "p.why", "--check", "page.md"],
        vec!["notice", "p.why", "--check", "page.md", "--format", "json"],
        vec!["notice", "p.why", "--labels", "labels.yaml"],
        vec!["notice", "p.why", "--labels", "words.yaml"],
        vec!["notice", "p.why", "--labels", "words.yaml", "--format", "html"],
        vec!["notice", "p.why", "--labels", "words.yaml", "--template", "list.j2"],
        vec!["notice", "p.why", "--template", "broken.j2"],
        vec!["import", "list", "page.md"],
        vec!["import", "list", "page.md", "--labels", "labels.yaml"],
    ] {
        assert_text(&call, &whyfor(folder.path(), &call));
    }
    // Questions.
    let mut child = Command::new(env!("CARGO_BIN_EXE_whyfor"))
        .args(["batch", "p.why"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let one = HOSTILE.replace(['\r', '\n'], " ");
    let questions = format!(
        "{{\"act\":\"use\",\"field\":{text},\"for\":{text}}}\n{{\"act\":{text},\"field\":\"x\",\"for\":\"y\"}}\n{{\"{one}\":1}}\n{one}\n"
    );
    child.stdin.take().unwrap().write_all(questions.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_text(&["batch"], &output);
    let first: Value =
        serde_json::from_slice(output.stdout.split(|b| *b == b'\n').next().unwrap()).unwrap();
    assert!(first["reasons"].to_string().contains("forged"), "{first}");
}

#[test]
fn the_commands_own_colours_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "p.why", shop("x", "y"));
    for call in [
        vec!["ask", "p.why", "use", "email", "--for", "login"],
        vec!["matrix", "p.why"],
        vec!["check", "p.why"],
    ] {
        let output = whyfor(folder.path(), &call);
        assert!(String::from_utf8(output.stdout).unwrap().contains("\u{1b}[1m"), "{call:?}");
    }
}

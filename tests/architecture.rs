//! The shape of the code: no circles of files, each stage knows only the stages before it, and one folder sees the
//! rules of the parser generator.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod imports;

use imports::Imports;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What every stage may use. They use only each other.
const SHARED: [&str; 7] = ["words", "mask", "period", "limits", "names", "numbers", "printable"];
/// The stages in the order of the data.
const STAGES: [&str; 7] = ["source", "diagnostic", "syntax", "model", "table", "decide", "verify"];
/// The side branches, each with the last stage that it may use. No other part of the library uses them.
const BRANCHES: [(&str, &str); 6] = [
    ("format", "syntax"),
    ("symbols", "model"),
    ("notice", "decide"), // for `Act`
    ("reference", "decide"),
    ("testing", "decide"),
    ("analyze", "verify"),
];

/// What only the outermost modules of the command may know: the command line, the exit status and the commands. So a
/// library could have all others.
const OUTER: [&str; 3] = ["args", "exit", "commands"];
/// The outermost modules of the command: the crate, those above, and the doors for other programs.
const MAY_KNOW_THEM: [&str; 7] = ["main", "lib", "args", "exit", "commands", "data", "lsp"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn source() -> PathBuf {
    root().join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            all.push(path);
        }
    }
    all
}

/// The texts of all files below a folder, by their paths below it.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let name = |file: &Path| {
        let below = file.strip_prefix(folder).unwrap();
        below.to_string_lossy().replace('\\', "/")
    };
    let all = files(folder);
    all.iter().map(|file| (name(file), std::fs::read_to_string(file).unwrap())).collect()
}

/// The first folder or file of a path, without its ending.
fn part(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// Whether code in one part of the library may import from another.
fn may_use(part: &str, other: &str) -> bool {
    let stage = |name: &str| STAGES.iter().position(|stage| *stage == name);
    let last = |name: &str| BRANCHES.iter().find(|(branch, _)| *branch == name)?.1.into();
    let last: Option<&str> = last(part);
    match (stage(part), last, stage(other)) {
        _ if part == other || SHARED.contains(&other) => true,
        (Some(own), _, Some(other)) => other < own,
        (None, Some(last), Some(other)) => Some(other) <= stage(last),
        _ => false,
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut folders = ["src", "cli/src", "bindings/python/src"].map(|f| root().join(f)).to_vec();
    let crates = std::fs::read_dir(root().join("crates")).unwrap();
    folders.extend(crates.map(|entry| entry.unwrap().path().join("src")));
    for folder in folders {
        let imports = Imports::of(&texts(&folder));
        let folder = folder.display();
        assert!(imports.edges.values().any(|targets| !targets.is_empty()), "{folder}");
        let circles = imports.circles();
        assert!(circles.is_empty(), "{folder}: {circles:#?}");
    }
}

#[test]
fn each_stage_knows_only_the_stages_before_it() {
    let mut wrong = Vec::new();
    for (file, targets) in Imports::of(&texts(&source())).edges {
        let own = part(&file);
        let is_known = own == "lib"
            || SHARED.contains(&own)
            || STAGES.contains(&own)
            || BRANCHES.iter().any(|(branch, _)| *branch == own);
        assert!(is_known, "{file} belongs to no stage that this test knows");
        let targets = targets.iter().filter(|target| own != "lib" && !may_use(own, part(target)));
        wrong.extend(targets.map(|target| format!("{file} imports from {target}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_commands_know_the_command_line_and_the_exit_status() {
    let edges = Imports::of(&texts(&root().join("cli/src"))).edges;
    assert!(edges.keys().any(|file| part(file) == "matrix"));
    for (file, targets) in edges.iter().filter(|(file, _)| !MAY_KNOW_THEM.contains(&part(file))) {
        let known = targets.iter().find(|target| OUTER.contains(&part(target)));
        assert!(known.is_none(), "{file} imports from {known:?}");
    }
}

/// Whether a crate of these files has a circle.
fn has_circle(files: &[(&str, &str)]) -> bool {
    let files = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
    !Imports::of(&files.collect()).circles().is_empty()
}

#[test]
fn circles_are_found_in_every_kind_of_path() {
    let cases: [(&str, &[(&str, &str)]); 8] = [
        ("grouped", &[("a.rs", "use crate::{b::{self, c as d}};"), ("b.rs", "use super::a::x;")]),
        ("in code", &[("a.rs", "fn f() { crate::b::f() }"), ("b.rs", "fn f() -> super::a::T {}")]),
        (
            "over a third",
            &[
                ("a.rs", "use crate::b::*;"),
                ("b.rs", "use crate::c::X;"),
                ("c.rs", "use crate::a;"),
            ],
        ),
        (
            "with the parent",
            &[("a/mod.rs", "mod b; fn f() { b::g() } struct T;"), ("a/b.rs", "use super::T;")],
        ),
        (
            "by a re-export",
            &[
                ("a/mod.rs", "pub use b::T; mod b;"),
                ("a/b.rs", "use crate::c;"),
                ("c.rs", "use crate::a::T;"),
            ],
        ),
        (
            "by a new name",
            &[
                ("lib.rs", "pub use a::T as U;"),
                ("a.rs", "use crate::b;"),
                ("b.rs", "use crate::U;"),
            ],
        ),
        (
            "in an inner module",
            &[("a.rs", "mod i { use super::super::b::f; }"), ("b.rs", "use crate::a::i::x;")],
        ),
        (
            "in a function",
            &[("a.rs", "fn f() { use crate::b::g; }"), ("b.rs", "type T = [crate::a::T; 4];")],
        ),
    ];
    for (what, files) in cases {
        assert!(has_circle(files), "{what}");
    }
}

#[test]
fn what_is_no_import_makes_no_circle() {
    let cases: [(&str, &[(&str, &str)]); 7] = [
        (
            "what a macro writes into other crates",
            &[("a.rs", "use crate::b;"), ("b.rs", "macro_rules! m { () => { $crate::a::f() } }")],
        ),
        (
            "re-exports",
            &[
                ("a/mod.rs", "mod b; mod c; pub use b::B; pub(crate) use c::C;"),
                ("a/b.rs", "use super::C;"),
                ("a/c.rs", ""),
            ],
        ),
        (
            "tests",
            &[("a.rs", "use crate::b;"), ("b.rs", "#[cfg(test)] mod tests { use crate::a::f; }")],
        ),
        (
            "comments",
            &[
                ("a.rs", "use crate::b;"),
                ("b.rs", "// crate::a\n/* use crate::a; */ /// [`crate::a`]"),
            ],
        ),
        (
            "strings",
            &[
                ("a.rs", "use crate::b;"),
                (
                    "b.rs",
                    r##"const S: &str = "\" use crate::a;"; const R: &str = r#"" crate::a::b"#;"##,
                ),
            ],
        ),
        (
            "characters",
            &[
                ("a.rs", "use crate::b;"),
                ("b.rs", "fn f<'a>(c: char) { c == '\"'; c == '\\''; } // \" crate::a"),
            ],
        ),
        ("other crates", &[("a.rs", "use crate::b;"), ("b.rs", "use serde::a; use std::fmt;")]),
    ];
    for (what, files) in cases {
        assert!(!has_circle(files), "{what}");
    }
}

/// The code of a file, without its comments and tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or("").to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn only_the_syntax_sees_the_rules_of_the_parser_generator() {
    for file in files(&source()) {
        let inside = file.components().any(|part| part.as_os_str() == "syntax");
        assert!(inside || !code(&file).contains("pest"), "{}", file.display());
    }
}

#[test]
fn unsafe_code_stands_where_its_argument_is() {
    let allowed = ["table/image.rs", "decide/simd.rs", "decide/policy.rs"];
    for file in files(&source()) {
        let name = file.strip_prefix(source()).unwrap().to_string_lossy().replace('\\', "/");
        let count = code(&file).matches("unsafe ").count();
        assert!(count == 0 || allowed.contains(&name.as_str()), "{name}");
    }
}

#[test]
fn the_evaluator_needs_few_crates() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let dependencies =
        manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let lines = dependencies.lines().filter(|line| line.contains('=') && !line.starts_with('#'));
    let (optional, needed): (Vec<&str>, Vec<&str>) =
        lines.partition(|line| line.contains("optional = true"));
    assert!(needed.len() <= 6, "{needed:?}");
    let (data, compiler): (Vec<&str>, Vec<&str>) =
        optional.into_iter().partition(|line| line.starts_with("serde "));
    assert!(data.len() <= 1 && compiler.len() <= 7, "{data:?} {compiler:?}");
}

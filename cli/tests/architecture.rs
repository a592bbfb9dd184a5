//! The shape of the command: which files know which.
//!
//! The command line, the exit status and the commands are known only where the command begins. All
//! other modules take plain options and return errors of their own, so a library could have them.
//! No two files know each other, directly or through others.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What only the outermost modules may know.
const OUTER: [&str; 3] = ["args", "exit", "commands"];
/// The outermost modules: the crate, those of the command line, and the doors for other programs.
const MAY_KNOW_THEM: [&str; 6] = ["", "args", "exit", "commands", "data", "lsp"];

/// The modules of the crate by their paths, such as `notice::view`, with their code.
type Modules = BTreeMap<String, String>;

fn modules() -> Modules {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = Modules::new();
    add(&root, &root, &mut modules);
    modules
}

fn add(root: &Path, folder: &Path, modules: &mut Modules) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            add(root, &path, modules);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("main.rs") {
            let name = path.strip_prefix(root).unwrap().with_extension("");
            let parts: Vec<&str> = name.iter().map(|part| part.to_str().unwrap()).collect();
            let parts = parts.strip_suffix(&["mod"]).unwrap_or(&parts);
            let parts = if parts == ["lib"] { &[] } else { parts };
            modules.insert(parts.join("::"), code(&std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The code of a file, without its comments and tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or("");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that each module names: in `use`, grouped or not, and in paths within its code.
fn known(modules: &Modules) -> BTreeMap<&str, BTreeSet<&str>> {
    let known_to = |(module, code): (&'_ String, &'_ String)| -> BTreeSet<&str> {
        let paths = paths(code).into_iter();
        let named = paths.filter_map(|path| resolved(modules, module, &path));
        named.filter(|other| other != module).collect()
    };
    modules.iter().map(|entry| (entry.0.as_str(), known_to(entry))).collect()
}

/// The paths in the code that may lead to a module.
fn paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let Some(tree) = imported(line) else {
            paths_in_code(line, &mut paths);
            continue;
        };
        let mut tree = tree.to_owned();
        while !tree.contains(';') {
            tree.push_str(lines.next().unwrap());
        }
        expand("", tree.split(';').next().unwrap_or(""), &mut paths);
    }
    paths
}

/// The start of the tree, if an import starts in this line and not a text such as `use email`.
fn imported(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
    let tree = line.strip_prefix("use ")?;
    let first = tree.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    first.starts_with("::").then_some(tree)
}

/// `a::{b, c::{d}}` as `a::b` and `a::c::d`.
fn expand(before: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((head, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or("");
        let path: String = path.chars().filter(|c| !c.is_whitespace()).collect();
        return paths.push(format!("{before}{path}"));
    };
    let head: String = head.chars().filter(|c| !c.is_whitespace()).collect();
    let group = group.trim_end().strip_suffix('}').unwrap();
    let (mut depth, mut start) = (0, 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&format!("{before}{head}"), &group[start..at], paths);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !group[start..].trim().is_empty() {
        expand(&format!("{before}{head}"), &group[start..], paths);
    }
}

/// Paths outside of `use`: `crate::files::read`, `labels::words`.
fn paths_in_code(code: &str, paths: &mut Vec<String>) {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = code.split(|c: char| !is_path(c));
    paths.extend(words.filter(|word| word.contains("::")).map(str::to_owned));
}

/// The module that a path in a module leads to; `None` if it leads out of the crate.
fn resolved<'m>(modules: &'m Modules, module: &str, path: &str) -> Option<&'m str> {
    let mut parts: Vec<&str> = module.split("::").filter(|part| !part.is_empty()).collect();
    let mut path = path.split("::").peekable();
    match path.peek().copied()? {
        "crate" | "$crate" => parts.clear(),
        "self" | "super" => {}
        first => {
            // The path of another crate, unless the module has such a child.
            let child: Vec<&str> = parts.iter().copied().chain([first]).collect();
            modules.get(&child.join("::"))?;
        }
    }
    for part in path {
        match part {
            "crate" | "$crate" | "self" => {}
            "super" => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    while !modules.contains_key(&parts.join("::")) {
        parts.pop()?;
    }
    modules.get_key_value(&parts.join("::")).map(|(name, _)| name.as_str())
}

fn top(module: &str) -> &str {
    module.split("::").next().unwrap_or("")
}

#[test]
fn only_the_commands_know_the_command_line_and_the_exit_status() {
    let modules = modules();
    for (module, known) in known(&modules) {
        if MAY_KNOW_THEM.contains(&top(module)) {
            continue;
        }
        for other in known {
            assert!(!OUTER.contains(&top(other)), "`{module}` knows `{other}`");
        }
    }
}

#[test]
fn no_two_files_know_each_other() {
    let modules = modules();
    let known = known(&modules);
    for start in known.keys().filter(|module| top(module) != "lsp") {
        let mut reached: BTreeMap<&str, &str> = BTreeMap::new();
        let mut left = vec![*start];
        while let Some(module) = left.pop() {
            for other in &known[module] {
                if reached.insert(other, module).is_none() {
                    left.push(other);
                }
            }
        }
        if let Some(before) = reached.get(start) {
            panic!("a circle: `{start}` leads to `{before}`, and that leads back");
        }
    }
}

#[test]
fn the_imports_of_a_file_are_read_whole() {
    let text = "use crate::{\n a::{self, b::C}, d,\n};\npub use super::e as f;\nfn g() { crate::h::i(j::k) }";
    let paths: BTreeSet<String> = paths(text).into_iter().collect();
    let expected =
        ["crate::a::self", "crate::a::b::C", "crate::d", "super::e", "crate::h::i", "j::k"];
    assert_eq!(paths, expected.map(str::to_owned).into());
    let names = ["", "a", "a::b", "a::c", "d"].map(|name| (name.to_owned(), String::new()));
    let modules = Modules::from(names);
    for (module, path, leads_to) in [
        ("a::c", "super::b::C", Some("a::b")),
        ("a::c", "crate::a::self", Some("a")),
        ("a", "c::f", Some("a::c")),
        ("a", "std::fmt", None),
        ("d", "crate::f", Some("")),
    ] {
        assert_eq!(resolved(&modules, module, path), leads_to, "{path} in {module}");
    }
}

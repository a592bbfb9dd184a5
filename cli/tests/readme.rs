//! What README.md and docs/*.md show is what happens.
//!
//! Every `$ whyfor …` line of their `console` blocks is run by a shell in the root of the workspace, and
//! what the block shows below it must be what is printed. `$ cargo run --release -- …` is run as `whyfor …`.
//! A line that is `…` alone stands for any lines; a command with nothing below it may print anything. A `text`
//! block right behind a `console` block goes on with its output.
//!
//! A document with blocks of `why FILE.why` or `yaml FILE.yaml` writes files as it goes: each is added to
//! that file, and the document's commands run in the folder where it is.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const ANY_LINES: &str = "…";

/// A command of a document, and what the document shows of its output.
struct Example {
    place: String,
    command: String,
    shown: Vec<String>,
    folder: PathBuf,
    /// What the document has written by then.
    files: BTreeMap<String, String>,
}

/// A fenced block: what it is of, the number of its first line, its lines.
struct Block<'t> {
    language: &'t str,
    first: usize,
    lines: Vec<&'t str>,
}

#[test]
fn the_examples_of_the_documents_run_and_print_what_is_shown() {
    std::fs::create_dir_all(root().join("target")).unwrap(); // examples write there alone
    let documents = documents();
    let examples: Vec<Example> = documents.iter().flat_map(|path| examples(path)).collect();
    assert!(examples.len() > 8, "README.md has an example for each command");
    let failures: Vec<String> = examples.iter().filter_map(failure).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn the_rust_example_is_the_one_that_the_library_tests() {
    let readme = read(&root().join("README.md"));
    let shown = blocks(&readme).into_iter().find(|block| block.language == "rust");
    let shown = shown.expect("README.md has a `rust` block").lines;
    let library = read(&root().join("src/lib.rs"));
    let docs: Vec<&str> = library
        .lines()
        .filter_map(|line| match line {
            // The example runs only with what compiles, so its fence is an attribute.
            r#"#![cfg_attr(feature = "compile", doc = "```")]"# => Some("```"),
            line => line.strip_prefix("//!"),
        })
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let docs = docs.join("\n");
    let tested = blocks(&docs).into_iter().next().expect("src/lib.rs has an example").lines;
    let tested: Vec<&str> =
        tested.into_iter().filter(|line| *line != "#" && !line.starts_with("# ")).collect();
    assert_eq!(shown, tested);
}

#[test]
fn the_policy_of_the_language_page_checks() {
    let readme = read(&root().join("README.md"));
    let block = blocks(&readme).into_iter().find(|block| block.language == "why");
    let text = block.expect("README.md has a `why` block").lines.join("\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.why");
    std::fs::write(&path, text).unwrap();
    let (status, printed) = run(&format!("whyfor check {}", path.display()), root());
    assert_eq!(status, Some(0), "{printed}");
}

#[test]
fn lines_that_stand_for_any_lines_match_none_and_many() {
    for (shown, printed, expected) in [
        ("a", "a", true),
        ("a", "b", false),
        ("a", "a b", false),
        ("…", "", true),
        ("…", "a b", true),
        ("a …", "a", true),
        ("a …", "a b c", true),
        ("… c", "a b c", true),
        ("a … c", "a b c", true),
        ("a … c", "a b", false),
        ("a … b … c", "a x b y c", true),
        ("… a", "a b", false),
    ] {
        let (shown, printed): (Vec<&str>, Vec<&str>) =
            (shown.split(' ').collect(), printed.split_terminator(' ').collect());
        assert_eq!(matches(&shown, &printed), expected, "{shown:?} {printed:?}");
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn documents() -> Vec<PathBuf> {
    let docs = root().join("docs").read_dir().unwrap().map(|entry| entry.unwrap().path());
    let mut documents: Vec<PathBuf> =
        docs.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    documents.push(root().join("README.md"));
    documents.sort();
    documents
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The commands of a document that call `whyfor`.
fn examples(path: &Path) -> Vec<Example> {
    let text = read(path);
    let name = path.strip_prefix(root()).unwrap().display().to_string();
    let mut examples: Vec<Example> = Vec::new();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let writes = blocks(&text).iter().any(|block| written(block).is_some());
    let folder = match writes {
        true => root().join("target/documents").join(path.file_stem().unwrap()),
        false => root().to_owned(),
    };
    for block in consoles(&text) {
        if let Some(file) = written(&block) {
            let text = files.entry(file.to_owned()).or_default();
            block.lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
            continue;
        }
        let start = examples.len();
        let mut lines = block.lines.iter().enumerate();
        while let Some((offset, line)) = lines.next() {
            if let Some(command) = line.strip_prefix("$ ") {
                let mut command = command.to_owned();
                while command.ends_with('\\') {
                    command.pop();
                    command += lines.next().expect("a `\\` has a line behind it").1;
                }
                let place = format!("{name}:{}", block.first + offset);
                let (folder, files) = (folder.clone(), files.clone());
                examples.push(Example { place, command, shown: Vec::new(), folder, files });
            } else if examples.len() > start {
                examples.last_mut().unwrap().shown.push((*line).to_owned());
            }
        }
    }
    for example in &mut examples {
        example.command = example.command.replace("cargo run --release -- ", "whyfor ");
        let end = example.shown.iter().rposition(|line| !line.is_empty()).map_or(0, |at| at + 1);
        example.shown.truncate(end);
    }
    examples.retain(|example| calls_whyfor(&example.command));
    examples
}

fn calls_whyfor(command: &str) -> bool {
    command.split(['|', ';', '&']).any(|part| part.trim_start().starts_with("whyfor "))
}

/// The file that a block adds to.
fn written<'t>(block: &Block<'t>) -> Option<&'t str> {
    let (language, file) = block.language.split_once(' ')?;
    (matches!(language, "why" | "yaml") && file.ends_with(&format!(".{language}"))).then_some(file)
}

/// The `console` blocks, each with the `text` block that is right behind it, and those that write.
fn consoles(text: &str) -> Vec<Block<'_>> {
    let mut consoles: Vec<Block<'_>> = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut end = 0; // of the last console block, as an index of its closing fence
    for block in blocks(text) {
        let between = lines.get(end + 1..block.first.saturating_sub(2)).unwrap_or(&[""]);
        let follows = end > 0 && between.iter().all(|line| line.is_empty());
        match (block.language, consoles.last_mut()) {
            ("console", _) => {
                end = block.first - 1 + block.lines.len();
                consoles.push(block);
            }
            ("text", Some(console)) if follows => console.lines.extend(block.lines),
            _ if written(&block).is_some() => consoles.push(block),
            _ => {}
        }
    }
    consoles
}

/// All fenced blocks.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                open = Some(Block { language, first: index + 2, lines: Vec::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.lines.push(line),
            (None, None) => {}
        }
    }
    blocks
}

/// What is wrong with an example, if anything.
fn failure(example: &Example) -> Option<String> {
    let Example { place, command, shown, folder, files } = example;
    for (file, text) in files {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join(file), text).unwrap();
    }
    let (status, printed) = run(command, folder);
    // A document may show what a mistake looks like.
    let mistake = shown.first().is_some_and(|line| line.starts_with("error"));
    let fine = matches!(status, Some(0 | 1 | 3)) || mistake && status == Some(2);
    if !fine {
        return Some(format!("{place}: `{command}` ended with {status:?}:\n{printed}"));
    }
    let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let shown: Vec<&str> = shown.iter().map(|line| line.trim_end()).collect();
    if shown.is_empty() || matches(&shown, &lines) {
        return None;
    }
    Some(format!("{place}: `{command}` prints\n{printed}\nand is shown with\n{}", shown.join("\n")))
}

/// Runs a command; its exit status, and all it prints.
fn run(command: &str, folder: &Path) -> (Option<i32>, String) {
    let binary = Path::new(env!("CARGO_BIN_EXE_whyfor")).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(binary.to_owned()).chain(std::env::split_paths(&path));
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(path).unwrap())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// Whether printed lines are as shown, where `…` stands for any lines.
fn matches(shown: &[&str], printed: &[&str]) -> bool {
    match (shown.split_first(), printed.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((&ANY_LINES, rest)), _) => {
            (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..]))
        }
        (Some((line, shown)), Some((first, printed))) => line == first && matches(shown, printed),
        (Some(_), None) => false,
    }
}

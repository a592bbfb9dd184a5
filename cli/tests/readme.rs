//! What README.md, BENCHMARKS.md and docs/*.md show is what happens.
//!
//! Every `$ whyfor …` line of their `console` blocks is run by a shell in the root of the workspace, and
//! what the block shows below it must be what is printed. `$ cargo run --release -- …` is run as `whyfor …`.
//! A line with only `…` stands for any lines; a command with nothing below it may print anything. A `text`
//! block directly after a `console` block continues its output. Any other command must be one that
//! [`is_known`] knows.
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
    /// The files that the document has written before it.
    files: BTreeMap<String, String>,
}

/// A fenced block: its language, the number of its first line, its lines.
struct Block<'t> {
    language: &'t str,
    first: usize,
    lines: Vec<&'t str>,
}

#[test]
fn the_examples_of_the_documents_run_and_print_what_is_shown() {
    std::fs::create_dir_all(root().join("target")).unwrap(); // examples write only there
    // As for a reader who begins: nothing is left from an earlier run.
    let _ = std::fs::remove_dir_all(root().join("target/documents"));
    let documents = documents();
    let examples: Vec<Example> = documents.iter().flat_map(|path| examples(path)).collect();
    assert!(examples.len() > 8, "docs/commands.md has an example for each command");
    let failures: Vec<String> = examples.iter().filter_map(failure).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_command_has_a_section_of_its_page() {
    let page = read(&root().join("docs/commands.md"));
    let titles: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let (status, help) = run("whyfor help", root());
    assert_eq!(status, Some(0), "{help}");
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names: Vec<&str> = names.filter(|name| !["", "help"].contains(name)).collect();
    assert!(names.len() > 8, "{names:?}");
    for name in names {
        let has_it = titles.iter().any(|title| title.split(' ').any(|word| word == name));
        assert!(has_it, "docs/commands.md has no section for `{name}`");
    }
}

#[test]
fn the_other_commands_of_the_documents_are_known() {
    let mut documents = documents();
    documents
        .extend(["CONTRIBUTING.md", "bindings/python/README.md"].map(|name| root().join(name)));
    let commands = documents.iter().flat_map(|path| commands(path));
    let unknown: Vec<String> = commands
        .filter(|command| !calls_whyfor(&command.command) && !is_known(&command.command))
        .map(|Example { place, command, .. }| format!("{place}: `{command}`"))
        .collect();
    assert!(unknown.is_empty(), "\n{}", unknown.join("\n"));
}

#[test]
fn the_library_is_added_to_a_program_beside_it_as_shown() {
    let commands: Vec<String> =
        documents().iter().flat_map(|path| commands(path)).map(|c| c.command).collect();
    let shown: Vec<&String> = commands.iter().filter(|c| c.starts_with("cargo add ")).collect();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root(), folder.path().join("whyfor")).unwrap();
    let (status, printed) = run("cargo new --vcs none program", folder.path());
    assert_eq!(status, Some(0), "{printed}");
    let program = folder.path().join("program");
    for command in shown {
        let (status, printed) = run(&format!("{command} --offline"), &program);
        assert_eq!(status, Some(0), "{command}: {printed}");
    }
    let manifest = read(&program.join("Cargo.toml"));
    for name in ["whyfor", "whyfor-build", "whyfor-serde", "whyfor-serve", "whyfor-tower"] {
        assert!(
            manifest.contains(&format!("\n{name} = {{ ")),
            "no document adds {name}:\n{manifest}"
        );
    }
}

#[test]
fn the_features_that_a_page_names_are_those_of_the_crate() {
    let page = read(&root().join("docs/embedding.md"));
    for name in ["whyfor-serde", "whyfor-serve", "whyfor-tower"] {
        let (_, rest) = page.split_once(&format!("/crates/{name}\n```\n\n")).expect(name);
        let sentences = rest.lines().next().unwrap();
        let manifest = read(&root().join(format!("crates/{name}/Cargo.toml")));
        let (_, features) = manifest.split_once("[features]\n").unwrap();
        let lines = features.lines().take_while(|line| !line.is_empty());
        let mut features = lines.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
        let missing =
            features.find(|name| *name != "default" && !sentences.contains(&format!("`{name}`")));
        assert_eq!(missing, None, "{name}: {sentences}");
    }
}

#[test]
fn the_candidate_of_the_example_service_is_made_as_shown() {
    let service = root().join("examples/shop-service");
    let commands = commands(&service.join("README.md"));
    let made = commands.iter().find(|c| c.command.starts_with("mkdir ")).expect("it is made");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("policy")).unwrap();
    std::fs::copy(service.join("policy/shop.why"), folder.path().join("policy/shop.why")).unwrap();
    let command = format!("{} && whyfor check next/shop.why", made.command);
    let (status, printed) = run(&command, folder.path());
    assert_eq!(status, Some(0), "{printed}");
    let (_, printed) = run("whyfor diff policy/shop.why next/shop.why", folder.path());
    assert!(printed.contains("city") && printed.contains("support"), "{printed}");
}

#[test]
fn every_rust_example_is_in_the_documentation_of_a_crate_which_tests_it() {
    let tested = documentation();
    let tested: Vec<Vec<&str>> = tested
        .iter()
        .flat_map(|text| blocks(text))
        .filter(|block| ["", "no_run"].contains(&block.language))
        .map(|block| block.lines.into_iter().filter(|line| !is_hidden(line)).collect())
        .collect();
    let mut shown = 0;
    for document in documents() {
        let text = read(&document);
        for block in blocks(&text).into_iter().filter(|block| block.language == "rust") {
            let is_tested = tested
                .iter()
                .any(|lines| lines.windows(block.lines.len()).any(|part| part == block.lines));
            let place = format!("{}:{}", document.display(), block.first);
            assert!(is_tested, "{place}: no crate has this example in its documentation");
            shown += 1;
        }
    }
    assert!(shown >= 8, "{shown} examples");
}

/// Whether an example does not show this line of it.
fn is_hidden(line: &str) -> bool {
    line == "#" || line.starts_with("# ")
}

/// The documentation in each file of the library and its crates.
fn documentation() -> Vec<String> {
    let crates = root().join("crates").read_dir().unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> =
        crates.chain([root().to_owned()]).map(|path| path.join("src")).collect();
    let mut documentation = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = read(&path);
                let lines: Vec<&str> = text.lines().filter_map(documented).collect();
                documentation.push(lines.join("\n"));
            }
        }
    }
    documentation
}

/// What a line of Rust says in the documentation.
fn documented(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if line.starts_with("#![cfg_attr(") && line.ends_with(r#"doc = "```")]"#) {
        return Some("```"); // an example that needs a feature
    }
    let text = line.strip_prefix("//!").or_else(|| line.strip_prefix("///"))?;
    Some(text.strip_prefix(' ').unwrap_or(text).trim_end())
}

#[test]
fn the_policy_of_the_language_page_checks() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.why"), policy_of_the_language_page()).unwrap();
    let (status, printed) = run("whyfor check shop.why", folder.path());
    assert_eq!(status, Some(0), "{printed}");
}

/// `UPDATE_SNAPSHOTS=1` draws it again.
#[test]
fn the_picture_is_the_matrix_of_the_policy_of_the_language_page() {
    let readme = read(&root().join("README.md"));
    let command = "whyfor matrix shop.why --format svg";
    assert!(readme.contains(&format!("`{command}`")) && readme.contains("](docs/matrix.svg)"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("shop.why"), policy_of_the_language_page()).unwrap();
    let (status, drawn) = run(command, folder.path());
    assert_eq!(status, Some(0), "{drawn}");
    let kept = root().join("docs/matrix.svg");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&kept, &drawn).unwrap();
    }
    assert!(read(&kept) == drawn, "docs/matrix.svg is not what `{command}` draws");
}

#[test]
fn the_figures_of_the_readme_are_rows_of_the_benchmarks() {
    let (readme, benchmarks) =
        (read(&root().join("README.md")), read(&root().join("BENCHMARKS.md")));
    let [few, all] = [&readme, &benchmarks].map(|text| {
        let (_, rest) = text.split_once("<!-- peers:begin -->\n").unwrap();
        let (table, _) = rest.split_once("<!-- peers:end -->").unwrap();
        table.lines().collect::<Vec<_>>()
    });
    let rows = few.iter().filter(|line| line.starts_with('|')).count();
    assert_eq!(rows, 2 + 4, "a head and four rows");
    for line in few {
        assert!(all.contains(&line), "only README.md has this line:\n{line}");
    }
}

#[test]
fn the_links_of_the_documents_lead_somewhere() {
    let mut links = 0;
    for document in documents() {
        let text = read(&document);
        for link in prose(&text).split("](").skip(1) {
            let link = link.split(')').next().unwrap();
            if link.contains("://") {
                continue;
            }
            links += 1;
            let (path, place) = link.split_once('#').map_or((link, None), |(p, a)| (p, Some(a)));
            let target = match path {
                "" => document.clone(),
                path => document.parent().unwrap().join(path),
            };
            let shown = document.display();
            assert!(target.exists(), "{shown} links to {link}, which is not there");
            if let Some(place) = place {
                let text = read(&target);
                let mut titles = text.lines().filter(|line| line.starts_with('#')).map(anchor);
                assert!(
                    titles.any(|title| title == place),
                    "{shown} links to {link}: no such title"
                );
            }
        }
    }
    assert!(links > 20);
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
    documents.extend(["README.md", "BENCHMARKS.md"].map(|name| root().join(name)));
    documents.sort();
    documents
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The example that the language page starts with.
fn policy_of_the_language_page() -> String {
    let page = read(&root().join("docs/language.md"));
    let block = blocks(&page).into_iter().find(|block| block.language == "why");
    block.expect("docs/language.md has a `why` block").lines.join("\n") + "\n"
}

/// The lines outside of fenced blocks.
fn prose(text: &str) -> String {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.starts_with("```") {
            true => fenced = !fenced,
            false if !fenced => lines.push(line),
            false => {}
        }
    }
    lines.join("\n")
}

/// The name of a title in links, as GitHub makes it.
fn anchor(title: &str) -> String {
    let kept = title.trim_start_matches('#').trim().chars();
    let kept = kept.filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Whether a command that does not call `whyfor` would run: a task that there is, or what set-up needs. The tasks install
/// the Python package as it is shown, and a test here runs `cargo add`.
fn is_known(command: &str) -> bool {
    if let Some(task) = command.strip_prefix("cargo xtask ") {
        return read(&root().join("xtask/src/main.rs")).contains(&format!("[\"{task}\"] =>"));
    }
    if let Some(package) = command.strip_prefix("pip install './bindings/python[") {
        let project = read(&root().join("bindings/python/pyproject.toml"));
        return package
            .split_once("]'")
            .is_some_and(|(extra, _)| project.contains(&format!("\n{extra} = [")));
    }
    command == "cargo build --release" || command.starts_with("cargo add whyfor")
}

/// The commands of a document that call `whyfor`.
fn examples(path: &Path) -> Vec<Example> {
    commands(path).into_iter().filter(|example| calls_whyfor(&example.command)).collect()
}

/// The commands of a document.
fn commands(path: &Path) -> Vec<Example> {
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

/// The `console` blocks, each with the `text` block directly after it, and the blocks that write files.
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

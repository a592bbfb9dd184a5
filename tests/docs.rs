//! The examples in the documentation are what they say they are.
//!
//! Every ```` ```why ```` block of `docs/language.md` compiles without a message and its expectations hold. A block
//! that is marked `fragment` goes on from [`PRELUDE`]. In each section of `docs/diagnostics.md` the
//! first block gives the section's code, and nothing else, and the others compile; of the codes of the
//! linter, the first block gives the code and the others do not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::path::Path;
use whyfor::lint::{Options, lint};
use whyfor::{Code, Diagnostics, Memory, Model, Policy};

/// The policy that fragments go on from.
const PRELUDE: &str = r#"
policy shop "Shop personal information list"
category contact "Contact details" {
    email   "Email address"
    phone   "Phone number" #sensitive
    address "Mailing address"
}
category device "Device information" { ip_address "IP address"  os_version "Operating system version" }
method provided "Provided by the user"
method observed "Observed by the service" { automatic "Automatically collected" }
purpose service "Providing the service" { login "Signing in"  billing "Billing" }
purpose marketing "Marketing" { newsletter "Newsletter"  ads "Advertising" }
purpose research "Statistics and research"
recipient partners "Partners" { courier "Courier" }
tag sensitive "Sensitive personal information"
fact verified
fact consent per purpose
fact region: one of eu, us, cn
fact age: number
duty deidentify
"#;

/// What the fragments of the language page have besides.
const MORE: &str = r#"
tag country "Country" published { us "United States"  de "Germany" }
fact objected per purpose
basis contract
basis agreed when consent
basis legitimate unless objected
event account_deletion
"#;

fn document(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

/// The blocks fenced as `why`: what else the fence says, and the text.
fn blocks(markdown: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if let Some(mark) = line.strip_prefix("```why") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((mark.trim(), spelled(&text.join("\n"))));
        } else if line.starts_with("```") {
            lines.by_ref().take_while(|line| *line != "```").for_each(drop);
        }
    }
    blocks
}

/// `⟨U+0301⟩` is that character, and `⟨a × 3⟩` is `aaa`: what a page cannot show.
fn spelled(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('⟨') {
        let (inside, behind) = after.split_once('⟩').unwrap();
        result.push_str(before);
        match (inside.strip_prefix("U+"), inside.split_once(" × ")) {
            (Some(hex), _) => {
                result.extend(char::from_u32(u32::from_str_radix(hex, 16).unwrap()));
            }
            (_, Some((what, count))) => result.push_str(&what.repeat(count.parse().unwrap())),
            _ => panic!("⟨{inside}⟩"),
        }
        rest = behind;
    }
    result + rest
}

fn files() -> Memory {
    let common = "// What the examples import.";
    Memory::new()
        .with("common/methods.why", common)
        .with("common.why", common)
        .with("company/common.why", common)
}

/// The codes of all messages about a policy, and the messages.
fn check(bytes: Vec<u8>) -> (Vec<Code>, String) {
    let model = match Model::from_loader(&files().with("shop.why", bytes), "shop.why") {
        Ok(model) => model,
        Err(errors) => return told(&[errors]),
    };
    match Policy::compile(&model) {
        Ok(policy) => told(&[model.warnings(), policy.check_expectations(&model)]),
        Err(errors) => told(&[errors]),
    }
}

fn told(found: &[Diagnostics]) -> (Vec<Code>, String) {
    let codes = found.iter().flat_map(|list| list.iter().map(|d| d.code())).collect();
    (codes, found.iter().map(|list| list.render(false)).collect())
}

#[test]
fn the_examples_of_the_language_compile() {
    let page = document("language.md");
    let blocks = blocks(&page);
    assert!(blocks.len() > 15);
    for (mark, text) in blocks {
        let text = match mark {
            "" => text,
            "fragment" => format!("{PRELUDE}{MORE}{text}"),
            other => panic!("a block is marked `{other}`"),
        };
        let (codes, shown) = check(text.clone().into_bytes());
        assert!(codes.is_empty(), "{text}\n\n{shown}");
    }
}

/// The examples of the linter are put into a policy that uses nothing of what it declares, so of each
/// only what is found of its own code counts.
#[test]
fn the_examples_of_the_linter_are_found_and_not() {
    // What is too much work is too long for an example; `tests/diagnostics` has one.
    let has_examples = |code: &&Code| code.is_lint() && **code != Code::NotChecked;
    for code in Code::ALL.iter().filter(has_examples) {
        let blocks = blocks(code.explanation());
        assert!(blocks.len() >= 2, "{code} has a wrong example and a right one");
        for (index, (mark, text)) in blocks.into_iter().enumerate() {
            assert_eq!(mark, "", "{code}");
            let text = format!("{PRELUDE}{text}");
            let files = Memory::new().with("shop.why", text.clone());
            let model =
                Model::from_loader(&files, "shop.why").unwrap_or_else(|e| panic!("{code}\n{e}"));
            let found = lint(&model, &Options::default()).unwrap();
            let end = PRELUDE.len();
            let own = found.iter().filter(|finding| {
                let here = finding.primary().is_some_and(|label| label.span.start as usize >= end);
                finding.code() == *code && here
            });
            assert_eq!(own.count() > 0, index == 0, "{code}:\n{text}\n\n{found}");
        }
    }
}

#[test]
fn the_examples_of_the_diagnostics_are_wrong_and_right() {
    for code in Code::ALL.iter().filter(|code| !code.is_lint()) {
        let blocks = blocks(code.explanation());
        assert!(blocks.len() >= 2, "{code} has a wrong example and a right one");
        for (index, (mark, text)) in blocks.into_iter().enumerate() {
            assert_eq!(mark, "", "{code}");
            let whole = *code == Code::NoHeader || text.starts_with("policy");
            let text = if whole { text } else { format!("{PRELUDE}{text}") };
            let bytes = match (code, index) {
                (Code::NotUtf8, 0) => text.chars().map(|c| c as u8).collect(), // as Latin-1
                _ => text.clone().into_bytes(),
            };
            let (codes, shown) = check(bytes);
            if index > 0 {
                assert!(codes.is_empty(), "{code}, right:\n{text}\n\n{shown}");
            } else {
                let only = !codes.is_empty() && codes.iter().all(|found| found == code);
                assert!(only, "{code}, wrong:\n{text}\n\n{shown}");
            }
        }
    }
}

#[test]
fn the_sections_of_the_diagnostics_are_the_codes_in_order() {
    let page = document("diagnostics.md");
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let codes: Vec<String> =
        Code::ALL.iter().map(|code| format!("{code}: {}", code.title())).collect();
    assert_eq!(headings, codes);
}

/// The words that the page lists as reserved.
fn reserved() -> Vec<String> {
    let page = document("language.md");
    let (_, list) = page.split_once("```text\n").unwrap();
    let (list, _) = list.split_once("\n```").unwrap();
    list.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_reserved_words_are_those_of_the_grammar() {
    let grammar = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/why.pest");
    let grammar = std::fs::read_to_string(grammar).unwrap();
    let (_, rule) = grammar.split_once("keyword = _{").unwrap();
    let (rule, _) = rule.split_once(") ~").unwrap();
    let mut words: Vec<&str> = rule.split('"').skip(1).step_by(2).collect();
    let mut listed = reserved();
    words.sort_unstable();
    listed.sort_unstable();
    assert_eq!(words, listed);
}

#[test]
fn every_reserved_word_is_a_name_in_backquotes_alone() {
    for word in reserved() {
        let text = |name: &str| {
            format!("policy p category {name} {{ below }} purpose login use {name} for login")
        };
        assert_eq!(check(text(&format!("`{word}`")).into_bytes()).0, [], "{word}");
        assert!(check(text(&word).into_bytes()).0.contains(&Code::ReservedWord), "{word}");
    }
    for word in ["version", "controller", "closed", "end", "open"] {
        let text = format!("policy {word} category {word} purpose login use {word} for login");
        assert_eq!(check(text.into_bytes()).0, [], "{word}");
    }
}

/// The public functions in a file of the library whose documentation has no example.
fn without_example(text: &str) -> Vec<String> {
    let (mut missing, mut has_example) = (Vec::new(), false);
    for line in text.lines().map(str::trim) {
        let is_function = ["pub fn ", "pub const fn ", "pub unsafe fn "]
            .iter()
            .find_map(|start| line.strip_prefix(start));
        if let Some(rest) = is_function {
            if !has_example {
                missing.push(rest.split(['(', '<']).next().unwrap().to_owned());
            }
            has_example = false;
        } else if line.starts_with("///") || line.starts_with("#[doc") || line.starts_with('"') {
            has_example |= line.contains("```");
        } else if line.is_empty() || line.ends_with('}') || line.ends_with(';') {
            has_example = false;
        }
    }
    missing
}

#[test]
fn every_public_function_has_an_example() {
    fn files(folder: &Path, all: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path, all) } else { all.push(path) }
        }
    }
    assert_eq!(without_example("/// ```\n/// ```\npub fn a() {}\n\n/// B.\npub fn b() {}"), ["b"]);
    let mut all = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    assert!(all.len() > 50);
    for file in all {
        let missing = without_example(&std::fs::read_to_string(&file).unwrap());
        assert!(missing.is_empty(), "{}: {missing:?}", file.display());
    }
}

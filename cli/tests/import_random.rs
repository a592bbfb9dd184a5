//! Lists of random policies, read back: by section, permits without conditions come back as they were; from every
//! other page, and with conditions and prohibitions, the draft permits no more.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;
mod random;

use decisions::{Side, difference, excess};
use lists::{file, out, whyfor};
use random::names::Style;
use random::policy::policy;
use random::{Dice, decisions};

const LANGUAGES: [&str; 3] = ["en", "zh", "de"];

/// The list of a policy in a file, and the draft of the list.
fn round(path: &str, language: &str, layout: &str, format: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let list = &["notice", path, "--language", language, "--layout", layout, "--format", format];
    let page = out(list, 0);
    let name = if format == "html" { "page.html" } else { "page.md" };
    let output = whyfor(&["import", "list", &file(&folder, name, &page)]);
    let errors = String::from_utf8(output.stderr).unwrap();
    // A page in one of the other layouts may have no list: no row, or none with known labels.
    let has_none = output.status.code() == Some(2) && layout != "sections";
    assert!(has_none || matches!(output.status.code(), Some(0 | 1)), "{errors}\n{page}");
    let draft = String::from_utf8(output.stdout).unwrap();
    (page, if has_none { "policy p".to_owned() } else { draft })
}

/// Shows the first line of each failure, and the first failure in full.
#[track_caller]
fn none(failures: &[String]) {
    let heads: Vec<&str> = failures.iter().filter_map(|failure| failure.lines().next()).collect();
    if let Some(first) = failures.first() {
        panic!("{} pages\n{}\n\n{first}", failures.len(), heads.join("\n"));
    }
}

#[test]
fn by_section_permits_without_conditions_come_back_as_they_were() {
    let mut failures = Vec::new();
    for seed in 0..60 {
        let dice = &mut Dice::new(seed);
        let text = policy(dice, Style::Plain);
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, "p.why", &text);
        let source = Side::new(&text);
        if source.says_nothing() {
            continue; // `use collected` where nothing is
        }
        for language in LANGUAGES {
            let format = if dice.once_in(2) { "html" } else { "markdown" };
            let (page, draft) = round(&path, language, "sections", format);
            if let Some(difference) = difference(&source, &Side::new(&draft)) {
                failures.push(format!(
                    "seed {seed}, {language}: {difference}\n\n{text}\n\n{page}\n\n{draft}"
                ));
            }
        }
    }
    none(&failures);
}

#[test]
fn no_draft_permits_more_than_its_source() {
    let mut failures = Vec::new();
    let mut layouts = 0;
    for seed in 0..60 {
        let dice = &mut Dice::new(1000 + seed);
        let text = policy(dice, Style::Any);
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, "p.why", &text);
        let source = Side::new(&text);
        let language = LANGUAGES[dice.below(3)];
        for layout in ["sections", "table", "recipients", "california"] {
            let format = if dice.once_in(2) { "html" } else { "markdown" };
            let (page, draft) = round(&path, language, layout, format);
            layouts += usize::from(draft != "policy p");
            if let Some(excess) = excess(&source, &Side::new(&draft)) {
                failures.push(format!(
                    "seed {seed}, {language}, {layout}: {excess}\n\n{text}\n\n{page}\n\n{draft}"
                ));
            }
        }
    }
    none(&failures);
    assert!(layouts > 100, "{layouts}");
}

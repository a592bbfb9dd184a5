//! `whyfor check`: compile, report warnings, verify the expectations.

use super::findings;
use crate::args::Check;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::output::diagnostics::{self, Finding};
use crate::output::{self, BOLD, DIM, Page, line};
use crate::policy;
use std::path::Path;
use whyfor::Diagnostics;

/// The result of checking one file.
struct Checked {
    diagnostics: [Diagnostics; 2],
    exit: Exit,
    /// Printed if it has no errors.
    summary: Summary,
}

struct Summary {
    file: String,
    name: String,
    version: String,
    digest: String,
    statements: usize,
    expectations: Option<usize>,
}

/// Checks all files. Errors in one file do not stop the rest.
pub(crate) fn run(arguments: &Check) -> Result<Exit, Failure> {
    let is_text = arguments.format.is_text();
    let mut exit = Exit::Fine;
    let (mut all, mut policies) = (Vec::new(), Vec::new());
    for file in &arguments.files {
        match check(file) {
            Ok(checked) => {
                exit = exit.or(checked.exit);
                all.extend(checked.diagnostics.iter().flat_map(|d| Finding::all(file, d)));
                if is_text {
                    show(&checked)?;
                }
                policies.push(json(&checked.summary));
            }
            Err(failure) => {
                exit = Exit::Error;
                all.extend(findings::failed(file, &failure));
                if is_text {
                    failure.report();
                }
            }
        }
    }
    findings::write(arguments.format, &all, [("policies", policies.into())])?;
    Ok(exit)
}

fn check(file: &Path) -> Result<Checked, Failure> {
    let loaded = policy::load(file)?;
    let diagnostics = loaded.warnings_and_failures();
    let exit = if diagnostics[1].is_empty() { Exit::Fine } else { Exit::Found };
    let policy = &loaded.policy;
    let summary = Summary {
        file: files::shown_from_here(file),
        name: policy.name().to_owned(),
        version: policy.version().to_owned(),
        digest: policy.digest().to_string(),
        statements: policy.statements().count(),
        expectations: loaded.model().map(whyfor::Model::expectation_count),
    };
    Ok(Checked { diagnostics, exit, summary })
}

fn show(checked: &Checked) -> Result<(), Failure> {
    for diagnostics in checked.diagnostics.iter().filter(|d| !d.is_empty()) {
        diagnostics::to_terminal(diagnostics);
    }
    if checked.exit != Exit::Fine {
        return Ok(());
    }
    let summary = &checked.summary;
    let expectations = match summary.expectations {
        None => "an artifact, whole".to_owned(),
        Some(0) => "no expectations".to_owned(),
        Some(1) => "1 expectation holds".to_owned(),
        Some(count) => format!("{count} expectations hold"),
    };
    let statements = match summary.statements {
        1 => "1 statement".to_owned(),
        count => format!("{count} statements"),
    };
    let green = output::style(whyfor::Verdict::Allow);
    let Summary { file, name, version, digest, .. } = summary;
    let version = if version.is_empty() { String::new() } else { format!(" {version}") };
    let mut page = Page::new();
    line!(
        page,
        "{green}ok{green:#} {BOLD}{file}{BOLD:#}: policy {name}{version}, {statements}, {expectations}"
    );
    line!(page, "   {DIM}digest {digest}{DIM:#}");
    Ok(page.print()?)
}

fn json(summary: &Summary) -> serde_json::Value {
    serde_json::json!({
        "file": summary.file,
        "name": summary.name,
        "version": summary.version,
        "digest": summary.digest,
        "statements": summary.statements,
        "expectations": summary.expectations,
    })
}

//! `whyfor check`: compile, warn, verify the expectations.

use crate::args::{Check, DiagnosticFormat};
use crate::exit::{Exit, Failure};
use crate::output::{self, BOLD, DIM};
use crate::policy::{self, Loaded};
use std::io::Write;
use std::path::Path;
use whyfor::Diagnostics;

/// What checking one file found.
struct Checked {
    diagnostics: Vec<Diagnostics>,
    exit: Exit,
    /// What is fine about it, if it compiles.
    summary: Option<Summary>,
}

struct Summary {
    file: String,
    name: String,
    version: String,
    digest: String,
    statements: usize,
    expectations: Option<usize>,
}

/// Checks all files.
pub(crate) fn run(arguments: &Check) -> Result<Exit, Failure> {
    let mut all = Vec::new();
    for file in &arguments.files {
        let checked = check(file)?;
        if arguments.format == DiagnosticFormat::Text {
            show(file, &checked)?;
        }
        all.push(checked);
    }
    let exit = all.iter().map(|c| c.exit).max_by_key(|exit| *exit as u8).unwrap_or(Exit::Fine);
    let diagnostics: Vec<Diagnostics> =
        all.iter_mut().flat_map(|c| std::mem::take(&mut c.diagnostics)).collect();
    let mut out = std::io::stdout().lock();
    let written = match arguments.format {
        DiagnosticFormat::Text => Ok(()),
        DiagnosticFormat::Json => {
            let policies: Vec<_> =
                all.iter().filter_map(|c| c.summary.as_ref()).map(json).collect();
            let object = serde_json::json!({
                "policies": policies,
                "diagnostics": output::diagnostics::json(&diagnostics),
            });
            writeln!(out, "{object:#}")
        }
        DiagnosticFormat::Sarif => writeln!(out, "{:#}", output::diagnostics::sarif(&diagnostics)),
        DiagnosticFormat::Github => output::diagnostics::github(&diagnostics, &mut out),
    };
    written.map_err(Failure::io("cannot write the findings"))?;
    Ok(exit)
}

fn check(file: &Path) -> Result<Checked, Failure> {
    let Loaded { policy, model, .. } = match policy::load(file) {
        Ok(loaded) => loaded,
        Err(Failure::Policy(diagnostics)) => {
            return Ok(Checked {
                diagnostics: vec![diagnostics],
                exit: Exit::Error,
                summary: None,
            });
        }
        Err(other) => return Err(other),
    };
    let mut diagnostics = Vec::new();
    let mut exit = Exit::Fine;
    if let Some(model) = &model {
        let failures = policy.check_expectations(model);
        if !failures.is_empty() {
            exit = Exit::Found;
        }
        diagnostics.extend([model.warnings(), failures]);
    }
    let summary = Summary {
        file: file.display().to_string(),
        name: policy.policy_name().to_owned(),
        version: policy.version().to_owned(),
        digest: policy.digest().to_string(),
        statements: policy.statements().count(),
        expectations: model.as_ref().map(whyfor::Model::expectation_count),
    };
    Ok(Checked { diagnostics, exit, summary: Some(summary) })
}

fn show(file: &Path, checked: &Checked) -> Result<(), Failure> {
    for diagnostics in checked.diagnostics.iter().filter(|d| !d.is_empty()) {
        output::diagnostics::to_terminal(diagnostics);
    }
    let (Some(summary), Exit::Fine) = (&checked.summary, checked.exit) else { return Ok(()) };
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
    let Summary { name, version, digest, .. } = summary;
    let version = if version.is_empty() { String::new() } else { format!(" {version}") };
    let mut out = anstream::stdout().lock();
    writeln!(
        out,
        "{green}ok{green:#} {BOLD}{}{BOLD:#}: policy {name}{version}, {statements}, {expectations}\n   {DIM}digest {digest}{DIM:#}",
        file.display(),
    )
    .map_err(Failure::io("cannot write the findings"))
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

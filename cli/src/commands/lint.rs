//! `whyfor lint`: what the author of a policy likely did not mean.

use super::findings;
use crate::args::Lint;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::fixing;
use crate::output::diagnostics::{self, Finding};
use crate::output::progress::Working;
use crate::output::{BOLD, print, report};
use crate::policy;
use std::path::Path;
use whyfor::lint::{Level, Options, lint};
use whyfor::{Code, Diagnostics};

/// Lints all files. Errors in one file do not stop the rest.
pub(crate) fn run(arguments: &Lint) -> Result<Exit, Failure> {
    let options = options(arguments)?;
    if arguments.fix {
        let _working = Working::on("looking for what to fix");
        fixing::fix(&arguments.files, &options)?;
    }
    let is_text = arguments.format.is_text();
    let mut exit = Exit::Fine;
    let mut all = Vec::new();
    for file in &arguments.files {
        match lint_file(file, &options) {
            Ok(diagnostics) => {
                exit = exit.or(if diagnostics.has_errors() { Exit::Found } else { Exit::Fine });
                all.extend(Finding::all(file, &diagnostics));
                if is_text {
                    show(file, &diagnostics)?;
                }
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
    findings::write(arguments.format, &all, [])?;
    Ok(exit)
}

fn lint_file(path: &Path, options: &Options) -> Result<Diagnostics, Failure> {
    let working = Working::on(format!("looking at {}", files::shown_name(path)));
    let text = policy::text(path, "name the `.why` file")?;
    let diagnostics = text.with(|model| lint(model, options))?;
    drop(working);
    Ok(text.origin.with_shown_paths(diagnostics))
}

fn options(arguments: &Lint) -> Result<Options, Failure> {
    let mut options = Options::default();
    if !arguments.sensitive.is_empty() {
        options = options.sensitive(&arguments.sensitive);
    }
    let lists = [
        (&arguments.deny, Level::Deny),
        (&arguments.allow, Level::Allow),
        (&arguments.warn, Level::Warn),
    ];
    // `all` first: a single code overrides it.
    for (list, level) in &lists {
        if list.iter().any(|word| word == "all") {
            let codes = Code::ALL.iter().filter(|code| code.is_lint());
            options = codes.fold(options, |options, code| options.level(*code, *level));
        }
    }
    for (list, level) in &lists {
        for word in list.iter().filter(|word| *word != "all") {
            let code = word.parse().ok().filter(|code: &Code| code.is_lint()).ok_or_else(|| {
                Failure::Usage(format!(
                    "`{word}` is no code of the linter: they are W07… and `all`"
                ))
            })?;
            options = options.level(code, *level);
        }
    }
    Ok(options)
}

fn show(path: &Path, findings: &Diagnostics) -> Result<(), Failure> {
    let fixable = findings.iter().filter(|finding| finding.fix().is_some()).count();
    diagnostics::to_terminal(findings);
    if fixable > 0 {
        let plural = if fixable == 1 { "finding" } else { "findings" };
        report!("`--fix` puts {fixable} {plural} right, and keeps every decision");
    }
    let path = files::shown_name(path);
    Ok(match findings.len() {
        0 => print!("{BOLD}{path}{BOLD:#}: nothing found"),
        1 => print!("{BOLD}{path}{BOLD:#}: 1 finding"),
        count => print!("{BOLD}{path}{BOLD:#}: {count} findings"),
    }?)
}

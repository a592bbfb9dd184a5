//! `whyfor lint`: what a policy says that its author likely did not mean.

use crate::args::Lint;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::fixing;
use crate::output::diagnostics::{self, Finding};
use crate::output::progress::Working;
use crate::output::{BOLD, print, tell};
use crate::policy;
use std::path::Path;
use whyfor::lint::{Level, Options, lint};
use whyfor::{Code, Diagnostics};

/// Looks at all files. One that cannot be read keeps none of the others from it.
pub(crate) fn run(arguments: &Lint) -> Result<Exit, Failure> {
    let options = options(arguments)?;
    if arguments.fix {
        let _working = Working::on("looking for what to fix");
        fixing::fix(&arguments.files, &options)?;
    }
    let is_text = arguments.format.is_text();
    let mut exit = Exit::Fine;
    let mut findings = Vec::new();
    for file in &arguments.files {
        match look(file, &options) {
            Ok(found) => {
                exit = exit.or(if found.has_errors() { Exit::Found } else { Exit::Fine });
                findings.extend(Finding::all(file, &found));
                if is_text {
                    show(file, &found)?;
                }
            }
            Err(failure) => {
                exit = Exit::Error;
                findings.extend(Finding::failed(file, &failure));
                if is_text {
                    failure.report();
                }
            }
        }
    }
    diagnostics::write(arguments.format, &findings, [])?;
    Ok(exit)
}

/// What is found in one file.
fn look(path: &Path, options: &Options) -> Result<Diagnostics, Failure> {
    let working = Working::on(format!("looking at {}", files::shown_name(path)));
    let text = policy::text(path, "name the `.why` file")?;
    let found = text.with(|model| lint(model, options))?;
    drop(working);
    Ok(text.origin.told(found))
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
    // `all` first: a code of its own says more.
    for (list, level) in &lists {
        if list.iter().any(|word| word == "all") {
            let codes = Code::ALL.iter().filter(|code| code.is_lint());
            options = codes.fold(options, |options, code| options.level(*code, *level));
        }
    }
    for (list, level) in &lists {
        for word in list.iter().filter(|word| *word != "all") {
            let code = Code::from_id(word).filter(|code| code.is_lint()).ok_or_else(|| {
                Failure::Usage(format!(
                    "`{word}` is no code of the linter: they are W07… and `all`"
                ))
            })?;
            options = options.level(code, *level);
        }
    }
    Ok(options)
}

fn show(path: &Path, found: &Diagnostics) -> Result<(), Failure> {
    let fixable = found.iter().filter(|finding| finding.fix().is_some()).count();
    diagnostics::to_terminal(found);
    if fixable > 0 {
        let plural = if fixable == 1 { "finding" } else { "findings" };
        tell!("`--fix` puts {fixable} {plural} right, and keeps every decision");
    }
    let path = files::shown_name(path);
    match found.len() {
        0 => print!("{BOLD}{path}{BOLD:#}: nothing found"),
        1 => print!("{BOLD}{path}{BOLD:#}: 1 finding"),
        count => print!("{BOLD}{path}{BOLD:#}: {count} findings"),
    }
}

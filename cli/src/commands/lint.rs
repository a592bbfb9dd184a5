//! `whyfor lint`: what a policy says that its author likely did not mean.

use crate::args::{DiagnosticFormat, Lint};
use crate::exit::{Exit, Failure};
use crate::files;
use crate::fixing;
use crate::output::progress::Working;
use crate::output::{self, BOLD};
use crate::policy;
use std::io::Write;
use std::path::Path;
use whyfor::lint::{Level, Options, lint};
use whyfor::{Code, Diagnostics};

/// Looks at all files.
pub(crate) fn run(arguments: &Lint) -> Result<Exit, Failure> {
    let options = options(arguments)?;
    if arguments.fix {
        let _working = Working::on("looking for what to fix");
        fixing::fix(&arguments.files, &options)?;
    }
    let mut exit = Exit::Fine;
    let mut all: Vec<Diagnostics> = Vec::new();
    for file in &arguments.files {
        let found = match look(file, &options) {
            Ok(found) => found,
            Err(Failure::Policy(mistakes)) => {
                exit = Exit::Error;
                mistakes
            }
            Err(other) => return Err(other),
        };
        if exit == Exit::Fine && found.has_errors() {
            exit = Exit::Found;
        }
        if arguments.format == DiagnosticFormat::Text {
            show(file, &found)?;
        }
        all.push(found);
    }
    let mut out = std::io::stdout().lock();
    let written = match arguments.format {
        DiagnosticFormat::Text => Ok(()),
        DiagnosticFormat::Json => {
            let object = serde_json::json!({ "diagnostics": output::diagnostics::json(&all) });
            writeln!(out, "{object:#}")
        }
        DiagnosticFormat::Sarif => writeln!(out, "{:#}", output::diagnostics::sarif(&all)),
        DiagnosticFormat::Github => output::diagnostics::github(&all, &mut out),
    };
    written.map_err(Failure::io("cannot write the findings"))?;
    Ok(exit)
}

/// What is found in one file.
fn look(path: &Path, options: &Options) -> Result<Diagnostics, Failure> {
    let working = Working::on(format!("looking at {}", files::shown_name(path)));
    let model = policy::model(path, "name the `.why` file")?;
    let found = lint(&model, options).map_err(Failure::Policy)?;
    drop(working);
    Ok(found)
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
    output::diagnostics::to_terminal(found);
    if fixable > 0 {
        let plural = if fixable == 1 { "finding" } else { "findings" };
        anstream::eprintln!("`--fix` puts {fixable} {plural} right, and keeps every decision");
    }
    let mut out = anstream::stdout().lock();
    let path = path.display();
    let written = match found.len() {
        0 => writeln!(out, "{BOLD}{path}{BOLD:#}: nothing found"),
        1 => writeln!(out, "{BOLD}{path}{BOLD:#}: 1 finding"),
        count => writeln!(out, "{BOLD}{path}{BOLD:#}: {count} findings"),
    };
    written.map_err(Failure::io("cannot write the findings"))
}

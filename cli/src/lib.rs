//! The `whyfor` command as a library: the program calls [`run`], and so does the command in the
//! Python package.
//!
//! This crate prints and parses flags; the `whyfor` library defines what a policy means.
//!
//! - `args`: the command line;
//! - `batch`: answers questions in JSON lines;
//! - `commands`: one file for each command;
//! - `data`: the commands as functions for other programs;
//! - `decision_log`: logs of decisions, read and asked again;
//! - `files`: reads and writes what the command line names;
//! - `diff`: changes as text and in the formats of other tools;
//! - `fixing`: applies the linter's fixes where every reader agrees;
//! - `fuzzing`: fuzz targets;
//! - `git`: a policy at a revision;
//! - `import`: drafts of policies;
//! - `lsp`: the language server;
//! - `matrix`: the table of categories × purposes, as text, page and picture;
//! - `notice`: the published list, written and compared;
//! - `output`: diagnostics and answers as text and in the formats of other tools;
//! - `policy`: a `.why` or a `.whyc` file, for every command;
//! - `readers`: which policies read a file;
//! - `signing`: keys, signatures of artifacts, passwords;
//! - `testing`: tests of policies in YAML files, and their coverage;
//! - `yaml`: a reader of YAML files.
//!
//! Exit status: 0 allowed or fine, 1 denied or findings, 2 usage, I/O or policy error, 3 depends.

mod args;
mod batch;
mod commands;
pub mod data;
mod decision_log;
mod diff;
mod exit;
mod files;
mod fixing;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod git;
mod import;
mod lsp;
mod matrix;
mod notice;
mod output;
mod policy;
mod readers;
mod signing;
mod testing;
mod yaml;

use args::{Arguments, Command, Log};
use clap::Parser;
use exit::Exit;
pub use exit::Failure;
use std::ffi::OsString;
use std::io::Write;

/// Runs the command with its arguments, the program's name first, and returns the exit status.
///
/// It uses standard input, output and error as the program does. The process continues, and no
/// output is left in a buffer.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    files::start();
    let status = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => {
            arguments.color.write_global();
            dispatch(&arguments.command).unwrap_or_else(Failure::report) as u8
        }
        // A usage error, or requested help. A reader that has closed the pipe is not a failure.
        Err(error) => {
            let error = printable(error);
            let _ = error.print();
            u8::try_from(error.exit_code()).unwrap_or(Exit::Error as u8)
        }
    };
    // Hosts not written in Rust do not flush it.
    let _ = output::streams::stdout().flush();
    status
}

/// Makes the arguments that clap quotes in its error printable.
fn printable(mut error: clap::Error) -> clap::Error {
    use clap::error::ContextKind::Suggested;
    use clap::error::ContextValue::{String as One, Strings as Several, StyledStrs};
    let shown = |text: &String| whyfor::printable(text).into_owned();
    let quoted: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| match value {
            One(text) => Some((kind, One(shown(text)))),
            Several(texts) => Some((kind, Several(texts.iter().map(shown).collect()))),
            _ => None,
        })
        .collect();
    let mut is_other = false;
    for (kind, value) in quoted {
        is_other |= error.insert(kind, value.clone()).is_some_and(|was| was != value);
    }
    if is_other {
        // A tip would quote them once more, in its own colours.
        error.insert(Suggested, StyledStrs(Vec::new()));
    }
    error
}

fn dispatch(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Check(arguments) => commands::check::run(arguments),
        Command::Ask(arguments) => commands::ask::run(arguments),
        Command::Batch(arguments) => commands::batch::run(arguments),
        Command::Matrix(arguments) => commands::matrix::run(arguments),
        Command::Fields(arguments) => commands::inverse::fields(arguments),
        Command::Purposes(arguments) => commands::inverse::purposes(arguments),
        Command::Recipients(arguments) => commands::inverse::recipients(arguments),
        Command::Residual(arguments) => commands::residual::run(arguments),
        Command::View(arguments) => commands::view::run(arguments),
        Command::Compile(arguments) => commands::compile::run(arguments),
        Command::Sign(arguments) => commands::sign::run(arguments),
        Command::Verify(arguments) => commands::verify::run(arguments),
        Command::Keygen(arguments) => commands::keygen::run(arguments),
        Command::Fmt(arguments) => commands::fmt::run(arguments),
        Command::Lsp => lsp::run(),
        Command::Diff(arguments) => commands::diff::run(arguments),
        Command::Test(arguments) => commands::test::run(arguments),
        Command::Lint(arguments) => commands::lint::run(arguments),
        Command::Notice(arguments) => commands::notice::run(arguments),
        Command::Import(arguments) => commands::import::run(arguments),
        Command::Log(Log::Summary(arguments)) => commands::log::summary(arguments),
        Command::Log(Log::Replay(arguments)) => commands::log::replayed(arguments),
        Command::Explain(arguments) => commands::explain::run(arguments),
        Command::Completions(arguments) => commands::completions::run(arguments),
    }
}

//! The `whyfor` command, as a library: the program is a call of [`run`], and so is the command that the
//! Python package brings.
//!
//! Everything that prints or reads flags lives here; what a policy means is the library's.
//!
//! - `args`: the command line;
//! - `commands`: one file for each command;
//! - `data`: what commands find, for other programs;
//! - `files`: what is read and written by names of the command line;
//! - `diff`: what changed, as text and in the formats of other tools;
//! - `fixing`: what the linter would put right, where every reader agrees;
//! - `fuzzing`: what a fuzzer tries;
//! - `git`: a policy as it was;
//! - `import`: drafts of policies;
//! - `lsp`: the language server;
//! - `matrix`: the table of categories × purposes, as text, page and picture;
//! - `notice`: the published list, written and compared;
//! - `output`: diagnostics and answers as text and in the formats of other tools;
//! - `policy`: a `.why` or a `.whyc` file, as every command takes it;
//! - `readers`: which policies read a file;
//! - `testing`: tests of policies in YAML files, and what they notice;
//! - `yaml`: what is read from YAML files.
//!
//! Exit status: 0 allowed or fine, 1 denied or something found, 2 usage, I/O or policy error, 3 depends.

mod args;
mod commands;
pub mod data;
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
mod testing;
mod yaml;

use args::{Arguments, Command};
use clap::Parser;
use exit::Exit;
pub use exit::Failure;
use std::ffi::OsString;
use std::io::Write;

/// Runs the command with its arguments, the program's name first, and gives the exit status.
///
/// It reads standard input and writes standard output and error as the program does. The process goes on,
/// and nothing that was written is left in a buffer.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    files::start();
    let status = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => {
            arguments.color.write_global();
            dispatch(&arguments.command).unwrap_or_else(Failure::report) as u8
        }
        // A mistake, or the help that was asked for. A reader that has gone away is no failure.
        Err(told) => {
            let told = printable(told);
            let _ = told.print();
            u8::try_from(told.exit_code()).unwrap_or(Exit::Error as u8)
        }
    };
    // A host that is not written in Rust would not do it.
    let _ = output::streams::stdout().flush();
    status
}

/// What clap tells of the arguments quotes them.
fn printable(mut told: clap::Error) -> clap::Error {
    use clap::error::ContextKind::Suggested;
    use clap::error::ContextValue::{String as One, Strings as Several, StyledStrs};
    let shown = |text: &String| whyfor::printable(text).into_owned();
    let quoted: Vec<_> = told
        .context()
        .filter_map(|(kind, value)| match value {
            One(text) => Some((kind, One(shown(text)))),
            Several(texts) => Some((kind, Several(texts.iter().map(shown).collect()))),
            _ => None,
        })
        .collect();
    let mut is_other = false;
    for (kind, value) in quoted {
        is_other |= told.insert(kind, value.clone()).is_some_and(|was| was != value);
    }
    if is_other {
        // A tip quotes them once more, within colours of its own.
        told.insert(Suggested, StyledStrs(Vec::new()));
    }
    told
}

fn dispatch(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Check(arguments) => commands::check::run(arguments),
        Command::Ask(arguments) => commands::ask::run(arguments),
        Command::Batch(arguments) => commands::batch::run(arguments),
        Command::Matrix(arguments) => commands::matrix::run(arguments),
        Command::Fields(arguments) => commands::inverse::fields(arguments),
        Command::Purposes(arguments) => commands::inverse::purposes(arguments),
        Command::Compile(arguments) => commands::compile::run(arguments),
        Command::Fmt(arguments) => commands::fmt::run(arguments),
        Command::Lsp => lsp::run(),
        Command::Diff(arguments) => commands::diff::run(arguments),
        Command::Test(arguments) => commands::test::run(arguments),
        Command::Lint(arguments) => commands::lint::run(arguments),
        Command::Notice(arguments) => commands::notice::run(arguments),
        Command::Import(arguments) => commands::import::run(arguments),
        Command::Explain(arguments) => commands::explain::run(arguments),
        Command::Completions(arguments) => commands::completions::run(arguments),
    }
}

//! The `whyfor` command.
//!
//! Everything that prints or reads flags lives here; what a policy means is the library's.
//!
//! - `args`: the command line;
//! - `commands`: one file for each command;
//! - `files`: files that are written whole or not at all;
//! - `diff`: what changed, as text and in the formats of other tools;
//! - `git`: a policy as it was;
//! - `import`: drafts of policies;
//! - `lsp`: the language server;
//! - `matrix`: the table of categories × purposes, as text, page and picture;
//! - `notice`: the published list, written and compared;
//! - `output`: diagnostics and answers as text and in the formats of other tools;
//! - `policy`: a `.why` or a `.whyc` file, as every command takes it;
//! - `testing`: tests of policies in YAML files, and what they notice;
//! - `yaml`: what is read from YAML files.
//!
//! Exit status: 0 allowed or fine, 1 denied or something found, 2 usage, I/O or policy error, 3 depends.

mod args;
mod commands;
mod diff;
mod exit;
mod files;
mod git;
mod import;
mod lsp;
mod matrix;
mod notice;
mod output;
mod policy;
mod testing;
mod yaml;

use args::{Arguments, Command};
use clap::Parser;
use exit::{Exit, Failure};

/// Policies and their trees are many small parts, freed by another thread: `check` takes a quarter less time
/// with it, a letter in an editor an eighth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    arguments.color.write_global();
    let result = run(&arguments.command);
    let exit = result.unwrap_or_else(|failure| failure.report());
    exit.code()
}

fn run(command: &Command) -> Result<Exit, Failure> {
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

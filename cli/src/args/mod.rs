//! The command line: all commands, and those with few flags.
//!
//! - `questions`: what asks a policy;
//! - `rows`: what asks a policy about rows;
//! - `policies`: what checks, compares and tests policies;
//! - `lists`: published lists;
//! - `logs`: logs of decisions;
//! - `signatures`: signed artifacts;
//! - `shared`: what several commands take.

mod lists;
mod logs;
mod policies;
mod questions;
mod rows;
mod shared;
mod signatures;

pub(crate) use lists::{
    Import, ImportCsv, ImportList, Notice, NoticeFormat, NoticeLanguage, NoticeLayout,
};
pub(crate) use logs::{Log, LogReplay, LogSummary};
pub(crate) use policies::{Check, Compile, Diff, DiffFormat, FailOn, Fmt, Lint, Test, TestFormat};
pub(crate) use questions::{
    Ask, Batch, Fields, Inverse, Matrix, MatrixFormat, Purposes, Reasons, Recipients,
};
pub(crate) use rows::{Residual, RowsKept, View, ViewFormat};
pub(crate) use shared::{AnswerFormat, DiagnosticFormat, Party};
pub(crate) use signatures::{Keygen, Sign, Verify};

use clap::{Args, Parser, Subcommand, ValueEnum};
use shared::EXIT_STATUS;

/// Which personal data may be collected, used or shared, for which purpose, and why.
///
/// A policy is a `.why` file or a compiled `.whyc` artifact; every command takes either. `-` reads
/// a policy without imports from standard input.
#[derive(Debug, Parser)]
#[command(name = "whyfor", version, after_help = EXIT_STATUS, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    /// Only on a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Check),
    Ask(Ask),
    Batch(Batch),
    Matrix(Matrix),
    Fields(Fields),
    Purposes(Purposes),
    Recipients(Recipients),
    Residual(Residual),
    View(View),
    Compile(Compile),
    Sign(Sign),
    Verify(Verify),
    Keygen(Keygen),
    Fmt(Fmt),
    Lint(Lint),
    Diff(Diff),
    Test(Test),
    Notice(Notice),
    #[command(subcommand)]
    Import(Import),
    #[command(subcommand)]
    Log(Log),
    /// Serve an editor: the language server, over standard input and output.
    Lsp,
    Explain(Explain),
    Completions(Completions),
}

/// Explain a diagnostic code, such as E0201.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The code; lists all codes if omitted.
    pub(crate) code: Option<String>,
}

/// Print completions for a shell.
///
/// Example:
///   whyfor completions bash > ~/.local/share/bash-completion/completions/whyfor
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

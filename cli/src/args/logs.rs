//! The commands for logs of decisions: `log summary` and `log replay`.

use super::shared::AnswerFormat;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Read logs of decisions, as services write them.
#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    Summary(LogSummary),
    Replay(LogReplay),
}

/// Count what was denied, by question and statement.
///
/// A log is a file of JSON lines, or a folder with `decisions.jsonl`, the files that were put aside,
/// and the policies that decided. Exit status 1 means that some lines could not be read.
///
/// Example:
///   whyfor log summary /var/log/shop
///   whyfor log summary --format json decisions.000017.jsonl
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct LogSummary {
    /// The logs.
    #[arg(required = true, value_name = "LOG")]
    pub(crate) logs: Vec<PathBuf>,

    /// How many lines to show at most.
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub(crate) top: usize,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub(crate) format: AnswerFormat,
}

/// Ask another policy every decision of a log, and show which answers would change.
///
/// A log has no values of facts. An answer that depends on facts is the same if the policy that
/// decided, which is kept beside the log, had the same condition; otherwise it may change. Exit
/// status 1 means that something changes or may change, or was not asked.
///
/// Example:
///   whyfor log replay /var/log/shop --policy new/shop.why
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct LogReplay {
    /// The logs: files of JSON lines, or folders with them.
    #[arg(required = true, value_name = "LOG")]
    pub(crate) logs: Vec<PathBuf>,

    /// The policy to ask.
    #[arg(long)]
    pub(crate) policy: PathBuf,

    /// Only decisions of the policy that has this name in the service: needed if the log has several.
    #[arg(long)]
    pub(crate) name: Option<String>,

    /// How many lines to show at most.
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub(crate) top: usize,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub(crate) format: AnswerFormat,
}

//! What several commands take.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use whyfor::ActKind;

pub(super) const EXIT_STATUS: &str = "\
Exit status:
  0  allowed, or nothing to complain about
  1  denied, or there are findings
  2  wrong usage, a file that cannot be read or written, a policy with errors
  3  it depends on facts that are not stated";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosticFormat {
    /// For people.
    Text,
    /// One object with every message, for programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands, which GitHub shows next to the lines.
    Github,
}

impl DiagnosticFormat {
    /// Whether it is printed file by file.
    pub(crate) fn is_text(self) -> bool {
        self == Self::Text
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people.
    Text,
    /// One JSON object, for programs.
    Json,
}

/// The acts, with help for each.
pub(super) fn acts() -> impl TypedValueParser<Value = ActKind> {
    let act = |act: ActKind, help: &'static str| PossibleValue::new(act.as_str()).help(help);
    PossibleValuesParser::new([
        act(ActKind::Collect, "Collecting, by a method"),
        act(ActKind::Use, "Using"),
        act(ActKind::Share, "Sharing, with a recipient"),
    ])
    .try_map(|word| word.parse::<ActKind>())
}

#[derive(Debug, Args)]
pub(crate) struct Party {
    /// By which method; with `collect`. `*` is every method, declared or not.
    #[arg(long, value_name = "METHOD")]
    pub(crate) by: Option<String>,

    /// With which recipient; with `share`. `*` is every recipient, declared or not.
    #[arg(long, value_name = "RECIPIENT")]
    pub(crate) with: Option<String>,
}

/// A question about a policy.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// What is done with the data.
    #[arg(value_parser = acts())]
    pub(crate) act: ActKind,

    /// A category, or the name of a real column or key.
    pub(crate) field: String,

    #[command(flatten)]
    pub(crate) party: Party,

    /// What for.
    #[arg(long = "for", value_name = "PURPOSE")]
    pub(crate) purpose: String,

    #[command(flatten)]
    pub(crate) facts: Facts,
}

#[derive(Debug, Args)]
pub(crate) struct Facts {
    /// A fact: `verified=yes`, `age=20`, `region=eu`. For a fact per purpose, `consent=marketing`
    /// where it holds and `consent!=marketing` where it does not. State each fact once.
    #[arg(long = "fact", value_name = "NAME=VALUE")]
    pub(crate) facts: Vec<String>,
}

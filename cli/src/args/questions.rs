//! The commands that ask a policy: `ask`, `batch`, `matrix`, `fields`, `purposes`, `recipients`.

use super::shared::{AnswerFormat, Asked, EXIT_STATUS, Facts, Party, acts};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use whyfor::ActKind;

/// Ask one question: the verdict, why, and what would change it.
///
/// Example:
///   whyfor ask policies/drun.why use email --for login
///   whyfor ask policies/drun.why collect ip_address --by automatic --for billing
///   whyfor ask shop.why use email --for newsletter --fact consent=marketing --fact age=20
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = EXIT_STATUS)]
pub(crate) struct Ask {
    #[command(flatten)]
    pub(crate) asked: Asked,

    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub(crate) format: AnswerFormat,
}

/// Answer questions in JSON lines: one on standard input, one answer on standard output.
///
/// A question:
///   {"act":"collect","field":"email","by":"provided","for":"login","facts":{"age":17}}
/// An answer:
///   {"decision":"allow","duties":[],"retain_days":null,"missing":[],"reasons":[…]}
/// An invalid line gives {"error":"…","line":N}, and exit status 2 at the end.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Batch {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// Which reasons to give.
    #[arg(long, value_enum, default_value_t = Reasons::All)]
    pub(crate) reasons: Reasons,

    /// Write the policy's digest into every answer.
    #[arg(long)]
    pub(crate) digest: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reasons {
    /// All of them.
    All,
    /// None.
    None,
}

/// Show the whole table: categories × purposes, methods or recipients.
///
/// Example:
///   whyfor matrix policies/drun.why
///   whyfor matrix policies/drun.why --act collect --by provided
///   whyfor matrix policies/drun.why --act share --for billing
///   whyfor matrix policies/drun.why --format html > matrix.html
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Matrix {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// What is done with the data; `collect` and `share` without `--by` and `--with` show the best
    /// verdict over all methods or recipients.
    #[arg(long, value_parser = acts(), default_value = "use")]
    pub(crate) act: ActKind,

    #[command(flatten)]
    pub(crate) party: Party,

    /// Only for this purpose; the columns are the methods of `collect` or the recipients of `share`.
    #[arg(long = "for", value_name = "PURPOSE", conflicts_with_all = ["by", "with"])]
    pub(crate) purpose: Option<String>,

    #[command(flatten)]
    pub(crate) facts: Facts,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = MatrixFormat::Text)]
    pub(crate) format: MatrixFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatrixFormat {
    /// For a terminal.
    Text,
    /// A row for each category, a column for each purpose.
    Csv,
    /// Every cell with its verdict and duties.
    Json,
    /// A standalone page.
    Html,
    /// A picture.
    Svg,
}

/// List the categories that may be used, collected or shared for a purpose.
///
/// Example:
///   whyfor fields policies/drun.why --for research
///   whyfor fields policies/drun.why --for billing --act collect --by automatic
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Fields {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// What for.
    #[arg(long = "for", value_name = "PURPOSE")]
    pub(crate) purpose: String,

    #[command(flatten)]
    pub(crate) inverse: Inverse,
}

/// List the recipients that a field may be shared with: who may get it.
///
/// `*` in the list is every recipient, also one that the policy does not name.
///
/// Example:
///   whyfor recipients policies/drun.why --field email --for billing
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Recipients {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// A category, or the name of a real column or key.
    #[arg(long)]
    pub(crate) field: String,

    /// What for.
    #[arg(long = "for", value_name = "PURPOSE")]
    pub(crate) purpose: String,

    #[command(flatten)]
    pub(crate) facts: Facts,

    /// Also list what is denied.
    #[arg(long)]
    pub(crate) all: bool,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub(crate) format: AnswerFormat,
}

/// List the purposes for which a field may be used, collected or shared.
///
/// Example:
///   whyfor purposes policies/drun.why --field email
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Purposes {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// A category, or the name of a real column or key.
    #[arg(long)]
    pub(crate) field: String,

    #[command(flatten)]
    pub(crate) inverse: Inverse,
}

#[derive(Debug, Args)]
pub(crate) struct Inverse {
    /// What is done with the data; `collect` and `share` without `--by` and `--with` take the best
    /// verdict over all methods or recipients.
    #[arg(long, value_parser = acts(), default_value = "use")]
    pub(crate) act: ActKind,

    #[command(flatten)]
    pub(crate) party: Party,

    #[command(flatten)]
    pub(crate) facts: Facts,

    /// Also list what is denied.
    #[arg(long)]
    pub(crate) all: bool,

    /// How to show it.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub(crate) format: AnswerFormat,
}

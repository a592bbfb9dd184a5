//! What asks a policy about rows.

use super::shared::{AnswerFormat, Asked, Facts};
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use whyfor_data::Dialect;

/// Write the condition under which rows of a table may be read, as one SQL expression.
///
/// The columns of a row hold its facts. The expression is TRUE where the policy allows the question with these facts. It is
/// FALSE where the policy denies it, whatever else is stated. It is NULL where the answer depends on other facts.
///
/// Examples:
///   whyfor residual shop.why use email --for newsletter --column consent.marketing=agreed --column age=u.age
///   whyfor residual shop.why use email --for newsletter --fact age=20 --column consent.marketing=agreed --dialect postgres
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = WRITTEN)]
pub(crate) struct Residual {
    #[command(flatten)]
    pub(crate) asked: Asked,

    /// The column that holds a fact: `age=u.age`. For a fact per purpose, `consent.marketing=agreed`, a column that is yes
    /// or no; or `consent=purposes` and `consent!=objections`, lists of purposes. Names with other characters stand in
    /// double quotation marks: `age="Age in years"`.
    #[arg(long = "column", value_name = "FACT=COLUMN")]
    pub(crate) columns: Vec<String>,

    /// The engine that the SQL is for.
    #[arg(long, default_value_t = Dialect::DuckDb, value_parser = dialects())]
    pub(crate) dialect: Dialect,

    /// How to show it: as JSON, with the masks of the values that are shown.
    #[arg(long, value_enum, default_value_t = AnswerFormat::Text)]
    pub(crate) format: AnswerFormat,
}

/// Write what a table shows for one purpose, as a view in SQL or as restrictions of Apache Iceberg.
///
/// The view has the columns that may be used for the purpose. A cell has its value where the policy allows it with the facts
/// of its row, under the masks that the policy says; elsewhere it is NULL. Comments say why.
///
/// Examples:
///   whyfor view shop.why --dataset data.yaml --table users --for newsletter
///   whyfor view shop.why --dataset data.yaml --table users --for research --fact region=eu --dialect postgres --rows keep
///   whyfor view shop.why --dataset data.yaml --table users --for research --format iceberg
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = VIEWED)]
pub(crate) struct View {
    /// The policy.
    pub(crate) policy: PathBuf,

    /// The file that describes the tables.
    #[arg(long, value_name = "FILE")]
    pub(crate) dataset: PathBuf,

    /// The table, as the file names it.
    #[arg(long)]
    pub(crate) table: String,

    /// What for.
    #[arg(long = "for", value_name = "PURPOSE")]
    pub(crate) purpose: String,

    #[command(flatten)]
    pub(crate) facts: Facts,

    /// How to write it.
    #[arg(long, value_enum, default_value_t = ViewFormat::Sql)]
    pub(crate) format: ViewFormat,

    /// The engine that the SQL is for [default: duckdb].
    #[arg(long, value_parser = dialects())]
    pub(crate) dialect: Option<Dialect>,

    /// What becomes of a row with a cell that may not be shown [default: drop].
    #[arg(long, value_enum)]
    pub(crate) rows: Option<RowsKept>,

    /// The name of the view, such as `reports.users` [default: `TABLE_for_PURPOSE`].
    #[arg(long, value_name = "VIEW")]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ViewFormat {
    /// A statement that makes a view.
    Sql,
    /// `ReadRestrictions` of the REST catalog of Apache Iceberg, in JSON.
    Iceberg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowsKept {
    /// The view has only rows whose every shown cell may be shown.
    Drop,
    /// The view has it, with NULL in such cells; not if one of them is `required`.
    Keep,
}

const VIEWED: &str = "\
Exit status:
  0  it was written
  1  nothing of the table may be shown
  2  wrong usage, a file that cannot be read or written, a policy with errors, a mask that cannot be expressed";

const WRITTEN: &str = "\
Exit status:
  0  it was written
  2  wrong usage, a file that cannot be read or written, a policy with errors";

fn dialects() -> impl clap::builder::TypedValueParser<Value = Dialect> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(Dialect::ALL.map(Dialect::as_str)).try_map(|word| word.parse())
}

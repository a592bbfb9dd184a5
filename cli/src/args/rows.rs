//! What asks a policy about rows.

use super::shared::{AnswerFormat, Asked};
use clap::Args;
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

const WRITTEN: &str = "\
Exit status:
  0  it was written
  2  wrong usage, a file that cannot be read or written, a policy with errors";

fn dialects() -> impl clap::builder::TypedValueParser<Value = Dialect> {
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(Dialect::ALL.map(Dialect::as_str)).try_map(|word| word.parse())
}

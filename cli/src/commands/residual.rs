//! `whyfor residual`: the condition under which rows may be read.

use super::facts::Stated;
use super::question::{named, refused};
use crate::args::{AnswerFormat, Residual};
use crate::exit::{Exit, Failure};
use crate::output::{json, print, streams};
use crate::policy;
use serde::Serialize;
use whyfor::{Policy, Question, Verdict};
use whyfor_data::{Columns, FactColumnError};

/// Writes the condition as SQL.
pub(crate) fn run(arguments: &Residual) -> Result<Exit, Failure> {
    let asked = &arguments.asked;
    let act = named(asked.act, &asked.party)?;
    let loaded = policy::load_verified(&asked.policy)?;
    let policy = &loaded.policy;
    let (field, purpose) = (asked.field.as_str(), asked.purpose.as_str());
    // A view that a misspelt name leaves empty would go unnoticed.
    let known = policy.act(act).and(policy.field(field).map(drop)).and(policy.purpose(purpose));
    known.map_err(|refusal| refused(policy, &refusal))?;
    let stated = Stated::parse(policy, &asked.facts.facts)?;
    let columns = columns(policy, &arguments.columns, &stated)?;
    let facts = stated.build(policy)?;
    let decision = policy.ask(&Question { act, field, purpose }, &facts);
    let residual =
        columns.residual(&decision).map_err(|error| Failure::Usage(error.to_string()))?;
    let sql = residual.allowed().to_sql(arguments.dialect);
    match arguments.format {
        AnswerFormat::Text => print!("{sql}")?,
        AnswerFormat::Json => {
            let mask = |mask: &whyfor_data::RowMask| MaskJson {
                mask: mask.mask.as_str(),
                unless_no: mask.unless_no.to_sql(arguments.dialect),
            };
            let masks = residual.masks().iter().map(mask).collect();
            let verdict = decision.verdict();
            streams::write(json::pretty(&ResidualJson { verdict, sql, masks }))?;
        }
    }
    Ok(Exit::Fine)
}

/// The columns that the arguments name.
fn columns<'p>(
    policy: &'p Policy,
    arguments: &[String],
    stated: &Stated,
) -> Result<Columns<'p>, Failure> {
    let mut columns = Columns::of(policy);
    for argument in arguments {
        let (fact, column) = argument.split_once('=').ok_or_else(|| {
            Failure::Usage(format!(
                "`--column {argument}` names no column: write `FACT=COLUMN`, or `FACT.PURPOSE=COLUMN`"
            ))
        })?;
        check_not_stated(stated, fact)?;
        columns = columns.place(fact, column).map_err(|error| unplaced(policy, error))?;
    }
    Ok(columns)
}

/// A fact is stated or in a column.
pub(super) fn check_not_stated(stated: &Stated, notation: &str) -> Result<(), Failure> {
    let fact = Columns::fact_in(notation);
    match stated.has(fact) {
        false => Ok(()),
        true => {
            let message = format!("the fact `{fact}` is stated by `--fact` and in a column");
            Err(Failure::Usage(message))
        }
    }
}

/// The failure for a fact that cannot be in a column, with similar names of purposes.
pub(super) fn unplaced(policy: &Policy, error: FactColumnError) -> Failure {
    match error {
        FactColumnError::Purpose(refusal) => refused(policy, &refusal),
        error => Failure::Usage(error.to_string()),
    }
}

#[derive(Debug, Serialize)]
struct ResidualJson {
    /// The verdict without the facts that are in columns.
    verdict: Verdict,
    sql: String,
    masks: Vec<MaskJson>,
}

#[derive(Debug, Serialize)]
struct MaskJson {
    mask: &'static str,
    /// The mask is for all rows but those where this is FALSE.
    unless_no: String,
}

//! `whyfor view`: what a table shows for one purpose.

use super::facts::Stated;
use super::question::refused;
use super::residual::{check_not_stated, unplaced};
use crate::args::{RowsKept, View as Arguments, ViewFormat};
use crate::exit::{Exit, Failure};
use crate::output::{self, json, report, streams};
use crate::policy;
use crate::yaml;
use whyfor::Policy;
use whyfor_data::{Column, Dataset, LeftOut, Rows, Table, View, ViewError};

/// Writes the view.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let loaded = policy::load_verified(&arguments.policy)?;
    let policy = &loaded.policy;
    let dataset: Dataset = yaml::read_as(&arguments.dataset)?;
    let table = table(&dataset, arguments)?;
    let stated = Stated::parse(policy, &arguments.facts.facts)?;
    table.facts().try_for_each(|(notation, _)| check_not_stated(&stated, notation))?;
    let facts = stated.build(policy)?;
    match table.view(policy, &arguments.purpose, &facts) {
        Ok(view) => {
            let written = match arguments.format {
                ViewFormat::Sql => sql(policy, &view, arguments)?,
                ViewFormat::Iceberg => restrictions(&view, arguments)?,
            };
            streams::write(written)?;
            Ok(Exit::Fine)
        }
        Err(ViewError::NothingShown(left_out)) => {
            report_nothing(arguments, &left_out);
            Ok(Exit::Found)
        }
        Err(error) => Err(failure(policy, error)),
    }
}

fn table<'d>(dataset: &'d Dataset, arguments: &Arguments) -> Result<Table<'d>, Failure> {
    let name = &arguments.table;
    dataset.table(name).ok_or_else(|| {
        let known = dataset.tables().collect::<Vec<_>>().join("`, `");
        let file = arguments.dataset.display();
        Failure::Usage(format!("`{file}` has no table `{name}`; it has `{known}`"))
    })
}

fn sql(policy: &Policy, view: &View, arguments: &Arguments) -> Result<String, Failure> {
    let name = name(arguments)?;
    let rows = match arguments.rows {
        None | Some(RowsKept::Drop) => Rows::Drop,
        Some(RowsKept::Keep) => Rows::Keep,
    };
    let dialect = arguments.dialect.unwrap_or(whyfor_data::Dialect::DuckDb);
    view.to_sql(&name, rows, dialect).map_err(|error| failure(policy, error))
}

fn name(arguments: &Arguments) -> Result<Column, Failure> {
    let Some(name) = &arguments.name else {
        let purpose = arguments.purpose.replace('.', "_");
        return Ok(Column::named(&format!("{}_for_{purpose}", arguments.table)));
    };
    let shown = whyfor::printable(name);
    match name.parse() {
        Ok(column) if shown == *name => Ok(column),
        _ => Err(Failure::Usage(format!(
            "`--name {shown}` is not the name of a view: write names such as `users` or `reports.users`, and others in \
             double quotation marks"
        ))),
    }
}

fn restrictions(view: &View, arguments: &Arguments) -> Result<String, Failure> {
    let of_sql = [
        ("--dialect", arguments.dialect.is_some()),
        ("--name", arguments.name.is_some()),
        ("--rows keep", arguments.rows == Some(RowsKept::Keep)),
    ];
    if let Some((flag, _)) = of_sql.into_iter().find(|(_, is_given)| *is_given) {
        let message = match flag {
            "--rows keep" => {
                "Iceberg has one filter for all columns: `--rows keep` goes with SQL alone"
                    .to_owned()
            }
            flag => format!("`{flag}` goes with SQL alone"),
        };
        return Err(Failure::Usage(message));
    }
    let restrictions = view.to_iceberg().map_err(|error| Failure::Usage(error.to_string()))?;
    let file = arguments.dataset.display();
    report!("note: columns of the table that `{file}` does not list are not restricted");
    Ok(json::pretty(&restrictions))
}

fn failure(policy: &Policy, error: ViewError) -> Failure {
    match error {
        ViewError::Name(refusal) => refused(policy, &refusal),
        ViewError::Fact(error) => unplaced(policy, error),
        error => Failure::Usage(error.to_string()),
    }
}

fn report_nothing(arguments: &Arguments, left_out: &[LeftOut]) {
    let Arguments { table, purpose, .. } = arguments;
    let reasons = left_out.iter().flat_map(|left_out| {
        let notes = left_out.notes().iter().map(|note| format!("    {note}"));
        std::iter::once(format!("  `{}`:", left_out.name())).chain(notes)
    });
    let message = format!("nothing of `{table}` may be shown for `{purpose}`");
    output::error(&message, &reasons.collect::<Vec<_>>());
}

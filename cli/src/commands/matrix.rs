//! `whyfor matrix`: the whole table, categories × purposes, methods or recipients.

use super::facts::Stated;
use super::question;
use crate::args::{Matrix, MatrixFormat};
use crate::exit::{Exit, Failure};
use crate::matrix::{Subject, Table, csv, html, json, svg, terminal};
use crate::output::{BOLD, report, streams};
use crate::policy::{self, Loaded};
use std::io::{BufWriter, IsTerminal, Write};
use whyfor::ActKind;

/// Most cells of text on a terminal: some thousand screens.
const MOST_IN_TEXT: usize = 4_000_000;
/// Most cells of a page or a picture: browsers take seconds to lay out this many.
const MOST_IN_PAGE: usize = 250_000;
/// The width if standard output is not a terminal.
const COLUMNS: usize = 100;

/// Asks for every cell and shows them.
pub(crate) fn run(arguments: &Matrix) -> Result<Exit, Failure> {
    question::named(arguments.act, &arguments.party)?; // before a large policy is compiled
    if arguments.purpose.is_some() && arguments.act == ActKind::Use {
        let message = "`--for` goes with `--act collect` and `--act share`: it shows their methods or recipients";
        return Err(Failure::Usage(message.to_owned()));
    }
    let Loaded { policy, .. } = policy::load(&arguments.policy)?;
    let stated = &arguments.facts.facts;
    let facts = Stated::parse(&policy, stated)?.build(&policy)?;
    let named = question::resolved(&policy, arguments.act, &arguments.party)?;
    let mut subject = Subject::new(&policy, arguments.act, named, &facts, stated);
    if let Some(purpose) = &arguments.purpose {
        let purpose = policy.purpose(purpose);
        subject = subject.for_purpose(purpose.map_err(|r| question::refused(&policy, &r))?);
    }
    check_size(&subject, arguments.format)?;
    write(subject, arguments.format)?;
    Ok(Exit::Fine)
}

/// Refuses tables that are too large to look at.
fn check_size(subject: &Subject<'_>, format: MatrixFormat) -> Result<(), Failure> {
    let most = match format {
        MatrixFormat::Csv | MatrixFormat::Json => return Ok(()),
        MatrixFormat::Text => MOST_IN_TEXT,
        MatrixFormat::Html | MatrixFormat::Svg => MOST_IN_PAGE,
    };
    if subject.size() <= most {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "the table has {} categories × {} {}, and more than {most} cells cannot be displayed: \
         write it with `--format csv`",
        subject.rows.len(),
        subject.columns.len(),
        subject.axis.nouns()[1],
    )))
}

fn write(subject: Subject<'_>, format: MatrixFormat) -> Result<(), Failure> {
    let mut out = BufWriter::new(streams::plain());
    let written = match format {
        MatrixFormat::Csv => csv::write(&subject, &mut out),
        MatrixFormat::Json => json::write(&subject, &mut out),
        MatrixFormat::Html => {
            let html::Page { text, left_out } = html::render(&Table::new(subject));
            if let Some(left_out) = left_out {
                report!("{BOLD}left out{BOLD:#}: {left_out}");
            }
            all(&mut out, &text)
        }
        MatrixFormat::Svg => all(&mut out, &svg::render(&Table::new(subject))),
        MatrixFormat::Text => {
            return Ok(terminal::render(&Table::new(subject), columns()).print()?);
        }
    };
    Ok(streams::ignoring_closed_pipe(written)?)
}

fn all(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn columns() -> usize {
    let stdout = streams::stdout();
    if !stdout.is_terminal() {
        return COLUMNS;
    }
    let size = terminal_size::terminal_size_of(stdout);
    size.map_or(COLUMNS, |(width, _)| usize::from(width.0))
}

//! What came out, for people.

use super::cover::Cover;
use super::grid;
use super::run::{Counts, End, Outcome, Report};
use crate::output::markup::plain;
use crate::output::{self, BOLD, DIM};
use std::io::Write;
use std::path::Path;
use whyfor::Verdict;

/// How many cells of a table are explained, unless all are asked for.
const EXPLAINED: usize = 8;

/// The cases of a file: those that failed or were skipped, and all of them if asked for.
pub(crate) fn report(
    out: &mut impl Write,
    file: &Path,
    report: &Report,
    all: bool,
) -> std::io::Result<()> {
    writeln!(out, "{BOLD}{}{BOLD:#}", file.display())?;
    let table = |outcome: &Outcome| outcome.cell.as_ref().map(|cell| cell.table.number);
    let same = |one: &Outcome, other: &Outcome| table(one).is_some() && table(one) == table(other);
    report.outcomes.chunk_by(same).try_for_each(|outcomes| test(out, outcomes, all))
}

/// A single case, or the cells of a table.
fn test(out: &mut impl Write, outcomes: &[Outcome], all: bool) -> std::io::Result<()> {
    let (ok, fail) = (output::style(Verdict::Allow), output::style(Verdict::Deny));
    let [first, ..] = outcomes else { return Ok(()) };
    let name = first.cell.as_ref().map_or(first.name.as_str(), |cell| &cell.table.name);
    if let End::Skipped { reason } = &first.end {
        let skip = output::style(Verdict::Depends);
        let (name, reason) = (plain(name), plain(reason));
        let count = if first.cell.is_some() {
            format!(", {} questions", outcomes.len())
        } else {
            String::new()
        };
        return writeln!(out, "  {skip}skip{skip:#}  {name} {DIM}({reason}){count}{DIM:#}");
    }
    let failed: Vec<&Outcome> =
        outcomes.iter().filter(|outcome| matches!(outcome.end, End::Failed { .. })).collect();
    if failed.is_empty() {
        let shown = if all { outcomes } else { &[] };
        return shown
            .iter()
            .try_for_each(|outcome| writeln!(out, "  {ok}ok{ok:#}    {}", plain(&outcome.name)));
    }
    writeln!(out, "  {fail}FAIL{fail:#}  {}", plain(name))?;
    if first.cell.is_some() {
        grid::write(out, outcomes, all)?;
    }
    let explained = if all { failed.len() } else { EXPLAINED };
    for outcome in failed.iter().take(explained) {
        let End::Failed { differences, reasons, .. } = &outcome.end else { continue };
        writeln!(out, "        {DIM}{}{DIM:#}", plain(&outcome.question))?;
        for line in differences {
            writeln!(out, "        {}", plain(line))?;
        }
        for line in reasons {
            writeln!(out, "        {DIM}{}{DIM:#}", plain(line))?;
        }
    }
    match failed.len().saturating_sub(explained) {
        0 => Ok(()),
        more => writeln!(out, "        {DIM}and {more} more, which --verbose explains{DIM:#}"),
    }
}

/// The closing line.
pub(crate) fn counts(out: &mut impl Write, counts: Counts) -> std::io::Result<()> {
    let Counts { passed, failed, skipped } = counts;
    let style = output::style(if failed > 0 { Verdict::Deny } else { Verdict::Allow });
    let more = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    writeln!(out, "{style}{passed} passed, {failed} failed{more}{style:#}")
}

/// The statements that nobody would miss.
pub(crate) fn cover(out: &mut impl Write, policy: &Path, cover: &Cover) -> std::io::Result<()> {
    let (noticed, all) = (cover.noticed(), cover.statements.len());
    writeln!(
        out,
        "{BOLD}{}{BOLD:#}: {noticed} of {all} statements would be missed ({:.0} %)",
        policy.display(),
        cover.percent().floor()
    )?;
    for statement in cover.statements.iter().filter(|s| s.noticed_by.is_none()) {
        writeln!(
            out,
            "  nothing notices if this is removed ({}:{})",
            statement.file, statement.line
        )?;
        for line in statement.text.lines() {
            writeln!(out, "    {DIM}│{DIM:#} {}", plain(line))?;
        }
    }
    Ok(())
}

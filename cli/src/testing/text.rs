//! What came out, for people.

use super::cover::Cover;
use super::run::{Counts, End, Report};
use crate::matrix::markup::plain;
use crate::output::{self, BOLD, DIM};
use std::io::Write;
use std::path::Path;
use whyfor::Verdict;

/// The cases of a file: those that failed or were skipped, and all of them if asked for.
pub(crate) fn report(
    out: &mut impl Write,
    file: &Path,
    report: &Report,
    all: bool,
) -> std::io::Result<()> {
    writeln!(out, "{BOLD}{}{BOLD:#}", file.display())?;
    let (ok, failed) = (output::style(Verdict::Allow), output::style(Verdict::Deny));
    let skipped = output::style(Verdict::Depends);
    for outcome in &report.outcomes {
        let name = plain(&outcome.name);
        match &outcome.end {
            End::Passed if !all => {}
            End::Passed => writeln!(out, "  {ok}ok{ok:#}    {name}")?,
            End::Skipped { reason } => {
                writeln!(
                    out,
                    "  {skipped}skip{skipped:#}  {name} {DIM}({}){DIM:#}",
                    plain(reason)
                )?;
            }
            End::Failed { differences, reasons } => {
                writeln!(out, "  {failed}FAIL{failed:#}  {name}")?;
                writeln!(out, "        {DIM}{}{DIM:#}", plain(&outcome.question))?;
                for line in differences {
                    writeln!(out, "        {}", plain(line))?;
                }
                for line in reasons {
                    writeln!(out, "        {DIM}{}{DIM:#}", plain(line))?;
                }
            }
        }
    }
    Ok(())
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

//! Results, for people.

use super::cover::Cover;
use super::grid;
use super::run::{Counts, End, Outcome, Report};
use crate::files;
use crate::output::{self, BOLD, DIM, Page, line};
use std::path::Path;
use whyfor::Verdict;

/// Most cells of a table explained, unless all are requested.
const EXPLAINED: usize = 8;

/// The cases of a file: failed and skipped ones, or all if requested.
pub(crate) fn report(out: &mut Page, file: &Path, report: &Report, all: bool) {
    line!(out, "{BOLD}{}{BOLD:#}", files::shown_from_here(file));
    let table = |outcome: &Outcome| outcome.cell.as_ref().map(|cell| cell.table.number);
    let same = |one: &Outcome, other: &Outcome| table(one).is_some() && table(one) == table(other);
    report.outcomes.chunk_by(same).for_each(|outcomes| test(out, outcomes, all));
}

/// A single case, or the cells of a table.
fn test(out: &mut Page, outcomes: &[Outcome], all: bool) {
    let (ok, fail) = (output::style(Verdict::Allow), output::style(Verdict::Deny));
    let [first, ..] = outcomes else { return };
    let name = first.cell.as_ref().map_or(first.name.as_str(), |cell| &cell.table.name);
    if let End::Skipped { reason } = &first.end {
        let skip = output::style(Verdict::Depends);
        let count = if first.cell.is_some() {
            format!(", {} questions", outcomes.len())
        } else {
            String::new()
        };
        return line!(out, "  {skip}skip{skip:#}  {name} {DIM}({reason}){count}{DIM:#}");
    }
    let failed: Vec<&Outcome> =
        outcomes.iter().filter(|outcome| matches!(outcome.end, End::Failed { .. })).collect();
    if failed.is_empty() {
        let shown = if all { outcomes } else { &[] };
        shown.iter().for_each(|outcome| line!(out, "  {ok}ok{ok:#}    {}", outcome.name));
        return;
    }
    line!(out, "  {fail}FAIL{fail:#}  {name}");
    if first.cell.is_some() {
        grid::write(out, outcomes, all);
    }
    let explained = if all { failed.len() } else { EXPLAINED };
    for outcome in failed.iter().take(explained) {
        let End::Failed { differences, reasons, .. } = &outcome.end else { continue };
        line!(out, "        {DIM}{}{DIM:#}", outcome.question);
        differences.iter().for_each(|line| line!(out, "        {line}"));
        reasons.iter().for_each(|line| line!(out, "        {DIM}{line}{DIM:#}"));
    }
    let more = failed.len().saturating_sub(explained);
    if more > 0 {
        line!(out, "        {DIM}and {more} more, which --verbose explains{DIM:#}");
    }
}

/// The closing line.
pub(crate) fn counts(out: &mut Page, counts: Counts) {
    let Counts { passed, failed, skipped } = counts;
    let style = output::style(if failed > 0 { Verdict::Deny } else { Verdict::Allow });
    let more = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    line!(out, "{style}{passed} passed, {failed} failed{more}{style:#}");
}

/// The statements that are not covered.
pub(crate) fn cover(out: &mut Page, policy: &Path, cover: &Cover) {
    let (noticed, all) = (cover.noticed(), cover.statements.len());
    let (policy, percent) = (files::shown_from_here(policy), cover.percent().floor());
    line!(
        out,
        "{BOLD}{policy}{BOLD:#}: {noticed} of {all} statements would be missed ({percent:.0} %)"
    );
    for statement in cover.statements.iter().filter(|s| s.noticed_by.is_none()) {
        let place = format!("{}:{}", statement.file, statement.line);
        line!(out, "  nothing notices if this is removed ({place})");
        statement.text.lines().for_each(|text| line!(out, "    {DIM}│{DIM:#} {text}"));
    }
}

//! Results for programs: one object.

use super::cover::Cover;
use super::problem::Problem;
use super::run::{Counts, Report};
use crate::files;
use serde_json::{Value, json};
use std::path::Path;

/// The object of `--format json`.
pub(crate) fn render(
    reports: &[(&Path, &Report)],
    covers: &[(&Path, &Cover)],
    counts: Counts,
    problems: &[Problem],
) -> Value {
    let file = |(file, report): &(&Path, &Report)| json!({ "file": files::shown_from_here(file), "tests": report.outcomes });
    let cover = |(policy, cover): &(&Path, &Cover)| {
        json!({
            "policy": files::shown_from_here(policy),
            "percent": cover.percent(),
            "statements": cover.statements,
        })
    };
    json!({
        "counts": counts,
        "files": reports.iter().map(file).collect::<Vec<_>>(),
        "problems": problems,
        "coverage": covers.iter().map(cover).collect::<Vec<_>>(),
    })
}

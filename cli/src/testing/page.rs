//! Coverage as a page: every statement as it is written, and who would miss it.

use super::cover::{Cover, Covered};
use super::run::Counts;
use crate::exit::Failure;
use crate::notice::page::fill;
use crate::output::markup::plain;
use serde::Serialize;
use std::path::Path;

const PAGE: &str = include_str!("page.html");

#[derive(Serialize)]
struct View<'c> {
    counts: Counts,
    policies: Vec<Policy<'c>>,
}

#[derive(Serialize)]
struct Policy<'c> {
    file: String,
    noticed: usize,
    unnoticed: usize,
    percent: String,
    sections: Vec<Section<'c>>,
}

#[derive(Serialize)]
struct Section<'c> {
    title: String,
    statements: Vec<&'c Covered>,
}

/// The whole page.
pub(crate) fn render(counts: Counts, covers: &[(&Path, &Cover)]) -> Result<String, Failure> {
    let policies = covers.iter().map(|(file, cover)| {
        let mut sections: Vec<Section<'_>> = Vec::new();
        for statement in &cover.statements {
            let title = plain(&statement.section).into_owned();
            match sections.last_mut().filter(|last| last.title == title) {
                Some(last) => last.statements.push(statement),
                None => sections.push(Section { title, statements: vec![statement] }),
            }
        }
        Policy {
            file: file.display().to_string(),
            noticed: cover.noticed(),
            unnoticed: cover.statements.len() - cover.noticed(),
            percent: format!("{:.0}", cover.percent().floor()),
            sections,
        }
    });
    fill("page.html", PAGE, &View { counts, policies: policies.collect() })
}

//! Coverage as a page: every statement, and the case or expectation that covers it.

use super::cover::Cover;
use super::problem::Problem;
use super::run::Counts;
use crate::files;
use crate::output::template::{self, TemplateError};
use serde::Serialize;
use std::borrow::Cow;
use std::path::Path;
use whyfor::printable;

const PAGE: &str = include_str!("page.html");

#[derive(Serialize)]
struct View<'c> {
    counts: Counts,
    policies: Vec<Policy<'c>>,
    problems: Vec<[Text<'c>; 2]>,
}

#[derive(Serialize)]
struct Policy<'c> {
    file: Text<'c>,
    noticed: usize,
    unnoticed: usize,
    percent: String,
    sections: Vec<Section<'c>>,
}

#[derive(Serialize)]
struct Section<'c> {
    title: Text<'c>,
    statements: Vec<Statement<'c>>,
}

#[derive(Serialize)]
struct Statement<'c> {
    file: Text<'c>,
    line: u32,
    /// Multi-line.
    text: &'c str,
    noticed_by: Option<Text<'c>>,
}

/// Text on one line.
type Text<'c> = Cow<'c, str>;

/// The whole page.
pub(crate) fn render(
    counts: Counts,
    covers: &[(&Path, &Cover)],
    problems: &[Problem],
) -> Result<String, TemplateError> {
    let view = View {
        counts,
        policies: covers.iter().map(|(file, cover)| policy(file, cover)).collect(),
        problems: problems
            .iter()
            .map(|problem| [printable(&problem.file), printable(&problem.message)])
            .collect(),
    };
    template::render("page.html", PAGE, &view)
}

fn policy<'c>(file: &Path, cover: &'c Cover) -> Policy<'c> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for statement in &cover.statements {
        let title = printable(&statement.section);
        let shown = Statement {
            file: printable(&statement.file),
            line: statement.line,
            text: &statement.text,
            noticed_by: statement.noticed_by.as_deref().map(printable),
        };
        match sections.last_mut().filter(|last| last.title == title) {
            Some(last) => last.statements.push(shown),
            None => sections.push(Section { title, statements: vec![shown] }),
        }
    }
    Policy {
        file: printable(&files::shown_from_here(file)).into_owned().into(),
        noticed: cover.noticed(),
        unnoticed: cover.statements.len() - cover.noticed(),
        percent: format!("{:.0}", cover.percent().floor()),
        sections,
    }
}

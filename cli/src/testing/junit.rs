//! Results as JUnit XML, for CI services. Its schema is `cli/tests/schemas/junit-10.xsd`.

use super::problem::Problem;
use super::run::{Counts, End, Report};
use crate::files;
use crate::output::markup::escape;
use std::fmt::Write;
use std::path::Path;

/// One suite for each file, and one for each file with problems.
pub(crate) fn render(reports: &[(&Path, &Report)], problems: &[Problem]) -> String {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"whyfor\">\n");
    for (file, report) in reports {
        suite(&mut text, file, report);
    }
    for problems in problems.chunk_by(|a, b| a.file == b.file) {
        suite_of_problems(&mut text, problems);
    }
    text + "</testsuites>\n"
}

fn suite(text: &mut String, file: &Path, report: &Report) {
    let name = escape(&files::shown_from_here(file));
    let Counts { passed, failed, skipped } = report.counts();
    let _ = writeln!(
        text,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\" time=\"{:.3}\">",
        passed + failed + skipped,
        report.took.as_secs_f64(),
    );
    for outcome in &report.outcomes {
        let _ = write!(
            text,
            "    <testcase name=\"{}\" classname=\"{name}\" time=\"{:.6}\"",
            escape(&outcome.name),
            outcome.took.as_secs_f64()
        );
        match &outcome.end {
            End::Passed => text.push_str("/>\n"),
            End::Skipped { reason } => ended(text, "skipped", reason, &[]),
            End::Failed { differences, reasons, .. } => {
                let lines = std::iter::once(&outcome.question).chain(differences).chain(reasons);
                let lines: Vec<&str> = lines.map(String::as_str).collect();
                ended(text, "failure", &differences.join("; "), &lines);
            }
        }
    }
    text.push_str("  </testsuite>\n");
}

fn suite_of_problems(text: &mut String, problems: &[Problem]) {
    let name = problems.first().map_or(String::new(), |first| escape(&first.file));
    let errors = problems.iter().filter(|problem| problem.what.is_error()).count();
    let _ = writeln!(
        text,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{errors}\" skipped=\"0\">",
        problems.len(),
        problems.len() - errors,
    );
    for problem in problems {
        let word = problem.what.as_str();
        let _ = write!(text, "    <testcase name=\"{word}\" classname=\"{name}\"");
        let element = if problem.what.is_error() { "error" } else { "failure" };
        ended(text, element, &problem.message, &[]);
    }
    text.push_str("  </testsuite>\n");
}

/// The end of a case that did not pass.
fn ended(text: &mut String, element: &str, message: &str, lines: &[&str]) {
    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
    let (message, lines) = (escape(message), lines.join("\n"));
    let _ = match lines.as_str() {
        "" => writeln!(text, ">\n      <{element} message=\"{message}\"/>\n    </testcase>"),
        _ => writeln!(
            text,
            ">\n      <{element} message=\"{message}\">{lines}</{element}>\n    </testcase>"
        ),
    };
}

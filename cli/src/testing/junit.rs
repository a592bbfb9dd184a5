//! What came out as JUnit's XML, which CI services show.

use super::run::{Counts, End, Report};
use crate::output::markup::escape;
use std::fmt::Write;
use std::path::Path;

/// A suite for each file.
pub(crate) fn render(reports: &[(&Path, &Report)]) -> String {
    let mut text =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"whyfor\">\n");
    for (file, report) in reports {
        suite(&mut text, file, report);
    }
    text + "</testsuites>\n"
}

fn suite(text: &mut String, file: &Path, report: &Report) {
    let name = escape(&file.display().to_string());
    let Counts { passed, failed, skipped } = report.counts();
    let _ = writeln!(
        text,
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\" time=\"{:.6}\">",
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
        let _ = match &outcome.end {
            End::Passed => writeln!(text, "/>"),
            End::Skipped { reason } => {
                writeln!(
                    text,
                    ">\n      <skipped message=\"{}\"/>\n    </testcase>",
                    escape(reason)
                )
            }
            End::Failed { differences, reasons, .. } => {
                let lines = std::iter::once(&outcome.question).chain(differences).chain(reasons);
                let lines: Vec<String> = lines.map(|line| escape(line)).collect();
                writeln!(
                    text,
                    ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                    escape(&differences.join("; ")),
                    lines.join("\n")
                )
            }
        };
    }
    text.push_str("  </testsuite>\n");
}

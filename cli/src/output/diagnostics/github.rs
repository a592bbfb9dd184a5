//! Workflow commands, which GitHub shows next to the lines:
//! `::error file=…,line=…,col=…,title=…::message`.

use super::finding::Finding;
use std::fmt::Write;

/// One line for each finding.
pub(crate) fn github(findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        let place = &finding.place;
        let (start, end) = (place.start, place.end);
        let title = match finding.code {
            Some(code) => format!("whyfor {code}"),
            None => "whyfor".to_owned(),
        };
        let lines: Vec<String> = finding.lines().collect();
        let _ = writeln!(
            out,
            "::{} file={},line={},endLine={},col={},endColumn={},title={}::{}",
            finding.severity.as_str(),
            escape(&place.file, true),
            start.line,
            end.line,
            start.column,
            end.column,
            escape(&title, true),
            escape(&lines.join("\n"), false),
        );
    }
    out
}

/// Escapes data as `@actions/core` does; properties escape two more characters.
fn escape(text: &str, is_property: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => escaped.push_str("%25"),
            '\r' => escaped.push_str("%0D"),
            '\n' => escaped.push_str("%0A"),
            ':' if is_property => escaped.push_str("%3A"),
            ',' if is_property => escaped.push_str("%2C"),
            other => escaped.push_str(&whyfor::printable(other.encode_utf8(&mut [0; 4]))),
        }
    }
    escaped
}

//! All findings, for programs.

use super::finding::{Finding, FindingFix, Place};
use serde_json::{Value, json};

/// A list with an object for each.
pub(crate) fn json(findings: &[Finding]) -> Value {
    let one = |finding: &Finding| {
        json!({
            "code": finding.code.map(whyfor::Code::as_str),
            "severity": finding.severity.as_str(),
            "message": finding.message,
            "place": place(&finding.place),
            "related": finding.related.iter().map(place).collect::<Vec<_>>(),
            "help": finding.help,
            "fix": finding.fix.as_ref().map(fix),
        })
    };
    findings.iter().map(one).collect()
}

fn fix(fix: &FindingFix) -> Value {
    let edit = |(at, text): &(Place, String)| json!({ "place": place(at), "text": text });
    json!({ "title": fix.title, "edits": fix.edits.iter().map(edit).collect::<Vec<_>>() })
}

fn place(place: &Place) -> Value {
    json!({
        "file": place.file,
        "line": place.start.line,
        "column": place.start.column,
        "end_line": place.end.line,
        "end_column": place.end.column,
        "label": place.label,
    })
}

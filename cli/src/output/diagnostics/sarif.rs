//! SARIF 2.1.0, for code scanning. Its schema is `cli/tests/schemas/sarif-2.1.0.json`.

use super::finding::{Finding, FindingFix, Place};
use crate::files;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;
use whyfor::Code;

/// The root of the repository for consumers: paths are relative to the working directory.
const ROOT: &str = "%SRCROOT%";

/// One run with all results.
pub(crate) fn sarif(findings: &[Finding]) -> Value {
    let mut codes: Vec<Code> = findings.iter().filter_map(|finding| finding.code).collect();
    codes.sort();
    codes.dedup();
    let rule = |code: &Code| {
        json!({
            "id": code.as_str(),
            "shortDescription": { "text": code.title() },
            "help": { "text": code.explanation(), "markdown": code.explanation() },
        })
    };
    let unread = [Code::ImportUnreadable, Code::NotUtf8, Code::TooLarge];
    let was_read = |finding: &Finding| finding.code.is_some_and(|code| !unread.contains(&code));
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "whyfor",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(rule).collect::<Vec<_>>(),
            }},
            "invocations": [{ "executionSuccessful": findings.iter().all(was_read) }],
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

fn result(finding: &Finding) -> Value {
    let lines: Vec<String> = finding.lines().collect();
    let mut result = json!({
        "level": finding.severity.as_str(),
        "message": { "text": text(&lines.join("\n")) },
        "locations": [location(&finding.place)],
        "relatedLocations": finding.related.iter().map(location).collect::<Vec<_>>(),
    });
    if let Some(code) = finding.code {
        result["ruleId"] = json!(code.as_str());
    }
    if let Some(finding_fix) = &finding.fix {
        result["fixes"] = json!([fix(finding_fix)]);
    }
    result
}

/// A message; `[…](…)` in it would be a link.
fn text(message: &str) -> String {
    message.replace("](", "] (")
}

fn fix(fix: &FindingFix) -> Value {
    let change = |(place, new): &(Place, String)| {
        json!({
            "artifactLocation": artifact(place),
            "replacements": [{ "deletedRegion": region(place), "insertedContent": { "text": new } }],
        })
    };
    let changes: Vec<Value> = fix.edits.iter().map(change).collect();
    json!({ "description": { "text": text(&fix.title) }, "artifactChanges": changes })
}

fn location(place: &Place) -> Value {
    let mut location = json!({
        "physicalLocation": { "artifactLocation": artifact(place), "region": region(place) },
    });
    if !place.label.is_empty() {
        location["message"] = json!({ "text": text(&place.label) });
    }
    location
}

fn region(place: &Place) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
    })
}

fn artifact(place: &Place) -> Value {
    match Path::new(&place.file).is_absolute() {
        // It has no path.
        _ if place.file == files::STDIN_SHOWN => json!({ "description": { "text": place.file } }),
        true => json!({ "uri": uri(&place.file) }),
        false => json!({ "uri": uri(&place.file), "uriBaseId": ROOT }),
    }
}

/// A path as a URI (RFC 3986): relative to the root, or a `file:` URI.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if Path::new(path).is_absolute() {
        uri.push_str("file://");
        if !path.starts_with('/') {
            uri.push('/'); // before a Windows drive
        }
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(byte as char)
            }
            other => drop(write!(uri, "%{other:02X}")), // into a string: cannot fail
        }
    }
    uri
}

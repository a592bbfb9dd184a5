//! Diagnostics for people, programs, code scanning and pull requests.

use serde_json::{Value, json};
use std::io::Write;
use whyfor::{Diagnostic, Diagnostics, Fix, Label, Severity, Span};

/// Shows all messages on standard error, in colour where it is a terminal.
pub(crate) fn to_terminal(diagnostics: &Diagnostics) {
    anstream::eprint!("{}", diagnostics.render(true));
    let errors = diagnostics.iter().filter(|d| d.severity() == Severity::Error).count();
    if errors > 1 {
        super::error(&format!("{errors} errors"));
    }
    let mut codes: Vec<_> = diagnostics
        .iter()
        .filter(|d| d.severity() == Severity::Error)
        .map(Diagnostic::code)
        .collect();
    codes.sort();
    codes.dedup();
    if let Some(code) = codes.first() {
        let dim = super::DIM;
        anstream::eprintln!("{dim}for more about an error, try `whyfor explain {code}`{dim:#}");
    }
}

/// One object with every message.
pub(crate) fn json(diagnostics: &[Diagnostics]) -> Value {
    let all = diagnostics.iter().flat_map(|list| list.iter().map(move |d| (list, d)));
    let all: Vec<Value> = all
        .map(|(list, d)| {
            json!({
                "code": d.code().id(),
                "severity": severity(d),
                "message": d.message(),
                "place": d.primary().map(|label| place(list, label)),
                "related": d.related_labels().iter().map(|label| place(list, label)).collect::<Vec<_>>(),
                "help": d.help_lines(),
                "fix": d.fix().map(|fix| self::fix(list, fix)),
            })
        })
        .collect();
    Value::Array(all)
}

/// What puts a finding right: places, and what is to stand there instead.
fn fix(diagnostics: &Diagnostics, fix: &Fix) -> Value {
    let edit = |(span, text): &(Span, String)| {
        let label = Label { span: *span, text: String::new() };
        json!({ "place": place(diagnostics, &label), "text": text })
    };
    json!({ "title": fix.title, "edits": fix.edits.iter().map(edit).collect::<Vec<_>>() })
}

/// A place as file, line and column; the end is that of the last character, exclusive.
fn place(diagnostics: &Diagnostics, label: &Label) -> Value {
    let file = diagnostics.sources().file(label.span.file);
    let start = file.position(label.span.start as usize);
    let end = file.position(label.span.end as usize);
    json!({
        "file": file.path(),
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "label": label.text,
    })
}

fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// SARIF 2.1.0, as code scanning takes it.
pub(crate) fn sarif(diagnostics: &[Diagnostics]) -> Value {
    let all: Vec<(&Diagnostics, &Diagnostic)> =
        diagnostics.iter().flat_map(|list| list.iter().map(move |d| (list, d))).collect();
    let mut codes: Vec<_> = all.iter().map(|(_, d)| d.code()).collect();
    codes.sort();
    codes.dedup();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| {
            json!({
                "id": code.id(),
                "shortDescription": { "text": code.title() },
                "help": { "text": code.explanation(), "markdown": code.explanation() },
            })
        })
        .collect();
    let results: Vec<Value> = all
        .iter()
        .map(|(list, d)| {
            let text = std::iter::once(d.message().to_owned())
                .chain(d.help_lines().iter().map(|help| format!("help: {help}")))
                .collect::<Vec<_>>()
                .join("\n");
            let mut result = json!({
                "ruleId": d.code().id(),
                "level": severity(d),
                "message": { "text": text },
                "locations": d.primary().map(|label| sarif_location(list, label)).into_iter().collect::<Vec<_>>(),
                "relatedLocations": d.related_labels().iter().map(|label| sarif_location(list, label)).collect::<Vec<_>>(),
            });
            if let Some(fix) = d.fix() {
                result["fixes"] = json!([sarif_fix(list, fix)]);
            }
            result
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "whyfor",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn sarif_fix(diagnostics: &Diagnostics, fix: &Fix) -> Value {
    let change = |(span, text): &(Span, String)| {
        let location = sarif_location(diagnostics, &Label { span: *span, text: String::new() });
        let place = &location["physicalLocation"];
        json!({
            "artifactLocation": place["artifactLocation"],
            "replacements": [{ "deletedRegion": place["region"], "insertedContent": { "text": text } }],
        })
    };
    let changes: Vec<Value> = fix.edits.iter().map(change).collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

fn sarif_location(diagnostics: &Diagnostics, label: &Label) -> Value {
    let file = diagnostics.sources().file(label.span.file);
    let start = file.position(label.span.start as usize);
    let end = file.position(label.span.end as usize);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": file.path() },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    });
    if !label.text.is_empty() {
        location["message"] = json!({ "text": label.text });
    }
    location
}

/// Workflow commands: `::error file=…,line=…,col=…,title=…::message`.
pub(crate) fn github(diagnostics: &[Diagnostics], out: &mut impl Write) -> std::io::Result<()> {
    for (list, d) in diagnostics.iter().flat_map(|list| list.iter().map(move |d| (list, d))) {
        let mut properties = Vec::new();
        if let Some(label) = d.primary() {
            let file = list.sources().file(label.span.file);
            let start = file.position(label.span.start as usize);
            let end = file.position(label.span.end as usize);
            properties.push(format!("file={}", escape(file.path(), true)));
            properties.push(format!("line={},endLine={}", start.line, end.line));
            properties.push(format!("col={},endColumn={}", start.column, end.column));
        }
        properties.push(format!("title={}", escape(&format!("whyfor {}", d.code()), true)));
        let lines = std::iter::once(d.message().to_owned());
        let lines = lines.chain(d.help_lines().iter().map(|help| format!("help: {help}")));
        let message = lines.collect::<Vec<_>>().join("\n");
        writeln!(out, "::{} {}::{}", severity(d), properties.join(","), escape(&message, false))?;
    }
    Ok(())
}

fn escape(text: &str, property: bool) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    if property { text.replace(':', "%3A").replace(',', "%2C") } else { text }
}

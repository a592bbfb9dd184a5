//! Findings of several files, in the format that was asked for.

use crate::args::DiagnosticFormat;
use crate::exit::Failure;
use crate::output::diagnostics::{self, Finding};
use crate::output::{json, streams};
use serde_json::Value;
use std::path::Path;

/// Writes findings in a format for programs; text is printed file by file. JSON also includes
/// `more`.
pub(super) fn write<const N: usize>(
    format: DiagnosticFormat,
    findings: &[Finding],
    more: [(&str, Value); N],
) -> Result<(), Failure> {
    streams::write(match format {
        DiagnosticFormat::Text => return Ok(()),
        DiagnosticFormat::Json => json::pretty(&diagnostics::json(findings, more)),
        DiagnosticFormat::Sarif => json::pretty(&diagnostics::sarif(findings)),
        DiagnosticFormat::Github => diagnostics::github(findings),
    })?;
    Ok(())
}

/// Why a file could not be read or compiled.
pub(super) fn failed(file: &Path, failure: &Failure) -> Vec<Finding> {
    match failure {
        Failure::Policy(diagnostics) => Finding::all(file, diagnostics),
        other => vec![Finding::unreadable(file, &other.to_string())],
    }
}

//! The exceptions: Python classes of `whyfor._errors`, built from the library's errors.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use whyfor::{ArtifactError, FactError, Policy, Refusal};
use whyfor_data::FactColumnError;

/// An exception of `whyfor._errors`, or the error that prevents importing it.
fn raise<'py, A>(py: Python<'py>, class: &'static Class, arguments: A) -> PyErr
where
    A: pyo3::call::PyCallArgs<'py>,
{
    match class.cell.import(py, "whyfor._errors", class.name).and_then(|c| c.call1(arguments)) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

struct Class {
    name: &'static str,
    cell: PyOnceLock<Py<PyType>>,
}

impl Class {
    const fn new(name: &'static str) -> Self {
        Self { name, cell: PyOnceLock::new() }
    }
}

static UNKNOWN_NAME: Class = Class::new("UnknownNameError");
static POLICY_ERROR: Class = Class::new("PolicyError");
static ARTIFACT_ERROR: Class = Class::new("ArtifactError");

/// A row for Python; see `Diagnostic` in `whyfor/_errors.py`.
pub(crate) type DiagnosticRow = (
    &'static str,
    &'static str,
    String,
    Option<String>,
    Option<u32>,
    Option<u32>,
    String,
    Vec<String>,
);

/// The rows of diagnostics.
pub(crate) fn rows(diagnostics: &whyfor::Diagnostics) -> Vec<DiagnosticRow> {
    let sources = diagnostics.sources();
    let row = |diagnostic: &whyfor::Diagnostic| {
        let primary = diagnostic.primary();
        let position = primary.map(|label| sources.position(label.span));
        (
            diagnostic.severity().as_str(),
            diagnostic.code().as_str(),
            diagnostic.message().to_owned(),
            primary.map(|label| sources.file(label.span.file).path().to_owned()),
            position.map(|position| position.line),
            position.map(|position| position.column),
            primary.map(|label| label.text.clone()).unwrap_or_default(),
            diagnostic.help_lines().to_vec(),
        )
    };
    diagnostics.iter().map(row).collect()
}

/// A policy that does not compile.
pub(crate) fn policy(py: Python<'_>, diagnostics: &whyfor::Diagnostics) -> PyErr {
    raise(py, &POLICY_ERROR, (diagnostics.render(false), rows(diagnostics)))
}

/// An artifact that cannot be read; I/O errors become an `OSError`.
pub(crate) fn artifact(py: Python<'_>, error: ArtifactError) -> PyErr {
    match error {
        ArtifactError::Io(error) => error.into(),
        other => raise(py, &ARTIFACT_ERROR, (other.to_string(),)),
    }
}

/// An unknown or ambiguous name in a program.
pub(crate) fn name(py: Python<'_>, policy: &Policy, refusal: &Refusal<'_>) -> PyErr {
    let candidates = policy.candidates(refusal);
    unknown(py, refusal.to_string(), refusal.name(), refusal.kind().as_str(), &candidates)
}

/// An unknown act.
pub(crate) fn act(py: Python<'_>, word: &str) -> PyErr {
    let words = ["use", "collect", "share"].map(str::to_owned);
    unknown(py, format!("no act is named `{word}`"), word, "unknown_act", &words)
}

fn unknown(
    py: Python<'_>,
    mut message: String,
    name: &str,
    kind: &'static str,
    candidates: &[String],
) -> PyErr {
    if !candidates.is_empty() {
        message = format!("{message}: perhaps `{}`", candidates.join("`, `"));
    }
    raise(py, &UNKNOWN_NAME, (message, name, kind, candidates))
}

/// A fact that cannot be stated.
pub(crate) fn fact(py: Python<'_>, policy: &Policy, error: &FactError) -> PyErr {
    let message = error.to_string();
    let candidates = policy.fact_candidates(error);
    match error {
        // These two list the candidates in their message.
        FactError::Unknown { name, .. } => {
            raise(py, &UNKNOWN_NAME, (message, name, "unknown_fact", candidates))
        }
        FactError::UnknownChoice { value, .. } => {
            raise(py, &UNKNOWN_NAME, (message, value, "unknown_choice", candidates))
        }
        FactError::Purpose { purpose, ambiguous, .. } => {
            let kind = if *ambiguous { "ambiguous_purpose" } else { "unknown_purpose" };
            unknown(py, message, purpose, kind, &candidates)
        }
        FactError::WrongKind { .. } => PyTypeError::new_err(message),
        _ => PyValueError::new_err(message),
    }
}

/// A column that cannot hold a fact.
pub(crate) fn column(py: Python<'_>, policy: &Policy, error: &FactColumnError) -> PyErr {
    let message = format!("argument 'facts': {error}");
    match error {
        FactColumnError::PerPurpose(fact) => PyValueError::new_err(format!(
            "argument 'facts': `{fact}` is a fact per purpose: name a column for each purpose, \
             {{'{fact}': {{'PURPOSE': whyfor.col(…)}}}}"
        )),
        FactColumnError::UnknownFact { fact, .. } => {
            let facts: Vec<String> = policy.facts().map(|info| info.name.to_owned()).collect();
            raise(py, &UNKNOWN_NAME, (message, fact, "unknown_fact", facts))
        }
        FactColumnError::Purpose(refusal) => name(py, policy, refusal),
        _ => PyValueError::new_err(message),
    }
}

/// An argument of a wrong type, worded as Python does.
pub(crate) fn argument(name: &str, value: &Bound<'_, PyAny>, wanted: &str) -> PyErr {
    let class = value.get_type();
    let class = class.qualname().map_or_else(|_| "it".to_owned(), |name| name.to_string());
    PyTypeError::new_err(format!("argument '{name}': '{class}' object is not {wanted}"))
}

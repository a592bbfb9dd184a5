//! The authoring commands with results as data; and the command `whyfor` itself.

use crate::arguments::Path;
use crate::errors::{self, DiagnosticRow};
use crate::load::{self, Image};
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use std::ffi::OsString;
use std::path::PathBuf;
use whyfor::lint::{self, Options};
use whyfor::{Diagnostics, Model, Policy};
use whyfor_cli::{Failure, data};

/// Runs the command with the program's name first and returns the exit status.
#[pyfunction]
#[pyo3(signature = (arguments))]
pub(crate) fn command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| whyfor_cli::run(arguments))
}

/// Errors, warnings, and failed expectations.
#[pyfunction]
#[pyo3(signature = (path))]
pub(crate) fn check(py: Python<'_>, path: Path) -> PyResult<Vec<DiagnosticRow>> {
    let Path(path) = path;
    let found = py.detach(|| {
        load::readable(&path)?;
        if Policy::is_artifact(&path) {
            return Policy::open(&path).map(|_| Vec::new()).map_err(load::Failure::from);
        }
        Ok(checked(&path).unwrap_or_else(|errors| vec![errors]))
    });
    let found = found.map_err(|failure| failure.raise(py))?;
    Ok(found.iter().flat_map(errors::rows).collect())
}

fn checked(path: &std::path::Path) -> Result<Vec<Diagnostics>, Diagnostics> {
    let model = Model::from_path(path)?;
    let policy = Policy::compile(&model)?;
    Ok(vec![model.warnings(), policy.check_expectations(&model)])
}

/// What the author likely did not mean. By default, the linter's own tags mark sensitive data.
#[pyfunction]
#[pyo3(signature = (path, sensitive))]
pub(crate) fn findings(
    py: Python<'_>,
    path: Path,
    sensitive: Option<Vec<String>>,
) -> PyResult<Vec<DiagnosticRow>> {
    let Path(path) = path;
    let options = match sensitive {
        Some(tags) => Options::default().sensitive(tags),
        None => Options::default(),
    };
    let found = py.detach(|| {
        load::readable(&path)?;
        if Policy::is_artifact(&path) {
            return Ok(None);
        }
        let model = Model::from_path(&path).map_err(load::Failure::Policy)?;
        lint::lint(&model, &options).map(Some).map_err(load::Failure::Policy)
    });
    match found.map_err(|failure| failure.raise(py))? {
        Some(found) => Ok(errors::rows(&found)),
        None => {
            let path = path.display();
            let message = format!("`{path}` is an artifact: name the `.why` file");
            Err(PyValueError::new_err(message))
        }
    }
}

/// The changes between two policies, as JSON.
#[pyfunction]
#[pyo3(signature = (old, new))]
pub(crate) fn difference(py: Python<'_>, old: Path, new: Path) -> PyResult<String> {
    let (Path(old), Path(new)) = (old, new);
    let found = py.detach(|| {
        [&old, &new].into_iter().try_for_each(|path| load::readable(path))?;
        Ok(data::diff(&old, &new))
    });
    found.map_err(|failure: load::Failure| failure.raise(py))?.map_err(|f| raised(py, f))
}

/// The results of test files, as JSON, and the failed expectations of their policies.
#[pyfunction]
#[pyo3(signature = (files, filter, coverage))]
pub(crate) fn tested(
    py: Python<'_>,
    files: Vec<PathBuf>,
    filter: &str,
    coverage: bool,
) -> PyResult<(String, Vec<DiagnosticRow>)> {
    let found = py.detach(|| {
        files.iter().try_for_each(|path| load::readable(path))?;
        Ok(data::test(&files, filter, coverage))
    });
    let (report, failures) =
        found.map_err(|failure: load::Failure| failure.raise(py))?.map_err(|f| raised(py, f))?;
    Ok((report, failures.iter().flat_map(errors::rows).collect()))
}

/// Compiles a policy, verifies its expectations and writes the artifact.
#[pyfunction]
#[pyo3(signature = (path, output))]
pub(crate) fn write(py: Python<'_>, path: Path, output: Path) -> PyResult<Image> {
    let (Path(path), Path(output)) = (path, output);
    let written = py.detach(|| {
        load::readable(&path)?;
        Ok(data::compile(&path, &output))
    });
    let (policy, warnings) =
        written.map_err(|failure: load::Failure| failure.raise(py))?.map_err(|f| raised(py, f))?;
    Ok(Image::new(policy, warnings))
}

fn raised(py: Python<'_>, failure: Failure) -> PyErr {
    match failure {
        Failure::Policy(diagnostics) => errors::policy(py, &diagnostics),
        Failure::Artifact(error) => load::Failure::from(error).raise(py),
        Failure::Io { .. } => PyOSError::new_err(failure.to_string()),
        other => PyValueError::new_err(other.to_string()),
    }
}

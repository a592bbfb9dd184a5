//! Loading policies: from text, a file, or the bytes of an artifact.
//!
//! Python classes build their policy from an [`Image`]: a loaded policy and its warnings.

use crate::arguments::{Path, Source, Text};
use crate::errors;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;
use whyfor::{ArtifactError, Diagnostics, LoadError, Model};

/// A loaded policy; only for the constructor of `Policy`.
#[pyclass(frozen, module = "whyfor._core")]
pub(crate) struct Image {
    pub(crate) policy: Arc<whyfor::Policy>,
    pub(crate) warnings: Arc<Diagnostics>,
}

impl Image {
    pub(crate) fn new(policy: whyfor::Policy, warnings: Diagnostics) -> Self {
        Self { policy: Arc::new(policy), warnings: Arc::new(warnings) }
    }
}

pub(crate) enum Failure {
    File(std::io::Error, PathBuf),
    Policy(Diagnostics),
    Artifact(ArtifactError),
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Policy(diagnostics) => Self::Policy(diagnostics),
            LoadError::Artifact { source, .. } => Self::Artifact(source),
            LoadError::Unreadable { path, source } => Self::File(source, path),
            other => Self::File(std::io::Error::other(other.to_string()), PathBuf::new()),
        }
    }
}

impl Failure {
    pub(crate) fn raise(self, py: Python<'_>) -> PyErr {
        match self {
            // With the file name, as in Python's `open`.
            Self::File(error, path) => match error.raw_os_error() {
                Some(number) => {
                    let reason = error.to_string();
                    let reason = reason.split(" (os error").next().unwrap_or_default().to_owned();
                    pyo3::exceptions::PyOSError::new_err((number, reason, path.into_os_string()))
                }
                None => error.into(),
            },
            Self::Policy(diagnostics) => errors::policy(py, &diagnostics),
            Self::Artifact(error) => errors::artifact(py, error),
        }
    }
}

/// Compiles the text of one file; `verify` also checks its expectations.
#[pyfunction]
#[pyo3(signature = (text, *, verify))]
pub(crate) fn compile(py: Python<'_>, text: Text<'_, Source>, verify: bool) -> PyResult<Image> {
    let text: &str = &text;
    py.detach(|| compiled(Model::from_str(text), verify)).map_err(|e| e.raise(py))
}

/// Loads a `.why` file with its imports or a `.whyc` artifact, as its name or first bytes say. `verify`
/// checks the expectations of a text.
#[pyfunction]
#[pyo3(signature = (path, *, verify))]
pub(crate) fn read(py: Python<'_>, path: Path, verify: bool) -> PyResult<Image> {
    let Path(path) = path;
    py.detach(|| {
        readable(&path)?;
        if whyfor::Policy::is_artifact(&path) {
            let policy = whyfor::Policy::open(&path)?;
            return Ok(Image::new(policy, Diagnostics::default()));
        }
        compiled(Model::from_path(&path), verify)
    })
    .map_err(|e| e.raise(py))
}

/// Reports errors of the file system as Python's `OSError`.
pub(crate) fn readable(path: &std::path::Path) -> Result<(), Failure> {
    let read = |is_file| match is_file {
        true => std::fs::File::open(path)?.read(&mut [0; 1]),
        false => Ok(0), // opening a pipe may block; the library reports it
    };
    match path.metadata().and_then(|data| read(data.is_file() || data.is_dir())) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::File(error, path.to_owned())),
    }
}

/// Copies an artifact from memory.
#[pyfunction]
#[pyo3(signature = (artifact: "bytes"))]
pub(crate) fn open(py: Python<'_>, artifact: &Bound<'_, PyAny>) -> PyResult<Image> {
    let Ok(artifact) = artifact.cast::<PyBytes>() else {
        return Err(errors::argument("artifact", artifact, "bytes"));
    };
    let artifact = artifact.as_bytes();
    let policy = py.detach(|| whyfor::Policy::from_artifact(artifact));
    let policy = policy.map_err(|error| errors::artifact(py, error))?;
    Ok(Image::new(policy, Diagnostics::default()))
}

fn compiled(model: Result<Model, Diagnostics>, verify: bool) -> Result<Image, Failure> {
    let model = model.map_err(Failure::Policy)?;
    let policy = match verify {
        true => whyfor::Policy::compile_verified(&model),
        false => whyfor::Policy::compile(&model),
    };
    Ok(Image::new(policy.map_err(Failure::Policy)?, model.warnings()))
}

//! The policy that a command works on: a `.why` file with its imports, or a `.whyc` artifact.

use crate::exit::Failure;
use crate::output::progress::Working;
use std::path::Path;
use whyfor::{Model, Policy};

/// A loaded policy; of a `.why` file also the model.
pub(crate) struct Loaded {
    pub(crate) policy: Policy,
    pub(crate) model: Option<Model>,
}

/// Loads a policy. Which of the two it is, its first bytes say.
pub(crate) fn load(path: &Path) -> Result<Loaded, Failure> {
    // A file that is named as an artifact is one, so that an empty or foreign one is told as that.
    if Policy::is_artifact(path) || path.extension().is_some_and(|e| e == "whyc") {
        let policy = Policy::open(path)
            .map_err(|error| Failure::Artifact { path: path.display().to_string(), error })?;
        return Ok(Loaded { policy, model: None });
    }
    let _working = Working::on(format!("compiling {}", path.display()));
    let model = Model::read(path).map_err(Failure::Policy)?;
    let policy = Policy::compile(&model).map_err(Failure::Policy)?;
    Ok(Loaded { policy, model: Some(model) })
}

/// As [`load`], of a policy whose answers are acted on: one whose expectations fail is refused.
pub(crate) fn load_verified(path: &Path) -> Result<Loaded, Failure> {
    let loaded = load(path)?;
    let failures = loaded.model.as_ref().map(|model| loaded.policy.check_expectations(model));
    match failures.filter(|failures| !failures.is_empty()) {
        Some(failures) => Err(Failure::Policy(failures)),
        None => Ok(loaded),
    }
}

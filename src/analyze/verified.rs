//! From text to a policy that meets its own expectations: what a program serves.

use crate::decide::LoadError;
use crate::{Diagnostics, Memory, Model, Policy};
use std::path::Path;

impl Policy {
    /// Loads a `.why` file with its imports, or a `.whyc` artifact: told apart by their first bytes. The
    /// file's folder is the root folder of its imports.
    ///
    /// The expectations of a text are verified. `whyfor compile` verified those of an artifact, which holds
    /// none of them. [`load_unverified`](Self::load_unverified) does without.
    ///
    /// Costs what [`compile_verified`](Self::compile_verified) does.
    ///
    /// # Errors
    /// Mistakes in the policy, or an artifact that cannot be read. Of a policy without mistakes, each
    /// expectation that fails, with its place, a question that shows it, and the statements behind the
    /// answer.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        if Self::is_artifact(path) {
            return Ok(Self::open(path)?);
        }
        let model = Model::read(path).map_err(LoadError::Policy)?;
        Self::compile_verified(&model).map_err(LoadError::Policy)
    }

    /// Compiles the text of one file that imports nothing, and verifies its expectations.
    ///
    /// ```
    /// let text = "policy p category email purpose ads use email for ads";
    /// assert!(whyfor::Policy::from_source(text)?.may_use("email", "ads"));
    /// let contradicted = format!("{text} expect {{ deny use email for ads }}");
    /// assert!(whyfor::Policy::from_source(&contradicted).is_err());
    /// # Ok::<(), whyfor::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// Every mistake in it; if there is none, each expectation that fails.
    pub fn from_source(text: &str) -> Result<Self, Diagnostics> {
        let files = Memory::new().with("policy.why", text);
        Self::compile_verified(&Model::load(&files, "policy.why")?)
    }

    /// Compiles a model, and verifies its expectations.
    ///
    /// Costs what [`compile`](Self::compile) does, and a decision for each question that an expectation
    /// covers and that the tables tell from others.
    ///
    /// # Errors
    /// The tables would exceed a limit; see `limits.rs`. Else, each expectation that fails.
    pub fn compile_verified(model: &Model) -> Result<Self, Diagnostics> {
        let policy = Self::compile(model)?;
        let failures = policy.check_expectations(model);
        if failures.is_empty() { Ok(policy) } else { Err(failures) }
    }
}

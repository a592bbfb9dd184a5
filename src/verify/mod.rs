//! From text to a policy that meets its own expectations: what a program serves.

mod expect;

use crate::decide::LoadError;
use crate::{Diagnostics, Loader, Model, Policy};
pub(crate) use expect::{given, is_of};
use std::path::Path;
use std::str::FromStr;

impl Policy {
    /// Loads a `.why` file with its imports, or an artifact: a file that starts as one, or whose name ends in
    /// `.whyc`. The file's folder is the root folder of its imports.
    ///
    /// The expectations of a text are verified. `whyfor compile` verified those of an artifact, which contains
    /// none of them. [`from_path_unverified`](Self::from_path_unverified) does without.
    ///
    /// Costs what [`compile_verified`](Self::compile_verified) does.
    ///
    /// ```
    /// let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert!(policy.may_use("email", "login"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Mistakes in the policy, or an artifact that cannot be read. Of a policy without mistakes, each
    /// expectation that fails, with its place, a question that shows it, and the statements that led to
    /// the answer.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::loaded(path.as_ref(), Self::compile_verified)
    }

    /// As [`from_path`](Self::from_path), of a policy whose expectations may fail: to look at it, not to serve it.
    ///
    /// ```
    /// let policy = whyfor::Policy::from_path_unverified("examples/shop.why")?;
    /// println!("{} has {} statements", policy.name(), policy.statements().count());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Mistakes in the policy, or an artifact that cannot be read.
    pub fn from_path_unverified(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        Self::loaded(path.as_ref(), Self::compile)
    }

    fn loaded(
        path: &Path,
        compile: impl Fn(&Model) -> Result<Self, Diagnostics>,
    ) -> Result<Self, LoadError> {
        if Self::is_artifact(path) {
            return Self::open(path);
        }
        if let Err(source) = path.metadata() {
            return Err(LoadError::Unreadable { path: path.to_owned(), source });
        }
        Ok(compile(&Model::from_path(path)?)?)
    }

    /// Compiles the file `root` and its imports, which the loader gives, and verifies their expectations.
    ///
    /// ```
    /// use whyfor::{Memory, Policy};
    /// let files = Memory::new()
    ///     .with("shop.why", "import \"common.why\" policy shop use email for login")
    ///     .with("common.why", "category email purpose login");
    /// assert!(Policy::from_loader(&files, "shop.why")?.may_use("email", "login"));
    /// # Ok::<(), whyfor::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// Every mistake in them; if there is none, each expectation that fails.
    pub fn from_loader(loader: &dyn Loader, root: &str) -> Result<Self, Diagnostics> {
        Self::compile_verified(&Model::from_loader(loader, root)?)
    }

    /// Compiles the text of one file that imports nothing, and verifies its expectations.
    ///
    /// ```
    /// let text = "policy p category email purpose ads use email for ads";
    /// assert!(whyfor::Policy::from_str(text)?.may_use("email", "ads"));
    /// let contradicted = format!("{text} expect {{ deny use email for ads }}");
    /// assert!(whyfor::Policy::from_str(&contradicted).is_err());
    /// # Ok::<(), whyfor::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// Every mistake in it; if there is none, each expectation that fails.
    #[allow(
        clippy::should_implement_trait,
        reason = "so that it needs no import; the trait is there too"
    )]
    pub fn from_str(text: &str) -> Result<Self, Diagnostics> {
        Self::compile_verified(&Model::from_str(text)?)
    }

    /// Compiles a model, and verifies its expectations.
    ///
    /// Costs what [`compile`](Self::compile) does, and a decision for each question that an expectation
    /// covers and that the tables tell from others.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let policy = whyfor::Policy::compile_verified(&model)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The tables would exceed a limit; see `limits.rs`. Else, each expectation that fails.
    pub fn compile_verified(model: &Model) -> Result<Self, Diagnostics> {
        let policy = Self::compile(model)?;
        let failures = policy.check_expectations(model);
        if failures.is_empty() { Ok(policy) } else { Err(failures) }
    }
}

impl FromStr for Policy {
    type Err = Diagnostics;

    fn from_str(text: &str) -> Result<Self, Diagnostics> {
        Self::from_str(text)
    }
}

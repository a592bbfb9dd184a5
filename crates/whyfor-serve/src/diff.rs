//! What changed from one version to the next, in the policy's terms.

use crate::events::Change;
use crate::failure::{Failure, FailureKind};
use crate::version::Version;
use whyfor::Model;
use whyfor::diff::{Diff, diff};

impl Change {
    /// What changed in the policy: every decision, as `whyfor diff` says it. `None` for a first version.
    ///
    /// It compiles both texts again: call it where a second may pass.
    ///
    /// ```
    /// fn log(change: &whyfor_serve::Change) -> Result<(), whyfor_serve::Failure> {
    ///     if let Some(diff) = change.diff()? {
    ///         println!("{} decisions changed", diff.count());
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// One of the versions is an artifact or a policy that the program loaded, whose statements are not kept; or they
    /// are too large to compare.
    pub fn diff(&self) -> Result<Option<Diff>, Failure> {
        let Some(old) = self.old() else { return Ok(None) };
        compare(old, self.new_version()).map(Some)
    }
}

/// What is different in another version, or in another policy.
///
/// # Errors
/// One of them was not compiled from text, or they are too large to compare.
pub(crate) fn compare(old: &Version, new: &Version) -> Result<Diff, Failure> {
    let (old, new) = (model(old)?, model(new)?);
    diff(&old, &new).map_err(|found| Failure::new(FailureKind::Mistakes, found.to_string()))
}

fn model(version: &Version) -> Result<Model, Failure> {
    let Some(files) = &version.text else {
        let message = format!(
            "generation {} of `{}` was not compiled from text, so what changed is not known: compare the texts with \
             `whyfor diff`",
            version.generation(),
            version.name()
        );
        return Err(Failure::new(FailureKind::Unreadable, message));
    };
    Model::from_loader(files, files.root())
        .map_err(|found| Failure::new(FailureKind::Mistakes, found.to_string()))
}

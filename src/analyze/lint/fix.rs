//! The files of a policy with findings put right.
//!
//! All fixes are applied together, and the policy is read anew: if it has mistakes then, or if any
//! decision is another, nothing is changed.

use crate::analyze::diff::diff;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;

/// A file with its text put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The file, below the policy's root folder.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// Why nothing was fixed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FixError {
    /// With the fixes, the policy would have mistakes.
    #[error("with the fixes, the policy would not compile:\n{0}")]
    Mistakes(Diagnostics),
    /// With the fixes, something would be decided otherwise.
    #[error("with the fixes, the policy would decide otherwise: {0}")]
    Decides(String),
    /// Two fixes change the same place.
    #[error("two fixes overlap")]
    Overlap,
}

/// The files that the fixes of these findings change. Empty if none of them has one.
///
/// # Errors
/// The fixes together do not keep every decision. Nothing is fixed then.
pub fn fix<'d>(
    model: &Model,
    findings: impl IntoIterator<Item = &'d Diagnostic>,
) -> Result<Vec<Fixed>, FixError> {
    let fixes = findings.into_iter().filter_map(Diagnostic::fix);
    let edits: Vec<_> = fixes.flat_map(|fix| fix.edits.iter().cloned()).collect();
    if edits.is_empty() {
        return Ok(Vec::new());
    }
    let files = model.sources.edited(&edits).ok_or(FixError::Overlap)?;
    let fixed = Model::load(&files, model.sources.root()).map_err(FixError::Mistakes)?;
    let changes = diff(model, &fixed).map_err(FixError::Mistakes)?;
    if let Some(change) = changes.changes().first() {
        return Err(FixError::Decides(change.to_string()));
    }
    let texts = model.sources.files().iter().zip(fixed.sources.files());
    Ok(texts
        .filter(|(old, new)| old.text() != new.text())
        .map(|(_, new)| Fixed { path: new.path().to_owned(), text: new.text().to_owned() })
        .collect())
}

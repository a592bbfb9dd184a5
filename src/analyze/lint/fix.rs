//! Applies the fixes of findings.
//!
//! All fixes are applied together, and the policy is read again. If it then has errors, or any decision differs,
//! nothing is changed.

use crate::analyze::diff::diff;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Model;
use crate::source::{Loader, Memory, Span};

/// A file with fixed text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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

/// The files that the fixes of these findings change. Empty if there are no fixes.
///
/// Other policies that import one of the files are not checked: see [`keeps`].
///
/// ```
/// # let model = whyfor::Model::from_str("policy p category email purpose ads tag t use email for ads use email for ads")?;
/// use whyfor::lint::{Options, fix, lint};
/// let findings = lint(&model, &Options::default())?;
/// let files = fix(&model, &findings)?;
/// println!("{}", files[0].text);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    let files = edited(model, &edits)?;
    keeps(model, &files)?;
    Ok(files)
}

/// The files of a policy that these edits change. Equal edits of the same place are applied once. Decisions are not
/// compared: see [`keeps`].
///
/// ```
/// # let model = whyfor::Model::from_path("examples/shop.why")?;
/// let span = model.sources().span(0, 0..0).expect("it is in the file");
/// let files = whyfor::lint::edited(&model, &[(span, "// reviewed\n".to_owned())])?;
/// assert!(files[0].text.starts_with("// reviewed\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Two edits overlap.
pub fn edited(model: &Model, edits: &[(Span, String)]) -> Result<Vec<Fixed>, FixError> {
    let mut edits = edits.to_vec();
    edits.sort();
    edits.dedup();
    let texts = model.sources.edited(&edits).ok_or(FixError::Overlap)?;
    let mut files = Vec::new();
    for source in model.sources.files() {
        let text = texts.load(source.path()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let changed = text.filter(|text| text != source.text());
        files.extend(changed.map(|text| Fixed { path: source.path().to_owned(), text }));
    }
    Ok(files)
}

/// Whether a policy keeps every decision, duty and retention if some of its files are changed. Costs as much as
/// loading and comparing the policy.
///
/// Ask it of every policy that reads a file before the file is changed.
///
/// ```
/// use whyfor::lint::{Fixed, keeps};
/// use whyfor::{Memory, Model};
/// let common = "category email  purpose login  use email for login";
/// let files = Memory::new().with("a.why", "policy a import \"c.why\"").with("c.why", common);
/// let model = Model::from_loader(&files, "a.why")?;
/// let changed = |text: String| [Fixed { path: "c.why".to_owned(), text }];
/// assert!(keeps(&model, &changed(format!("{common} use email for login"))).is_ok());
/// assert!(keeps(&model, &changed("category email  purpose login".to_owned())).is_err());
/// # Ok::<(), whyfor::Diagnostics>(())
/// ```
///
/// # Errors
/// Some decision would differ, or the policy would have errors.
pub fn keeps(model: &Model, files: &[Fixed]) -> Result<(), FixError> {
    let mut texts = Memory::new();
    for source in model.sources.files() {
        let changed = files.iter().find(|file| file.path == source.path());
        let text = changed.map_or(source.text(), |file| file.text.as_str());
        texts = texts.with(source.path(), text);
    }
    let fixed = Model::from_loader(&texts, model.sources.root()).map_err(FixError::Mistakes)?;
    let changes = diff(model, &fixed).map_err(FixError::Mistakes)?;
    match changes.changes().first() {
        Some(change) => Err(FixError::Decides(change.to_string())),
        None => Ok(()),
    }
}

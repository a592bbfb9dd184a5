//! The commands as functions that return their results, for programs that embed this crate. Nothing
//! is printed.

use crate::diff::{Compared, json};
use crate::exit::Failure;
use crate::{commands, files, policy};
use std::path::{Path, PathBuf};
use whyfor::{Diagnostics, Policy};

/// As `whyfor compile`: returns the policy that was written, and its warnings.
///
/// # Errors
///
/// The policy cannot be read, does not compile or fails its own expectations; the artifact cannot
/// be written.
pub fn compile(path: &Path, output: &Path) -> Result<(Policy, Diagnostics), Failure> {
    let loaded = policy::load(path)?;
    let [warnings, failures] = loaded.warnings_and_failures();
    if !failures.is_empty() {
        return Err(Failure::Policy(failures));
    }
    commands::compile::write(&loaded, output)?;
    Ok((loaded.policy, warnings))
}

/// The output of `whyfor diff OLD NEW --format json`.
///
/// # Errors
///
/// A policy cannot be read, does not compile or is an artifact.
pub fn diff(old: &Path, new: &Path) -> Result<String, Failure> {
    let names = [old, new].map(files::shown_name);
    let (old, new) = (commands::diff::text(old)?.model, commands::diff::text(new)?);
    let diff = new.with(|new| whyfor::diff::diff(&old, new))?;
    Ok(json::render(&Compared { names, diff }))
}

/// The output of `whyfor test FILES --format json`, and the failed expectations of each policy.
///
/// # Errors
///
/// A file cannot be read or is not a test file, a policy does not compile, or the filter matches no
/// test.
pub fn test(
    files: &[PathBuf],
    filter: &str,
    coverage: bool,
) -> Result<(String, Vec<Diagnostics>), Failure> {
    let (report, failures) = commands::test::report(files, filter, coverage)?;
    Ok((report.to_string(), failures))
}

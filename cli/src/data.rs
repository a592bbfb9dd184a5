//! What commands do and find, for a program that this crate is part of: nothing is printed.

use crate::diff::{Compared, json};
use crate::exit::Failure;
use crate::{commands, files, policy};
use std::path::{Path, PathBuf};
use whyfor::{Diagnostics, Policy};

/// As `whyfor compile`: the policy that was written, and what was warned of.
///
/// # Errors
///
/// A policy that cannot be read, does not compile or does not do what it expects of itself; an artifact that
/// cannot be written.
pub fn compile(path: &Path, output: &Path) -> Result<(Policy, Diagnostics), Failure> {
    let loaded = policy::load(path)?;
    let [warnings, failures] = loaded.warnings_and_failures();
    if !failures.is_empty() {
        return Err(Failure::Policy(failures));
    }
    commands::compile::write(&loaded, output)?;
    Ok((loaded.policy, warnings))
}

/// What `whyfor diff OLD NEW --format json` shows.
///
/// # Errors
///
/// A policy that cannot be read or does not compile, or an artifact.
pub fn diff(old: &Path, new: &Path) -> Result<String, Failure> {
    let names = [old, new].map(files::shown_name);
    let (old, new) = (commands::diff::text(old)?.model, commands::diff::text(new)?);
    let diff = new.with(|new| whyfor::diff::diff(&old, new))?;
    Ok(json::render(&Compared { names, diff }))
}

/// What `whyfor test FILES --format json` shows; and for each policy the expectations that do not hold.
///
/// # Errors
///
/// A file that cannot be read or is no file of tests, a policy that does not compile, a filter that lets no
/// test through.
pub fn test(
    files: &[PathBuf],
    filter: &str,
    coverage: bool,
) -> Result<(String, Vec<Diagnostics>), Failure> {
    let (report, failures) = commands::test::report(files, filter, coverage)?;
    Ok((report.to_string(), failures))
}

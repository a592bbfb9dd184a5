//! A policy as it was at a revision: the files that `git` has of it.

use crate::exit::Failure;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use whyfor::{Loader, Model};

/// Loads files below one folder as they were at a revision.
struct Revision {
    folder: PathBuf,
    /// The commit, in full.
    commit: String,
}

impl Loader for Revision {
    fn load(&self, path: &str) -> io::Result<Vec<u8>> {
        // `./` takes the path from the folder on, wherever that is in the repository.
        let output = git(&self.folder)
            .args(["cat-file", "blob", &format!("{}:./{path}", self.commit)])
            .output()?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(io::Error::other("the revision has no such file"))
    }
}

/// The policy in a file as it was at a revision.
///
/// # Errors
/// There is no `git`, no such revision, or the policy had mistakes.
pub(crate) fn model(path: &Path, revision: &str) -> Result<Model, Failure> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let output = git(&folder)
        .args(["rev-parse", "--verify", "--quiet", "--end-of-options"])
        .arg(format!("{revision}^{{commit}}"))
        .output()
        .map_err(Failure::io("cannot run `git`"))?;
    if !output.status.success() {
        let folder = folder.display();
        return Err(Failure::Usage(format!("`git` knows no revision `{revision}` in `{folder}`")));
    }
    let commit = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Model::load(&Revision { folder, commit }, &name).map_err(|diagnostics| {
        crate::output::error(&format!("`{}` had mistakes at `{revision}`", path.display()));
        Failure::Policy(diagnostics)
    })
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).stdin(Stdio::null());
    command
}

//! From a policy to the files of a build.

use crate::module;
use std::fmt;
use std::path::{Path, PathBuf};
use whyfor::{Diagnostics, Model, Policy, RootFile};

/// A policy that was compiled in a build script.
#[derive(Debug)]
pub struct Compiled {
    policy: Policy,
    /// What the module and the artifact are called.
    name: String,
    /// The files that the policy was read from.
    files: Vec<PathBuf>,
}

/// Why a build fails. It is displayed alike by `{}` and `{:?}`, since Cargo shows what `main` returns by `{:?}`.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The policy has mistakes, or does not meet its expectations.
    #[error("{0}")]
    Policy(Diagnostics),
    /// The file's name cannot be that of a module.
    #[error("`{0}` cannot be the name of a module: call `Compiled::named` with another one")]
    Name(String),
    /// Cargo has not set the folder of the build.
    #[error("`OUT_DIR` is not set: this is for build scripts, and `write_to` names a folder")]
    NoFolder,
    /// A file cannot be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Compiles the policy in a file, and verifies its expectations. The path is relative to the package, as in all build
/// scripts. Imports are read below the file's folder.
///
/// ```
/// # std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).unwrap();
/// let compiled = whyfor_build::compile("examples/shop.why")?;
/// assert!(compiled.module().contains("pub const EMAIL"));
/// # Ok::<(), whyfor_build::BuildError>(())
/// ```
///
/// # Errors
/// Every mistake of the policy with its place, and every expectation that fails.
pub fn compile(path: impl AsRef<Path>) -> Result<Compiled, BuildError> {
    let path = path.as_ref();
    println!("cargo::rerun-if-changed={}", path.display());
    let model = Model::from_path(path).map_err(BuildError::Policy)?;
    let policy = Policy::compile_verified(&model).map_err(BuildError::Policy)?;
    let place = |file: &str| match RootFile::new(path) {
        Ok(root) => root.place(file),
        Err(_) => path.with_file_name(file),
    };
    let files = model.sources().files().iter().map(|file| place(file.path())).collect();
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Compiled { policy, name, files })
}

impl Compiled {
    /// Gives the module another name than the file's.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The text of the module.
    #[must_use]
    pub fn module(&self) -> String {
        module::of(&self.policy, &format!("/{}.whyc", self.name))
    }

    /// Writes the module and the artifact into the folder of the build, for `whyfor::include_policy!`, and tells Cargo to
    /// build again when one of the policy's files changes.
    ///
    /// # Errors
    /// The name is not that of a module, there is no folder, or a file cannot be written.
    pub fn emit(&self) -> Result<(), BuildError> {
        let folder = std::env::var_os("OUT_DIR").ok_or(BuildError::NoFolder)?;
        for file in &self.files {
            println!("cargo::rerun-if-changed={}", file.display());
        }
        self.write_to(folder)
    }

    /// Writes `NAME.rs` and `NAME.whyc` into a folder.
    ///
    /// # Errors
    /// The name is not that of a module, or a file cannot be written.
    pub fn write_to(&self, folder: impl AsRef<Path>) -> Result<(), BuildError> {
        let mut parts = self.name.chars();
        let is_name = parts.next().is_some_and(|c| unicode_ident::is_xid_start(c) || c == '_')
            && parts.all(unicode_ident::is_xid_continue);
        if !is_name {
            return Err(BuildError::Name(self.name.clone()));
        }
        let write = |end: &str, bytes: &[u8]| {
            let path = folder.as_ref().join(format!("{}.{end}", self.name));
            std::fs::write(&path, bytes).map_err(|source| BuildError::Write { path, source })
        };
        write("whyc", self.policy.as_bytes())?;
        write("rs", self.module().as_bytes())
    }
}

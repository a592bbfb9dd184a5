//! The policy, and where it comes from.

use super::digest::Digest;
use super::marks::Marks;
use crate::table::{Aligned, ArtifactError, Image, Tables};
use std::path::{Path, PathBuf};

self_cell::self_cell!(
    /// The tables borrow from the image beside them.
    struct Inner {
        owner: Image,
        #[covariant]
        dependent: Tables,
    }
);

/// A compiled policy: immutable, shared by threads without locks or reference counts.
///
/// It is made from text, from a `Model` or from an artifact, with the same answers. Every answer reads flat
/// tables: its cost does not depend on the number of statements.
pub struct Policy {
    inner: Inner,
    /// What identifies the policy's atoms to [`Facts`]; never 0.
    tag: u64,
    marks: Marks,
}

impl std::fmt::Debug for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Policy")
            .field("name", &self.name())
            .field("digest", &self.digest())
            .finish()
    }
}

/// Why a policy cannot be loaded from a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is no such file, or it may not be looked at.
    #[error("cannot read `{}`: {source}", crate::printable(&path.display().to_string()))]
    Unreadable {
        /// As given.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The policy's text has mistakes, or expectations of it fail.
    #[cfg(feature = "compile")]
    #[error(transparent)]
    Policy(#[from] crate::Diagnostics),
    /// The artifact cannot be read.
    #[error("`{}`: {source}", crate::printable(&path.display().to_string()))]
    Artifact {
        /// As given.
        path: PathBuf,
        /// Why not.
        source: ArtifactError,
    },
}

impl LoadError {
    fn artifact(path: &Path, source: ArtifactError) -> Self {
        Self::Artifact { path: path.to_owned(), source }
    }
}

// ── Where it comes from ─────────────────────────────────────────────────────────────────────────

impl Policy {
    /// Compiles a model without checking its expectations: for editors and reports, which show the ones that fail
    /// beside the rest ([`check_expectations`](Self::check_expectations)). A program that serves the policy
    /// calls [`compile_verified`](Self::compile_verified).
    ///
    /// 100,000 statements take about a second.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// let policy = whyfor::Policy::compile(&model)?;
    /// assert!(policy.check_expectations(&model).is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The tables would exceed a limit; see `limits.rs`.
    #[cfg(feature = "compile")]
    pub fn compile(model: &crate::Model) -> Result<Self, crate::Diagnostics> {
        Self::compile_with(model, None)
    }

    /// As [`compile`](Self::compile), with the given layout of the cells: for tests that every layout gives the
    /// same answers.
    ///
    /// ```
    /// # let model = whyfor::Model::from_path("examples/shop.why")?;
    /// use whyfor::{Policy, reference::Layout};
    /// let policy = Policy::compile_as(&model, Layout::Lines)?;
    /// assert!(policy.may_use("email", "login"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    #[cfg(feature = "tools")]
    pub fn compile_as(
        model: &crate::Model,
        layout: crate::reference::Layout,
    ) -> Result<Self, crate::Diagnostics> {
        Self::compile_with(model, Some(layout))
    }

    #[cfg(feature = "compile")]
    fn compile_with(
        model: &crate::Model,
        layout: Option<crate::table::compile::Layout>,
    ) -> Result<Self, crate::Diagnostics> {
        let image = crate::table::compile::compile(model, layout)?;
        // The compiler writes whole images; if it did not, that would be reported as any other failure.
        Self::from_image(image)
            .map_err(|error| crate::table::compile::refuse(model, &error.to_string()))
    }

    /// Whether a path is to be read as an artifact, not as text: its name ends in `.whyc`, or it is a regular file that
    /// starts as an artifact does. So an empty or damaged `.whyc` file is reported as a bad artifact. A pipe or a device
    /// is not read.
    ///
    /// ```
    /// use whyfor::Policy;
    /// assert!(!Policy::is_artifact("examples/shop.why"));
    /// ```
    #[must_use]
    pub fn is_artifact(path: impl AsRef<Path>) -> bool {
        let path = path.as_ref();
        path.extension().is_some_and(|end| end == "whyc") || Image::is_in(path)
    }

    /// Reads an artifact into memory. The first 64 bytes say whether it is one and how long it is; the rest is
    /// read only then.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// # let path = std::env::temp_dir().join(format!("whyfor-open-{}.whyc", std::process::id()));
    /// use whyfor::Policy;
    /// std::fs::write(&path, policy.as_bytes())?;
    /// assert_eq!(Policy::open(&path)?.digest(), policy.digest());
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It cannot be read, is not a regular file, is of another version, cut off, damaged or malformed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        let policy = Image::read(path).and_then(Self::from_image);
        policy.map_err(|error| LoadError::artifact(path, error))
    }

    /// Copies an artifact from memory.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::Policy;
    /// assert_eq!(Policy::from_artifact(policy.as_bytes())?.digest(), policy.digest());
    /// assert!(Policy::from_artifact(b"something else").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It is of another version, cut off, damaged or malformed.
    pub fn from_artifact(bytes: &[u8]) -> Result<Self, ArtifactError> {
        Self::from_image(Image::from_bytes(bytes)?)
    }

    /// Takes an artifact that is a part of the program: nothing is copied. O(length of the artifact).
    ///
    /// ```
    /// use whyfor::{Aligned, Policy};
    /// // static ARTIFACT: &Aligned<[u8]> = &Aligned(*include_bytes!("shop.whyc"));
    /// static ARTIFACT: &Aligned<[u8]> = &Aligned(*b"something else");
    /// assert!(Policy::from_static(ARTIFACT).is_err());
    /// ```
    ///
    /// # Errors
    /// It is of another version, cut off, damaged or malformed.
    pub fn from_static(bytes: &'static Aligned<[u8]>) -> Result<Self, ArtifactError> {
        Self::from_image(Image::from_static(bytes)?)
    }

    /// Maps an artifact into memory: its pages are shared with every process that does the same.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// # let path = std::env::temp_dir().join(format!("whyfor-map-{}.whyc", std::process::id()));
    /// use whyfor::Policy;
    /// std::fs::write(&path, policy.as_bytes())?;
    /// // SAFETY: nobody else knows the file.
    /// let mapped = unsafe { Policy::map(&path)? };
    /// assert_eq!(mapped.digest(), policy.digest());
    /// # drop(mapped);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Safety
    /// The file must not change or shrink while the policy lives: a question would then end the process with a
    /// signal. Renaming a new file onto it is fine: the policy keeps the old one. `whyfor compile` always
    /// writes that way; `cp` and `rsync --inplace` do not. If others replace the file, [`open`](Self::open) it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    #[allow(unsafe_code, reason = "passes on the caller's promise")]
    pub unsafe fn map(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        // SAFETY: the caller promises what `Image::map` asks for.
        let image = unsafe { Image::map(path) };
        image.and_then(Self::from_image).map_err(|error| LoadError::artifact(path, error))
    }

    fn from_image(image: Image) -> Result<Self, ArtifactError> {
        let digest = image.digest();
        let tag = u64::from_le_bytes(*digest.first_chunk().unwrap_or(&[0; 8])) | 1;
        let inner = Inner::try_new(image, |image| Tables::open(image))?;
        Ok(Self { inner, tag, marks: Marks::of(&digest) })
    }

    /// The artifact: what [`from_artifact`](Self::from_artifact) and [`open`](Self::open) read. O(1).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(whyfor::Policy::from_artifact(policy.as_bytes())?.name(), "shop");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.inner.borrow_owner().bytes()
    }

    /// Identifies the policy. O(1).
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// println!("decided by policy {:.12}", policy.digest());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::new(self.inner.borrow_owner().digest())
    }

    #[inline]
    pub(crate) fn tables(&self) -> &Tables<'_> {
        self.inner.borrow_dependent()
    }

    #[inline(always)]
    pub(super) fn tag(&self) -> u64 {
        self.tag
    }

    #[inline(always)]
    pub(super) fn marks(&self) -> &Marks {
        &self.marks
    }
}

//! The last analysis of a policy.

use super::documents;
use crate::readers::ReaderPolicy;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use whyfor::symbols::Index;
use whyfor::{Diagnostics, FileId};

/// The last analysis of a policy.
pub(crate) struct Analysis {
    pub(crate) root: PathBuf,
    pub(crate) index: Arc<Index>,
    /// The failed expectations, once verified.
    pub(crate) failures: Option<Diagnostics>,
    /// The linter's findings, once linted.
    pub(crate) lints: Option<Diagnostics>,
}

impl Analysis {
    /// All diagnostics so far.
    pub(crate) fn diagnostics(&self) -> impl Iterator<Item = &Diagnostics> {
        [Some(self.index.diagnostics()), self.failures.as_ref(), self.lints.as_ref()]
            .into_iter()
            .flatten()
    }

    pub(crate) fn as_reader(&self) -> ReaderPolicy {
        ReaderPolicy::new(&self.root, self.index.clone(), |file| documents::place(&self.root, file))
    }

    /// The file at a path, if the policy has it.
    pub(crate) fn file(&self, path: &Path) -> Option<FileId> {
        let below = path.strip_prefix(documents::folder(&self.root)).ok()?;
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        self.index.file(&parts.join("/"))
    }
}

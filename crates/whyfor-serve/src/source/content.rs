//! What a source gives, and what tells whether it changed.

#[cfg(feature = "text")]
use super::text::TextFiles;
use crate::failure::Failure;
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use whyfor::Policy;

/// Gives the newest content of one policy: [`FileSource`](crate::FileSource),
/// [`BytesSource`](crate::BytesSource), or a type of the program that asks a database or a bucket.
///
/// ```
/// use whyfor_serve::{Content, Failure, FailureKind, PolicyStore, Source, TextFiles, Trust};
///
/// struct Bucket;
///
/// impl Source for Bucket {
///     fn read(&self) -> Result<Content, Failure> {
///         let text = "policy shop category email purpose login use email for login end";
///         Ok(TextFiles::new("shop.why", text).into())
///     }
/// }
///
/// let store = PolicyStore::new();
/// let shop = store.add("shop", Bucket, Trust::unsigned())?;
/// assert!(shop.snapshot().policy().may_use("email", "login"));
/// # Ok::<(), whyfor_serve::AddError>(())
/// ```
pub trait Source: Send + Sync {
    /// Reads all of it, whole: of files that are replaced meanwhile, not some of the old and some of the new.
    ///
    /// It is called by the thread that reloads, and no lock is held meanwhile. Two threads may call it at once.
    ///
    /// # Errors
    /// There is nothing, or it cannot be read.
    fn read(&self) -> Result<Content, Failure>;

    /// The files that were read last, for [`PolicyStore::watch`](crate::PolicyStore). None of a source that is not
    /// made of files, which is polled.
    fn places(&self) -> Vec<PathBuf> {
        Vec::new()
    }
}

impl<S: Source + ?Sized> Source for Arc<S> {
    fn read(&self) -> Result<Content, Failure> {
        (**self).read()
    }

    fn places(&self) -> Vec<PathBuf> {
        (**self).places()
    }
}

/// One version of a policy, as it was read.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Content {
    /// A text with all that it imports. It cannot be signed.
    #[cfg(feature = "text")]
    Text(TextFiles),
    /// A compiled policy, with its signature if it has one.
    Artifact {
        /// What `whyfor compile` wrote.
        bytes: Arc<[u8]>,
        /// What `whyfor sign` wrote: the text of the `.minisig` file.
        signature: Option<String>,
    },
    /// A policy that the program loaded itself and vouches for. It cannot be signed.
    Policy(Arc<Policy>),
}

#[cfg(feature = "text")]
impl From<TextFiles> for Content {
    fn from(files: TextFiles) -> Self {
        Self::Text(files)
    }
}

impl From<Arc<Policy>> for Content {
    fn from(policy: Arc<Policy>) -> Self {
        Self::Policy(policy)
    }
}

/// Identifies a content: the only thing that tells whether it changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(crate) fn of(content: &Content) -> Self {
        let mut hash = Hash(Sha256::new());
        match content {
            #[cfg(feature = "text")]
            Content::Text(files) => {
                hash.part(b"text");
                hash.part(files.root().as_bytes());
                for (path, file) in files.iter() {
                    hash.part(path.as_bytes());
                    match file {
                        Ok(bytes) => hash.part(bytes),
                        Err(unread) => {
                            hash.part(b"unread");
                            hash.part(unread.as_bytes());
                        }
                    }
                }
            }
            Content::Artifact { bytes, signature } => {
                hash.part(b"artifact");
                hash.part(bytes);
                hash.part(signature.as_deref().unwrap_or("").as_bytes());
            }
            Content::Policy(policy) => {
                hash.part(b"policy");
                hash.part(policy.digest().as_bytes());
            }
        }
        Self(hash.0.finalize().into())
    }
}

struct Hash(Sha256);

impl Hash {
    /// Adds a part with its length: so no two lists of parts are the same bytes.
    fn part(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }
}

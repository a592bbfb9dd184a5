//! The files of a policy in text, as they were read together.

use std::collections::BTreeMap;
use std::io;
use whyfor::Loader;

/// The files of a policy in text: its root file and what it imports.
///
/// ```
/// use whyfor_serve::TextFiles;
/// let files = TextFiles::new("shop.why", "policy shop import \"common.why\" end")
///     .with("common.why", "category email end");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFiles {
    root: String,
    files: BTreeMap<String, Result<Vec<u8>, Unread>>,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unread {
    kind: io::ErrorKind,
    message: String,
}

impl Unread {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.message.as_bytes()
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

impl From<&io::Error> for Unread {
    fn from(error: &io::Error) -> Self {
        Self { kind: error.kind(), message: error.to_string() }
    }
}

impl TextFiles {
    /// The root file, by its name in messages and its bytes.
    ///
    /// ```
    /// let files = whyfor_serve::TextFiles::new("shop.why", "policy shop end");
    /// ```
    #[must_use]
    pub fn new(root: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let root = root.into();
        let files = BTreeMap::from([(root.clone(), Ok(bytes.into()))]);
        Self { root, files }
    }

    /// The same files with one more, by its path as imports name it.
    ///
    /// ```
    /// use whyfor_serve::TextFiles;
    /// let files = TextFiles::new("shop.why", "policy shop import \"a.why\"").with("a.why", "tag t");
    /// ```
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), Ok(bytes.into()));
        self
    }

    /// From files that were recorded while they were read.
    pub(crate) fn recorded(root: &str, files: BTreeMap<String, Result<Vec<u8>, Unread>>) -> Self {
        Self { root: root.to_owned(), files }
    }

    pub(crate) fn root(&self) -> &str {
        &self.root
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Result<Vec<u8>, Unread>)> {
        self.files.iter()
    }

    /// Why the root file could not be read, if it could not.
    pub(crate) fn unread_root(&self) -> Option<&Unread> {
        self.files.get(&self.root)?.as_ref().err()
    }
}

impl Loader for TextFiles {
    fn load(&self, path: &str) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(Ok(bytes)) => Ok(bytes.clone()),
            Some(Err(unread)) => Err(io::Error::new(unread.kind, unread.message.clone())),
            None => Err(io::Error::new(io::ErrorKind::NotFound, "no file of this name was given")),
        }
    }
}

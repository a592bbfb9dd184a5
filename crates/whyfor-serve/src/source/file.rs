//! A policy in files: a `.why` file with all that it imports, or a `.whyc` file with its signature.
//!
//! A text with imports is read until two readings in a row agree: so all of it was there at one time. The second reading
//! reads the same paths again, which finds a file that was edited and a link that was turned.
//! An artifact has a checksum, so one that was replaced while it was read is refused by itself. Its signature is read
//! before and after it.

use super::content::{Content, Source};
use super::read;
#[cfg(feature = "text")]
use super::text::{TextFiles, Unread};
use crate::failure::{Failure, FailureKind};
use crate::lock::lock;
use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
#[cfg(feature = "text")]
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

/// The bytes of an artifact: more than any policy within the limits of the compiler takes.
const MOST_ARTIFACT_BYTES: u64 = 1 << 30;
/// The bytes of a signature: four short lines, and comments of up to 8 KiB each.
const MOST_SIGNATURE_BYTES: u64 = 32 << 10;
/// The bytes of all files of a text: a hundred times the largest known policy.
#[cfg(feature = "text")]
const MOST_TEXT_BYTES: usize = 256 << 20;
/// Readings until two agree. Replacing a policy takes a moment; what changes longer is not finished.
const MOST_READINGS: usize = 6;
/// Between two readings that differ.
const PAUSE: Duration = Duration::from_millis(10);

/// A policy in a file: a text with its imports, or an artifact with its signature, `FILE.whyc.minisig`.
///
/// The file may be a link, and its folder may be a mounted ConfigMap. What it imports is found as
/// [`whyfor::RootFile`] says.
#[derive(Debug)]
pub struct FileSource {
    path: PathBuf,
    is_artifact: bool,
    known: Mutex<Known>,
}

/// What the last reading found.
#[derive(Debug, Default)]
struct Known {
    places: Vec<PathBuf>,
    #[cfg(feature = "text")]
    text: Option<Arc<TextFiles>>,
}

impl FileSource {
    /// The policy in this file: an artifact if the name ends in `.whyc`, a text otherwise. It is read when it is added
    /// to a store.
    ///
    /// ```no_run
    /// use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// let store = PolicyStore::new();
    /// let shop = store.add("shop", FileSource::new("policies/shop.why"), Trust::unsigned())?;
    /// # Ok::<(), whyfor_serve::AddError>(())
    /// ```
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let is_artifact = path.extension().is_some_and(|end| end == "whyc");
        Self { path, is_artifact, known: Mutex::default() }
    }

    /// The artifact in this file, whatever its name.
    ///
    /// ```no_run
    /// use whyfor_serve::{Content, FileSource, Source};
    /// let Content::Artifact { bytes, signature } = FileSource::artifact("shop.bin").read()? else {
    ///     unreachable!("it gives artifacts")
    /// };
    /// # Ok::<(), whyfor_serve::Failure>(())
    /// ```
    #[must_use]
    pub fn artifact(path: impl Into<PathBuf>) -> Self {
        Self { is_artifact: true, ..Self::new(path) }
    }

    fn unreadable(&self, error: &io::Error) -> Failure {
        Failure::unreadable(&self.path, error)
    }

    fn read_artifact(&self) -> Result<Content, Failure> {
        let signature_path = beside(&self.path, ".minisig");
        lock(&self.known).places = vec![self.path.clone(), signature_path.clone()];
        for _ in 0..MOST_READINGS {
            let before = signature(&signature_path)?;
            let bytes = read::regular(&self.path, MOST_ARTIFACT_BYTES)
                .map_err(|error| self.unreadable(&error))?;
            if signature(&signature_path)? == before {
                return Ok(Content::Artifact { bytes: bytes.into(), signature: before });
            }
            std::thread::sleep(PAUSE);
        }
        Err(self.changing())
    }

    fn changing(&self) -> Failure {
        let message = format!(
            "`{}` or a file that belongs to it changed each time while it was read: replace files by renaming",
            self.path.display()
        );
        Failure::new(FailureKind::Changing, message)
    }

    #[cfg(not(feature = "text"))]
    fn read_text(&self) -> Result<Content, Failure> {
        let message = format!(
            "`{}` is no artifact (a `.whyc` file), and this program was built without the feature `text`",
            self.path.display()
        );
        Err(Failure::new(FailureKind::Unreadable, message))
    }

    #[cfg(feature = "text")]
    fn read_text(&self) -> Result<Content, Failure> {
        let mut last = lock(&self.known).text.clone();
        for _ in 0..MOST_READINGS {
            let root = self.root()?;
            if let Some(last) = &last
                && recording::again(&root, last) == **last
            {
                return match last.unread_root() {
                    Some(unread) => Err(Failure::unreadable(&self.path, &unread.message())),
                    None => Ok(Content::Text((**last).clone())),
                };
            }
            if last.is_some() {
                std::thread::sleep(PAUSE);
            }
            let files = Arc::new(recording::all(&root));
            *lock(&self.known) =
                Known { places: self.places_of(&root, &files), text: Some(Arc::clone(&files)) };
            last = Some(files);
        }
        Err(self.changing())
    }

    #[cfg(feature = "text")]
    fn root(&self) -> Result<whyfor::RootFile, Failure> {
        whyfor::RootFile::new(&self.path).map_err(|error| self.unreadable(&error))
    }

    #[cfg(feature = "text")]
    fn places_of(&self, root: &whyfor::RootFile, files: &TextFiles) -> Vec<PathBuf> {
        let imports = files.iter().map(|(path, _)| root.place(path));
        std::iter::once(self.path.clone()).chain(imports).collect()
    }
}

impl Source for FileSource {
    fn read(&self) -> Result<Content, Failure> {
        if self.is_artifact { self.read_artifact() } else { self.read_text() }
    }

    fn places(&self) -> Vec<PathBuf> {
        let places = lock(&self.known).places.clone();
        if places.is_empty() { vec![self.path.clone()] } else { places }
    }
}

/// The path with more at its end.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// The text of a signature, if there is one.
fn signature(path: &Path) -> Result<Option<String>, Failure> {
    match read::regular(path, MOST_SIGNATURE_BYTES) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => {
                let message = format!("the signature `{}` is not UTF-8", path.display());
                Err(Failure::new(FailureKind::Signature, message))
            }
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::unreadable(path, &error)),
    }
}

/// Reads a text while recording each file of it.
#[cfg(feature = "text")]
mod recording {
    use super::{MOST_TEXT_BYTES, TextFiles, Unread};
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;
    use std::io;
    use whyfor::{Loader, Model, RootFile};

    struct Recorder<'r> {
        root: &'r RootFile,
        files: RefCell<BTreeMap<String, Result<Vec<u8>, Unread>>>,
        left: Cell<usize>,
    }

    impl<'r> Recorder<'r> {
        fn new(root: &'r RootFile) -> Self {
            Self { root, files: RefCell::default(), left: Cell::new(MOST_TEXT_BYTES) }
        }

        fn read(&self, path: &str) -> io::Result<Vec<u8>> {
            let bytes = self.root.load(path)?;
            let Some(left) = self.left.get().checked_sub(bytes.len()) else {
                let message = format!("the policy is larger than {} MiB", MOST_TEXT_BYTES >> 20);
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
            };
            self.left.set(left);
            Ok(bytes)
        }

        fn files(self) -> TextFiles {
            TextFiles::recorded(self.root.name(), self.files.into_inner())
        }
    }

    impl Loader for Recorder<'_> {
        fn load(&self, path: &str) -> io::Result<Vec<u8>> {
            let read = self.read(path);
            let kept = read.as_ref().map(Vec::clone).map_err(Unread::from);
            self.files.borrow_mut().insert(path.to_owned(), kept);
            read
        }
    }

    /// All files that the root file leads to. Which these are is known only from what they say.
    pub(super) fn all(root: &RootFile) -> TextFiles {
        let recorder = Recorder::new(root);
        let _ = Model::from_loader(&recorder, root.name()); // mistakes are told when the version is judged
        recorder.files()
    }

    /// The same files once more.
    pub(super) fn again(root: &RootFile, files: &TextFiles) -> TextFiles {
        let recorder = Recorder::new(root);
        for (path, _) in files.iter() {
            let _ = recorder.load(path); // recorded too
        }
        recorder.files()
    }
}

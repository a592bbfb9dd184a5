//! A log as lines of JSON in a folder.

use super::entry::Entry;
use super::files::{LogFiles, LogFolderError};
use super::sink::{Sink, SinkError};
use crate::version::Version;
use std::num::NonZeroU64;
use std::path::PathBuf;

/// A sink that writes lines of JSON into a folder, and keeps beside them the policies that decided: `whyfor log summary` and
/// `whyfor log replay` read it.
///
/// A line is written whole or not at all, also on a full disk. One process writes to a folder at a time. Nothing is deleted
/// unless [`keep_files`](Self::keep_files) says so.
#[derive(Debug)]
pub struct JsonLines {
    files: LogFiles,
    buffer: Vec<u8>,
}

impl JsonLines {
    /// Writes into this folder, which is made if it is not there. What is there is continued.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path();
    /// let sink = whyfor_serve::JsonLines::new(folder)?;
    /// assert!(folder.join("decisions.jsonl").exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The folder cannot be written to, or another log is written there.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, LogFolderError> {
        Ok(Self { files: LogFiles::open(folder.into(), "jsonl")?, buffer: Vec::new() })
    }

    /// The size from which on a file is put aside, in bytes; 100 MiB if it is not called.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// use std::num::NonZeroU64;
    /// let sink = whyfor_serve::JsonLines::new(folder.path())?;
    /// let sink = sink.rotate_at(NonZeroU64::new(1 << 30).expect("not 0")).keep_files(30);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn rotate_at(mut self, bytes: NonZeroU64) -> Self {
        self.files.rotate_at = bytes.get();
        self
    }

    /// Deletes the oldest files that were put aside when there are more than this; none if it is not called.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// let sink = whyfor_serve::JsonLines::new(folder.path())?.keep_files(30);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn keep_files(mut self, count: usize) -> Self {
        self.files.keep_files = Some(count);
        self
    }
}

impl Sink for JsonLines {
    fn keep(&mut self, version: &Version) -> Result<(), SinkError> {
        self.files.keep(version)
    }

    fn has_kept(&self, version: &Version) -> bool {
        self.files.has_kept(version)
    }

    fn write(&mut self, entries: &[Entry]) -> Result<(), SinkError> {
        self.buffer.clear();
        self.files.has_moved()?;
        // A line that was cut off when a process was killed stays, as a line of its own.
        if self.files.last_byte()?.is_some_and(|last| last != b'\n') {
            self.buffer.push(b'\n');
        }
        for entry in entries {
            serde_json::to_writer(&mut self.buffer, entry)?;
            self.buffer.push(b'\n');
        }
        if self.files.is_full(self.buffer.len())? {
            self.files.rotate()?;
        }
        self.files.append(&self.buffer)
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        self.files.flush()
    }
}

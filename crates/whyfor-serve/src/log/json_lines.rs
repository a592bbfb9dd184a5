//! A log as lines of JSON in a folder.
//!
//! `decisions.jsonl` is written to. When it is large it becomes `decisions.000001.jsonl`, and so on. `policies` has each
//! policy that decided, as an artifact under its digest.

use super::entry::Entry;
use super::sink::Sink;
use crate::version::Version;
use std::error::Error;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

const CURRENT: &str = "decisions.jsonl";
const POLICIES: &str = "policies";

/// Why a folder cannot have the log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JsonLinesError {
    /// Another log is being written there.
    #[error("another log is written to `{}`: give each process a folder of its own", .0.display())]
    InUse(PathBuf),
    /// It cannot be written to.
    #[error("cannot write the log to `{}`", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A sink that writes lines of JSON into a folder, and keeps beside them the policies that decided: `whyfor log summary` and
/// `whyfor log replay` read it.
///
/// A line is written whole or not at all, also on a full disk. One process writes to a folder at a time. Nothing is deleted
/// unless [`keep_files`](Self::keep_files) says so.
#[derive(Debug)]
pub struct JsonLines {
    folder: PathBuf,
    rotate_at: u64,
    keep_files: Option<usize>,
    current: Option<Current>,
    buffer: Vec<u8>,
}

#[derive(Debug)]
struct Current {
    file: File,
    /// Its length, up to its last whole line.
    length: u64,
    /// Part of a line stands at its end.
    is_torn: bool,
}

impl JsonLines {
    /// Writes into this folder, which is made if it is not there. What is there is continued.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path();
    /// let sink = whyfor_serve::JsonLines::new(folder)?;
    /// assert!(folder.join("decisions.jsonl").exists());
    /// # Ok::<(), whyfor_serve::JsonLinesError>(())
    /// # .map_err(Box::<dyn std::error::Error>::from)?; Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The folder cannot be written to, or another log is written there.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, JsonLinesError> {
        let folder = folder.into();
        let policies = folder.join(POLICIES);
        std::fs::create_dir_all(&policies)
            .map_err(|source| JsonLinesError::Io { path: policies, source })?;
        let current = Current::open(&folder.join(CURRENT))?;
        let rotate_at = 100 << 20;
        Ok(Self { folder, rotate_at, keep_files: None, current: Some(current), buffer: Vec::new() })
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
    pub fn rotate_at(self, bytes: NonZeroU64) -> Self {
        Self { rotate_at: bytes.get(), ..self }
    }

    /// Deletes the oldest files that were put aside when there are more than this; none if it is not called.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// let sink = whyfor_serve::JsonLines::new(folder.path())?.keep_files(30);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn keep_files(self, count: usize) -> Self {
        Self { keep_files: Some(count), ..self }
    }

    /// Puts the current file aside under the next number.
    fn rotate(&mut self) -> Result<(), Box<dyn Error + Send + Sync>> {
        let aside = self.aside()?;
        let next = aside.last().map_or(1, |(number, _)| number + 1);
        let current = self.folder.join(CURRENT);
        let to = self.folder.join(format!("decisions.{next:06}.jsonl"));
        if let Some(current) = &self.current {
            current.file.sync_data()?;
        }
        std::fs::rename(&current, to)?;
        self.current = None; // if the next one cannot be made, the next call tries again
        self.current = Some(Current::open(&current)?);
        if let Some(keep) = self.keep_files {
            let aside = self.aside()?;
            let surplus = aside.len().saturating_sub(keep);
            for (_, path) in aside.into_iter().take(surplus) {
                std::fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// The files that were put aside, with their numbers, the oldest first.
    fn aside(&self) -> io::Result<Vec<(u64, PathBuf)>> {
        let mut aside = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let number =
                name.strip_prefix("decisions.").and_then(|rest| rest.strip_suffix(".jsonl"));
            if let Some(number) = number.and_then(|digits| digits.parse().ok()) {
                aside.push((number, path));
            }
        }
        aside.sort_unstable();
        Ok(aside)
    }
}

impl Current {
    fn open(path: &Path) -> Result<Self, JsonLinesError> {
        let io = |source| JsonLinesError::Io { path: path.to_owned(), source };
        let mut file =
            OpenOptions::new().create(true).read(true).append(true).open(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JsonLinesError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        let length = file.metadata().map_err(io)?.len();
        let mut last = [b'\n'];
        if length > 0 {
            file.seek(SeekFrom::End(-1)).map_err(io)?;
            file.read_exact(&mut last).map_err(io)?;
        }
        Ok(Self { file, length, is_torn: last != [b'\n'] })
    }

    /// Appends whole lines, or nothing.
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.is_torn {
            // A line that was cut off when the process was killed stays, as a line of its own.
            self.file.write_all(b"\n")?;
            self.length = self.file.metadata()?.len();
            self.is_torn = false;
        }
        let written = self.file.write_all(lines);
        if written.is_err() {
            self.is_torn = self.file.set_len(self.length).is_err();
        } else {
            self.length += lines.len() as u64;
        }
        written
    }
}

impl Sink for JsonLines {
    fn keep(&mut self, version: &Version) -> Result<(), Box<dyn Error + Send + Sync>> {
        let policies = self.folder.join(POLICIES);
        let path = policies.join(format!("{}.whyc", version.digest()));
        if path.exists() {
            return Ok(());
        }
        // Under another name first: a file of this name is whole.
        let mut file = tempfile::NamedTempFile::new_in(&policies)?;
        file.write_all(version.policy().as_bytes())?;
        file.as_file().sync_data()?;
        file.persist(path)?;
        Ok(())
    }

    fn write(&mut self, entries: &[Entry]) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.buffer.clear();
        for entry in entries {
            serde_json::to_writer(&mut self.buffer, entry)?;
            self.buffer.push(b'\n');
        }
        let is_full = self.current.as_ref().is_some_and(|current| {
            current.length > 0 && current.length + self.buffer.len() as u64 > self.rotate_at
        });
        if is_full {
            self.rotate()?;
        }
        let current = match &mut self.current {
            Some(current) => current,
            none => none.insert(Current::open(&self.folder.join(CURRENT))?),
        };
        current.append(&self.buffer)?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Box<dyn Error + Send + Sync>> {
        if let Some(current) = &self.current {
            current.file.sync_data()?;
        }
        Ok(())
    }
}

//! The files of a log in a folder.
//!
//! `decisions.ENDING` is written to. When it is large it becomes `decisions.000001.ENDING`, and so on. `policies` has each
//! policy that decided, as an artifact under its digest.

use super::sink::SinkError;
use crate::version::Version;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const POLICIES: &str = "policies";

/// The size from which on a file is put aside, if none is given.
const ROTATE_AT: u64 = 100 << 20;

/// Why a folder cannot have a log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogFolderError {
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

#[derive(Debug)]
pub(super) struct LogFiles {
    folder: PathBuf,
    ending: &'static str,
    pub(super) rotate_at: u64,
    pub(super) keep_files: Option<usize>,
    current: Option<Current>,
    /// Why old files are not deleted, until a flush tells it: what is to be written is written nevertheless.
    untidy: Option<io::Error>,
}

#[derive(Debug)]
struct Current {
    file: File,
    /// Its length, up to the last thing that was written whole.
    length: u64,
    last_byte: Option<u8>,
}

impl LogFiles {
    /// Continues what is in a folder, which is made if it is not there.
    pub(super) fn open(folder: PathBuf, ending: &'static str) -> Result<Self, LogFolderError> {
        let policies = folder.join(POLICIES);
        std::fs::create_dir_all(&policies)
            .map_err(|source| LogFolderError::Io { path: policies, source })?;
        let mut files = Self {
            folder,
            ending,
            rotate_at: ROTATE_AT,
            keep_files: None,
            current: None,
            untidy: None,
        };
        files.current()?;
        Ok(files)
    }

    fn path(&self) -> PathBuf {
        self.folder.join(format!("decisions.{}", self.ending))
    }

    fn current(&mut self) -> Result<&mut Current, LogFolderError> {
        let path = self.path();
        match &mut self.current {
            Some(current) => Ok(current),
            none => Ok(none.insert(Current::open(&path)?)),
        }
    }

    /// Leaves the current file if somebody has moved or removed it, and says so: what is written to a file without a name
    /// is lost. What follows is written to a new one.
    pub(super) fn has_moved(&mut self) -> Result<bool, SinkError> {
        let path = self.path();
        if self.current.as_ref().is_none_or(|current| current.is_at(&path)) {
            return Ok(false);
        }
        let synced = self.sync();
        self.current = None;
        std::fs::create_dir_all(self.folder.join(POLICIES))?;
        synced.map(|()| true)
    }

    /// The length of the current file.
    pub(super) fn length(&mut self) -> Result<u64, LogFolderError> {
        Ok(self.current()?.length)
    }

    /// The last byte that was in the current file when it was opened, or that was written since.
    pub(super) fn last_byte(&mut self) -> Result<Option<u8>, LogFolderError> {
        Ok(self.current()?.last_byte)
    }

    /// Whether so many bytes more are better written to the next file.
    pub(super) fn is_full(&mut self, more: usize) -> Result<bool, LogFolderError> {
        let length = self.length()?;
        Ok(length > 0 && length + more as u64 > self.rotate_at)
    }

    /// Appends all of these bytes, or none.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        let current = self.current()?;
        if let Err(error) = current.file.write_all(bytes) {
            if current.file.set_len(current.length).is_err() {
                // What is there now is found out when it is opened again.
                self.current = None;
            }
            return Err(error.into());
        }
        current.length += bytes.len() as u64;
        current.last_byte = bytes.last().copied().or(current.last_byte);
        Ok(())
    }

    /// Puts the current file aside under the next number.
    pub(super) fn rotate(&mut self) -> Result<(), SinkError> {
        let next = self.aside()?.last().map_or(1, |(number, _)| number + 1);
        let to = self.folder.join(format!("decisions.{next:06}.{}", self.ending));
        self.sync()?;
        std::fs::rename(self.path(), to)?;
        self.current = None;
        self.current()?;
        self.untidy = self.keep_files.and_then(|keep| self.tidy(keep).err());
        Ok(())
    }

    /// Deletes the oldest files that were put aside, but for so many.
    fn tidy(&self, keep: usize) -> io::Result<()> {
        let aside = self.aside()?;
        let surplus = aside.len().saturating_sub(keep);
        let mut tidied = Ok(());
        for (_, path) in aside.into_iter().take(surplus) {
            let deleted = std::fs::remove_file(&path).map_err(|error| {
                io::Error::new(error.kind(), format!("cannot delete `{}`: {error}", path.display()))
            });
            tidied = tidied.and(deleted); // one that cannot be deleted keeps no other
        }
        tidied
    }

    /// The files that were put aside, with their numbers, the oldest first.
    fn aside(&self) -> io::Result<Vec<(u64, PathBuf)>> {
        let mut aside = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let rest = name.strip_prefix("decisions.");
            let rest = rest.and_then(|rest| rest.strip_suffix(self.ending)?.strip_suffix('.'));
            if let Some(number) = rest.and_then(|digits| digits.parse().ok()) {
                aside.push((number, path));
            }
        }
        aside.sort_unstable();
        Ok(aside)
    }

    /// What is written is on the disk, and what is to be deleted was.
    pub(super) fn flush(&mut self) -> Result<(), SinkError> {
        self.sync()?;
        self.untidy.take().map_or(Ok(()), |error| Err(error.into()))
    }

    /// What is written is on the disk.
    fn sync(&self) -> Result<(), SinkError> {
        if let Some(current) = &self.current {
            current.file.sync_data()?;
        }
        Ok(())
    }

    /// Keeps the policy of a version.
    pub(super) fn keep(&self, version: &Version) -> Result<(), SinkError> {
        if self.has_kept(version) {
            return Ok(());
        }
        let policies = self.folder.join(POLICIES);
        std::fs::create_dir_all(&policies)?;
        // Under another name first: a file of this name is whole.
        let mut file = tempfile::NamedTempFile::new_in(&policies)?;
        file.write_all(version.policy().as_bytes())?;
        file.as_file().sync_data()?;
        file.persist(self.path_of(version))?;
        Ok(())
    }

    /// Whether the policy of a version is there.
    pub(super) fn has_kept(&self, version: &Version) -> bool {
        let length = version.policy().as_bytes().len() as u64;
        self.path_of(version).metadata().is_ok_and(|kept| kept.len() == length)
    }

    fn path_of(&self, version: &Version) -> PathBuf {
        self.folder.join(POLICIES).join(format!("{}.whyc", version.digest()))
    }
}

impl Current {
    /// Whether the file has still this path, as far as the system can tell.
    fn is_at(&self, path: &Path) -> bool {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let number = |file: std::fs::Metadata| (file.dev(), file.ino());
            let [own, there] = [self.file.metadata(), path.metadata()];
            own.ok().map(number) == there.ok().map(number)
        }
        #[cfg(not(unix))]
        path.exists()
    }

    fn open(path: &Path) -> Result<Self, LogFolderError> {
        let io = |source| LogFolderError::Io { path: path.to_owned(), source };
        let mut file =
            OpenOptions::new().create(true).read(true).append(true).open(path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LogFolderError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(io(error)),
        }
        let length = file.metadata().map_err(io)?.len();
        let mut last_byte = None;
        if length > 0 {
            let mut last = [0];
            file.seek(SeekFrom::End(-1)).map_err(io)?;
            file.read_exact(&mut last).map_err(io)?;
            last_byte = Some(last[0]);
        }
        Ok(Self { file, length, last_byte })
    }
}

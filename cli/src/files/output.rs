//! The target of `--output`: a file, or standard output.

use super::error::FileError;
use super::read::is_stdin;
use super::replace::{Keep, closed_early, replace};
use crate::output::streams;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

/// The name of standard output on the command line.
const STDOUT: &str = "-";

/// Where a command writes bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Output<'p> {
    Stdout,
    File(&'p Path),
}

impl<'p> Output<'p> {
    /// Standard output has many names: `-`, `/dev/stdout`, and the file it is redirected to.
    pub(crate) fn of(path: &'p Path) -> Self {
        let same = |file| Some(file) == Identity::of_stdout();
        if path == Path::new(STDOUT) || Identity::of(path).is_some_and(same) {
            Self::Stdout
        } else {
            Self::File(path)
        }
    }

    /// The file that is written to, if it exists already.
    pub(crate) fn file(self) -> Option<Identity> {
        match self {
            Self::Stdout => Identity::of_stdout().filter(Identity::is_file),
            Self::File(path) => Identity::of(path).filter(Identity::is_file),
        }
    }

    /// Writes everything, or leaves the file unchanged.
    pub(crate) fn write(self, bytes: &[u8]) -> Result<(), FileError> {
        match self {
            Self::File(path) => replace(path, bytes, Keep::Mapped)
                .map_err(FileError::system(format!("cannot write `{}`", path.display()))),
            Self::Stdout if streams::stdout().is_terminal() => Err(FileError::Terminal),
            Self::Stdout => {
                let mut out = streams::stdout().lock();
                let written = out.write_all(bytes).and_then(|()| out.flush());
                written
                    .map_err(closed_early)
                    .map_err(FileError::system("cannot write to standard output"))
            }
        }
    }
}

/// Identifies a file, whichever of its names it was opened by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    is_file: bool,
    #[cfg(unix)]
    number: (u64, u64),
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

impl Identity {
    /// The identity of an input, which may be standard input.
    pub(crate) fn of_input(path: &Path) -> Option<Self> {
        if is_stdin(path) { Self::of_stdin() } else { Self::of(path) }
    }

    /// Whether it is a regular file, not a device or pipe.
    fn is_file(&self) -> bool {
        self.is_file
    }
}

#[cfg(unix)]
impl Identity {
    /// `None` if it does not exist.
    fn of(path: &Path) -> Option<Self> {
        path.metadata().ok().as_ref().map(Self::new)
    }

    fn of_stdin() -> Option<Self> {
        Self::of_descriptor(io::stdin())
    }

    fn of_stdout() -> Option<Self> {
        Self::of_descriptor(streams::stdout())
    }

    fn of_descriptor(of: impl std::os::fd::AsFd) -> Option<Self> {
        let file = std::fs::File::from(of.as_fd().try_clone_to_owned().ok()?);
        file.metadata().ok().as_ref().map(Self::new)
    }

    fn new(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { is_file: metadata.is_file(), number: (metadata.dev(), metadata.ino()) }
    }
}

#[cfg(not(unix))]
impl Identity {
    fn of(path: &Path) -> Option<Self> {
        let path = path.canonicalize().ok()?;
        Some(Self { is_file: path.is_file(), path })
    }

    fn of_stdin() -> Option<Self> {
        None
    }

    fn of_stdout() -> Option<Self> {
        None
    }
}

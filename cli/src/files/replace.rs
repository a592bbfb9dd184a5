//! Replaces the contents of a file.
//!
//! The new bytes are written to a file next to the old one, synced and renamed over it. Readers see
//! the old file or the new one, and a mapping of the old one stays valid. The new file gets the
//! owner, group, mode and access lists of the old one, and the same links lead to it.
//!
//! If that is impossible (the folder takes no new file, something is mounted on the file, it has
//! several names or another owner), a text is written into the existing file. If the disk is full,
//! the old contents are restored. A mapped file must not change ([`Keep::Mapped`]), so for it this
//! is an error; its other names keep the old bytes.
//!
//! Devices and pipes are written to and stay what they are.

mod in_place;

use super::{attributes, pipe};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What to keep if not everything can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The file with its names, owner and attributes: it may be written in place.
    Itself,
    /// The old bytes, for processes that have mapped them: the name may get a new file.
    Mapped,
}

/// Most links followed, as in the kernel; more are a cycle.
const MOST_LINKS: usize = 40;

/// Replaces the contents of a file, or creates it.
///
/// # Errors
/// It cannot be written, or is read-only, even for users who could write it anyway.
pub(crate) fn replace(path: &Path, bytes: &[u8], keep: Keep) -> io::Result<()> {
    Replacement::prepare(path, bytes, keep)?.commit()
}

/// Replaces several files. Nothing is replaced before all new texts are on the disk; if one
/// replacement then fails, the earlier ones are undone.
pub(crate) fn replace_all(files: &[(PathBuf, String)]) -> io::Result<()> {
    let prepare = |(path, text): &'_ (PathBuf, String)| {
        Ok((path.clone(), std::fs::read(path)?, text.as_bytes().to_vec()))
    };
    let files: Vec<(PathBuf, Vec<u8>, Vec<u8>)> =
        files.iter().map(prepare).collect::<io::Result<_>>()?;
    let prepared: Vec<Replacement<'_>> = files
        .iter()
        .map(|(path, _, new)| Replacement::prepare(path, new, Keep::Itself))
        .collect::<io::Result<_>>()?;
    for (at, one) in prepared.into_iter().enumerate() {
        let Err(error) = one.commit() else { continue };
        let lost: Vec<String> = files[..at]
            .iter()
            .filter(|(path, old, _)| replace(path, old, Keep::Itself).is_err())
            .map(|(path, ..)| path.display().to_string())
            .collect();
        let message = match lost.as_slice() {
            [] => error.to_string(),
            lost => format!("{error}; written already, and not put back: {}", lost.join(", ")),
        };
        return Err(io::Error::new(error.kind(), message));
    }
    Ok(())
}

/// New contents that are safely stored, or can be written in place.
enum Replacement<'b> {
    /// In a file next to its target, on the disk.
    Beside { new: NamedTempFile, place: PathBuf, or_in_place: Option<(File, &'b [u8])> },
    /// To be written into the existing file.
    InPlace { file: File, place: PathBuf, bytes: &'b [u8] },
    /// To be written to a device or pipe.
    Through { to: File, bytes: &'b [u8] },
}

impl<'b> Replacement<'b> {
    fn prepare(path: &Path, bytes: &'b [u8], keep: Keep) -> io::Result<Self> {
        let place = end_of_links(path);
        match path.metadata() {
            Ok(old) if old.is_dir() => Err(ErrorKind::IsADirectory.into()),
            Ok(old) if !old.is_file() => {
                Ok(Self::Through { to: pipe::open_to_write(path)?, bytes })
            }
            Ok(old) => Self::of_file(path.canonicalize()?, &old, bytes, keep),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let new = write_next_to(&place, bytes, |_| Ok(()))?;
                Ok(Self::Beside { new, place, or_in_place: None })
            }
            Err(error) => Err(error),
        }
    }

    fn of_file(place: PathBuf, old: &Metadata, bytes: &'b [u8], keep: Keep) -> io::Result<Self> {
        if old.permissions().readonly() {
            let message = "it is read-only: allow writing to it first, or name another file";
            return Err(io::Error::new(ErrorKind::PermissionDenied, message));
        }
        let file = OpenOptions::new().write(true).open(&place)?;
        if keep == Keep::Mapped {
            // The writer becomes the owner if the old owner cannot be set.
            let carry = |new: &File| attributes::carry_over_most(&file, old, new);
            let new = write_next_to(&place, bytes, carry).map_err(not_replaceable)?;
            return Ok(Self::Beside { new, place, or_in_place: None });
        }
        if attributes::names(old) > 1 {
            return Ok(Self::InPlace { file, place, bytes });
        }
        let mut carried = Ok(());
        let carry = |new: &File| {
            carried = attributes::carry_over(&file, old, new);
            Ok(())
        };
        match write_next_to(&place, bytes, carry) {
            Ok(new) if carried.is_ok() => {
                Ok(Self::Beside { new, place, or_in_place: Some((file, bytes)) })
            }
            Err(error) if !takes_no_new_file(&error) => Err(error),
            _ => Ok(Self::InPlace { file, place, bytes }),
        }
    }

    fn commit(self) -> io::Result<()> {
        match self {
            Self::Through { mut to, bytes } => {
                to.write_all(bytes).and_then(|()| to.flush()).map_err(closed_early)
            }
            Self::InPlace { file, place, bytes } => in_place::write(file, &place, bytes),
            Self::Beside { new, place, or_in_place } => {
                let Err(failed) = new.persist(&place) else { return Ok(()) };
                match or_in_place {
                    Some((file, bytes)) if takes_no_new_file(&failed.error) => {
                        in_place::write(file, &place, bytes)
                    }
                    Some(_) => Err(failed.error),
                    None => Err(not_replaceable(failed.error)),
                }
            }
        }
    }
}

/// For bytes, unlike text, a reader that closes the pipe early is a failure.
pub(super) fn closed_early(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::BrokenPipe => io::Error::other("the reader closed the pipe before the end"),
        _ => error,
    }
}

/// The target of a chain of links, even if it does not exist.
fn end_of_links(path: &Path) -> PathBuf {
    let mut place = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = place.read_link() else { break };
        place = place.parent().unwrap_or(Path::new("")).join(target);
    }
    place
}

/// Writes and syncs a temporary file next to a target; it is removed unless renamed. `finish` sets
/// its attributes.
fn write_next_to(
    place: &Path,
    bytes: &[u8],
    finish: impl FnOnce(&File) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut new = create(folder.unwrap_or(Path::new(".")))?;
    new.write_all(bytes)?;
    finish(new.as_file())?;
    new.as_file().sync_all()?;
    Ok(new)
}

/// A new file with a unique name and the mode of new files.
fn create(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".whyfor-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less the umask
    builder.tempfile_in(folder).map_err(|error| match error.kind() {
        // The name of the new file would mean nothing to a reader.
        ErrorKind::NotFound => {
            let message = format!("there is no folder `{}`", folder.display());
            io::Error::new(ErrorKind::NotFound, message)
        }
        _ => error,
    })
}

/// Whether the folder refuses a new file while the old one might still be writable.
fn takes_no_new_file(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::ResourceBusy // something is mounted on it
            | ErrorKind::CrossesDevices
    )
}

fn not_replaceable(error: io::Error) -> io::Error {
    if !takes_no_new_file(&error) {
        return error;
    }
    let message = format!(
        "{error}; it cannot be replaced, and writing in place would change it for programs that have \
         it open: name another file, or write to standard output with `--output -`"
    );
    io::Error::new(error.kind(), message)
}

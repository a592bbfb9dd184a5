//! Bytes put in place of a file.
//!
//! They are written beside it, to the disk, and renamed onto it: whoever looks sees the old file or the new
//! one, and whoever has mapped the old one keeps it. The new file is to be what the old one was: of the same
//! owner, group, mode and lists of access, reached by the same links.
//!
//! Where that cannot be, a text is written into the file that is there: if the folder takes no new file, if
//! something is mounted on it, if it has several names, if it is another's. If the disk is full, what was
//! there is put back. A file that others map must not change under them ([`Keep::Mapped`]), so for it this
//! is an error, and its other names keep the old bytes.
//!
//! What is no file, such as a device or a pipe, is written to and stays what it is.

mod in_place;

use super::{attributes, pipe};
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What must not be lost where not all of it can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The file with its names, owner and attributes: it may be written in place.
    Itself,
    /// The old bytes for whoever has mapped them: it may become another file.
    Mapped,
}

/// More links behind each other are a circle, as the kernel has it.
const MOST_LINKS: usize = 40;

/// Puts bytes in place of a file, or makes the file.
///
/// # Errors
/// It cannot be written, or is read-only, even for who could write it all the same.
pub(crate) fn replace(path: &Path, bytes: &[u8], keep: Keep) -> io::Result<()> {
    Replacement::prepare(path, bytes, keep)?.commit()
}

/// Puts texts in place of several files: none is touched before all are on the disk, and if one cannot be put
/// in its place then, those that were are put back.
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
        let told = match lost.as_slice() {
            [] => error.to_string(),
            lost => format!("{error}; written already, and not put back: {}", lost.join(", ")),
        };
        return Err(io::Error::new(error.kind(), told));
    }
    Ok(())
}

/// A file whose new bytes are where they cannot get lost.
enum Replacement<'b> {
    /// Beside its place, on the disk.
    Beside { new: NamedTempFile, place: PathBuf, or_in_place: Option<(File, &'b [u8])> },
    /// To be written into the file that is there.
    InPlace { file: File, place: PathBuf, bytes: &'b [u8] },
    /// To be written to what is no file.
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
                let new = beside(&place, bytes, |_| Ok(()))?;
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
            // Owned by who writes it, where it may not be what it was.
            let carry = |new: &File| attributes::carry_over_most(&file, old, new);
            let new = beside(&place, bytes, carry).map_err(cannot_be_whole)?;
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
        match beside(&place, bytes, carry) {
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
                to.write_all(bytes).and_then(|()| to.flush()).map_err(super::output::whole)
            }
            Self::InPlace { file, place, bytes } => in_place::write(file, &place, bytes),
            Self::Beside { new, place, or_in_place } => {
                let Err(failed) = new.persist(&place) else { return Ok(()) };
                match or_in_place {
                    Some((file, bytes)) if takes_no_new_file(&failed.error) => {
                        in_place::write(file, &place, bytes)
                    }
                    Some(_) => Err(failed.error),
                    None => Err(cannot_be_whole(failed.error)),
                }
            }
        }
    }
}

/// Where a chain of links leads, even if nothing is there.
fn end_of_links(path: &Path) -> PathBuf {
    let mut place = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = place.read_link() else { break };
        place = place.parent().unwrap_or(Path::new("")).join(target);
    }
    place
}

/// Writes a file beside a place, to the disk; it is removed unless it is renamed. `finish` makes it what it
/// is to be beside its bytes.
fn beside(
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

/// A file whose name nobody else has, with the mode of a new one.
fn create(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".whyfor-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666)); // less the umask
    builder.tempfile_in(folder)
}

/// Whether a folder refuses a new file in place of the old one, and the old one might be written all the same.
fn takes_no_new_file(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::ResourceBusy // something is mounted on it
            | ErrorKind::CrossesDevices
    )
}

fn cannot_be_whole(error: io::Error) -> io::Error {
    if !takes_no_new_file(&error) {
        return error;
    }
    let message = format!(
        "{error}; nothing else can take its place, and written in place it would change under whoever has \
         it open: name another file, or write to standard output with `--output -`"
    );
    io::Error::new(error.kind(), message)
}

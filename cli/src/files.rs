//! Files that are written whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a file whole or not at all: beside its place, to the disk, then renamed. Who has mapped
/// the old file keeps it. A link is followed, and who may read and write the old file may the new.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    Beside::write(path, bytes)?.rename()
}

/// As [`write_whole`], several files: none is touched before all are on the disk beside their places.
pub(crate) fn write_all_whole(files: &[(PathBuf, String)]) -> std::io::Result<()> {
    let written: Vec<Beside> = files
        .iter()
        .map(|(path, text)| Beside::write(path, text.as_bytes()))
        .collect::<Result<_, _>>()?;
    written.into_iter().try_for_each(Beside::rename)
}

/// A file that is written, beside its place; removed unless it is renamed.
struct Beside {
    beside: PathBuf,
    place: PathBuf,
}

impl Beside {
    fn write(path: &Path, bytes: &[u8]) -> std::io::Result<Self> {
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = place.file_name().ok_or_else(|| std::io::Error::other("it names no file"))?;
        let mut beside = std::ffi::OsString::from(".");
        beside.push(name);
        beside.push(format!(".{}", std::process::id()));
        let written = Self { beside: place.with_file_name(beside), place };
        let mut file = std::fs::File::create(&written.beside)?;
        file.write_all(bytes)?;
        if let Ok(old) = written.place.metadata() {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()?;
        Ok(written)
    }

    fn rename(self) -> std::io::Result<()> {
        std::fs::rename(&self.beside, &self.place)
    }
}

impl Drop for Beside {
    /// Once it is renamed, there is nothing to remove.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.beside);
    }
}

//! Text files that are read, and files that are written whole or not at all.

use crate::exit::Failure;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The bytes of a text that people write: far beyond any.
const MOST_BYTES: u64 = 16 << 20;

/// The text of a file, without a byte order mark. What is no ordinary file is read so far as well.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let failed = |error| Failure::Io { doing: format!("cannot read `{shown}`"), error };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::Usage(format!("`{shown}` is larger than {} MiB", MOST_BYTES >> 20)));
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Failure::Usage(format!("`{shown}`: line {line} is not UTF-8; save the file as UTF-8"))
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

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

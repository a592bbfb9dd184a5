//! Writes into an existing file.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// Writes the bytes; on failure, as on a full disk, restores the old contents.
pub(super) fn write(mut file: File, place: &Path, bytes: &[u8]) -> io::Result<()> {
    let old = std::fs::read(place)?;
    let Err(error) = overwrite(&mut file, old.len(), bytes) else { return Ok(()) };
    let length = file.metadata().map_or(bytes.len(), |data| data.len() as usize);
    let message = match overwrite(&mut file, length, &old) {
        Ok(()) => return Err(error),
        Err(again) => format!("{error}; what was in it could not be put back: {again}"),
    };
    Err(io::Error::new(error.kind(), message))
}

/// Overwrites a file of this length. Writes the bytes beyond it first: if there is no room, nothing
/// was overwritten yet, and the overwritten part needs no new room.
fn overwrite(file: &mut File, length: usize, bytes: &[u8]) -> io::Result<()> {
    let (head, tail) = bytes.split_at(length.min(bytes.len()));
    file.seek(SeekFrom::Start(length as u64))?;
    if let Err(error) = file.write_all(tail) {
        let _ = file.set_len(length as u64); // the error is reported anyway
        return Err(error);
    }
    file.seek(SeekFrom::Start(0))?;
    file.write_all(head)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

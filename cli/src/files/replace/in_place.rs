//! Bytes written into the file that is there.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// Writes the bytes; if that fails, as on a full disk, what was there is put back.
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

/// Overwrites a file of this length. What is beyond that comes first: where there is no room for it, all that
/// was there still is; and what is overwritten has its room already.
fn overwrite(file: &mut File, length: usize, bytes: &[u8]) -> io::Result<()> {
    let (head, tail) = bytes.split_at(length.min(bytes.len()));
    file.seek(SeekFrom::Start(length as u64))?;
    if let Err(error) = file.write_all(tail) {
        let _ = file.set_len(length as u64); // it is told that it failed
        return Err(error);
    }
    file.seek(SeekFrom::Start(0))?;
    file.write_all(head)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

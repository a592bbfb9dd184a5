//! Files that are written whole or not at all: beside their place, to the disk, then renamed. Who has
//! mapped the old file keeps it.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a file, or leaves what is there.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = write_beside(path, bytes)?;
    let renamed = std::fs::rename(&beside, path);
    if renamed.is_err() {
        let _ = std::fs::remove_file(&beside); // the first error is the one to tell of
    }
    renamed
}

/// Writes files that exist: none of them is touched before all are on the disk beside their places.
pub(crate) fn rewrite_all(files: &[(PathBuf, String)]) -> std::io::Result<()> {
    let mut written: Vec<(PathBuf, PathBuf)> = Vec::new();
    let rewritten = files.iter().try_for_each(|(path, text)| {
        let path = path.canonicalize()?; // a link stays one
        let permissions = std::fs::metadata(&path)?.permissions();
        let beside = write_beside(&path, text.as_bytes())?;
        written.push((beside.clone(), path));
        std::fs::set_permissions(beside, permissions)
    });
    if let Err(error) = rewritten {
        for (beside, _) in &written {
            let _ = std::fs::remove_file(beside);
        }
        return Err(error);
    }
    written.iter().try_for_each(|(beside, path)| std::fs::rename(beside, path))
}

/// Writes a hidden file beside a place, and gives its path. Nothing is left of one that fails.
fn write_beside(path: &Path, bytes: &[u8]) -> std::io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| std::io::Error::other("it names no file"))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    match written {
        Ok(()) => Ok(beside),
        Err(error) => {
            let _ = std::fs::remove_file(&beside);
            Err(error)
        }
    }
}

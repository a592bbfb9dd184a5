//! A folder with the files that a test needs.

use std::fs;
use tempfile::TempDir;

/// A new folder with these files; their folders are made.
#[allow(clippy::unwrap_used, unreachable_pub, reason = "tests")]
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

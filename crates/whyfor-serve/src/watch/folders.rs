//! Which folders a file is reached through.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

/// Links that are followed on the way to one file, as in the kernel: more are a circle.
const MOST_LINKS: usize = 40;

/// The folders in which a change can change what a path leads to: the folder of the file, and that of each link on the way.
/// A part that is not there yet is looked for in the nearest folder above.
pub(super) fn of(path: &Path) -> BTreeSet<PathBuf> {
    let mut folders = BTreeSet::new();
    let Ok(path) = std::path::absolute(path) else { return folders };
    let mut here = PathBuf::new();
    let mut left = parts(&path);
    let mut links = 0;
    while let Some(part) = left.pop() {
        if Path::new(&part) == Path::new("..") {
            here.pop();
            continue;
        }
        let next = here.join(&part);
        match next.symlink_metadata() {
            Err(_) => {
                folders.insert(here);
                return folders;
            }
            Ok(found) if found.is_symlink() => {
                folders.insert(here.clone());
                links += 1;
                let Ok(target) = next.read_link() else { return folders };
                if links > MOST_LINKS {
                    return folders;
                }
                left.extend(parts(&target));
                if target.is_absolute() {
                    here = PathBuf::new();
                }
            }
            Ok(_) => {
                if left.is_empty() {
                    folders.insert(here.clone());
                }
                here = next;
            }
        }
    }
    folders
}

/// The parts of a path, the first last.
fn parts(path: &Path) -> Vec<OsString> {
    let named = path.components().filter(|part| *part != Component::CurDir);
    named.map(|part| part.as_os_str().to_owned()).rev().collect()
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::of;
    use std::os::unix::fs::symlink;

    #[test]
    fn the_folder_of_each_link_on_the_way_counts_and_the_nearest_of_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let [mount, release] = [root.join("mount"), root.join("releases/one")];
        std::fs::create_dir_all(&mount).unwrap();
        std::fs::create_dir_all(&release).unwrap();
        std::fs::write(release.join("shop.why"), "").unwrap();
        symlink("../releases/one", mount.join("..data")).unwrap();
        symlink("..data/shop.why", mount.join("shop.why")).unwrap();
        assert_eq!(of(&mount.join("shop.why")), [mount.clone(), release].into());
        assert_eq!(of(&mount.join("below/none.why")), [mount.clone()].into());
        symlink("circle", mount.join("circle")).unwrap();
        assert_eq!(of(&mount.join("circle")), [mount].into());
    }
}

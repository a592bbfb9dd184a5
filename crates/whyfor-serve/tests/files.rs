//! Policies in files: the old version stays when they are missing, changed meanwhile or cut off, and the status says why.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use common::{allows, policy, rename_over, text};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use whyfor_serve::{FailureKind, FileSource, LivePolicy, PolicyStore, Reloaded, Trust};

struct Shop {
    /// Removed when dropped.
    _folder: tempfile::TempDir,
    root: PathBuf,
    path: PathBuf,
    live: LivePolicy,
}

fn shop(name: &str, bytes: impl AsRef<[u8]>) -> Shop {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let path = root.join(name);
    fs::write(&path, bytes).unwrap();
    Shop { live: live(&path), _folder: folder, root, path }
}

fn live(path: &Path) -> LivePolicy {
    PolicyStore::new().add("shop", FileSource::new(path), Trust::unsigned()).unwrap()
}

impl Shop {
    /// A reload fails in this way, the version that allows `login` stays, and the status has the reason.
    fn refuses(&self, expected: FailureKind, what: &str) {
        let failure = self.live.reload().expect_err(what);
        assert_eq!(failure.kind(), expected, "{what}: {failure}");
        assert!(allows(&self.live, "login"), "{what}");
        assert_eq!(self.live.status().last_error, Some(failure), "{what}");
    }

    fn takes(&self, purpose: &str) {
        assert!(matches!(self.live.reload(), Ok(Reloaded::Changed { .. })));
        assert!(allows(&self.live, purpose));
    }
}

#[test]
fn a_text_that_is_renamed_over_written_in_place_or_linked_is_taken() {
    let shop = shop("shop.why", text("login"));
    rename_over(&shop.path, text("ads"));
    shop.takes("ads");
    fs::write(&shop.path, text("login")).unwrap();
    shop.takes("login");
    fs::write(shop.root.join("other.why"), text("ads")).unwrap();
    fs::remove_file(&shop.path).unwrap();
    symlink("other.why", &shop.path).unwrap();
    shop.takes("ads");
}

#[test]
fn a_text_that_is_gone_unreadable_or_no_file_leaves_the_old_version() {
    let shop = shop("shop.why", text("login"));
    fs::remove_file(&shop.path).unwrap();
    shop.refuses(FailureKind::Unreadable, "deleted");
    fs::create_dir(&shop.path).unwrap();
    shop.refuses(FailureKind::Unreadable, "replaced by a folder");
    fs::remove_dir(&shop.path).unwrap();
    symlink("nowhere.why", &shop.path).unwrap();
    shop.refuses(FailureKind::Unreadable, "a link to nowhere");
    fs::remove_file(&shop.path).unwrap();
    symlink("shop.why", &shop.path).unwrap();
    shop.refuses(FailureKind::Unreadable, "a link to itself");
    fs::remove_file(&shop.path).unwrap();
    symlink("/dev/zero", &shop.path).unwrap();
    shop.refuses(FailureKind::Unreadable, "a device");
    fs::remove_file(&shop.path).unwrap();
    fs::write(&shop.path, text("ads")).unwrap();
    shop.takes("ads");
}

#[test]
fn no_part_of_a_text_is_taken_for_the_whole() {
    let shop = shop("shop.why", text("login"));
    let whole = text("ads");
    for length in 0..whole.trim_end().len() {
        fs::write(&shop.path, &whole[..length]).unwrap();
        assert!(shop.live.reload().is_err(), "{length} bytes");
    }
    assert!(allows(&shop.live, "login"));
    fs::write(&shop.path, whole).unwrap();
    shop.takes("ads");
}

#[test]
fn an_artifact_that_is_cut_off_gone_or_no_file_leaves_the_old_version() {
    let shop = shop("shop.whyc", policy("login").as_bytes());
    let other = policy("ads");
    let whole = other.as_bytes();
    for length in [0, 10, 64, whole.len() - 1] {
        fs::write(&shop.path, &whole[..length]).unwrap();
        shop.refuses(FailureKind::Artifact, "cut off");
    }
    fs::write(&shop.path, text("ads")).unwrap();
    shop.refuses(FailureKind::Artifact, "a text");
    fs::remove_file(&shop.path).unwrap();
    shop.refuses(FailureKind::Unreadable, "deleted");
    fs::create_dir(&shop.path).unwrap();
    shop.refuses(FailureKind::Unreadable, "replaced by a folder");
    fs::remove_dir(&shop.path).unwrap();
    rename_over(&shop.path, whole);
    shop.takes("ads");
}

#[test]
fn what_counts_is_the_content_and_never_the_time() {
    let shop = shop("shop.why", text("login"));
    let time = fs::metadata(&shop.path).unwrap().modified().unwrap();
    // Of the same length too.
    let other = text("login").replace("for login", "for ads//");
    fs::write(&shop.path, &other).unwrap();
    assert_eq!(other.len(), text("login").len());
    fs::File::options().write(true).open(&shop.path).unwrap().set_modified(time).unwrap();
    shop.takes("ads");
    let later = time + std::time::Duration::from_secs(9);
    fs::File::options().write(true).open(&shop.path).unwrap().set_modified(later).unwrap();
    assert_eq!(shop.live.reload(), Ok(Reloaded::Unchanged));
}

/// A folder as Kubernetes mounts a ConfigMap: the files are links through `..data`, which is turned.
fn mounted(root: &Path, version: &str, files: &[(&str, String)]) {
    let release = root.join(format!("..{version}"));
    fs::create_dir_all(&release).unwrap();
    for (name, text) in files {
        fs::write(release.join(name), text).unwrap();
        if root.join(name).symlink_metadata().is_err() {
            symlink(format!("..data/{name}"), root.join(name)).unwrap();
        }
    }
    symlink(format!("..{version}"), root.join("..data_tmp")).unwrap();
    fs::rename(root.join("..data_tmp"), root.join("..data")).unwrap();
}

fn with_import(purpose: &str) -> [(&'static str, String); 2] {
    let root = "policy shop { closed }\nimport \"names.why\"\ncategory email\npurpose login\npurpose ads\nend\n";
    [("shop.why", root.to_owned()), ("names.why", format!("use email for {purpose}\nend\n"))]
}

#[test]
fn a_mounted_config_map_is_read_through_its_links_after_each_turn() {
    let folder = tempfile::tempdir().unwrap();
    mounted(folder.path(), "one", &with_import("login"));
    let live = live(&folder.path().join("shop.why"));
    assert!(allows(&live, "login"));
    mounted(folder.path(), "two", &with_import("ads"));
    live.reload().unwrap();
    assert!(allows(&live, "ads") && !allows(&live, "login"));
}

#[test]
fn imports_count_as_the_root_file_does() {
    let folder = tempfile::tempdir().unwrap();
    let [(root, root_text), (names, names_text)] = with_import("login");
    let [root, names] = [root, names].map(|name| folder.path().join(name));
    fs::write(&root, root_text).unwrap();
    fs::write(&names, names_text).unwrap();
    let live = live(&root);
    fs::write(&names, &with_import("ads")[1].1).unwrap();
    live.reload().unwrap();
    assert!(allows(&live, "ads"));
    fs::remove_file(&names).unwrap();
    let failure = live.reload().unwrap_err();
    assert_eq!(failure.kind(), FailureKind::Unreadable);
    assert!(failure.to_string().contains("names.why"), "{failure}");
    fs::write(&names, "use email for ads\n").unwrap();
    assert_eq!(live.reload().unwrap_err().kind(), FailureKind::NoEnd, "each file ends with `end`");
}

/// The time after which a test does not wait for a busy machine any more.
const LONGEST: Duration = Duration::from_secs(60);

/// The root file and its import each allow one question of a version; a mixture would allow both or none.
#[test]
fn files_of_two_versions_are_never_read_as_one() {
    let version = |n: usize| {
        let [here, there] = if n.is_multiple_of(2) { ["login", "ads"] } else { ["ads", "login"] };
        let root = format!(
            "policy shop {{ closed }}\nimport \"more.why\"\ncategory email\ncategory phone\npurpose login\npurpose ads\nuse email for {here}\nend\n"
        );
        [("shop.why", root), ("more.why", format!("use phone for {there}\nend\n"))]
    };
    let folder = tempfile::tempdir().unwrap();
    mounted(folder.path(), "0", &version(0));
    let live = live(&folder.path().join("shop.why"));
    let taken = AtomicU64::new(0);
    let is_done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let started = Instant::now();
            let is_enough = |n: usize| n >= 400 && taken.load(Ordering::Relaxed) > 3;
            for n in (1..).take_while(|n| !is_enough(*n) && started.elapsed() < LONGEST) {
                mounted(folder.path(), &n.to_string(), &version(n));
                let _ = fs::remove_dir_all(folder.path().join(format!("..{}", n - 1)));
                // Versions stay longer and longer, so that a busy machine takes some too.
                let pause = (n % 5) * 3 * (1 + n / 400);
                std::thread::sleep(Duration::from_millis(pause as u64));
            }
            is_done.store(true, Ordering::Relaxed);
        });
        while !is_done.load(Ordering::Relaxed) {
            let _ = live.reload();
            let live = live.snapshot();
            let policy = live.policy();
            assert_ne!(policy.may_use("email", "login"), policy.may_use("phone", "login"));
            assert_ne!(policy.may_use("email", "ads"), policy.may_use("phone", "ads"));
            taken.store(live.generation(), Ordering::Relaxed);
        }
    });
    let versions = taken.into_inner();
    assert!(versions > 3, "{versions} versions were taken");
}

//! A watched store follows its files: renamed, linked, mounted, on file systems without events; and its thread ends.

#![cfg(all(unix, feature = "watch"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use common::{allows, policy, rename_over, text, until};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};
use whyfor_serve::{
    Content, Failure, FileSource, LivePolicy, PolicyStore, Source, Trust, Watcher, Watching,
};

/// So long that a test which needs a look without an event does not end in time.
const NEVER: Duration = Duration::from_secs(3600);

fn by_events() -> Watching {
    Watching::default().debounce(Duration::from_millis(5)).poll(NEVER)
}

fn watched(path: &Path, watching: Watching) -> (PolicyStore, LivePolicy, Watcher) {
    let store = PolicyStore::new();
    let shop = store.add("shop", FileSource::new(path), Trust::unsigned()).unwrap();
    let first = shop.status().last_attempt;
    let watcher = store.watch(watching).unwrap();
    rests(&shop, first);
    (store, shop, watcher)
}

/// Waits until the watcher has looked since then, and looks no more: what changes before would be seen without an event.
fn rests(shop: &LivePolicy, since: SystemTime) {
    until("the watcher rests", || {
        let last = shop.status().last_attempt;
        std::thread::sleep(Duration::from_millis(50)); // ten times the pause after an event
        last > since && shop.status().last_attempt == last
    });
}

#[test]
fn a_file_is_followed_when_it_is_renamed_over_rewritten_removed_and_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.why");
    fs::write(&path, text("login")).unwrap();
    let (_store, shop, _watcher) = watched(&path, by_events());
    rename_over(&path, text("ads"));
    until("renamed over", || allows(&shop, "ads"));
    fs::write(&path, text("login")).unwrap();
    until("rewritten", || allows(&shop, "login"));
    fs::remove_file(&path).unwrap();
    until("removed", || shop.status().last_error.is_some());
    assert!(allows(&shop, "login"));
    fs::write(&path, text("login")).unwrap();
    until("put back", || shop.status().last_error.is_none());
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    until("a folder", || shop.status().last_error.is_some());
    fs::remove_dir(&path).unwrap();
    rename_over(&path, text("ads"));
    until("a file again", || allows(&shop, "ads"));
}

fn mounted(root: &Path, version: &str, purpose: &str) {
    let release = root.join(format!("..{version}"));
    fs::create_dir_all(&release).unwrap();
    fs::write(release.join("shop.why"), text(purpose)).unwrap();
    symlink(format!("..{version}"), root.join("..data_tmp")).unwrap();
    fs::rename(root.join("..data_tmp"), root.join("..data")).unwrap();
}

#[test]
fn a_mounted_config_map_is_followed_when_its_link_is_turned_or_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    mounted(root, "one", "login");
    symlink("..data/shop.why", root.join("shop.why")).unwrap();
    let (_store, shop, _watcher) = watched(&root.join("shop.why"), by_events());
    for (version, purpose) in [("two", "ads"), ("three", "login")] {
        mounted(root, version, purpose);
        until("turned", || allows(&shop, purpose));
    }
    // The link is there before its target.
    fs::remove_file(root.join("..data")).unwrap();
    until("a link to nowhere", || shop.status().last_error.is_some());
    symlink("..four", root.join("..data")).unwrap();
    fs::create_dir(root.join("..four")).unwrap();
    fs::write(root.join("..four/shop.why"), text("ads")).unwrap();
    until("its target came later", || allows(&shop, "ads"));
}

#[test]
fn links_in_folders_elsewhere_are_followed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (release, purpose) in [("one", "login"), ("two", "ads")] {
        fs::create_dir_all(root.join("releases").join(release)).unwrap();
        fs::write(root.join("releases").join(release).join("shop.why"), text(purpose)).unwrap();
    }
    fs::create_dir(root.join("service")).unwrap();
    symlink("one", root.join("releases/current")).unwrap();
    symlink("../releases/current/shop.why", root.join("service/shop.why")).unwrap();
    let (_store, shop, _watcher) = watched(&root.join("service/shop.why"), by_events());
    symlink("two", root.join("releases/next")).unwrap();
    fs::rename(root.join("releases/next"), root.join("releases/current")).unwrap();
    until("the link in the middle was turned", || allows(&shop, "ads"));
}

#[test]
fn a_new_import_is_followed_in_its_own_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let importing =
        |purpose: &str| text(purpose).replace("category", "import \"more/names.why\"\ncategory");
    fs::create_dir(root.join("more")).unwrap();
    fs::write(root.join("more/names.why"), "category phone\nend\n").unwrap();
    fs::write(root.join("shop.why"), text("login")).unwrap();
    let (_store, shop, _watcher) = watched(&root.join("shop.why"), by_events());
    rename_over(&root.join("shop.why"), importing("ads"));
    until("it is imported", || allows(&shop, "ads"));
    rename_over(&root.join("more/names.why"), "category phone\nuse phone for ads\nend\n");
    until("it changed", || shop.snapshot().policy().may_use("phone", "ads"));
}

#[test]
fn a_folder_that_is_made_anew_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("shop.why"), text("login")).unwrap();
    let (_store, shop, _watcher) = watched(&inner.join("shop.why"), by_events());
    fs::remove_dir_all(&inner).unwrap();
    until("removed", || shop.status().last_error.is_some());
    let next = folder.path().join("next");
    fs::create_dir(&next).unwrap();
    fs::write(next.join("shop.why"), text("ads")).unwrap();
    fs::rename(&next, &inner).unwrap();
    until("made anew", || allows(&shop, "ads"));
    rename_over(&inner.join("shop.why"), text("login"));
    until("changed in the new folder", || allows(&shop, "login"));
}

/// The number of a folder that was removed is often given to the next one, so it looks the same.
#[test]
fn a_folder_that_is_removed_and_made_again_at_once_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("shop.why"), text("login")).unwrap();
    let (_store, shop, _watcher) = watched(&inner.join("shop.why"), by_events());
    for purpose in ["ads", "login", "ads", "login"] {
        fs::remove_dir_all(&inner).unwrap();
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("shop.why"), text(purpose)).unwrap();
        until("made again", || allows(&shop, purpose));
        std::thread::sleep(Duration::from_millis(50)); // the watcher rests, and watches the new one
    }
    rename_over(&inner.join("shop.why"), text("ads"));
    until("changed in the new folder", || allows(&shop, "ads"));
}

#[test]
fn a_file_is_followed_by_polling_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.whyc");
    fs::write(&path, policy("login").as_bytes()).unwrap();
    let store = PolicyStore::new();
    let shop = store.add("shop", FileSource::new(&path), Trust::unsigned()).unwrap();
    let _watcher = store.watch(Watching::polling(Duration::from_millis(5))).unwrap();
    rename_over(&path, policy("ads").as_bytes());
    until("polled", || allows(&shop, "ads"));
}

#[test]
fn a_policy_that_is_added_later_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.why");
    fs::write(&path, text("login")).unwrap();
    let (store, readings) = (PolicyStore::new(), Arc::new(AtomicUsize::new(0)));
    let source = Counted(FileSource::new(&path), Arc::clone(&readings));
    store.add("other", source, Trust::unsigned()).unwrap();
    let _watcher = store.watch(by_events()).unwrap();
    until("the watcher rests", || {
        let before = readings.load(Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(50));
        before >= 2 && readings.load(Ordering::Relaxed) == before
    });
    let elsewhere = tempfile::tempdir().unwrap(); // no event of the first folder tells of it
    let path = elsewhere.path().join("shop.why");
    fs::write(&path, text("login")).unwrap();
    let shop = store.add("shop", FileSource::new(&path), Trust::unsigned()).unwrap();
    rests(&shop, shop.status().since);
    rename_over(&path, text("ads"));
    until("added later", || allows(&shop, "ads"));
}

/// Counts its readings.
struct Counted(FileSource, Arc<AtomicUsize>);

impl Source for Counted {
    fn read(&self) -> Result<Content, Failure> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.read()
    }

    fn places(&self) -> Vec<std::path::PathBuf> {
        self.0.places()
    }
}

#[test]
fn reading_files_wakes_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.why");
    fs::write(&path, text("login")).unwrap();
    let (store, readings) = (PolicyStore::new(), Arc::new(AtomicUsize::new(0)));
    let source = Counted(FileSource::new(&path), Arc::clone(&readings));
    let shop = store.add("shop", source, Trust::unsigned()).unwrap();
    let _watcher = store.watch(by_events()).unwrap();
    until("the first look", || readings.load(Ordering::Relaxed) >= 2);
    for purpose in ["ads", "login"] {
        rename_over(&path, text(purpose));
        until("followed", || allows(&shop, purpose));
    }
    std::thread::sleep(Duration::from_millis(200)); // many times the pause after an event
    let before = readings.load(Ordering::Relaxed);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(readings.load(Ordering::Relaxed), before);
}

#[test]
fn a_watcher_that_is_dropped_has_ended_and_lets_the_store_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.why");
    fs::write(&path, text("login")).unwrap();
    let readings = Arc::new(AtomicUsize::new(0));
    let source = Counted(FileSource::new(&path), Arc::clone(&readings));
    let store = PolicyStore::new();
    store.add("shop", source, Trust::unsigned()).unwrap();
    let watcher = store.watch(Watching::polling(Duration::from_millis(1))).unwrap();
    until("polled", || readings.load(Ordering::Relaxed) > 3);
    drop((watcher, store));
    assert_eq!(Arc::strong_count(&readings), 1, "the thread has let go of the store");
}

#[test]
fn a_source_that_panics_does_not_end_the_watching() {
    struct Panics(FileSource, AtomicUsize);
    impl Source for Panics {
        fn read(&self) -> Result<Content, Failure> {
            assert_ne!(self.1.fetch_add(1, Ordering::Relaxed), 1, "the second reading panics");
            self.0.read()
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.why");
    fs::write(&path, text("login")).unwrap();
    let store = PolicyStore::new();
    let source = Panics(FileSource::new(&path), AtomicUsize::new(0));
    let shop = store.add("shop", source, Trust::unsigned()).unwrap();
    rename_over(&path, text("ads"));
    let _watcher = store.watch(Watching::polling(Duration::from_millis(1))).unwrap();
    until("it reads again", || allows(&shop, "ads"));
}

#[test]
fn a_source_that_panics_where_it_is_asked_for_its_files_does_not_end_the_watching_of_others() {
    struct Panics(FileSource);
    impl Source for Panics {
        fn read(&self) -> Result<Content, Failure> {
            self.0.read()
        }

        fn places(&self) -> Vec<std::path::PathBuf> {
            panic!("it has no places")
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.why", "b.why"].map(|name| folder.path().join(name));
    paths.iter().for_each(|path| fs::write(path, text("login")).unwrap());
    let store = PolicyStore::new();
    let shop = store.add("shop", FileSource::new(&paths[0]), Trust::unsigned()).unwrap();
    let other = store.add("other", Panics(FileSource::new(&paths[1])), Trust::unsigned()).unwrap();
    let _watcher = store.watch(by_events()).unwrap();
    until("it says why", || other.status().last_error.is_some());
    rename_over(&paths[0], text("ads"));
    until("it is read again", || allows(&shop, "ads"));
}

//! The folders that are watched now, and which policies each of them concerns.

use super::folders;
use crate::slot::Slot;
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) struct Watched {
    /// `None` if files are only polled.
    events: Option<RecommendedWatcher>,
    folders: BTreeMap<PathBuf, Folder>,
}

struct Folder {
    /// Which folder it was: another may have taken its place since.
    identity: Option<Identity>,
    /// The names of the policies.
    policies: BTreeSet<String>,
}

type Identity = (u64, u64);

impl Watched {
    pub(super) fn new(events: Option<RecommendedWatcher>) -> Self {
        Self { events, folders: BTreeMap::new() }
    }

    /// Watches the folders of these policies and no others. Returns the policies that are watched from now on in a folder
    /// where they were not before: something may have changed there meanwhile.
    pub(super) fn update(&mut self, slots: &[Arc<Slot>]) -> BTreeSet<String> {
        let Some(events) = &mut self.events else { return BTreeSet::new() };
        let mut needed: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
        for slot in slots {
            for place in slot.places() {
                for folder in folders::of(&place) {
                    needed.entry(folder).or_default().insert(slot.name().to_owned());
                }
            }
        }
        self.folders.retain(|folder, watched| {
            let stays = needed.contains_key(folder) && watched.identity == identity(folder);
            if !stays {
                let _ = events.unwatch(folder); // a folder that is gone is not watched any more
            }
            stays
        });
        let mut new = BTreeSet::new();
        for (path, policies) in needed {
            if let Some(folder) = self.folders.get_mut(&path) {
                new.extend(policies.difference(&folder.policies).cloned());
                folder.policies = policies;
                continue;
            }
            let identity = identity(&path);
            // What cannot be watched is polled.
            if events.watch(&path, RecursiveMode::NonRecursive).is_ok() {
                new.extend(policies.iter().cloned());
                self.folders.insert(path, Folder { identity, policies });
            }
        }
        new
    }

    /// Watches these folders anew at the next update, even if they look the same: the number of a folder that is gone may
    /// be given to the next one.
    pub(super) fn forget(&mut self, is_gone: impl Fn(&Path) -> bool) {
        let Some(events) = &mut self.events else { return };
        self.folders.retain(|folder, _| {
            let stays = !is_gone(folder);
            if !stays {
                let _ = events.unwatch(folder); // the system may have done so already
            }
            stays
        });
    }

    /// The policies that a change in these folders concerns. `None` if a folder is not known: it may be any.
    pub(super) fn policies(&self, folders: &BTreeSet<PathBuf>) -> Option<BTreeSet<String>> {
        let mut policies = BTreeSet::new();
        for folder in folders {
            policies.extend(self.folders.get(folder)?.policies.iter().cloned());
        }
        Some(policies)
    }
}

#[cfg(unix)]
fn identity(folder: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    folder.metadata().ok().map(|data| (data.dev(), data.ino()))
}

#[cfg(not(unix))]
fn identity(folder: &Path) -> Option<Identity> {
    folder.is_dir().then_some((0, 0))
}

//! The policies that decided, as they are kept beside a log: `policies/DIGEST.whyc`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use whyfor::{Digest, Policy};

/// Policies by their digests, each loaded when it is first asked for.
#[derive(Debug)]
pub(crate) struct KeptPolicies {
    folders: Vec<PathBuf>,
    loaded: RefCell<HashMap<Digest, Option<Rc<Policy>>>>,
}

impl KeptPolicies {
    /// Those beside logs in these folders.
    pub(crate) fn beside(folders: &[PathBuf]) -> Self {
        let folders = folders.iter().map(|folder| folder.join("policies")).collect();
        Self { folders, loaded: RefCell::default() }
    }

    /// The policy with this digest, if it is there and whole.
    pub(crate) fn get(&self, digest: Digest) -> Option<Rc<Policy>> {
        let mut loaded = self.loaded.borrow_mut();
        let load = || {
            let paths = self.folders.iter().map(|folder| folder.join(format!("{digest}.whyc")));
            let mut policies = paths.filter_map(|path| Policy::open(path).ok());
            policies.find(|policy| policy.digest() == digest).map(Rc::new)
        };
        loaded.entry(digest).or_insert_with(load).clone()
    }
}

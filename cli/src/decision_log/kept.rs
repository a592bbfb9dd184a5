//! The policies that decided, as they are kept beside a log: `policies/DIGEST.whyc`.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use whyfor::{Digest, Policy};

/// Policies by their digests, each loaded when it is first asked for.
#[derive(Debug)]
pub(crate) struct KeptPolicies {
    folders: Vec<PathBuf>,
    loaded: RefCell<HashMap<Digest, Option<Rc<Kept>>>>,
}

/// A policy that decided.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) policy: Policy,
    /// The places of its statements, listed when one is first asked for.
    places: OnceCell<Vec<String>>,
}

impl Kept {
    /// Where a statement is.
    pub(crate) fn place(&self, statement: usize) -> Option<&str> {
        let list = || self.policy.statements().map(|statement| statement.place()).collect();
        self.places.get_or_init(list).get(statement).map(String::as_str)
    }
}

impl KeptPolicies {
    /// Those beside logs in these folders.
    pub(crate) fn beside(folders: &[PathBuf]) -> Self {
        let folders = folders.iter().map(|folder| folder.join("policies")).collect();
        Self { folders, loaded: RefCell::default() }
    }

    /// The policy with this digest, if it is there and whole.
    pub(crate) fn get(&self, digest: Digest) -> Option<Rc<Kept>> {
        let mut loaded = self.loaded.borrow_mut();
        let load = || {
            let paths = self.folders.iter().map(|folder| folder.join(format!("{digest}.whyc")));
            let mut policies = paths.filter_map(|path| Policy::open(path).ok());
            let policy = policies.find(|policy| policy.digest() == digest)?;
            Some(Rc::new(Kept { policy, places: OnceCell::new() }))
        };
        loaded.entry(digest).or_insert_with(load).clone()
    }
}

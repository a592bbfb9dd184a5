//! What readers of one kind see: the newest version with the names that they asked for.
//!
//! Each call of [`LivePolicy::names`](crate::LivePolicy::names) makes one. A reload resolves the names of all of them
//! before it swaps any: so one that fails refuses the version.

use crate::failure::{Failure, FailureKind, calling};
use crate::live::Live;
use crate::version::Version;
use arc_swap::ArcSwap;
use std::error::Error;
use std::sync::Arc;
use whyfor::Policy;

/// Resolves the names that code uses, in one policy.
pub(crate) type Resolve<N> =
    dyn Fn(&Policy) -> Result<N, Box<dyn Error + Send + Sync>> + Send + Sync;

/// The newest version with its names, and how to resolve them.
pub(crate) struct Published<N> {
    pub(crate) current: Arc<ArcSwap<Live<N>>>,
    resolve: Box<Resolve<N>>,
}

/// Some kind of names.
pub(crate) trait Resolver: Send + Sync {
    /// Resolves the names in a version, without showing it yet. It calls code of the program.
    ///
    /// # Errors
    /// A name is gone, or the code panicked.
    fn prepare(self: Arc<Self>, version: &Arc<Version>) -> Result<Box<dyn Prepared>, Failure>;
}

/// A version with its names, which readers do not see yet.
pub(crate) trait Prepared: Send {
    /// Shows it. Returns what it replaces: dropping that may run code of the program.
    fn publish(self: Box<Self>) -> Box<dyn Send>;
}

struct Next<N> {
    to: Arc<Published<N>>,
    live: Arc<Live<N>>,
}

/// What was replaced, to be dropped.
struct Replaced<N>(#[allow(dead_code, reason = "it is dropped")] Arc<Live<N>>);

impl<N: Send + Sync + 'static> Published<N> {
    /// Resolves the names in a first version.
    ///
    /// # Errors
    /// A name is not there, or the code panicked.
    pub(crate) fn new(version: Arc<Version>, resolve: Box<Resolve<N>>) -> Result<Self, Failure> {
        let names = resolved(&resolve, &version)?;
        let live = Live::new(version, names);
        Ok(Self { current: Arc::new(ArcSwap::from_pointee(live)), resolve })
    }

    /// How to resolve them, to start again. `None` if somebody else has it.
    pub(crate) fn into_resolve(published: Arc<Self>) -> Option<Box<Resolve<N>>> {
        Arc::into_inner(published).map(|published| published.resolve)
    }
}

fn resolved<N>(resolve: &Resolve<N>, version: &Version) -> Result<N, Failure> {
    calling("the resolver of names", || {
        resolve(version.policy()).map_err(|error| {
            let message = format!("a name that the code uses is not in the policy: {error}");
            Failure::new(FailureKind::Names, message)
        })
    })
}

impl<N: Send + Sync + 'static> Resolver for Published<N> {
    fn prepare(self: Arc<Self>, version: &Arc<Version>) -> Result<Box<dyn Prepared>, Failure> {
        let names = resolved(&self.resolve, version)?;
        let live = Arc::new(Live::new(Arc::clone(version), names));
        Ok(Box::new(Next { to: self, live }))
    }
}

impl<N: Send + Sync + 'static> Prepared for Next<N> {
    fn publish(self: Box<Self>) -> Box<dyn Send> {
        Box::new(Replaced(self.to.current.swap(self.live)))
    }
}

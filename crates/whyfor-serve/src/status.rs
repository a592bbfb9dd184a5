//! How a policy of a store is doing.

use crate::failure::Failure;
use std::time::SystemTime;
use whyfor::Digest;

/// How a policy of a store is doing: which version is served, and whether the last attempt to take a newer one failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The policy's name in the store.
    pub name: String,
    /// The digest of the version that is served.
    pub digest: Digest,
    /// Counts the versions that were served.
    pub generation: u64,
    /// The sequence of the version that is served, if it is signed.
    pub sequence: Option<u64>,
    /// Since when this version is served.
    pub since: SystemTime,
    /// When a version was last looked for.
    pub last_attempt: SystemTime,
    /// Why the last attempt failed, if it did. The version above is served meanwhile. An attempt that finds nothing new
    /// clears it.
    pub last_error: Option<Failure>,
    /// How many attempts have failed since one did not.
    pub failures_in_a_row: u64,
    /// How many attempts have failed since the policy was added.
    pub failures: u64,
}

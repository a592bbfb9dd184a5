//! A version together with the names that the code uses.

use crate::version::Version;
use std::sync::Arc;
use whyfor::Policy;

/// A version of a policy with the caller's names resolved in it: ids and policy always fit together.
#[derive(Debug)]
pub struct Live<N = ()> {
    version: Arc<Version>,
    /// The version's, one step nearer.
    policy: Arc<Policy>,
    names: N,
}

impl<N> Live<N> {
    pub(crate) fn new(version: Arc<Version>, names: N) -> Self {
        let policy = Arc::clone(version.policy());
        Self { version, policy, names }
    }

    /// The policy.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// assert!(shop.reader().get().policy().may_use("email", "login"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The names, resolved in this policy.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// let emails = shop.names(|policy| Ok(policy.category("email")?))?;
    /// let live = emails.snapshot();
    /// assert_eq!(live.policy().path(*live.names()), Some("contact.email"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn names(&self) -> &N {
        &self.names
    }

    /// Counts the versions that were served: 1 for the first.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// assert_eq!(shop.snapshot().generation(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.version.generation()
    }

    /// The version: what a log keeps, to resolve ids later.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// let version = std::sync::Arc::clone(shop.snapshot().version());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn version(&self) -> &Arc<Version> {
        &self.version
    }
}

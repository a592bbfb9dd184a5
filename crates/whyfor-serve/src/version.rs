//! One version of a policy as it is served.

use crate::signature::Signed;
#[cfg(feature = "diff")]
use crate::source::TextFiles;
use std::sync::Arc;
use std::time::SystemTime;
use whyfor::{Digest, Policy};

/// One version of a policy of a store: the policy, its generation, and where it comes from.
///
/// A log that keeps the `Arc` of the version that decided resolves the ids of a decision by its
/// [`policy`](Self::policy), after any number of reloads.
#[derive(Debug)]
pub struct Version {
    pub(crate) name: Arc<str>,
    pub(crate) generation: u64,
    pub(crate) policy: Arc<Policy>,
    pub(crate) since: SystemTime,
    pub(crate) signed: Option<Signed>,
    #[cfg(feature = "diff")]
    pub(crate) text: Option<TextFiles>,
}

impl Version {
    /// The policy's name in the store.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// assert_eq!(shop.snapshot().version().name(), "shop");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Counts the versions that were served: 1 for the first.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// assert_eq!(shop.snapshot().version().generation(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The policy.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// assert!(shop.snapshot().version().policy().may_use("email", "login"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// The policy's digest: log it beside decisions.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// println!("decided by {:.12}", shop.snapshot().version().digest());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.policy.digest()
    }

    /// When it was first served.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// let age = shop.snapshot().version().since().elapsed();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn since(&self) -> SystemTime {
        self.since
    }

    /// Its signature, if one was asked for.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// assert!(shop.snapshot().version().signed().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn signed(&self) -> Option<&Signed> {
        self.signed.as_ref()
    }
}

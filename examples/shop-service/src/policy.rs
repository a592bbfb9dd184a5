//! The live policy: where it comes from, the names that the code uses, and what each request gets of it.

use crate::facts;
use crate::purposes::Purposes;
use crate::session::RequestNumber;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use whyfor::{CategoryId, MethodId, Policy, PurposeId, RecipientId};
use whyfor_serve::{
    DecisionLog, FileSource, PolicyStore, Readers, Shadow, Trust, Watcher, Watching,
};
use whyfor_tower::WhyforLayer;

/// The policy as a handler gets it: an argument.
pub type RequestPolicy = whyfor_tower::RequestPolicy<Names>;

/// The names that the code asks for. They are resolved in each version of the policy before it is served: a version
/// without one of them is refused.
pub struct Names {
    pub email: CategoryId,
    pub orders: CategoryId,
    pub provided: MethodId,
    pub mailer: RecipientId,
    pub university: RecipientId,
    pub account: PurposeId,
    pub support: PurposeId,
    pub newsletter: PurposeId,
    pub research: PurposeId,
}

impl Names {
    fn resolve(policy: &Policy) -> Result<Self, whyfor::Refusal<'static>> {
        Ok(Self {
            email: policy.category("contact.email")?,
            orders: policy.category("orders")?,
            provided: policy.method("provided")?,
            mailer: policy.recipient("mailer")?,
            university: policy.recipient("university")?,
            account: policy.purpose("account")?,
            support: policy.purpose("support")?,
            newsletter: policy.purpose("newsletter")?,
            research: policy.purpose("research")?,
        })
    }
}

/// The store with the policy, watched until it is dropped.
pub struct LiveShop {
    pub store: PolicyStore,
    pub readers: Readers<Names>,
    /// The candidate beside it, if there is one.
    pub shadow: Option<Arc<Shadow>>,
    _watcher: Watcher,
}

impl LiveShop {
    /// Takes the first version, and watches its folder for the next ones.
    pub fn start(
        path: &Path,
        candidate: Option<&Path>,
        purposes: &Arc<Purposes>,
    ) -> Result<Self, Box<dyn Error>> {
        let store = PolicyStore::new();
        // A service whose policy comes over a network takes signed ones: `Trust::keys`.
        let shop = store.add("shop", FileSource::new(path), Trust::unsigned())?;
        let purposes = Arc::clone(purposes);
        let readers = shop.names(move |policy| {
            purposes.check(policy)?;
            Ok(Names::resolve(policy)?)
        })?;
        let shadow = match candidate {
            Some(path) => {
                let candidate = store.add("candidate", FileSource::new(path), Trust::unsigned())?;
                Some(Arc::new(Shadow::new(&shop, &candidate)?))
            }
            None => None,
        };
        let watcher = store.watch(Watching::default())?;
        Ok(Self { store, readers, shadow, _watcher: watcher })
    }

    /// What gives each request one version, its facts, and the log.
    pub fn layer(&self, log: &Arc<DecisionLog>) -> WhyforLayer<Names> {
        let layer = WhyforLayer::new(self.readers.clone());
        let layer = match &self.shadow {
            Some(shadow) => layer.shadow(Arc::clone(log), Arc::clone(shadow)),
            None => layer.log(Arc::clone(log)),
        };
        layer
            .facts(facts::of_request)
            .field("request", |parts| Some(parts.extensions.get::<RequestNumber>()?.to_string()))
    }
}

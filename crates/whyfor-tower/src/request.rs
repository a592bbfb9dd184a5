//! The policy as one request sees it.

use crate::decisions::Decisions;
use crate::denied::Denied;
use http::Extensions;
use std::fmt;
use std::sync::Arc;
use whyfor::{Decision, Facts, Policy, Question};
#[cfg(feature = "shadow")]
use whyfor_serve::{BothFacts, ShadowVersions};
use whyfor_serve::{DecisionLog, Live};

/// A field of the log and its value in this request.
pub(crate) type Field = (&'static str, String);

/// The policy of one request: one version, the facts of the request stated for it, and the log. Clones are the same.
///
/// A [`WhyforLayer`](crate::WhyforLayer) makes it. With the feature `axum`, a handler takes it as an argument; other services find it
/// with [`of`](Self::of). `N` are the names of the program's readers, see `whyfor_serve::LivePolicy::names`.
pub struct RequestPolicy<N = ()> {
    parts: Arc<OfRequest<N>>,
    facts: Arc<Facts>,
    /// The same facts for both policies, if there is a shadow.
    #[cfg(feature = "shadow")]
    both: Option<Arc<BothFacts>>,
}

/// What stays the same with other facts.
pub(crate) struct OfRequest<N> {
    pub(crate) live: Arc<Live<N>>,
    pub(crate) log: Option<Arc<DecisionLog>>,
    pub(crate) fields: Vec<Field>,
    #[cfg(feature = "shadow")]
    pub(crate) shadow: Option<ShadowVersions>,
}

impl<N> RequestPolicy<N> {
    /// The policy of a request. The facts are stated for each policy that is asked.
    ///
    /// # Errors
    /// Facts cannot be stated for the live policy.
    pub(crate) fn new<E>(
        parts: Arc<OfRequest<N>>,
        facts: impl Fn(&Policy) -> Result<Facts, E>,
    ) -> Result<Self, E> {
        let of_live = facts(parts.live.policy())?;
        #[cfg(feature = "shadow")]
        let both = parts.shadow.as_ref().map(|versions| {
            // A candidate that cannot take them has none stated.
            let of_candidate = facts(versions.candidate()).unwrap_or_default();
            Arc::new(BothFacts::new(of_live.clone(), of_candidate))
        });
        Ok(Self {
            parts,
            facts: Arc::new(of_live),
            #[cfg(feature = "shadow")]
            both,
        })
    }

    /// The policy: for what no method here does. Its decisions are not logged.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// assert_eq!(request.policy().name(), "shop");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn policy(&self) -> &Policy {
        self.parts.live.policy()
    }

    /// The names that the program uses, resolved in this version.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// let emails = shop.names(|policy| Ok(policy.category("email")?))?;
    /// # let request = WhyforLayer::new(emails).request(&parts);
    /// assert_eq!(request.policy().path(*request.names()), Some("contact.email"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn names(&self) -> &N {
        self.parts.live.names()
    }

    /// The version, with its generation and digest.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// assert_eq!(request.live().generation(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn live(&self) -> &Arc<Live<N>> {
        &self.parts.live
    }

    /// The facts.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// let login = request.policy().purpose("login")?;
    /// assert_eq!(request.policy().holds(request.facts(), "consent", login), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The same request with other facts: those of another person than the one who asks, or what a handler has found
    /// out. They replace all facts of the request. With a shadow, `facts` is called for the candidate too.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// use whyfor::{FactError, Question};
    /// let of_ada = request.with_facts(|policy| {
    ///     Ok::<_, FactError>(policy.facts_builder().with("consent", true)?.with("age", 36)?.build())
    /// })?;
    /// let question = Question::usage("email", "newsletter");
    /// assert!(of_ada.ask(&question).is_allowed() && !request.ask(&question).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The function's.
    pub fn with_facts<E>(&self, facts: impl Fn(&Policy) -> Result<Facts, E>) -> Result<Self, E> {
        Self::new(Arc::clone(&self.parts), facts)
    }

    /// For several questions: the log takes their decisions at one time.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// use whyfor::Question;
    /// let mut decisions = request.decisions();
    /// decisions.permit(&Question::usage("email", "login"), &[])?;
    /// decisions.permit(&Question::usage("phone", "login"), &[])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn decisions(&self) -> Decisions<'_> {
        let Some(log) = &self.parts.log else {
            return Decisions::unlogged(self.policy(), self.facts());
        };
        let context = log.context(self.parts.live.version());
        let fields = self.parts.fields.iter();
        let context = fields.fold(context, |context, (name, value)| context.with(name, value));
        #[cfg(feature = "shadow")]
        if let (Some(versions), Some(both)) = (&self.parts.shadow, &self.both) {
            return Decisions::shadowed(versions.request(context), both);
        }
        Decisions::logged(context, self.facts())
    }

    /// Decides by names, as [`Policy::ask`], with the facts of this request, and logs it.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// use whyfor::Question;
    /// assert!(request.ask(&Question::usage("email", "login")).is_allowed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn ask<'a>(&'a self, question: &Question<'a>) -> Decision<'a> {
        self.decisions().ask(question)
    }

    /// Goes on only if the policy allows it, and the caller fulfils every duty that comes with it. It is logged.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// use whyfor::Question;
    /// request.permit(&Question::share("phone", "courier", "delivery"), &[])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// It is not allowed, or owes a duty that is not in `fulfilled`.
    pub fn permit(&self, question: &Question<'_>, fulfilled: &[&str]) -> Result<(), Denied> {
        self.decisions().permit(question, fulfilled)
    }
}

impl<N: Send + Sync + 'static> RequestPolicy<N> {
    /// The policy in the extensions of a request, if a layer with these names put it there.
    ///
    /// ```
    /// let request = http::Request::new("body");
    /// assert!(<whyfor_tower::RequestPolicy>::of(request.extensions()).is_none());
    /// ```
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }
}

impl<N> Clone for RequestPolicy<N> {
    fn clone(&self) -> Self {
        Self {
            parts: Arc::clone(&self.parts),
            facts: Arc::clone(&self.facts),
            #[cfg(feature = "shadow")]
            both: self.both.clone(),
        }
    }
}

/// Without facts and fields: they are about a person.
impl<N> fmt::Debug for RequestPolicy<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.parts.live.version();
        f.debug_struct("RequestPolicy")
            .field("name", &version.name())
            .field("generation", &version.generation())
            .field("is_logged", &self.parts.log.is_some())
            .finish_non_exhaustive()
    }
}

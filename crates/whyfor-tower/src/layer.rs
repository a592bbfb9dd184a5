//! The layer, and the service that it makes of another.

use crate::request::{OfRequest, RequestPolicy};
use http::Request;
use http::request::Parts;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;
use whyfor::{Facts, Policy};
#[cfg(feature = "shadow")]
use whyfor_serve::Shadow;
use whyfor_serve::{DecisionLog, Readers};

type MakeFacts = dyn Fn(&Policy, &Parts) -> Facts + Send + Sync;
type MakeField = dyn Fn(&Parts) -> Option<String> + Send + Sync;

/// Gives each request a [`RequestPolicy`]: one version of the policy, its facts and the log.
///
/// ```
/// use tower::{ServiceExt, service_fn, Layer};
/// use whyfor::Question;
/// use whyfor_tower::{Denied, RequestPolicy, WhyforLayer};
/// # use whyfor_serve::{FileSource, PolicyStore, Trust};
/// # let source = FileSource::new("../../examples/shop.why");
/// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
/// let layer = WhyforLayer::new(shop.names(|_| Ok(()))?);
/// let service = layer.layer(service_fn(async |request: http::Request<()>| {
///     let policy = <RequestPolicy>::of(request.extensions()).expect("the layer is there");
///     policy.permit(&Question::usage("email", "login"), &[])
/// }));
/// let answer: Result<(), Denied> = pollster::block_on(service.oneshot(http::Request::new(())));
/// assert!(answer.is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct WhyforLayer<N = ()> {
    /// One pointer, since a service is cloned for each request.
    shared: Arc<Shared<N>>,
}

/// What [`WhyforLayer`] makes of a service. It answers as the inner one.
pub struct WhyforService<S, N = ()> {
    inner: S,
    shared: Arc<Shared<N>>,
}

struct Shared<N> {
    readers: Readers<N>,
    log: Option<Arc<DecisionLog>>,
    facts: Option<Arc<MakeFacts>>,
    fields: Vec<(&'static str, Arc<MakeField>)>,
    #[cfg(feature = "shadow")]
    shadow: Option<Arc<Shadow>>,
}

impl<N: Send + Sync + 'static> WhyforLayer<N> {
    /// A layer without facts and log. `shop.names(|_| Ok(()))?` are readers for programs that ask only by names.
    #[must_use]
    pub fn new(readers: Readers<N>) -> Self {
        let shared = Shared {
            readers,
            log: None,
            facts: None,
            fields: Vec::new(),
            #[cfg(feature = "shadow")]
            shadow: None,
        };
        Self { shared: Arc::new(shared) }
    }

    fn changed(mut self, change: impl FnOnce(&mut Shared<N>)) -> Self {
        change(Arc::make_mut(&mut self.shared));
        self
    }

    /// Logs what is decided through each [`RequestPolicy`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use whyfor_serve::*;
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let folder = tempfile::tempdir()?;
    /// let log = Arc::new(DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?);
    /// let layer = WhyforLayer::new(shop.names(|_| Ok(()))?).log(Arc::clone(&log));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn log(self, log: Arc<DecisionLog>) -> Self {
        self.changed(|shared| shared.log = Some(log))
    }

    /// Asks a candidate beside the policy, where the two may differ, and logs that. The facts of a request are stated for
    /// both by the same function. The answers are those of the policy.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use whyfor_serve::*;
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = || FileSource::new("../../examples/shop.why");
    /// # let store = PolicyStore::new();
    /// # let shop = store.add("shop", source(), Trust::unsigned().without_end())?;
    /// # let next = store.add("shop-next", source(), Trust::unsigned().without_end())?;
    /// # let folder = tempfile::tempdir()?;
    /// # let log = Arc::new(DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?);
    /// let shadow = Arc::new(Shadow::new(&shop, &next)?);
    /// let layer = WhyforLayer::new(shop.names(|_| Ok(()))?).shadow(log, Arc::clone(&shadow));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "shadow")]
    #[must_use]
    pub fn shadow(self, log: Arc<DecisionLog>, shadow: Arc<Shadow>) -> Self {
        self.log(log).changed(|shared| shared.shadow = Some(shadow))
    }

    /// States the facts of each request, from its headers and from what outer layers put into its extensions, such as a
    /// session. Without this, nothing is stated.
    ///
    /// It cannot fail: what is not known stays unstated, and so allows nothing. A
    /// [lenient](whyfor::FactsBuilder::lenient) builder does that for values that the policy does not know, and
    /// [`set`](whyfor::FactsBuilder::set) keeps the other facts if the policy does not declare one.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// #[derive(Clone)]
    /// struct Session { age: Option<u8> }
    ///
    /// let layer = WhyforLayer::new(shop.names(|_| Ok(()))?).facts(|policy, parts| {
    ///     let mut facts = policy.facts_builder().lenient();
    ///     if let Some(session) = parts.extensions.get::<Session>() {
    ///         let _ = facts.set("age", session.age);
    ///     }
    ///     facts.build()
    /// });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn facts(self, make: impl Fn(&Policy, &Parts) -> Facts + Send + Sync + 'static) -> Self {
        self.changed(|shared| shared.facts = Some(Arc::new(make)))
    }

    /// Adds a field to each decision in the log, such as the number of the request; `None` leaves it out. **No personal data**:
    /// what a client can choose freely may be personal data.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # #[derive(Clone)] struct RequestNumber(u64);
    /// let layer = WhyforLayer::new(shop.names(|_| Ok(()))?)
    ///     .field("request", |parts| Some(parts.extensions.get::<RequestNumber>()?.0.to_string()))
    ///     .field("method", |parts| Some(parts.method.to_string()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn field(
        self,
        name: &'static str,
        make: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.changed(|shared| shared.fields.push((name, Arc::new(make))))
    }

    /// The policy of one request, with the version that is served now: what the layer puts into its extensions. For
    /// programs without tower, and for tests of handlers.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let layer = WhyforLayer::new(shop.names(|_| Ok(()))?);
    /// let (parts, ()) = http::Request::new(()).into_parts();
    /// assert!(layer.request(&parts).policy().may_use("email", "login"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn request(&self, parts: &Parts) -> RequestPolicy<N> {
        self.shared.request(parts)
    }
}

impl<N: Send + Sync + 'static> Shared<N> {
    fn request(&self, parts: &Parts) -> RequestPolicy<N> {
        let made = self.fields.iter().map(|(name, make)| Some((*name, make(parts)?)));
        let of_request = OfRequest {
            live: self.readers.snapshot(),
            log: self.log.clone(),
            fields: made.flatten().collect(),
            #[cfg(feature = "shadow")]
            shadow: self.shadow.as_ref().map(|shadow| shadow.versions()),
        };
        let facts = |policy: &Policy| {
            Ok::<_, Infallible>(
                self.facts.as_ref().map(|make| make(policy, parts)).unwrap_or_default(),
            )
        };
        match RequestPolicy::new(Arc::new(of_request), facts) {
            Ok(policy) => policy,
        }
    }
}

impl<S, N> Layer<S> for WhyforLayer<N> {
    type Service = WhyforService<S, N>;

    fn layer(&self, inner: S) -> Self::Service {
        WhyforService { inner, shared: Arc::clone(&self.shared) }
    }
}

impl<S, N, B> Service<Request<B>> for WhyforService<S, N>
where
    S: Service<Request<B>>,
    N: Send + Sync + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> S::Future {
        let (mut parts, body) = request.into_parts();
        let policy = self.shared.request(&parts);
        parts.extensions.insert(policy);
        self.inner.call(Request::from_parts(parts, body))
    }
}

impl<N> Clone for Shared<N> {
    fn clone(&self) -> Self {
        Self {
            readers: self.readers.clone(),
            log: self.log.clone(),
            facts: self.facts.clone(),
            fields: self.fields.clone(),
            #[cfg(feature = "shadow")]
            shadow: self.shadow.clone(),
        }
    }
}

impl<N> Clone for WhyforLayer<N> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

impl<S: Clone, N> Clone for WhyforService<S, N> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), shared: Arc::clone(&self.shared) }
    }
}

impl<N> fmt::Debug for Shared<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<&str> = self.fields.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Shared")
            .field("readers", &self.readers)
            .field("is_logged", &self.log.is_some())
            .field("has_facts", &self.facts.is_some())
            .field("fields", &fields)
            .finish()
    }
}

impl<N> fmt::Debug for WhyforLayer<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WhyforLayer").field(&self.shared).finish()
    }
}

impl<S: fmt::Debug, N> fmt::Debug for WhyforService<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { inner, shared } = self;
        f.debug_struct("WhyforService").field("inner", inner).field("shared", shared).finish()
    }
}

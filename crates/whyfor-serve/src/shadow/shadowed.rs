//! The shadow as a whole: two policies of a store, compared anew when one of them is reloaded.

use super::compared::Compared;
use super::request::ShadowRequest;
use super::seen::Disagreement;
use crate::failure::Failure;
use crate::lock::lock;
use crate::log::Context;
use crate::store::LivePolicy;
use arc_swap::ArcSwap;
use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};
use whyfor::{Digest, Policy};

/// How often it looks whether one of the policies was reloaded.
const EVERY: Duration = Duration::from_millis(100);

/// A candidate beside a live policy. Requests are answered by the live one. Where the candidate may have another answer, it is
/// asked too, and disagreements are counted.
///
/// `diff` finds out once where the two differ, so all other questions cost nothing more than a look into a small table. Both
/// policies must come from text; otherwise every question is asked twice, and the status says so. A thread compares them anew
/// after a reload, until the shadow is dropped; meanwhile the new version is not shadowed.
///
/// ```
/// use whyfor::Question;
/// use whyfor_serve::{FileSource, Shadow, Trust};
/// # use whyfor_serve::{DecisionLog, JsonLines, LogOptions, PolicyStore};
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// # let write = |name: &str, statements: &str| {
/// #     let text = format!("policy shop {{ closed }} category email purpose login purpose ads fact consent {statements}\nend\n");
/// #     std::fs::write(folder.join(name), text)
/// # };
/// # write("shop.why", "use email for login")?;
/// # write("next.why", "use email for login use email for ads when consent")?;
/// # let store = PolicyStore::new();
/// # let log = DecisionLog::new(JsonLines::new(folder.join("log"))?, LogOptions::default())?;
///
/// // When the service starts:
/// let shop = store.add("shop", FileSource::new(folder.join("shop.why")), Trust::unsigned())?;
/// let next = store.add("shop-next", FileSource::new(folder.join("next.why")), Trust::unsigned())?;
/// let shadow = Shadow::new(&shop, &next)?;
///
/// // In a request:
/// let live = shop.snapshot();
/// let mut request = shadow.request(log.context(live.version()));
/// let facts = request.facts([("consent", true.into())])?; // for both policies
/// let decision = request.ask(&Question::usage("email", "ads"), &facts);
/// assert!(!decision.is_allowed()); // the live policy's answer
///
/// let [disagreement] = &shadow.status().disagreements[..] else { panic!("one") };
/// assert_eq!(disagreement.change, "now allowed: use email for ads when consent");
/// assert_eq!(disagreement.shadow_allowed, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Shadow {
    inner: Arc<Inner>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Inner {
    live: LivePolicy,
    candidate: LivePolicy,
    current: ArcSwap<Compared>,
    ends: Mutex<bool>,
    end: Condvar,
}

/// What a shadow has found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ShadowStatus {
    /// The live policy's name in the store.
    pub policy: String,
    /// The live version that was compared.
    pub live: Digest,
    /// The version of the candidate.
    pub candidate: Digest,
    /// Since when these two are compared: counts are since then.
    pub since: SystemTime,
    /// Why it is not known where they differ, if so: every question is asked twice then.
    pub failure: Option<Failure>,
    /// Questions that were asked twice.
    pub evaluated: u64,
    /// Where the candidate disagreed, the most frequent first.
    pub disagreements: Vec<Disagreement>,
}

impl Shadow {
    /// Compares two policies of a store, and starts a thread that does so after each reload. Takes about as long as compiling
    /// both.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new(live: &LivePolicy, candidate: &LivePolicy) -> io::Result<Self> {
        let versions = [live, candidate].map(|policy| Arc::clone(policy.snapshot().version()));
        let [of_live, of_candidate] = versions;
        let inner = Arc::new(Inner {
            live: live.clone(),
            candidate: candidate.clone(),
            current: ArcSwap::from_pointee(Compared::new(of_live, of_candidate, Arc::default())),
            ends: Mutex::new(false),
            end: Condvar::new(),
        });
        let of_thread = Arc::clone(&inner);
        let thread = std::thread::Builder::new()
            .name("whyfor-shadow".to_owned())
            .spawn(move || of_thread.run())?;
        Ok(Self { inner, thread: Some(thread) })
    }

    /// What a request decides through: the live policy answers, the candidate is asked where it may differ.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let folder = tempfile::tempdir()?;
    /// # let source = BytesSource::new(TextFiles::new("shop.why", "policy shop category email end"));
    /// # let store = PolicyStore::new();
    /// # let shop = store.add("shop", source, Trust::unsigned())?;
    /// # let shadow = Shadow::new(&shop, &shop)?;
    /// # let log = DecisionLog::new(JsonLines::new(folder.path())?, LogOptions::default())?;
    /// let live = shop.snapshot();
    /// let request = shadow.request(log.context(live.version()).with("request", "r-17"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn request<'v>(&self, context: Context<'v>) -> ShadowRequest<'v> {
        self.versions().request(context)
    }

    /// The two versions that are compared now, to state facts for both before a request decides.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let source = BytesSource::new(TextFiles::new("shop.why", "policy shop category email end"));
    /// # let store = PolicyStore::new();
    /// # let shop = store.add("shop", source, Trust::unsigned())?;
    /// # let shadow = Shadow::new(&shop, &shop)?;
    /// let versions = shadow.versions();
    /// let facts = versions.candidate().facts_builder().build();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn versions(&self) -> ShadowVersions {
        ShadowVersions(self.inner.current.load_full())
    }

    /// Questions that were asked twice; those that the candidate allowed, that it denied, and that differed otherwise: since
    /// the shadow was made.
    #[cfg(feature = "metrics")]
    pub(crate) fn totals(&self) -> [u64; 4] {
        let totals = &self.inner.current.load().totals;
        [&totals.evaluated, &totals.shadow_allowed, &totals.shadow_denied, &totals.other]
            .map(|total| total.load(Ordering::Relaxed))
    }

    /// The live policy's name.
    #[cfg(feature = "metrics")]
    pub(crate) fn name(&self) -> &str {
        self.inner.live.name()
    }

    /// What was found since the two versions were compared.
    ///
    /// ```
    /// # use whyfor_serve::*;
    /// # let source = BytesSource::new(TextFiles::new("shop.why", "policy shop category email end"));
    /// # let store = PolicyStore::new();
    /// # let shop = store.add("shop", source, Trust::unsigned())?;
    /// # let shadow = Shadow::new(&shop, &shop)?;
    /// for disagreement in shadow.status().disagreements {
    ///     println!("{} times: {}", disagreement.count(), disagreement.change);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn status(&self) -> ShadowStatus {
        let compared = self.inner.current.load();
        ShadowStatus {
            policy: compared.live.name().to_owned(),
            live: compared.live.digest(),
            candidate: compared.candidate.digest(),
            since: compared.since,
            failure: compared.failure().cloned(),
            evaluated: compared.evaluated.load(Ordering::Relaxed),
            disagreements: compared.disagreements(),
        }
    }
}

/// A live version and a candidate that are compared: made by [`Shadow::versions`]. Clones are the same.
#[derive(Debug, Clone)]
pub struct ShadowVersions(Arc<Compared>);

impl ShadowVersions {
    /// The candidate.
    ///
    /// ```
    /// fn log(versions: &whyfor_serve::ShadowVersions) {
    ///     println!("shadowed by {}", versions.candidate().digest());
    /// }
    /// ```
    #[must_use]
    pub fn candidate(&self) -> &Policy {
        self.0.candidate.policy()
    }

    /// As [`Shadow::request`], with these versions: facts that were stated for them fit.
    ///
    /// ```
    /// use whyfor_serve::{Context, ShadowRequest, ShadowVersions};
    /// fn shadowed<'v>(versions: &ShadowVersions, context: Context<'v>) -> ShadowRequest<'v> {
    ///     versions.request(context)
    /// }
    /// ```
    #[must_use]
    pub fn request<'v>(&self, context: Context<'v>) -> ShadowRequest<'v> {
        ShadowRequest::new(context, Arc::clone(&self.0))
    }
}

impl Inner {
    /// Compares anew when a version is replaced, until it ends.
    fn run(&self) {
        loop {
            let ends = lock(&self.ends);
            let waited = self.end.wait_timeout(ends, EVERY).unwrap_or_else(PoisonError::into_inner);
            if *waited.0 {
                return;
            }
            drop(waited);
            let versions =
                [&self.live, &self.candidate].map(|policy| Arc::clone(policy.snapshot().version()));
            let [live, candidate] = versions;
            let current = self.current.load();
            if !current.is_of(&live, &candidate) {
                let totals = Arc::clone(&current.totals);
                self.current.store(Arc::new(Compared::new(live, candidate, totals)));
            }
        }
    }
}

impl Drop for Shadow {
    fn drop(&mut self) {
        *lock(&self.inner.ends) = true;
        self.inner.end.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // it does not panic
        }
    }
}

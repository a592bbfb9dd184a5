//! One policy of a store: what is served, and how the next version takes its place.
//!
//! A reload has two parts. First, without any lock: read the source, judge it, resolve the names. Then, under a short
//! lock: swap, and note the outcome. If another reload has finished since the first part began, what was read may be older
//! than what the other one read, so the first part is done again. So no code of the program is called under a lock, and a
//! late reading never replaces a newer one.

use crate::admit::{Admitted, admit};
use crate::events::{Change, Event, Subscribers};
use crate::failure::{Failure, FailureKind, calling};
use crate::lock::lock;
use crate::published::{Prepared, Published, Resolve, Resolver};
use crate::source::{Fingerprint, Source};
use crate::status::Status;
use crate::trust::Trust;
use crate::version::Version;
use std::sync::{Arc, Mutex, Weak};
use std::time::SystemTime;

/// How often a reload starts again because others were faster. Each time one of them finished.
const MOST_STARTS: usize = 64;

/// What a reload did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reloaded {
    /// There is nothing new. An earlier error is cleared.
    Unchanged,
    /// A new version is served.
    Changed {
        /// Its generation.
        generation: u64,
    },
}

pub(crate) struct Slot {
    name: Arc<str>,
    source: Box<dyn Source>,
    trust: Trust,
    subscribers: Arc<Subscribers>,
    /// For code that uses no ids.
    nameless: Arc<Published<()>>,
    state: Mutex<State>,
}

struct State {
    /// What is served, for each kind of names as well.
    version: Arc<Version>,
    resolvers: Vec<Weak<dyn Resolver>>,
    /// Of the content of that version.
    fingerprint: Fingerprint,
    /// Changes with each reload that has finished, and with each new kind of names.
    round: u64,
    /// A content that was refused for what it is, and why.
    refused: Option<(Fingerprint, Failure)>,
    last_attempt: SystemTime,
    last_error: Option<Failure>,
    failures_in_a_row: u64,
    failures: u64,
}

/// What a reload starts from.
struct Start {
    round: u64,
    version: Arc<Version>,
    fingerprint: Fingerprint,
    refused: Option<(Fingerprint, Failure)>,
    resolvers: Vec<Arc<dyn Resolver>>,
}

/// What an attempt found.
enum Found {
    /// The content or the policy that is served already.
    Same(Fingerprint),
    /// A version that may be served.
    New { version: Arc<Version>, fingerprint: Fingerprint, prepared: Vec<Box<dyn Prepared>> },
}

/// Why an attempt failed, and at which content, if it was read.
struct Refused {
    fingerprint: Option<Fingerprint>,
    failure: Failure,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self { fingerprint: None, failure }
    }
}

impl Slot {
    /// Takes the first version.
    ///
    /// # Errors
    /// It is not taken. Then there is no policy.
    pub(crate) fn new(
        name: &str,
        source: Box<dyn Source>,
        trust: Trust,
        subscribers: Arc<Subscribers>,
    ) -> Result<Self, Failure> {
        let name: Arc<str> = name.into();
        let content = calling("the source", || source.read())?;
        let fingerprint = Fingerprint::of(&content);
        let version = Arc::new(version(&name, 1, admit(&name, content, &trust)?));
        keep_sequence(&trust, &version)?;
        let nameless = Arc::new(Published::new(Arc::clone(&version), Box::new(|_| Ok(())))?);
        let resolver: Arc<dyn Resolver> = nameless.clone();
        let state = State {
            resolvers: vec![Arc::downgrade(&resolver)],
            fingerprint,
            round: 0,
            refused: None,
            last_attempt: version.since(),
            last_error: None,
            failures_in_a_row: 0,
            failures: 0,
            version,
        };
        Ok(Self { name, source, trust, subscribers, nameless, state: Mutex::new(state) })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn nameless(&self) -> Arc<Published<()>> {
        Arc::clone(&self.nameless)
    }

    pub(crate) fn version(&self) -> Arc<Version> {
        Arc::clone(&lock(&self.state).version)
    }

    /// Tells subscribers of the first version.
    pub(crate) fn announce(&self) {
        self.subscribers.tell(&Event::Served(Change::new(None, self.version())));
    }

    pub(crate) fn status(&self) -> Status {
        let state = lock(&self.state);
        let version = &state.version;
        Status {
            name: self.name.to_string(),
            digest: version.digest(),
            generation: version.generation(),
            sequence: version.signed().map(|signed| signed.comment().sequence()),
            since: version.since(),
            last_attempt: state.last_attempt,
            last_error: state.last_error.clone(),
            failures_in_a_row: state.failures_in_a_row,
            failures: state.failures,
        }
    }

    /// Resolves names in what is served now, and in each later version.
    ///
    /// # Errors
    /// A name is not there.
    pub(crate) fn publish<N: Send + Sync + 'static>(
        &self,
        mut resolve: Box<Resolve<N>>,
    ) -> Result<Arc<Published<N>>, Failure> {
        for _ in 0..MOST_STARTS {
            let version = self.version();
            let published = Arc::new(Published::new(Arc::clone(&version), resolve)?);
            let mut state = lock(&self.state);
            if Arc::ptr_eq(&state.version, &version) {
                let resolver: Arc<dyn Resolver> = published.clone();
                state.resolvers.push(Arc::downgrade(&resolver));
                state.round += 1; // a reload that has begun does not know of it
                return Ok(published);
            }
            drop(state);
            resolve = Published::into_resolve(published).ok_or_else(overtaken)?;
        }
        Err(overtaken())
    }

    /// Looks for a new version and takes it.
    ///
    /// # Errors
    /// It is not taken: the last good one stays.
    pub(crate) fn reload(&self) -> Result<Reloaded, Failure> {
        for _ in 0..MOST_STARTS {
            let start = self.start();
            let round = start.round;
            let attempt = self.attempt(&start);
            if let Some(outcome) = self.finish(round, attempt) {
                return outcome;
            }
        }
        Err(overtaken())
    }

    fn start(&self) -> Start {
        let mut state = lock(&self.state);
        let resolvers: Vec<_> = state.resolvers.iter().filter_map(Weak::upgrade).collect();
        state.resolvers.retain(|resolver| resolver.strong_count() > 0);
        Start {
            round: state.round,
            version: Arc::clone(&state.version),
            fingerprint: state.fingerprint,
            refused: state.refused.clone(),
            resolvers,
        }
    }

    /// The first part, without a lock.
    fn attempt(&self, start: &Start) -> Result<Found, Refused> {
        let content = calling("the source", || self.source.read())?;
        let fingerprint = Fingerprint::of(&content);
        if fingerprint == start.fingerprint {
            return Ok(Found::Same(fingerprint));
        }
        if let Some((refused, failure)) = &start.refused
            && *refused == fingerprint
        {
            return Err(Refused { fingerprint: Some(fingerprint), failure: failure.clone() });
        }
        let admitted = admit(&self.name, content, &self.trust);
        // Names that are resolved and not served are dropped there, which may run code of the program.
        let found = calling("what is not served", || {
            admitted.and_then(|admitted| self.prepare(start, fingerprint, admitted))
        });
        found.map_err(|failure| Refused { fingerprint: Some(fingerprint), failure })
    }

    fn prepare(
        &self,
        start: &Start,
        fingerprint: Fingerprint,
        admitted: Admitted,
    ) -> Result<Found, Failure> {
        let served = &start.version;
        if admitted.policy.digest() == served.digest()
            && admitted.signed.as_ref() == served.signed()
        {
            return Ok(Found::Same(fingerprint)); // only comments and white space changed
        }
        let version = Arc::new(version(&self.name, served.generation() + 1, admitted));
        let resolvers = start.resolvers.iter().cloned();
        let prepared =
            resolvers.map(|resolver| resolver.prepare(&version)).collect::<Result<_, _>>()?;
        keep_sequence(&self.trust, &version)?;
        Ok(Found::New { version, fingerprint, prepared })
    }

    /// Where the source is, to be watched. Nowhere if its code panics, and the status says so.
    #[cfg(feature = "watch")]
    pub(crate) fn places(&self) -> Vec<std::path::PathBuf> {
        calling("the source's list of places", || Ok(self.source.places())).unwrap_or_else(
            |failure| {
                lock(&self.state).failed(None, &failure);
                Vec::new()
            },
        )
    }

    /// The second part, under the lock. `None` if another reload has finished meanwhile.
    fn finish(
        &self,
        round: u64,
        attempt: Result<Found, Refused>,
    ) -> Option<Result<Reloaded, Failure>> {
        let mut replaced: Vec<Box<dyn Send>> = Vec::new();
        let mut state = lock(&self.state);
        if state.round != round {
            drop(state);
            let _ = calling("what is not served", || {
                drop(attempt);
                Ok(())
            });
            return None;
        }
        state.round += 1;
        state.last_attempt = SystemTime::now();
        let outcome = match attempt {
            Ok(Found::Same(fingerprint)) => {
                state.fingerprint = fingerprint;
                let has_recovered = state.succeeded();
                if has_recovered {
                    self.subscribers.tell(&Event::Recovered { name: Arc::clone(&self.name) });
                }
                Ok(Reloaded::Unchanged)
            }
            Ok(Found::New { version, fingerprint, prepared }) => {
                replaced.extend(prepared.into_iter().map(Prepared::publish));
                state.succeeded();
                state.fingerprint = fingerprint;
                let generation = version.generation();
                let old = std::mem::replace(&mut state.version, Arc::clone(&version));
                self.subscribers.tell(&Event::Served(Change::new(Some(old), version)));
                Ok(Reloaded::Changed { generation })
            }
            Err(Refused { fingerprint, failure }) => {
                state.failed(fingerprint, &failure);
                let (name, refused) = (Arc::clone(&self.name), Arc::new(failure.clone()));
                self.subscribers.tell(&Event::Refused { name, failure: refused });
                Err(failure)
            }
        };
        drop(state);
        // It may run code of the program, whose panic is its own: the version is served.
        let _ = calling("what was replaced", || {
            drop(replaced);
            Ok(())
        });
        Some(outcome)
    }
}

impl State {
    /// Notes that an attempt did not fail; whether one before it did.
    fn succeeded(&mut self) -> bool {
        self.refused = None;
        self.failures_in_a_row = 0;
        self.last_error.take().is_some()
    }

    fn failed(&mut self, fingerprint: Option<Fingerprint>, failure: &Failure) {
        let refused = fingerprint.filter(|_| failure.kind().is_of_content());
        self.refused = refused.map(|fingerprint| (fingerprint, failure.clone()));
        self.failures_in_a_row += 1;
        self.failures += 1;
        self.last_error = Some(failure.clone());
    }
}

fn version(name: &Arc<str>, generation: u64, admitted: Admitted) -> Version {
    Version {
        name: Arc::clone(name),
        generation,
        policy: admitted.policy,
        since: SystemTime::now(),
        signed: admitted.signed,
        #[cfg(feature = "diff")]
        text: admitted.text,
    }
}

/// Keeps the sequence of a signed version, before it is served: so it is never served and forgotten.
fn keep_sequence(trust: &Trust, version: &Version) -> Result<(), Failure> {
    match (&trust.signers, version.signed()) {
        (Some(signers), Some(signed)) => {
            signers.sequences.keep(version.name(), signed.comment().sequence(), version.digest())
        }
        _ => Ok(()),
    }
}

fn overtaken() -> Failure {
    let message = format!("other reloads of the policy were faster {MOST_STARTS} times in a row");
    Failure::new(FailureKind::Overtaken, message)
}

//! Live policies for a service: each is replaced as a whole while threads ask it, and only by a version that is sound.
//!
#![cfg_attr(feature = "watch", doc = "```")]
#![cfg_attr(not(feature = "watch"), doc = "```ignore")]
//! use whyfor::{Act, CategoryId, Facts, PurposeId};
//! use whyfor_serve::{FileSource, PolicyStore, Trust, Watching};
//!
//! // The names that the code uses.
//! struct Names { email: CategoryId, login: PurposeId }
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("shop.why");
//! # std::fs::write(&path, "policy shop { closed } category email purpose login use email for login end")?;
//! // When the service starts. The text says `policy shop { closed }`, and its last line is `end`:
//! let store = PolicyStore::new();
//! let shop = store.add("shop", FileSource::new(path), Trust::unsigned())?;
//! let readers = shop.names(|policy| {
//!     Ok(Names { email: policy.category("email")?, login: policy.purpose("login")? })
//! })?;
//! let watcher = store.watch(Watching::default())?; // until it is dropped
//!
//! // In each thread or task:
//! let mut reader = readers.reader();
//! let live = reader.get(); // a nanosecond or two
//! let Names { email, login } = *live.names();
//! let decision = live.policy().decide(Act::Use, email, login, Facts::none());
//! assert!(decision.is_allowed());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it is for
//! A policy changes more often than the program that asks it. Replacing it by hand has a trap in each part: ids of the old
//! policy are denied by the new one; a text that is read while an editor writes it can compile without its last `never`; a
//! mounted folder is replaced by turning one link; a bad version must not stop the service, and must not go unnoticed. This
//! crate is these parts. A program that never changes its policy does not need it: `whyfor::Policy` in an `Arc` is enough.
//!
//! # Readers
//! [`LivePolicy::names`] resolves the names that code uses in each version, before that version is served. A [`Reader`]
//! gives the policy, its generation and these names as one object, [`Live`]: so ids never meet another policy. It costs one
//! relaxed load when nothing changed. [`Readers::snapshot`] gives a version to keep for a whole request.
//!
//! # Which versions are taken
//! A version is served only if all of this holds. Otherwise the last good one stays, [`LivePolicy::status`] says why, and
//! [`PolicyStore::subscribe`] tells.
//!
//! - It is signed by a trusted key, for this name, and is not older than one that was taken before, if [`Trust::keys`] asks
//!   for that. The signature is verified before anything is parsed. There is no default: a program that takes unsigned versions calls [`Trust::unsigned`].
//! - It compiles, and its `expect` blocks hold; or it is a whole artifact, whose expectations held when it was compiled.
//! - A text ends with `end` in each of its files. Without, a text that was cut off could be taken for the whole.
//! - It has every name that the code uses.
//!
//! # Where versions come from
//! [`FileSource`]: a `.why` file with its imports, all of one time, or a `.whyc` file with its signature beside it.
//! [`BytesSource`]: what the program sets. [`Source`]: anything else. Artifacts are read into memory and never mapped: a file
//! that someone shortens would end the process.
//!
//! `PolicyStore::watch` reloads when files change. [`LivePolicy::reload`] does so on demand.
//!
//! # Promises
//! - No lock is held while code of the program is called: sources, resolvers of names, and what drops them.
//! - Code of the program that panics is a failure of that version.
//! - What is read is bounded, and so are messages and queues.
//! - A thread of the crate ends, and is waited for, when its `Watcher` is dropped.
//! - Nothing is asynchronous: a reload blocks the thread that calls it. `get` and `snapshot` never block.
//!
//! # Features
//! - `text` (default): policies from text. Without it, only artifacts and no compiler.
//! - `watch` (default): `PolicyStore::watch`.
//! - `diff`: `Change::diff`, what changed from one version to the next.
//! - `log` (default): `DecisionLog`, a log of decisions.
//! - `shadow`: `Shadow`, a candidate beside the live policy.
//! - `arrow`: `ArrowStream`, the log as streams of Arrow.
//! - `tracing`: `TracingSink`, the log as events of the crate `tracing`.
//! - `metrics`: `Metrics`, numbers for the crate `metrics`.
//!
//! # How it is made
//! `store` has the policies by name, `slot` one of them and its reload. `source` reads, `admit` judges, `published` resolves
//! names and swaps, `reader` reads. `signature`, `sequence` and `trust` say what is signed. `watch` calls `reload`. `log` writes
//! what was decided, `metrics` counts it, and `shadow` compares it with what a candidate would have said.

#![forbid(unsafe_code)]

mod admit;
#[cfg(feature = "diff")]
mod diff;
mod events;
mod failure;
mod live;
mod lock;
#[cfg(feature = "log")]
mod log;
#[cfg(feature = "metrics")]
mod metrics;
mod published;
mod reader;
mod sequence;
#[cfg(feature = "shadow")]
mod shadow;
mod signature;
mod slot;
mod source;
mod status;
mod store;
mod trust;
mod version;
#[cfg(feature = "watch")]
mod wake;
#[cfg(feature = "watch")]
mod watch;

pub use events::{Change, Event, Events};
pub use failure::{Failure, FailureKind};
pub use live::Live;
#[cfg(feature = "arrow")]
pub use log::ArrowStream;
#[cfg(feature = "tracing")]
pub use log::TracingSink;
#[cfg(feature = "log")]
pub use log::{
    Context, DecisionCounts, DecisionKey, DecisionLog, Entry, JsonLines, LogFolderError,
    LogOptions, LogStatus, LoggedDecision, LoggedShadow, Lost, ShadowResult, Sink, SinkError,
    UnknownName, WhenFull,
};
#[cfg(feature = "metrics")]
pub use metrics::Metrics;
pub use reader::{Reader, Readers};
pub use sequence::Sequences;
#[cfg(feature = "shadow")]
pub use shadow::{BothFacts, Disagreement, Shadow, ShadowRequest, ShadowStatus, ShadowVersions};
pub use signature::{
    NameError, ParseKeyError, PublicKey, SignatureError, Signed, TrustedComment,
    TrustedCommentError,
};
pub use slot::Reloaded;
#[cfg(feature = "text")]
pub use source::TextFiles;
pub use source::{BytesSource, Content, FileSource, Source};
pub use status::Status;
pub use store::{AddError, LivePolicy, PolicyStore};
pub use trust::Trust;
pub use version::Version;
#[cfg(feature = "watch")]
pub use watch::{WatchError, Watcher, Watching};

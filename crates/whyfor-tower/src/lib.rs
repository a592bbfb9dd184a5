//! A [whyfor](https://docs.rs/whyfor) policy in each request of a [tower](https://docs.rs/tower) or
//! [axum](https://docs.rs/axum) service.
//!
#![cfg_attr(feature = "axum", doc = "```")]
#![cfg_attr(not(feature = "axum"), doc = "```ignore")]
//! # use whyfor_serve::{FileSource, PolicyStore, Trust};
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! # let path = folder.join("shop.why");
//! # std::fs::copy("../../examples/shop.why", &path)?;
//! # let store = PolicyStore::new();
//! # let shop = store.add("shop", FileSource::new(path), Trust::unsigned().without_end())?;
//! # let readers = shop.names(|_| Ok(()))?;
//! # struct Session { age: u8 }
//! # #[derive(serde::Serialize)] struct Customer { email: &'static str, allergies: &'static str }
//! # let ada = Customer { email: "ada@example.org", allergies: "nuts" };
//! use std::sync::Arc;
//! use whyfor::{Act, Question};
//! use whyfor_serde::Prepared;
//! use whyfor_serve::{DecisionLog, JsonLines, LogOptions};
//! use whyfor_tower::{Denied, RequestPolicy, VisibleJson, WhyforLayer};
//!
//! // Once, around the routes: `Router::new().route(…).layer(layer)`. What waits in the log is written when its last `Arc` is dropped.
//! let log = Arc::new(DecisionLog::new(JsonLines::new(folder)?, LogOptions::default())?);
//! let layer = WhyforLayer::new(readers).log(Arc::clone(&log)).facts(|policy, parts| {
//!     let mut facts = policy.facts_builder().lenient();
//!     if let Some(session) = parts.extensions.get::<Session>() {
//!         let _ = facts.set("age", session.age); // a fact that the policy does not have stays unstated
//!     }
//!     facts.build()
//! });
//! let account = Prepared::new(Act::Use, "login");
//!
//! // In a handler of axum, which has the policy as an argument:
//! fn show(policy: RequestPolicy, account: &Prepared, customer: &Customer) -> Result<VisibleJson, Denied> {
//!     policy.permit(&Question::usage("email", "login"), &[])?; // logged; otherwise a 403
//!     Ok(policy.json(account, customer)) // only what the purpose may see
//! }
//! # let (parts, ()) = http::Request::new(()).into_parts();
//! # let json = show(layer.request(&parts), &account, &ada)?;
//! # assert_eq!(json.result().map(|json| json.text()), Ok(r#"{"email":"ada@example.org"}"#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # One request, one version
//! [`WhyforLayer`] puts a [`RequestPolicy`] into the extensions of each request. It has one version of the policy, the facts
//! of the request stated for that version, and the log. So a reload in the middle of a request changes nothing in it, ids
//! and facts never meet another policy, and a decision that is made through it is in the log.
//!
//! # What is answered
//! [`Denied`] is a response with status 403 and an `application/problem+json` body: its type, its title, its status. Which field was
//! asked for, and why it was denied, stays in the service. Reasons help whoever probes a service, and a missing fact can be
//! personal data itself. They are in the log of decisions, by the request's number.
//!
#![cfg_attr(
    feature = "axum",
    doc = "[`VisibleJson`] is a body that passed a view. Nothing else makes one: a handler that returns it cannot send a value around the policy."
)]
//!
//! # When not to use it
//! It decides nothing by itself: a handler that does not ask is not stopped. Whether a person may call a route at all is a
//! matter of authorization. A job without requests asks [`whyfor_serve`] directly.
//!
//! # Cost
//! For each request: some tens of nanoseconds for the version, a few small allocations, and what the program's functions cost.
//! Nothing is asynchronous, and no runtime is needed.
//!
//! # Features
//! - `axum` (default): [`RequestPolicy`] as an extractor, `Denied` as a response, `VisibleJson`. It needs `axum-core`, not `axum`.
//! - `shadow`: `WhyforLayer::shadow`, a candidate beside the live policy.
//!
//! # How it is made
//! `layer` makes a `request` of what each request brings. `decisions` asks and logs, `denied` is the answer no. `problem` is
//! the form of all errors. `extract` and `visible_json` are for axum.

#![forbid(unsafe_code)]

mod decisions;
mod denied;
#[cfg(feature = "axum")]
mod extract;
mod layer;
mod problem;
mod request;
#[cfg(feature = "axum")]
mod visible_json;

pub use decisions::Decisions;
pub use denied::Denied;
#[cfg(feature = "axum")]
pub use extract::MissingLayer;
pub use layer::{WhyforLayer, WhyforService};
pub use request::RequestPolicy;
#[cfg(feature = "axum")]
pub use visible_json::VisibleJson;

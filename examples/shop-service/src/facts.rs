//! The facts of a request: what its session says, as the policy understands it.

use crate::session::Session;
use axum::http::request::Parts;
use whyfor::{Facts, Policy};

/// States what is known. It cannot fail: what the policy does not understand stays unstated, which allows nothing.
///
/// The ledger of consents can be older than the policy, and name purposes that are gone. A lenient builder then leaves the
/// whole fact unstated. Leaving out only the unknown purpose could allow what the customer has refused: a refusal of
/// `marketing.telegrams` may have become one of `marketing`.
pub fn of_request(policy: &Policy, parts: &Parts) -> Facts {
    let mut facts = policy.facts_builder().lenient();
    if let Some(session) = parts.extensions.get::<Session>() {
        // An error says that the policy has no such fact, so nothing depends on it.
        let _ = facts.set("employee", session.is_staff());
        if let Session::Customer { consents, .. } = session {
            let _ = facts.set_purposes("consent", &consents.yes(), &consents.no());
        }
    }
    for error in facts.left_out() {
        eprintln!("a fact is not stated: {error}");
    }
    facts.build()
}

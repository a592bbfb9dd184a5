//! The newsletter: another company sends it, and gets the address of a customer who agreed.

use crate::policy::{Names, RequestPolicy};
use crate::problem::Failure;
use crate::session::Me;
use crate::shop::Shop;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use whyfor::Act;
use whyfor_tower::VisibleJson;

/// Answers with what the company gets; a real service sends it there.
pub async fn subscribe(
    State(shop): State<Arc<Shop>>,
    policy: RequestPolicy,
    Me(id): Me,
) -> Result<VisibleJson, Failure> {
    let Names { email, mailer, newsletter, .. } = *policy.names();
    policy.decisions().decide(Act::Share(mailer), email, newsletter).permit(&[])?;
    let customer = shop.customers.get(id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(policy.json(&shop.purposes.newsletter, &customer))
}

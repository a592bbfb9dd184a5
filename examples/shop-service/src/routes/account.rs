//! What customers see of themselves.

use crate::policy::{Names, RequestPolicy};
use crate::problem::Failure;
use crate::session::Me;
use crate::shop::Shop;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use whyfor::Act;
use whyfor_tower::VisibleJson;

pub async fn account(
    State(shop): State<Arc<Shop>>,
    policy: RequestPolicy,
    Me(id): Me,
) -> Result<VisibleJson, Failure> {
    let Names { email, account, .. } = *policy.names();
    policy.decisions().decide(Act::Use, email, account).permit(&[])?;
    let customer = shop.customers.get(id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(policy.json(&shop.purposes.account, &customer))
}

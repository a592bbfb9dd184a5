//! What the staff sees of a customer who has a question.

use crate::customers::CustomerId;
use crate::policy::{Names, RequestPolicy};
use crate::problem::Failure;
use crate::shop::Shop;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use std::sync::Arc;
use whyfor::Act;
use whyfor_tower::VisibleJson;

/// Whoever is no staff learns nothing, not even whether there is such a customer.
pub async fn customer(
    State(shop): State<Arc<Shop>>,
    policy: RequestPolicy,
    Path(id): Path<CustomerId>,
) -> Result<VisibleJson, Failure> {
    let Names { orders, support, .. } = *policy.names();
    policy.decisions().decide(Act::Use, orders, support).permit(&[])?;
    let customer = shop.customers.get(id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(policy.json(&shop.purposes.support, &customer))
}

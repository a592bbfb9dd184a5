//! What a customer agrees to. What comes in now must be understood now: a purpose that the policy does not know is refused.

use crate::consents::Consents;
use crate::policy::RequestPolicy;
use crate::problem::{Failure, Problem};
use crate::session::Me;
use crate::shop::Shop;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

pub async fn agree(
    State(shop): State<Arc<Shop>>,
    policy: RequestPolicy,
    Me(id): Me,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let consents: Consents =
        serde_json::from_slice(&body).map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    let mut strict = policy.policy().facts_builder();
    strict.set_purposes("consent", &consents.yes(), &consents.no()).map_err(|_| {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY);
        problem.with_detail("a purpose is unknown, or both agreed to and refused")
    })?;
    shop.customers.agree(id, consents);
    Ok(StatusCode::NO_CONTENT)
}

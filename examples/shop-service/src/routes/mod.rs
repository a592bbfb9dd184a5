//! What customers and staff can do.

mod account;
mod consent;
mod newsletter;
mod research;
mod sign_up;
mod support;

use crate::failures;
use crate::session;
use crate::shop::Shop;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post, put};
use std::sync::Arc;

pub fn all(shop: &Arc<Shop>) -> Router {
    Router::new()
        .route("/customers", post(sign_up::sign_up))
        .route("/customers/{id}", get(support::customer))
        .route("/me", get(account::account))
        .route("/me/consents", put(consent::agree))
        .route("/me/newsletter", post(newsletter::subscribe))
        .route("/exports/research", get(research::export))
        .layer(shop.policy.layer(&shop.log)) // reads the session
        .layer(from_fn(failures::report))
        .layer(from_fn_with_state(Arc::clone(shop), session::identify)) // so this comes before
        .with_state(Arc::clone(shop))
}

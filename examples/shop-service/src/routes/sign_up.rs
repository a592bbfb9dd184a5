//! Signing up: what the policy does not let the shop collect is refused, before a value is built of it.

use crate::customers::{CustomerId, Person};
use crate::policy::{Names, RequestPolicy};
use crate::problem::{Failure, Problem};
use crate::shop::Shop;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use whyfor::Act;

/// `?unwanted=drop` takes the rest of a body with fields that may not be collected: for clients that cannot be changed.
#[derive(Deserialize)]
pub struct Options {
    unwanted: Option<Unwanted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Unwanted {
    Drop,
}

#[derive(Serialize)]
pub struct Account {
    id: CustomerId,
    token: String,
}

pub async fn sign_up(
    State(shop): State<Arc<Shop>>,
    policy: RequestPolicy,
    Query(options): Query<Options>,
    body: Bytes,
) -> Result<(StatusCode, Json<Account>), Failure> {
    let Names { email, provided, account, .. } = *policy.names();
    policy.decisions().decide(Act::Collect(provided), email, account).permit(&[])?;

    let mut intake = shop.purposes.sign_up.intake(policy.policy(), policy.facts());
    if let Some(Unwanted::Drop) = options.unwanted {
        intake = intake.dropping();
    }
    let taken = intake.from_json::<Person>(&body).map_err(Problem::from)?;
    let token = token().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let id = shop.customers.add(token.clone(), taken.value);
    Ok((StatusCode::CREATED, Json(Account { id, token })))
}

/// A token that nobody guesses.
fn token() -> Result<String, getrandom::Error> {
    Ok(format!("{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?))
}

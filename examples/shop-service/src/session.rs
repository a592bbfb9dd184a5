//! Who asks. A layer finds out once for each request; handlers and facts read it from the request's extensions.

use crate::consents::Consents;
use crate::customers::CustomerId;
use crate::problem::Problem;
use crate::shop::Shop;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Who asks, by the token of the request. Without one there is no session.
#[derive(Clone)]
pub enum Session {
    Staff,
    Customer { id: CustomerId, consents: Consents },
}

impl Session {
    pub fn is_staff(&self) -> bool {
        matches!(self, Self::Staff)
    }

    fn find(shop: &Shop, parts: &Parts) -> Option<Self> {
        let token = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
        if shop.is_staff(token) {
            return Some(Self::Staff);
        }
        let (id, consents) = shop.customers.by_token(token)?;
        Some(Self::Customer { id, consents })
    }
}

/// The number of a request: in the log of decisions, and in the header `x-request-id` of the response. The service
/// counts; a number that a client chose could be personal data.
#[derive(Clone, Copy)]
pub struct RequestNumber(u64);

impl RequestNumber {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r-{}", self.0)
    }
}

/// The layer.
pub async fn identify(State(shop): State<Arc<Shop>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let number = RequestNumber::next();
    parts.extensions.insert(number);
    if let Some(session) = Session::find(&shop, &parts) {
        parts.extensions.insert(session);
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Ok(value) = HeaderValue::try_from(number.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// The customer who asks, as an argument of a handler; anyone else is answered with 401.
pub struct Me(pub CustomerId);

impl<S: Sync> FromRequestParts<S> for Me {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.extensions.get::<Session>() {
            Some(Session::Customer { id, .. }) => Ok(Self(*id)),
            _ => Err(Problem::new(StatusCode::UNAUTHORIZED)),
        }
    }
}

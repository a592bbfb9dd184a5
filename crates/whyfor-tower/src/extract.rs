//! The policy of a request as an argument of a handler.

use crate::problem::Problem;
use crate::request::RequestPolicy;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

/// The route is not inside a [`WhyforLayer`](crate::WhyforLayer) with these names: a mistake in the program, and a response with
/// status 500.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("the route has no `WhyforLayer` with names of this type around it")]
pub struct MissingLayer;

impl IntoResponse for MissingLayer {
    fn into_response(self) -> Response {
        let mut response: Response = Problem::Internal.response();
        response.extensions_mut().insert(self);
        response
    }
}

impl<S, N> FromRequestParts<S> for RequestPolicy<N>
where
    S: Sync,
    N: Send + Sync + 'static,
{
    type Rejection = MissingLayer;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, MissingLayer> {
        Self::of(&parts.extensions).cloned().ok_or(MissingLayer)
    }
}

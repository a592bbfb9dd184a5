//! What operators learn of an answer that is the service's own mistake: why a view failed. The client gets a 500 that says
//! nothing.

use crate::session::RequestNumber;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// The layer. The error has the name of a field in it, and no value.
pub async fn report(request: Request, next: Next) -> Response {
    let number = request.extensions().get::<RequestNumber>().copied();
    let response = next.run(request).await;
    let error = response.extensions().get::<whyfor_serde::Error>();
    if let (Some(number), Some(error)) = (number, error) {
        eprintln!("{number}: a view failed: {error}");
    }
    response
}

//! The form of all errors: `application/problem+json`, RFC 9457.
//!
//! A problem has a status and its standard title, and never anything about the request, the policy or a value.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

/// An error that a client may see.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Problem {
    /// The policy does not allow it.
    Forbidden,
    /// The service is wrong.
    #[cfg(feature = "axum")]
    Internal,
}

impl Problem {
    pub(crate) fn response<B: From<&'static str>>(self) -> Response<B> {
        let (status, body) = match self {
            Self::Forbidden => (
                StatusCode::FORBIDDEN,
                r#"{"type":"about:blank","title":"Forbidden","status":403}"#,
            ),
            #[cfg(feature = "axum")]
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                r#"{"type":"about:blank","title":"Internal Server Error","status":500}"#,
            ),
        };
        let mut response = Response::new(B::from(body));
        *response.status_mut() = status;
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        response
    }
}

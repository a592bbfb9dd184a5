//! The answer no.

use crate::problem::Problem;
use http::Response;
use whyfor::NotPermitted;

/// The policy does not allow what a request needs: a response with status 403 that does not say why.
///
/// `decision.permit(&[…])?` becomes one, in a handler that returns `Result<_, Denied>`. What the program may know is in
/// [`why`](Self::why), also in the extensions of the response, where a layer around it can count it.
///
/// ```
/// use whyfor::{Facts, Policy, Question};
/// use whyfor_tower::Denied;
/// # let policy = Policy::from_path("../../examples/shop.why")?;
/// let send = || -> Result<(), Denied> {
///     policy.ask(&Question::usage("email", "newsletter"), Facts::none()).permit(&["deidentify"])?;
///     Ok(())
/// };
/// let response: http::Response<String> = send().unwrap_err().response();
/// assert_eq!(response.status(), 403);
/// assert_eq!(response.body(), r#"{"type":"about:blank","title":"Forbidden","status":403}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct Denied(#[from] NotPermitted);

impl Denied {
    /// Why, for the program alone: the verdict, or the duties that it does not fulfil.
    ///
    /// ```
    /// use whyfor::{NotPermitted, Verdict};
    /// let denied = whyfor_tower::Denied::from(NotPermitted::Verdict(Verdict::Deny));
    /// assert_eq!(*denied.why(), NotPermitted::Verdict(Verdict::Deny));
    /// ```
    #[must_use]
    pub fn why(&self) -> &NotPermitted {
        &self.0
    }

    /// The response, with a body of any kind: for services without axum.
    ///
    /// ```
    /// # use whyfor::{NotPermitted, Verdict};
    /// # use whyfor_tower::Denied;
    /// let denied = Denied::from(NotPermitted::Verdict(Verdict::Deny));
    /// let response: http::Response<Vec<u8>> = denied.response();
    /// assert_eq!(response.headers()["content-type"], "application/problem+json");
    /// assert!(response.extensions().get::<Denied>().is_some()); // stays in the service
    /// ```
    #[must_use]
    pub fn response<B: From<&'static str>>(self) -> Response<B> {
        let mut response = Problem::Forbidden.response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(feature = "axum")]
impl axum_core::response::IntoResponse for Denied {
    fn into_response(self) -> axum_core::response::Response {
        self.response()
    }
}

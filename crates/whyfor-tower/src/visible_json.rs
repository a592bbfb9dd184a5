//! A body that passed a view.

use crate::problem::Problem;
use crate::request::RequestPolicy;
use axum_core::body::Body;
use axum_core::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use whyfor_serde::{Error, Json, Prepared, View};

/// A JSON response with only what a purpose allows. Only a view makes one, so a handler that returns it sends nothing
/// around the policy.
///
/// An error of the view is a response with status 500, without a value and without the name of a field. The error itself
/// is in [`result`](Self::result), and in the extensions of the response.
#[derive(Debug, Clone)]
#[must_use = "it is a response"]
pub struct VisibleJson(Result<Json, Error>);

impl VisibleJson {
    /// What a view shows of a value. [`RequestPolicy::json`] is shorter; this is for a view with choices of its own, such as
    /// nulls in the place of what is withheld.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use whyfor::{Act, Facts, Policy};
    /// use whyfor_serde::{Instead, Prepared};
    /// use whyfor_tower::VisibleJson;
    /// let policy = Policy::from_path("../../examples/shop.why")?;
    /// let login = Prepared::new(Act::Use, "login");
    /// let view = login.view(&policy, Facts::none()).denied(Instead::Null);
    /// let json = VisibleJson::new(&view, &BTreeMap::from([("email", "ada@example.org"), ("allergies", "nuts")]));
    /// assert_eq!(json.result().map(|json| json.text()), Ok(r#"{"allergies":null,"email":"ada@example.org"}"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new<T: Serialize + ?Sized>(view: &View<'_>, value: &T) -> Self {
        Self(view.to_json(value))
    }

    /// The JSON with the report of what was withheld, or why there is none: for the program alone.
    ///
    /// ```
    /// # use whyfor::{Act, Facts, Policy};
    /// # use whyfor_serde::Prepared;
    /// # use whyfor_tower::VisibleJson;
    /// # let policy = Policy::from_path("../../examples/shop.why")?;
    /// let login = Prepared::new(Act::Use, "login");
    /// let json = VisibleJson::new(&login.view(&policy, Facts::none()), &serde_json::json!({"allergies": "nuts"}));
    /// let report = json.result().map(|json| json.report().to_string());
    /// assert_eq!(report.as_deref(), Ok("`allergies`: denied\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The view's.
    pub fn result(&self) -> Result<&Json, &Error> {
        self.0.as_ref()
    }
}

impl<N> RequestPolicy<N> {
    /// What a purpose may see of a value, with the policy and the facts of this request.
    ///
    /// Its decisions are in the report, not in the log: a view asks once for many values.
    ///
    /// ```
    /// # use whyfor_serve::{FileSource, PolicyStore, Trust};
    /// # use whyfor_tower::WhyforLayer;
    /// # let source = FileSource::new("../../examples/shop.why");
    /// # let shop = PolicyStore::new().add("shop", source, Trust::unsigned().without_end())?;
    /// # let (parts, ()) = http::Request::new(()).into_parts();
    /// # let request = WhyforLayer::new(shop.names(|_| Ok(()))?).request(&parts);
    /// use whyfor::Act;
    /// use whyfor_serde::Prepared;
    /// let login = Prepared::new(Act::Use, "login"); // once
    /// let json = request.json(&login, &serde_json::json!({"email": "ada@example.org", "allergies": "nuts"}));
    /// assert_eq!(json.result().map(|json| json.text()), Ok(r#"{"email":"ada@example.org"}"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn json<T: Serialize + ?Sized>(&self, purpose: &Prepared, value: &T) -> VisibleJson {
        VisibleJson::new(&purpose.view(self.policy(), self.facts()), value)
    }
}

impl IntoResponse for VisibleJson {
    fn into_response(self) -> Response {
        match self.0 {
            Ok(json) => {
                let mut response = Response::new(Body::from(json.into_bytes()));
                let kind = HeaderValue::from_static("application/json");
                response.headers_mut().insert(CONTENT_TYPE, kind);
                response
            }
            Err(error) => {
                let mut response: Response = Problem::Internal.response();
                response.extensions_mut().insert(error);
                response
            }
        }
    }
}

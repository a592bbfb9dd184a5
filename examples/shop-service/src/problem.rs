//! Answers that are no success: `application/problem+json`.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use whyfor::NotPermitted;
use whyfor_serde::Problem as Wrong;
use whyfor_tower::Denied;

/// An error that is no denial.
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    /// For whoever sent it: the field as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Problem {
    pub fn new(status: StatusCode) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            field: None,
            detail: None,
        }
    }

    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = HeaderValue::from_static("application/problem+json");
        (status, [(CONTENT_TYPE, kind)], axum::Json(self)).into_response()
    }
}

/// What is sent may not be collected, or cannot be read. Its sender may know which field it was, and no more.
impl From<whyfor_serde::Error> for Problem {
    fn from(error: whyfor_serde::Error) -> Self {
        let (status, detail) = match error.problem() {
            Wrong::Denied | Wrong::Depends | Wrong::Owes(_) | Wrong::Unknown | Wrong::Ambiguous => {
                (StatusCode::UNPROCESSABLE_ENTITY, "it may not be collected".to_owned())
            }
            Wrong::Name(_) => return Self::new(StatusCode::INTERNAL_SERVER_ERROR),
            Wrong::Syntax => (StatusCode::BAD_REQUEST, Wrong::Syntax.to_string()),
            other => (StatusCode::UNPROCESSABLE_ENTITY, other.to_string()),
        };
        let field = Some(error.sent_path().to_owned()).filter(|field| !field.is_empty());
        Self { field, ..Self::new(status).with_detail(detail) }
    }
}

/// Why a handler gives no value: the policy says no, or something else is wrong.
pub enum Failure {
    Denied(Denied),
    Problem(Problem),
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Denied(denied) => denied.into_response(),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

impl From<NotPermitted> for Failure {
    fn from(reason: NotPermitted) -> Self {
        Self::Denied(reason.into())
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StatusCode> for Failure {
    fn from(status: StatusCode) -> Self {
        Self::Problem(Problem::new(status))
    }
}

//! What leaves a service: responses that say no more than they must.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use common::{parts_of, shop};
use http_body_util::BodyExt;
use serde_json::json;
use whyfor::{Act, Question};
use whyfor_serde::{Error, Prepared, Problem};
use whyfor_tower::{Denied, MissingLayer, RequestPolicy, VisibleJson, WhyforLayer};

fn request() -> RequestPolicy {
    let (shop, _) = shop();
    WhyforLayer::new(shop.names(|_| Ok(())).unwrap()).request(&parts_of("login"))
}

/// The status, the kind and the body of a response.
fn sent(response: Response) -> (u16, String, String) {
    let (parts, body) = response.into_parts();
    let bytes = pollster::block_on(body.collect()).unwrap().to_bytes();
    let kind = parts.headers["content-type"].to_str().unwrap().to_owned();
    (parts.status.as_u16(), kind, String::from_utf8(bytes.to_vec()).unwrap())
}

fn problem(status: u16, title: &str) -> (u16, String, String) {
    let body = format!(r#"{{"type":"about:blank","title":"{title}","status":{status}}}"#);
    (status, "application/problem+json".to_owned(), body)
}

#[test]
fn all_denials_look_the_same() {
    let request = request();
    let questions = [
        Question::usage("allergies", "login"),  // denied
        Question::usage("email", "newsletter"), // depends on a fact
        Question::usage("shoe_size", "login"),  // no such category
        Question::share("email", "x", "login"), // no such recipient
    ];
    for question in questions {
        let denied = request.permit(&question, &[]).unwrap_err();
        assert_eq!(sent(denied.into_response()), problem(403, "Forbidden"), "{question}");
    }
}

#[test]
fn why_it_is_denied_is_kept_inside() {
    let denied = request().permit(&Question::usage("allergies", "login"), &[]).unwrap_err();
    let response = denied.clone().into_response();
    assert_eq!(response.extensions().get::<Denied>(), Some(&denied));
}

#[test]
fn only_what_the_purpose_allows_leaves() {
    let login = Prepared::new(Act::Use, "login");
    let value =
        json!({"email": "ada@example.org", "phone": "1", "allergies": ["nuts"], "shoe_size": 44});
    let response = request().json(&login, &value).into_response();
    let body = r#"{"email":"ada@example.org"}"#.to_owned();
    assert_eq!(sent(response), (200, "application/json".to_owned(), body));
}

#[test]
fn an_error_of_a_view_has_no_value_and_no_field() {
    let names = [Prepared::new(Act::Use, "login"), Prepared::new(Act::Use, "logni")];
    let values = [json!("ada@example.org"), json!({"email": "ada@example.org"})];
    for (purpose, value) in names.iter().zip(&values) {
        let json = request().json(purpose, value);
        let error = json.result().unwrap_err().clone();
        let response = json.into_response();
        assert_eq!(response.extensions().get::<Error>(), Some(&error));
        assert_eq!(sent(response), problem(500, "Internal Server Error"));
    }
}

#[test]
fn a_value_that_fails_in_the_middle_sends_nothing_of_itself() {
    #[derive(serde::Serialize)]
    struct Customer {
        email: &'static str,
        #[serde(serialize_with = "fails")]
        phone: (),
    }
    fn fails<S: serde::Serializer>((): &(), _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("ada@example.org has no phone"))
    }
    let newsletter = Prepared::new(Act::Use, "newsletter").fulfilling(["deidentify"]);
    let request = request().with_facts(|policy| {
        policy.facts_builder().with("consent", true).map(whyfor::FactsBuilder::build)
    });
    let json =
        request.unwrap().json(&newsletter, &Customer { email: "ada@example.org", phone: () });
    assert_eq!(*json.result().unwrap_err().problem(), Problem::Unserializable);
    assert_eq!(sent(json.into_response()), problem(500, "Internal Server Error"));
}

#[test]
fn a_view_with_its_own_choices_is_a_response_too() {
    let (login, request) = (Prepared::new(Act::Use, "login"), request());
    let view = login.view(request.policy(), request.facts());
    let view = view.denied(whyfor_serde::Instead::Null);
    let response = VisibleJson::new(&view, &json!({"phone": "1"})).into_response();
    assert_eq!(sent(response).2, r#"{"phone":null}"#);
}

#[test]
fn a_handler_gets_the_policy_as_an_argument() {
    let mut parts = parts_of("login");
    parts.extensions.insert(request());
    let extracted = pollster::block_on(<RequestPolicy>::from_request_parts(&mut parts, &()));
    assert_eq!(extracted.unwrap().policy().name(), "shop");
}

#[test]
fn a_route_without_the_layer_is_an_error_of_the_service() {
    let mut parts = parts_of("login");
    let extracted = pollster::block_on(<RequestPolicy>::from_request_parts(&mut parts, &()));
    let missing = extracted.unwrap_err();
    assert!(matches!(missing, MissingLayer { .. }));
    assert_eq!(sent(missing.into_response()), problem(500, "Internal Server Error"));
}

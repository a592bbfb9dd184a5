//! What customers and staff can do, over HTTP: what is collected, shown and shared is what the policy allows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use common::{ADA, GRACE, STAFF, Service};
use serde_json::json;

const ALAN: &str =
    r#"{"name":"Alan","email":"alan@example.org","phone":"+44 1","age":41,"city":"London"}"#;

#[test]
fn signing_up_collects_what_may_be_collected() {
    let service = Service::start();
    let token = service.sign_up(ALAN);
    let account = service.get("/me", &token);
    let expected = json!({"id": 3, "name": "Alan", "email": "alan@example.org", "phone": "+44 1", "age": 41,
                          "city": "London", "orders": []});
    assert_eq!((account.status, account.json()), (200, expected));
}

#[test]
fn a_field_that_may_not_be_collected_is_refused() {
    let service = Service::start();
    for field in ["allergies", "shoe_size"] {
        let body = ALAN.replace("}", &format!(r#","{field}":"nuts"}}"#));
        let answer = service.post("/customers", "", &body);
        assert_eq!((answer.status, answer.kind.as_str()), (422, "application/problem+json"));
        let expected = json!({"type": "about:blank", "title": "Unprocessable Entity", "status": 422, "field": field,
                              "detail": "it may not be collected"});
        assert_eq!(answer.json(), expected);
    }
    assert_eq!(service.get("/customers/3", STAFF).status, 404, "nobody was added");
}

#[test]
fn a_field_that_may_not_be_collected_is_dropped_if_the_client_says_so() {
    let service = Service::start();
    let body = ALAN.replace("}", r#","allergies":"nuts"}"#);
    let answer = service.post("/customers?unwanted=drop", "", &body);
    assert_eq!(answer.status, 201);
    let account = service.get("/me", answer.json()["token"].as_str().unwrap()).json();
    assert_eq!((&account["email"], account.get("allergies")), (&json!("alan@example.org"), None));
}

#[test]
fn a_body_that_cannot_be_read_is_the_mistake_of_its_sender() {
    let service = Service::start();
    assert_eq!(service.post("/customers", "", "{").status, 400);
    let answer = service.post("/customers", "", r#"{"name":"Alan"}"#);
    assert_eq!(
        (answer.status, answer.json()["detail"].as_str()),
        (422, Some("the field `email` is missing"))
    );
}

#[test]
fn the_staff_sees_only_what_support_needs() {
    let service = Service::start();
    let answer = service.get("/customers/1", STAFF);
    let expected = json!({"id": 1, "name": "Ada", "email": "ada@example.org",
                          "orders": [{"product": "a kettle", "cents": 3900}]});
    assert_eq!((answer.status, answer.json()), (200, expected));
}

#[test]
fn whoever_is_no_staff_sees_no_customer_and_not_whether_there_is_one() {
    let service = Service::start();
    for token in ["", "no-token", ADA] {
        for path in ["/customers/1", "/customers/9"] {
            service.get(path, token).assert_denied();
        }
    }
}

#[test]
fn the_newsletter_needs_consent() {
    let service = Service::start();
    let token = service.sign_up(ALAN);
    service.post("/me/newsletter", &token, "").assert_denied();

    assert_eq!(service.put("/me/consents", &token, r#"{"yes":["newsletter"]}"#).status, 204);
    let answer = service.post("/me/newsletter", &token, "");
    let sent = json!({"email": "alan@example.org"});
    assert_eq!(
        (answer.status, answer.json()),
        (200, sent),
        "the company gets the address and no more"
    );

    assert_eq!(service.put("/me/consents", &token, r#"{"no":["marketing"]}"#).status, 204);
    service.post("/me/newsletter", &token, "").assert_denied();
}

#[test]
fn a_ledger_that_is_older_than_the_policy_allows_nothing_and_stops_nothing() {
    let service = Service::start();
    service.post("/me/newsletter", GRACE, "").assert_denied();
    assert_eq!(service.get("/me", GRACE).json()["email"], "grace@example.org");
    assert_eq!(service.put("/me/consents", GRACE, r#"{"yes":["newsletter"]}"#).status, 204);
    assert_eq!(service.post("/me/newsletter", GRACE, "").status, 200);
    assert!(service.stop().errors.contains("telegrams"), "operators learn what is not understood");
}

#[test]
fn consent_to_a_purpose_that_does_not_exist_is_refused() {
    let service = Service::start();
    let answer = service.put("/me/consents", ADA, r#"{"yes":["marketing.telegrams"]}"#);
    assert_eq!((answer.status, answer.kind.as_str()), (422, "application/problem+json"));
    assert_eq!(
        service.post("/me/newsletter", ADA, "").status,
        200,
        "what was agreed to before stays"
    );
}

#[test]
fn an_export_fulfils_its_duty_or_is_refused() {
    let service = Service::start();
    let answer = service.get("/exports/research", STAFF);
    let expected = json!([
        {"age_group": 30, "city": "London", "orders": [{"product": "a kettle", "cents": 3900}]},
        {"age_group": 40, "city": "Leeds", "orders": []},
    ]);
    assert_eq!((answer.status, answer.json()), (200, expected));
    service.get("/exports/research?detail=full", STAFF).assert_denied();
    service.get("/exports/research", ADA).assert_denied();
}

#[test]
fn without_a_session_there_is_no_account() {
    let service = Service::start();
    for token in ["", "no-token", STAFF] {
        let answer = service.get("/me", token);
        assert_eq!((answer.status, answer.kind.as_str()), (401, "application/problem+json"));
    }
}

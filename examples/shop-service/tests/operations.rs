//! What operators rely on: reloads, the log, numbers, and an orderly end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use common::{ADA, STAFF, Service, until};

const SUPPORT: &str = "use name, email, orders for support when employee";
const MORE: &str = "use name, email, city, orders for support when employee";

#[test]
fn a_policy_that_changes_on_disk_changes_answers_without_a_restart() {
    let service = Service::start();
    let city = || service.get("/customers/1", STAFF).json()["city"].clone();
    let (less, more) = (service.policy(), service.policy().replace(SUPPORT, MORE));
    assert!(city().is_null());
    service.write_policy(&more);
    until("support sees the city", || city() == "London");
    service.write_policy(&less);
    until("support does not see it any more", || city().is_null());
    assert_eq!(service.status_of_policy()["generation"], 3);
}

#[test]
fn a_broken_policy_keeps_the_old_answers_and_says_so() {
    let service = Service::start();
    let good = service.policy();
    let (first, second) = good.split_at(good.find("section research").unwrap());
    let broken = [
        ("a mistake", good.replace(SUPPORT, "use name emial for support"), "emial"),
        ("cut off", first.to_owned(), "end"),
        ("without a name that the code uses", good.replace("mailer", "sender"), "mailer"),
        ("an expectation fails", good.replace("allow use email", "deny use email"), "expect"),
    ];
    assert!(second.contains("end"));
    for (what, text, says) in broken {
        service.write_policy(&text);
        until(what, || {
            let error = service.status_of_policy()["last_error"].clone();
            error.as_str().is_some_and(|error| error.contains(says))
        });
        let status = service.status_of_policy();
        assert_eq!(status["generation"], 1, "{what}");
        assert_eq!(service.get("/customers/1", STAFF).json()["email"], "ada@example.org", "{what}");
        service.write_policy(&good);
        until("the error is gone", || service.status_of_policy()["last_error"].is_null());
    }
}

#[test]
fn the_log_has_the_decisions_and_nothing_of_a_person() {
    let service = Service::start();
    let canaries = [
        "canary-7f3a",
        "canary@example.org",
        "+99 555 0199",
        "Canaryville",
        "allergic-to-canaries",
    ];
    let [name, email, phone, city, allergy] = canaries;
    let body =
        format!(r#"{{"name":"{name}","email":"{email}","phone":"{phone}","city":"{city}"}}"#);
    let token = service.sign_up(&body);
    let refused = body.replace("}", &format!(r#","allergies":"{allergy}","{email}":1}}"#));
    assert_eq!(service.post("/customers", "", &refused).status, 422);
    assert_eq!(
        service.put("/me/consents", &token, &format!(r#"{{"yes":["{email}"]}}"#)).status,
        422
    );
    let denied = service.post("/me/newsletter", &token, "");
    denied.assert_denied();
    assert!(service.get("/customers/3", STAFF).body.contains(email));
    assert!(service.get("/me", &token).body.contains(phone));
    let (metrics, status) =
        (service.operations("/metrics").body, service.operations("/status").body);

    let stopped = service.stop();
    let decisions = stopped.decisions();
    let of = |act: &str, purpose: &str| {
        let is = |key: &str, value: &str, of: &serde_json::Value| of[key] == *value;
        decisions
            .iter()
            .filter(|d| is("act", act, d) && is("purpose", purpose, d))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("collect", "service.account").len(), 2);
    assert_eq!(of("use", "service.support").len(), 1);
    let [newsletter] = of("share", "marketing.newsletter")[..] else { panic!("{decisions:?}") };
    assert_eq!(newsletter["verdict"], "depends");
    assert_eq!(newsletter["missing"], serde_json::json!(["consent"]));
    assert_eq!(newsletter["party"], "mailer");
    assert_eq!(newsletter["context"]["request"].as_str(), denied.request.as_deref());

    let places = stopped.log.iter().map(|(path, text)| (path.display().to_string(), text));
    let others = [
        ("output", &stopped.output),
        ("errors", &stopped.errors),
        ("metrics", &metrics),
        ("status", &status),
    ];
    for (place, text) in places.chain(others.map(|(place, text)| (place.to_owned(), text))) {
        for canary in canaries.iter().chain([&token.as_str()]) {
            assert!(!text.contains(canary), "{canary} is in {place}");
        }
    }
}

#[test]
fn metrics_count_decisions_by_purpose_and_verdict() {
    let service = Service::start();
    service.get("/customers/1", STAFF);
    service.get("/customers/1", STAFF);
    service.get("/customers/1", ADA).assert_denied();
    service.get("/exports/research?detail=full", STAFF).assert_denied();
    let has = |line: &str| {
        let metrics = service.operations("/metrics").body;
        metrics.lines().any(|other| other == line)
    };
    let support = r#"whyfor_decisions_total{policy="shop",act="use",purpose="service.support""#;
    until("the allows are counted", || has(&format!(r#"{support},verdict="allow"}} 2"#)));
    until("the denial is counted", || has(&format!(r#"{support},verdict="deny"}} 1"#)));
    until("all are written", || has("whyfor_log_written_total 4"));
    assert!(has(r#"whyfor_version_generation{policy="shop"} 1"#));
    assert!(has(r#"whyfor_reload_failures_total{policy="shop"} 0"#));
}

#[test]
fn a_candidate_never_answers_and_its_disagreements_are_seen() {
    let service = Service::start_beside(Some(|policy| {
        policy.replace(SUPPORT, "use name, email for support when employee")
    }));
    assert_eq!(service.get("/customers/1", STAFF).json()["email"], "ada@example.org");
    service.get("/customers/1", ADA).assert_denied();
    let shadow = service.operations("/status").json()["shadow"].clone();
    assert_eq!(shadow["disagreements"][0]["shadow_denied"], 1, "{shadow}");
    assert_eq!(shadow["evaluated"], 2);
    let change = shadow["disagreements"][0]["change"].as_str().unwrap();
    assert!(change.contains("use orders for support"), "{change}");
    let counted = r#"whyfor_shadow_disagreements_total{policy="shop",result="shadow_denied"} 1"#;
    assert!(service.operations("/metrics").body.contains(counted));
    let stopped = service.stop();
    let logged: Vec<_> =
        stopped.decisions().into_iter().filter(|decision| !decision["shadow"].is_null()).collect();
    let [decision] = &logged[..] else { panic!("{logged:?}") };
    assert_eq!(decision["verdict"], "allow");
    assert_eq!(decision["shadow"]["result"], "shadow_denied");
}

#[test]
fn the_status_says_how_policy_and_log_do() {
    let service = Service::start();
    service.get("/customers/1", STAFF);
    until("the decision is written", || {
        service.operations("/status").json()["log"]["written"] == 1
    });
    let status = service.operations("/status").json();
    assert_eq!(
        (&status["policies"][0]["name"], &status["log"]["dropped"]),
        (&"shop".into(), &0.into())
    );
    assert_eq!(service.get("/status", STAFF).status, 404, "it is not for the public");
}

#[test]
fn an_orderly_end_leaves_no_decision_behind() {
    let service = Service::start();
    for _ in 0..50 {
        service.get("/customers/1", STAFF);
    }
    let stopped = service.stop();
    assert!(stopped.status.success(), "{:?}: {}", stopped.status, stopped.errors);
    assert_eq!(stopped.decisions().len(), 50);
    assert!(stopped.output.contains("50 decisions"), "{}", stopped.output);
}

//! What a layer gives to each request: one version, facts of that version, and the log.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use common::{Session, parts_of, shop, text};
use std::sync::Arc;
use tower::{Layer, ServiceExt, service_fn};
use whyfor::{Act, NotPermitted, Question, Verdict};
use whyfor_serve::{DecisionLog, JsonLines, LivePolicy, LogOptions};
use whyfor_tower::{Decisions, Denied, RequestPolicy, WhyforLayer};

const NEWSLETTER: Question<'static> =
    Question { act: Act::Use, field: "email", purpose: "newsletter" };

/// A layer that states the consents of a session.
fn layer(shop: &LivePolicy) -> WhyforLayer {
    WhyforLayer::new(shop.names(|_| Ok(())).unwrap()).facts(|policy, parts| {
        let mut facts = policy.facts_builder().lenient();
        if let Some(session) = parts.extensions.get::<Session>() {
            let _ = facts.set_purposes("consent", &[session.agreed_to], &[]);
        }
        facts.build()
    })
}

#[test]
fn a_request_keeps_its_version_while_the_policy_is_reloaded() {
    let (shop, source) = shop();
    let names = shop.names(|policy| Ok((policy.category("email")?, policy.purpose("login")?)));
    let layer = WhyforLayer::new(names.unwrap());
    let before = layer.request(&parts_of("newsletter"));

    source.set(text("category shoe_size never use email for login"));
    shop.reload().unwrap();
    let after = layer.request(&parts_of("newsletter"));

    let may = |request: &RequestPolicy<_>| {
        let (email, login) = *request.names();
        let by_ids = request.decisions().decide(Act::Use, email, login).is_allowed();
        assert_eq!(by_ids, request.ask(&Question::usage("email", "login")).is_allowed());
        by_ids
    };
    assert_eq!((may(&before), may(&after)), (true, false));
    assert_eq!((before.live().generation(), after.live().generation()), (1, 2));
}

#[test]
fn facts_come_from_the_request() {
    let (shop, _) = shop();
    let layer = layer(&shop);
    let may = |agreed_to| layer.request(&parts_of(agreed_to)).ask(&NEWSLETTER).is_allowed();
    assert!(may("newsletter"));
    assert!(!may("login"));
    assert!(!may("telegrams"), "a purpose that the policy does not know leaves the fact unstated");
}

#[test]
fn without_facts_nothing_is_stated() {
    let (shop, _) = shop();
    let layer = WhyforLayer::new(shop.names(|_| Ok(())).unwrap());
    let request = layer.request(&parts_of("newsletter"));
    assert_eq!(request.ask(&NEWSLETTER).verdict(), Verdict::Depends);
}

#[test]
fn other_facts_replace_those_of_the_request() {
    let (shop, _) = shop();
    let request = layer(&shop).request(&parts_of("newsletter"));
    let other = request.with_facts(|policy| {
        policy.facts_builder().with("consent", false).map(whyfor::FactsBuilder::build)
    });
    assert_eq!(other.unwrap().ask(&NEWSLETTER).verdict(), Verdict::Deny);
    assert!(request.ask(&NEWSLETTER).is_allowed());
}

#[test]
fn a_duty_that_is_not_fulfilled_is_denied() {
    let (shop, _) = shop();
    let request = layer(&shop).request(&parts_of("newsletter"));
    assert!(request.permit(&NEWSLETTER, &["deidentify"]).is_ok());
    let denied = request.permit(&NEWSLETTER, &[]).unwrap_err();
    assert_eq!(*denied.why(), NotPermitted::Duties(vec!["deidentify".to_owned()]));
}

#[test]
fn the_inner_service_finds_the_policy() {
    let (shop, _) = shop();
    let inner = service_fn(async |request: http::Request<&'static str>| {
        let policy = <RequestPolicy>::of(request.extensions()).unwrap();
        policy.permit(&NEWSLETTER, &["deidentify"])?;
        Ok::<_, Denied>(request.into_body())
    });
    let service = layer(&shop).layer(inner);
    let send = |agreed_to| {
        let request = http::Request::from_parts(parts_of(agreed_to), "body");
        pollster::block_on(service.clone().oneshot(request))
    };
    assert_eq!(send("newsletter"), Ok("body"));
    assert!(send("login").is_err());
}

#[test]
fn names_of_another_type_are_not_found() {
    let (shop, _) = shop();
    let mut parts = parts_of("newsletter");
    let policy = layer(&shop).request(&parts);
    parts.extensions.insert(policy);
    assert!(<RequestPolicy>::of(&parts.extensions).is_some());
    assert!(RequestPolicy::<u8>::of(&parts.extensions).is_none());
}

#[test]
fn every_decision_is_logged_with_the_fields_of_the_request() {
    let (shop, _) = shop();
    let folder = tempfile::tempdir().unwrap();
    let sink = JsonLines::new(folder.path()).unwrap();
    let log = Arc::new(DecisionLog::new(sink, LogOptions::default()).unwrap());
    let layer = layer(&shop)
        .log(Arc::clone(&log))
        .field("request", |_| Some("r-17".to_owned()))
        .field("trace", |_| None);

    let request = layer.request(&parts_of("newsletter"));
    let _ = request.ask(&NEWSLETTER);
    let _ = request.permit(&Question::usage("ada@example.org", "login"), &[]);
    let mut decisions = request.decisions();
    let _ = decisions.ask(&Question::usage("email", "login"));
    let policy = request.policy();
    let (email, login) = (policy.field("email").unwrap(), policy.purpose("login").unwrap());
    let _ = decisions.decide_field(Act::Use, &email, login);
    let _ = decisions.decide(Act::Use, email.categories()[0], login);
    drop(decisions);

    log.flush();
    let text = std::fs::read_to_string(folder.path().join("decisions.jsonl")).unwrap();
    assert_eq!((log.status().written, text.lines().count()), (5, 5));
    let has_fields = |line: &str| line.contains(r#""context":{"request":"r-17"}"#);
    assert!(text.lines().all(has_fields), "{text}");
    assert!(!text.contains("ada@"), "{text}");
}

#[test]
fn what_a_handler_keeps_can_go_to_another_thread() {
    fn is_kept<T: Send + Sync>() {}
    fn is_sent<T: Send>() {}
    is_kept::<WhyforLayer>();
    is_kept::<RequestPolicy>();
    is_sent::<Decisions<'_>>();
}

#[test]
fn a_request_in_a_log_shows_no_facts_and_no_fields() {
    let (shop, _) = shop();
    let layer = layer(&shop).field("request", |_| Some("r-17".to_owned()));
    let shown = format!("{:?}", layer.request(&parts_of("newsletter")));
    let expected = r#"RequestPolicy { name: "shop", generation: 1, is_logged: false, .. }"#;
    assert_eq!(shown, expected);
}

//! A candidate beside the policy of each request.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::sync::Arc;
use whyfor::{Act, FactError, Policy, Question};
use whyfor_serve::{
    BytesSource, DecisionLog, JsonLines, LivePolicy, LogOptions, PolicyStore, Shadow, TextFiles,
    Trust,
};
use whyfor_tower::{RequestPolicy, WhyforLayer};

const NAMES: &str =
    "category email category phone purpose ads fact age: number field \"*_mail\" is email";

fn policy(store: &PolicyStore, name: &str, statements: &str) -> LivePolicy {
    let text = format!("policy shop {NAMES} {statements} end");
    let source = BytesSource::new(TextFiles::new("shop.why", text));
    store.add(name, source, Trust::unsigned()).unwrap()
}

type Names = (whyfor::CategoryId, whyfor::PurposeId);

/// A request of somebody who is 17, and the shadow that it is asked in.
fn request(folder: &std::path::Path) -> (RequestPolicy<Names>, Arc<Shadow>, Arc<DecisionLog>) {
    let store = PolicyStore::new();
    let live = policy(&store, "shop", "use email for ads when age >= 18");
    let next = policy(&store, "next", "use email for ads when age >= 16");
    let shadow = Arc::new(Shadow::new(&live, &next).unwrap());
    let log =
        Arc::new(DecisionLog::new(JsonLines::new(folder).unwrap(), LogOptions::default()).unwrap());
    let names =
        live.names(|policy| Ok((policy.category("email")?, policy.purpose("ads")?))).unwrap();
    let age = |policy: &Policy| policy.facts_builder().with("age", 17).unwrap().build();
    let layer = WhyforLayer::new(names)
        .shadow(Arc::clone(&log), Arc::clone(&shadow))
        .facts(move |policy, _| age(policy));
    let (parts, ()) = http::Request::new(()).into_parts();
    (layer.request(&parts), shadow, log)
}

#[test]
fn every_way_to_ask_is_answered_by_the_policy_and_shadowed() {
    let folder = tempfile::tempdir().unwrap();
    let (request, shadow, log) = request(folder.path());
    let (email, ads) = *request.names();
    assert!(!request.ask(&Question::usage("work_mail", "ads")).is_allowed());
    assert!(request.permit(&Question::usage("email", "ads"), &[]).is_err());
    assert!(!request.decisions().decide(Act::Use, email, ads).is_allowed());
    let field = request.policy().field("email").unwrap();
    assert!(!request.decisions().decide_field(Act::Use, &field, ads).is_allowed());
    assert!(!request.ask(&Question::usage("phone", "ads")).is_allowed());
    let status = shadow.status();
    assert_eq!((status.evaluated, status.disagreements[0].shadow_allowed), (4, 4));
    log.flush();
    let text = std::fs::read_to_string(folder.path().join("decisions.jsonl")).unwrap();
    assert_eq!(text.matches("shadow_allowed").count(), 4, "{text}");
}

#[test]
fn other_facts_are_stated_for_both() {
    let folder = tempfile::tempdir().unwrap();
    let (request, shadow, _) = request(folder.path());
    let with_age = |age: u8| {
        let stated = request.with_facts(|policy| {
            Ok::<_, FactError>(policy.facts_builder().with("age", age)?.build())
        });
        stated.unwrap().ask(&Question::usage("email", "ads")).is_allowed()
    };
    assert_eq!((with_age(20), with_age(12)), (true, false));
    assert!(shadow.status().disagreements.is_empty());
    assert!(!with_age(16));
    assert_eq!(shadow.status().disagreements[0].count(), 1);
}

//! One prepared purpose for many requests: facts, reloads, threads, shapes of values.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod common;

use common::{policy, user};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use whyfor::{Act, Facts, Policy};
use whyfor_serde::{Layout, Prepared, Problem, View};

#[derive(Serialize)]
struct Patient {
    email: &'static str,
    diagnosis: &'static str,
}

const PATIENT: Patient = Patient { email: "ada@example.org", diagnosis: "CANARY" };

fn text<T: Serialize + ?Sized>(view: &View<'_>, value: &T) -> String {
    view.to_json(value).unwrap().text().to_owned()
}

fn support() -> Prepared {
    Prepared::new(Act::Use, "support")
}

#[test]
fn each_request_is_answered_by_its_own_facts() {
    let (policy, support) = (policy(), support());
    let consent = |given: bool| policy.facts_builder().with("consent", given).unwrap().build();
    let (yes, no) = (consent(true), consent(false));
    let whole = r#"{"email":"ada@example.org","diagnosis":"CANARY"}"#;
    let part = r#"{"email":"ada@example.org"}"#;
    for _ in 0..3 {
        assert_eq!(text(&support.view(&policy, &yes), &PATIENT), whole);
        assert_eq!(text(&support.view(&policy, Facts::none()), &PATIENT), part);
        assert_eq!(text(&support.view(&policy, &yes), &PATIENT), whole);
        assert_eq!(text(&support.view(&policy, &no), &PATIENT), part);
    }
}

#[test]
fn a_report_says_why_with_the_facts_of_its_request() {
    let (policy, support) = (policy(), support());
    let no = policy.facts_builder().with("consent", false).unwrap().build();
    let report = |facts| support.view(&policy, facts).report(&PATIENT).unwrap().to_string();
    assert_eq!(report(Facts::none()), "`diagnosis`: depends on `consent`\n");
    assert_eq!(report(&no), "`diagnosis`: denied\n");
    assert_eq!(report(Facts::none()), "`diagnosis`: depends on `consent`\n");
}

#[test]
fn a_duty_that_depends_on_facts_is_owed_by_request() {
    let policy = Policy::from_str(
        "policy p  category email  purpose research  fact minor  duty deidentify
         use email for research  require deidentify to use email when minor",
    )
    .unwrap();
    let research = Prepared::new(Act::Use, "research");
    let minor = |is: bool| policy.facts_builder().with("minor", is).unwrap().build();
    let (child, adult) = (minor(true), minor(false));
    let value = BTreeMap::from([("email", "ada@example.org")]);
    for _ in 0..2 {
        assert_eq!(text(&research.view(&policy, &child), &value), "{}");
        assert_eq!(text(&research.view(&policy, &adult), &value), r#"{"email":"ada@example.org"}"#);
        assert_eq!(text(&research.view(&policy, Facts::none()), &value), "{}");
    }
}

#[test]
fn another_version_of_a_policy_is_asked_anew() {
    let old = Policy::from_str(
        "policy p  category email  category phone  purpose support  use email for support",
    )
    .unwrap();
    let new = Policy::from_str(
        "policy p  category phone  category email  purpose support  use phone for support",
    )
    .unwrap();
    let support = support().meaning("mail", "email");
    let value = json!({"email": "E", "phone": "P", "mail": "M"});
    for _ in 0..3 {
        assert_eq!(text(&support.view(&old, Facts::none()), &value), r#"{"email":"E","mail":"M"}"#);
        assert_eq!(text(&support.view(&new, Facts::none()), &value), r#"{"phone":"P"}"#);
    }
}

#[test]
fn facts_of_another_version_count_as_unstated() {
    let (policy, support) = (policy(), support());
    let other = Policy::from_str(&common::POLICY.replace("Clinic", "Hospital")).unwrap();
    assert_ne!(policy.digest(), other.digest());
    let facts = other.facts_builder().with("consent", true).unwrap().build();
    let part = r#"{"email":"ada@example.org"}"#;
    assert_ne!(text(&support.view(&other, &facts), &PATIENT), part);
    assert_eq!(text(&support.view(&policy, &facts), &PATIENT), part);
}

#[test]
fn a_version_without_a_name_of_the_program_is_an_error_until_it_has_it_again() {
    let (policy, support) = (policy(), support());
    let other = Policy::from_str("policy p  category email  purpose billing").unwrap();
    assert!(support.check(&policy).is_ok());
    assert!(matches!(support.check(&other).unwrap_err().problem(), Problem::Name(_)));
    for _ in 0..2 {
        assert!(support.view(&policy, Facts::none()).to_json(&user()).is_ok());
        let error = support.view(&other, Facts::none()).to_json(&user()).unwrap_err();
        assert_eq!(error.to_string(), "no purpose is named `support`");
    }
}

#[test]
fn threads_with_different_facts_and_versions_get_their_own_answers() {
    let (policy, support) = (policy(), support());
    let other = Policy::from_str(
        "policy p  category diagnosis  purpose support  use diagnosis for support",
    )
    .unwrap();
    let yes = policy.facts_builder().with("consent", true).unwrap().build();
    let cases = [
        (&policy, &yes, r#"{"email":"ada@example.org","diagnosis":"CANARY"}"#),
        (&policy, Facts::none(), r#"{"email":"ada@example.org"}"#),
        (&other, Facts::none(), r#"{"diagnosis":"CANARY"}"#),
    ];
    std::thread::scope(|scope| {
        for at in 0..6 {
            let (cases, support) = (&cases, &support);
            scope.spawn(move || {
                for round in 0..300 {
                    let (policy, facts, expected) = cases[(at + round) % cases.len()];
                    assert_eq!(text(&support.view(policy, facts), &PATIENT), expected);
                }
            });
        }
    });
}

#[test]
fn what_a_view_says_besides_stays_with_the_view() {
    let (policy, support) = (policy(), support());
    let wider = support.view(&policy, Facts::none()).structural(["ssn"]);
    assert!(text(&wider, &user()).contains("CANARY-SSN"));
    assert!(!text(&support.view(&policy, Facts::none()), &user()).contains("CANARY-SSN"));
}

#[test]
fn a_view_and_an_intake_of_one_purpose_answer_alike() {
    let policy = policy();
    let sign_up = Prepared::new(Act::Collect(Some("provided")), "support");
    let yes = policy.facts_builder().with("consent", true).unwrap().build();
    let sent = br#"{"diagnosis":"flu"}"#;
    for _ in 0..2 {
        let taken = sign_up.intake(&policy, &yes).from_json::<Value>(sent).unwrap();
        assert_eq!(text(&sign_up.view(&policy, &yes), &taken.value).as_bytes(), sent);
        let error = sign_up.intake(&policy, Facts::none()).from_json::<Value>(sent).unwrap_err();
        assert_eq!(*error.problem(), Problem::Depends);
        assert_eq!(text(&sign_up.view(&policy, Facts::none()), &taken.value), "{}");
    }
}

/// A field that is of another shape each time.
#[derive(Serialize)]
struct Shapes {
    nickname: Shape,
    events: Shape,
    ssn: Shape,
}

#[derive(Clone, Serialize)]
#[serde(untagged)]
enum Shape {
    Text(&'static str),
    None,
    Some(Option<u8>),
    List(Vec<Shape>),
    Inner { ssn: &'static str },
    Seen { nickname: &'static str, ssn: &'static str },
}

#[test]
fn a_field_of_another_shape_is_shown_as_any_format_of_names_shows_it() {
    let shapes = [
        Shape::Text("ada"),
        Shape::None,
        Shape::Some(Some(1)),
        Shape::List(vec![Shape::Text("a"), Shape::Inner { ssn: "CANARY" }]),
        Shape::List(Vec::new()),
        Shape::Inner { ssn: "CANARY" },
        Shape::Seen { nickname: "ada", ssn: "CANARY" },
    ];
    let policy = policy();
    for first in &shapes {
        for second in &shapes {
            // The second meets what the first left.
            let support = support();
            for shape in [first, second, first] {
                let own = || shape.clone();
                let value = Shapes { nickname: own(), events: own(), ssn: own() };
                let view = support.view(&policy, Facts::none()).layout(Layout::Named);
                let json = view.to_json(&value).unwrap();
                assert_eq!(json.text(), serde_json::to_string(&view.serialize(&value)).unwrap());
                assert_eq!(json.report(), &view.report(&value).unwrap());
                assert!(!json.text().contains("CANARY"), "{}", json.text());
            }
        }
    }
}

#[test]
fn more_threads_than_are_remembered_are_answered() {
    let (policy, support) = (policy(), support());
    let barrier = std::sync::Barrier::new(40);
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                barrier.wait();
                let json = text(&support.view(&policy, Facts::none()), &user());
                assert_eq!(json, r#"{"email":"ada@example.org","nickname":"ada","visits":7}"#);
            });
        }
    });
}

//! The conformance cases: random policies with questions and the decisions that the language gives
//! them, through the table, the artifact read back, and the reference interpreter.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "tests"
)]

#[allow(dead_code, reason = "the random policies are for other tests")]
mod common;

use common::{Asked, Party, answer};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use whyfor::reference::{self, Answer, Stated, StatedFacts};
use whyfor::{Limit, Model, Policy, Verdict};

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().map(|list| list.iter().map(text).collect()).unwrap_or_default()
}

fn question(line: &str) -> (Asked, StatedFacts) {
    let object: Value = serde_json::from_str(line).unwrap();
    let party = match object["act"].as_str().unwrap() {
        "use" => Party::Use,
        "collect" => Party::Collect(object.get("by").map(text)),
        _ => Party::Share(object.get("with").map(text)),
    };
    let mut facts = BTreeMap::new();
    for (name, value) in object["facts"].as_object().into_iter().flatten() {
        let stated = match value {
            Value::Bool(value) => Stated::YesNo(*value),
            Value::Number(value) => Stated::Number(value.as_f64().unwrap()),
            Value::String(value) => Stated::Choice(value.clone()),
            other => Stated::Purposes { yes: texts(&other["yes"]), no: texts(&other["no"]) },
        };
        facts.insert(name.clone(), stated);
    }
    (Asked { party, field: text(&object["field"]), purpose: text(&object["for"]) }, facts)
}

fn limits(value: &Value) -> Vec<Limit> {
    let limit = |limit: &Value| match limit.get("until") {
        Some(until) => Limit::Until { until: text(until) },
        None => Limit::Period {
            period: text(&limit["period"]).parse().unwrap(),
            after: limit.get("after").map(text),
        },
    };
    value.as_array().into_iter().flatten().map(limit).collect()
}

fn expected(line: &str) -> Answer {
    let object: Value = serde_json::from_str(line).unwrap();
    Answer {
        verdict: match object["decision"].as_str().unwrap() {
            "allow" => Verdict::Allow,
            "depends" => Verdict::Depends,
            _ => Verdict::Deny,
        },
        duties: texts(&object["duties"]).into_iter().collect(),
        bases: texts(&object["bases"]).into_iter().collect(),
        unbased: object["unbased"].as_bool().unwrap_or(false),
        retain: limits(&object["retain"]),
        retain_at_least: limits(&object["retain_at_least"]),
        retain_days: object["retain_days"].as_u64(),
        optional: object["optional"].as_bool().unwrap_or(false),
    }
}

#[test]
fn every_case_is_decided_as_expected_in_every_way() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let mut count = 0;
    for case in 1..=30 {
        let case = folder.join(case.to_string());
        let model = Model::from_path(case.join("policy.why")).unwrap_or_else(|d| panic!("{d}"));
        let policy = Policy::compile(&model).unwrap();
        let artifact = Policy::from_artifact(policy.as_bytes()).unwrap();
        let questions = std::fs::read_to_string(case.join("questions.jsonl")).unwrap();
        let answers = std::fs::read_to_string(case.join("expected.jsonl")).unwrap();
        assert_eq!(questions.lines().count(), answers.lines().count());
        for (line, wanted) in questions.lines().zip(answers.lines()) {
            let ((asked, facts), wanted) = (question(line), expected(wanted));
            let place = format!("{}: {line}", case.display());
            assert_eq!(reference::decide(&model, &asked.question(), &facts), wanted, "{place}");
            assert_eq!(answer(&policy, &asked, &facts), wanted, "{place}");
            assert_eq!(answer(&artifact, &asked, &facts), wanted, "{place}");
            count += 1;
        }
    }
    assert_eq!(count, 1800);
}

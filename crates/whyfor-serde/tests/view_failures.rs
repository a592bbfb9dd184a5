//! Values that fail, that change while they are shown, that are too deep, or whose names say too much.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod common;

use common::{policy, shown, support};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::BTreeMap;
use whyfor::{Act, Facts};
use whyfor_serde::{Instead, Layout, PolicyExt, Problem};

#[test]
fn a_value_that_fails_is_an_error_without_what_it_says() {
    struct Fails;
    impl Serialize for Fails {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("cannot write CANARY"))
        }
    }
    #[derive(Serialize)]
    struct Holds {
        events: BTreeMap<&'static str, Fails>,
    }
    let policy = policy();
    let value = Holds { events: BTreeMap::from([("CANARY", Fails)]) };
    let error = support(&policy).to_json(&value).unwrap_err();
    assert_eq!((error.path(), error.problem()), ("events.*", &Problem::Unserializable));
    assert!(!format!("{error}{error:?}").contains("CANARY"));
    let view = support(&policy).layout(Layout::Named);
    let error = serde_yaml::to_string(&view.serialize(&value)).unwrap_err().to_string();
    assert!(error.contains("`events.*`") && !error.contains("CANARY"), "{error}");
}

#[test]
fn a_value_that_fails_only_the_second_time_is_an_error_without_what_it_says() {
    struct Fails(Cell<u8>);
    impl Serialize for Fails {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.set(self.0.get() + 1);
            if self.0.get() == 2 {
                return Err(S::Error::custom("cannot write CANARY"));
            }
            serializer.serialize_u8(1)
        }
    }
    let policy = policy();
    let error =
        support(&policy).to_json(&BTreeMap::from([("email", Fails(Cell::new(0)))])).unwrap_err();
    assert_eq!(error.to_string(), "`email`: it cannot be serialized");
}

#[test]
fn a_value_that_changes_between_the_passes_shows_nothing_more() {
    /// Another value each time.
    struct Changes(Cell<usize>, Vec<Value>);
    impl Serialize for Changes {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let at = self.0.replace(self.0.get() + 1);
            self.1[at % self.1.len()].serialize(serializer)
        }
    }
    let cases = [
        [json!({"email": 1}), json!({"phone": "CANARY"})],
        [json!({"email": 1}), json!({"email": 1, "phone": "CANARY"})],
        [json!({"email": 1, "visits": 2}), json!({"email": 1})],
        [json!({"email": {"x": 1}}), json!({"email": {"ssn": "CANARY"}})],
        [json!({"email": 1}), json!({"email": {"ssn": "CANARY"}})],
        [json!({"email": null}), json!({"email": ["CANARY"]})],
        [json!({"email": []}), json!({"email": [{"ssn": "CANARY"}]})],
        [json!({"email": [1]}), json!({"email": [1, {"ssn": "CANARY"}]})],
    ];
    let policy = policy();
    for values in cases {
        for instead in [Instead::LeaveOut, Instead::Null, Instead::Fixed] {
            let changes = |first| Changes(Cell::new(first), values.to_vec());
            let view = support(&policy).denied(instead).layout(Layout::Named);
            let error = serde_json::to_string(&view.serialize(&changes(0))).unwrap_err();
            assert!(error.to_string().contains(&Problem::Changed.to_string()), "{values:?}");
            for first in 0..2 {
                let json = view.to_json(&changes(first));
                assert!(json.is_err() || !json.unwrap().text().contains("CANARY"), "{values:?}");
            }
        }
    }
}

#[test]
fn a_null_that_becomes_a_value_without_a_name_is_an_error() {
    struct Appears(Cell<bool>);
    impl Serialize for Appears {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            if self.0.replace(true) {
                serializer.serialize_str("CANARY")
            } else {
                serializer.serialize_none()
            }
        }
    }
    let policy = policy();
    let error = support(&policy).to_json(&Appears(Cell::new(false))).unwrap_err();
    assert_eq!(*error.problem(), Problem::Nameless);
}

#[test]
fn deep_values_are_an_error() {
    let policy = policy();
    let nest = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    assert!(support(&policy).to_json(&json!({"email": nest(119)})).is_ok());
    let error = support(&policy).to_json(&json!({"email": nest(120)})).unwrap_err();
    assert_eq!((error.path(), error.problem()), ("email", &Problem::TooDeep));
}

#[test]
fn keys_that_clients_choose_fill_no_memory_and_no_report() {
    let policy = policy();
    let view = support(&policy);
    for round in 0..3 {
        let keys: BTreeMap<String, u32> =
            (0..10_000).map(|key| (format!("{round}-{key}@example.org"), key)).collect();
        let value = json!({"events": keys, "strangers": keys, "email": 1});
        let json = view.to_json(&value).unwrap();
        assert_eq!(json.text().matches("@example.org").count(), 10_000);
        assert_eq!(json.report().withheld().len(), 1);
        assert_eq!(json.report().to_string(), "`*.*`: no category has this name (10000 values)\n");
    }
    assert!(format!("{view:?}").len() < 5_000_000);
}

#[test]
fn a_report_has_no_values_and_no_keys_of_clients() {
    let policy = policy();
    let view = support(&policy);
    let value = json!({
        "CANARY": 1, "phone": ["CANARY", "CANARY"], "CANARY2": {"ssn": "CANARY"}, "diagnosis": "CANARY",
    });
    let report = view.report(&value).unwrap();
    let mut lines: Vec<String> = report.withheld().iter().map(ToString::to_string).collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "`*.ssn`: no category has this name",
            "`*`: no category has this name",
            "`diagnosis`: depends on `consent`",
            "`phone`: denied (2 values)",
        ]
    );
    assert!(!format!("{report:?}").contains("CANARY"));
    let phone = report.withheld().iter().find(|line| line.path() == "phone").unwrap();
    assert_eq!(
        view.outcomes(phone)[0].reasons[0].message,
        "no statement permits it for `contact.phone`, `support`"
    );
}

#[test]
fn keys_without_a_name_are_left_out() {
    let policy = policy();
    let value = BTreeMap::from([((1, 2), "CANARY")]);
    let view = support(&policy).layout(Layout::Named).named("events");
    let report = view.report(&value).unwrap();
    assert_eq!(report.to_string(), "`events`: its contents cannot be read\n");
    assert_eq!(serde_yaml::to_string(&view.serialize(&value)).unwrap(), "{}\n");
}

#[test]
fn long_names_are_withheld() {
    let policy = policy();
    let view = support(&policy);
    let value =
        json!({"events": {"x".repeat(2_000): 1, format!("{}ssn", ".".repeat(500)): 2, "y": 3}});
    assert_eq!(shown(&view, &value), json!({"events": {"y": 3}}));
}

#[test]
fn a_misspelt_name_in_the_program_is_an_error() {
    let policy = policy();
    let cases = [
        (policy.view(Act::Use, "suport", Facts::none()), "no purpose is named `suport`"),
        (
            policy.view(Act::Share(Some("lap")), "research", Facts::none()),
            "no recipient is named `lap`",
        ),
        (support(&policy).meaning("x", "emial"), "no field or category is named `emial`"),
    ];
    for (view, message) in cases {
        assert_eq!(view.to_json(&json!({})).unwrap_err().to_string(), message);
    }
}

//! Values that a format passes through `serde` under private names: they are what they stand for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod common;

use ciborium::Value as Cbor;
use common::{policy, shown, support};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use whyfor::Act;
use whyfor_serde::{HashKey, Instead, Layout, PolicyExt, Problem};

const NUMBER: &str = "$serde_json::private::Number";

/// A struct with one text, as a format writes it: its name, the name of its field, the text.
struct Private(&'static str, &'static str, &'static str);

impl Serialize for Private {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut private = serializer.serialize_struct(self.0, 1)?;
        private.serialize_field(self.1, self.2)?;
        private.end()
    }
}

/// A number of `serde_json` with its feature `arbitrary_precision`.
const fn number(text: &'static str) -> Private {
    Private(NUMBER, NUMBER, text)
}

/// A date of `toml`.
const fn date(text: &'static str) -> Private {
    Private("$__toml_private_Datetime", "$__toml_private_datetime", text)
}

#[test]
fn a_number_or_a_date_under_a_private_name_is_a_value_without_parts() {
    let policy = policy();
    let view = support(&policy).structural(["id"]);
    for (value, key) in [(number("1.50"), NUMBER), (date("2026-01-02"), "$__toml_private_datetime")]
    {
        let text = value.2;
        let value =
            BTreeMap::from([("id", &value), ("email", &value), ("phone", &value), ("x", &value)]);
        // Written as by `serde_json` alone, which has no such feature here.
        let expected = json!({"id": {key: text}, "email": {key: text}});
        assert_eq!(shown(&view, &value), expected);
        let report = view.report(&value).unwrap();
        assert_eq!(report.to_string(), "`phone`: denied\n`*`: no category has this name\n");
        assert_eq!(shown(&support(&policy).named("phone"), value["id"]), json!(null));
    }
}

#[test]
fn a_number_under_a_private_name_is_masked_as_a_number() {
    let policy = policy();
    let key = HashKey::new(b"sixteen bytes or more").unwrap();
    let masked = |instead, value: &Private| {
        let view = support(&policy).denied(instead);
        shown(&view, &BTreeMap::from([("email", value), ("phone", value)]))["phone"].clone()
    };
    assert_eq!(masked(Instead::Null, &number("1.50")), json!(null));
    assert_eq!(masked(Instead::Fixed, &number("1.50")), json!({NUMBER: "0"}));
    assert_eq!(masked(Instead::Hash(key.clone()), &number("1.5")).as_str().unwrap().len(), 32);
    let fixed = masked(Instead::Fixed, &date("2026-01-02"));
    assert_eq!(fixed, json!({"$__toml_private_datetime": "1970-01-01T00:00:00Z"}));
}

#[test]
fn a_number_that_comes_in_as_a_map_is_a_value_without_parts() {
    let policy = policy();
    let intake = || policy.intake(Act::Collect, "provided", "support").structural(["id"]);
    let sent = json!({"id": {NUMBER: "1.50"}, "email": [{NUMBER: "2.5"}], "nickname": 1});
    let taken = intake().from_json::<Value>(sent.to_string().as_bytes()).unwrap();
    assert_eq!(taken.value, sent);
    let sent = json!({"email": 1, "phone": {NUMBER: "2.5"}, "x": {NUMBER: "2.5"}}).to_string();
    let error = intake().from_json::<Value>(sent.as_bytes()).unwrap_err();
    assert_eq!((error.path(), error.problem()), ("phone", &Problem::Denied));
    let taken = intake().dropping().from_json::<Value>(sent.as_bytes()).unwrap();
    assert_eq!(taken.value, json!({"email": 1}));
}

#[test]
fn nothing_comes_in_behind_the_name_of_a_number() {
    let policy = policy();
    let intake = policy.intake(Act::Collect, "provided", "support").dropping();
    for contents in [json!({"ssn": "CANARY"}), json!(["CANARY"]), json!({NUMBER: "1"})] {
        let sent = json!({"email": {NUMBER: contents}}).to_string();
        assert!(intake.from_json::<Value>(sent.as_bytes()).is_err(), "{sent}");
    }
    let sent = format!(r#"{{"email": {{"{NUMBER}": "1", "ssn": "CANARY"}}}}"#);
    assert!(intake.from_json::<Value>(sent.as_bytes()).is_err());
    // Not the first key: a key like any other.
    let sent = format!(r#"{{"events": {{"a": 1, "{NUMBER}": "CANARY"}}, "email": 1}}"#);
    let taken = intake.from_json::<Value>(sent.as_bytes()).unwrap();
    assert_eq!(taken.value, json!({"email": 1}));
}

fn cbor(entries: &[(&str, Cbor)]) -> Cbor {
    Cbor::Map(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
}

fn tagged(value: impl Into<Cbor>) -> Cbor {
    Cbor::Tag(37, Box::new(value.into()))
}

#[test]
fn a_tag_of_cbor_is_no_part_of_a_path() {
    let policy = policy();
    let view = support(&policy).structural(["id", "items"]).layout(Layout::Named);
    let value = cbor(&[
        ("id", tagged("seven")),
        (
            "items",
            tagged(cbor(&[("email", tagged("a")), ("phone", tagged("CANARY")), ("id", 7.into())])),
        ),
        ("email", tagged(tagged("b"))),
        ("contact", tagged(cbor(&[("email", 1.into()), ("phone", 2.into())]))),
        ("phone", cbor(&[("id", tagged("CANARY")), ("email", tagged("CANARY"))])),
        ("stranger", tagged(cbor(&[("id", tagged("CANARY")), ("email", tagged("CANARY"))]))),
        ("ssn", tagged("CANARY")),
    ]);
    let mut bytes = Vec::new();
    ciborium::into_writer(&view.serialize(&value), &mut bytes).unwrap();
    let expected = cbor(&[
        ("id", tagged("seven")),
        ("items", tagged(cbor(&[("email", tagged("a")), ("id", 7.into())]))),
        ("email", tagged(tagged("b"))),
        ("contact", tagged(cbor(&[("email", 1.into())]))),
    ]);
    assert_eq!(ciborium::from_reader::<Cbor, _>(bytes.as_slice()).unwrap(), expected);
    let whole = support(&policy).report(&tagged(cbor(&[("email", 1.into())]))).unwrap();
    assert!(whole.is_empty(), "{whole}");
}

#[test]
fn what_stands_for_a_tagged_value_has_no_tag() {
    let policy = policy();
    let key = HashKey::new(b"sixteen bytes or more").unwrap();
    for instead in [Instead::Null, Instead::Fixed, Instead::Hash(key)] {
        let view = support(&policy).denied(instead);
        let value = cbor(&[("phone", tagged("CANARY")), ("email", tagged("a"))]);
        let json = shown(&view, &value);
        assert!(json["phone"].is_null() || json["phone"].is_string(), "{json}");
        assert!(!json.to_string().contains("CANARY"));
        assert_eq!(json["email"], json!({"@@TAGGED@@": [37, "a"]}));
    }
}

#[test]
fn a_value_that_may_have_a_tag_is_decided_with_and_without_one() {
    let policy = policy();
    let value = |tag| {
        let captured = |text| ciborium::tag::Captured(tag, text);
        BTreeMap::from([("email", captured("a")), ("phone", captured("CANARY"))])
    };
    let view = support(&policy);
    assert_eq!(shown(&view, &value(None)), json!({"email": {"@@UNTAGGED@@": "a"}}));
    assert_eq!(shown(&view, &value(Some(0))), json!({"email": {"@@TAGGED@@": [0, "a"]}}));
}

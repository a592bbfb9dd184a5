//! Which values a view shows, by their paths.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod common;

use common::{policy, shown, support, user};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Value, json, value::RawValue};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use whyfor::{Act, Facts, Policy};
use whyfor_serde::{HashKey, Instead, PolicyExt, Problem, Spelling, View, Why};

#[test]
fn a_nested_value_is_shown_by_the_rule_of_nested_columns() {
    let cases = [
        // The path names a category, and so do the paths around it.
        (json!({"contact": {"email": 1, "phone": 2}}), json!({"contact": {"email": 1}})),
        // The end of an unknown path does not count: it may be anyone's.
        (json!({"stranger": {"email": 1}}), json!({})),
        // It counts below something that is known, which must be allowed too.
        (
            json!({"events": {"ssn": 1, "email": 2, "note": 3}}),
            json!({"events": {"email": 2, "note": 3}}),
        ),
        (json!({"ssn": {"email": 1}}), json!({})),
        // A step without a name is a step.
        (
            json!({"": {"email": 1}, "events": {"": {"ssn": 2, "x": 3}}}),
            json!({"events": {"": {"x": 3}}}),
        ),
        (
            json!({"events": {"deep": {"contact": {"phone": 1}, "x": 2}}}),
            json!({"events": {"deep": {"x": 2}}}),
        ),
        // A key with dots is a name by itself.
        (json!({"events.ssn": 1, "contact.email": 2}), json!({"contact.email": 2})),
        (json!({"events": {"a.ssn": 1, "a.b": 2}}), json!({"events": {"a.b": 2}})),
        // Patterns of `field` statements.
        (json!({"work_mail": 1, "tag_x": 2, "mailbox": 3}), json!({"work_mail": 1, "tag_x": 2})),
    ];
    let policy = policy();
    for (value, expected) in cases {
        assert_eq!(shown(&support(&policy), &value), expected, "{value}");
    }
}

#[test]
fn a_list_adds_nothing_to_the_path() {
    let policy = policy();
    let value = json!({
        "email": ["a", "b", ["c"]],
        "phone": ["d", "e"],
        "contact": [{"email": "f", "phone": "g"}, {"phone": "h"}, {"email": "i"}],
    });
    let expected = json!({
        "email": ["a", "b", ["c"]],
        // The places of the others are kept.
        "contact": [{"email": "f"}, null, {"email": "i"}],
    });
    assert_eq!(shown(&support(&policy), &value), expected);
}

#[test]
fn a_container_of_which_nothing_remains_is_left_out_with_its_length() {
    let policy = policy();
    let value = json!({
        "phone": [], "ssn": {}, "health": {"allergies": [], "diagnosis": {"x": []}},
        "contact": [{"phone": 1}, {"phone": 2}],
        "nickname": [],
    });
    assert_eq!(shown(&support(&policy), &value), json!({"nickname": []}));
    assert_eq!(shown(&support(&policy), &json!([{"phone": 1}, {"ssn": 2}])), json!([]));
}

#[test]
fn the_same_json_is_shown_whatever_type_it_comes_from() {
    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Contact {
        Email(&'static str),
        Phone(&'static str),
        Parts { email: u8, phone: u8 },
        Pair(u8, u8),
        Hidden,
    }
    #[derive(Serialize)]
    #[serde(tag = "type")]
    enum Internal {
        Person { email: u8, phone: u8 },
        Wrapped(Inner),
        Empty,
    }
    #[derive(Serialize, Clone, Copy)]
    struct Inner {
        nickname: u8,
        ssn: u8,
    }
    #[derive(Serialize)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        Person { email: u8, phone: u8 },
        Text(&'static str),
    }
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Untagged {
        Person { email: u8, phone: u8 },
        Text(&'static str),
    }
    #[derive(Serialize)]
    struct Flat {
        visits: u8,
        #[serde(flatten)]
        inner: Inner,
        #[serde(flatten)]
        rest: HashMap<String, u8>,
    }
    #[derive(Serialize)]
    struct All {
        contact: Vec<Contact>,
        events: (Vec<Internal>, Vec<Adjacent>, [Untagged; 2]),
        account: Flat,
        tag_pair: (u8, Inner),
        scores: BTreeMap<i8, Option<Inner>>,
    }
    let inner = Inner { nickname: 1, ssn: 2 };
    let value = All {
        contact: vec![
            Contact::Email("a"),
            Contact::Phone("b"),
            Contact::Parts { email: 1, phone: 2 },
            Contact::Pair(1, 2),
            Contact::Hidden,
        ],
        events: (
            vec![
                Internal::Person { email: 1, phone: 2 },
                Internal::Wrapped(inner),
                Internal::Empty,
            ],
            vec![Adjacent::Person { email: 1, phone: 2 }, Adjacent::Text("x")],
            [Untagged::Person { email: 1, phone: 2 }, Untagged::Text("y")],
        ),
        account: Flat {
            visits: 1,
            inner,
            rest: HashMap::from([("tag_a".into(), 1), ("phone".into(), 2)]),
        },
        tag_pair: (1, inner),
        scores: BTreeMap::from([(-1, Some(inner)), (2, None)]),
    };
    let policy = policy();
    let key = HashKey::new(b"an invented key of the tests").unwrap();
    for instead in [Instead::LeaveOut, Instead::Null, Instead::Hash(key)] {
        let view = support(&policy).denied(instead);
        let plain = serde_json::to_value(&value).unwrap();
        let (typed, untyped) = (shown(&view, &value), shown(&view, &plain));
        // A variant with contents, and an optional value, have masks of their own; JSON does not tell them.
        assert_eq!(typed["contact"][0], json!({"email": "a"}));
        // The group around an unknown name must be allowed whole.
        assert_eq!(typed["contact"][2]["parts"], Value::Null);
        assert_eq!(typed["events"], untyped["events"]);
        assert_eq!(typed["account"], untyped["account"]);
        assert_eq!(typed["tag_pair"], untyped["tag_pair"]);
        assert_eq!(typed["scores"], untyped["scores"]);
    }
    assert_eq!(
        shown(&support(&policy), &value),
        shown(&support(&policy), &serde_json::to_value(&value).unwrap())
    );
}

#[test]
fn an_internal_tag_is_no_field_if_the_caller_names_it() {
    #[derive(Serialize)]
    #[serde(tag = "type", content = "data")]
    enum Adjacent {
        Person { email: u8, phone: u8 },
    }
    let policy = policy();
    let value = Adjacent::Person { email: 1, phone: 2 };
    assert_eq!(shown(&support(&policy), &value), json!({}));
    let view = support(&policy).structural(["type", "data"]);
    assert_eq!(shown(&view, &value), json!({"type": "Person", "data": {"email": 1}}));
}

#[test]
fn a_structural_key_passes_with_its_plain_values_alone() {
    let policy = policy();
    let value = json!({"id": 7, "items": [{"id": 8, "email": 1, "phone": 2}], "order": {"id": 9, "key": 3}, "key": 4});
    let view = support(&policy).structural(["id", "items"]);
    let expected = json!({"id": 7, "items": [{"id": 8, "email": 1}]});
    assert_eq!(shown(&view, &value), expected);
    let view = support(&policy).structural(["id", "items", "order"]);
    assert_eq!(shown(&view, &value)["order"], json!({"id": 9}));
    let view = support(&policy).structural(["order.key"]);
    assert_eq!(shown(&view, &value), json!({"order": {"key": 3}}));
}

#[test]
fn a_structural_key_in_what_is_denied_is_withheld_with_it() {
    let policy = policy();
    let view = support(&policy).structural(["id", "type"]);
    for inner in [json!({"type": "CANARY", "id": 7}), json!([{"type": "CANARY"}])] {
        for outer in ["phone", "stranger"] {
            let value = json!({"email": 1, outer: inner});
            assert_eq!(shown(&view, &value), json!({"email": 1}), "{outer}");
        }
    }
    let shown = shown(&view, &json!({"email": {"type": "work", "id": 7}}));
    assert_eq!(shown, json!({"email": {"type": "work", "id": 7}}));
}

#[test]
fn camel_case_meets_snake_case() {
    let policy = Policy::from_str(
        "policy p  category user_name  category userName  category first_name  category home_address
         category x { email_address }  category y { email_address }
         purpose s  use user_name, first_name, home_address for s",
    )
    .unwrap();
    let view = || policy.view(Act::Use, "s", Facts::none());
    let value =
        json!({"firstName": 1, "FirstName": 2, "first-name": 3, "FIRST_NAME": 4, "first_name": 5});
    assert_eq!(shown(&view(), &value), value);
    // It is both, and one of them is denied.
    assert_eq!(shown(&view(), &json!({"userName": 1, "user_name": 2})), json!({"user_name": 2}));
    // It is the end of two paths.
    let report = view().report(&json!({"emailAddress": 1})).unwrap();
    assert_eq!(*report.withheld()[0].why(), Why::Ambiguous);
    let strict = view().spelling(Spelling::AsWritten);
    assert_eq!(shown(&strict, &json!({"firstName": 1, "first_name": 2})), json!({"first_name": 2}));
}

#[test]
fn a_name_with_digits_is_the_same_in_every_style() {
    let policy = Policy::from_str(
        "policy p  category address_line_1  category address_line2  category phone1  category phone_1
         category item2 { note_1 note_2 }
         purpose s  use address_line_1, address_line2, phone1, note_1 for s",
    )
    .unwrap();
    let view = || policy.view(Act::Use, "s", Facts::none());
    let value =
        json!({"addressLine1": 1, "address_line1": 2, "AddressLine2": 3, "address-line-2": 4});
    assert_eq!(shown(&view(), &value), value);
    // It is both, and one of them is denied.
    assert_eq!(shown(&view(), &json!({"phone1": 1, "Phone1": 2})), json!({}));
    // Each step may be spelt in its own way, and what is below it is of it.
    let nested = json!({"item_2": {"note1": {"text": 1}, "note2": 2, "x": 3}});
    assert_eq!(shown(&view(), &nested), json!({"item_2": {"note1": {"text": 1}}}));
    let nested = json!({"item2": {"note1": 1, "note2": 2, "x": 3}});
    assert_eq!(shown(&view(), &nested), json!({"item2": {"note1": 1}}));
    let strict = view().spelling(Spelling::AsWritten);
    assert_eq!(shown(&strict, &json!({"addressLine1": 1, "phone1": 2})), json!({"phone1": 2}));
}

#[test]
fn a_path_of_more_than_64_dots_is_unreadable() {
    let policy = policy();
    let deep = |steps| (1..steps).fold(json!(1), |inner, _| json!({"x": inner}));
    let view = support(&policy);
    assert!(view.report(&json!({"events": deep(64)})).unwrap().is_empty());
    let report = view.report(&json!({"events": deep(65)})).unwrap();
    assert_eq!(*report.withheld()[0].why(), Why::Unreadable);
}

#[test]
fn a_rename_is_asked_as_it_is_written() {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Person {
        nickname: u8,
        #[serde(rename = "phone")]
        work_mail: u8,
        tag_of_person: u8,
    }
    let policy = policy();
    let value = Person { nickname: 1, work_mail: 2, tag_of_person: 3 };
    assert_eq!(shown(&support(&policy), &value), json!({"nickname": 1, "tagOfPerson": 3}));
}

#[test]
fn an_allow_that_owes_a_duty_is_no_allow() {
    let policy = policy();
    let view = policy.view(Act::Use, "research", Facts::none());
    let value = json!({"nickname": 1});
    assert_eq!(shown(&view, &value), json!({}));
    let report = view.report(&value).unwrap();
    assert_eq!(*report.withheld()[0].why(), Why::Owes(vec!["deidentify".into()]));
    assert_eq!(shown(&view.fulfilling(["deidentify"]), &value), value);
}

#[test]
fn a_fact_that_is_not_stated_allows_nothing() {
    let policy = policy();
    let value = json!({"diagnosis": 1});
    let report = support(&policy).report(&value).unwrap();
    assert_eq!(*report.withheld()[0].why(), Why::Depends(vec!["consent".into()]));
    let facts = policy.facts_builder().with("consent", true).unwrap().build();
    assert_eq!(shown(&policy.view(Act::Use, "support", &facts), &value), value);
}

#[test]
fn sharing_asks_about_the_recipient() {
    let policy = policy();
    let view = policy.view(Act::Share(Some("lab")), "research", Facts::none());
    assert_eq!(shown(&view, &user()), json!({"email": "ada@example.org"}));
    let view = policy.view(Act::Share(None), "research", Facts::none());
    assert_eq!(shown(&view, &user()), json!({}));
}

#[test]
fn a_mask_stands_for_what_is_denied_and_not_for_what_is_unknown() {
    let policy = policy();
    let value = json!({
        "email": "a", "phone": "CANARY", "ssn": 5, "unknown": "CANARY",
        "contact": {"phone": "CANARY"}, "health": [{"allergies": true}, {"allergies": null}],
    });
    let null = json!({"email": "a", "phone": null, "ssn": null, "contact": null, "health": null});
    assert_eq!(shown(&support(&policy).denied(Instead::Null), &value), null);
    let fixed = json!({"email": "a", "phone": "XXXXXXXX", "ssn": 0, "contact": {}, "health": []});
    assert_eq!(shown(&support(&policy).denied(Instead::Fixed), &value), fixed);
    let key = HashKey::new(b"an invented key of the tests").unwrap();
    let hashed = shown(&support(&policy).denied(Instead::Hash(key.clone())), &value);
    assert_eq!(hashed["phone"].as_str().unwrap().len(), 32);
    assert_eq!(hashed["phone"], hashed["contact"]["phone"]);
    assert_eq!(hashed["health"][1], json!({"allergies": null}));
    assert!(hashed.get("unknown").is_none());
    let other = HashKey::new(b"another key of the tests").unwrap();
    assert_ne!(hashed, shown(&support(&policy).denied(Instead::Hash(other)), &value));
}

#[test]
fn a_mask_keeps_the_types_of_a_struct() {
    #[derive(Serialize)]
    struct Health {
        allergies: (bool, char, f64, &'static str, Vec<u8>),
        diagnosis: Option<u8>,
        health: Kind,
    }
    #[derive(Serialize)]
    enum Kind {
        Plain,
    }
    let value = Health {
        allergies: (true, 'c', 1.5, "CANARY", vec![1]),
        diagnosis: Some(1),
        health: Kind::Plain,
    };
    let policy = policy();
    let expected =
        json!({"allergies": [false, "X", 0.0, "XXXXXXXX", []], "diagnosis": null, "health": null});
    assert_eq!(shown(&support(&policy).denied(Instead::Fixed), &value), expected);
    // Whether an optional value is there is hidden too.
    let value = Health { diagnosis: None, ..value };
    assert_eq!(shown(&support(&policy).denied(Instead::Fixed), &value), expected);
}

#[test]
fn a_masked_entry_is_shown_only_under_a_key_of_the_policy() {
    let policy = policy();
    let value =
        json!({"ssn": {"ada@example.org": 1}, "phone": 2, "contact": {"phone": 3, "email": 4}});
    let expected = json!({"ssn": null, "phone": null, "contact": {"phone": null, "email": 4}});
    assert_eq!(shown(&support(&policy).denied(Instead::Null), &value), expected);
    let expected = json!({"ssn": {}, "phone": 0, "contact": {"phone": 0, "email": 4}});
    assert_eq!(shown(&support(&policy).denied(Instead::Fixed), &value), expected);
}

#[test]
fn values_without_a_name_are_refused() {
    let policy = policy();
    let values = [
        json!("CANARY"),
        json!(1),
        json!(true),
        json!(["CANARY"]),
        json!([[1]]),
        json!([{"email": 1}, 2]),
    ];
    for value in values {
        let error = support(&policy).to_json(&value).unwrap_err();
        assert_eq!(*error.problem(), Problem::Nameless, "{value}");
        assert!(!error.to_string().contains("CANARY"));
    }
    for empty in [json!(null), json!([]), json!({}), json!([[], null])] {
        assert_eq!(shown(&support(&policy), &empty), empty);
    }
    assert_eq!(shown(&support(&policy).named("email"), &json!(["a", "b"])), json!(["a", "b"]));
    assert_eq!(shown(&support(&policy).named("phone"), &json!(["a", "b"])), json!([]));
    assert_eq!(shown(&support(&policy).named("phone"), &json!("a")), json!(null));
    let contact = json!({"email": 1, "phone": 2});
    assert_eq!(shown(&support(&policy).named("contact"), &contact), json!({"email": 1}));
}

#[test]
fn raw_json_is_looked_into() {
    #[derive(Serialize)]
    struct Raw {
        email: Box<RawValue>,
        events: Box<RawValue>,
        phone: Box<RawValue>,
        contact: Vec<Box<RawValue>>,
    }
    let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
    let value = Raw {
        email: raw("1.10"),
        events: raw(
            r#"{"a" : [1e400, -0, "\u00e4", {"ssn": "CANARY"}], "ssn": "CANARY", "b": null}"#,
        ),
        phone: raw(r#""CANARY""#),
        contact: vec![raw(r#"{"email": true, "phone": {"x": "CANARY"}}"#)],
    };
    let policy = policy();
    let json = support(&policy).to_json(&value).unwrap();
    assert_eq!(
        json.text(),
        r#"{"email":1.10,"events":{"a":[1e400,-0,"ä",null],"b":null},"contact":[{"email":true}]}"#
    );
    let error = serde_json::to_string(&support(&policy).serialize(&value)).unwrap_err();
    assert!(error.to_string().contains("`email`"), "a format of places has no raw JSON: {error}");
}

#[test]
fn a_part_of_raw_json_that_cannot_be_read_is_left_out_and_reported() {
    let raw = |text: &str| RawValue::from_string(text.to_owned()).unwrap();
    let policy = policy();
    let view = support(&policy);
    let half = r#""CANARY \ud800""#;
    let cases = [
        (half.to_owned(), json!({"nickname": 1}), "events"),
        (
            format!(r#"{{"a": [{half}, 2], "b": {half}}}"#),
            json!({"nickname": 1, "events": {"a": [null, 2]}}),
            "events.*",
        ),
        (format!(r#"[{{{half}: 1}}, 2]"#), json!({"nickname": 1, "events": [null, 2]}), "events"),
    ];
    for (text, expected, path) in cases {
        let value = BTreeMap::from([("events", raw(&text)), ("nickname", raw("1"))]);
        let json = view.to_json(&value).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(json.bytes()).unwrap(), expected, "{text}");
        let withheld = json.report().withheld();
        assert!(withheld.iter().all(|line| *line.why() == Why::Unreadable), "{withheld:?}");
        assert_eq!(withheld[0].path(), path);
    }
    let json = view.named("email").to_json(&raw(half)).unwrap();
    assert_eq!((json.text(), json.report().withheld().len()), ("null", 1));
}

#[test]
fn broken_raw_json_is_left_out_and_reported() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeStruct;
            const NAME: &str = "$serde_json::private::RawValue";
            let mut raw = serializer.serialize_struct(NAME, 1)?;
            raw.serialize_field(NAME, "{\"CANARY")?;
            raw.end()
        }
    }
    let policy = policy();
    let json = support(&policy).to_json(&BTreeMap::from([("email", Broken)])).unwrap();
    assert_eq!(json.text(), "{}");
    assert_eq!(json.report().to_string(), "`email`: its contents cannot be read\n");
}

#[test]
fn borrowed_data_is_shown_without_a_copy_of_its_type() {
    #[derive(Serialize)]
    struct Borrows<'a> {
        email: Cow<'a, str>,
        nickname: &'a [&'a str],
        visits: Rc<Option<Box<u8>>>,
        phone: &'a str,
    }
    let policy = policy();
    let text = String::from("a");
    let value = Borrows {
        email: Cow::Borrowed(&text),
        nickname: &[&text],
        visits: Rc::new(Some(Box::new(1))),
        phone: &text,
    };
    assert_eq!(
        shown(&support(&policy), &value),
        json!({"email": "a", "nickname": ["a"], "visits": 1})
    );
}

#[test]
fn a_view_is_shared_by_threads() {
    let policy = policy();
    let view = support(&policy);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    assert_eq!(
                        shown(&view, &user()),
                        json!({"email": "ada@example.org", "nickname": "ada", "visits": 7})
                    );
                }
            });
        }
    });
}

#[test]
fn a_value_may_use_the_view_that_shows_it() {
    struct Nested<'v>(&'v View<'v>);
    impl Serialize for Nested<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let inner =
                self.0.to_json(&json!({"email": 1, "phone": 2})).map_err(S::Error::custom)?;
            serializer.serialize_str(inner.text())
        }
    }
    let policy = policy();
    let view = support(&policy);
    let value = BTreeMap::from([("nickname", Nested(&view))]);
    assert_eq!(shown(&view, &value), json!({"nickname": r#"{"email":1}"#}));
}

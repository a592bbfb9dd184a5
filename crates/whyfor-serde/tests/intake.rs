//! Input: what may not be taken is refused or dropped before a value is built.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod common;

use common::policy;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use whyfor::{Act, Policy};
use whyfor_serde::{Intake, PolicyExt, Problem};

fn sign_up(policy: &Policy) -> Intake<'_> {
    policy.intake(Act::Collect, "provided", "support")
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct SignUp {
    email: String,
    phone: String,
    ssn: String,
    nickname: String,
}

#[test]
fn what_may_be_taken_is_read_as_without_an_intake() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum Kind {
        Plain,
        Wrapped(u8),
        Pair(i128, u128),
        Named { nickname: char },
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "it is compared as text")]
    struct Everything<'a> {
        #[serde(borrow)]
        email: &'a str,
        nickname: Vec<Kind>,
        visits: (i8, u64, f32, bool),
        locale: Option<Option<u8>>,
        scores: HashMap<i32, u8>,
        tag_raw: &'a RawValue,
        tag_unit: (),
        #[serde(alias = "tag_other")]
        tag_alias: u8,
        #[serde(rename = "tag_new")]
        renamed: u8,
    }
    let text = r#"{
        "email": "ada@example.org",
        "nickname": ["Plain", {"Wrapped": 1}, {"Pair": [-5, 340282366920938463463374607431768211455]}, {"Named": {"nickname": "e"}}],
        "visits": [-1, 18446744073709551615, 0.1, true],
        "locale": null,
        "scores": {"-1": 2},
        "tag_raw": {"a" : 1.10},
        "tag_unit": null,
        "tag_other": 1,
        "tag_new": 2
    }"#;
    let policy = policy();
    let taken = sign_up(&policy).from_json::<Everything<'_>>(text.as_bytes()).unwrap();
    let plain: Everything<'_> = serde_json::from_str(text).unwrap();
    assert_eq!(taken.value.tag_raw.get(), plain.tag_raw.get());
    assert_eq!(format!("{:?}", taken.value), format!("{plain:?}"));
    assert!(taken.report.is_empty());
}

#[test]
fn what_may_not_be_taken_is_refused_by_its_path() {
    let cases = [
        (r#"{"email": "a@b", "phone": "CANARY"}"#, "phone", Problem::Denied),
        (r#"{"ssn": ["CANARY"]}"#, "ssn", Problem::Denied),
        (r#"{"contact": {"email": "a@b", "phone": "CANARY"}}"#, "contact.phone", Problem::Denied),
        (r#"{"diagnosis": "CANARY"}"#, "diagnosis", Problem::Depends),
        (r#"{"CANARY": 1}"#, "*", Problem::Unknown),
        (r#"{"stranger": {"email": "CANARY"}}"#, "*.email", Problem::Unknown),
        (r#"{"nickname": {"ssn": "CANARY"}}"#, "nickname.ssn", Problem::Denied),
        (r#"{"phone": {}}"#, "phone", Problem::Denied),
        (r#"{"phone": []}"#, "phone", Problem::Denied),
        (r#"{"phone": null}"#, "phone", Problem::Denied),
    ];
    let policy = policy();
    for (text, path, problem) in cases {
        let error = sign_up(&policy).from_json::<Value>(text.as_bytes()).unwrap_err();
        assert_eq!((error.path(), error.problem()), (path, &problem), "{text}");
        let said = format!("{error} {error:?}");
        assert!(!said.contains("CANARY"), "{said}");
    }
}

#[test]
fn whoever_sent_a_key_can_be_told_which() {
    let policy = policy();
    let error = sign_up(&policy).from_json::<Value>(br#"{"shoe_size": 1}"#).unwrap_err();
    assert_eq!(error.sent_path(), "shoe_size");
    assert_eq!(error.to_string(), "`*`: the policy does not know it (line 1, column 15)");
}

#[test]
fn what_may_not_be_taken_is_dropped_with_all_that_is_in_it() {
    let cases = [
        (json!({"email": "a", "phone": "b"}), json!({"email": "a"})),
        (json!({"contact": {"email": "a", "phone": "b"}}), json!({"contact": {"email": "a"}})),
        (json!({"contact": {"phone": "b"}, "visits": 1}), json!({"visits": 1})),
        (
            json!({"contact": [{"email": "a"}, {"phone": "b"}]}),
            json!({"contact": [{"email": "a"}, {}]}),
        ),
        (json!({"email": ["a", {"ssn": 1}, {"x": 2}]}), json!({"email": ["a", {}, {"x": 2}]})),
        (json!({"stranger": {"deep": [{"er": 1}]}, "email": "a"}), json!({"email": "a"})),
        (json!({"phone": []}), json!({})),
    ];
    let policy = policy();
    for (sent, expected) in cases {
        let intake = sign_up(&policy).dropping();
        let taken = intake.from_json::<Value>(sent.to_string().as_bytes()).unwrap();
        assert_eq!(taken.value, expected, "{sent}");
        assert!(!taken.report.is_empty(), "{sent}");
    }
}

#[test]
fn a_struct_never_sees_what_is_dropped() {
    let policy = policy();
    let text =
        br#"{"email": "a@b", "phone": "1", "ssn": "2", "nickname": "ada", "x": {"email": "3"}}"#;
    let taken = sign_up(&policy).dropping().from_json::<SignUp>(text).unwrap();
    let expected = SignUp { email: "a@b".into(), nickname: "ada".into(), ..SignUp::default() };
    assert_eq!(taken.value, expected);
    let report = taken.report.to_string();
    assert_eq!(report, "`phone`: denied\n`ssn`: denied\n`*.email`: no category has this name\n");
}

#[test]
fn nothing_is_built_if_anything_is_refused() {
    static BUILT: AtomicUsize = AtomicUsize::new(0);
    struct Counts;
    impl<'de> Deserialize<'de> for Counts {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            BUILT.fetch_add(1, Ordering::Relaxed);
            String::deserialize(deserializer).map(|_| Self)
        }
    }
    let policy = policy();
    let text = br#"{"email": "a@b", "nickname": "ada", "phone": "1"}"#;
    assert!(sign_up(&policy).from_json::<BTreeMap<String, Counts>>(text).is_err());
    assert_eq!(BUILT.load(Ordering::Relaxed), 0);
    let dropped = sign_up(&policy).dropping().from_json::<BTreeMap<String, Counts>>(text).unwrap();
    assert_eq!((dropped.value.len(), BUILT.load(Ordering::Relaxed)), (2, 2));
}

#[test]
fn a_list_in_the_place_of_fields_is_refused() {
    // `serde` builds structs from lists too: nothing would say that the second value is the phone number.
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "it is only built")]
    struct Outer {
        nickname: Contact,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "it is only built")]
    struct Contact {
        email: String,
        phone: String,
    }
    let policy = policy();
    let error =
        sign_up(&policy).from_json::<Outer>(br#"{"nickname": ["a@b", "CANARY"]}"#).unwrap_err();
    assert_eq!((error.path(), error.problem()), ("nickname", &Problem::Unnamed));
    let error = sign_up(&policy).from_json::<Contact>(br#"["a@b", "CANARY"]"#).unwrap_err();
    assert_eq!(*error.problem(), Problem::Nameless);
    let named = sign_up(&policy).named("nickname");
    let error = named.from_json::<Contact>(br#"["a@b", "CANARY"]"#).unwrap_err();
    assert_eq!(*error.problem(), Problem::Unnamed);
}

#[test]
fn a_name_that_occurs_twice_is_refused() {
    let policy = policy();
    for intake in [sign_up(&policy), sign_up(&policy).dropping()] {
        let text = br#"{"email": "a@b", "visits": {"a": 1, "b": 2, "a": 3}}"#;
        let error = intake.from_json::<Value>(text).unwrap_err();
        assert_eq!(*error.problem(), Problem::Duplicate);
        assert_eq!((error.path(), error.sent_path()), ("visits.*", "visits.a"));
    }
}

#[test]
fn a_wrong_type_is_an_error_without_the_value() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "it is only built")]
    struct Typed {
        visits: u8,
        locale: Option<Locale>,
        #[serde(default)]
        nickname: Vec<u8>,
    }
    #[derive(Debug, Deserialize)]
    enum Locale {
        De,
    }
    let cases = [
        (r#"{"visits": "CANARY"}"#, "visits", Problem::WrongType),
        (r#"{"visits": 999}"#, "visits", Problem::WrongType),
        (r#"{"visits": 1, "nickname": [1, "CANARY"]}"#, "nickname", Problem::WrongType),
        (r#"{"visits": 1, "locale": "CANARY"}"#, "locale", Problem::WrongType),
        (r#"{"locale": "De"}"#, "", Problem::Missing("visits")),
    ];
    let policy = policy();
    for (text, path, problem) in cases {
        let error = sign_up(&policy).from_json::<Typed>(text.as_bytes()).unwrap_err();
        assert_eq!((error.path(), error.problem()), (path, &problem), "{text}");
        assert!(!format!("{error}{error:?}").contains("CANARY"), "{error}");
    }
    assert!(matches!(Locale::De, Locale::De));
}

#[test]
fn a_type_may_read_a_value_in_another_way() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Visits {
        Number(u8),
        Text(String),
    }
    let policy = policy();
    let text = br#"{"visits": "many", "scores": 3}"#;
    let taken = sign_up(&policy).from_json::<BTreeMap<String, Visits>>(text).unwrap();
    assert_eq!(taken.value["visits"], Visits::Text("many".into()));
    assert_eq!(taken.value["scores"], Visits::Number(3));
}

#[test]
fn unknown_fields_of_a_strict_type_are_an_error_of_ours() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "it is only built")]
    struct Strict {
        email: String,
    }
    let policy = policy();
    let text = br#"{"email": "a@b", "tag_CANARY": 1}"#;
    let error = sign_up(&policy).from_json::<Strict>(text).unwrap_err();
    assert_eq!(*error.problem(), Problem::NoField);
    assert!(!error.to_string().contains("CANARY"), "{error}");
    assert!(sign_up(&policy).from_json::<SignUp>(text).is_ok());
}

#[test]
fn text_that_is_not_json_is_an_error_with_its_place() {
    let policy = policy();
    for text in ["", "{", "{\"email\": CANARY}", "{\"email\": \"a\"} CANARY", "\u{feff}{}"] {
        let error = sign_up(&policy).from_json::<Value>(text.as_bytes()).unwrap_err();
        assert_eq!(*error.problem(), Problem::Syntax, "{text}");
        assert!(error.place().is_some() && !error.to_string().contains("CANARY"), "{error}");
    }
    assert!(sign_up(&policy).from_json::<Value>(b"{\"email\": \"\xff\"}").is_err());
}

#[test]
fn deep_input_is_an_error() {
    let policy = policy();
    let text = format!("{{\"email\": {}1{}}}", "[".repeat(119), "]".repeat(119));
    assert!(sign_up(&policy).from_json::<Value>(text.as_bytes()).is_ok());
    for depth in [120, 126, 100_000] {
        let text = format!("{{\"email\": {}1{}}}", "[".repeat(depth), "]".repeat(depth));
        let error = sign_up(&policy).from_json::<Value>(text.as_bytes()).unwrap_err();
        assert_eq!(*error.problem(), Problem::TooDeep, "{depth}");
    }
}

#[test]
fn many_keys_of_a_client_are_decided_and_not_kept() {
    let policy = policy();
    let keys: BTreeMap<String, u8> = (0..20_000).map(|key| (format!("key_{key}"), 1)).collect();
    let sent = json!({"visits": keys, "strangers": keys}).to_string();
    let intake = sign_up(&policy).dropping();
    for _ in 0..2 {
        let taken = intake.from_json::<BTreeMap<String, BTreeMap<String, u8>>>(sent.as_bytes());
        let taken = taken.unwrap();
        assert_eq!(taken.value, BTreeMap::from([("visits".to_owned(), keys.clone())]));
        assert_eq!(taken.report.withheld().len(), 1);
        assert_eq!(taken.report.withheld()[0].count(), 20_000);
    }
}

#[test]
fn raw_json_is_taken_whole_or_not_at_all() {
    #[derive(Debug, Deserialize)]
    struct Raw<'a> {
        #[serde(borrow)]
        nickname: &'a RawValue,
    }
    let policy = policy();
    let intake = sign_up(&policy).dropping();
    let taken = intake.from_json::<Raw<'_>>(br#"{"nickname": {"a": [1.10]}}"#).unwrap();
    assert_eq!(taken.value.nickname.get(), r#"{"a": [1.10]}"#);
    let error =
        intake.from_json::<Raw<'_>>(br#"{"nickname": {"a": 1, "ssn": "CANARY"}}"#).unwrap_err();
    assert_eq!((error.path(), error.problem()), ("nickname", &Problem::Unreadable));
}

#[test]
fn buffered_types_see_only_what_passes() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat {
        email: String,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(tag = "type")]
    enum Tagged {
        Person { email: String, phone: Option<String> },
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        Phone { phone: String },
        Email { email: String },
    }
    let policy = policy();
    let text = br#"{"type": "Person", "email": "a@b", "phone": "CANARY", "visits": 1}"#;
    let intake = sign_up(&policy).dropping().structural(["type"]);
    let expected =
        BTreeMap::from([("type".to_owned(), json!("Person")), ("visits".to_owned(), json!(1))]);
    let taken = intake.from_json::<Flat>(text).unwrap();
    assert_eq!(taken.value, Flat { email: "a@b".into(), rest: expected });
    let taken = intake.from_json::<Tagged>(text).unwrap();
    assert_eq!(taken.value, Tagged::Person { email: "a@b".into(), phone: None });
    let taken = intake.from_json::<Untagged>(text).unwrap();
    assert_eq!(taken.value, Untagged::Email { email: "a@b".into() });
    assert!(matches!(Untagged::Phone { phone: String::new() }, Untagged::Phone { .. }));
    // The tag of an enum is no field that a policy knows.
    let error = sign_up(&policy).from_json::<Tagged>(text).unwrap_err();
    assert_eq!(error.sent_path(), "type");
}

#[test]
fn a_variant_that_may_not_be_taken_is_not_built() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Contact {
        Email(String),
        Phone(String),
        Parts { email: String, phone: Option<String> },
    }
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Person {
        contact: Option<Contact>,
    }
    let policy = policy();
    let read = |text: &str| {
        sign_up(&policy).dropping().from_json::<Person>(text.as_bytes()).map(|taken| taken.value)
    };
    let email = Person { contact: Some(Contact::Email("a@b".into())) };
    assert_eq!(read(r#"{"contact": {"email": "a@b"}}"#).unwrap(), email);
    assert_eq!(read(r#"{"contact": {"phone": "1"}}"#).unwrap(), Person { contact: None });
    let policy_of_parts = Policy::from_str(
        "policy p  category parts { email phone }  method m  purpose s  collect email by m for s",
    )
    .unwrap();
    let intake = policy_of_parts.intake(Act::Collect, "m", "s").dropping();
    let text = br#"{"contact": {"parts": {"email": "a@b", "phone": "1"}}}"#;
    let taken = intake.structural(["contact"]).from_json::<Person>(text).unwrap();
    let parts = Contact::Parts { email: "a@b".into(), phone: None };
    assert_eq!(taken.value, Person { contact: Some(parts) });
    assert_ne!(email, Person { contact: Some(Contact::Phone("1".into())) });
}

#[test]
fn every_format_that_describes_itself_can_be_taken_in() {
    let policy = policy();
    let sent = json!({"email": "a@b", "phone": "CANARY", "visits": 7, "contact": {"email": "c@d", "ssn": 1}});
    let expected = json!({"email": "a@b", "visits": 7, "contact": {"email": "c@d"}});
    let intake = sign_up(&policy).dropping();

    let yaml = serde_yaml::to_string(&sent).unwrap();
    let taken = intake.read(|r| r.read(serde_yaml::Deserializer::from_str(&yaml)));
    let value: Value = taken.unwrap().value;
    assert_eq!(value, expected, "yaml");

    let mut cbor = Vec::new();
    ciborium::into_writer(&sent, &mut cbor).unwrap();
    // ciborium shows no deserializer: the value is read as data first, and taken in from there.
    let data: Value = ciborium::from_reader(cbor.as_slice()).unwrap();
    let value: Value = intake.read(|r| r.read(&data)).unwrap().value;
    assert_eq!(value, expected, "cbor");

    let packed = rmp_serde::to_vec_named(&sent).unwrap();
    let taken = intake.read(|r| r.read(&mut rmp_serde::Deserializer::new(packed.as_slice())));
    let value: Value = taken.unwrap().value;
    assert_eq!(value, expected, "messagepack");
}

#[test]
fn formats_without_names_are_refused() {
    let policy = policy();
    let user = common::user();
    let intake = sign_up(&policy).dropping();
    let bytes = bincode::serialize(&user).unwrap();
    let taken = intake.read::<common::User, _>(|r| {
        let options = bincode::DefaultOptions::new();
        r.read(&mut bincode::de::Deserializer::from_slice(&bytes, options))
    });
    assert!(taken.is_err());
    let bytes = postcard::to_stdvec(&user).unwrap();
    let taken =
        intake.read::<common::User, _>(|r| r.read(&mut postcard::Deserializer::from_bytes(&bytes)));
    assert!(taken.is_err());
    // MessagePack with structs as arrays describes itself, but has no names.
    let bytes = rmp_serde::to_vec(&user).unwrap();
    let taken = intake
        .read::<common::User, _>(|r| r.read(&mut rmp_serde::Deserializer::new(bytes.as_slice())));
    assert_eq!(*taken.unwrap_err().problem(), Problem::Nameless);
}

#[test]
fn another_input_in_the_second_reading_gets_nothing_in() {
    let policy = policy();
    let cases = [
        [r#"{"email": "a"}"#, r#"{"phone": "a"}"#],
        [r#"{"email": "a"}"#, r#"{"email": {"ssn": "a"}}"#],
        [r#"{"email": "a"}"#, r#"{"email": "a", "phone": "b"}"#],
        [r#"{"email": ["a"]}"#, r#"{"email": ["a", {"ssn": 1}]}"#],
        [r#"{"email": {"x": 1}}"#, r#"{"email": {"ssn": 1}}"#],
    ];
    for inputs in cases {
        let mut next = inputs.iter();
        let taken = sign_up(&policy).read::<Value, _>(|r| {
            r.read(&mut serde_json::Deserializer::from_str(next.next().unwrap()))
        });
        assert_eq!(*taken.unwrap_err().problem(), Problem::Changed, "{inputs:?}");
    }
}

#[test]
fn a_misspelt_name_in_the_program_is_an_error() {
    let policy = policy();
    let intake = policy.intake(Act::Collect, "provded", "support");
    let error = intake.from_json::<Value>(b"{}").unwrap_err();
    assert_eq!(error.to_string(), "no method is named `provded`");
    let intake = policy.intake(Act::Collect, "provided", "suport");
    assert!(matches!(intake.from_json::<Value>(b"{}").unwrap_err().problem(), Problem::Name(_)));
    let intake = sign_up(&policy).meaning("mail", "emial");
    assert!(matches!(intake.from_json::<Value>(b"{}").unwrap_err().problem(), Problem::Name(_)));
}

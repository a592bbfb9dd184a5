//! Every format: what is left out is left out, what is written is readable, and nothing moves to another name.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod common;

use common::{User, policy, support, user};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use whyfor_serde::{HashKey, Instead, Layout, Problem, View};

fn cbor<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// A value of a named format as data, to compare it with the JSON.
fn in_named_formats<T: Serialize>(
    view: View<'_>,
    value: &T,
) -> Vec<(&'static str, serde_json::Value)> {
    let view = view.layout(Layout::Named);
    let shown = view.serialize(value);
    let json = serde_json::to_vec(&shown).unwrap();
    let yaml = serde_yaml::to_string(&shown).unwrap();
    let cbor = cbor(&shown);
    let packed = rmp_serde::to_vec_named(&shown).unwrap();
    vec![
        ("json", serde_json::from_slice(&json).unwrap()),
        ("yaml", serde_yaml::from_str(&yaml).unwrap()),
        ("cbor", ciborium::from_reader(cbor.as_slice()).unwrap()),
        ("messagepack", rmp_serde::from_slice(&packed).unwrap()),
    ]
}

#[test]
fn every_named_format_has_what_json_has() {
    let policy = policy();
    let expected = serde_json::json!({"email": "ada@example.org", "nickname": "ada", "visits": 7});
    for (format, value) in in_named_formats(support(&policy), &user()) {
        assert_eq!(value, expected, "{format}");
    }
}

#[test]
fn bytes_that_were_announced_are_the_bytes_that_are_there() {
    // CBOR and MessagePack write the number of fields first: a wrong one would leave a rest, or end too early.
    let policy = policy();
    let view = support(&policy).layout(Layout::Named);
    let users = vec![user(), user()];
    let entries = BTreeMap::from([("email", "a@b"), ("nobody_knows", "x"), ("phone", "1")]);
    let named = support(&policy).layout(Layout::Named).named("account");
    for bytes in [cbor(&(view.serialize(&users), 77)), cbor(&(view.serialize(&entries), 77))] {
        let (_, last): (serde::de::IgnoredAny, u8) =
            ciborium::from_reader(bytes.as_slice()).unwrap();
        assert_eq!(last, 77);
    }
    let bytes = rmp_serde::to_vec_named(&(named.serialize(&entries), 77)).unwrap();
    let (_, last): (serde::de::IgnoredAny, u8) = rmp_serde::from_slice(&bytes).unwrap();
    assert_eq!(last, 77);
}

#[test]
fn a_format_of_places_is_an_error_if_something_would_be_left_out() {
    let policy = policy();
    let view = support(&policy);
    let user = user();
    let shown = view.serialize(&user);
    let errors = [
        bincode::serialize(&shown).unwrap_err().to_string(),
        rmp_serde::to_vec(&shown).unwrap_err().to_string(),
        csv::Writer::from_writer(Vec::new()).serialize(&shown).unwrap_err().to_string(),
        serde_json::to_string(&shown).unwrap_err().to_string(), // nobody said what format it is
    ];
    for error in errors {
        assert!(error.contains("`phone`: it may not leave"), "{error}");
    }
    assert!(postcard::to_stdvec(&shown).is_err());
}

#[test]
fn a_format_of_places_takes_a_value_of_which_all_may_be_seen() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Seen {
        email: String,
        visits: Option<u32>,
        nickname: Vec<String>,
    }
    let policy = policy();
    let view = support(&policy);
    let seen = Seen { email: "a@b".into(), visits: Some(3), nickname: vec!["a".into()] };
    let bytes = bincode::serialize(&view.serialize(&seen)).unwrap();
    assert_eq!(bincode::deserialize::<Seen>(&bytes).unwrap(), seen);
    let bytes = postcard::to_stdvec(&view.serialize(&seen)).unwrap();
    assert_eq!(postcard::from_bytes::<Seen>(&bytes).unwrap(), seen);
    let bytes = rmp_serde::to_vec(&view.serialize(&seen)).unwrap();
    assert_eq!(rmp_serde::from_slice::<Seen>(&bytes).unwrap(), seen);
}

/// What the fixed values are of the user.
fn fixed() -> User {
    User { phone: "XXXXXXXX".into(), ssn: "XXXXXXXX".into(), ..user() }
}

#[test]
fn a_fixed_value_keeps_every_later_value_at_its_name() {
    let policy = policy();
    let view = support(&policy).denied(Instead::Fixed);
    let user = user();
    let shown = view.serialize(&user);
    let bytes = bincode::serialize(&shown).unwrap();
    assert_eq!(bincode::deserialize::<User>(&bytes).unwrap(), fixed());
    let bytes = postcard::to_stdvec(&shown).unwrap();
    assert_eq!(postcard::from_bytes::<User>(&bytes).unwrap(), fixed());

    let view = support(&policy).denied(Instead::Fixed).layout(Layout::Ordered);
    let shown = view.serialize(&user);
    let bytes = rmp_serde::to_vec(&shown).unwrap();
    assert_eq!(rmp_serde::from_slice::<User>(&bytes).unwrap(), fixed());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.serialize(&shown).unwrap();
    writer.serialize(&shown).unwrap();
    let text = writer.into_inner().unwrap();
    let read: Vec<User> =
        csv::Reader::from_reader(text.as_slice()).deserialize().map(Result::unwrap).collect();
    assert_eq!(read, [fixed(), fixed()]);
}

#[test]
fn a_null_is_written_only_where_it_can_be_read() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Optional {
        phone: Option<String>,
        email: String,
    }
    let policy = policy();
    let view = support(&policy).denied(Instead::Null);
    let value = Optional { phone: Some("CANARY".into()), email: "a@b".into() };
    let expected = Optional { phone: None, email: "a@b".into() };
    let bytes = bincode::serialize(&view.serialize(&value)).unwrap();
    assert_eq!(bincode::deserialize::<Optional>(&bytes).unwrap(), expected);
    let bytes = postcard::to_stdvec(&view.serialize(&value)).unwrap();
    assert_eq!(postcard::from_bytes::<Optional>(&bytes).unwrap(), expected);
    // A text that must be there has no null in these formats.
    let error = bincode::serialize(&view.serialize(&user())).unwrap_err().to_string();
    assert!(error.contains("`phone`") && error.contains("not readable"), "{error}");

    let view = support(&policy).denied(Instead::Null).layout(Layout::Ordered);
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.serialize(view.serialize(&user())).unwrap();
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    assert_eq!(text, "email,phone,nickname,ssn,visits\nada@example.org,,ada,,7\n");
}

#[test]
fn a_hash_is_a_text_in_the_place_of_a_text() {
    let policy = policy();
    let key = HashKey::new(b"an invented key of the tests").unwrap();
    let view = support(&policy).denied(Instead::Hash(key));
    let read: User =
        bincode::deserialize(&bincode::serialize(&view.serialize(&user())).unwrap()).unwrap();
    assert_eq!(read.phone.len(), 32);
    assert_eq!(read, User { phone: read.phone.clone(), ssn: read.ssn.clone(), ..user() });
    assert!(!read.phone.contains("CANARY") && read.phone != read.ssn);

    #[derive(Serialize)]
    struct Numbers {
        phone: u64,
    }
    let error = bincode::serialize(&view.serialize(&Numbers { phone: 5 })).unwrap_err().to_string();
    assert!(error.contains("not readable"), "{error}");
    assert_eq!(
        view.to_json(&Numbers { phone: 5 }).unwrap().text().len(),
        r#"{"phone":""}"#.len() + 32
    );
}

#[test]
fn a_denied_list_of_places_becomes_empty_or_an_error() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Lists {
        phone: Vec<String>,
        email: Vec<String>,
        ssn: BTreeMap<String, u8>,
    }
    let policy = policy();
    let value = Lists {
        phone: vec!["CANARY".into(), "CANARY".into()],
        email: vec!["a@b".into()],
        ssn: BTreeMap::from([("CANARY".into(), 1)]),
    };
    let view = support(&policy).denied(Instead::Fixed);
    let bytes = postcard::to_stdvec(&view.serialize(&value)).unwrap();
    let expected = Lists { phone: vec![], email: vec!["a@b".into()], ssn: BTreeMap::new() };
    assert_eq!(postcard::from_bytes::<Lists>(&bytes).unwrap(), expected);
    let view = support(&policy).denied(Instead::Fixed).layout(Layout::Ordered);
    let error = rmp_serde::to_vec(&view.serialize(&value)).unwrap_err().to_string();
    assert!(error.contains("`phone`"), "{error}");
}

#[test]
fn a_field_that_skips_itself_is_an_error_where_it_would_move_others() {
    #[derive(Serialize)]
    struct Skips {
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<String>,
        nickname: String,
    }
    let policy = policy();
    let view = support(&policy);
    let value = Skips { email: None, nickname: "ada".into() };
    assert_eq!(view.to_json(&value).unwrap().text(), r#"{"nickname":"ada"}"#);
    let error = bincode::serialize(&view.serialize(&value)).unwrap_err().to_string();
    assert!(error.contains("`email`: it skips itself"), "{error}");
}

#[test]
fn a_skipped_field_is_not_counted() {
    #[derive(Serialize)]
    struct Skips {
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<String>,
        phone: String,
        nickname: String,
    }
    let policy = policy();
    let value = Skips { email: None, phone: "1".into(), nickname: "ada".into() };
    for (format, value) in in_named_formats(support(&policy), &value) {
        assert_eq!(value, serde_json::json!({"nickname": "ada"}), "{format}");
    }
}

/// Tells how it was serialized.
#[derive(Clone, Copy)]
struct Readable;

impl Serialize for Readable {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str("for people")
        } else {
            serializer.serialize_u8(1)
        }
    }
}

#[test]
fn whether_a_format_is_for_people_is_passed_on() {
    #[derive(Serialize)]
    struct Nested {
        email: Readable,
        nickname: Option<(Readable, Vec<Readable>)>,
        tag_a: BTreeMap<u8, Readable>,
    }
    let policy = policy();
    let value = Nested {
        email: Readable,
        nickname: Some((Readable, vec![Readable])),
        tag_a: BTreeMap::from([(1, Readable)]),
    };
    let view = support(&policy).layout(Layout::Named);
    let shown = view.serialize(&value);
    assert_eq!(serde_json::to_string(&shown).unwrap(), serde_json::to_string(&value).unwrap());
    assert_eq!(cbor(&shown), cbor(&value));
    assert_eq!(rmp_serde::to_vec_named(&shown).unwrap(), rmp_serde::to_vec_named(&value).unwrap());
    assert_eq!(bincode::serialize(&shown).unwrap(), bincode::serialize(&value).unwrap());
}

#[test]
fn what_may_be_seen_keeps_its_bytes_in_every_format() {
    #[derive(Serialize)]
    enum Kind {
        Plain,
        Wrapped(u8),
        Pair(i128, u128),
        Named { email: char },
    }
    #[derive(Serialize)]
    struct Unit;
    #[derive(Serialize)]
    struct Newtype<'a>(&'a str);
    #[derive(Serialize)]
    struct Tuple(f32, f64);
    #[derive(Serialize)]
    struct Everything<'a> {
        email: &'a str,
        nickname: Vec<Kind>,
        tag_unit: (Unit, ()),
        tag_newtype: Newtype<'a>,
        tag_tuple: Tuple,
        visits: (i8, i16, i32, i64, u8, u16, u32, u64, bool),
        tag_option: (Option<u8>, Option<u8>),
        scores: BTreeMap<i32, &'a [u8]>,
        tag_empty: Vec<u8>,
    }
    let policy = policy();
    let nickname =
        vec![Kind::Plain, Kind::Wrapped(1), Kind::Pair(-5, 6), Kind::Named { email: 'e' }];
    let value = Everything {
        email: "a@b",
        nickname,
        tag_unit: (Unit, ()),
        tag_newtype: Newtype("n"),
        tag_tuple: Tuple(0.1, -0.0),
        visits: (-1, -2, -3, -4, 1, 2, 3, 4, true),
        tag_option: (None, Some(1)),
        scores: BTreeMap::from([(-1, &[1_u8, 2][..])]),
        tag_empty: vec![],
    };
    for layout in [Layout::Named, Layout::Ordered, Layout::Positional] {
        let view = support(&policy).layout(layout);
        let shown = view.serialize(&value);
        assert_eq!(serde_json::to_string(&shown).unwrap(), serde_json::to_string(&value).unwrap());
        assert_eq!(serde_yaml::to_string(&shown).unwrap(), serde_yaml::to_string(&value).unwrap());
        assert_eq!(cbor(&shown), cbor(&value));
        assert_eq!(rmp_serde::to_vec(&shown).unwrap(), rmp_serde::to_vec(&value).unwrap());
        assert_eq!(
            rmp_serde::to_vec_named(&shown).unwrap(),
            rmp_serde::to_vec_named(&value).unwrap()
        );
        assert_eq!(bincode::serialize(&shown).unwrap(), bincode::serialize(&value).unwrap());
        assert_eq!(postcard::to_stdvec(&shown).unwrap(), postcard::to_stdvec(&value).unwrap());
    }
}

#[test]
fn the_problem_of_a_place_is_typed() {
    let policy = policy();
    let report = support(&policy).report(&user()).unwrap();
    let paths: Vec<&str> = report.withheld().iter().map(|line| line.path()).collect();
    assert_eq!(paths, ["phone", "ssn"]);
    assert_eq!(*support(&policy).to_json(&1).unwrap_err().problem(), Problem::Nameless);
}

//! Answers as owned data, and the facts that callers state.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use serde_json::{from_value, json, to_value};
use whyfor::{
    Act, ActKind, Digest, FactError, FactKind, FactValue, Facts, Hierarchy, Outcome, Policy,
    Question, ReasonDetail, ReasonKind, StatementKind, Verdict,
};

const SHOP: &str = "policy shop \"Shop\"
    category contact { email phone }
    method provided
    purpose login  purpose marketing { newsletter advertising }
    recipient courier
    duty deidentify  duty notify
    fact verified
    fact consent per purpose
    fact region: one of eu, us
    fact age: number
    section account \"Your account\" {
        collect email by provided for login
        use contact for newsletter when consent then notify, deidentify retain 30 days
    }
    never share contact with courier for advertising
    use phone for login when region is eu and age >= 18";

fn shop() -> Policy {
    Policy::from_str(SHOP).unwrap()
}

/// No purposes.
const NONE: [&str; 0] = [];

fn outcome(policy: &Policy, question: Question<'_>, facts: &Facts) -> Outcome {
    policy.ask(&question, facts).outcome()
}

#[test]
fn an_outcome_has_all_that_the_decision_has() {
    let policy = shop();
    let facts = policy
        .facts_builder()
        .with("consent", FactValue::purposes(["newsletter"], NONE))
        .unwrap()
        .build();
    let outcome = outcome(&policy, Question::usage("email", "newsletter"), &facts);
    assert_eq!(outcome.verdict, Verdict::Allow);
    assert_eq!(outcome.duties, ["deidentify", "notify"]);
    assert_eq!(outcome.retain_days, Some(30));
    assert_eq!(outcome.missing, NONE);
    assert_eq!(outcome.digest, policy.digest());
    let [reason] = &outcome.reasons[..] else { panic!("{outcome:?}") };
    assert_eq!((reason.kind, reason.message.as_str()), (ReasonKind::Permit, "this permits it"));
    let ReasonDetail::Statement { file, line, section, title, text } = &reason.detail else {
        panic!("{reason:?}")
    };
    assert_eq!((file.as_str(), *line), ("policy.why", 13));
    assert_eq!((section.as_deref(), title.as_str()), (Some("account"), "Your account"));
    assert!(text.starts_with("use contact for newsletter"), "{text}");
}

#[test]
fn an_outcome_as_json_has_the_members_of_an_answer_and_is_read_back() {
    let policy = shop();
    let digest = policy.digest().to_string();
    let none = Facts::none();
    let answers = [
        (
            Question::usage("phone", "login"),
            json!({"decision": "depends", "digest": digest, "duties": [], "retain_days": null,
                "bases": [], "unbased": false, "retain": [], "retain_at_least": [],
                "missing": ["region", "age"],
                "reasons": [{"kind": "permit", "file": "policy.why", "line": 16, "section": null}]}),
        ),
        (
            Question::collect("phone", "provided", "login"),
            json!({"decision": "deny", "digest": digest, "duties": [], "retain_days": null, "missing": [],
                "reasons": [{"kind": "no_permit", "category": "contact.phone", "method": "provided",
                    "purpose": "login"}]}),
        ),
        (
            Question::share("phone", "courier", "login"),
            json!({"decision": "deny", "digest": digest, "duties": [], "retain_days": null, "missing": [],
                "reasons": [{"kind": "no_permit", "category": "contact.phone", "recipient": "courier",
                    "purpose": "login"}]}),
        ),
        (
            Question::usage("email", "nowhere"),
            json!({"decision": "deny", "digest": digest, "duties": [], "retain_days": null, "missing": [],
                "reasons": [{"kind": "unknown_purpose", "name": "nowhere", "candidates": []}]}),
        ),
    ];
    for (question, expected) in answers {
        let outcome = outcome(&policy, question, none);
        let json = to_value(&outcome).unwrap();
        assert_eq!(json, expected, "{question}");
        let read: Outcome = from_value(json.clone()).unwrap();
        assert_eq!(to_value(read).unwrap(), json);
    }
    let other = Policy::from_str("policy other category a purpose b").unwrap();
    let (category, purpose) = (other.category("a").unwrap(), other.purpose("b").unwrap());
    let foreign = policy.decide(Act::Use, category, purpose, none).outcome();
    assert_eq!(to_value(&foreign).unwrap()["reasons"], json!([{"kind": "foreign_id"}]));
    assert_eq!(from_value::<Outcome>(to_value(&foreign).unwrap()).unwrap().verdict, Verdict::Deny);
}

#[test]
fn a_question_is_said_in_the_words_of_the_language() {
    let questions = [
        (Question::usage("email", "login"), "use email for login"),
        (Question::collect("email", "provided", "login"), "collect email by provided for login"),
        (Question::share("email", "courier", "ads"), "share email with courier for ads"),
    ];
    for (question, text) in questions {
        assert_eq!(question.to_string(), text);
    }
    let question = Question::collect("email", "provided", "login");
    let json = json!({"act": "collect", "field": "email", "by": "provided", "for": "login"});
    assert_eq!(to_value(question).unwrap(), json);
}

#[test]
fn every_word_is_read_back() {
    fn reads<T>(all: &[T], text: fn(T) -> &'static str)
    where
        T: Copy + PartialEq + std::fmt::Debug + std::str::FromStr + std::fmt::Display,
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        for one in all {
            assert_eq!(text(*one).parse::<T>().ok(), Some(*one));
            assert_eq!(one.to_string(), text(*one));
            assert_eq!(from_value::<T>(to_value(one).unwrap()).unwrap(), *one);
        }
        assert!("nothing of the kind".parse::<T>().is_err());
    }
    reads(&ActKind::ALL, ActKind::as_str);
    reads(&Verdict::ALL, Verdict::as_str);
    reads(&Hierarchy::ALL, Hierarchy::as_str);
    reads(&StatementKind::ALL, StatementKind::as_str);
    reads(&FactKind::ALL, FactKind::as_str);
    reads(&ReasonKind::ALL, ReasonKind::as_str);
    let error = "yes".parse::<Verdict>().unwrap_err();
    assert_eq!(error.to_string(), "`yes` is not one of `deny`, `depends`, `allow`");
}

#[test]
fn a_digest_is_read_back_and_nothing_else_is_one() {
    let digest = shop().digest();
    assert_eq!(digest.to_string().parse(), Ok(digest));
    assert_eq!(from_value::<Digest>(to_value(digest).unwrap()).unwrap(), digest);
    let digits = digest.to_string();
    for wrong in ["", &digits[1..], &format!("{digits}0"), &digits.replace(&digits[..1], "+")] {
        assert!(wrong.parse::<Digest>().is_err(), "{wrong}");
    }
}

#[test]
fn an_id_has_its_path_in_its_own_policy_only() {
    let policy = shop();
    assert_eq!(policy.path(policy.category("email").unwrap()), Some("contact.email"));
    assert_eq!(policy.path(policy.purpose("newsletter").unwrap()), Some("marketing.newsletter"));
    assert_eq!(policy.path(policy.method("provided").unwrap()), Some("provided"));
    assert_eq!(policy.path(policy.recipient("courier").unwrap()), Some("courier"));
    let other = Policy::from_str("policy other category a purpose b").unwrap();
    assert_eq!(policy.path(other.category("a").unwrap()), None);
    assert_eq!(policy.path(other.purpose("b").unwrap()), None);
}

// ── Facts ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn a_fact_takes_every_type_that_can_say_it() {
    let policy = shop();
    let age = |value: FactValue<'_>| {
        let facts = policy.facts_builder().with("region", "eu")?.with("age", value)?.build();
        Ok::<_, FactError>(policy.ask(&Question::usage("phone", "login"), &facts).verdict())
    };
    let eighteen: [FactValue<'_>; 13] = [
        18u8.into(),
        18i8.into(),
        18u16.into(),
        18i16.into(),
        18u32.into(),
        18i32.into(),
        18u64.into(),
        18i64.into(),
        18usize.into(),
        18.0f32.into(),
        18.0f64.into(),
        Some(18).into(),
        FactValue::written("18"),
    ];
    for value in eighteen {
        assert_eq!(age(value.clone()).unwrap(), Verdict::Allow, "{value:?}");
    }
    assert_eq!(age(u64::MAX.into()).unwrap_err().kind(), ReasonKind::WrongFact);
    assert_eq!(age((i64::MAX - 1).into()).unwrap_err().kind(), ReasonKind::WrongFact);
    assert_eq!(age(i64::MIN.into()).unwrap(), Verdict::Deny); // it is a power of two
    assert_eq!(age(None::<i64>.into()).unwrap(), Verdict::Depends);
    assert_eq!(age(f64::NAN.into()).unwrap_err().kind(), ReasonKind::WrongFact);
    let builder = policy.facts_builder().with("region", String::from("eu")).unwrap();
    assert!(builder.with("verified", Some(true)).is_ok());
}

#[test]
fn a_fact_value_is_read_from_json_without_rounding() {
    let values = [
        (json!(null), FactValue::Unstated),
        (json!(true), FactValue::YesNo(true)),
        (json!(18), FactValue::from(18)),
        (json!(-2.5), FactValue::from(-2.5)),
        (json!("eu"), FactValue::from("eu")),
        (json!({"yes": ["ads"], "no": ["login"]}), FactValue::purposes(["ads"], ["login"])),
        (json!({"yes": ["ads"]}), FactValue::purposes(["ads"], NONE)),
    ];
    for (json, value) in values {
        assert_eq!(from_value::<FactValue<'static>>(json).unwrap(), value);
    }
    let large = from_value::<FactValue<'static>>(json!(9_007_199_254_740_993_u64)).unwrap();
    assert_eq!(large, FactValue::written("9007199254740993"));
    assert!(from_value::<FactValue<'static>>(json!({"maybe": []})).is_err());
    assert!(from_value::<FactValue<'static>>(json!([1])).is_err());
}

#[test]
fn facts_go_on_from_those_that_exist() {
    let policy = shop();
    let verdict = |facts: &Facts, field, purpose| {
        policy.ask(&Question::usage(field, purpose), facts).verdict()
    };
    let consent = FactValue::purposes(["newsletter"], ["advertising"]);
    let builder = policy.facts_builder().with("consent", &consent).unwrap();
    let child = builder.with("region", "eu").unwrap().with("age", 12).unwrap().build();
    assert_eq!(verdict(&child, "phone", "login"), Verdict::Deny);
    let adult = policy.facts_builder_from(child.clone()).with("age", 20).unwrap().build();
    assert_eq!(verdict(&adult, "phone", "login"), Verdict::Allow);
    assert_eq!(verdict(&adult, "email", "newsletter"), Verdict::Allow);
    let unknown = policy.facts_builder_from(adult.clone()).with("age", None::<u8>).unwrap().build();
    assert_eq!(verdict(&unknown, "phone", "login"), Verdict::Depends);
    let nothing = FactValue::Unstated;
    let silent = policy.facts_builder_from(adult.clone()).with("consent", nothing).unwrap().build();
    assert_eq!(verdict(&silent, "email", "newsletter"), Verdict::Depends);
    assert_eq!(verdict(&silent, "phone", "login"), Verdict::Allow);
    let cleared = policy.facts_builder_from(adult.clone()).cleared().build();
    assert_eq!(verdict(&cleared, "phone", "login"), Verdict::Depends);
    let other = Policy::from_str("policy other fact region: one of eu, us").unwrap();
    let foreign = other.facts_builder().with("region", "eu").unwrap().build();
    let none = policy.facts_builder_from(foreign).with("age", 20).unwrap().build();
    assert_eq!(verdict(&none, "phone", "login"), Verdict::Depends);
}

#[test]
fn a_lenient_builder_leaves_whole_facts_of_an_older_ledger_unstated_and_reports_them() {
    let policy = shop();
    let newsletter = Question::usage("email", "newsletter");
    let agreed = FactValue::purposes(["newsletter", "loyalty_club"], NONE);
    assert!(policy.facts_builder().with("consent", &agreed).is_err());
    let builder = policy.facts_builder().lenient();
    let builder = builder.with("consent", true).unwrap().with("consent", &agreed).unwrap();
    let builder = builder.with("region", "eu").unwrap().with("region", "atlantis").unwrap();
    let kinds: Vec<ReasonKind> = builder.left_out().iter().map(FactError::kind).collect();
    assert_eq!(kinds, [ReasonKind::UnknownPurpose, ReasonKind::UnknownChoice]);
    let facts = builder.with("age", 20).unwrap().build();
    assert_eq!(policy.ask(&newsletter, &facts).verdict(), Verdict::Depends);
    assert_eq!(policy.ask(&Question::usage("phone", "login"), &facts).missing(), ["region"]);
    // No entry is dropped by itself: what the rest of the list denies or allows is unstated too.
    let denied = FactValue::purposes(["newsletter"], ["loyalty_club"]);
    let facts = policy.facts_builder().lenient().with("consent", &denied).unwrap().build();
    assert_eq!(policy.ask(&newsletter, &facts).verdict(), Verdict::Depends);
    // What the policy does not declare, or a value of another kind, stays an error.
    assert!(policy.facts_builder().lenient().with("regin", "eu").is_err());
    assert!(policy.facts_builder().lenient().with("age", "old").is_err());
}

#[test]
fn errors_are_static_and_own_their_words() {
    fn is_static<T: std::error::Error + Send + Sync + 'static>(_: T) {}
    let policy = shop();
    is_static(policy.purpose("nowhere").unwrap_err());
    is_static(policy.field("nothing").unwrap_err());
    is_static(policy.facts_builder().with("age", "old").unwrap_err());
    let decision = policy.ask(&Question::usage("email", "advertising"), Facts::none());
    is_static(decision.permit(&[]).map(|()| panic!("it is denied")).unwrap_err());
}

// ── Explanations ────────────────────────────────────────────────────────────────────────────────

#[test]
fn an_explanation_says_which_facts_parties_and_purposes_would_change_the_answer() {
    let policy = shop();
    let explanation = policy.explain(&Question::usage("email", "newsletter"), Facts::none());
    let changes: Vec<(&str, Verdict)> =
        explanation.facts.iter().map(|change| (change.fact.as_str(), change.verdict)).collect();
    assert_eq!(changes, [("consent", Verdict::Allow), ("consent", Verdict::Deny)]);
    assert_eq!(explanation.purposes, ["login"]);
    // What a change says comes true.
    for change in &explanation.facts {
        let facts = policy.facts_builder().with(&change.fact, &change.value).unwrap().build();
        let decision = policy.ask(&Question::usage("email", "newsletter"), &facts);
        assert_eq!(decision.verdict(), change.verdict, "{change:?}");
    }
    let explanation = policy.explain(&Question::usage("emial", "login"), Facts::none());
    let ReasonDetail::Name { candidates, .. } = &explanation.outcome.reasons[0].detail else {
        panic!("{explanation:?}")
    };
    assert_eq!(candidates, &["contact.email"]);
}

#[test]
fn what_the_tools_find_is_data_too() {
    use whyfor::{Model, diff::diff, notice::Notice};
    let old = Model::from_str(SHOP).unwrap();
    let new = Model::from_str(&format!("{SHOP}\nuse email for advertising")).unwrap();
    let diff = to_value(diff(&old, &new).unwrap()).unwrap();
    assert_eq!(diff["changes"][0]["kind"], "allowed");
    assert_eq!(diff["changes"][0]["causes"][0]["kind"], "added");
    assert_eq!(diff["changes"][0]["act"], "use");
    let notice = to_value(Notice::of(&old)).unwrap();
    assert_eq!(notice["sections"][0]["entries"][0]["kind"], "permit");
    let broken = Model::from_str("policy p use email for login").unwrap_err();
    let diagnostic = to_value(broken.iter().next().unwrap()).unwrap();
    assert_eq!((&diagnostic["code"], &diagnostic["severity"]), (&json!("E0201"), &json!("error")));
}

// ── What is refused rather than guessed ─────────────────────────────────────────────────────────

#[test]
fn a_fact_value_comes_back_from_json_as_the_same_value() {
    let (i64, u64): (FactValue<'_>, FactValue<'_>) =
        (1_764_216_000_000_i64.into(), 3_000_000_000_u64.into());
    assert_eq!(u64, FactValue::from(3_000_000_000_u32));
    let consent = FactValue::purposes(["ads"], ["login"]);
    for value in [i64, u64, FactValue::from(0.5), "eu".into(), true.into(), consent] {
        let read: FactValue<'static> = from_value(to_value(&value).unwrap()).unwrap();
        assert_eq!(read, value);
    }
    let json = to_value(FactValue::written("18.5")).unwrap();
    assert_eq!(from_value::<FactValue<'static>>(json).unwrap(), FactValue::from(18.5));
}

#[test]
fn a_fact_value_with_a_repeated_list_or_a_rounded_number_is_refused() {
    let read = |json: &str| serde_json::from_str::<FactValue<'static>>(json);
    assert!(read(r#"{"yes":["m"],"no":["ads"],"no":[]}"#).is_err());
    assert!(read(r#"{"yes":["m"],"yes":[]}"#).is_err());
    assert!(read("18446744073709551617").is_err());
    assert!(read("9007199254740993.0").is_err());
    let policy = shop();
    let wrong = policy.facts_builder().with("age", FactValue::written("4503599627370497.5"));
    assert_eq!(wrong.unwrap_err().kind(), ReasonKind::WrongFact);
}

#[test]
fn a_fact_that_is_stated_after_all_is_not_reported_as_left_out() {
    let policy = shop();
    let builder = policy.facts_builder().lenient().with("region", "atlantis").unwrap();
    assert_eq!(builder.left_out().len(), 1);
    assert_eq!(builder.left_out()[0].fact(), "region");
    assert!(builder.with("region", "eu").unwrap().left_out().is_empty());
}

#[test]
fn a_reason_with_missing_members_is_not_read() {
    let read = |json| from_value::<whyfor::OutcomeReason>(json);
    assert!(read(json!({"kind": "permit"})).is_err());
    assert!(read(json!({"kind": "permit", "file": "a", "line": "x", "section": null})).is_err());
    assert!(read(json!({"kind": "no_permit", "category": "a"})).is_err());
    assert!(read(json!({"kind": "unknown_field", "name": "a"})).is_err());
    assert!(read(json!({"kind": "foreign_id"})).is_ok());
}

#[test]
fn candidates_are_those_of_the_policy_that_is_asked() {
    let old = Policy::from_str(
        "policy a category g { x } category h { x } category k1 category k2 category k3",
    )
    .unwrap();
    let new = Policy::from_str("policy b category x category y").unwrap();
    let refusal = old.category("x").unwrap_err();
    assert_eq!(old.candidates(&refusal), ["g.x", "h.x"]);
    assert_eq!(new.candidates(&refusal), ["x"]);
}

#[test]
fn an_explanation_finds_a_number_between_two_bounds_and_says_each_change_once() {
    let text = "policy p category email purpose other fact x: number
        use email for other when x > 0.7 and x < 1";
    let policy = Policy::from_str(text).unwrap();
    let explanation = policy.explain(&Question::usage("email", "other"), Facts::none());
    let verdicts: Vec<Verdict> = explanation.facts.iter().map(|change| change.verdict).collect();
    assert_eq!(verdicts, [Verdict::Deny, Verdict::Allow, Verdict::Deny]);
    let half = policy.facts_builder().with("x", 0.5).unwrap().build();
    let explanation = policy.explain(&Question::usage("email", "other"), &half);
    assert_eq!(explanation.facts.len(), 1, "{explanation:?}");
    assert_eq!(explanation.facts[0].verdict, Verdict::Allow);
    let mut text = String::from("policy p category email purpose ads fact y: number\n");
    for bound in 0..2_000 {
        text += &format!("category c{bound} use c{bound} for ads when y > {bound}\n");
    }
    let policy = Policy::from_str(&format!("{text} use email for ads when y > 5")).unwrap();
    let explanation = policy.explain(&Question::usage("email", "ads"), Facts::none());
    assert_eq!(explanation.facts.len(), 2); // one value that denies it, one that allows it
}

#[test]
fn a_path_that_cannot_be_read_is_named_whole_with_its_source() {
    let model = whyfor::Model::from_path("nowhere/at/all/shop.why").unwrap_err();
    assert!(model.to_string().contains("`nowhere/at/all/shop.why`: there is no such file"));
    let error = Policy::from_path("nowhere/at/all/shop.why").unwrap_err();
    assert!(error.to_string().starts_with("cannot read `nowhere/at/all/shop.why`"), "{error}");
    let source = std::error::Error::source(&error).unwrap();
    let io: &std::io::Error = source.downcast_ref().unwrap();
    assert_eq!(io.kind(), std::io::ErrorKind::NotFound);
}

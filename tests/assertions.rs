//! Assertions for programs, and the names that code misspells.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::panic::catch_unwind;
use whyfor::testing::record;
use whyfor::{Facts, Policy, Question, ReasonKind, assert_allowed, assert_denied, assert_depends};

fn policy() -> Policy {
    Policy::from_path("examples/shop.why").unwrap()
}

/// What an assertion that fails says.
fn message(fails: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(fails).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn questions_are_written_as_in_the_language() {
    let (policy, field) = (policy(), String::from("phone"));
    assert_allowed!(policy, use "email" for "login");
    assert_allowed!(policy, collect "email" by "provided" for "login",);
    assert_allowed!(&policy, share (field) with "courier" for "delivery");
    assert_denied!(policy, collect "email" for "login");
    assert_depends!(policy, use "email" for "newsletter", given consent = true);
    assert_allowed!(policy, use "email" for "newsletter", given consent = true, "age" = 18,);
    assert_denied!(policy, use field for "newsletter", given region = "eu");
}

#[test]
fn an_assertion_that_fails_says_what_the_command_says() {
    let said =
        message(|| assert_allowed!(policy(), use "phone" for "newsletter", given region = "eu"));
    let expected = "expected allow, and it is deny, given region = eu

DENY  use phone for newsletter
by policy shop · Shop personal information list

why
  this forbids it (shop.why:42)
    42 │ never use phone for marketing when region is eu
";
    assert!(said.starts_with(expected), "{said}");
    let policy = policy();
    let facts = policy.facts_builder().with("region", "eu").unwrap().build();
    let text = policy.answer_text(&Question::usage("phone", "newsletter"), &facts).to_string();
    assert!(said.ends_with(&format!("\n\n{text}\n")), "{said}");
}

#[test]
fn a_fact_that_the_policy_does_not_take_is_a_mistake_of_the_test() {
    let said = message(|| assert_denied!(policy(), use "email" for "login", given ages = 3));
    assert!(said.contains("the test states a fact that is refused"), "{said}");
}

#[test]
fn names_that_the_policy_does_not_know_are_recorded_from_every_door() {
    let policy = policy();
    let names = record();
    assert!(!policy.may_use("a", "login") && !policy.may_use("email", "b"));
    assert!(!policy.may_collect("email", "c", "login") && !policy.may_share("phone", "d", "login"));
    assert!(policy.field("e").is_err() && policy.category("f").is_err());
    assert!(policy.purpose("g").is_err() && policy.method("h").is_err());
    let question = Question::share("i", "j", "k");
    assert!(!policy.ask(&question, Facts::none()).is_allowed());
    assert!(policy.facts_builder().with("l", true).is_err());
    // These are known.
    assert!(policy.may_use("work_email", "login") && !policy.may_use("allergies", "login"));
    let recorded: Vec<String> = names.names().into_iter().map(|(_, name)| name).collect();
    let mut sorted = recorded.clone();
    sorted.sort();
    assert_eq!(sorted.concat(), "abcdefghijkl", "{names}");
    assert!(names.names().contains(&(ReasonKind::UnknownRecipient, "j".to_owned())));
}

#[test]
fn a_recording_ends_when_it_is_dropped_and_is_of_its_thread() {
    let policy = policy();
    let outer = record();
    let inner = record();
    assert!(!policy.may_use("x", "login"));
    drop(inner);
    std::thread::scope(|scope| {
        scope.spawn(|| policy.may_use("y", "login"));
    });
    assert_eq!(outer.to_string(), "unknown_field `x`");
    drop(outer);
    assert!(!policy.may_use("z", "login"));
    assert!(record().is_empty());
}

//! Coverage says of each statement what removing it and running all tests again would show.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "tests"
)]

mod common;

use common::{Asked, Choices, World, answer, model, stated};
use proptest::prelude::*;
use whyfor::coverage::{Coverage, Watched};
use whyfor::reference::StatedFacts;
use whyfor::{Facts, Memory, Model, Policy, Question};

const NOTHING: Watched = Watched {
    duties: false,
    retention: false,
    limits: false,
    at_least: false,
    bases: false,
    unbased: false,
    optional: false,
};
const ALL: Watched = Watched {
    duties: true,
    retention: true,
    limits: true,
    at_least: true,
    bases: true,
    unbased: true,
    optional: true,
};
const SOME: [Watched; 9] = [
    NOTHING,
    Watched { duties: true, ..NOTHING },
    Watched { retention: true, ..NOTHING },
    Watched { limits: true, ..NOTHING },
    Watched { at_least: true, ..NOTHING },
    Watched { bases: true, ..NOTHING },
    Watched { unbased: true, ..NOTHING },
    Watched { optional: true, ..NOTHING },
    ALL,
];

/// A question of a test, with what it looks at.
type Test = (Asked, StatedFacts, Watched);

/// Whether a policy answers a test otherwise than another did.
fn differs(policy: &Policy, other: &Policy, (asked, facts, watched): &Test) -> bool {
    let (one, two) = (answer(policy, asked, facts), answer(other, asked, facts));
    one.verdict != two.verdict
        || watched.duties && one.duties != two.duties
        || watched.retention && one.retain_days != two.retain_days
        || watched.limits && one.retain != two.retain
        || watched.at_least && one.retain_at_least != two.retain_at_least
        || watched.bases && one.bases != two.bases
        || watched.unbased && one.unbased != two.unbased
        || watched.optional && one.optional != two.optional
}

fn files(world: &World, statements: &[String], expectations: &[String]) -> Memory {
    let text = format!(
        "policy w\n{}\n{}\nexpect {{\n{}\n}}\n",
        world.declarations.join("\n"),
        statements.join("\n"),
        expectations.join("\n")
    );
    Memory::new().with("w.why", text)
}

fn compiled(files: &Memory) -> (Model, Policy) {
    let model = model(files);
    let policy = Policy::compile(&model).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    (model, policy)
}

/// Expectations that hold, over selections of every form.
fn expectations(world: &World, choices: &mut Choices<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for _ in 0..choices.below(4) {
        let permit = world.permit(choices).replace("optional ", "");
        let scope = permit
            .split([' ', '\n'])
            .take_while(|w| !["when", "unless", "then", "retain", "on", "because"].contains(w));
        let scope: Vec<&str> = scope.collect();
        let given = if choices.once_in(2) { " given age = 17, verified = yes" } else { "" };
        let scope = format!("{}{given}", scope.join(" "));
        for verdict in ["allow", "deny", "depends"] {
            let line = format!("{verdict} {scope}");
            let (model, policy) =
                compiled(&files(world, &world.statements, std::slice::from_ref(&line)));
            if policy.check_expectations(&model).is_empty() {
                found.push(line);
                break;
            }
        }
    }
    found
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(1500),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn coverage_is_what_removing_each_statement_shows(
        (world, more) in (prop::collection::vec(any::<u16>(), 0..220), prop::collection::vec(any::<u16>(), 200))
    ) {
        let world = World::new(&mut Choices::new(&world));
        let mut choices = Choices::new(&more);
        let expectations = expectations(&world, &mut choices);
        let tests: Vec<Test> = (0..choices.below(6))
            .map(|_| {
                let watched = *choices.pick(&SOME);
                (world.question(&mut choices), world.facts(&mut choices), watched)
            })
            .collect();
        let (model, policy) = compiled(&files(&world, &world.statements, &expectations));
        let mut coverage = Coverage::new(&policy, &model);
        coverage.expectations();
        for (number, (asked, facts, watched)) in tests.iter().enumerate() {
            coverage.question(number, &asked.question(), &stated(&policy, facts), *watched);
        }
        for removed in 0..world.statements.len() {
            let mut statements = world.statements.clone();
            let text = statements.remove(removed);
            let (model, other) = compiled(&files(&world, &statements, &expectations));
            let noticed = !other.check_expectations(&model).is_empty()
                || tests.iter().any(|test| differs(&other, &policy, test));
            prop_assert_eq!(
                coverage.witness(removed).is_some(),
                noticed,
                "{}: {:?}\n{:?}\n{}\nexpect {{ {} }}",
                text, coverage.witness(removed), tests, world.text(), expectations.join(" ")
            );
        }
    }
}

#[test]
fn every_statement_of_the_first_policy_is_noticed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/drun.why");
    let model = Model::from_path(path).unwrap();
    let policy = Policy::compile(&model).unwrap();
    let mut coverage = Coverage::new(&policy, &model);
    coverage.expectations();
    for statement in policy.statements() {
        assert!(coverage.witness(statement.index()).is_some(), "{}", statement.text);
    }
}

/// The statements that a question notices.
fn noticed_by(text: &str, question: &Question<'_>) -> Vec<usize> {
    let (model, policy) = compiled(&Memory::new().with("w.why", text));
    let mut coverage = Coverage::new(&policy, &model);
    coverage.question(0, question, Facts::none(), ALL);
    let statements = policy.statements().map(|statement| statement.index());
    statements.filter(|statement| coverage.witness(*statement).is_some()).collect()
}

#[test]
fn what_is_collected_and_named_stays_without_the_collect() {
    let text =
        "policy w  category contact { email phone }  method m  purpose login  purpose research
        collect contact by m for login
        use collected, email for research";
    assert_eq!(noticed_by(text, &Question::usage("email", "research")), [1]);
    assert_eq!(noticed_by(text, &Question::usage("phone", "research")), [0, 1]);
}

#[test]
fn a_duty_that_comes_with_another_category_too_stays_without_a_collect() {
    let text =
        "policy w  category contact { email phone }  method m  purpose login  purpose research
        duty deidentify
        collect email by m for login
        collect phone by m for login
        use contact for research
        use collected for research then deidentify";
    assert_eq!(noticed_by(text, &Question::usage("contact", "research")), [2, 3]);
    assert_eq!(noticed_by(text, &Question::usage("email", "research")), [0, 3]);
}

#[test]
fn many_statements_are_judged_at_once() {
    let mut text = String::from("policy many purpose p { ");
    (0..200).for_each(|n| text += &format!("p{n} "));
    text += "} category c { ";
    (0..500).for_each(|n| text += &format!("c{n} "));
    text += "}\n";
    (0..10_000).for_each(|n| {
        text += &format!("use c{}, c{} for p{}\n", n % 500, n / 7 % 500, n * 31 % 200)
    });
    text += "expect { allow use c1 for p31 }";
    let (model, policy) = compiled(&Memory::new().with("w.why", text));
    let mut coverage = Coverage::new(&policy, &model);
    coverage.expectations();
    let purposes: Vec<String> = (0..200).map(|n| format!("p{n}")).collect();
    for (number, purpose) in purposes.iter().enumerate() {
        coverage.question(number, &Question::usage("c", purpose), Facts::none(), ALL);
    }
    assert!((0..10_000).filter(|statement| coverage.witness(*statement).is_some()).count() <= 1);
}

#[test]
fn with_the_policy_of_another_model_nobody_notices_anything() {
    let text = |more: &str| {
        Memory::new().with(
            "w.why",
            format!(
                "policy w category a purpose p {more} use a for p expect {{ allow use a for p }}"
            ),
        )
    };
    let (small, small_policy) = compiled(&text(""));
    let (large, large_policy) = compiled(&text("category b purpose q use b for q"));
    for (model, policy) in [(&small, &large_policy), (&large, &small_policy)] {
        let mut coverage = Coverage::new(policy, model);
        coverage.expectations();
        coverage.question(0, &Question::usage("a", "p"), &Facts::default(), ALL);
        coverage.question(1, &Question::usage("b", "q"), &Facts::default(), ALL);
        assert!((0..2).all(|statement| coverage.witness(statement).is_none()));
    }
}

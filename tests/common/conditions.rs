//! Another reading of conditions as data: with facts that are stated by hand.

use whyfor::reference::{Stated, StatedFacts};
use whyfor::{Condition, Facts, Policy, Test, Verdict};

/// The value of a condition in Kleene's logic, by the values of its tests.
pub fn value(condition: &Condition<'_>, test: &dyn Fn(&str, &Test<'_>) -> Verdict) -> Verdict {
    let values = |parts: &[Condition<'_>]| -> Vec<Verdict> {
        parts.iter().map(|part| value(part, test)).collect()
    };
    match condition {
        Condition::Yes => Verdict::Allow,
        Condition::No => Verdict::Deny,
        Condition::Test { fact, test: of } => test(fact, of),
        Condition::Not(inner) => not(value(inner, test)),
        Condition::All(parts) => values(parts).into_iter().min().unwrap(),
        Condition::Any(parts) => values(parts).into_iter().max().unwrap(),
    }
}

pub fn not(value: Verdict) -> Verdict {
    match value {
        Verdict::Allow => Verdict::Deny,
        Verdict::Depends => Verdict::Depends,
        Verdict::Deny => Verdict::Allow,
    }
}

/// The value of a test for a purpose. Facts per purpose are looked up in `facts`, all others in `stated`.
pub fn test(
    policy: &Policy,
    facts: &Facts,
    stated: &StatedFacts,
    purpose: &str,
    fact: &str,
    test: &Test<'_>,
) -> Verdict {
    let of = |is: bool| if is { Verdict::Allow } else { Verdict::Deny };
    match (stated.get(fact), test) {
        (None, _) => Verdict::Depends,
        (Some(Stated::YesNo(value)), Test::Holds) => of(*value),
        (Some(Stated::Purposes { .. }), Test::Holds) => {
            let purpose = policy.purpose(purpose).unwrap();
            policy.holds(facts, fact, purpose).map_or(Verdict::Depends, of)
        }
        (Some(Stated::Choice(choice)), Test::In(choices)) => of(choices.contains(&choice.as_str())),
        (Some(Stated::Number(number)), Test::AtLeast(least)) => of(number >= least),
        (Some(Stated::Number(number)), Test::Above(bound)) => of(number > bound),
        (Some(Stated::Number(number)), Test::Equal(other)) => of(number == other),
        (stated, test) => panic!("{fact}: {stated:?} does not take {test:?}"),
    }
}

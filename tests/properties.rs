//! What must follow from the language, tested on random policies: the laws of the language page, and
//! that the tables in every layout, the artifact read back, and the reference interpreter agree.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    unreachable_pub,
    reason = "tests"
)]

mod common;

use common::{Asked, Choices, Party, World, answer, conditions, model, stated};
use proptest::prelude::*;
use whyfor::reference::{self, Layout, Stated};
use whyfor::{Act, Condition, Facts, Memory, Policy, Reason, StatementKind, Verdict};

/// Enough choices for a policy, and for some questions about it.
fn choices() -> impl Strategy<Value = (Vec<u16>, Vec<u16>)> {
    (prop::collection::vec(any::<u16>(), 0..220), prop::collection::vec(any::<u16>(), 200))
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(1500),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

const QUESTIONS: usize = 12;

fn compiled(world: &World) -> Policy {
    Policy::compile(&world.model()).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// A text in which the nodes `c0`, `m0` … are called by words that are keywords where a clause can stand.
fn with_words_as_names(text: &str) -> String {
    const WORDS: [&str; 8] =
        ["on", "because", "see", "optional", "until", "after", "basis", "event"];
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut result = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) =
            rest.split_at(length.max(rest.chars().next().map_or(0, char::len_utf8)));
        result += match word.as_bytes() {
            [b'c' | b'm' | b'p' | b'r', b'x'] => "published",
            [b'c' | b'm' | b'p' | b'r', digit @ b'0'..=b'7'] => WORDS[usize::from(digit - b'0')],
            _ => word,
        };
        rest = after;
    }
    result
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn tables_artifact_and_reference_agree((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let model = world.model();
        let policies: Vec<Policy> = Layout::ALL
            .map(|layout| Policy::compile_as(&model, layout).unwrap())
            .into_iter()
            .chain([Policy::from_artifact(compiled(&world).as_bytes()).unwrap()])
            .collect();
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            let expected = reference::decide(&model, &asked.question(), &facts);
            for policy in &policies {
                prop_assert_eq!(&answer(policy, &asked, &facts), &expected, "{:?} {:?}\n{}", asked, facts, world.text());
            }
        }
    }

    #[test]
    fn shuffling_statements_and_files_changes_no_decision((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let mut choices = Choices::new(&questions);
        let mut items: Vec<String> = [world.declarations.clone(), world.statements.clone()].concat();
        for last in (1..items.len()).rev() {
            items.swap(last, choices.below(last + 1));
        }
        // One half in a section of another file, declarations aside.
        let half = choices.below(items.len());
        let (there, here) = items.split_at(half);
        let is_statement = |item: &&String| world.statements.contains(item);
        let (inside, outside): (Vec<_>, Vec<_>) = there.iter().partition(is_statement);
        let join = |list: &[&String]| list.iter().map(|i| i.as_str()).collect::<Vec<_>>().join("\n");
        let other = format!("section s {{\n{}\n}}\n{}", join(&inside), join(&outside));
        let files = Memory::new()
            .with("w.why", format!("{}\npolicy w\nimport \"part/other.why\"", here.join("\n")))
            .with("part/other.why", other);
        let (before, after) = (compiled(&world), Policy::compile(&model(&files)).unwrap());
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            prop_assert_eq!(answer(&before, &asked, &facts), answer(&after, &asked, &facts));
        }
    }

    #[test]
    fn adding_a_permit_turns_no_allow_into_another_answer((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let mut choices = Choices::new(&questions);
        let mut more = world.clone();
        more.statements.push(world.permit(&mut choices));
        let (before, after) = (compiled(&world), compiled(&more));
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            if answer(&before, &asked, &facts).verdict == Verdict::Allow {
                prop_assert_eq!(answer(&after, &asked, &facts).verdict, Verdict::Allow);
            }
        }
    }

    #[test]
    fn adding_a_never_turns_nothing_into_allow((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let mut choices = Choices::new(&questions);
        let mut more = world.clone();
        more.statements.push(world.never(&mut choices));
        let (before, after) = (compiled(&world), compiled(&more));
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            if answer(&before, &asked, &facts).verdict != Verdict::Allow {
                prop_assert_ne!(answer(&after, &asked, &facts).verdict, Verdict::Allow);
            }
        }
    }

    #[test]
    fn stating_one_more_fact_turns_no_allow_or_deny_into_another_answer((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let policy = compiled(&world);
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            let more = world.facts(&mut choices);
            let before = answer(&policy, &asked, &facts).verdict;
            for (name, value) in more.into_iter().filter(|(name, _)| !facts.contains_key(name)) {
                let mut facts = facts.clone();
                facts.insert(name, value);
                let after = answer(&policy, &asked, &facts).verdict;
                prop_assert!(before == Verdict::Depends || before == after);
            }
        }
    }

    #[test]
    fn a_residual_is_the_verdict_for_all_further_facts((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let policy = compiled(&world);
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let (asked, all) = (world.question(&mut choices), world.facts(&mut choices));
            let mut some = all.clone();
            some.retain(|_, _| choices.once_in(3));
            let (some, stated) = (common::stated(&policy, &some), common::stated(&policy, &all));
            let expected = policy.ask(&asked.question(), &stated);
            let decision = policy.ask(&asked.question(), &some);
            let value = |condition: &Condition<'_>| {
                conditions::value(condition, &|fact, test| conditions::test(&policy, &stated, &all, &asked.purpose, fact, test))
            };
            let residual = decision.residual();
            prop_assert_eq!(value(&residual), expected.verdict(), "{:?} {:?}: {}\n{}", asked, all, residual, world.text());
            if expected.verdict() == Verdict::Deny {
                continue;
            }
            let points = decision.points();
            let of_points = points.iter().map(|point| {
                let greatest = |kind| {
                    let of_kind = point.iter().filter(|covering| covering.statement.kind == kind);
                    of_kind.map(|covering| value(&covering.when)).max().unwrap_or(Verdict::Deny)
                };
                greatest(StatementKind::Permit).min(conditions::not(greatest(StatementKind::Never)))
            });
            prop_assert_eq!(of_points.min(), Some(expected.verdict()), "{:?} {:?}\n{}", asked, all, world.text());
            let terms = decision.conditional_terms();
            let due = terms.iter().filter(|terms| value(&terms.when) != Verdict::Deny);
            let mut duties: Vec<&str> = due.flat_map(|terms| terms.duties.clone()).collect();
            duties.sort_unstable();
            duties.dedup();
            let mut owed: Vec<&str> = expected.duties().collect();
            owed.sort_unstable();
            prop_assert_eq!(duties, owed, "{:?} {:?}\n{}", asked, all, world.text());
        }
    }

    #[test]
    fn allow_to_collect_or_share_implies_allow_to_use((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let policy = compiled(&world);
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            if answer(&policy, &asked, &facts).verdict == Verdict::Allow {
                let using = Asked { party: Party::Use, ..asked };
                prop_assert_eq!(answer(&policy, &using, &facts).verdict, Verdict::Allow);
            }
        }
    }

    #[test]
    fn allow_for_a_node_implies_allow_for_every_node_below_it((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let policy = compiled(&world);
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            // Facts per purpose are taken for the purpose of the question: keep it, and vary the rest.
            let below = |paths: &[String], name: &str| -> Vec<String> {
                let under = format!("{name}.");
                paths.iter().filter(|p| p.starts_with(&under)).cloned().collect()
            };
            if !world.categories.contains(&asked.field)
                || answer(&policy, &asked, &facts).verdict != Verdict::Allow
            {
                continue;
            }
            for field in below(&world.categories, &asked.field) {
                let lower = Asked { field, ..asked.clone() };
                prop_assert_eq!(answer(&policy, &lower, &facts).verdict, Verdict::Allow);
            }
            if let Party::Collect(method) = &asked.party {
                let all = || world.methods.clone();
                let methods = method.as_ref().map_or_else(all, |name| below(&world.methods, name));
                for method in methods {
                    let lower = Asked { party: Party::Collect(Some(method)), ..asked.clone() };
                    prop_assert_eq!(answer(&policy, &lower, &facts).verdict, Verdict::Allow);
                }
            }
            if let Party::Share(None) = &asked.party {
                for recipient in world.recipients.clone() {
                    let lower = Asked { party: Party::Share(Some(recipient)), ..asked.clone() };
                    prop_assert_eq!(answer(&policy, &lower, &facts).verdict, Verdict::Allow);
                }
            }
            if facts.values().all(|value| !matches!(value, Stated::Purposes { .. })) {
                for purpose in below(&world.purposes, &asked.purpose) {
                    let lower = Asked { purpose, ..asked.clone() };
                    prop_assert_eq!(answer(&policy, &lower, &facts).verdict, Verdict::Allow);
                }
            }
        }
    }

    #[test]
    fn alternatives_of_bases_are_permits_of_their_own((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let mut split = world.clone();
        split.statements = world.statements.iter().flat_map(|statement| {
            let alternatives = statement.split_once(" on ").and_then(|(before, rest)| {
                let end = rest.find(" because ").unwrap_or(rest.len());
                let (first, second) = rest[..end].split_once(", ")?;
                let with = |bases: &str| format!("{before} on {bases}{}", &rest[end..]);
                Some(vec![with(first), with(second)])
            });
            alternatives.unwrap_or_else(|| vec![statement.clone()])
        }).collect();
        let (before, after) = (compiled(&world), compiled(&split));
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            prop_assert_eq!(answer(&before, &asked, &facts), answer(&after, &asked, &facts), "{}", world.text());
        }
    }

    #[test]
    fn words_of_clauses_are_names_elsewhere((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let renamed = Memory::new().with("w.why", with_words_as_names(&world.text()));
        let (before, after) = (compiled(&world), Policy::compile(&model(&renamed)).unwrap());
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            let name = |name: &String| with_words_as_names(name);
            let party = match &asked.party {
                Party::Use => Party::Use,
                Party::Collect(method) => Party::Collect(method.as_ref().map(name)),
                Party::Share(recipient) => Party::Share(recipient.as_ref().map(name)),
            };
            let same = Asked { party, field: name(&asked.field), purpose: name(&asked.purpose) };
            let same_facts = facts.iter().map(|(fact, value)| (fact.clone(), match value {
                Stated::Purposes { yes, no } => Stated::Purposes {
                    yes: yes.iter().map(name).collect(),
                    no: no.iter().map(name).collect(),
                },
                other => other.clone(),
            })).collect();
            prop_assert_eq!(
                answer(&before, &asked, &facts), answer(&after, &same, &same_facts),
                "{:?} {}", same, with_words_as_names(&world.text())
            );
        }
    }

    #[test]
    fn a_basis_without_a_condition_changes_no_decision((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let mut more = world.clone();
        for statement in &mut more.statements {
            let is_permit = ["collect", "use", "share"].iter().any(|act| statement.starts_with(act));
            if !is_permit {
                continue;
            }
            *statement = match statement.split_once(" on ") {
                None => format!("{statement} on contract"),
                Some((before, rest)) => {
                    let end = rest.find(" because ").unwrap_or(rest.len());
                    let bases = rest[..end].replace(", ", " & contract, ");
                    format!("{before} on {bases} & contract{}", &rest[end..])
                }
            };
        }
        let (before, after) = (compiled(&world), compiled(&more));
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            prop_assert_eq!(answer(&before, &asked, &facts).verdict, answer(&after, &asked, &facts).verdict, "{}", world.text());
        }
    }

    #[test]
    fn every_way_to_ask_gives_the_same_answer((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let policy = compiled(&world);
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let asked = world.question(&mut choices);
            let question = asked.question();
            let expected = policy.ask(&question, Facts::none()).is_allowed();
            let by_name = match question.act {
                Act::Use => policy.may_use(question.field, question.purpose),
                Act::Collect(None) | Act::Share(None) => expected,
                Act::Collect(Some(method)) => policy.may_collect(question.field, method, question.purpose),
                Act::Share(Some(recipient)) => policy.may_share(question.field, recipient, question.purpose),
            };
            prop_assert_eq!(by_name, expected);
            let column = policy.column(question.act, &[question.field], question.purpose, Facts::none());
            let mut rows = [0u64];
            column.select(&[0u16, 1], &mut rows);
            prop_assert_eq!(rows[0], u64::from(expected));
            let act = match question.act {
                Act::Use => Act::Use,
                Act::Collect(None) => Act::Collect(policy.any_method()),
                Act::Share(None) => Act::Share(policy.any_recipient()),
                Act::Collect(Some(method)) => match policy.method(method) {
                    Ok(id) => Act::Collect(id),
                    Err(_) => continue,
                },
                Act::Share(Some(recipient)) => match policy.recipient(recipient) {
                    Ok(id) => Act::Share(id),
                    Err(_) => continue,
                },
            };
            if let (Ok(field), Ok(purpose)) = (policy.field(question.field), policy.purpose(question.purpose)) {
                prop_assert_eq!(policy.decide_field(act, &field, purpose, Facts::none()).is_allowed(), expected);
            }
        }
    }

    #[test]
    fn reasons_say_what_decided((world, questions) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let (policy, model) = (compiled(&world), world.model());
        let mut choices = Choices::new(&questions);
        for _ in 0..QUESTIONS {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            let library = stated(&policy, &facts);
            let decision = policy.ask(&asked.question(), &library);
            let reasons = decision.reasons();
            prop_assert!(!reasons.is_empty(), "{:?}", asked);
            match decision.verdict() {
                Verdict::Allow => prop_assert!(reasons.iter().all(|r| matches!(r, Reason::Permit(s) if s.kind == StatementKind::Permit))),
                Verdict::Depends => {
                    // A missing fact matters: it is unstated, or stated for other purposes.
                    let missing = decision.missing();
                    prop_assert!(!missing.is_empty());
                    for name in missing {
                        prop_assert!(!matches!(facts.get(name), Some(Stated::YesNo(_) | Stated::Number(_) | Stated::Choice(_))));
                    }
                }
                Verdict::Deny => {
                    let nevers = reasons.iter().filter(|r| matches!(r, Reason::Never(_))).count();
                    prop_assert!(nevers == 0 || nevers == reasons.len());
                    if let [Reason::NoPermit { category, party, purpose }] = reasons.as_slice() {
                        // The point that it names is denied by itself, whatever the facts.
                        let named = party.filter(|name| *name != "*").map(str::to_owned);
                        let party = match &asked.party {
                            Party::Collect(_) => Party::Collect(named),
                            Party::Share(_) => Party::Share(named),
                            Party::Use => Party::Use,
                        };
                        let point = Asked { party, field: (*category).to_owned(), purpose: (*purpose).to_owned() };
                        let none = Default::default();
                        prop_assert_eq!(reference::decide(&model, &point.question(), &none).verdict, Verdict::Deny);
                    }
                }
            }
        }
    }
}

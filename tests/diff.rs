//! What `diff` says changed is what the reference interpreter answers differently: no more, no less.

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

use common::{Asked, Choices, Party, World, model};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use whyfor::diff::{Change, ChangeKind, Diff, NameChangeKind, diff};
use whyfor::reference::{self, Answer, Stated, StatedFacts};
use whyfor::{Act, Limit, Memory, Model, Period, Unit, Verdict};

/// Enough choices for two policies, and for facts.
fn choices() -> impl Strategy<Value = (Vec<u16>, Vec<u16>, Vec<u16>)> {
    let list = |count| prop::collection::vec(any::<u16>(), 0..count);
    (list(160), list(160), prop::collection::vec(any::<u16>(), 400))
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(40), // each asks all questions under all facts
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Facts as the worlds declare them, each with every value that a test in them can tell apart.
fn all_facts(purpose: &str) -> Vec<StatedFacts> {
    let here = || vec![purpose.to_owned()];
    let per_purpose = [
        None,
        Some(Stated::Purposes { yes: here(), no: vec![] }),
        Some(Stated::Purposes { yes: vec![], no: here() }),
    ];
    let ages = (28..=40).map(|half| Some(Stated::Number(f64::from(half) / 2.0)));
    let values: [(&str, Vec<Option<Stated>>); 5] = [
        ("verified", vec![None, Some(Stated::YesNo(true)), Some(Stated::YesNo(false))]),
        ("consent", per_purpose.to_vec()),
        ("objected", per_purpose.to_vec()),
        (
            "region",
            [None, Some("eu"), Some("us"), Some("cn")]
                .map(|region| region.map(|name| Stated::Choice(name.to_owned())))
                .to_vec(),
        ),
        ("age", std::iter::once(None).chain(ages).collect()),
    ];
    let mut all = vec![BTreeMap::new()];
    for (name, values) in values {
        let with = |facts: &StatedFacts| {
            let mut list = Vec::new();
            for value in &values {
                let mut facts = facts.clone();
                facts.extend(value.clone().map(|value| (name.to_owned(), value)));
                list.push(facts);
            }
            list
        };
        all = all.iter().flat_map(with).collect();
    }
    all
}

/// Every question by the paths of either policy.
fn universe(old: &World, new: &World) -> Vec<Asked> {
    let both =
        |a: &[String], b: &[String]| -> BTreeSet<String> { a.iter().chain(b).cloned().collect() };
    let any_or = |names: BTreeSet<String>| names.into_iter().map(Some).chain([None]);
    let mut parties = vec![Party::Use];
    parties.extend(any_or(both(&old.methods, &new.methods)).map(Party::Collect));
    parties.extend(any_or(both(&old.recipients, &new.recipients)).map(Party::Share));
    let mut all = Vec::new();
    for field in both(&old.categories, &new.categories) {
        for party in &parties {
            for purpose in both(&old.purposes, &new.purposes) {
                all.push(Asked { party: party.clone(), field: field.clone(), purpose });
            }
        }
    }
    all
}

/// The questions of a change, as text.
fn expanded(change: &Change) -> Vec<String> {
    let (word, parties) = match &change.act {
        Act::Use => ("use", vec![String::new()]),
        Act::Collect(names) => ("collect", names.all.clone()),
        Act::Share(names) => ("share", names.all.clone()),
    };
    let mut all = Vec::new();
    for category in &change.categories.all {
        if change.with_use {
            all.extend(
                change.purposes.all.iter().map(|purpose| format!("use {category}  {purpose}")),
            );
        }
        for party in &parties {
            for purpose in &change.purposes.all {
                all.push(format!("{word} {category} {party} {purpose}"));
            }
        }
    }
    all
}

fn key(asked: &Asked) -> String {
    let (word, party) = match &asked.party {
        Party::Use => ("use", ""),
        Party::Collect(method) => ("collect", method.as_deref().unwrap_or("*")),
        Party::Share(recipient) => ("share", recipient.as_deref().unwrap_or("*")),
    };
    format!("{word} {} {party} {}", asked.field, asked.purpose)
}

/// What all facts say of one question.
#[derive(Debug, Default)]
struct Seen {
    gained: bool,
    lost: bool,
    otherwise: bool,
    /// Duties were dropped, a limit got longer, a basis was lost.
    freer: bool,
    duties: bool,
    bases: bool,
}

fn by_all_facts(models: [&Model; 2], asked: &Asked) -> Seen {
    let mut seen = Seen::default();
    for facts in all_facts(&asked.purpose) {
        let [old, new] = models.map(|model| decide(model, asked, &facts));
        if old == new {
            continue;
        }
        seen.gained |= new.verdict == Verdict::Allow && old.verdict != Verdict::Allow;
        seen.lost |= old.verdict == Verdict::Allow && new.verdict != Verdict::Allow;
        seen.otherwise |= old.verdict != new.verdict
            && old.verdict != Verdict::Allow
            && new.verdict != Verdict::Allow;
        let due = |answer: &Answer| answer.verdict != Verdict::Deny;
        if !due(&old) || !due(&new) {
            continue;
        }
        seen.freer |= !old.duties.is_subset(&new.duties) || is_kept_longer(&old, &new);
        seen.duties |= old.duties != new.duties
            || old.retain != new.retain
            || old.retain_at_least != new.retain_at_least;
        if old.verdict == new.verdict {
            seen.freer |= !old.bases.is_subset(&new.bases) || new.unbased && !old.unbased;
            seen.bases |= old.bases != new.bases || old.unbased != new.unbased;
        }
    }
    seen
}

/// An answer whose periods are in one unit of their family: the same length in another unit is no difference.
fn in_one_unit(mut answer: Answer) -> Answer {
    let each = |limit: &Limit<String>| {
        let Some(period) = limit.period() else { return limit.clone() };
        let (unit, times) = match period.unit() {
            Unit::Hours => (Unit::Hours, 1),
            Unit::Days => (Unit::Hours, 24),
            Unit::Weeks => (Unit::Hours, 7 * 24),
            Unit::Months => (Unit::Months, 1),
            Unit::Years => (Unit::Months, 12),
        };
        let period = Period::new(period.count() * times, unit);
        Limit::Period { period, after: limit.event().cloned() }
    };
    answer.retain = answer.retain.iter().map(each).collect();
    answer.retain_at_least = answer.retain_at_least.iter().map(each).collect();
    answer
}

fn decide(model: &Model, asked: &Asked, facts: &StatedFacts) -> Answer {
    in_one_unit(reference::decide(model, &asked.question(), facts))
}

/// Whether some limit is longer, or is none any more. Limits from the same start in units of one family compare, and
/// `until` an event is shorter than any period after it.
fn is_kept_longer(old: &Answer, new: &Answer) -> bool {
    let length = |answer: &Answer, start: Option<&String>, calendar: bool| {
        let from_start = answer.retain.iter().filter(|limit| limit.event() == start);
        let lengths = from_start.filter_map(|limit| match limit.period() {
            None => Some(0),
            Some(period) => {
                let is_calendar = period.unit() == Unit::Months; // in one unit
                (is_calendar == calendar).then_some(u64::from(period.count()))
            }
        });
        lengths.min().unwrap_or(u64::MAX)
    };
    let starts: BTreeSet<Option<&String>> =
        old.retain.iter().chain(&new.retain).map(|limit| limit.event()).collect();
    starts.into_iter().any(|start| {
        [false, true]
            .into_iter()
            .any(|family| length(new, start, family) > length(old, start, family))
    })
}

/// Whether the question that a change shows is one of its own and differs under the facts shown. (Of
/// facts per purpose, `ask` takes where they hold.)
fn shows(models: [&Model; 2], change: &Change) -> bool {
    let words: Vec<&str> = change.witness.question.split(' ').collect();
    let (party, purpose) = match (words[0], words[2], words.as_slice()) {
        ("use", "for", [.., purpose]) => (Party::Use, *purpose),
        ("collect", "for", [.., purpose]) => (Party::Collect(None), *purpose),
        ("share", "for", [.., purpose]) => (Party::Share(None), *purpose),
        ("collect", "by", [_, _, _, method, _, purpose]) => {
            (Party::Collect(Some((*method).to_owned())), *purpose)
        }
        ("share", "with", [_, _, _, recipient, _, purpose]) => {
            (Party::Share(Some((*recipient).to_owned())), *purpose)
        }
        _ => return false,
    };
    let field = words[1].trim_matches('"').to_owned();
    let asked = Asked { party, field, purpose: purpose.to_owned() };
    let mut facts = StatedFacts::new();
    for given in &change.witness.given {
        let (name, value) = given.split_once('=').unwrap();
        let here = vec![purpose.to_owned()];
        let value = match (name, value) {
            ("verified", value) => Stated::YesNo(value == "yes"),
            ("age", value) => Stated::Number(value.parse().unwrap()),
            ("region", value) => Stated::Choice(value.to_owned()),
            (_, "yes") => Stated::Purposes { yes: here, no: vec![] },
            (_, _) => Stated::Purposes { yes: vec![], no: here },
        };
        facts.insert(name.to_owned(), value);
    }
    let [a, b] = models.map(|model| decide(model, &asked, &facts));
    a != b && expanded(change).contains(&key(&asked))
}

/// Facts of which a text names some, each with every value that a test in it can tell apart.
fn facts_named(text: &str, purpose: &str) -> Vec<StatedFacts> {
    let mut all = all_facts(purpose);
    all.retain(|facts| facts.keys().all(|name| text.contains(name.as_str())));
    all
}

/// The declarations of the legal bases that some statements name.
fn conditions_of_bases(world: &World, statements: &str) -> String {
    let is_named = |declaration: &&String| {
        let name = declaration.strip_prefix("basis ").and_then(|rest| rest.split(' ').next());
        name.is_some_and(|name| statements.contains(name))
    };
    world.declarations.iter().filter(is_named).cloned().collect()
}

/// A question by the words of `key`.
fn asked(key: &str) -> Asked {
    let words: Vec<&str> = key.split(' ').collect();
    let [act, field, party, purpose] = words.as_slice() else { panic!("{key}") };
    let named = (*party != "*").then(|| (*party).to_owned());
    let party = match *act {
        "use" => Party::Use,
        "collect" => Party::Collect(named),
        _ => Party::Share(named),
    };
    Asked { party, field: (*field).to_owned(), purpose: (*purpose).to_owned() }
}

/// Checks a diff against the reference.
fn check(old: &World, new: &World, choices: &mut Choices<'_>) -> Result<Diff, TestCaseError> {
    let models = [&old.model(), &new.model()];
    let diff = diff(models[0], models[1]).unwrap();
    let mut told: BTreeMap<String, &Change> = BTreeMap::new();
    for change in diff.changes() {
        let questions = expanded(change);
        prop_assert_eq!(questions.len(), change.count());
        prop_assert!(shows(models, change), "{:#?}", change);
        for question in questions {
            let before = told.insert(question.clone(), change);
            prop_assert!(before.is_none(), "{} is told twice: {:#?}", question, diff);
        }
    }
    prop_assert_eq!(diff.count(), told.len());
    let texts = || format!("\n{}\n── and\n{}\n── {:#?}", old.text(), new.text(), diff);
    let mut looked_at: BTreeSet<*const Change> = BTreeSet::new();
    for asked in universe(old, new) {
        match told.get(&key(&asked)) {
            // Every change is one: some facts show it, and what is said of it is so. Of each box one
            // question is looked at under all facts, of the others it is enough that some show it.
            Some(change) if looked_at.insert(*change) => {
                let seen = by_all_facts(models, &asked);
                let kind = match (seen.gained, seen.lost, seen.otherwise) {
                    (true, true, _) => ChangeKind::Shifted,
                    (true, ..) => ChangeKind::Allowed,
                    (_, true, _) => ChangeKind::Denied,
                    (.., true) => ChangeKind::Depends,
                    _ if seen.duties => ChangeKind::Duties,
                    _ if seen.bases => ChangeKind::Bases,
                    _ => ChangeKind::Optional,
                };
                prop_assert_eq!(change.kind, kind, "{}{}", key(&asked), texts());
                prop_assert_eq!(
                    change.more_permissive,
                    seen.gained || seen.freer,
                    "{}{}",
                    key(&asked),
                    texts()
                );
            }
            Some(_) => {
                let differs = all_facts(&asked.purpose).iter().any(|facts| {
                    let [a, b] = models.map(|m| decide(m, &asked, facts));
                    a != b
                });
                prop_assert!(differs, "{} is told{}", key(&asked), texts());
            }
            None => {
                let all = all_facts(&asked.purpose);
                let some: Vec<&StatedFacts> =
                    (0..6).map(|_| choices.pick(&all)).chain([&all[0]]).collect();
                for facts in some {
                    let [a, b] = models.map(|m| decide(m, &asked, facts));
                    prop_assert_eq!(a, b, "{} {:?} is not told{}", key(&asked), facts, texts());
                }
            }
        }
    }
    Ok(diff)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_told_of_other_statements_is_what_the_reference_answers_differently((world, more, facts) in choices()) {
        let old = World::new(&mut Choices::new(&world));
        let (mut choices, mut new) = (Choices::new(&more), old.clone());
        for _ in 0..=choices.below(3) {
            if choices.once_in(3) && !new.statements.is_empty() {
                new.statements.remove(choices.below(new.statements.len()));
            } else {
                let statement = new.statement(&mut choices);
                new.statements.push(statement);
            }
        }
        check(&old, &new, &mut Choices::new(&facts))?;
    }

    #[test]
    fn what_is_told_of_another_policy_is_what_the_reference_answers_differently((world, more, facts) in choices()) {
        let (old, new) = (World::new(&mut Choices::new(&world)), World::new(&mut Choices::new(&more)));
        check(&old, &new, &mut Choices::new(&facts))?;
    }

    #[test]
    fn each_decision_that_differs_stands_in_one_change_and_no_other_does((world, more, _) in choices()) {
        let old = World::new(&mut Choices::new(&world));
        let (mut choices, mut new) = (Choices::new(&more), old.clone());
        new.statements.truncate(choices.below(old.statements.len() + 1));
        for _ in 0..=choices.below(3) {
            let statement = new.statement(&mut choices);
            new.statements.push(statement);
        }
        let models = [&old.model(), &new.model()];
        let text = [old.statements.join("\n"), new.statements.join("\n")].concat();
        let text = text.clone() + &conditions_of_bases(&old, &text);
        let differs = |asked: &Asked| {
            facts_named(&text, &asked.purpose).iter().any(|facts| {
                let [a, b] = models.map(|m| decide(m, asked, facts));
                a != b
            })
        };
        let found = diff(models[0], models[1]).unwrap();
        let mut told: Vec<String> = found.changes().iter().flat_map(expanded).collect();
        told.sort();
        let universe = universe(&old, &new);
        let mut expected: Vec<String> =
            universe.iter().filter(|asked| differs(asked)).map(key).collect();
        // What a name below another one, or of a field, means may differ besides.
        let known: BTreeSet<String> = universe.iter().map(key).collect();
        let others = told.iter().filter(|key| !known.contains(*key));
        expected.extend(others.filter(|key| differs(&asked(key))).cloned());
        expected.sort();
        prop_assert_eq!(&told, &expected, "\n{}\n── and\n{}", old.text(), new.text());
        prop_assert_eq!(found.count(), expected.len());
    }

    #[test]
    fn permits_scattered_over_a_cube_are_told_once_each(cube in any::<u64>(), more in any::<u64>()) {
        let names = |word: &str| (0..4).map(|i| format!("{word} {word}{i} ")).collect::<String>();
        let mut text = format!("policy w {}", ["category", "recipient", "purpose"].map(names).concat());
        let mut expected = BTreeSet::new();
        for bit in (0..64).filter(|bit| (cube & more) >> bit & 1 == 1) {
            let [c, r, p] = [bit >> 4, bit >> 2 & 3, bit & 3];
            text += &format!("\nshare category{c} with recipient{r} for purpose{p}");
            expected.insert(format!("share category{c} recipient{r} purpose{p}"));
            expected.insert(format!("use category{c}  purpose{p}"));
        }
        let [nothing, all] = [&text[..text.find('\n').unwrap_or(text.len())], &text]
            .map(|text| model(&Memory::new().with("w.why", text.to_owned())));
        let found = diff(&nothing, &all).unwrap();
        let told: Vec<String> = found.changes().iter().flat_map(expanded).collect();
        prop_assert_eq!(told.len(), expected.len(), "{:#?}", found);
        prop_assert_eq!(told.into_iter().collect::<BTreeSet<_>>(), expected);
    }

    #[test]
    fn a_policy_does_not_differ_from_itself_in_any_order((world, order, _) in choices()) {
        let old = World::new(&mut Choices::new(&world));
        let (mut choices, mut new) = (Choices::new(&order), old.clone());
        for last in (1..new.statements.len()).rev() {
            new.statements.swap(last, choices.below(last + 1));
        }
        let found = diff(&old.model(), &new.model()).unwrap();
        prop_assert!(found.is_empty(), "{:#?}", found);
    }
}

// ── By example ──────────────────────────────────────────────────────────────────────────────────

const SHOP: &str = "
category contact { email phone }  category device
method provided  method observed
purpose service { login billing }  purpose marketing { newsletter ads }
recipient partners { courier }
fact consent per purpose  fact age: number  fact region: one of eu, us
duty notify  duty deidentify
";

/// The differences between two continuations of the same policy.
fn between(old: &str, new: &str) -> Diff {
    let load = |text: &str| model(&Memory::new().with("w.why", format!("policy w{SHOP}{text}")));
    diff(&load(old), &load(new)).unwrap()
}

#[track_caller]
fn told(old: &str, new: &str, expected: &[&str]) {
    let diff = between(old, new);
    let shown: Vec<String> = diff.changes().iter().map(ToString::to_string).collect();
    assert_eq!(shown, expected);
}

#[test]
fn a_change_is_a_statement_in_the_words_of_the_author() {
    told(
        "",
        "share contact with partners for marketing when consent",
        &[
            "now allowed: share contact with partners for marketing when consent",
            "now allowed: use contact for marketing when consent",
        ],
    );
    told(
        "use contact for *",
        "use contact for * never use phone for ads",
        &["no longer allowed: use phone, contact as a whole for ads, marketing as a whole"],
    );
    told("use contact, device for *", "use * for *", &[]);
}

#[test]
fn a_decision_stands_in_one_change_alone() {
    let load = |text: &str| {
        let head = "policy w  category c  category d  purpose s1  purpose s2";
        model(&Memory::new().with("w.why", format!("{head}\n{text}")))
    };
    let statements = "use c for s1\nuse d for s2\nuse c, d for s1";
    let found = diff(&load("never use * for *"), &load(statements)).unwrap();
    let questions: Vec<String> = found.changes().iter().flat_map(expanded).collect();
    assert_eq!((found.count(), questions.len()), (3, 3), "{found:#?}");
    assert_eq!(questions.iter().collect::<BTreeSet<_>>().len(), 3);
}

#[test]
fn conditions_that_say_the_same_in_other_words_are_no_change() {
    for (old, new) in [
        ("when age >= 18 and consent", "when consent and age >= 18"),
        ("unless age < 18", "when not age < 18"),
        ("unless age < 18", "when age >= 18"),
        ("when region in (eu, us)", "when region is eu or region is us"),
        ("when age > 17 and age >= 18", "when age >= 18"),
    ] {
        told(&format!("use email for ads {old}"), &format!("use email for ads {new}"), &[]);
    }
    told(
        "use email for ads when age >= 18",
        "use email for ads when age > 18",
        &["now allowed only when age > 18: use email for ads"],
    );
    told(
        "use email for ads when consent",
        "use email for ads when age > 18",
        &["now allowed under other facts: use email for ads when age > 18"],
    );
    // Kleene's logic knows no excluded middle: an unstated fact makes the difference.
    told(
        "use email for ads",
        "use email for ads when consent or not consent",
        &["now allowed only when not consent or consent: use email for ads"],
    );
}

#[test]
fn duties_and_retention_are_compared() {
    let diff = between(
        "use email for ads then notify retain 30 days",
        "use email for ads then deidentify retain 60 days",
    );
    let [change] = diff.changes() else { panic!("{diff:#?}") };
    assert_eq!(
        change.to_string(),
        "other duties: use email for ads then deidentify retain 60 days"
    );
    assert_eq!(change.before.to_string(), "allowed then notify retain 30 days");
    assert!(change.more_permissive && diff.is_more_permissive());
    let stricter = between("use email for ads", "use email for ads then notify retain 9 days");
    assert!(!stricter.is_empty() && !stricter.is_more_permissive());
}

#[test]
fn a_change_names_the_statements_that_did_it() {
    let found = between("use email for login", "use email for login\nuse phone for login");
    let [change] = found.changes() else { panic!("{found:#?}") };
    let [cause] = change.causes.as_slice() else { panic!("{change:#?}") };
    assert_eq!((cause.kind.as_str(), cause.text.as_str()), ("added", "use phone for login"));
    assert_eq!((cause.file.as_str(), cause.line), ("w.why", 9));
    // A statement whose words stay reaches more when what it names grows.
    let old = "use contact for login";
    let load = |text: String| model(&Memory::new().with("w.why", text));
    let wider = SHOP.replace("email phone", "email phone wechat");
    let grown = diff(&load(format!("policy w{SHOP}{old}")), &load(format!("policy w{wider}{old}")))
        .unwrap();
    let change = &grown.changes()[0];
    assert_eq!(change.to_string(), "now allowed: use wechat for login");
    assert_eq!(change.causes[0].kind.as_str(), "reaches");
}

#[test]
fn a_witness_is_a_question_with_facts_that_shows_the_change() {
    let diff = between(
        "use email for ads when age >= 21 and region is us",
        "use email for ads when age >= 18 and region is us",
    );
    let witness = &diff.changes()[0].witness;
    assert_eq!(witness.question, "use contact.email for marketing.ads");
    assert_eq!(witness.given, ["age=18", "region=us"]);
}

#[test]
fn names_that_appear_vanish_or_become_ambiguous_are_told() {
    let load = |text: &str| model(&Memory::new().with("w.why", format!("policy w {text}")));
    let old = load("category a { x y } category old { z } purpose p fact f duty d use a.x for p");
    let new = load(
        "category a { x y } category b { x also a } purpose p fact f: number field \"c*\" is y use a.x for p",
    );
    let diff = diff(&old, &new).unwrap();
    let names: Vec<String> = diff.names().iter().map(ToString::to_string).collect();
    assert_eq!(
        names,
        [
            "category `b` appeared with 1 below it",
            "category `old` vanished with 1 below it",
            "category `x` now names several: `a.x`, `b.x`",
            "fact `f` was yes or no and is now a number",
            "duty `d` vanished",
            "field `c*` appeared",
        ]
    );
    assert!(matches!(diff.names()[2].kind, NameChangeKind::Ambiguous { .. }));
    let shown: Vec<String> = diff.changes().iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["no longer allowed: use x for p"]);
}

#[test]
fn a_field_that_stands_for_other_categories_is_a_change() {
    let diff = between(
        "use email for login field \"mail_*\" is phone",
        "use email for login field \"mail_*\" is email field \"home\" is email",
    );
    let shown: Vec<String> = diff.changes().iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["now allowed: use \"mail_*\", home for login"]);
}

#[test]
fn too_many_facts_are_told_and_not_guessed() {
    let facts: String = (0..20).map(|i| format!("fact f{i} ")).collect();
    let all = |word: &str| (0..20).map(|i| format!("f{i}")).collect::<Vec<_>>().join(word);
    let diff = between(
        &format!("{facts} use email for login when {}", all(" and ")),
        &format!("{facts} use email for login when {}", all(" or ")),
    );
    assert_eq!(diff.changes()[0].kind, ChangeKind::Undecided);
    assert!(diff.is_more_permissive(), "what cannot be told may be more permissive");
}

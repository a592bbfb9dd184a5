//! Artifacts forged behind a right checksum, each to one end: to make an answer panic, or take the square of
//! what is read. What looks random is in `tests/fuzzed.rs`.
//!
//! The sizes are such that the square would take minutes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]
#![allow(unreachable_pub, dead_code, reason = "a library of its own for the fuzzer")]

use fuzz::answers::{self, Random};
use fuzz::clock::within;
use fuzz::image::Image;
use std::time::Duration;
use whyfor::reference::Layout;
use whyfor::{
    Act, ArtifactError, FactValue, Facts, Memory, Model, Policy, Question, Reason, Verdict,
};

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

/// The sections, in the order of `table/schema.rs`.
const META: usize = 0;
const CATEGORIES: usize = 2;
const PURPOSES: usize = 4;
const LISTS: usize = 14;
const TRIE: usize = 17;
const PATTERN_LISTS: usize = 18;
const CELLS: usize = 23;
const OUTCOMES: usize = 26;
const DUTIES: usize = 27;
const TERMS: usize = 28;
const CONDITIONS: usize = 29;
const PROGRAMS: usize = 30;
const STATEMENTS: usize = 31;
const RETENTIONS: usize = 37;
const LIMITS: usize = 38;
const FACTS: usize = 39;
const FACTS_BY_NAME: usize = 40;

/// The kind of a cell, beside its place in the outcomes.
const CONDITIONAL: u32 = 1;
const ALLOW: u32 = 2;
/// In place of a number of terms.
const GENERAL: u32 = u32::MAX;
/// Numbers in a section that is forged to be large.
const LARGE: u32 = 400_000;
const SOON: Duration = Duration::from_secs(2);

const TEXT: &str = include_str!("../fuzz/policies/whole.why");

fn image(text: &str) -> Image {
    Image::of(Policy::from_str(text).unwrap().as_bytes())
}

/// `count` categories that each have their own cell, and one name that patterns map to all of them.
fn with_a_wide_field(count: usize) -> Image {
    let mut text = String::from("policy p purpose x fact f fact g duty d\n");
    for i in 0..count {
        text.push_str(&format!("category c{i} field \"k_*\" is c{i}\n"));
        text.push_str(&format!("use c{i} for x when f or g then d retain {i} days\n"));
    }
    image(&text)
}

fn load(image: &Image) -> Policy {
    Policy::from_artifact(&image.to_bytes()).unwrap()
}

fn is_malformed(image: &Image) -> bool {
    matches!(Policy::from_artifact(&image.to_bytes()), Err(ArtifactError::Malformed(_)))
}

/// Everything that is said of a question, soon.
fn answer(policy: &Policy, field: &str, purpose: &str, facts: &Facts) -> Verdict {
    within(SOON, "an answer", || {
        let decision = policy.ask(&Question::usage(field, purpose), facts);
        let _ = (decision.duties().count(), decision.retain_days(), decision.missing());
        let _ = decision.reasons();
        decision.verdict()
    })
}

/// Outcomes that, wherever one is read from, are a point of half as many statements.
fn overlapping_points(head: Vec<u32>) -> Vec<u32> {
    let filled = (head.len() as u32..LARGE).map(|at| if at % 2 == 0 { LARGE / 2 } else { 1 });
    head.into_iter().chain(filled).collect()
}

#[test]
fn statements_in_lists_that_overlap_are_read_as_often_as_there_are_numbers() {
    let mut image = image("policy p category a purpose x fact f use a for x when f");
    // One outcome of very many points, evaluated by its statements.
    let points = LARGE / 4;
    let mut outcomes = vec![0, GENERAL, 0, points];
    outcomes.extend((0..points).map(|point| ((LARGE / 4 + 4 + point) & !1) << 2 | CONDITIONAL));
    image.write(OUTCOMES, &overlapping_points(outcomes));
    let cells = image.words(CELLS).len();
    image.write(CELLS, &vec![2 << 2 | CONDITIONAL; cells]);
    assert_eq!(answer(&load(&image), "a", "x", Facts::none()), Verdict::Deny);
}

#[test]
fn cells_of_one_field_whose_lists_overlap_are_read_as_often_as_there_are_numbers() {
    let mut image = with_a_wide_field(2_000);
    let cells = image.words(CELLS).len() as u32;
    image.write(OUTCOMES, &overlapping_points(Vec::new()));
    image.write(CELLS, &(0..cells).map(|i| i << 3 | CONDITIONAL).collect::<Vec<_>>());
    let policy = load(&image);
    assert_eq!(answer(&policy, "k_1", "x", Facts::none()), Verdict::Deny);
    // The same of what must not hold.
    image.write(OUTCOMES, &vec![LARGE / 2; LARGE as usize]);
    image.write(CELLS, &(0..cells).map(|i| i << 2).collect::<Vec<_>>());
    assert_eq!(answer(&load(&image), "k_1", "x", Facts::none()), Verdict::Deny);
}

#[test]
fn duties_of_one_field_whose_lists_overlap_are_read_as_often_as_there_are_numbers() {
    let mut image = with_a_wide_field(20_000);
    let cells = image.words(CELLS).len() as u32;
    image.write(DUTIES, &vec![LARGE / 8; LARGE as usize]);
    image.write(OUTCOMES, &(0..LARGE).collect::<Vec<_>>());
    image.write(CELLS, &(0..cells).map(|i| i << 2 | ALLOW).collect::<Vec<_>>());
    assert_eq!(answer(&load(&image), "k_1", "x", Facts::none()), Verdict::Allow);
}

#[test]
fn terms_of_one_field_that_overlap_are_read_as_often_as_there_are_numbers() {
    let mut image = with_a_wide_field(20_000);
    let cells = image.words(CELLS).len() as u32;
    image.write(TERMS, &vec![1 << 31; LARGE as usize / 6 * 6]);
    let ranges = (0..LARGE / 2).flat_map(|start| [start % (LARGE / 20), LARGE / 60]);
    image.write(OUTCOMES, &ranges.collect::<Vec<_>>());
    image.write(CELLS, &(1..=cells).map(|i| i << 3 | CONDITIONAL).collect::<Vec<_>>());
    image.write(CONDITIONS, &[0, GENERAL, 0, 0]);
    assert_eq!(answer(&load(&image), "k_1", "x", Facts::none()), Verdict::Deny);
}

#[test]
fn a_long_condition_that_many_statements_have_is_evaluated_once() {
    let mut image = image("policy p category a purpose x fact f use a for x when f");
    let program: Vec<u32> = std::iter::once(LARGE << 2 | 3).chain((0..LARGE).map(|_| 0)).collect();
    image.write(PROGRAMS, &program);
    image.write(CONDITIONS, &[0, GENERAL, 0, 0, 0, GENERAL, 0, LARGE + 1]);
    let statement = image.words(STATEMENTS);
    image.write(STATEMENTS, &statement.repeat(LARGE as usize / 8));
    let mut outcomes = vec![0, GENERAL, 0, 1, LARGE / 8];
    outcomes.extend(0..LARGE / 8);
    image.write(OUTCOMES, &outcomes);
    let cells = image.words(CELLS).len();
    image.write(CELLS, &vec![2 << 2 | CONDITIONAL; cells]);
    let policy = load(&image);
    assert_eq!(answer(&policy, "a", "x", Facts::none()), Verdict::Depends);
    let facts = policy.facts_builder().with("f", true).unwrap().build();
    assert_eq!(answer(&policy, "a", "x", &facts), Verdict::Allow);
}

#[test]
fn a_program_that_nests_for_ever_is_left_unknown() {
    // In each of these an operator is inside another one up to the end.
    for operator in [1, 1 << 2 | 2, 2 << 2 | 3, u32::MAX] {
        let mut image = image("policy p category a purpose x fact f use a for x when f");
        image.write(PROGRAMS, &vec![operator; LARGE as usize]);
        image.write(CONDITIONS, &[0, GENERAL, 0, 0, 0, GENERAL, 0, LARGE]);
        image.write(OUTCOMES, &[0, GENERAL, 0, 1, 1, 0]);
        let cells = image.words(CELLS).len();
        image.write(CELLS, &vec![2 << 2 | CONDITIONAL; cells]);
        let policy = load(&image);
        // On the stack of a small thread.
        let thread = std::thread::Builder::new().stack_size(256 << 10);
        let answer = thread.spawn(move || answer(&policy, "a", "x", Facts::none()));
        assert_ne!(answer.unwrap().join().unwrap(), Verdict::Allow, "{operator}");
    }
}

#[test]
fn a_condition_as_deep_as_the_source_can_be_is_evaluated_in_full() {
    let mut text = String::from("policy p category a purpose x fact f\n");
    let mut condition = String::from("f");
    for level in 0..63 {
        text.push_str(&format!("fact y{level} fact n{level}\n"));
        condition = format!("(n{level} or y{level} and not {condition})");
    }
    let policy = Policy::from_str(&format!("{text} use a for x when {condition}")).unwrap();
    for (innermost, expected) in [(true, Verdict::Deny), (false, Verdict::Allow)] {
        let mut facts = policy.facts_builder().with("f", innermost).unwrap();
        for level in 0..63 {
            facts = facts.with(&format!("y{level}"), true).unwrap();
            facts = facts.with(&format!("n{level}"), false).unwrap();
        }
        assert_eq!(answer(&policy, "a", "x", &facts.build()), expected);
    }
    let decision = policy.ask(&Question::usage("a", "x"), Facts::none());
    assert_eq!((decision.verdict(), decision.missing().len()), (Verdict::Depends, 127));
}

#[test]
fn ranges_of_nodes_that_overlap_are_refused_or_left_out() {
    let mut image = image(TEXT);
    let nodes = image.words(PURPOSES);
    let ranges = nodes.iter().skip(7).step_by(8).copied().find(|at| *at != u32::MAX).unwrap();
    // Ranges that end nowhere: a fact is stated for those purposes that there are, once each.
    for (at, word) in [(1, 0), (2, u32::MAX), (3, 0), (4, u32::MAX)] {
        image.set(LISTS, ranges as usize + at, word);
    }
    let policy = load(&image);
    within(SOON, "facts", || {
        let purposes = FactValue::purposes(["research", "marketing"], ["service"]);
        policy.facts_builder().with("consent", purposes).unwrap().build()
    });
    // The same list for every node.
    for node in 0..nodes.len() / 8 {
        image.set(PURPOSES, node * 8 + 7, ranges);
    }
    assert!(is_malformed(&image));
}

#[test]
fn a_node_whose_path_is_no_name_is_refused() {
    let mut image = image(TEXT);
    image.set(CATEGORIES, 1, 1025);
    assert!(is_malformed(&image));
}

#[test]
fn an_index_of_patterns_that_leads_back_is_refused() {
    let mut image = image(TEXT);
    let node = image.words(TRIE).chunks(4).position(|node| node[0] != 0).unwrap();
    image.set(TRIE, node * 4 + 2, 0);
    assert!(is_malformed(&image));
    // Children beyond the last node, of which there are more than a number can count.
    image.set(TRIE, node * 4 + 2, u32::MAX);
    assert!(is_malformed(&image));
}

#[test]
fn patterns_in_lists_that_overlap_are_refused() {
    let mut image = image(TEXT);
    let nodes = image.words(TRIE);
    let list = nodes.chunks(4).map(|node| node[3]).find(|list| *list != u32::MAX).unwrap();
    let other = nodes.chunks(4).rposition(|node| node[3] != u32::MAX).unwrap();
    image.set(TRIE, other * 4 + 3, list);
    assert!(is_malformed(&image));
    image.set(TRIE, other * 4 + 3, image.words(PATTERN_LISTS).len() as u32);
    assert!(is_malformed(&image));
}

#[test]
fn facts_that_share_atoms_or_have_too_many_choices_are_refused() {
    let record = |fact: usize, field: usize| fact * 10 + field;
    let region = 3;
    for (at, word) in [
        (record(region, 6), 65),
        (record(region, 6), u32::MAX),
        (record(region, 5), u32::MAX),
        (record(region, 7), 0),
        (record(region, 8), u32::MAX),
    ] {
        let mut image = image(TEXT);
        image.set(FACTS, at, word);
        assert!(is_malformed(&image), "{at} {word}");
    }
}

#[test]
fn conditions_that_share_a_program_or_have_terms_without_end_are_refused() {
    let mut image = image(TEXT);
    image.write(TERMS, &image.words(TERMS).repeat(100));
    let [start, length, at, count] = image.words(CONDITIONS)[4..8].try_into().unwrap();
    for condition in [
        [start, length, 0, count],
        [start, length, u32::MAX, count],
        [start, length, at, u32::MAX],
        [u32::MAX, length, at, count],
        [0, 24 * count + 1, at, count],
    ] {
        condition.iter().enumerate().for_each(|(i, word)| image.set(CONDITIONS, 4 + i, *word));
        assert!(is_malformed(&image), "{condition:?}");
    }
}

#[test]
fn more_columns_than_a_line_can_compare_are_refused() {
    let files = Memory::new().with("policy.why", TEXT);
    let model = Model::from_loader(&files, "policy.why").unwrap();
    let policy = Policy::compile_as(&model, Layout::Lines).unwrap();
    let mut image = Image::of(policy.as_bytes());
    image.set(META, 2, 1 << 15);
    assert!(is_malformed(&image));
}

#[test]
fn numbers_that_are_out_of_range_deny_or_are_empty() {
    // (section, number in it, what is written there)
    let mut edits = vec![(FACTS_BY_NAME, 0, 0x25), (FACTS_BY_NAME, 3, u32::MAX)];
    for section in [META, OUTCOMES, DUTIES, STATEMENTS, LISTS, CELLS, RETENTIONS, LIMITS] {
        for at in 0..image(TEXT).words(section).len().min(12) {
            edits.extend([0x8000_0000, u32::MAX, u32::MAX - 3].map(|word| (section, at, word)));
        }
    }
    for (section, at, word) in edits {
        let mut image = image(TEXT);
        image.set(section, at, word);
        if let Ok(policy) = Policy::from_artifact(&image.to_bytes()) {
            within(SOON, "answers", || answers::ask(&policy, 20, &mut Random::new(1)));
        }
    }
}

#[test]
fn a_list_of_limits_that_is_too_long_or_overlaps_another_is_refused() {
    let image = image(TEXT);
    assert!(!image.words(RETENTIONS).is_empty());
    for (at, word) in [(0, 1), (1, 0), (1, u32::MAX), (1, 1000)] {
        let mut image = image.clone();
        image.write(LIMITS, &image.words(LIMITS).repeat(1000));
        image.set(RETENTIONS, at, word);
        image.write(RETENTIONS, &image.words(RETENTIONS).repeat(2));
        assert!(is_malformed(&image), "{at} {word}");
    }
}

#[test]
fn a_statement_that_does_not_exist_permits_nothing_and_is_no_reason() {
    let mut image = image("policy p category a purpose x fact f use a for x when f");
    image.write(OUTCOMES, &[0, GENERAL, 0, 1, 2, 7, u32::MAX, 0, 2, 7, 8]);
    let (conditional, denied) = (2 << 2 | CONDITIONAL, 8 << 2);
    for cell in [conditional, denied] {
        let cells = image.words(CELLS).len();
        image.write(CELLS, &vec![cell; cells]);
        let policy = load(&image);
        let decision = policy.ask(&Question::usage("a", "x"), Facts::none());
        assert_eq!(decision.verdict(), Verdict::Deny);
        let count = policy.statements().count();
        for reason in decision.reasons() {
            if let Reason::Permit(s) | Reason::Never(s) | Reason::Unmet(s) = reason {
                assert!(s.index() < count);
            }
        }
    }
}

#[test]
fn sections_that_lie_in_each_other_or_are_too_many_are_refused() {
    let whole = image(TEXT);
    let mut bytes = whole.to_bytes();
    let entry = |section: usize| 64 + section * 16;
    let (first, second) = (entry(LISTS), entry(LISTS + 1));
    let offset: [u8; 8] = bytes[first..first + 8].try_into().unwrap();
    bytes[second..second + 8].copy_from_slice(&offset);
    fuzz::image::seal(&mut bytes);
    assert!(matches!(Policy::from_artifact(&bytes), Err(ArtifactError::Malformed(_))));
    let mut more = whole;
    more.sections.push(vec![0; 8]);
    assert!(is_malformed(&more));
}

#[test]
fn a_name_that_repeats_what_patterns_look_for_is_matched_with_each_once() {
    let mut text = String::from("policy p category a purpose x use a for x\n");
    for i in 0..500 {
        text.push_str(&format!("field \"*aaaa*a*a*a*b{i}*c*\" is a\n"));
    }
    let policy = Policy::from_str(&text).unwrap();
    let name = "a".repeat(1024);
    within(SOON, "a name", || assert!(!policy.may_use(&name, "x")));
    assert!(policy.may_use("xaaaaxaxaxab7xc", "x"));
}

#[test]
fn exceptions_are_looked_at_once_for_a_name_that_many_patterns_match() {
    let patterns = |end: &str| -> Vec<String> {
        (0..2_000)
            .map(|i| format!("\"k*{}{}{end}\"", "?".repeat(i % 50), "k*".repeat(i / 50)))
            .collect()
    };
    let policy = Policy::from_str(&format!(
        "policy p category a purpose x use a for x field {} except {} is a",
        patterns("").join(", "),
        patterns("*z*k").join(", "),
    ))
    .unwrap();
    within(SOON, "a name", || assert!(policy.may_use(&"k".repeat(500), "x")));
    assert!(!policy.may_use(&format!("{}zk", "k".repeat(500)), "x"));
}

#[test]
fn a_field_of_very_many_categories_is_resolved_soon() {
    let policy = load(&with_a_wide_field(20_000));
    let field = within(SOON, "a name", || policy.field("k_1").unwrap());
    assert_eq!(field.categories().len(), 20_000);
    let purpose = policy.purpose("x").unwrap();
    let facts = policy.facts_builder().with("f", true).unwrap().build();
    let decision =
        within(SOON, "a field", || policy.decide_field(Act::Use, &field, purpose, &facts));
    assert_eq!((decision.verdict(), decision.retain_days()), (Verdict::Allow, Some(0)));
}

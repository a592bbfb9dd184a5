//! What `diff` tells of texts: labels, titles, reasons, header entries and published tags that changed, and nothing
//! else.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::Model;
use whyfor::diff::{Diff, diff};

fn between(old: &str, new: &str) -> Diff {
    let [old, new] =
        [old, new].map(|text| Model::from_str(text).unwrap_or_else(|error| panic!("{error}")));
    diff(&old, &new).unwrap()
}

/// The texts that changed between two policies that decide the same.
#[track_caller]
fn told(old: &str, new: &str, expected: &[&str]) {
    let diff = between(old, new);
    assert!(diff.changes().is_empty() && diff.names().is_empty(), "{diff:#?}");
    let shown: Vec<String> = diff.wording().iter().map(ToString::to_string).collect();
    assert_eq!(shown, expected);
    assert_eq!(diff.is_empty(), expected.is_empty());
    assert!(!diff.is_more_permissive(), "a text alone permits nothing");
}

#[test]
fn a_label_that_changed_is_told() {
    told(
        "policy p category a \"Email\" method m \"Form\" purpose q recipient r \"R\"",
        "policy p category a \"Email and address\" method m purpose q \"Login\" recipient r \"R\"",
        &[
            "category `a`: label was \"Email\" and is now \"Email and address\"",
            "method `m`: label was \"Form\" and is gone",
            "purpose `q`: label is now \"Login\"",
        ],
    );
}

#[test]
fn labels_of_facts_choices_duties_bases_events_and_tags_are_texts_too() {
    let text = |word: &str| {
        format!(
            "policy p fact f \"{word} f\" fact c: one of x \"{word} x\", y duty d \"{word} d\" basis b \"{word} b\" event e \"{word} e\" tag t \"{word} t\" {{ u \"{word} u\" }}"
        )
    };
    let changed = |of: &str, name: &str, last: &str| {
        format!("{of} `{name}`: label was \"old {last}\" and is now \"new {last}\"")
    };
    let expected = [
        changed("tag", "t", "t"),
        changed("tag", "t.u", "u"),
        changed("duty", "d", "d"),
        changed("event", "e", "e"),
        changed("fact", "f", "f"),
        changed("choice", "c.x", "x"),
        changed("basis", "b", "b"),
    ];
    told(&text("old"), &text("new"), &expected.each_ref().map(String::as_str));
}

#[test]
fn a_mark_that_a_list_is_open_is_told() {
    told(
        "policy p category a \"A\" open category b \"B\"",
        "policy p category a \"A\" category b \"B\" open",
        &["category `a` is no longer open", "category `b` is now open"],
    );
}

#[test]
fn header_entries_are_told() {
    told(
        "policy p \"List\" { version \"1\" controller \"A Ltd\" }",
        "policy p \"List\" { version \"2\" url \"https://example.com\" }",
        &[
            "policy `p`: version was \"1\" and is now \"2\"",
            "policy `p`: controller was \"A Ltd\" and is gone",
            "policy `p`: url is now \"https://example.com\"",
        ],
    );
}

#[test]
fn titles_and_reasons_of_sections_and_statements_are_told() {
    let text = |title: &str, reason: &str| {
        format!(
            "policy p category a purpose q section s \"{title}\" because \"{title}!\" {{ use a for q // why\n because \"{reason}\" see \"https://example.com/{title}\" }}"
        )
    };
    told(
        &text("one", "old"),
        &text("two", "new"),
        &[
            "section `s`: title was \"one\" and is now \"two\"",
            "section `s`: because was \"one!\" and is now \"two!\"",
            "statement `use a for q`: because was \"old\" and is now \"new\"",
            "statement `use a for q`: see was \"https://example.com/one\" and is now \"https://example.com/two\"",
        ],
    );
}

#[test]
fn published_tags_are_told_and_others_are_not() {
    let text = |tags: &str, published: &str| {
        format!("policy p tag country {published} {{ us de }} tag inner recipient r {tags}")
    };
    told(
        &text("#us", "published"),
        &text("#de #inner", "published"),
        &["recipient `r`: tags was \"country.us\" and is now \"country.de\""],
    );
    told(
        &text("#us", ""),
        &text("#us", "published"),
        &[
            "recipient `r`: tags is now \"country.us\"",
            "tag `country` is now published",
            "tag `country.us` is now published",
            "tag `country.de` is now published",
        ],
    );
}

#[test]
fn the_same_texts_in_another_order_and_another_layout_are_no_change() {
    told(
        "policy p category a \"A\" category b \"B\" purpose q use a for q because \"x\" use b for q because \"y\"",
        "policy p category b \"B\" category a \"A\" purpose q\n use b\n for q because \"y\" use a for q because \"x\"",
        &[],
    );
}

#[test]
fn the_text_of_a_name_that_appeared_or_vanished_is_told_with_the_name() {
    let diff = between("policy p category a \"Email\"", "policy p category b \"Phone\"");
    assert!(diff.wording().is_empty());
    let shown: Vec<String> = diff.names().iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["category `b` (Phone) appeared", "category `a` (Email) vanished"]);
}

#[test]
fn statements_that_a_list_has_or_lacks_are_told_where_no_decision_changed() {
    let text = |statements: &str| {
        format!(
            "policy p category a \"A\" category b \"B\" purpose q purpose r duty d fact f fact g\n{statements}"
        )
    };
    let told = |old: &str, new: &str, expected: &[&str]| told(&text(old), &text(new), expected);
    let [never, permit] = ["never use a for r", "use a for q"];
    told(
        &format!("{permit} {never}"),
        permit,
        &["statement `never use a for r` is no longer published"],
    );
    told(permit, &format!("{permit} {never}"), &["statement `never use a for r` is now published"]);
    told(permit, &format!("{permit} {permit}"), &["statement `use a for q` is now published"]);
    // It is told with the decisions that it changed, or that what took its place changed.
    for (old, new, expected) in [
        (permit, "", &[][..]),
        (permit, "use a for q then d", &[]),
        (permit, "use a, b for q", &[]),
        ("use a, b for q", permit, &[]),
        (permit, "use a for q when f", &[]),
        (&format!("{permit} {never}"), "use a for q never use a for q, r", &[]),
        (
            &format!("{permit} {never}"),
            "use a for q never use a for q",
            &["statement `never use a for r` is no longer published"],
        ),
    ] {
        let diff = between(&text(old), &text(new));
        let shown: Vec<String> = diff.wording().iter().map(ToString::to_string).collect();
        assert!(!diff.changes().is_empty());
        assert_eq!(shown, expected, "{old} → {new}");
    }
    // The same in other words.
    told("use a,b for q", "use a, // why\n b for q", &[]);
    told("use a, b for q", "use (b, a) for q", &[]);
    told("use a for q when f and g", "use a when g and f for q", &[]);
}

#[test]
fn a_statement_in_another_section_is_told() {
    let text = |statements: &str| format!("policy p category a category b purpose q {statements}");
    let told = |old: &str, new: &str, expected: &[&str]| told(&text(old), &text(new), expected);
    told(
        "section s \"One\" { use a for q use b for q } section t \"Two\" { use b for q }",
        "section s \"One\" { use b for q } section t \"Two\" { use b for q use a for q }",
        &["statement `use a for q`: section was \"One\" and is now \"Two\""],
    );
    told(
        "section s { use a for q }",
        "use a for q",
        &["statement `use a for q`: section was \"s\" and is gone"],
    );
    told(
        "section s \"One\" { use a for q }",
        "section s \"Two\" { use a for q }",
        &["section `s`: title was \"One\" and is now \"Two\""],
    );
    told("section s \"One\" { use a for q }", "section t \"One\" { use a for q }", &[]);
}

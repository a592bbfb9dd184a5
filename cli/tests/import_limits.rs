//! Drafts of documents that have more than a policy may have: they compile, permit no more than what fits, and lose nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod lists;

use lists::{draft_of, file, out, statements};

const WORDS: &str = "words: { collected: Data, purpose: Purpose, subject: Persons }";

/// The draft of a table with so many rows, and its statements.
fn of_rows(count: usize, head: &str, cell: fn(usize) -> String) -> (String, Vec<String>) {
    let rows = (0..count).map(|at| format!("| Item {at} | Aim {at} | {} |\n", cell(at)));
    let rows: String = rows.collect();
    let page = format!("# L\n\n## A\n\n| Data | Purpose | {head} |\n|---|---|---|\n{rows}");
    let draft = draft_of("page.md", &page, WORDS, 0);
    let statements = statements(&draft);
    (draft, statements)
}

#[test]
fn permits_with_more_bases_or_subjects_than_fit_are_comments() {
    for (head, word) in [("Legal Basis", "Ground"), ("Persons", "Group")] {
        let cell: fn(usize) -> String = match word {
            "Ground" => |at| format!("Ground {at}"),
            _ => |at| format!("Group {at}"),
        };
        let (draft, permits) = of_rows(70, head, cell);
        assert_eq!(permits.len(), 64, "{draft}");
        for at in 64..70 {
            let note = format!("nothing is permitted: {word} {at} (");
            assert!(draft.contains(&note), "{draft}");
        }
    }
}

#[test]
fn duties_beyond_those_that_fit_are_one_duty_with_a_comment() {
    let (draft, permits) = of_rows(70, "Obligations", |at| format!("Task {at}"));
    assert_eq!(permits.iter().filter(|permit| permit.contains(" then ")).count(), 70, "{draft}");
    assert!(draft.contains("not understood, a policy has at most 64 duties: Task 69"), "{draft}");
}

#[test]
fn events_beyond_those_that_fit_are_comments() {
    let (draft, _) = of_rows(70, "Retention", |at| {
        let letter = |at: usize| char::from(b'a' + u8::try_from(at % 26).unwrap());
        format!("30 days after event {}{}", letter(at), letter(at / 26 + 20))
    });
    assert_eq!(draft.matches("\nevent ").count(), 64, "{draft}");
    assert_eq!(draft.matches("not understood, a policy has at most 64 events").count(), 6);
}

/// The draft of a file, which must compile.
fn imported(format: &str, name: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let draft = out(&["import", format, &file(&folder, name, text)], 0);
    out(&["check", &file(&folder, "draft.why", &draft)], 0);
    draft
}

#[test]
fn a_permit_for_a_path_that_does_not_fit_is_a_comment() {
    let name = "x".repeat(60);
    let key = format!("user.{}", vec![name; 30].join("."));
    let manifest = format!(
        "system:\n  - name: Orders\n    privacy_declarations:\n      - data_categories: [{key}]\n        \
         data_use: essential\ndataset:\n  - collections:\n      - name: users\n        fields:\n          \
         - name: mail\n            data_categories: [{key}]\n"
    );
    let draft = imported("fides", "system.yml", &manifest);
    assert_eq!(statements(&draft), [""; 0], "{draft}");
    assert!(draft.contains("not understood: the field users.mail"), "{draft}");
}

#[test]
fn a_term_of_a_vocabulary_with_a_path_that_does_not_fit_is_a_comment() {
    let name = |at: usize| format!("{}{at}", "Purpose".repeat(10));
    let rows = (0..40).map(|at| {
        let above =
            if at == 0 { "dpv:Purpose".to_owned() } else { format!("dpv:{}", name(at - 1)) };
        format!("dpv:{},Aim {at},{above}\n", name(at))
    });
    let rows: String = rows.collect();
    let draft = imported("dpv", "purposes.csv", &format!("iri,label,hasbroader\n{rows}"));
    assert!(draft.contains("not understood: Aim 39: its path"), "{draft}");
    assert!(draft.contains("\"Aim 5\""), "{draft}");
}

#[test]
fn keys_that_differ_are_categories_that_differ() {
    let manifest = "system:\n  - name: Orders\n    privacy_declarations:\n      - data_categories: \
                    [user.first-party, user.größe, user.a b]\n        data_use: essential\n      \
                    - data_categories: [user.first_party, user.gr__e, user.a_b]\n        \
                    data_use: marketing\n";
    let draft = imported("fides", "system.yml", manifest);
    let [first, second] = &statements(&draft)[..] else { panic!("{draft}") };
    let names = |text: &str| -> Vec<String> {
        let data = text.split(" for ").next().unwrap().trim_start_matches("use ");
        data.split(", ").map(str::to_owned).collect()
    };
    assert!(names(first).iter().all(|name| !names(second).contains(name)), "{draft}");
    assert_eq!(names(first).len() + names(second).len(), 6, "{draft}");
}

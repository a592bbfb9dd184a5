//! The one layout: what it looks like, and that it changes nothing else.

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

use common::{Choices, World, answer, model};
use proptest::prelude::*;
use std::path::Path;
use whyfor::format::{FormatError, WIDTH, format};
use whyfor::{Memory, Policy};

#[track_caller]
fn laid_out(text: &str) -> String {
    format("w.why", text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let once = laid_out(text);
        assert_eq!(&once, expected, "\n{once}");
        assert_eq!(laid_out(&once), once, "laid out twice");
    }
}

/// A text without white space and comments, and its comments: read here without the library.
fn taken_apart(text: &str) -> (String, Vec<String>) {
    let (mut rest, mut comments) = (String::new(), Vec::new());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let length = match c {
            '"' => {
                let mut escaped = false;
                let inside = |c: char| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                };
                let length = text[at + 1..].find(inside).map_or(text.len() - at, |end| end + 2);
                rest.push_str(&text[at..at + length]);
                length
            }
            '/' if text[at..].starts_with("//") => {
                let ends = |c: char| "\n\r\u{B}\u{C}\u{85}\u{2028}\u{2029}".contains(c);
                let length = text[at..].find(ends).unwrap_or(text.len() - at);
                comments.push(text[at..at + length].trim_end().to_owned());
                length
            }
            _ => {
                rest.extend(Some(c).filter(|c| !c.is_whitespace()));
                c.len_utf8()
            }
        };
        at += length;
    }
    (rest, comments)
}

// ── What it looks like ──────────────────────────────────────────────────────────────────────────

#[test]
fn every_item_starts_a_line() {
    check(&[
        ("", ""),
        (" \n\n", ""),
        ("policy shop", "policy shop\n"),
        ("tag a tag b", "tag a\ntag b\n"),
        ("fact age : number fact c per\npurpose", "fact age: number\nfact c per purpose\n"),
        ("fact r:one of eu,us", "fact r: one of eu, us\n"),
        (
            "expect{allow use a for b deny use c}",
            "expect {\n    allow use a for b\n    deny use c\n}\n",
        ),
        ("section s{use a for b}", "section s {\n    use a for b\n}\n"),
        ("section s \"S\" {\n}", "section s \"S\" {}\n"),
    ]);
}

#[test]
fn braces_stay_on_one_line_if_they_were_and_fit() {
    let long = "n".repeat(90);
    check(&[
        ("category a{b c}", "category a { b  c }\n"),
        ("category a{\nb c}", "category a {\n    b\n    c\n}\n"),
        ("category a{b{c d{e}}}", "category a { b { c  d { e } } }\n"),
        ("category a{\nb{c d}}", "category a {\n    b { c  d }\n}\n"),
        (&format!("category a {{ b {long} }}"), &format!("category a {{\n    b\n    {long}\n}}\n")),
        (
            "policy p{version \"1\" controller \"c\"}",
            "policy p { version \"1\"  controller \"c\" }\n",
        ),
    ]);
}

#[test]
fn one_blank_line_is_kept_between_entries_and_none_at_the_ends() {
    check(&[(
        "\n\ntag a\n\n\n\ntag b\ncategory c {\n\n    d\n\n\n    e\n\n}\n\n",
        "tag a\n\ntag b\ncategory c {\n    d\n\n    e\n}\n",
    )]);
}

#[test]
fn a_statement_that_does_not_fit_is_broken_before_its_parts() {
    let [a, b] = ["a".repeat(30), "b".repeat(30)];
    check(&[
        (
            &format!(
                "collect {a}, {b} by provided for service when consent then deidentify retain 30days"
            ),
            &format!(
                "collect {a}, {b}\n    by provided\n    for service\n    when consent\n    then deidentify\n    retain 30 days\n"
            ),
        ),
        (
            &format!("section s {{ use {a}, {b}, {a}, {b} for service }}"),
            &format!(
                "section s {{\n    use {a}, {b},\n            {a}, {b}\n        for service\n}}\n"
            ),
        ),
        (
            &format!(
                "require retain 3 days to use {a} for {b} unless verified or not consent and age<18"
            ),
            &format!(
                "require retain 3 days to use {a}\n    for {b}\n    unless verified or not consent and age < 18\n"
            ),
        ),
        ("use a\n  for b\n  when c", "use a for b when c\n"),
    ]);
}

#[test]
fn a_list_that_does_not_fit_is_broken_behind_its_commas() {
    let names: Vec<String> = (0..40).map(|n| format!("name_{n:02}")).collect();
    for text in [
        format!("fact f: one of {}", names.join(",")),
        format!("field \"a\" is {}", names.join(" , ")),
        format!("use {} for {}", names.join(","), names.join("\n,")),
        format!("use a for b when {}", names.join(" and ")),
        format!("use a for b when f in ({})", names.join(",")),
        format!("use {} for b", names.join("&")),
        format!("use a for b then {}", names.join(",")),
        format!("expect {{ deny use a given {}=yes }}", names.join("=yes,")),
        format!("category a also {} {{ b }}", names.join(",")),
    ] {
        let once = laid_out(&text);
        assert!(once.lines().all(|line| line.chars().count() <= WIDTH), "{once}");
        assert!(
            once.lines().count() > 3 && !once.contains(" ,") && !once.contains("\n,"),
            "{once}"
        );
        assert_eq!(taken_apart(&once), taken_apart(&text));
        assert_eq!(laid_out(&once), once);
    }
}

#[test]
fn comments_stay_beside_what_they_were_beside() {
    check(&[
        ("// a\n\n\n// b\ntag t   // c  \n// d", "// a\n\n// b\ntag t // c\n// d\n"),
        ("category a{//x\nb//y\n//z\n}//w", "category a { //x\n    b //y\n    //z\n} //w\n"),
        (
            "use a // which\n, b for // what for\n c // so",
            "use a // which\n        , b\n    for // what for\n        c // so\n",
        ),
        (
            "use a\n// whom\n// and why\nfor b\nwhen c",
            "use a\n    // whom\n    // and why\n    for b\n    when c\n",
        ),
        ("section s // why\n{use a for b}", "section s // why\n    {\n    use a for b\n}\n"),
    ]);
}

#[test]
fn a_byte_order_mark_is_dropped_and_lines_end_as_they_did() {
    check(&[
        ("\u{FEFF}tag a // b\r\n\r\ntag c\r\n", "tag a // b\r\n\r\ntag c\r\n"),
        ("\u{FEFF}tag  a // b\n\ntag c\n", "tag a // b\n\ntag c\n"),
        ("tag  a\r\ntag b\r\ntag c\n", "tag a\r\ntag b\r\ntag c\r\n"), // most
        ("tag  a\ntag b\r\n", "tag a\ntag b\n"),                       // the first of as many
    ]);
}

#[test]
fn a_text_with_mistakes_in_its_syntax_is_refused_with_them() {
    for text in ["policy", "category a {", "use a for b }", "use a", "tag a \"\\x\"", "tag a“"] {
        match format("w.why", text) {
            Err(FormatError::Syntax(diagnostics)) => assert!(diagnostics.has_errors(), "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_text_with_unknown_names_is_laid_out() {
    check(&[("use nothing for nobody", "use nothing for nobody\n")]);
}

#[test]
fn the_policies_of_this_repository_are_laid_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut count = 0;
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "why") {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(laid_out(&text) == text, "run `whyfor fmt {}`", path.display());
            count += 1;
        }
    }
    assert!(count > 0);
}

#[test]
fn every_file_of_the_corpus_is_refused_or_keeps_its_tokens_and_comments() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut whole = 0;
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if path.extension().is_some_and(|e| e == "why")
            && let Ok(once) = format("w.why", &text)
        {
            assert_eq!(taken_apart(&once), taken_apart(text.trim_start_matches('\u{FEFF}')));
            assert_eq!(laid_out(&once), once, "{}", path.display());
            whole += 1;
        }
    }
    assert!(whole > 10, "{whole}");
}

// ── What it changes ─────────────────────────────────────────────────────────────────────────────

/// The same policy with other white space and with comments, numbered, between its words.
fn scattered(text: &str, choices: &mut Choices<'_>) -> String {
    let mut result = String::new();
    let (mut inside, mut count) = (false, 0);
    for c in text.chars() {
        inside ^= c == '"';
        let gap = !inside && (c == ' ' || c == '\n');
        if !inside && "{}(),".contains(c) && choices.once_in(2) {
            result.push(' ');
        }
        if !gap {
            result.push(c);
            continue;
        }
        match choices.below(12) {
            0..5 => result.push(' '),
            5 | 6 => result.push('\n'),
            7 => result.push_str("\r\n\t\n  \n"),
            8 | 9 => result.push_str(&format!(" // {count} \"{{ 标\n")),
            10 => result.push_str(&format!("\n    //{count}\n")),
            _ => result.push_str(&format!("// {count} \n\n\n//{count}\n\n")),
        }
        count += 1;
    }
    result
}

fn choices() -> impl Strategy<Value = (Vec<u16>, Vec<u16>)> {
    (prop::collection::vec(any::<u16>(), 0..220), prop::collection::vec(any::<u16>(), 600))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn laying_out_changes_no_decision_no_token_and_no_comment((world, more) in choices()) {
        let world = World::new(&mut Choices::new(&world));
        let mut choices = Choices::new(&more);
        let inside = format!("{}\nsection s \"S\" {{ {} }}\n", world.declarations.join("\n"), world.statements.join(" "));
        let text = scattered(&format!("policy w {{ version \"1\" }} {inside}"), &mut choices);
        let once = laid_out(&text);
        prop_assert_eq!(taken_apart(&once), taken_apart(&text));
        prop_assert_eq!(&laid_out(&once), &once);
        let compiled = |text: String| Policy::compile(&model(&Memory::new().with("w.why", text))).unwrap();
        let (before, after) = (compiled(text), compiled(once));
        for _ in 0..8 {
            let (asked, facts) = (world.question(&mut choices), world.facts(&mut choices));
            prop_assert_eq!(answer(&before, &asked, &facts), answer(&after, &asked, &facts));
        }
    }

    #[test]
    fn any_run_of_tokens_is_refused_or_keeps_them(words in prop::collection::vec(0usize..WORDS.len(), 0..40)) {
        let text: String = words.iter().map(|word| WORDS[*word]).collect();
        if let Ok(once) = format("w.why", &text) {
            prop_assert_eq!(taken_apart(&once), taken_apart(&text));
            prop_assert_eq!(&laid_out(&once), &once);
        }
    }
}

const WORDS: [&str; 40] = [
    "category ",
    "tag ",
    "fact ",
    "duty ",
    "field ",
    "section ",
    "expect ",
    "policy ",
    "use ",
    "never ",
    "require ",
    "share ",
    "collect ",
    "by ",
    "for ",
    "with ",
    "when ",
    "then ",
    "retain ",
    "5days ",
    "a ",
    "b ",
    "`use`",
    "{",
    "}",
    "}",
    "(",
    ")",
    ",",
    "& ",
    "#t",
    "\"x\"",
    "// c\n",
    "\n// d\n\n",
    "\n",
    "allow ",
    "deny ",
    "is ",
    "except ",
    "* ",
];

//! A policy that says `closed` is whole or refused: each of its files ends with `end`, and nothing follows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::{Code, Facts, Memory, Model, Policy, Question, Verdict};

const DRUN: &str = include_str!("../policies/drun.why");
const SHOP: &str = r#"// The personal data of a small shop.
policy shop "Shop personal information list" {
    version    "2026-01"
    closed
    controller "Example Ltd" // closed end
}
tag sensitive "Sensitive personal information"
category contact "Contact details" { email "Email address"  phone #sensitive  end { closed } }
method provided "Provided by the user"
purpose service { login "Signing in"  billing }
purpose research "Statistics" also service.login
recipient partners "Partners" { courier }
fact verified
fact consent per purpose
fact region: one of eu, us, end
fact age: number
duty deidentify "Remove direct identifiers first"
field "users.email", "*_email" except "noreply_email" is contact.email
section account "Account registration" {
    collect email, phone by provided for service.login
}
use end for service unless region is end
section sharing { share contact with courier for service.billing when consent and age >= 18 then deidentify }
never use #sensitive for research unless verified and region is not eu
require deidentify retain 30 days to use contact for research when region in (eu, us)
expect {
    allow collect email by provided for login
    deny  use phone for research given verified = no
}
end // of the shop
"#;

fn load(text: &str) -> Result<Model, Vec<Code>> {
    load_with(&Memory::new(), text)
}

fn load_with(files: &Memory, text: &str) -> Result<Model, Vec<Code>> {
    let files = files.clone().with("p.why", text);
    Model::from_loader(&files, "p.why").map_err(|found| found.iter().map(|d| d.code()).collect())
}

#[track_caller]
fn check(cases: &[(&str, &[Code])]) {
    for (text, expected) in cases {
        assert_eq!(load(text).err().unwrap_or_default(), *expected, "{text}");
    }
}

// ── Cut off ─────────────────────────────────────────────────────────────────────────────────────

/// No part of `text` from its start to one of these places is taken for the whole. What stands before the block of the header says nothing of an end
/// yet, and nothing is permitted by it; what stands behind `end` adds nothing to it.
#[track_caller]
fn no_start_of_it_compiles(text: &str, places: impl Fn(usize, char) -> bool) {
    let header = text.find("policy ").unwrap();
    let block = header + text[header..].find('{').unwrap();
    let end = text.rfind("\nend").unwrap() + "\nend".len();
    for (at, _) in text.char_indices().filter(|(at, c)| *at < end && places(*at, *c)) {
        let model = load(&text[..at]);
        match at <= block {
            true => assert!(!model.is_ok_and(|model| model.statement_count() > 0)),
            false => assert!(model.is_err(), "{}", &text[..at]),
        }
    }
    assert!(load(text).is_ok() && load(&text[..end]).is_ok());
}

#[test]
fn no_start_of_a_closed_policy_compiles() {
    no_start_of_it_compiles(SHOP, |_, _| true);
}

#[test]
fn no_start_of_a_real_policy_that_is_closed_compiles() {
    no_start_of_it_compiles(DRUN, |at, c| c == '\n' || at % 61 == 0);
}

#[test]
fn no_start_of_a_file_that_a_closed_policy_imports_compiles() {
    let more = "category more { end }\nuse more for login\nnever use end for login\nend\n";
    let root = "policy p { closed }\nimport \"more.why\"\npurpose login\nend\n";
    for at in 0..more.len() - 1 {
        let found = load_with(&Memory::new().with("more.why", &more[..at]), root);
        assert!(found.is_err(), "{}", &more[..at]);
    }
    let whole = Memory::new().with("more.why", more);
    assert!(load_with(&whole, root).is_ok());
    // The root file, cut off after its import.
    let cut_off = root.split_inclusive('\n').take(2).collect::<String>();
    assert!(load_with(&whole, &cut_off).err().unwrap().contains(&Code::NoEnd));
}

#[test]
fn each_file_of_a_closed_policy_is_told_that_lacks_its_end() {
    let files = Memory::new()
        .with("a.why", "import \"b.why\" category a end")
        .with("b.why", "import \"c.why\" category b")
        .with("c.why", "");
    let text = "policy p { closed } import \"a.why\" category d end";
    let found = Model::from_loader(&files.with("p.why", text), "p.why").unwrap_err();
    let told: Vec<_> = found
        .iter()
        .map(|d| (d.code(), found.sources().file(d.primary().unwrap().span.file).path()))
        .collect();
    assert_eq!(told, [(Code::NoEnd, "b.why"), (Code::NoEnd, "c.why")]);
}

#[test]
fn a_file_that_says_closed_itself_ends_so_wherever_it_is_imported() {
    let root = "policy p import \"a.why\"";
    let imported = |text: &str| load_with(&Memory::new().with("a.why", text), root).err();
    assert_eq!(imported("policy a { closed } category x"), Some(vec![Code::NoEnd]));
    assert_eq!(imported("policy a { closed } category x end"), None);
    assert_eq!(imported("policy a category x"), None);
}

#[test]
fn what_is_broken_is_told_and_not_that_the_end_is_missing_besides() {
    check(&[
        ("policy p { closed } category x use x fro y end", &[Code::Syntax]),
        ("policy p { closed } purpose y use x, y fro y\nend", &[Code::Syntax]),
        ("policy p { closed } section s { end", &[Code::Unclosed]),
        ("policy p { closed } category x { y\n end", &[Code::Unclosed]),
        ("policy p { closed\nend", &[Code::Unclosed]),
        ("policy p { closed } category x \"", &[Code::Unclosed]),
        ("policy p { closed } en", &[Code::Syntax]),
    ]);
}

// ── The end ─────────────────────────────────────────────────────────────────────────────────────

#[test]
fn nothing_may_follow_the_end() {
    check(&[
        ("policy p end", &[]),
        ("policy p end // that is all\n \t\r\n", &[]),
        ("policy p { closed } end", &[]),
        ("policy p end category x", &[Code::BehindEnd]),
        ("policy p end end", &[Code::BehindEnd]),
        ("policy p end }", &[Code::BehindEnd]),
        ("policy p end foo bar", &[Code::BehindEnd]),
        ("policy p end \"", &[Code::BehindEnd]),
        ("category x end policy p", &[Code::BehindEnd]),
        ("policy p { closed } category x purpose y\nend\nuse x for y", &[Code::BehindEnd]),
        ("policy p { closed } end；", &[Code::UnknownCharacter]),
    ]);
}

#[test]
fn what_follows_the_end_is_told_where_it_starts() {
    let files = Memory::new().with("p.why", "policy p\nend // all\n// not\ncategory x");
    let found = Model::from_loader(&files, "p.why").unwrap_err();
    let position = found.sources().position(found.iter().next().unwrap().primary().unwrap().span);
    assert_eq!((position.line, position.column), (4, 1));
}

#[test]
fn a_policy_is_ended_only_if_each_of_its_files_is() {
    let is_ended = |root: &str, imported: &str| {
        let files = Memory::new().with("p.why", root).with("a.why", imported);
        Model::from_loader(&files, "p.why").unwrap().is_ended()
    };
    assert!(is_ended("policy p import \"a.why\" end", "category x end"));
    assert!(!is_ended("policy p import \"a.why\" end", "category x"));
    assert!(!is_ended("policy p import \"a.why\"", "category x end"));
    assert!(
        is_ended("policy p { closed } end", "category x"),
        "what is not imported does not count"
    );
}

#[test]
fn closed_stands_once_and_alone_in_the_header() {
    check(&[
        ("policy p { version \"1\" closed controller \"c\" } end", &[]),
        ("policy p \"closed\" { closed version \"1\" } end", &[]),
        ("policy p { closed closed } end", &[Code::RepeatedPart]),
        ("policy p { closed \"yes\" } end", &[Code::BadHeader]),
        ("policy p { closed, version \"1\" } end", &[Code::Syntax]),
        ("policy p { close } end", &[Code::Syntax]),
        ("policy p { end }", &[Code::Syntax]),
        ("policy p closed", &[Code::Syntax]),
        ("policy p { version \"closed\" }", &[]),
    ]);
}

#[test]
fn both_words_stay_names_wherever_a_name_stands() {
    for word in ["end", "closed"] {
        let text = format!(
            "policy {word} tag {word} category {word} #{word} {{ {word} open }} method {word} {{ {word} }}
            purpose {word} purpose other also {word} recipient {word} fact {word} fact each per purpose
            fact which: one of a, {word}
            duty {word} field \"*\" is {word}.{word} section {word} {{ collect #{word} by {word} for {word} }}
            use {word} for {word}, {word} when {word} and which is {word} then {word}
            share {word}, {word} except open with {word} for {word} unless which in (a, {word}) or {word}
            never use {word} & {word} for {word}
            require {word} to use {word} for {word}
            expect {{ deny use open for {word} given each = yes, which = a }}"
        );
        for text in [text.clone(), format!("{text}\nend")] {
            let policy = Policy::from_str(&text);
            assert!(policy.is_ok(), "{text}\n{}", policy.unwrap_err());
        }
    }
}

#[test]
fn a_name_that_ends_a_file_is_no_end() {
    for text in [
        "category end",
        "category x tag end",
        "category x category y also end",
        "category x fact f: one of a, end",
        "duty end",
        "purpose end category x use x for end",
        "purpose x category y use y for x when end fact end",
        "section end { }",
    ] {
        let found = load(&format!("policy p {{ closed }} {text}")).err().unwrap();
        assert!(
            found.contains(&Code::NoEnd) || found.contains(&Code::UnknownName),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn closed_and_end_change_no_decision() {
    let open = SHOP.replace("    closed\n", "").replace("\nend // of the shop", "");
    let [open, closed] = [open.as_str(), SHOP].map(|text| Policy::from_str(text).unwrap());
    let ask = |policy: &Policy, field: &str, purpose: &str| -> Verdict {
        policy.ask(&Question::usage(field, purpose), Facts::none()).verdict()
    };
    for (_, category) in open.categories() {
        for (_, purpose) in open.purposes() {
            let [a, b] = [&open, &closed].map(|policy| ask(policy, category.path, purpose.path));
            assert_eq!(a, b, "{} {}", category.path, purpose.path);
        }
    }
}

#[test]
fn laid_out_each_stands_on_a_line_of_its_own() {
    let laid_out =
        whyfor::format::format("p.why", "policy p{closed\nversion \"1\"}category a end//all")
            .unwrap();
    assert_eq!(laid_out, "policy p {\n    closed\n    version \"1\"\n}\ncategory a\nend //all\n");
}

//! Bases, events, groups of tags, choices and the clauses about them, in an editor.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod editor;
mod folder;

use editor::{Editor, slice};
use serde_json::json;

const TERMS: &str = r#"policy terms "Terms"
import "more.why"
tag country "Country" published { us "United States"  de }
category contact "Contact" { email "Email"  phone }
method form
purpose login
recipient courier #country.us
fact consent
fact region: one of eu "European <b>Union</b>", us
basis contract "Performance of a contract"
basis agreed "Consent" when consent unless region is us
basis `legal-duty` "Obligation"
event deletion "Deletion of the account"
collect email, optional phone by form for login on contract & agreed
    retain 2 years, 30 days after deletion because "Tax" see "https://example.com"
never share #us with courier
collect phone for login
"#;
const MORE: &str = "use contact for login on agreed, `legal-duty` retain until deletion\n\
                    never share * with #country.us unless region is eu\n";

fn terms() -> Editor {
    let mut editor = Editor::new(&[("terms.why", TERMS), ("more.why", MORE)]);
    editor.open("terms.why");
    editor
}

#[test]
fn hover_shows_what_a_basis_an_event_a_choice_or_a_tag_is() {
    let mut editor = terms();
    let mut hover = |text: &str, offset: usize| {
        let at = editor.at("terms.why", text, offset);
        let answer = editor.ask("textDocument/hover", at);
        answer["contents"]["value"].as_str().unwrap_or("").to_owned()
    };
    for (text, offset, parts) in [
        (
            "& agreed",
            3,
            &["**basis** `agreed`: Consent", "`when consent unless region is us`", "used 2 times"]
                [..],
        ),
        ("contract &", 0, &["**basis** `contract`: Performance of a contract", "used once"]),
        ("after deletion", 7, &["**event** `deletion`: Deletion of the account", "used 2 times"]),
        ("eu \"", 0, &["**choice** `region.eu`: European \\<b", "used once"]),
        ("#us with", 1, &["**tag** `country.us`: United States", "nothing is below it"]),
        ("country \"Country", 0, &["**tag** `country`: Country", "itself and 2 below it"]),
    ] {
        let found = hover(text, offset);
        for part in parts {
            assert!(found.contains(part), "{text}: {part}: {found}");
        }
    }
    assert!(!hover("contract &", 0).contains("when"));
    let points = "2 points: 1 category × (1 method and any other) × 1 purpose";
    assert_eq!(hover("collect phone for", 0), format!("This permits `collect` at {points}."));
}

#[test]
fn completion_offers_bases_events_tags_units_and_the_clauses() {
    let mut editor = terms();
    let mut last = "use email for login t".to_owned();
    editor.replace("terms.why", "never share #us with courier", &last);
    let mut labels = |typed: &str| {
        let line = format!("{typed} t");
        editor.replace("terms.why", &last, &line);
        last = line;
        editor.labels("terms.why", &last, typed.len() + 1)
    };
    for (typed, some, none) in [
        (
            "use email for login",
            &["on", "retain", "because", "see"][..],
            &["optional", "after"][..],
        ),
        ("use email for login on", &["contract", "agreed", "`legal-duty`"], &["deletion", "email"]),
        ("use email for login on contract &", &["agreed"], &["deletion", "on"]),
        ("use email for login retain", &["until", "at least"], &["contract", "days"]),
        ("use email for login retain until", &["deletion"], &["contract"]),
        ("use email for login retain 3", &["hours", "days", "weeks", "months", "years"], &["on"]),
        ("use email for login retain 3 days", &["after", "on"], &["until", "days"]),
        ("use email for login retain 3 days after", &["deletion"], &["contract", "after"]),
        ("collect email,", &["optional", "phone"], &["deletion"]),
        ("basis b", &["when", "unless"], &["on"]),
        ("tag t", &["published"], &["when"]),
        ("duty d \"Hide\"", &["mask"], &["on"]),
    ] {
        let found = labels(typed);
        let has = |label: &&str| found.iter().any(|found| found == label);
        assert!(some.iter().all(&has), "{typed}: {found:?}");
        assert!(!none.iter().any(has), "{typed}: {found:?}");
    }
    editor.replace("terms.why", &last, "use # for login");
    assert_eq!(editor.labels("terms.why", "use # for", 5), ["country", "us", "de"]);
    editor.replace("terms.why", "use # for", "use #country. for");
    let paths = ["country.us", "country.de"];
    assert_eq!(editor.labels("terms.why", "use #country. for", 13), paths);
    let mut last = "use #country. for";
    for (typed, offers) in [
        (r#"duty d "Hide" mask "sh"#, true),
        (r#"duty d mask ""#, true),
        (r#"duty d "mask "sh"#, false),
        (r#"// duty d mask "sh"#, false),
    ] {
        editor.replace("terms.why", last, typed);
        let found = editor.labels("terms.why", typed, typed.len());
        assert_eq!(found.iter().any(|found| found == "show-last-4"), offers, "{typed}: {found:?}");
        last = typed;
    }
}

#[test]
fn a_tag_in_a_path_a_basis_an_event_and_a_choice_are_renamed_in_all_files() {
    let mut editor = terms();
    for (text, offset, old, new, here, there) in [
        ("country.us", 8, "us", "usa", 3, 1),
        ("country.us", 1, "country", "land", 2, 1),
        ("basis agreed", 6, "agreed", "art-6", 2, 1),
        ("`legal-duty` \"", 3, "`legal-duty`", "due", 1, 1),
        ("event deletion", 7, "deletion", "closed", 2, 1),
        ("eu \"", 0, "eu", "ewr", 1, 1),
    ] {
        let mut rename = editor.at("terms.why", text, offset);
        let range = editor.ask("textDocument/prepareRename", rename.clone());
        assert_eq!(slice(&editor.texts["terms.why"], &range), old);
        rename["newName"] = json!(new);
        let answer = editor.ask("textDocument/rename", rename);
        let count = |name: &str| answer["changes"][&editor.uri(name)].as_array().map(Vec::len);
        let found = (count("terms.why"), count("more.why"));
        assert_eq!(found, (Some(here), Some(there)), "{text}: {answer}");
    }
    let mut rename = editor.at("terms.why", "basis agreed", 6);
    rename["newName"] = json!("contract");
    let answer = editor.answer("textDocument/rename", rename);
    assert!(answer["error"]["message"].as_str().unwrap().contains("mean something else"));
}

#[test]
fn the_outline_and_the_colours_have_bases_events_and_tags() {
    let mut editor = terms();
    let symbols = editor.ask("textDocument/documentSymbol", editor.document("terms.why"));
    let symbols = symbols.as_array().unwrap();
    let named = |name: &str| symbols.iter().find(|symbol| symbol["name"] == name).unwrap();
    assert_eq!(named("agreed")["detail"], "Consent");
    assert_eq!(named("deletion")["detail"], "Deletion of the account");
    assert_ne!(named("agreed")["kind"], named("deletion")["kind"]);
    assert_eq!(named("country")["children"][0]["detail"], "United States");

    let tokens = editor.ask("textDocument/semanticTokens/full", editor.document("terms.why"));
    let data: Vec<usize> =
        tokens["data"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect();
    let lines: Vec<&str> = TERMS.lines().collect();
    let (mut line, mut column, mut found) = (0, 0, Vec::new());
    for token in data.chunks(5) {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        found.push((line, &lines[line][column..column + token[2]], token[3]));
    }
    let kinds = |text: &str| -> Vec<usize> {
        found.iter().filter(|(_, found, _)| *found == text).map(|(_, _, kind)| *kind).collect()
    };
    assert_eq!(kinds("agreed"), [14, 14]);
    assert_eq!(kinds("`legal-duty`"), [14]);
    assert_eq!(kinds("deletion"), [15, 15]);
    assert_eq!(kinds("#country.us"), [10]);
    for word in
        ["basis", "event", "on", "optional", "years", "after", "because", "see", "published"]
    {
        assert!(!kinds(word).is_empty() && kinds(word).iter().all(|kind| *kind == 0), "{word}");
    }
}

#[test]
fn a_policy_that_is_typed_letter_by_letter_is_answered_as_one_that_is_opened() {
    let mut typed = Editor::new(&[("terms.why", "// start"), ("more.why", MORE)]);
    typed.open("terms.why");
    typed.replace("terms.why", "// start", "policy terms // here");
    let (_, rest) = TERMS.split_once('\n').unwrap();
    typed.replace("terms.why", "// here", "\"Terms\"\n// here");
    for letters in rest.split_inclusive([' ', '\n']) {
        typed.replace("terms.why", "// here", &format!("{letters}// here"));
    }
    typed.replace("terms.why", "// here", "");
    assert_eq!(typed.texts["terms.why"], TERMS);
    let mut opened = terms();
    for method in ["textDocument/documentSymbol", "textDocument/semanticTokens/full"] {
        let one = typed.ask(method, typed.document("terms.why"));
        assert_eq!(one, opened.ask(method, opened.document("terms.why")), "{method}");
    }
    for (text, offset) in
        [("& agreed", 3), ("after deletion", 7), ("country.us", 9), ("phone by", 1)]
    {
        let (one, other) =
            (typed.at("terms.why", text, offset), opened.at("terms.why", text, offset));
        let one = typed.ask("textDocument/hover", one);
        assert_eq!(one, opened.ask("textDocument/hover", other), "{text}");
        assert!(one["contents"]["value"].is_string(), "{text}");
    }
}

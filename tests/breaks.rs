//! What a reader sees is what is read: what looks like a line break is one, and nothing that nobody sees
//! stands in a policy.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::format::format;
use whyfor::lint::{Options, lint};
use whyfor::{Code, Facts, Memory, Model, Policy, Question, Reason};

const BREAKS: [&str; 8] = ["\n", "\r\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"];
/// Those that editors and the language server protocol count.
const LINES: [&str; 3] = ["\n", "\r\n", "\r"];
const TEXT: &str = r#"policy shop "Shop" {
    version "1"
} // the header
tag sensitive // of the law
category contact { email  phone #sensitive } // data
purpose login
// what is permitted

use contact // all of it
    for login
section s { // its statements
    never use // not
        #sensitive for login
}
expect {
    allow use email for login // one
    deny use phone for login // two
}
"#;

fn policy(text: &str) -> Policy {
    Policy::from_str(text).unwrap_or_else(|d| panic!("{text:?}\n{d}"))
}

fn codes(text: &str) -> Vec<&'static str> {
    match Policy::from_str(text) {
        Ok(_) => Vec::new(),
        Err(diagnostics) => diagnostics.iter().map(|d| d.code().as_str()).collect(),
    }
}

fn warnings(text: &str) -> Vec<Code> {
    let model = Model::from_loader(&Memory::new().with("p.why", text), "p.why").unwrap();
    model.warnings().iter().map(|d| d.code()).collect()
}

// ── Line breaks ─────────────────────────────────────────────────────────────────────────────────

#[test]
fn every_line_break_ends_a_comment() {
    for line_break in BREAKS {
        let text = format!(
            "policy r\ntag s\ncategory x #s\npurpose p\nuse x for p\n// note{line_break}never use #s for p"
        );
        assert!(!policy(&text).may_use("x", "p"), "{line_break:?}");
        let text =
            format!("policy r category x purpose p section s {{ use x for p // note{line_break}}}");
        assert!(policy(&text).may_use("x", "p"), "{line_break:?}");
    }
}

#[test]
fn every_line_break_is_white_space_wherever_it_stands() {
    let plain = policy(TEXT);
    for line_break in BREAKS {
        let text = TEXT.replace('\n', line_break);
        let other = policy(&text);
        assert_eq!(other.statements().count(), 2, "{line_break:?}");
        for (field, purpose) in [("email", "login"), ("phone", "login"), ("contact", "login")] {
            let [a, b] = [&plain, &other].map(|policy| policy.may_use(field, purpose));
            assert_eq!(a, b, "{line_break:?} {field}");
        }
    }
}

#[test]
fn lines_that_editors_count_are_counted_and_tell_policies_not_apart() {
    let plain = policy(TEXT);
    for line_break in LINES {
        let other = policy(&TEXT.replace('\n', line_break));
        assert_eq!(other.digest(), plain.digest(), "{line_break:?}");
        let decision = Question::usage("phone", "login");
        let decision = other.ask(&decision, Facts::none());
        let [Reason::Never(never)] = decision.reasons()[..] else { panic!("{decision:?}") };
        assert_eq!(never.line, 12, "{line_break:?}");
        assert_eq!(never.text, "never use // not\n        #sensitive for login");
    }
}

#[test]
fn a_mistake_is_told_on_the_line_where_an_editor_has_it() {
    for line_break in LINES {
        let text = "policy p\ncategory email // all\npurpose login\n\nuse emial for login\n";
        let found = Policy::from_str(&text.replace('\n', line_break)).unwrap_err();
        let shown = found.render(false);
        assert!(shown.contains("policy.why:5:5\n"), "{line_break:?}\n{shown}");
        assert!(shown.contains("5 | use emial for login\n"), "{line_break:?}\n{shown}");
    }
    // A form feed starts a page and no line.
    let text = "policy p\n\u{C}\ncategory email\npurpose login\nuse emial for login\n";
    assert!(Policy::from_str(text).unwrap_err().render(false).contains("policy.why:5:5\n"));
}

#[test]
fn a_comment_that_some_editors_show_longer_is_warned_of() {
    let rare = |c: &str| format!("policy p category x purpose q // note{c}use x for q\n");
    for line_break in &BREAKS[2..] {
        assert_eq!(warnings(&rare(line_break)), [Code::RareLineBreak], "{line_break:?}");
    }
    let all = rare("\r").replace('\n', "\r");
    let comments = "policy p // note\u{2028}// and another\n".to_owned();
    let nothing = "policy p // note\u{2028} \n".to_owned();
    for fine in [rare("\n"), rare("\r\n"), all, comments, nothing] {
        assert!(warnings(&fine).is_empty(), "{fine:?}");
    }
}

#[test]
fn a_line_break_of_any_kind_ends_a_text_as_if_it_were_not_closed() {
    for line_break in BREAKS {
        let found = codes(&format!("policy p category x \"Ex{line_break}tra\" purpose q"));
        let expected = match line_break {
            "\n" | "\r\n" | "\r" => ["E0106", "E0106"].as_slice(),
            _ => &["E0114"],
        };
        assert_eq!(found, expected, "{line_break:?}");
    }
}

#[test]
fn laid_out_no_line_ends_in_a_way_that_editors_do_not_show() {
    let plain = format("p.why", TEXT).unwrap();
    for line_break in BREAKS {
        let text = TEXT.replace('\n', line_break);
        let laid_out = format("p.why", &text).unwrap();
        assert_eq!(laid_out.replace("\r\n", "\n"), plain, "{line_break:?}");
        let noted = format!("policy p category x purpose q // note{line_break}use x for q");
        let expected = "policy p\ncategory x\npurpose q // note\nuse x for q\n";
        let laid_out = format("p.why", &noted).unwrap();
        assert_eq!(laid_out.replace("\r\n", "\n"), expected, "{line_break:?}");
    }
}

#[test]
fn a_comment_of_the_linter_ends_where_every_comment_does() {
    for line_break in BREAKS {
        let text = "policy p\ncategory x\npurpose q\nuse x for q\n// whyfor: allow(W0701) to be shown\nuse x for q\n";
        let files = Memory::new().with("p.why", text.replace('\n', line_break));
        let model = Model::from_loader(&files, "p.why").unwrap();
        let found = lint(&model, &Options::default()).unwrap();
        let others: Vec<_> =
            found.iter().map(|d| d.code()).filter(|c| *c != Code::ChangesNothing).collect();
        assert!(others.is_empty(), "{line_break:?}: {found}");
    }
}

// ── What nobody sees ────────────────────────────────────────────────────────────────────────────

/// Every place of a policy where a text stands.
const TEXTS: [&str; 12] = [
    "policy p \"⟨⟩\"",
    "policy p { version \"⟨⟩\" }",
    "policy p { controller \"⟨⟩\" }",
    "policy p tag t \"⟨⟩\"",
    "policy p category x \"⟨⟩\" { y }",
    "policy p category x { y \"⟨⟩\" }",
    "policy p fact f \"⟨⟩\"",
    "policy p fact f: number \"⟨⟩\"",
    "policy p duty d \"⟨⟩\"",
    "policy p section s \"⟨⟩\" {}",
    "policy p category x field \"⟨⟩\" is x",
    "policy p category x field \"*\" except \"⟨⟩\" is x",
];

fn escaped(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

#[test]
fn no_text_holds_a_control_character_written_as_it_is_or_as_an_escape() {
    let controls = ('\0'..='\u{1F}').chain('\u{7F}'..='\u{9F}').chain(['\u{2028}', '\u{FEFF}']);
    for c in controls.filter(|c| !"\n\r\t".contains(*c)) {
        for place in TEXTS {
            let raw = place.replace("⟨⟩", &format!("a{c}b"));
            assert_eq!(codes(&raw), ["E0114"], "{raw:?}");
            let escape = place.replace("⟨⟩", &format!("a{}b", escaped(c)));
            assert_eq!(codes(&escape), ["E0114"], "{escape:?}");
        }
    }
    for place in TEXTS {
        assert_eq!(codes(&place.replace("⟨⟩", "a\tb")), ["E0114"], "{place}");
        assert!(codes(&place.replace("⟨⟩", "a\\tb\\nc\\rd")).is_empty(), "{place}");
    }
}

#[test]
fn no_text_holds_a_bidirectional_character_written_as_it_is_or_as_an_escape() {
    for c in ['\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{200E}', '\u{200F}', '\u{61C}'] {
        for place in TEXTS {
            for text in [c.to_string(), escaped(c)] {
                let text = place.replace("⟨⟩", &format!("a{text}b"));
                assert_eq!(codes(&text), ["E0104"], "{text:?}");
            }
        }
    }
}

#[test]
fn no_comment_holds_what_moves_a_cursor_or_speaks_to_no_reader() {
    for c in ['\0', '\u{8}', '\u{1B}', '\u{7F}', '\u{9B}', '\u{FEFF}', '\u{E0041}', '\u{FFF9}'] {
        assert_eq!(codes(&format!("policy p // a{c}b")), ["E0114"], "{c:?}");
    }
    for c in ['\t', '\u{200D}', '\u{FE0F}', '\u{AD}', '\u{A0}'] {
        assert!(codes(&format!("policy p // a{c}b")).is_empty(), "{c:?}");
    }
}

#[test]
fn two_names_that_look_the_same_are_the_same() {
    let invisible = [
        '\u{AD}',
        '\u{34F}',
        '\u{115F}',
        '\u{17B4}',
        '\u{180B}',
        '\u{200B}',
        '\u{200D}',
        '\u{2060}',
        '\u{3164}',
        '\u{FE0F}',
        '\u{FEFF}',
        '\u{FFA0}',
        '\u{E0100}',
        '\u{E0041}',
    ];
    for c in invisible {
        for name in [format!("em{c}ail"), format!("email{c}"), format!("{c}email")] {
            assert_eq!(codes(&format!("policy p category {name}")), ["E0102"], "{name:?}");
            assert_eq!(codes(&format!("policy p category `{name}`")), ["E0102"], "{name:?}");
            assert_eq!(codes(&format!("policy p tag {name}")), ["E0102"], "{name:?}");
        }
    }
}

#[test]
fn a_pattern_says_what_it_looks_like() {
    for c in ['\u{200B}', '\u{200D}', '\u{AD}', '\u{FE0F}', '\u{A0}', '\u{3000}', '\u{2009}'] {
        let text =
            |pattern: &str| format!("policy p category x field \"*\" except \"{pattern}\" is x");
        assert_eq!(codes(&text(&format!("ssn{c}"))), ["E0114"], "{c:?}");
        let seen = policy(&text(&format!("ssn{}", escaped(c))));
        assert!(seen.field("ssn").is_ok() && seen.field(&format!("ssn{c}")).is_err(), "{c:?}");
    }
}

#[test]
fn a_label_may_be_written_as_its_language_is() {
    for label in ["نام‌خانوادگی", "👩‍💻", "❤️", "क्‍ष", "ภาษา\u{200B}ไทย", "co\u{AD}operate"]
    {
        let policy = policy(&format!("policy p category x \"{label}\""));
        assert_eq!(policy.categories().next().unwrap().1.label, label);
    }
}

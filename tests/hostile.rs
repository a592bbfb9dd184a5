//! Whatever a file holds, it is read in time and memory that grow with its length, on the stack of an
//! ordinary thread, and what is wrong with it is told.
//!
//! The sizes here are far beyond what people write: what took the square of them would not finish.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::{Code, Diagnostics, Memory, Model, Policy};

const HEAD: &str = "policy p\ncategory c { email phone }\nmethod m\npurpose login\nrecipient r\n\
                    fact f\nfact g: one of a, b\nduty d\ntag t\n";

/// The messages about a policy, none if it compiles.
fn check(bytes: impl Into<Vec<u8>>) -> Diagnostics {
    let files = Memory::new().with("p.why", bytes);
    match Model::from_loader(&files, "p.why") {
        Ok(model) => model.warnings(),
        Err(errors) => errors,
    }
}

fn codes(found: &Diagnostics) -> Vec<Code> {
    found.iter().map(|diagnostic| diagnostic.code()).collect()
}

/// The text behind the usual declarations gives exactly these codes, however often some repeat.
#[track_caller]
fn gives(text: &str, expected: &[Code]) {
    let found = check(format!("{HEAD}{text}"));
    let mut codes = codes(&found);
    codes.sort();
    codes.dedup();
    assert_eq!(codes, expected, "{:.300}", found.render(false));
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    for opener in ["(", "{", "use (", "category a { ", "section s { ", "category a { ) ", "not ("] {
        let depth = 100_000;
        let expected = [Code::TooDeep];
        let text = opener.repeat(depth);
        let found = check(format!("{HEAD}use email for login when {text}"));
        assert_eq!(codes(&found), expected, "{opener}");
    }
}

#[test]
fn nesting_is_not_hidden_from_the_count() {
    // In texts without an end, behind quotation marks of other kinds, behind braces that do not match.
    for line in [
        "category a { \" x {\n",
        "category a { “{ b {\\”\n",
        "category a { '{ b {\\'\n",
        "category a { \"\\ { \\\" { b {\n",
        "category a { ( } { b { ) {\n",
        "category a { /* { */ b { c {\n",
    ] {
        let found = check(format!("{HEAD}{}", line.repeat(10_000)));
        assert!(codes(&found).contains(&Code::TooDeep), "{line}");
    }
}

#[test]
fn as_deep_as_the_limit_is_fine() {
    let (open, close) = ("(".repeat(64), ")".repeat(64));
    gives(&format!("use {open}email{close} for login when {open}f{close}"), &[]);
    let tree = format!("category n {}{}", "{ n ".repeat(64), "}".repeat(64));
    gives(&tree, &[]);
    gives(&format!("use ({open}email{close}) for login"), &[Code::TooDeep]);
}

#[test]
fn what_is_long_but_not_deep_is_fine() {
    let n = 100_000;
    gives(&format!("use email for login when {}f", "not ".repeat(n)), &[]);
    gives(&format!("use email for login when f{}", " and f".repeat(n)), &[]);
    gives(&format!("use email for login when f{}", " or not f".repeat(n)), &[]);
    gives(&format!("use email{} for login", " & c".repeat(n)), &[]);
    gives(&format!("use email{} for login", ", c".repeat(n)), &[]);
    gives(&format!("use *{} for login", " except email".repeat(n)), &[]);
    gives(&format!("use email for login when g in (a{})", ", b".repeat(n)), &[]);
    gives(&format!("use email for login then d{}", ", d".repeat(n)), &[]);
    gives(&"use email for login ".repeat(n), &[]);
    gives(&format!("// {}", "x".repeat(10_000_000)), &[]);
    gives(&format!("duty e \"{}\"", "x".repeat(10_000_000)), &[]);
}

#[test]
fn a_line_of_ten_megabytes_is_shown_in_part() {
    let long = "use email for login ".repeat(250_000);
    let found = check(format!("{HEAD}{long} use zzz for login {long}"));
    assert_eq!(codes(&found), [Code::UnknownName]);
    let shown = found.render(false);
    assert!(shown.len() < 5000, "{shown}");
    assert!(
        shown.contains("use zzz for login") && shown.contains("at p.why:10:5000006"),
        "{shown}"
    );
}

#[test]
fn many_mistakes_are_many_messages_and_do_not_take_the_square() {
    let n = 100_000;
    let lines = |line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
    for (text, expected) in [
        (lines(&|_| "use email login\n".to_owned()), Code::MissingPart),
        (lines(&|_| "use email for login retain 3\n".to_owned()), Code::Syntax),
        (lines(&|i| format!("use zq{i} for login\n")), Code::UnknownName),
        (lines(&|i| format!("use email for login when zq{i}\n")), Code::UnknownFact),
        (lines(&|i| format!("use email for login then zq{i}\n")), Code::UnknownDuty),
        (lines(&|i| format!("use #zq{i} for login\n")), Code::UnknownTag),
        (lines(&|_| "}\n".to_owned()), Code::Syntax),
        (lines(&|_| "tag q \"\\q\"\n".to_owned()), Code::BadEscape),
    ] {
        let found = check(format!("{HEAD}{text}"));
        assert_eq!(found.len(), n, "{expected}");
        assert!(codes(&found).iter().all(|code| *code == expected), "{expected}");
        assert!(found.render(false).matches(" --> ").count() == n, "{expected}");
    }
}

#[test]
fn many_mistakes_on_one_line_are_told_once() {
    let n = 100_000;
    for text in ["} ", "use email login ", "x ", "{ ", "( ) ", ", ", "\" ", "never ", "` "] {
        let found = check(format!("{HEAD}{}", text.repeat(n)));
        assert!((1..=3).contains(&found.len()), "{text}: {} messages", found.len());
    }
}

#[test]
fn many_characters_of_no_language_are_told_of_some() {
    for text in ["\0\u{1}", "“", "«‘", "；\n", "/* ", "\u{202E}x", "-a", "\\\""] {
        let found = check(format!("{HEAD}{}", text.repeat(100_000)));
        assert!((1..=1010).contains(&found.len()), "{text:?}: {} messages", found.len());
    }
    let found = check(format!("{HEAD}{}", "\0".repeat(10_000_000)));
    assert_eq!(codes(&found), [Code::UnknownCharacter]);
}

#[test]
fn misspelt_names_among_many_do_not_take_the_square() {
    let n = 50_000;
    let names: String = (0..n).map(|i| format!(" name{i}")).collect();
    let uses: String = (0..n).map(|i| format!("use nmae{i} for login\n")).collect();
    let found = check(format!("policy p purpose login category c {{{names}}}\n{uses}"));
    assert_eq!(found.len(), n);
    let facts: String = (0..n).map(|i| format!("fact name{i}\n")).collect();
    let uses: String = (0..n).map(|i| format!("use email for login when nmae{i}\n")).collect();
    assert_eq!(check(format!("{HEAD}{facts}{uses}")).len(), n);
}

#[test]
fn declarations_that_repeat_do_not_take_the_square() {
    let n = 100_000;
    let lines = |line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
    for text in [
        lines(&|i| format!("category q \"{i}\"\n")),
        lines(&|i| format!("fact q \"{i}\"\n")),
        lines(&|i| format!("section q \"{i}\" {{}}\n")),
        format!("category q {{ {} }}", "x\n".repeat(n)),
        "policy p\n".repeat(n),
    ] {
        let found = check(format!("{HEAD}{text}"));
        assert!(found.len() >= n - 1, "{} of {text:.30}", found.len());
        assert!(!found.render(false).is_empty());
    }
}

#[test]
fn ambiguous_names_do_not_take_the_square() {
    let works: String = (0..20_000).map(|i| format!("category k{i} {{ x }}\n")).collect();
    let uses = "use x for login\n".repeat(20_000);
    let found = check(format!("policy p purpose login\n{works}{uses}"));
    assert_eq!(found.len(), 20_000);
    assert!(found.render(false).contains("`k0.x`, `k1.x`"));
    assert!(found.render(false).contains("or 19992 others"));
}

#[test]
fn a_long_circle_is_shown_in_part() {
    let n = 100_000;
    let circle: String = (0..n).map(|i| format!("category k{i} also k{}\n", (i + 1) % n)).collect();
    let found = check(format!("policy p\n{circle}"));
    assert_eq!(codes(&found), [Code::Circle]);
    assert!(found.render(false).len() < 5000);
}

#[test]
fn names_do_not_multiply() {
    // A path holds all names above: this would be a hundred gigabytes of them.
    let found = check(format!(
        "policy p category {} {{ {} }}",
        "x".repeat(1_000_000),
        (0..100_000).map(|i| format!("n{i} ")).collect::<String>()
    ));
    assert_eq!(codes(&found), [Code::TooLarge]);
}

#[test]
fn a_file_of_nothing_says_that_it_has_no_header() {
    for text in ["", "\n", " \t\r\n", "// nothing", "\u{FEFF}", "\u{FEFF}// nothing\n"] {
        assert_eq!(codes(&check(text)), [Code::NoHeader], "{text:?}");
    }
    assert_eq!(codes(&check("\0")), [Code::NoHeader, Code::UnknownCharacter]);
    assert_eq!(codes(&check([0xFF, 0xFE, 0x70])), [Code::NotUtf8]);
}

const WHOLE: &str = include_str!("hostile/whole.why");

/// How many braces and parentheses are open at the end of a text, and whether a text is.
fn open(text: &str) -> (i32, bool) {
    let (mut depth, mut quoted, mut chars) = (0, false, text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted => drop(chars.next()),
            '"' => quoted = !quoted,
            _ if quoted => {}
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            '{' | '(' => depth += 1,
            '}' | ')' => depth -= 1,
            _ => {}
        }
    }
    (depth, quoted)
}

#[test]
fn a_policy_that_is_cut_off_is_told_to_be() {
    assert_eq!(codes(&check(WHOLE)), [], "{}", check(WHOLE));
    let mut silent = Vec::new();
    for (at, _) in WHOLE.char_indices() {
        let text = &WHOLE[..at];
        let found = check(text);
        assert!(found.iter().all(|d| d.primary().is_some()), "{found}");
        assert_eq!(found.render(true).is_empty(), found.is_empty());
        if found.is_empty() {
            assert_eq!(open(text), (0, false), "silent inside of something: …{:?}", tail(text));
            silent.push(tail(text));
        }
    }
    // Without a message, a cut leaves whole items: none of them ends in the middle of something.
    for text in &silent {
        let last = text.split_whitespace().next_back().unwrap();
        let unfinished = [
            "policy",
            "import",
            "tag",
            "category",
            "method",
            "recipient",
            "fact",
            "duty",
            "field",
            "section",
            "expect",
            "collect",
            "use",
            "share",
            "never",
            "require",
            "by",
            "with",
            "for",
            "when",
            "unless",
            "then",
            "retain",
            "to",
            "is",
            "in",
            "not",
            "and",
            "or",
            "except",
            "also",
            "per",
            "one",
            "of",
            ",",
            "&",
            "#",
            "<",
            ">=",
            "30",
            ":",
            "/",
        ];
        assert!(!unfinished.contains(&last) && !last.ends_with([',', ':']), "silent at …{text:?}");
    }
    assert!(silent.len() > 20, "the cuts between items are no mistakes");
}

fn tail(text: &str) -> String {
    let text =
        text.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
    let start = text.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    text[start..].to_owned()
}

#[test]
fn a_policy_with_a_piece_left_out_never_panics() {
    let bounds: Vec<usize> = WHOLE.char_indices().map(|(at, _)| at).collect();
    for (index, start) in bounds.iter().enumerate() {
        for length in [1, 2, 7, 40] {
            let Some(end) = bounds.get(index + length) else { continue };
            let text = format!("{}{}", &WHOLE[..*start], &WHOLE[*end..]);
            let found = check(text.clone());
            assert_eq!(found.render(false).is_empty(), found.is_empty());
            if found.is_empty() {
                let files = Memory::new().with("p.why", text);
                assert!(Policy::compile(&Model::from_loader(&files, "p.why").unwrap()).is_ok());
            }
        }
    }
}

//! No text makes the parser, the resolver, the compiler or the renderer panic, and what is broken in it
//! is always told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use proptest::prelude::*;
use whyfor::{Memory, Model, Policy};

const DRUN: &str = include_str!("../policies/drun.why");
const WHOLE: &str = include_str!("hostile/whole.why");

/// Reads a text through all stages and shows what is found.
fn survive(text: &str) {
    let files = Memory::new().with("p.why", text).with("a.why", "policy q import \"p.why\"");
    let found = match Model::from_loader(&files, "p.why") {
        Ok(model) => {
            let mut found = vec![model.warnings()];
            match Policy::compile(&model) {
                Ok(policy) => found.push(policy.check_expectations(&model)),
                Err(errors) => found.push(errors),
            }
            found
        }
        Err(errors) => {
            assert!(errors.has_errors(), "a policy is refused with a reason");
            vec![errors]
        }
    };
    for list in &found {
        assert_eq!(list.render(false).is_empty(), list.is_empty());
        assert!(list.render(true).len() >= list.render(false).len());
        for diagnostic in list {
            let labels = diagnostic.primary().into_iter().chain(diagnostic.related_labels());
            for span in labels.map(|label| label.span) {
                let file = list.sources().file(span.file);
                assert!(file.text().get(span.range()).is_some(), "{diagnostic:?}");
                assert!(list.sources().position(span).line >= 1);
            }
        }
    }
}

/// One change to a text, its places given as shares of the length.
#[derive(Debug, Clone)]
enum Change {
    Delete(u16, u16),
    Insert(u16, String),
    Replace(u16, u16, String),
    Duplicate(u16, u16, u16),
    Swap(u16, u16),
}

impl Change {
    fn apply(&self, text: &str) -> String {
        let place = |share: u16| {
            text.floor_char_boundary(text.len() * usize::from(share) / usize::from(u16::MAX))
        };
        let end = |start: usize, length: u16| {
            text.ceil_char_boundary((start + usize::from(length) % 100).min(text.len()))
        };
        match self {
            Self::Delete(at, length) => {
                let start = place(*at);
                [&text[..start], &text[end(start, *length)..]].concat()
            }
            Self::Insert(at, new) => [&text[..place(*at)], new, &text[place(*at)..]].concat(),
            Self::Replace(at, length, new) => {
                let start = place(*at);
                [&text[..start], new, &text[end(start, *length)..]].concat()
            }
            Self::Duplicate(from, length, to) => {
                let (start, to) = (place(*from), place(*to));
                [&text[..to], &text[start..end(start, *length)], &text[to..]].concat()
            }
            Self::Swap(one, other) => {
                let (one, other) = (place((*one).min(*other)), place((*one).max(*other)));
                [&text[other..], &text[one..other], &text[..one]].concat()
            }
        }
    }
}

/// Pieces that policies are made of, and that break them.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "{",
        "}",
        "(",
        ")",
        "\"",
        "`",
        "//",
        "/*",
        "*/",
        "#",
        "&",
        "*",
        ",",
        ".",
        ":",
        "=",
        "==",
        "<=",
        "\\",
        "\\\"",
        "\\u12",
        "-",
        "policy",
        "import",
        "tag",
        "category",
        "method",
        "purpose",
        "recipient",
        "fact",
        "duty",
        "field",
        "section",
        "expect",
        "collected",
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
        "days",
        "to",
        "is",
        "in",
        "not",
        "and",
        "or",
        "except",
        "also",
        "per",
        "per purpose",
        "one of",
        "number",
        "allow",
        "deny",
        "depends",
        "given",
        "yes",
        "no",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "，",
        "“",
        "”",
        "「",
        "；",
        "≥",
        "\u{202E}",
        "\u{200B}",
        "\u{FEFF}",
        "\r",
        "\u{B}",
        "\u{85}",
        "\u{2028}",
        "\u{1B}",
        "\\u001b",
        "closed",
        "end",
        "\nend\n",
        "e\u{301}",
        "邮箱",
        "😀",
        "-5",
        "3.",
        "99999999999999999999",
        "email",
        "login",
        "import \"p.why\"",
        "import \"../x.why\"",
    ];
    prop_oneof![
        6 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let number = any::<u16>;
    prop_oneof![
        (number(), number()).prop_map(|(at, length)| Change::Delete(at, length)),
        (number(), piece()).prop_map(|(at, new)| Change::Insert(at, new)),
        (number(), number(), piece())
            .prop_map(|(at, length, new)| Change::Replace(at, length, new)),
        (number(), number(), number())
            .prop_map(|(from, length, to)| Change::Duplicate(from, length, to)),
        (number(), number()).prop_map(|(one, other)| Change::Swap(one, other)),
    ]
}

fn mangled(text: &str, changes: &[Change]) -> String {
    changes.iter().fold(text.to_owned(), |text, change| change.apply(&text))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survive(&text);
    }

    #[test]
    fn any_heap_of_pieces_is_survived(pieces in prop::collection::vec(piece(), 0..60)) {
        survive(&pieces.join(" "));
        survive(&pieces.concat());
    }

    #[test]
    fn a_small_policy_is_survived_however_mangled(changes in prop::collection::vec(change(), 1..6)) {
        survive(&mangled(WHOLE, &changes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_real_policy_is_survived_however_mangled(changes in prop::collection::vec(change(), 1..6)) {
        survive(&mangled(DRUN, &changes));
    }
}

//! `whyfor residual`: what is refused, and its JSON. The documents show the rest, and `cargo xtask rows` runs it in engines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::process::{Command, Stdio};

const POLICY: &str = "policy p
category email purpose marketing { newsletter }
fact consent per purpose fact age: number
duty hash mask \"sha-256-global\"
use email for newsletter when consent and age >= 18 then hash
end
";

/// The exit status, and what was printed on both streams.
fn residual(arguments: &[&str]) -> (i32, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.why"), POLICY).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
    command.args(["residual", "p.why", "use"]).args(arguments).current_dir(&folder);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let [out, error] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), out + &error)
}

#[test]
fn a_name_that_the_policy_does_not_have_is_an_error_and_no_empty_view() {
    for (arguments, expected) in [
        (&["email", "--for", "newslettr"][..], "perhaps `marketing.newsletter`"),
        (&["mail", "--for", "newsletter"], "no field or category is named `mail`"),
        (&["email", "--for", "newsletter", "--column", "ages=a"], "the policy has no fact `ages`"),
        (
            &["email", "--for", "newsletter", "--column", "consent.news=a"],
            "no purpose is named `news`",
        ),
        (&["email", "--for", "newsletter", "--column", "age"], "write `FACT=COLUMN`"),
        (
            &["email", "--for", "newsletter", "--column", "age.newsletter=a"],
            "is not a fact per purpose",
        ),
        (&["email", "--for", "newsletter", "--column", "age!=a"], "is not a fact per purpose"),
        (&["email", "--for", "newsletter", "--column", "consent!.newsletter=a"], "has no fact"),
        (
            &["email", "--for", "newsletter", "--column", "age=a or 1"],
            "is not the name of a column",
        ),
        (&["email", "--for", "newsletter", "--by", "*"], "goes with `collect` alone"),
    ] {
        let (status, printed) = residual(arguments);
        assert_eq!(status, 2, "{arguments:?}");
        assert!(printed.contains(expected), "{arguments:?}: {printed}");
    }
}

#[test]
fn a_fact_is_stated_or_in_a_column() {
    let arguments = ["email", "--for", "newsletter", "--fact", "age=20", "--column", "age=a"];
    let (status, printed) = residual(&arguments);
    assert_eq!(
        (status, printed.contains("stated by `--fact` and in a column")),
        (2, true),
        "{printed}"
    );
}

#[test]
fn what_no_row_changes_is_a_constant() {
    let sql = |arguments: &[&str]| residual(&[&["email", "--for"], arguments].concat());
    assert_eq!(sql(&["marketing"]), (0, "FALSE\n".to_owned()));
    let agreed = ["newsletter", "--fact", "consent=newsletter", "--fact", "age=20"];
    assert_eq!(sql(&agreed), (0, "TRUE\n".to_owned()));
    assert_eq!(sql(&["newsletter", "--fact", "age=20"]), (0, "CAST(NULL AS BOOLEAN)\n".to_owned()));
}

#[test]
fn json_has_the_rows_of_each_mask() {
    let arguments = [
        "email",
        "--for",
        "newsletter",
        "--column",
        "age=a",
        "--format",
        "json",
        "--fact",
        "consent=yes",
    ];
    let (status, printed) = residual(&arguments);
    assert_eq!(status, 0, "{printed}");
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(json["verdict"], "depends");
    assert_eq!(json["masks"][0]["mask"], "sha-256-global");
    assert_eq!(json["masks"][0]["unless_no"], json["sql"]);
}

//! `whyfor view`: what is written in each dialect, and what is refused. `cargo xtask rows` runs views in engines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod schema;

use std::path::Path;
use std::process::{Command, Stdio};

const POLICY: &str = "policy shop \"Shop\" { version \"3\" }
category person { email \"Email\" birthday \"Birthday\" note \"Note\" card \"Card\" region_of \"Region\" }
purpose research \"Research\" purpose service \"Service\" purpose other \"Other\"
fact consent per purpose fact minor fact age: number fact region: one of eu, us
duty hash \"Hash\" mask \"sha-256-global\"
duty hide \"Hide\" mask \"replace-with-null\"
duty last \"Last\" mask \"show-last-4\"
duty year \"Year\" mask \"truncate-to-year\"
duty query \"Query\" mask \"sha-256-query-local\"
duty tell \"Tell the person\"
use email for research when consent and age >= 18 then hash because \"the contract says -- so */\"
require hide to use email for research when minor
use birthday for research then year, tell
use card for research when region is eu then last
use card for service then query
use note for service when consent
use region_of for research
never use note for research
end
";

const DATASET: &str = "tables:
  users:
    source: crm.users
    columns:
      email: { is: email, type: string, id: 1 }
      born: { is: [birthday], type: date, id: 2, required: true }
      card: { is: card, type: string, id: 3 }
      note: { is: note, type: string, id: 4 }
      both: { is: [email, birthday], type: struct, id: 5 }
      region: { is: region_of, type: string, id: 6 }
      years: { is: birthday, type: long, id: 7 }
    facts:
      consent.research: agreed
      age: years
      minor: minor
      region: region
";

/// Without what cannot be masked.
fn dataset() -> String {
    let cut = |line: &&str| !line.contains("both:") && !line.contains("years: {");
    DATASET.lines().filter(cut).map(|line| format!("{line}\n")).collect()
}

/// The exit status, and what was printed on each stream.
fn view(policy: &str, dataset: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("p.why"), policy).unwrap();
    std::fs::write(folder.path().join("d.yaml"), dataset).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_whyfor"));
    command.args(["view", "p.why", "--dataset", "d.yaml", "--table", "users", "--for"]);
    command.args(arguments).current_dir(&folder);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let [out, error] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), out, error)
}

/// What is written for the policy and the table above.
fn written(arguments: &[&str]) -> String {
    let (status, out, error) = view(POLICY, &dataset(), arguments);
    assert_eq!(status, 0, "{arguments:?}: {error}");
    out
}

/// `UPDATE_SNAPSHOTS=1` writes the files again.
fn is_snapshot(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/views").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{name}");
}

#[test]
fn a_view_is_written_in_each_dialect() {
    for dialect in ["duckdb", "postgres", "spark", "datafusion"] {
        let sql = written(&["research", "--dialect", dialect]);
        is_snapshot(&format!("{dialect}.sql"), &sql);
    }
}

#[test]
fn a_view_is_written_as_restrictions_of_iceberg() {
    let described = dataset().replace(
        "    facts:",
        "      years: { is: card, type: int, id: 7 }
      agreed: { is: note, type: boolean, id: 8 }
      minor: { is: note, type: boolean, id: 9 }
    facts:",
    );
    // A fact may have no mask but NULL.
    let policy = POLICY.replace("when region is eu then last", "when region is not us");
    let (status, out, error) = view(&policy, &described, &["research", "--format", "iceberg"]);
    assert_eq!(status, 0, "{error}");
    assert!(error.contains("columns of the table that `d.yaml` does not list are not restricted"));
    is_snapshot("iceberg.json", &out);
}

#[test]
fn rows_are_dropped_or_keep_their_other_cells() {
    let filter = |rows: &str| {
        let sql = written(&["research", "--rows", rows]);
        sql.split_once("\nWHERE ").map(|(_, filter)| filter.to_owned())
    };
    let dropped = filter("drop").unwrap();
    assert!(dropped.contains("\"agreed\"") && dropped.contains("\"region\""), "{dropped}");
    assert_eq!(filter("keep"), None);
    let required =
        POLICY.replace("birthday for research then", "birthday for research when minor then");
    let (_, sql, _) = view(&required, &dataset(), &["research", "--rows", "keep"]);
    let (_, filter) = sql.split_once("\nWHERE ").unwrap();
    assert!(filter.contains("\"minor\"") && !filter.contains("\"agreed\""), "{filter}");
}

#[test]
fn every_cell_that_some_row_may_not_show_stands_in_a_case_of_its_own() {
    let sql = written(&["research"]);
    let cell =
        |name: &str| sql.lines().find(|line| line.contains(&format!(" AS \"{name}\""))).unwrap();
    for name in ["email", "card"] {
        assert!(cell(name).starts_with("  CASE WHEN "), "{}", cell(name));
    }
    assert_eq!(cell("region").trim_end_matches(','), "  \"source\".\"region\" AS \"region\"");
}

#[test]
fn nothing_that_may_be_shown_is_exit_status_1_with_reasons_and_no_view() {
    let (status, out, error) = view(POLICY, &dataset(), &["other"]);
    assert_eq!((status, out.as_str()), (1, ""), "{error}");
    assert!(error.contains("nothing of `users` may be shown for `other`"), "{error}");
    assert!(error.contains("no statement permits it for `person.email`, `other`"), "{error}");
}

#[test]
fn a_fact_that_is_nowhere_leaves_a_column_out_and_the_comment_names_it() {
    let nowhere = dataset().replace("      consent.research: agreed\n", "");
    let (status, sql, error) = view(POLICY, &nowhere, &["research"]);
    assert_eq!(status, 0, "{error}");
    assert!(sql.contains("-- `email` is left out:\n"), "{sql}");
    assert!(sql.contains("`consent`, `age` is neither stated nor in a column"), "{sql}");
    assert!(!sql.contains(" AS \"email\""), "{sql}");
}

#[test]
fn mistakes_are_errors_that_name_the_place_or_a_near_name() {
    let with = |from: &str, to: &str| dataset().replace(from, to);
    let typed = |kind: &str| with("type: date", &format!("type: {kind}"));
    for (dataset, arguments, expected) in [
        (with("is: email", "is: emial"), &["research"][..], "perhaps `person.email`"),
        (dataset(), &["researc"], "perhaps `research`"),
        (with("age: years", "aeg: years"), &["research"], "the policy has no fact `aeg`"),
        (with("is: email, ", ""), &["research"], "`d.yaml`: line 5: `is` is missing here"),
        (
            with("is: email, ", "are: email, "),
            &["research"],
            "`d.yaml`: line 5: there is no `are` here; there may be `is`, `type`, `id`, `required`",
        ),
        (with("source: ", "from: "), &["research"], "line 3: there is no `from` here"),
        (
            with("is: email, ", "is: [], "),
            &["research"],
            "line 5: here stands a category, or a list",
        ),
        (with("id: 1", "id: one"), &["research"], "line 5: here stands a whole number"),
        (typed("day"), &["research"], "line 6: `day` is not a type of a column"),
        (
            typed("string"),
            &["research"],
            "the mask `truncate-to-year` is not for values of the type `string`",
        ),
        (typed("struct"), &["research"], "`born`: the mask `truncate-to-year` is not for"),
        (
            DATASET.to_owned(),
            &["research"],
            "the column `both`: the mask `truncate-to-year` is not for",
        ),
        (with("email: {", "\"a\\eb\": {"), &["research"], "has characters that are not shown"),
        (with("crm.users", "crm;users"), &["research"], "line 3: `crm;users` is not the name"),
        (dataset(), &["research", "--fact", "age=20"], "is stated by `--fact` and in a column"),
        (dataset(), &["research", "--name", "a b"], "is not the name of a view"),
        (dataset(), &["research", "--name", "\"a\u{1b}[31m\""], "is not the name of a view"),
        (dataset(), &["service"], "the mask `sha-256-query-local` needs a salt that is new"),
        (
            dataset(),
            &["research", "--format", "iceberg"],
            "the column `agreed` holds a fact and is not described",
        ),
        (
            with("id: 6", "required: no"),
            &["research", "--format", "iceberg"],
            "the column `region` has no `id`",
        ),
        (
            with("id: 6", "id: 1"),
            &["research", "--format", "iceberg"],
            "the columns `email` and `region` have the same `id`",
        ),
        (dataset(), &["research", "--format", "iceberg", "--rows", "keep"], "goes with SQL alone"),
        (
            dataset(),
            &["research", "--format", "iceberg", "--dialect", "spark"],
            "goes with SQL alone",
        ),
    ] {
        let (status, out, error) = view(POLICY, &dataset, arguments);
        assert_eq!((status, out.as_str()), (2, ""), "{arguments:?} {expected}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}

#[test]
fn a_table_that_the_file_does_not_have_is_an_error() {
    let other = dataset().replace("  users:\n", "  clients:\n");
    let (status, _, error) = view(POLICY, &other, &["research"]);
    assert_eq!(status, 2);
    assert!(error.contains("`d.yaml` has no table `users`; it has `clients`"), "{error}");
}

#[test]
fn a_required_column_is_not_replaced_by_null() {
    let required = dataset().replace("type: string, id: 1", "type: string, required: true");
    let (status, _, error) = view(POLICY, &required, &["research"]);
    assert_eq!(status, 2);
    assert!(
        error.contains("`replace-with-null` is not for a column that is `required`"),
        "{error}"
    );
}

#[test]
fn a_fact_column_has_no_mask_but_null() {
    let masked = dataset().replace("is: region_of", "is: card");
    let (status, _, error) = view(POLICY, &masked, &["research"]);
    assert_eq!(status, 2);
    assert!(
        error.contains("the column `region` holds a fact, so it can have no mask but"),
        "{error}"
    );
    let hidden =
        POLICY.replace("use region_of for research", "use region_of for research then hide");
    let (status, sql, error) = view(&hidden, &dataset(), &["research"]);
    assert_eq!(status, 0, "{error}");
    assert!(sql.contains("CASE WHEN FALSE THEN \"source\".\"region\" END AS \"region\""), "{sql}");
}

#[test]
fn a_fact_column_of_another_type_is_an_error() {
    let wrong = dataset()
        .replace("region: { is: region_of, type: string", "region: { is: region_of, type: int");
    let (status, _, error) = view(POLICY, &wrong, &["research"]);
    assert_eq!(status, 2);
    assert!(
        error.contains("the column `region` of the type `int` does not state the fact `region`"),
        "{error}"
    );
}

#[test]
fn no_text_of_a_policy_leaves_its_comment() {
    let hostile = POLICY.replace("so */\"", "so */ \\n x\\\\\"");
    let hostile = hostile.replace("policy shop \"Shop\"", "policy shop \"Shop */\"");
    for dialect in ["duckdb", "postgres", "spark", "datafusion"] {
        let (status, sql, error) = view(&hostile, &dataset(), &["research", "--dialect", dialect]);
        assert_eq!(status, 0, "{error}");
        for line in sql.lines().filter(|line| line.trim_start().starts_with("--")) {
            assert!(!line.ends_with('\\'), "Spark would take the next line for a comment: {line}");
        }
        let code = |line: &&str| !line.trim_start().starts_with("--");
        assert!(sql.lines().filter(code).all(|line| !line.contains("*/")), "{sql}");
    }
}

#[test]
fn identifiers_are_quoted_whatever_they_contain() {
    let odd =
        dataset().replace("email: {", "'a\"b`c': {").replace("crm.users", "'crm.\"us\"\"ers\"'");
    let (_, sql, _) = view(POLICY, &odd, &["research", "--name", "reports.\"my \"\"view\""]);
    assert!(sql.contains("VIEW \"reports\".\"my \"\"view\" AS"), "{sql}");
    assert!(
        sql.contains(" AS \"a\"\"b`c\",") && sql.contains("FROM \"crm\".\"us\"\"ers\" AS"),
        "{sql}"
    );
    let (_, sql, _) = view(POLICY, &odd, &["research", "--dialect", "spark"]);
    assert!(sql.contains(" AS `a\"b``c`,"), "{sql}");
}

fn fits_the_schema(dataset: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schemas/dataset.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    schema::valid(&serde_yaml::from_str(dataset).unwrap(), &schema)
}

#[test]
fn the_schema_describes_the_file() {
    assert!(fits_the_schema(DATASET));
    assert!(fits_the_schema(include_str!("../../examples/data.yaml")));
    let decimal = DATASET.replace("type: date", "type: \"decimal(9,2)\"");
    assert!(fits_the_schema(&decimal));
    for (from, to) in [
        ("is: email, ", ""),
        ("is: email", "is: []"),
        ("type: date", "type: day"),
        ("id: 1", "id: one"),
        ("required: true", "required: 1"),
        ("source:", "from:"),
        ("tables:", "table:"),
        ("age: years", "age: [years]"),
    ] {
        assert!(!fits_the_schema(&DATASET.replace(from, to)), "{to}");
    }
}

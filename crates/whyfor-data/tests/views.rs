//! Views as data, and masks as SQL. `cargo xtask rows` runs both in engines.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::{Facts, Policy};
use whyfor_data::{
    Column, ColumnType, Dataset, Dialect, Mask, MaskError, RowCondition, RowMask, Rows, View,
    ViewError, mask_sql, masked_sql,
};

const POLICY: &str = "policy p
category email category phone category id
purpose news
fact consent per purpose fact minor fact age: number fact region: one of eu, us
duty hash mask \"sha-256-global\" duty shape mask \"mask-alphanum\"
use id for news
";

fn view(statements: &str, columns: &str, facts: &str) -> Result<View, ViewError> {
    let policy = Policy::from_str(&format!("{POLICY}{statements}")).unwrap();
    let text =
        format!(r#"{{"tables": {{"t": {{"columns": {{{columns}}}, "facts": {{{facts}}}}}}}}}"#);
    let dataset: Dataset = serde_json::from_str(&text).unwrap();
    dataset.table("t").unwrap().view(&policy, "news", Facts::none())
}

const MAIL: &str = r#""mail": {"is": "email", "type": "string"}"#;
const ID: &str = r#""id": {"is": "id", "type": "long"}"#;

fn row_mask(mask: Mask, column: &str) -> RowMask {
    RowMask { mask, unless_no: RowCondition::Holds(Column::named(column)) }
}

/// The cases of a value under masks, each as its condition and the first letters of what is shown.
fn cases(masks: &[RowMask]) -> Vec<String> {
    let sql =
        masked_sql(masks, ColumnType::String, &Column::named("v"), Dialect::Postgres).unwrap();
    let shown = sql.replace(" ELSE ", " WHEN else THEN ");
    let cases = shown.split("WHEN ").skip(1).map(|case| {
        let (when, then) = case.split_once(" THEN ").unwrap_or(("", case));
        let when = when.replace("COALESCE((\"", "").replace("\" = TRUE), TRUE)", "");
        format!("{when}: {}", then.split('(').next().unwrap())
    });
    cases.collect()
}

#[test]
fn masks_of_a_row_join_to_the_strongest_first() {
    let [first, last, hash] = [
        row_mask(Mask::ShowFirst4, "a"),
        row_mask(Mask::ShowLast4, "b"),
        row_mask(Mask::Sha256Global, "c"),
    ];
    let found = cases(&[first.clone(), last.clone(), hash.clone()]);
    assert_eq!(
        found,
        [
            "(a AND c) OR (b AND c): CAST",
            "c: encode",
            "(a AND b): regexp_replace",
            "b: ",
            "a: ",
            "else: \"v\" END",
        ]
    );
}

#[test]
fn a_mask_for_every_row_ends_the_cases() {
    let always = RowMask { mask: Mask::ShowFirst4, unless_no: RowCondition::Unknown };
    let found = cases(&[always, row_mask(Mask::MaskAlphanum, "b")]);
    assert_eq!(found.first().unwrap(), "b: regexp_replace");
    assert!(found.last().unwrap().starts_with("else: "), "{found:?}");
    assert_eq!(found.len(), 2);
}

#[test]
fn a_mask_that_does_not_fit_is_an_error_in_every_dialect() {
    let column = Column::named("v");
    let error = |mask, kind, dialect| mask_sql(mask, kind, &column, dialect).unwrap_err();
    for dialect in Dialect::ALL {
        assert_eq!(
            error(Mask::Sha256QueryLocal, ColumnType::String, dialect),
            MaskError::QueryLocal
        );
        for (mask, kind) in [
            (Mask::ShowFirst4, ColumnType::Int),
            (Mask::TruncateToYear, ColumnType::Time),
            (Mask::Sha256Global, ColumnType::Date),
            (Mask::MaskToFixedValue, ColumnType::Struct),
        ] {
            assert_eq!(error(mask, kind, dialect), MaskError::Type { mask, kind });
        }
    }
    let mask = Mask::MaskToFixedValue;
    for (dialect, kind) in [
        (Dialect::Postgres, ColumnType::Map),
        (Dialect::Spark, ColumnType::Time),
        (Dialect::DataFusion, ColumnType::Time),
        (Dialect::DataFusion, ColumnType::Uuid),
    ] {
        let output = dialect.as_str();
        assert_eq!(error(mask, kind, dialect), MaskError::Inexpressible { mask, kind, output });
    }
}

#[test]
fn a_join_that_cannot_be_expressed_is_an_error_also_where_each_mask_can_be() {
    let masks = [row_mask(Mask::ShowFirst4, "a"), row_mask(Mask::TruncateToYear, "b")];
    let kind = ColumnType::String;
    let found = masked_sql(&masks, kind, &Column::named("v"), Dialect::DuckDb);
    assert_eq!(found, Err(MaskError::Type { mask: Mask::TruncateToYear, kind }));
}

#[test]
fn what_is_known_of_shown_rows_is_not_asked_again_for_their_masks() {
    let statements = "use email for news when minor then hash";
    let view = view(statements, MAIL, r#""minor": "m""#).unwrap();
    let mail = &view.columns()[0];
    assert_eq!(mail.masks(), [RowMask { mask: Mask::Sha256Global, unless_no: RowCondition::Yes }]);
    assert!(matches!(mail.allowed(), RowCondition::Holds(_)));
}

#[test]
fn all_categories_of_a_column_must_be_allowed_and_each_may_mask_it() {
    let both = r#""mail": {"is": ["email", "phone"], "type": "string"}"#;
    let statements = "use email for news when minor then hash
                      use phone for news when region is eu then shape";
    let facts = r#""minor": "m", "region": "r""#;
    let shown = view(statements, both, facts).unwrap();
    assert!(matches!(shown.columns()[0].allowed(), RowCondition::All(parts) if parts.len() == 2));
    let masks: Vec<Mask> = shown.columns()[0].masks().iter().map(|mask| mask.mask).collect();
    assert_eq!(masks, [Mask::MaskAlphanum, Mask::Sha256Global]);
    let none = view("use email for news", &format!("{both}, {ID}"), "").unwrap();
    assert_eq!(none.left_out()[0].name(), "mail");
}

#[test]
fn a_condition_that_no_row_meets_leaves_the_column_out() {
    let statements = "use email for news when consent and minor";
    let shown = view(statements, &format!("{MAIL}, {ID}"), r#""minor": "m""#).unwrap();
    assert_eq!(shown.columns().len(), 1);
    assert_eq!(shown.left_out()[0].name(), "mail");
}

#[test]
fn a_view_without_columns_does_not_exist() {
    let error = view("", MAIL, "").unwrap_err();
    let ViewError::NothingShown(left_out) = error else { panic!("{error}") };
    assert_eq!(left_out[0].notes().last().unwrap(), "no statement permits it for `email`, `news`");
}

#[test]
fn a_required_column_decides_which_rows_are_kept() {
    let required = MAIL.replace("\"string\"", "\"string\", \"required\": true");
    let statements = "use email for news when minor use phone for news when region is eu";
    let phone = r#""phone": {"is": "phone", "type": "string"}"#;
    let facts = r#""minor": "m", "region": "r""#;
    let shown = view(statements, &format!("{required}, {phone}"), facts).unwrap();
    assert!(matches!(shown.filter(Rows::Keep), RowCondition::Holds(_)));
    assert!(matches!(shown.filter(Rows::Drop), RowCondition::All(parts) if parts.len() == 2));
}

/// The filter of Iceberg for one condition, as JSON.
fn filter(when: &str, columns: &str, facts: &str) -> String {
    let mail = MAIL.replace("\"string\"", "\"string\", \"id\": 1");
    let statements = format!("use email for news when {when}");
    let shown = view(&statements, &format!("{mail}, {columns}"), facts).unwrap();
    match shown.to_iceberg() {
        Ok(restrictions) => {
            serde_json::to_value(restrictions).unwrap()["required-row-filter"].to_string()
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_negated_test_in_iceberg_asks_whether_it_is_known_to_be_no() {
    let region = r#""r": {"is": "id", "type": "string", "id": 2}"#;
    let found = filter("region is not us", region, r#""region": "r""#);
    assert!(found.contains(r#""values":["eu"]"#) && !found.contains("not"), "{found}");
    let minor = r#""m": {"is": "id", "type": "boolean", "id": 2}"#;
    let found = filter("not minor", minor, r#""minor": "m""#);
    assert!(found.contains(r#""type":"eq""#) && found.contains(r#""value":false"#), "{found}");
    let age = r#""a": {"is": "id", "type": "double", "id": 2}"#;
    let found = filter("not age >= 18", age, r#""age": "a""#);
    for part in
        ["not-null", "not-nan", "\"lt\"", ":1.7976931348623157e+308", ":-1.7976931348623157e+308"]
    {
        assert!(found.contains(part), "{part}: {found}");
    }
    let large = r#""a": {"is": "id", "type": "long", "id": 2}"#;
    let found = filter("age < 18", large, r#""age": "a""#);
    assert!(found.contains("-9007199254740992") && found.contains("\"value\":18"), "{found}");
}

#[test]
fn what_iceberg_cannot_test_is_an_error() {
    let list = r#""l": {"is": "id", "type": "list", "id": 2}"#;
    let found = filter("consent", list, r#""consent": "l""#);
    assert!(found.contains("`l` is a list of purposes"), "{found}");
    let found = filter("age > 1", ID, r#""age": "a""#);
    assert!(found.contains("has no `id`") || found.contains("is not described"), "{found}");
    let many = r#""a": {"is": "id", "type": "decimal(16,2)", "id": 2}"#;
    let found = filter("age > 1", many, r#""age": "a""#);
    assert!(found.contains("at most 15 digits"), "{found}");
}

#[test]
fn a_column_that_no_row_may_show_is_hidden_in_iceberg() {
    let id = r#""id": {"is": "id", "type": "long", "id": 1}"#;
    let mail = |rest: &str| format!(r#"{id}, "mail": {{"is": "email", "id": 2, {rest}}}"#);
    let written = |rest: &str| match view("", &mail(rest), "").unwrap().to_iceberg() {
        Ok(restrictions) => serde_json::to_string(&restrictions).unwrap(),
        Err(error) => error.to_string(),
    };
    assert!(
        written(r#""type": "string""#).contains(r#""field-id":2,"action":"replace-with-null""#)
    );
    assert!(written(r#""type": "string", "required": true"#).contains("mask-to-fixed-value"));
    assert!(
        written(r#""type": "struct", "required": true"#).contains("is not for a column that is")
    );
}

//! What remains of a question where facts are in columns.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use whyfor::{Facts, Mask, Policy, Question};
use whyfor_data::{Columns, Dialect, FactColumnError, ResidualError, RowCondition};

const POLICY: &str = "policy p
category email purpose marketing { news } purpose service purpose crm also marketing
fact consent per purpose fact verified fact age: number fact region: one of eu, us, other
duty hash mask \"sha-256-global\" duty hide mask \"replace-with-null\" duty tell
";

fn policy(statements: &str) -> Policy {
    Policy::from_str(&format!("{POLICY}{statements}")).unwrap()
}

/// The condition for email and a purpose.
fn allowed(columns: &Columns<'_>, policy: &Policy, purpose: &str) -> RowCondition {
    let decision = policy.ask(&Question::usage("email", purpose), Facts::none());
    columns.residual(&decision).unwrap().allowed().clone()
}

#[test]
fn a_fact_that_is_in_no_column_is_unknown() {
    let policy =
        policy("use email for news when verified use email for service when verified or age > 3");
    let columns = Columns::of(&policy).fact("age", "age").unwrap();
    assert_eq!(allowed(&columns, &policy, "news"), RowCondition::Unknown);
    let RowCondition::Any(parts) = allowed(&columns, &policy, "service") else { panic!("any") };
    assert_eq!(parts[0], RowCondition::Unknown);
    assert_eq!(allowed(&columns, &policy, "crm"), RowCondition::No);
}

#[test]
fn a_choice_gives_no_for_the_other_declared_choices_alone() {
    let policy = policy("use email for news when region is not us");
    let columns = Columns::of(&policy).fact("region", "r").unwrap();
    let RowCondition::Not(inner) = allowed(&columns, &policy, "news") else { panic!("not") };
    let RowCondition::Choice { yes, no, .. } = *inner else { panic!("choice") };
    assert_eq!((yes, no), (vec!["us".to_owned()], vec!["eu".to_owned(), "other".to_owned()]));
}

#[test]
fn columns_of_purposes_above_hit_and_those_that_share_a_part_touch() {
    let policy = policy("use email for marketing, service when consent");
    let columns = Columns::of(&policy);
    let columns = columns.purpose("consent", "marketing", "m").unwrap();
    let columns = columns.purpose("consent", "crm", "c").unwrap();
    let columns = columns.purpose("consent", "marketing.news", "n").unwrap();
    let names = |list: &[whyfor_data::Column]| {
        list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let asked = |purpose: &str| match allowed(&columns, &policy, purpose) {
        RowCondition::PurposeColumns { hits, touches } => (names(&hits), names(&touches)),
        RowCondition::Holds(column) => (column.to_string(), column.to_string()),
        other => (format!("{other:?}"), String::new()),
    };
    assert_eq!(asked("news"), ("m n".to_owned(), "m n".to_owned()));
    assert_eq!(asked("marketing"), ("m".to_owned(), "c m n".to_owned()));
    assert_eq!(asked("service").0, "Unknown");
}

#[test]
fn lists_know_the_names_that_questions_know() {
    let policy = policy("use email for news when consent");
    let columns = Columns::of(&policy).list("consent", true, "yes").unwrap();
    let RowCondition::PurposeLists { hits, known, no, .. } = allowed(&columns, &policy, "news")
    else {
        panic!("lists")
    };
    assert_eq!(hits, ["marketing", "marketing.news", "news"]);
    assert_eq!(known, ["marketing", "marketing.news", "news", "service", "crm"]);
    assert_eq!(no, None);
}

#[test]
fn each_mask_has_the_rows_that_it_is_for() {
    let policy = policy(
        "use email for news then hash, tell require hide to use email when verified
         require hash to use email for news when age < 18",
    );
    let columns = Columns::of(&policy).fact("verified", "v").unwrap();
    let decision = policy.ask(&Question::usage("email", "news"), Facts::none());
    let residual = columns.residual(&decision).unwrap();
    let masks: Vec<(Mask, String)> = residual
        .masks()
        .iter()
        .map(|mask| (mask.mask, mask.unless_no.to_sql(Dialect::Postgres)))
        .collect();
    let expected = [
        (Mask::Sha256Global, "TRUE".to_owned()),
        (Mask::ReplaceWithNull, "(\"v\" = TRUE)".to_owned()),
    ];
    assert_eq!(masks, expected);
}

#[test]
fn what_cannot_hold_a_fact_is_refused() {
    let policy = policy("use email for news when consent");
    let columns = || Columns::of(&policy);
    let message = |result: Result<Columns<'_>, FactColumnError>| result.unwrap_err().to_string();
    assert!(message(columns().fact("ages", "a")).contains("it has `consent`, `verified`"));
    assert!(message(columns().fact("consent", "a")).contains("is a fact per purpose"));
    assert!(message(columns().purpose("age", "news", "a")).contains("is not a fact per purpose"));
    assert!(message(columns().list("age", true, "a")).contains("is not a fact per purpose"));
    assert!(message(columns().purpose("consent", "newz", "a")).contains("no purpose is named"));
    assert!(message(columns().fact("age", "a) --")).contains("is not the name of a column"));
    let once = columns().purpose("consent", "news", "a").unwrap();
    assert!(message(once.clone().purpose("consent", "marketing.news", "b")).contains("already"));
    assert!(message(once.list("consent", true, "b")).contains("already"));
    let twice = columns().fact("age", "a").unwrap().fact("age", "b");
    assert!(message(twice).contains("already"));
}

#[test]
fn a_decision_of_another_policy_is_refused() {
    let (one, other) = (policy("use email for news"), policy("use email for service"));
    let decision = other.ask(&Question::usage("email", "news"), Facts::none());
    assert_eq!(Columns::of(&one).residual(&decision), Err(ResidualError::OtherPolicy));
}

#[test]
fn names_and_texts_cannot_leave_their_quotation_marks() {
    let column: whyfor_data::Column = "\"a\"\" OR 1=1 --\"".parse().unwrap();
    let holds = RowCondition::Holds(column.clone());
    assert_eq!(holds.to_sql(Dialect::Postgres), "(\"a\"\" OR 1=1 --\" = TRUE)");
    assert!(holds.to_sql(Dialect::Spark).contains("`a\" OR 1=1 --`"));
    let choice = |text: &str| RowCondition::Choice {
        column: column.clone(),
        yes: vec![text.to_owned()],
        no: Vec::new(),
    };
    assert!(choice("o'k\\").to_sql(Dialect::DuckDb).contains("'o''k\\'"));
    assert!(choice("o'k\\").to_sql(Dialect::Spark).contains("'o\\'k\\\\'"));
}

#[test]
fn a_name_without_quotation_marks_has_the_case_that_the_engine_gives_it() {
    let holds = RowCondition::Holds("u.GRÖSSE".parse().unwrap());
    for (dialect, name) in [
        (Dialect::DuckDb, "\"u\".\"GRÖSSE\""),
        (Dialect::Postgres, "\"u\".\"grÖsse\""),
        (Dialect::Spark, "`u`.`GRÖSSE`"),
        (Dialect::DataFusion, "\"u\".\"grÖsse\""),
    ] {
        assert!(holds.to_sql(dialect).contains(name), "{}", holds.to_sql(dialect));
    }
}

#[test]
fn a_choice_is_stated_by_texts_alone() {
    let column: whyfor_data::Column = "r".parse().unwrap();
    let choice = RowCondition::Choice { column, yes: vec!["true".to_owned()], no: Vec::new() };
    for dialect in Dialect::ALL {
        let sql = choice.to_sql(dialect);
        let (guard, _) = sql.split_once(" THEN ").unwrap();
        assert!(guard.contains("(CASE WHEN ") && guard.contains("typeof("), "{sql}");
    }
}

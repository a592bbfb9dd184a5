//! A condition as an expression.

use super::dialect::Dialect;
use crate::column::Column;
use crate::condition::{NumberTest, RowCondition};

/// The last whole number up to which all can be held.
const EXACT: &str = "9007199254740992";

impl RowCondition {
    /// The condition as an expression of SQL, which is TRUE, FALSE or NULL: yes, no or unknown. Its length is in proportion
    /// to the condition's.
    ///
    /// ```
    /// use whyfor_data::{Dialect, RowCondition};
    /// let consent = RowCondition::Holds("u.consent".parse()?);
    /// assert_eq!(consent.to_sql(Dialect::Postgres), r#"("u"."consent" = TRUE)"#);
    /// # Ok::<(), whyfor_data::ColumnError>(())
    /// ```
    #[must_use]
    pub fn to_sql(&self, dialect: Dialect) -> String {
        let list = |parts: &[Self], word: &str| {
            let parts: Vec<String> = parts.iter().map(|part| part.to_sql(dialect)).collect();
            format!("({})", parts.join(word))
        };
        match self {
            Self::Yes => "TRUE".to_owned(),
            Self::No => "FALSE".to_owned(),
            Self::Unknown => "CAST(NULL AS BOOLEAN)".to_owned(),
            Self::Holds(column) => dialect.holds(column),
            Self::Choice { column, yes, no } => dialect.choice(column, yes, no),
            Self::Number { column, test, number } => dialect.compared(column, *test, *number),
            Self::PurposeColumns { hits, touches } => {
                let [yes_hit, yes_touch] =
                    [hits, touches].map(|columns| dialect.some(columns, |column| column));
                let [no_hit, no_touch] = [hits, touches]
                    .map(|columns| dialect.some(columns, |column| format!("NOT {column}")));
                dialect.decided("CASE", [&yes_hit, &yes_touch, &no_hit, &no_touch])
            }
            Self::PurposeLists { yes, no, hits, touches, known } => {
                let has = |column: Option<&Column>, names: &[String]| match column {
                    Some(column) if !names.is_empty() => dialect.has_one_of(column, names),
                    _ => "FALSE".to_owned(),
                };
                let (yes, no) = (yes.as_ref(), no.as_ref());
                let checked = yes.into_iter().chain(no);
                let sound: Vec<String> =
                    checked.map(|column| dialect.has_only(column, known)).collect();
                let unsound = format!("CASE WHEN NOT ({}) THEN NULL", sound.join(" AND "));
                let [yes_hit, yes_touch] = [hits, touches].map(|names| has(yes, names));
                let [no_hit, no_touch] = [hits, touches].map(|names| has(no, names));
                dialect.decided(&unsound, [&yes_hit, &yes_touch, &no_hit, &no_touch])
            }
            Self::Not(inner) => format!("(NOT {})", inner.to_sql(dialect)),
            Self::All(parts) => list(parts, " AND "),
            Self::Any(parts) => list(parts, " OR "),
        }
    }
}

/// Whether a column of PostgreSQL has a type of texts, such as a domain or an enumeration, or an array of one. Few have a type
/// that is not listed here; then the catalogue is looked into, once for a query.
fn postgres_is_one_of(column: &str, suffix: &str, catalogued: &str) -> String {
    let common =
        ["text", "varchar", "bpchar"].map(|kind| format!("CAST('{kind}{suffix}' AS REGTYPE)"));
    format!(
        "pg_typeof({column}) IN ({}) OR CAST(pg_typeof({column}) AS OID) IN \
         (SELECT {catalogued} FROM pg_catalog.pg_type WHERE typcategory IN ('S', 'E'))",
        common.join(", ")
    )
}

impl Dialect {
    /// A column that is yes or no. One of another type is NULL, or an error before a row is read.
    fn holds(self, column: &Column) -> String {
        let column = self.column(column);
        match self {
            Self::DuckDb => {
                format!(
                    "(CASE WHEN typeof({column}) = 'BOOLEAN' THEN TRY_CAST({column} AS BOOLEAN) END)"
                )
            }
            Self::Postgres => format!("({column} = TRUE)"),
            Self::Spark => {
                format!(
                    "(CASE WHEN typeof({column}) = 'boolean' THEN CAST({column} AS BOOLEAN) END)"
                )
            }
            Self::DataFusion => {
                format!(
                    "(CASE WHEN arrow_typeof({column}) = 'Boolean' THEN TRY_CAST({column} AS BOOLEAN) END)"
                )
            }
        }
    }

    /// Yes where it holds for the purpose and for no part of it does not; no the other way round. It is the rest of a `CASE`.
    fn decided(self, case: &str, [yes_hit, yes_touch, no_hit, no_touch]: [&str; 4]) -> String {
        let (yes, no) = self.outcomes();
        let yes = format!("WHEN {yes_hit} AND NOT {no_touch} THEN {yes}");
        let no = format!("WHEN {no_hit} AND NOT {yes_touch} THEN {no}");
        self.truth(&format!("{case} {yes} {no} END"))
    }

    /// What a `CASE` gives for yes and no. DataFusion makes `AND` and `OR` of one with truth values, and finds other rows then.
    const fn outcomes(self) -> (&'static str, &'static str) {
        match self {
            Self::DuckDb | Self::Postgres | Self::Spark => ("TRUE", "FALSE"),
            Self::DataFusion => ("1", "0"),
        }
    }

    /// The truth value of a `CASE` with such outcomes.
    fn truth(self, case: &str) -> String {
        match self {
            Self::DuckDb | Self::Postgres | Self::Spark => format!("({case})"),
            Self::DataFusion => format!("CAST({case} AS BOOLEAN)"),
        }
    }

    /// Whether one of the columns is surely so.
    fn some(self, columns: &[Column], so: impl Fn(String) -> String) -> String {
        let each =
            columns.iter().map(|column| format!("COALESCE({}, FALSE)", so(self.holds(column))));
        match columns {
            [] => "FALSE".to_owned(),
            _ => format!("({})", each.collect::<Vec<_>>().join(" OR ")),
        }
    }

    /// A column with a choice, compared byte by byte whatever its collation is.
    fn choice(self, column: &Column, yes: &[String], no: &[String]) -> String {
        let column = self.column(column);
        let bytes = |text: &str| match self {
            Self::DuckDb => format!("encode({text})"),
            Self::Postgres | Self::DataFusion => text.to_owned(),
            Self::Spark => format!("CAST({text} AS BINARY)"),
        };
        let value = match self {
            Self::DuckDb => format!("encode(CAST({column} AS VARCHAR))"),
            Self::Postgres => format!("CAST({column} AS TEXT) COLLATE \"C\""),
            Self::Spark => format!("CAST(CAST({column} AS STRING) AS BINARY)"),
            Self::DataFusion => format!("TRY_CAST({column} AS VARCHAR)"),
        };
        let when = |choices: &[String], value_is: &str| {
            let choices: Vec<String> =
                choices.iter().map(|choice| bytes(&self.text(choice))).collect();
            match choices.is_empty() {
                true => String::new(),
                false => format!(" WHEN {value} IN ({}) THEN {value_is}", choices.join(", ")),
            }
        };
        let (is_yes, is_no) = self.outcomes();
        let chosen = format!("CASE{}{} END", when(yes, is_yes), when(no, is_no));
        self.truth(&format!("CASE WHEN {} THEN {chosen} END", self.is_text(&column)))
    }

    /// Whether a column has texts, or the values of an enumeration. The text of another value, such as a Boolean's, can be a
    /// choice too.
    fn is_text(self, column: &str) -> String {
        match self {
            Self::DuckDb => {
                format!("typeof({column}) = 'VARCHAR' OR typeof({column}) LIKE 'ENUM(%'")
            }
            Self::Postgres => postgres_is_one_of(column, "", "oid"),
            Self::Spark => format!("typeof({column}) LIKE 'string%'"),
            Self::DataFusion => format!(
                "arrow_typeof({column}) IN ('Utf8', 'LargeUtf8', 'Utf8View') \
                 OR arrow_typeof({column}) LIKE 'Dictionary(%, %Utf8%)'"
            ),
        }
    }

    /// A column with a number: NULL where it is not finite, or whole and so large that its neighbours cannot be told apart.
    fn compared(self, column: &Column, test: NumberTest, number: f64) -> String {
        let column = self.column(column);
        let operator = match test {
            NumberTest::AtLeast => ">=",
            NumberTest::Above => ">",
            NumberTest::Equal => "=",
        };
        let value = match self {
            Self::DuckDb | Self::DataFusion => format!("TRY_CAST({column} AS DOUBLE)"),
            Self::Postgres => format!("({column} + CAST(0 AS DOUBLE PRECISION))"),
            Self::Spark => format!("CAST({column} AS DOUBLE)"),
        };
        let (low, high) = (self.float("-Infinity"), self.float("Infinity"));
        let compared = format!("{value} {operator} {}", self.number(number));
        let finite = format!("CASE WHEN {value} > {low} AND {value} < {high} THEN {compared} END");
        let exact = |whole: &str| {
            format!("CASE WHEN {whole} BETWEEN -{EXACT} AND {EXACT} THEN {compared} END")
        };
        match self {
            Self::DuckDb => {
                let whole = exact(&format!("TRY_CAST({column} AS HUGEINT)"));
                format!(
                    "(CASE WHEN typeof({column}) IN ('FLOAT', 'DOUBLE') THEN {finite} \
                     WHEN typeof({column}) IN ('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UTINYINT', \
                     'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT') OR typeof({column}) LIKE 'DECIMAL(%' THEN {whole} END)"
                )
            }
            Self::Postgres => format!(
                "(CASE WHEN pg_typeof({column}) IN (CAST('real' AS REGTYPE), CAST('double precision' AS REGTYPE)) \
                 THEN {finite} ELSE {} END)",
                exact(&column)
            ),
            Self::Spark => format!(
                "(CASE WHEN typeof({column}) IN ('float', 'double') THEN {finite} \
                 WHEN typeof({column}) IN ('tinyint', 'smallint', 'int', 'bigint') OR typeof({column}) LIKE 'decimal(%' \
                 THEN {} END)",
                exact(&column)
            ),
            Self::DataFusion => {
                let whole = exact(&format!("TRY_CAST({column} AS DECIMAL(38, 0))"));
                format!(
                    "(CASE WHEN arrow_typeof({column}) IN ('Float16', 'Float32', 'Float64') THEN {finite} \
                     WHEN arrow_typeof({column}) IN ('Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', \
                     'UInt64') OR arrow_typeof({column}) LIKE 'Decimal%(%' THEN {whole} END)"
                )
            }
        }
    }

    /// Whether a list has no other names than these, or is NULL.
    fn has_only(self, column: &Column, names: &[String]) -> String {
        let (column, names) = (self.column(column), self.texts(names));
        match self {
            Self::DuckDb => format!(
                "COALESCE(list_has_all([{names}], {column}) AND len({column}) = list_aggregate({column}, 'count'), {column} IS NULL)"
            ),
            // A text can be cast to a list, with an error that shows it.
            Self::Postgres => format!(
                "(CASE WHEN {} THEN COALESCE(CAST({column} AS TEXT[]) COLLATE \"C\" <@ CAST(ARRAY[{names}] AS TEXT[]) AND array_position(CAST({column} AS TEXT[]), NULL) IS NULL, TRUE) ELSE FALSE END)",
                postgres_is_one_of(&column, "[]", "typarray")
            ),
            Self::Spark => format!(
                "(typeof({column}) LIKE 'array<string%' AND ({column} IS NULL OR size(array_except(CAST({column} AS ARRAY<STRING>), CAST(array({names}) AS ARRAY<STRING>))) = 0))"
            ),
            Self::DataFusion => {
                format!("COALESCE(array_has_all(make_array({names}), {column}), {column} IS NULL)")
            }
        }
    }

    /// Whether a list that has only known names has one of these.
    fn has_one_of(self, column: &Column, names: &[String]) -> String {
        let (column, names) = (self.column(column), self.texts(names));
        match self {
            Self::DuckDb => format!("COALESCE(list_has_any({column}, [{names}]), FALSE)"),
            Self::Postgres => format!(
                "COALESCE(CAST({column} AS TEXT[]) COLLATE \"C\" && CAST(ARRAY[{names}] AS TEXT[]), FALSE)"
            ),
            Self::Spark => format!("COALESCE(arrays_overlap({column}, array({names})), FALSE)"),
            Self::DataFusion => {
                format!("COALESCE(array_has_any({column}, make_array({names})), FALSE)")
            }
        }
    }
}

//! Masks as expressions.
//!
//! A mask in SQL makes of a value exactly what `docs/masks.md` says, by code point, in UTC and byte by byte, whatever the
//! time zone and the collation of a session are. No expression casts a text: the message of one that fails would show it.

use super::dialect::Dialect;
use crate::column::Column;
use crate::column_type::ColumnType;
use crate::masking::{self, MaskError};
use crate::residual::RowMask;
use whyfor::Mask;

/// The value of a column under a mask, as an expression of the column's type. Its length is bounded.
///
/// ```
/// use whyfor_data::{Column, ColumnType, Dialect, Mask, mask_sql};
/// let column = Column::named("email");
/// let sql = mask_sql(Mask::Sha256Global, ColumnType::String, &column, Dialect::DuckDb)?;
/// assert_eq!(sql, r#"sha256("email")"#);
/// # Ok::<(), whyfor_data::MaskError>(())
/// ```
///
/// # Errors
/// The mask is not for the type, the dialect cannot express it, or it is `sha-256-query-local`, whose salt would stay the
/// same.
pub fn mask_sql(
    mask: Mask,
    kind: ColumnType,
    column: &Column,
    dialect: Dialect,
) -> Result<String, MaskError> {
    if !kind.takes(mask) {
        return Err(MaskError::Type { mask, kind });
    }
    let value = dialect.column(column);
    let found = match mask {
        Mask::MaskAlphanum => Some(dialect.alphanum(&dialect.bytewise(&value))),
        Mask::ShowFirst4 => Some(dialect.show_first_4(&dialect.bytewise(&value))),
        Mask::ShowLast4 => Some(dialect.show_last_4(&dialect.bytewise(&value))),
        Mask::TruncateToMonth => dialect.truncated(&value, kind, "MONTH"),
        Mask::TruncateToYear => dialect.truncated(&value, kind, "YEAR"),
        Mask::Sha256Global => dialect.hashed(&value, kind),
        Mask::Sha256QueryLocal => return Err(MaskError::QueryLocal),
        Mask::MaskToFixedValue => dialect.fixed(&value, kind),
        Mask::ReplaceWithNull => Some(format!("CASE WHEN FALSE THEN {value} END")),
    };
    found.ok_or(MaskError::Inexpressible { mask, kind, output: dialect.as_str() })
}

/// The value of a column under those of several masks that are for its row, joined.
///
/// ```
/// use whyfor_data::{Column, ColumnType, Dialect, Mask, RowCondition, RowMask, masked_sql};
/// let minor = RowCondition::Holds(Column::named("minor"));
/// let masks = [RowMask { mask: Mask::Sha256Global, unless_no: minor }];
/// let sql = masked_sql(&masks, ColumnType::String, &Column::named("email"), Dialect::Postgres)?;
/// assert!(sql.starts_with(r#"CASE WHEN COALESCE(("minor" = TRUE), TRUE) THEN "#), "{sql}");
/// assert!(sql.ends_with(r#" ELSE "email" END"#), "{sql}");
/// # Ok::<(), whyfor_data::MaskError>(())
/// ```
///
/// # Errors
/// As [`mask_sql`], for each of the masks and each join of two of them.
pub fn masked_sql(
    masks: &[RowMask],
    kind: ColumnType,
    column: &Column,
    dialect: Dialect,
) -> Result<String, MaskError> {
    masking::check(masks, kind, false)?;
    for RowMask { mask, .. } in masks {
        mask_sql(*mask, kind, column, dialect)?;
    }
    let mut cases = Vec::new();
    let mut rest = dialect.column(column);
    for join in masking::joins(masks) {
        let masked = mask_sql(join, kind, column, dialect)?;
        match masked_when(masks, join, dialect) {
            Some(when) => cases.push(format!("WHEN {when} THEN {masked}")),
            None => {
                rest = masked;
                break; // a stronger one has its rows already
            }
        }
    }
    match cases.is_empty() {
        true => Ok(rest),
        false => Ok(format!("CASE {} ELSE {rest} END", cases.join(" "))),
    }
}

/// Where the masks of a row join to this one, if they do not join to a stronger one; `None` in every row.
fn masked_when(masks: &[RowMask], join: Mask, dialect: Dialect) -> Option<String> {
    let applies = |mask: &RowMask| match mask.is_always() {
        true => None,
        false => Some(format!("COALESCE({}, TRUE)", mask.unless_no.to_sql(dialect))),
    };
    let (alone, others): (Vec<&RowMask>, Vec<&RowMask>) =
        masks.iter().partition(|mask| mask.mask == join);
    let mut ways: Vec<String> = Vec::new();
    for mask in alone {
        ways.push(applies(mask)?);
    }
    for (number, one) in others.iter().enumerate() {
        for other in others.iter().skip(number + 1) {
            if one.mask.join(other.mask) == join {
                ways.push(match (applies(one), applies(other)) {
                    (None, None) => return None,
                    (Some(one), Some(other)) => format!("({one} AND {other})"),
                    (one, other) => one.or(other).unwrap_or_default(),
                });
            }
        }
    }
    Some(ways.join(" OR "))
}

impl Dialect {
    /// A text whose functions know no collation.
    fn bytewise(self, value: &str) -> String {
        match self {
            Self::DuckDb | Self::Spark | Self::DataFusion => value.to_owned(),
            Self::Postgres => format!("CAST({value} AS TEXT) COLLATE \"C\""),
        }
    }

    fn alphanum(self, text: &str) -> String {
        let all = match self {
            Self::DuckDb | Self::Postgres | Self::DataFusion => ", 'g'",
            Self::Spark => "",
        };
        let letters = format!("regexp_replace({text}, '[^0-9(),.@-]', 'x'{all})");
        format!("regexp_replace({letters}, '[0-9]', 'n'{all})")
    }

    fn show_first_4(self, text: &str) -> String {
        let rest = self.alphanum(&format!("substr({text}, 5)"));
        self.joined(&format!("substr({text}, 1, 4)"), &rest)
    }

    fn show_last_4(self, text: &str) -> String {
        let length = match self {
            Self::DuckDb | Self::Spark => "length",
            Self::Postgres | Self::DataFusion => "char_length",
        };
        let first = format!("substr({text}, 1, greatest({length}({text}) - 4, 0))");
        self.joined(&self.alphanum(&first), &format!("right({text}, 4)"))
    }

    fn joined(self, first: &str, second: &str) -> String {
        match self {
            Self::DuckDb | Self::Postgres | Self::DataFusion => format!("({first} || {second})"),
            Self::Spark => format!("concat({first}, {second})"),
        }
    }

    /// The first moment of the year or month of a value.
    fn truncated(self, value: &str, kind: ColumnType, unit: &str) -> Option<String> {
        let utc = |zoned: &str| format!("({zoned} AT TIME ZONE 'UTC')");
        let truncated = |value: &str| format!("date_trunc('{unit}', {value})");
        Some(match (kind, self) {
            (ColumnType::Date, Self::DuckDb) => format!("CAST({} AS DATE)", truncated(value)),
            // Of a date, PostgreSQL takes the midnight of the session's time zone.
            (ColumnType::Date, Self::Postgres) => {
                format!("CAST({} AS DATE)", truncated(&format!("CAST({value} AS TIMESTAMP)")))
            }
            (ColumnType::Date, Self::Spark) => format!("trunc({value}, '{unit}')"),
            (ColumnType::Timestamp, Self::DuckDb | Self::Postgres) => truncated(value),
            // Spark's `date_trunc` goes by the session's time zone.
            (ColumnType::Timestamp, Self::Spark) => {
                format!("CAST(trunc(CAST({value} AS DATE), '{unit}') AS TIMESTAMP_NTZ)")
            }
            (ColumnType::TimestampTz, Self::DuckDb | Self::Postgres) => {
                utc(&truncated(&utc(value)))
            }
            (ColumnType::TimestampTz, Self::Spark) => {
                const DAY: &str = "86400000000"; // microseconds
                let micros = format!("unix_micros({value})");
                let day = format!("CAST(({micros} - pmod({micros}, {DAY})) div {DAY} AS INT)");
                let first = format!("trunc(date_from_unix_date({day}), '{unit}')");
                format!("timestamp_micros(CAST(unix_date({first}) AS BIGINT) * {DAY})")
            }
            (ColumnType::Date, Self::DataFusion) => first_day(value, unit),
            (ColumnType::Timestamp, Self::DataFusion) => micros(&first_day(value, unit), "None"),
            (ColumnType::TimestampTz, Self::DataFusion) => {
                micros(&first_day(&micros(value, UTC), unit), UTC)
            }
            _ => return None,
        })
    }

    /// The SHA-256 of a value, in the value's type.
    fn hashed(self, value: &str, kind: ColumnType) -> Option<String> {
        Some(match (kind, self) {
            (ColumnType::String, Self::DuckDb) => format!("sha256({value})"),
            (ColumnType::String, Self::Postgres) => {
                format!("encode(sha256(convert_to(CAST({value} AS TEXT), 'UTF8')), 'hex')")
            }
            (ColumnType::String, Self::Spark) => format!("sha2(CAST({value} AS BINARY), 256)"),
            (ColumnType::String, Self::DataFusion) => format!("encode(sha256({value}), 'hex')"),
            (ColumnType::Binary, Self::DuckDb) => format!("unhex(sha256({value}))"),
            (ColumnType::Binary, Self::Postgres | Self::DataFusion) => format!("sha256({value})"),
            (ColumnType::Binary, Self::Spark) => format!("unhex(sha2({value}, 256))"),
            (ColumnType::Int, _) => self.hashed_number(value, 4),
            (ColumnType::Long, _) => self.hashed_number(value, 8),
            _ => return None,
        })
    }

    /// The SHA-256 of the bytes of a number, least first, and the number of as many bytes of it, least first.
    fn hashed_number(self, value: &str, bytes: usize) -> String {
        let last_first = |hex: &str| {
            let pairs: Vec<String> = (0..bytes)
                .rev()
                .map(|byte| format!("substr({hex}, {}, 2)", 2 * byte + 1))
                .collect();
            pairs
        };
        let kind = if bytes == 4 { "INTEGER" } else { "BIGINT" };
        match self {
            Self::DuckDb => {
                let digits = format!(
                    "right(lpad(hex(CAST(TRY_CAST({value} AS {kind}) AS BIGINT)), 16, '0'), {})",
                    2 * bytes
                );
                let hash = format!("sha256(unhex({}))", last_first(&digits).join(" || "));
                format!("CAST(CAST(unhex({}) AS BIT) AS {kind})", last_first(&hash).join(" || "))
            }
            Self::Postgres => {
                let sent = format!("int{bytes}send({value})");
                let reversed: Vec<String> =
                    (1..=bytes).rev().map(|byte| format!("substr({sent}, {byte}, 1)")).collect();
                let hash = format!("sha256({})", reversed.join(" || "));
                let cast = kind.to_lowercase();
                let parts: Vec<String> = (0..bytes)
                    .map(|byte| {
                        format!("(CAST(get_byte({hash}, {byte}) AS {cast}) << {})", 8 * byte)
                    })
                    .collect();
                format!("({})", parts.join(" | "))
            }
            Self::Spark => {
                let digits =
                    format!("right(lpad(hex(CAST({value} AS BIGINT)), 16, '0'), {})", 2 * bytes);
                let hash = format!("sha2(unhex(concat({})), 256)", last_first(&digits).join(", "));
                spark_number(&last_first(&hash))
            }
            Self::DataFusion => {
                let digits = format!("right(lpad(to_hex({value}), 16, '0'), {})", 2 * bytes);
                let bytes_of = format!("decode({}, 'hex')", last_first(&digits).join(" || "));
                let hash = format!("encode(sha256({bytes_of}), 'hex')");
                datafusion_number(&hash, bytes, kind)
            }
        }
    }

    /// The one value that is shown for all.
    fn fixed(self, value: &str, kind: ColumnType) -> Option<String> {
        let of = |text: &str, kind: &str| Some(format!("CAST('{text}' AS {kind})"));
        let number = |kind: &str| Some(format!("CAST(0 AS {kind})"));
        let double = if self == Self::Postgres { "DOUBLE PRECISION" } else { "DOUBLE" };
        // An empty one of the column's type.
        let empty = |empty: &str| Some(format!("CASE WHEN FALSE THEN {value} ELSE {empty} END"));
        match (kind, self) {
            (ColumnType::Boolean, _) => Some("FALSE".to_owned()),
            (ColumnType::Int, _) => number("INTEGER"),
            (ColumnType::Long, _) => number("BIGINT"),
            (ColumnType::Float, _) => number(if self == Self::Spark { "FLOAT" } else { "REAL" }),
            (ColumnType::Double, _) => number(double),
            (ColumnType::Decimal { precision, scale }, _) => {
                number(&format!("DECIMAL({precision},{scale})"))
            }
            (ColumnType::String, Self::Postgres) => of("XXXXXXXX", "TEXT"),
            (ColumnType::String, _) => Some("'XXXXXXXX'".to_owned()),
            (ColumnType::Date, _) => of("1970-01-01", "DATE"),
            (ColumnType::Timestamp, Self::DataFusion) => {
                Some(micros("'1970-01-01T00:00:00'", "None"))
            }
            (ColumnType::TimestampTz, Self::DataFusion) => {
                Some(micros("'1970-01-01T00:00:00'", UTC))
            }
            (ColumnType::Binary, Self::DataFusion) => Some("arrow_cast('', 'Binary')".to_owned()),
            (ColumnType::List, Self::DataFusion) => empty("make_array()"),
            (ColumnType::Map, Self::DataFusion) => empty("MAP {}"),
            (ColumnType::Time, Self::DuckDb | Self::Postgres) => of("00:00:00", "TIME"),
            (ColumnType::Timestamp, Self::Spark) => of("1970-01-01 00:00:00", "TIMESTAMP_NTZ"),
            (ColumnType::Timestamp, _) => of("1970-01-01 00:00:00", "TIMESTAMP"),
            (ColumnType::TimestampTz, Self::Spark) => Some("timestamp_micros(0)".to_owned()),
            (ColumnType::TimestampTz, _) => of("1970-01-01 00:00:00+00", "TIMESTAMPTZ"),
            (ColumnType::Binary, Self::DuckDb) => of("", "BLOB"),
            (ColumnType::Binary, Self::Postgres) => of("", "BYTEA"),
            (ColumnType::Binary, Self::Spark) => of("", "BINARY"),
            (ColumnType::Uuid, Self::DuckDb | Self::Postgres) => of(NIL, "UUID"),
            (ColumnType::Uuid, Self::Spark) => Some(format!("'{NIL}'")), // a text there
            (ColumnType::List, Self::DuckDb) => empty("[]"),
            (ColumnType::List, Self::Postgres) => empty("'{}'"),
            (ColumnType::List, Self::Spark) => empty("array()"),
            (ColumnType::Map, Self::DuckDb) => empty("MAP {}"),
            (ColumnType::Map, Self::Spark) => empty("map()"),
            // PostgreSQL has no maps; Spark has times only from 4.1 on; DataFusion has times of four units, which it does
            // not join in a `CASE`, and no UUIDs.
            (ColumnType::Map | ColumnType::Time | ColumnType::Uuid, _)
            | (ColumnType::Struct, _) => None,
        }
    }
}

const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// The signed number of pairs of hexadecimal digits, the greatest first, in Spark: shifts keep the sign, which `conv` does not
/// in all of its implementations.
fn spark_number(pairs: &[String]) -> String {
    let number =
        |pairs: &[String]| format!("CAST(conv(concat({}), 16, 10) AS BIGINT)", pairs.join(", "));
    match pairs.split_at_checked(4) {
        Some((high, low)) if !low.is_empty() => {
            format!("(shiftleft({}, 32) | {})", number(high), number(low))
        }
        _ => format!("CAST(shiftright(shiftleft({}, 32), 32) AS INT)", number(pairs)),
    }
}

/// The zone of points in time, in the types of Arrow.
const UTC: &str = "Some(\"UTC\")";

/// A moment of DataFusion in microseconds, as those of Iceberg.
fn micros(value: &str, zone: &str) -> String {
    format!("arrow_cast({value}, 'Timestamp(Microsecond, {zone})')")
}

/// The first day of the year or month in DataFusion, whose `date_trunc` fails before 1677 and after 2262.
fn first_day(value: &str, unit: &str) -> String {
    let part = |unit: &str| format!("CAST(date_part('{unit}', {value}) AS INTEGER)");
    let month = if unit == "MONTH" { part("MONTH") } else { "1".to_owned() };
    format!("make_date({}, {month}, 1)", part("YEAR"))
}

/// The signed number of the first bytes of hexadecimal digits, the least first, in DataFusion, which reads no such digits.
fn datafusion_number(hash: &str, bytes: usize, kind: &str) -> String {
    let digit = |at: usize| {
        // The digits of a byte have the greater one first.
        let bits = 4 * (at ^ 1);
        let value = format!("strpos('0123456789abcdef', substr({hash}, {}, 1)) - 1", at + 1);
        format!("(CAST({value} AS BIGINT) << {bits})")
    };
    let number = (0..2 * bytes).map(digit).collect::<Vec<_>>().join(" | ");
    match bytes {
        4 => format!("CAST((({number}) << 32) >> 32 AS {kind})"),
        _ => format!("({number})"),
    }
}

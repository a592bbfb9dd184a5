//! The type of a column, in the words of Apache Iceberg.

use std::fmt;
use std::str::FromStr;
use whyfor::Mask;

/// The type of a column.
///
/// ```
/// use whyfor_data::ColumnType;
/// assert_eq!("decimal(9,2)".parse(), Ok(ColumnType::Decimal { precision: 9, scale: 2 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum ColumnType {
    /// Yes or no.
    Boolean,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A floating-point number of 32 bits.
    Float,
    /// A floating-point number of 64 bits.
    Double,
    /// A number with a fixed number of digits behind the point.
    Decimal {
        /// How many digits it has, at most 38.
        precision: u8,
        /// How many of them are behind the point.
        scale: u8,
    },
    /// A text.
    String,
    /// A day.
    Date,
    /// A time of the day.
    Time,
    /// A day and a time, without a zone.
    Timestamp,
    /// A point in time.
    TimestampTz,
    /// Bytes.
    Binary,
    /// A UUID.
    Uuid,
    /// A list.
    List,
    /// A map.
    Map,
    /// Several fields.
    Struct,
}

/// A word that is no type of a column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a type of a column: there are {WORDS} and `decimal(p,s)`, with p from 1 to 38 and s from 0 to p",
    whyfor::printable(.0)
)]
pub struct ParseColumnTypeError(String);

const PLAIN: [(ColumnType, &str); 15] = [
    (ColumnType::Boolean, "boolean"),
    (ColumnType::Int, "int"),
    (ColumnType::Long, "long"),
    (ColumnType::Float, "float"),
    (ColumnType::Double, "double"),
    (ColumnType::String, "string"),
    (ColumnType::Date, "date"),
    (ColumnType::Time, "time"),
    (ColumnType::Timestamp, "timestamp"),
    (ColumnType::TimestampTz, "timestamptz"),
    (ColumnType::Binary, "binary"),
    (ColumnType::Uuid, "uuid"),
    (ColumnType::List, "list"),
    (ColumnType::Map, "map"),
    (ColumnType::Struct, "struct"),
];
const WORDS: &str = "`boolean`, `int`, `long`, `float`, `double`, `string`, `date`, `time`, `timestamp`, \
                     `timestamptz`, `binary`, `uuid`, `list`, `map`, `struct`";
/// The most digits of a decimal number in Iceberg.
const MOST_DIGITS: u8 = 38;

impl ColumnType {
    /// Whether a mask is for columns of this type. Whether a column can be NULL is another question, and so is what an
    /// engine can do. The fixed value of a struct is that of each field; this type does not know them, so it has none.
    ///
    /// ```
    /// use whyfor_data::{ColumnType, Mask};
    /// assert!(ColumnType::Date.takes(Mask::TruncateToYear));
    /// assert!(!ColumnType::String.takes(Mask::TruncateToYear));
    /// ```
    #[must_use]
    pub const fn takes(self, mask: Mask) -> bool {
        match mask {
            Mask::ShowFirst4 | Mask::ShowLast4 | Mask::MaskAlphanum => matches!(self, Self::String),
            Mask::TruncateToMonth | Mask::TruncateToYear => {
                matches!(self, Self::Date | Self::Timestamp | Self::TimestampTz)
            }
            Mask::Sha256Global | Mask::Sha256QueryLocal => {
                matches!(self, Self::String | Self::Int | Self::Long | Self::Binary)
            }
            Mask::MaskToFixedValue => !matches!(self, Self::Struct),
            Mask::ReplaceWithNull => true,
        }
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Decimal { precision, scale } = self {
            return f.pad(&format!("decimal({precision},{scale})"));
        }
        f.pad(PLAIN.iter().find(|(kind, _)| kind == self).map_or("", |(_, word)| word))
    }
}

impl FromStr for ColumnType {
    type Err = ParseColumnTypeError;

    fn from_str(text: &str) -> Result<Self, ParseColumnTypeError> {
        let plain = PLAIN.iter().find(|(_, word)| *word == text).map(|(kind, _)| *kind);
        plain.or_else(|| decimal(text)).ok_or_else(|| ParseColumnTypeError(text.to_owned()))
    }
}

fn decimal(text: &str) -> Option<ColumnType> {
    let digits = text.strip_prefix("decimal(")?.strip_suffix(')')?;
    let (precision, scale) = digits.split_once(',')?;
    let [precision, scale] = [precision, scale.trim_start()].map(|part| part.parse::<u8>().ok());
    let (precision, scale) = (precision?, scale?);
    let is_one = (1..=MOST_DIGITS).contains(&precision) && scale <= precision;
    is_one.then_some(ColumnType::Decimal { precision, scale })
}

#[cfg(test)]
mod tests {
    use super::{ColumnType, PLAIN};

    #[test]
    fn a_type_is_read_as_it_is_written() {
        let decimal = ColumnType::Decimal { precision: 38, scale: 0 };
        for kind in PLAIN.map(|(kind, _)| kind).into_iter().chain([decimal]) {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        for wrong in
            ["", "text", "String", "decimal", "decimal(39,2)", "decimal(2,3)", "decimal(0,0)"]
        {
            assert!(wrong.parse::<ColumnType>().is_err(), "{wrong}");
        }
    }
}

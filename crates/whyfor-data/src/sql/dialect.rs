//! How engines spell what they have in common.

use crate::column::{Column, Part};
use std::fmt;
use std::str::FromStr;

/// The SQL of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// DuckDB 1.1 and later.
    DuckDb,
    /// PostgreSQL 14 and later.
    Postgres,
    /// Spark SQL 3.4 and later.
    Spark,
    /// Apache DataFusion 55 and later.
    DataFusion,
}

/// A word that is no dialect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a dialect: there are `duckdb`, `postgres`, `spark` and `datafusion`", whyfor::printable(.0))]
pub struct ParseDialectError(String);

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::DuckDb, Self::Postgres, Self::Spark, Self::DataFusion];

    /// Its name: `duckdb`, `postgres`, `spark`, `datafusion`.
    ///
    /// ```
    /// assert_eq!(whyfor_data::Dialect::DuckDb.as_str(), "duckdb");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Postgres => "postgres",
            Self::Spark => "spark",
            Self::DataFusion => "datafusion",
        }
    }

    /// A column. Names without quotation marks get them in the case that the engine takes them in.
    pub(crate) fn column(self, column: &Column) -> String {
        let parts = column.parts().iter().map(|Part { name, is_quoted }| match (self, is_quoted) {
            // Both lower the letters of ASCII alone.
            (Self::Postgres | Self::DataFusion, false) => self.quoted(&name.to_ascii_lowercase()),
            _ => self.quoted(name),
        });
        parts.collect::<Vec<_>>().join(".")
    }

    /// A name in quotation marks.
    pub(crate) fn quoted(self, name: &str) -> String {
        match self {
            Self::Spark => format!("`{}`", name.replace('`', "``")),
            Self::DuckDb | Self::Postgres | Self::DataFusion => {
                format!("\"{}\"", name.replace('"', "\"\""))
            }
        }
    }

    /// A text.
    pub(crate) fn text(self, text: &str) -> String {
        match self {
            Self::Spark => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            Self::DuckDb | Self::Postgres | Self::DataFusion => {
                format!("'{}'", text.replace('\'', "''"))
            }
        }
    }

    /// Several texts, with commas.
    pub(crate) fn texts(self, texts: &[String]) -> String {
        texts.iter().map(|text| self.text(text)).collect::<Vec<_>>().join(", ")
    }

    /// A 64-bit floating-point number.
    pub(crate) fn number(self, number: f64) -> String {
        const EXACT: f64 = 9_007_199_254_740_992.0; // 2⁵³
        if number.fract() == 0.0 && number.abs() <= EXACT {
            return format!("{number:.0}");
        }
        self.float(&format!("{number:e}"))
    }

    /// A floating-point number that is written like this.
    pub(crate) fn float(self, digits: &str) -> String {
        let double = match self {
            Self::DuckDb | Self::Spark | Self::DataFusion => "DOUBLE",
            Self::Postgres => "DOUBLE PRECISION",
        };
        format!("CAST('{digits}' AS {double})")
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = ParseDialectError;

    fn from_str(word: &str) -> Result<Self, ParseDialectError> {
        let found = Self::ALL.into_iter().find(|dialect| dialect.as_str() == word);
        found.ok_or_else(|| ParseDialectError(word.to_owned()))
    }
}

//! The name of a column, as a query writes it.

use std::fmt;
use std::str::FromStr;

/// The name of a column, perhaps with those of its table and schema: `u.age`, `"Order".age`.
///
/// A part without quotation marks is a letter or `_`, and then letters, digits, `_` and `$`. In double quotation marks it is
/// anything, with `""` for a quotation mark. Nothing else is a name, so no text of a user becomes a part of a query.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Column {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// Whether it stood in quotation marks: engines take its letters as they are.
    pub(crate) is_quoted: bool,
}

/// The text is not the name of a column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not the name of a column: write names such as `age` or `u.age`, and others in double quotation marks",
    whyfor::printable(.0)
)]
pub struct ColumnError(String);

impl Column {
    /// The column with this name. It may contain any character.
    ///
    /// ```
    /// assert_eq!(whyfor_data::Column::named("Date of birth").to_string(), r#""Date of birth""#);
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { parts: vec![Part { name: name.to_owned(), is_quoted: true }] }
    }

    /// Its name, if that stands alone: without those of its table and schema.
    ///
    /// ```
    /// use whyfor_data::Column;
    /// assert_eq!(Column::named("Date of birth").as_name(), Some("Date of birth"));
    /// assert_eq!("u.age".parse::<Column>()?.as_name(), None);
    /// # Ok::<(), whyfor_data::ColumnError>(())
    /// ```
    #[must_use]
    pub fn as_name(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [one] => Some(&one.name),
            _ => None,
        }
    }

    /// The column of a table, each name as it is.
    pub(crate) fn of_table(table: &str, name: &str) -> Self {
        let parts = [table, name].map(|name| Part { name: name.to_owned(), is_quoted: true });
        Self { parts: parts.into() }
    }

    /// Its own name, without that of its table.
    pub(crate) fn name(&self) -> &str {
        self.parts.last().map_or("", |part| &part.name)
    }

    pub(crate) fn parts(&self) -> &[Part] {
        &self.parts
    }
}

impl FromStr for Column {
    type Err = ColumnError;

    fn from_str(text: &str) -> Result<Self, ColumnError> {
        let wrong = || ColumnError(text.to_owned());
        let mut parts = Vec::new();
        let mut rest = text;
        loop {
            let (part, after) = part(rest).ok_or_else(wrong)?;
            parts.push(part);
            match after.strip_prefix('.') {
                Some(further) => rest = further,
                None if after.is_empty() => return Ok(Self { parts }),
                None => return Err(wrong()),
            }
        }
    }
}

/// The part at the start of a text, and what follows it.
fn part(text: &str) -> Option<(Part, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        return starts.then(|| (Part { name: name.to_owned(), is_quoted: false }, after));
    };
    let mut name = String::new();
    let mut rest = quoted;
    loop {
        let (before, after) = rest.split_once('"')?;
        name.push_str(before);
        match after.strip_prefix('"') {
            Some(further) => {
                name.push('"');
                rest = further;
            }
            None if name.is_empty() || name.contains('\0') => return None,
            None => return Some((Part { name, is_quoted: true }, after)),
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, Part { name, is_quoted }) in self.parts.iter().enumerate() {
            let dot = if number > 0 { "." } else { "" };
            match is_quoted {
                true => write!(f, "{dot}\"{}\"", name.replace('"', "\"\""))?,
                false => write!(f, "{dot}{name}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Column;

    #[test]
    fn what_is_no_name_is_refused() {
        for name in ["age", "u.age", "\"a b\".\"c\"\"d\"", "s.t.größe", "\"1\"", "_x$1"] {
            assert_eq!(
                name.parse::<Column>().map(|column| column.to_string()),
                Ok(name.to_owned())
            );
        }
        for name in [
            "", ".", "a.", ".a", "1a", "a b", "a;", "a)--", "\"\"", "\"a", "a\"b\"", "a-b",
            "\"a\0\"",
        ] {
            assert!(name.parse::<Column>().is_err(), "{name}");
        }
    }
}

//! What a dataset contains: tables, what their columns mean, and which columns hold facts.

use crate::column::{Column, ColumnError};
use crate::column_type::{ColumnType, ParseColumnTypeError};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;

/// A description of tables. It comes from serde; a command reads it from YAML.
///
/// ```
/// use whyfor_data::Dataset;
/// let dataset: Dataset = serde_json::from_str(
///     r#"{"tables": {"users": {
///         "columns": {"email": {"is": "contact.email", "type": "string"}},
///         "facts": {"age": "age"}
///     }}}"#,
/// )?;
/// assert!(dataset.table("users").is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    tables: BTreeMap<Name, TableFields>,
}

/// A table of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table<'d> {
    name: &'d str,
    fields: &'d TableFields,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TableFields {
    #[serde(default)]
    source: Option<Source>,
    #[serde(deserialize_with = "in_order")]
    columns: Vec<(Name, TableColumn)>,
    #[serde(default)]
    facts: BTreeMap<String, Name>,
}

/// A column of a table: what it means, and its type.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableColumn {
    #[serde(rename = "is")]
    pub(crate) categories: Categories,
    #[serde(rename = "type")]
    pub(crate) kind: ColumnType,
    /// The id of its field in Iceberg.
    #[serde(default)]
    pub(crate) id: Option<u32>,
    /// It cannot be NULL.
    #[serde(default, rename = "required")]
    pub(crate) is_required: bool,
}

/// The categories of a column, at least one: all must be allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Categories(Vec<String>);

/// The name of a table or column, as it is. It has no character that a terminal or an editor does not show, so a name in a
/// statement is what a reader sees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(try_from = "String")]
struct Name(String);

/// A name with characters that are not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a name: it is empty or has characters that are not shown", whyfor::printable(.0))]
struct NameError(String);

/// The name of a table, as a query writes it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
struct Source(Column);

impl Dataset {
    /// The table with a name.
    ///
    /// ```
    /// let dataset: whyfor_data::Dataset =
    ///     serde_json::from_str(r#"{"tables": {"users": {"columns": {}}}}"#)?;
    /// assert_eq!(dataset.table("users").map(|table| table.name()), Some("users"));
    /// assert_eq!(dataset.table("clients"), None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn table(&self, name: &str) -> Option<Table<'_>> {
        let (Name(name), fields) = self.tables.get_key_value(name)?;
        Some(Table { name, fields })
    }

    /// The names of its tables, sorted.
    ///
    /// ```
    /// let dataset: whyfor_data::Dataset =
    ///     serde_json::from_str(r#"{"tables": {"users": {"columns": {}}}}"#)?;
    /// assert_eq!(dataset.tables().collect::<Vec<_>>(), ["users"]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(|Name(name)| name.as_str())
    }
}

impl<'d> Table<'d> {
    /// Its name in the dataset.
    #[must_use]
    pub fn name(&self) -> &'d str {
        self.name
    }

    /// The facts that are in columns, each in the notation of [`Columns::place`](crate::Columns::place), with the name of
    /// its column as the table has it.
    ///
    /// ```
    /// let dataset: whyfor_data::Dataset =
    ///     serde_json::from_str(r#"{"tables": {"users": {"columns": {}, "facts": {"age": "years"}}}}"#)?;
    /// let table = dataset.table("users").expect("there is one");
    /// assert_eq!(table.facts().collect::<Vec<_>>(), [("age", "years")]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn facts(&self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d> {
        self.fields.facts.iter().map(|(fact, Name(column))| (fact.as_str(), column.as_str()))
    }

    pub(crate) fn columns(&self) -> impl Iterator<Item = (&'d str, &'d TableColumn)> + use<'d> {
        self.fields.columns.iter().map(|(Name(name), column)| (name.as_str(), column))
    }

    pub(crate) fn column(&self, name: &str) -> Option<&'d TableColumn> {
        self.columns().find(|(known, _)| *known == name).map(|(_, column)| column)
    }

    /// Its name in the engine.
    pub(crate) fn source(&self) -> Column {
        match &self.fields.source {
            Some(Source(source)) => source.clone(),
            None => Column::named(self.name),
        }
    }
}

impl Categories {
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(name: String) -> Result<Self, NameError> {
        match name.is_empty() || whyfor::printable(&name) != name {
            true => Err(NameError(name)),
            false => Ok(Self(name)),
        }
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Source {
    type Error = SourceError;

    fn try_from(text: String) -> Result<Self, SourceError> {
        let Name(name) = text.try_into()?;
        Ok(Self(name.parse()?))
    }
}

/// A text that names no table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum SourceError {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Column(#[from] ColumnError),
}

impl TryFrom<String> for ColumnType {
    type Error = ParseColumnTypeError;

    fn try_from(text: String) -> Result<Self, ParseColumnTypeError> {
        text.parse()
    }
}

impl<'de> Deserialize<'de> for Categories {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrSeveral;

        impl<'de> Visitor<'de> for OneOrSeveral {
            type Value = Categories;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a category, or a list of categories")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Categories, E> {
                Ok(Categories(vec![name.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Categories, A::Error> {
                let mut names: Vec<String> = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                match names.is_empty() {
                    true => Err(serde::de::Error::invalid_length(0, &self)),
                    false => Ok(Categories(names)),
                }
            }
        }

        deserializer.deserialize_any(OneOrSeveral)
    }
}

/// The columns in the order of the file, which is that of the view.
fn in_order<'de, D>(deserializer: D) -> Result<Vec<(Name, TableColumn)>, D::Error>
where
    D: Deserializer<'de>,
{
    struct InOrder;

    impl<'de> Visitor<'de> for InOrder {
        type Value = Vec<(Name, TableColumn)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a mapping from columns to what they are")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut columns: Self::Value = Vec::new();
            while let Some((name, column)) = map.next_entry::<Name, TableColumn>()? {
                if columns.iter().any(|(known, _)| *known == name) {
                    let message = format!("the column `{}` stands here twice", name.0);
                    return Err(serde::de::Error::custom(message));
                }
                columns.push((name, column));
            }
            Ok(columns)
        }
    }

    deserializer.deserialize_map(InOrder)
}

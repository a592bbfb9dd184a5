//! Views as Read Restrictions of Apache Iceberg's REST catalog: its schema `ReadRestrictions`.
//!
//! There is one filter of rows for all columns, so it is that of the columns together. There are no conditions of masks, so a
//! mask that some row has is every row's. A column that no row may show is replaced by NULL, or by the fixed value if it
//! cannot be NULL. A column that a restriction does not name is not restricted: a table's description must list all.
//!
//! - `number`: comparisons with a number, by the type of a column;
//! - `condition`: conditions of rows, which have two values there;
//! - `predicate`: what a filter is made of;
//! - `error`: why there are no restrictions.

mod condition;
mod error;
mod number;
mod predicate;

use crate::masking::MaskError;
use crate::view::{LeftOut, Rows, View, ViewColumn};
use condition::Translated;
pub use error::IcebergError;
use predicate::{Predicate, Reference};
use serde::Serialize;
use std::collections::BTreeMap;
use whyfor::Mask;

/// What a reader of a table must do: data for the REST catalog, to be written by serde.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReadRestrictions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required_column_projections: Vec<Projection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    required_row_filter: Option<Predicate>,
}

/// What becomes of the values of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Projection {
    field_id: u32,
    action: &'static str,
}

impl View {
    /// The view as restrictions of a table. Rows are those of [`Rows::Drop`]; a mask that some row has is every row's. A
    /// column that the table's description does not list is not restricted.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// use whyfor::Facts;
    /// use whyfor_data::Dataset;
    /// let dataset: Dataset = serde_json::from_str(
    ///     r#"{"tables": {"users": {"columns": {
    ///         "mail": {"is": "contact.email", "type": "string", "id": 1},
    ///         "allergies": {"is": "allergies", "type": "list", "id": 2}
    ///     }}}}"#,
    /// )?;
    /// let view = dataset.table("users").expect("there is one").view(&policy, "login", Facts::none())?;
    /// let restrictions = serde_json::to_string(&view.to_iceberg()?)?;
    /// assert_eq!(
    ///     restrictions,
    ///     r#"{"required-column-projections":[{"field-id":2,"action":"replace-with-null"}]}"#
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A column has no id or that of another one, a condition cannot be a filter, or a column that no row may show can be neither NULL nor a fixed
    /// value.
    pub fn to_iceberg(&self) -> Result<ReadRestrictions, IcebergError> {
        self.check_ids()?;
        let shown = self.columns.iter().map(projection);
        let hidden = self.left_out.iter().map(|left_out| hidden(left_out).map(Some));
        let projections: Vec<Option<Projection>> = shown.chain(hidden).collect::<Result<_, _>>()?;
        let filter = Translated::of(&self.filter(Rows::Drop), &self.facts)?.yes;
        Ok(ReadRestrictions {
            required_column_projections: projections.into_iter().flatten().collect(),
            required_row_filter: Some(filter).filter(|filter| *filter != Predicate::Always(true)),
        })
    }
}

impl View {
    /// A reader refuses two restrictions of one field.
    fn check_ids(&self) -> Result<(), IcebergError> {
        let shown = self.columns.iter().map(|shown| (&shown.name, &shown.column));
        let hidden = self.left_out.iter().map(|left_out| (&left_out.name, &left_out.column));
        let mut names: BTreeMap<u32, &str> = BTreeMap::new();
        for (name, column) in shown.chain(hidden) {
            let Reference { id } = Reference::of(name, column)?;
            if let Some(other) = names.insert(id, name) {
                return Err(IcebergError::SameId(other.to_owned(), name.clone()));
            }
        }
        Ok(())
    }
}

/// The masks of a column, joined.
fn projection(shown: &ViewColumn) -> Result<Option<Projection>, IcebergError> {
    let Reference { id } = Reference::of(&shown.name, &shown.column)?;
    let mask = shown.masks.iter().map(|mask| mask.mask).reduce(Mask::join);
    Ok(mask.map(|mask| Projection { field_id: id, action: mask.as_str() }))
}

/// What hides a column in every row.
fn hidden(LeftOut { name, column, .. }: &LeftOut) -> Result<Projection, IcebergError> {
    let Reference { id } = Reference::of(name, column)?;
    let mask = match column.is_required {
        false => Mask::ReplaceWithNull,
        true if column.kind.takes(Mask::MaskToFixedValue) => Mask::MaskToFixedValue,
        true => {
            let error = MaskError::Required;
            return Err(IcebergError::Mask { column: name.clone(), error });
        }
    };
    Ok(Projection { field_id: id, action: mask.as_str() })
}

//! The fact columns of some rows.

use crate::column::Column;
use arrow_array::{Array, ArrayRef};
use std::collections::BTreeMap;

/// The columns that hold the facts of some rows, as Arrow arrays.
#[derive(Debug, Clone)]
pub struct RowFacts {
    rows: usize,
    columns: BTreeMap<Column, ArrayRef>,
}

/// The columns do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the column `{column}` has {length} values, for {rows} rows")]
pub struct RowFactsError {
    column: Column,
    length: usize,
    rows: usize,
}

impl RowFacts {
    /// So many rows, without a column yet. A column that is missing states nothing.
    ///
    /// ```
    /// use arrow_array::BooleanArray;
    /// use std::sync::Arc;
    /// let agreed = Arc::new(BooleanArray::from(vec![true, false]));
    /// let facts = whyfor_data::RowFacts::of(2).with("agreed".parse()?, agreed)?;
    /// assert_eq!(facts.rows(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(rows: usize) -> Self {
        Self { rows, columns: BTreeMap::new() }
    }

    /// A further column.
    ///
    /// # Errors
    /// It has not as many values as there are rows.
    pub fn with(mut self, column: Column, values: ArrayRef) -> Result<Self, RowFactsError> {
        if values.len() != self.rows {
            return Err(RowFactsError { column, length: values.len(), rows: self.rows });
        }
        self.columns.insert(column, values);
        Ok(self)
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Some of the rows, without a copy.
    ///
    /// # Panics
    /// There are not so many rows.
    #[must_use]
    pub fn slice(&self, start: usize, rows: usize) -> Self {
        let columns = self.columns.iter();
        let columns =
            columns.map(|(column, values)| (column.clone(), values.slice(start, rows))).collect();
        Self { rows, columns }
    }

    pub(crate) fn column(&self, column: &Column) -> Option<&ArrayRef> {
        self.columns.get(column)
    }
}

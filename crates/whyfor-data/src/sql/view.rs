//! Views as statements.
//!
//! A filter of rows is no barrier: an engine may look at a value before it drops the row, and show it in the text of an
//! error. So each value stands in a `CASE` of its own, whatever the filter is.

use super::dialect::Dialect;
use super::mask::masked_sql;
use crate::column::Column;
use crate::column_type::ColumnType;
use crate::condition::RowCondition;
use crate::view::{LeftOut, ROW, Rows, View, ViewColumn, ViewError};

impl View {
    /// The statement that makes the view of this name, with comments that say of each column when and why it is shown.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// # let dataset: whyfor_data::Dataset = serde_json::from_str(
    /// #     r#"{"tables": {"users": {"columns": {"mail": {"is": "email", "type": "string"},
    /// #     "allergies": {"is": "allergies", "type": "list"}}}}}"#,
    /// # )?;
    /// # let table = dataset.table("users").expect("there is one");
    /// # let view = table.view(&policy, "login", whyfor::Facts::none())?;
    /// use whyfor_data::{Column, Dialect, Rows};
    /// let name: Column = "reports.users".parse()?;
    /// let sql = view.to_sql(&name, Rows::Keep, Dialect::Spark)?;
    /// assert!(sql.contains("CREATE OR REPLACE VIEW `reports`.`users` AS"), "{sql}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The dialect cannot express a mask.
    pub fn to_sql(&self, name: &Column, rows: Rows, dialect: Dialect) -> Result<String, ViewError> {
        let mut sql = comment("", &format!("What `{}` shows for {}.", self.table, self.purpose));
        sql += &comment("", &self.policy);
        for LeftOut { name, notes, .. } in &self.left_out {
            sql += &comment("", &format!("`{name}` is left out:"));
            notes.iter().for_each(|note| sql += &comment("  ", note));
        }
        let barrier = if dialect == Dialect::Postgres { " WITH (security_barrier)" } else { "" };
        let name = dialect.column(name);
        sql += &format!("CREATE OR REPLACE VIEW {name}{barrier} AS\nSELECT\n");
        for (number, shown) in self.columns.iter().enumerate() {
            let comma = if number + 1 < self.columns.len() { "," } else { "" };
            let cell = shown.cell(dialect)?;
            let name = dialect.quoted(&shown.name);
            shown.notes.iter().for_each(|note| sql += &comment("  ", note));
            sql += &format!("  {cell} AS {name}{comma}\n");
        }
        let source = dialect.column(&self.source);
        sql += &format!("FROM {source} AS {}", dialect.quoted(ROW));
        if self.filter(rows) != RowCondition::Yes {
            sql += &format!("\nWHERE {}", self.filter(rows).to_sql(dialect));
        }
        Ok(sql + ";\n")
    }
}

impl ViewColumn {
    /// The value that a row shows: NULL where it is not allowed.
    fn cell(&self, dialect: Dialect) -> Result<String, ViewError> {
        let value = Column::of_table(ROW, &self.name);
        let masked = masked_sql(&self.masks, self.column.kind, &value, dialect)
            .map_err(|error| ViewError::Mask { column: self.name.clone(), error })?;
        let allowed = self.allowed.to_sql(dialect);
        let cell = match (&self.allowed, dialect) {
            (RowCondition::Yes, _) if self.masks.is_empty() => return Ok(masked),
            (RowCondition::Yes, _) => masked,
            (_, Dialect::DuckDb | Dialect::Postgres) => {
                format!("CASE WHEN {allowed} THEN {masked} END")
            }
            // Without an `ELSE`, DataFusion, and Spark by it, only marks values as NULL, and gives them away below the marks.
            (_, Dialect::Spark | Dialect::DataFusion) => {
                format!("CASE WHEN NOT COALESCE({allowed}, FALSE) THEN NULL ELSE {masked} END")
            }
        };
        Ok(match (self.column.kind, dialect) {
            // These may be views of the table's, or be in a dictionary of all its values.
            (ColumnType::String, Dialect::DataFusion) => format!("arrow_cast({cell}, 'Utf8')"),
            (ColumnType::Binary, Dialect::DataFusion) => format!("arrow_cast({cell}, 'Binary')"),
            _ => cell,
        })
    }
}

/// A line of a comment. It has no line breaks: every text in it is printable, and so is the name of a table.
fn comment(indent: &str, text: &str) -> String {
    format!("{indent}-- {}\n", whyfor::printable(text))
}

//! What a table shows for one purpose: which columns, in which rows, under which masks, and why.
//!
//! A [`View`] is made of a table's description and a policy. It knows no engine; `sql` and `iceberg` write it. All that can
//! be wrong with the description is found here, before a row is read.

use crate::column::Column;
use crate::column_type::ColumnType;
use crate::columns::{Columns, FactColumnError};
use crate::condition::RowCondition;
use crate::dataset::{Table, TableColumn};
use crate::masking::{self, MaskError};
use crate::notes;
use crate::residual::{Residual, ResidualError, RowMask};
use std::collections::BTreeMap;
use whyfor::{Act, CategoryId, FactKind, Facts, Mask, Policy, PurposeId, Refusal};

/// The name of the table's row in a view: its columns are not those of the view, which may have the same names.
pub(crate) const ROW: &str = "source";

/// What a table shows for one purpose. It has at least one column.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    pub(crate) table: String,
    pub(crate) source: Column,
    pub(crate) policy: String,
    pub(crate) purpose: String,
    pub(crate) columns: Vec<ViewColumn>,
    pub(crate) left_out: Vec<LeftOut>,
    /// The columns that hold facts and are described, by name.
    pub(crate) facts: BTreeMap<String, TableColumn>,
}

/// A column that some rows may show.
///
/// ```
/// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
/// # let dataset: whyfor_data::Dataset = serde_json::from_str(
/// #     r#"{"tables": {"users": {"columns": {"mail": {"is": "email", "type": "string"},
/// #     "allergies": {"is": "allergies", "type": "list"}}}}}"#,
/// # )?;
/// # let table = dataset.table("users").expect("there is one");
/// # let view = table.view(&policy, "login", whyfor::Facts::none())?;
/// use whyfor_data::{ColumnType, RowCondition};
/// let shown = &view.columns()[0];
/// assert_eq!((shown.name(), shown.kind()), ("mail", ColumnType::String));
/// assert_eq!((shown.allowed(), shown.masks()), (&RowCondition::Yes, &[][..]));
/// assert_eq!(shown.notes()[0], "contact.email, always");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ViewColumn {
    pub(crate) name: String,
    pub(crate) column: TableColumn,
    pub(crate) allowed: RowCondition,
    pub(crate) masks: Vec<RowMask>,
    pub(crate) notes: Vec<String>,
}

/// A column that no row may show.
///
/// ```
/// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
/// # let dataset: whyfor_data::Dataset = serde_json::from_str(
/// #     r#"{"tables": {"users": {"columns": {"mail": {"is": "email", "type": "string"},
/// #     "allergies": {"is": "allergies", "type": "list"}}}}}"#,
/// # )?;
/// # let table = dataset.table("users").expect("there is one");
/// # let view = table.view(&policy, "login", whyfor::Facts::none())?;
/// let left_out = &view.left_out()[0];
/// assert_eq!(left_out.name(), "allergies");
/// assert_eq!(left_out.notes()[1], "no statement permits it for `allergies`, `service.login`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub(crate) name: String,
    pub(crate) column: TableColumn,
    pub(crate) notes: Vec<String>,
}

/// Which rows a view has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rows {
    /// Those of which every shown cell may be shown.
    #[default]
    Drop,
    /// All, with NULL in cells that may not be shown; but for those where such a cell cannot be NULL.
    Keep,
}

/// Why there is no view.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// The policy does not have a category of a column, or the purpose.
    #[error(transparent)]
    Name(#[from] Refusal<'static>),
    /// A column cannot hold a fact.
    #[error(transparent)]
    Fact(#[from] FactColumnError),
    /// A decision has no residual.
    #[error(transparent)]
    Residual(#[from] ResidualError),
    /// A column of this type does not state the fact.
    #[error("the column `{column}` of the type `{kind}` does not state the fact `{fact}`")]
    FactType {
        /// The fact.
        fact: String,
        /// Its column.
        column: String,
        /// The type of the column.
        kind: ColumnType,
    },
    /// A masked value is not what the fact is.
    #[error(
        "the column `{column}` holds a fact, so it can have no mask but `replace-with-null`; the policy says `{mask}`"
    )]
    MaskedFact {
        /// The column.
        column: String,
        /// The mask.
        mask: Mask,
    },
    /// A column cannot have a mask that the policy says.
    #[error("the column `{column}`: {error}")]
    Mask {
        /// The column.
        column: String,
        /// Why not.
        error: MaskError,
    },
    /// No row of the table may show anything.
    #[error("nothing of the table may be shown for this purpose")]
    NothingShown(Vec<LeftOut>),
}

impl Table<'_> {
    /// What the table shows for a purpose, given the facts that are the same for all rows. Of a column that has several
    /// categories, all must be allowed. Costs what [`Columns::residual`] costs for each category of a column.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// use whyfor::Facts;
    /// use whyfor_data::{Column, Dataset, Dialect, Rows};
    /// let dataset: Dataset = serde_json::from_str(
    ///     r#"{"tables": {"users": {"columns": {"mail": {"is": "contact.email", "type": "string"}}}}}"#,
    /// )?;
    /// let table = dataset.table("users").expect("there is one");
    /// let view = table.view(&policy, "login", Facts::none())?;
    /// let sql = view.to_sql(&Column::named("users_for_login"), Rows::Drop, Dialect::DuckDb)?;
    /// assert!(sql.contains("\n  \"source\".\"mail\" AS \"mail\"\nFROM \"users\" AS \"source\";"), "{sql}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The policy does not have a category, the purpose or a fact; a column does not state its fact or cannot have a mask;
    /// or no column may be shown in any row.
    pub fn view(&self, policy: &Policy, purpose: &str, stated: &Facts) -> Result<View, ViewError> {
        let purpose = policy.purpose(purpose)?;
        let mut facts = Columns::of(policy);
        for (notation, column) in self.facts() {
            facts = facts.put_noted(notation, Column::of_table(ROW, column))?;
            self.check_fact(policy, notation, column)?;
        }
        let asked = Asked { policy, purpose, stated, facts: &facts };
        let (mut columns, mut left_out) = (Vec::new(), Vec::new());
        for (name, column) in self.columns() {
            match asked.column(name, column)? {
                Shown::Some(shown) => {
                    self.check_masks(&shown)?;
                    columns.push(shown);
                }
                Shown::Never(never) => left_out.push(never),
            }
        }
        if columns.is_empty() {
            return Err(ViewError::NothingShown(left_out));
        }
        let described = |(_, column)| Some((column, self.column(column)?));
        let facts = self.facts().filter_map(described);
        Ok(View {
            table: self.name().to_owned(),
            source: self.source(),
            policy: notes::policy(policy),
            purpose: policy.path(purpose).unwrap_or_default().to_owned(),
            columns,
            left_out,
            facts: facts.map(|(name, column)| (name.to_owned(), column.clone())).collect(),
        })
    }

    /// Whether the type of a fact's column, if it is described, can state the fact.
    fn check_fact(&self, policy: &Policy, notation: &str, column: &str) -> Result<(), ViewError> {
        let Some(TableColumn { kind, .. }) = self.column(column) else { return Ok(()) };
        let fact = Columns::fact_in(notation);
        let found = policy.facts().find(|info| info.name == fact).map(|info| info.kind);
        let is_list = !notation.contains('.');
        let states = match found {
            Some(FactKind::YesNo) => *kind == ColumnType::Boolean,
            Some(FactKind::PerPurpose) if is_list => *kind == ColumnType::List,
            Some(FactKind::PerPurpose) => *kind == ColumnType::Boolean,
            Some(FactKind::Choice) => *kind == ColumnType::String,
            Some(FactKind::Number) => matches!(
                kind,
                ColumnType::Int
                    | ColumnType::Long
                    | ColumnType::Float
                    | ColumnType::Double
                    | ColumnType::Decimal { .. }
            ),
            None => false,
        };
        match states {
            true => Ok(()),
            false => {
                let (fact, column) = (fact.to_owned(), column.to_owned());
                Err(ViewError::FactType { fact, column, kind: *kind })
            }
        }
    }

    fn check_masks(&self, shown: &ViewColumn) -> Result<(), ViewError> {
        let ViewColumn { name, column, masks, .. } = shown;
        masking::check(masks, column.kind, column.is_required)
            .map_err(|error| ViewError::Mask { column: name.clone(), error })?;
        let is_fact = self.facts().any(|(_, column)| column == name);
        let other = masks.iter().find(|mask| mask.mask != Mask::ReplaceWithNull);
        match other {
            Some(RowMask { mask, .. }) if is_fact => {
                Err(ViewError::MaskedFact { column: name.clone(), mask: *mask })
            }
            _ => Ok(()),
        }
    }
}

/// What is the same for all columns.
struct Asked<'a> {
    policy: &'a Policy,
    purpose: PurposeId,
    stated: &'a Facts,
    facts: &'a Columns<'a>,
}

enum Shown {
    Some(ViewColumn),
    Never(LeftOut),
}

impl Asked<'_> {
    fn column(&self, name: &str, column: &TableColumn) -> Result<Shown, ViewError> {
        let names = column.categories.names();
        let categories: Vec<CategoryId> =
            names.map(|name| self.policy.category(name)).collect::<Result<_, _>>()?;
        let mut all: Option<Residual> = None;
        let (mut why, mut why_not) = (Vec::new(), Vec::new());
        for category in categories {
            let decision = self.policy.decide(Act::Use, category, self.purpose, self.stated);
            let residual = self.facts.residual(&decision)?;
            let path = self.policy.path(category).unwrap_or_default();
            match residual.allowed().can_be_yes() {
                true => why.extend(notes::shown(path, &decision)),
                false => why_not.extend(notes::left_out(path, &decision)),
            }
            all = Some(match all {
                Some(all) => all.and(residual),
                None => residual,
            });
        }
        let (name, column) = (name.to_owned(), column.clone());
        match all {
            Some(all) if why_not.is_empty() && all.allowed().can_be_yes() => {
                let (allowed, masks) = (all.allowed().clone(), in_rows(&all));
                Ok(Shown::Some(ViewColumn { name, column, allowed, masks, notes: why }))
            }
            _ => Ok(Shown::Never(LeftOut { name, column, notes: why_not })),
        }
    }
}

/// The masks in the rows that show a value: what is known of those need not be asked again.
fn in_rows(residual: &Residual) -> Vec<RowMask> {
    let given = residual.masks().iter().map(|RowMask { mask, unless_no }| RowMask {
        mask: *mask,
        unless_no: unless_no.clone().given(residual.allowed()),
    });
    given.filter(|mask| mask.unless_no != RowCondition::No).collect()
}

impl View {
    /// The columns that are shown, in the order of the table's description.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// # let dataset: whyfor_data::Dataset = serde_json::from_str(
    /// #     r#"{"tables": {"users": {"columns": {"mail": {"is": "email", "type": "string"},
    /// #     "allergies": {"is": "allergies", "type": "list"}}}}}"#,
    /// # )?;
    /// # let table = dataset.table("users").expect("there is one");
    /// # let view = table.view(&policy, "login", whyfor::Facts::none())?;
    /// assert_eq!(view.columns()[0].name(), "mail");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn columns(&self) -> &[ViewColumn] {
        &self.columns
    }

    /// The columns that no row may show.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// # let dataset: whyfor_data::Dataset = serde_json::from_str(
    /// #     r#"{"tables": {"users": {"columns": {"mail": {"is": "email", "type": "string"},
    /// #     "allergies": {"is": "allergies", "type": "list"}}}}}"#,
    /// # )?;
    /// # let table = dataset.table("users").expect("there is one");
    /// # let view = table.view(&policy, "login", whyfor::Facts::none())?;
    /// assert_eq!(view.left_out()[0].name(), "allergies");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Which rows there are.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// # let dataset: whyfor_data::Dataset = serde_json::from_str(
    /// #     r#"{"tables": {"users": {"columns": {"mail": {"is": "email", "type": "string"},
    /// #     "allergies": {"is": "allergies", "type": "list"}}}}}"#,
    /// # )?;
    /// # let table = dataset.table("users").expect("there is one");
    /// # let view = table.view(&policy, "login", whyfor::Facts::none())?;
    /// use whyfor_data::{RowCondition, Rows};
    /// assert_eq!(view.filter(Rows::Drop), RowCondition::Yes);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn filter(&self, rows: Rows) -> RowCondition {
        let counts = |shown: &&ViewColumn| rows == Rows::Drop || shown.column.is_required;
        let counted = self.columns.iter().filter(counts);
        RowCondition::all(counted.map(|shown| shown.allowed.clone()))
    }
}

impl ViewColumn {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its type.
    #[must_use]
    pub fn kind(&self) -> ColumnType {
        self.column.kind
    }

    /// The rows whose value may be shown.
    #[must_use]
    pub fn allowed(&self) -> &RowCondition {
        &self.allowed
    }

    /// The masks of the values that are shown, in rows where they are. Those of a row are joined.
    #[must_use]
    pub fn masks(&self) -> &[RowMask] {
        &self.masks
    }

    /// When it is shown, by which statements, and with which duties: a line each, with nothing but printable characters.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

impl LeftOut {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it is left out: a line each, with nothing but printable characters.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }
}

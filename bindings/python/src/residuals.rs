//! Questions about the rows of a frame: what remains of them once the facts in its columns are read.
//!
//! Conditions are evaluated here over Arrow arrays, or given away as data for the expressions of an engine.

use crate::answers::Answers;
use crate::parallel;
use crate::rows;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, NullArray, new_empty_array};
use arrow_schema::{Field, FieldRef};
use arrow_select::concat::concat;
use arrow_select::filter::filter;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use pyo3_arrow::ffi::{ArrayIterator, to_stream_pycapsule};
use pyo3_arrow::input::AnyArray;
use std::collections::BTreeMap;
use std::sync::Arc;
use whyfor::Decision;
use whyfor_data::{
    Column, Columns, FactColumnError, NumberTest, Parts, Residual, RowCondition, RowFacts, Salt,
    ShowError, Shown, masked_sql, show,
};

/// Which column holds a fact: the fact; of a fact per purpose, the purpose of the column, or whether it is the list of the
/// purposes for which the fact holds; the column.
pub(crate) type Place = (String, Option<String>, Option<bool>, String);

/// The facts that are in columns.
pub(crate) fn columns<'p>(
    policy: &'p whyfor::Policy,
    places: &[Place],
) -> Result<Columns<'p>, FactColumnError> {
    places.iter().try_fold(Columns::of(policy), |columns, (fact, purpose, holds, column)| {
        let column = Column::named(column).to_string();
        match (purpose, holds) {
            (Some(purpose), _) => columns.purpose(fact, purpose, &column),
            (None, Some(holds)) => columns.list(fact, *holds, &column),
            (None, None) => columns.fact(fact, &column),
        }
    })
}

/// What remains of questions about the columns of a frame.
#[pyclass(frozen, module = "whyfor._core")]
pub(crate) struct Residuals {
    list: Vec<Residual>,
    salt: Salt,
}

impl Residuals {
    /// One for each list of decisions: what all of them allow.
    pub(crate) fn of<'d>(
        columns: &Columns<'_>,
        decisions: impl Iterator<Item = Vec<Decision<'d>>>,
        salt: Vec<u8>,
    ) -> PyResult<Self> {
        let salt = Salt::new(salt).ok_or_else(|| invalid("the salt is too short"))?;
        let one = |decisions: Vec<Decision<'_>>| {
            let each = decisions.iter().map(|decision| columns.residual(decision));
            let each = each.collect::<Result<Vec<_>, _>>().map_err(invalid)?;
            let all = each.into_iter().reduce(Residual::and);
            all.ok_or_else(|| invalid("no category"))
        };
        Ok(Self { list: decisions.map(one).collect::<PyResult<_>>()?, salt })
    }

    fn at(&self, at: usize) -> PyResult<&Residual> {
        self.list.get(at).ok_or_else(|| PyValueError::new_err("no such question"))
    }
}

#[pymethods]
impl Residuals {
    /// Whether all rows are allowed, some may be, or none is: `allow`, `rows`, `deny`.
    #[pyo3(signature = (at))]
    fn verdict(&self, at: usize) -> PyResult<&'static str> {
        Ok(match self.at(at)?.allowed() {
            RowCondition::Yes => "allow",
            condition if condition.can_be_yes() => "rows",
            _ => "deny",
        })
    }

    /// The names of the masks.
    #[pyo3(signature = (at))]
    fn masks(&self, at: usize) -> PyResult<Vec<&'static str>> {
        Ok(self.at(at)?.masks().iter().map(|one| one.mask.as_str()).collect())
    }

    /// The columns whose facts decide.
    #[pyo3(signature = (at))]
    fn reads(&self, at: usize) -> PyResult<Vec<String>> {
        let residual = self.at(at)?;
        let masks = residual.masks().iter().map(|mask| &mask.unless_no);
        let mut names = Vec::new();
        for condition in std::iter::once(residual.allowed()).chain(masks) {
            reads(condition, &mut names);
        }
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// The condition under which a row is allowed, as nested tuples.
    #[pyo3(signature = (at) -> "tuple[object, ...]")]
    fn condition<'py>(&self, py: Python<'py>, at: usize) -> PyResult<Bound<'py, PyTuple>> {
        tuple(py, self.at(at)?.allowed())
    }

    /// The condition under which a row is allowed, as SQL.
    #[pyo3(signature = (at, dialect))]
    fn condition_sql(&self, at: usize, dialect: &str) -> PyResult<String> {
        Ok(self.at(at)?.allowed().to_sql(dialect.parse().map_err(invalid)?))
    }

    /// The value of a column under its masks, as SQL. The type is one of Iceberg's words.
    #[pyo3(signature = (at, column, kind, dialect))]
    fn masked_sql(&self, at: usize, column: &str, kind: &str, dialect: &str) -> PyResult<String> {
        let (kind, dialect) = (kind.parse().map_err(invalid)?, dialect.parse().map_err(invalid)?);
        masked_sql(self.at(at)?.masks(), kind, &Column::named(column), dialect)
            .map_err(|error| PyTypeError::new_err(format!("column {column:?}: {error}")))
    }

    /// Whether each row is allowed, by the fact columns that are given.
    #[pyo3(signature = (at, rows, facts: "Mapping[str, object]"))]
    fn decide(
        &self,
        py: Python<'_>,
        at: usize,
        rows: usize,
        facts: BTreeMap<String, AnyArray>,
    ) -> PyResult<Answers> {
        let allowed = self.at(at)?.allowed();
        let facts = facts_of(rows, facts)?;
        Ok(Answers::new(py.detach(|| rows::by_condition(allowed, &facts)), false))
    }

    /// A column with what may be seen of it. Each part is the names of the fields that it is in, and its question; the
    /// parts of a column that is shown as a whole are one without names.
    #[pyo3(signature = (name, values: "object", parts, facts: "Mapping[str, object]"))]
    fn show(
        &self,
        py: Python<'_>,
        name: &str,
        values: AnyArray,
        parts: Vec<(Vec<String>, usize)>,
        facts: BTreeMap<String, AnyArray>,
    ) -> PyResult<Chunks> {
        let (chunks, field) = chunks(values)?;
        let rows = chunks.iter().map(|chunk| chunk.len()).sum();
        let facts = facts_of(rows, facts)?;
        let mut used = Vec::new();
        for (_, at) in &parts {
            self.at(*at)?;
            if !used.contains(at) {
                used.push(*at);
            }
        }
        let parts: Vec<(&[String], usize)> = (parts.iter())
            .map(|(names, at)| (&**names, used.iter().position(|one| one == at).unwrap_or(0)))
            .collect();
        let tree = tree(&parts)
            .ok_or_else(|| invalid(format!("column {name:?}: a part of it is in another one")))?;
        let shown = py.detach(|| self.shown(&chunks, &tree, &used, &facts));
        Chunks::of(name, &field, shown)
    }
}

impl Residuals {
    fn shown(
        &self,
        chunks: &[ArrayRef],
        tree: &Parts,
        used: &[usize],
        facts: &RowFacts,
    ) -> Result<Vec<ArrayRef>, ShowError> {
        in_pieces(chunks, |start, values| {
            let facts = facts.slice(start, values.len());
            let one = |at: &usize| Shown::of(&self.list[*at], &facts);
            show(values, tree, &used.iter().map(one).collect::<Vec<_>>(), &self.salt)
        })
    }
}

/// The rows that a thread shows at once.
const ROWS_AT_ONCE: usize = 1 << 18;

/// What is shown of chunks, in pieces, by all cores. The work is given the first row of each piece.
fn in_pieces<E: Send>(
    chunks: &[ArrayRef],
    show: impl Fn(usize, &ArrayRef) -> Result<ArrayRef, E> + Sync,
) -> Result<Vec<ArrayRef>, E> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for chunk in chunks {
        // An empty chunk has the type of the column.
        for from in (0..chunk.len().max(1)).step_by(ROWS_AT_ONCE) {
            let length = ROWS_AT_ONCE.min(chunk.len() - from);
            pieces.push((start + from, chunk.slice(from, length), None));
        }
        start += chunk.len();
    }
    parallel::each(pieces.iter_mut(), parallel::cores(), |(start, values, shown)| {
        *shown = Some(show(*start, values));
    });
    pieces.into_iter().filter_map(|(_, _, shown)| shown).collect()
}

/// A column of which nothing is left in the rows that are not allowed.
#[pyfunction]
#[pyo3(signature = (name, values: "object", allowed: "object"))]
pub(crate) fn kept(
    py: Python<'_>,
    name: &str,
    values: AnyArray,
    allowed: AnyArray,
) -> PyResult<Chunks> {
    let (chunks, field) = chunks(values)?;
    let length: usize = chunks.iter().map(|chunk| chunk.len()).sum();
    let allowed = joined(allowed)?;
    let rows = allowed.as_boolean_opt().filter(|allowed| allowed.len() == length);
    let rows = rows.ok_or_else(|| invalid("the rows that are allowed are those of the values"))?;
    // What is not known to be allowed is not.
    let rows = match rows.nulls() {
        None => rows.values().clone(),
        Some(nulls) => rows.values() & nulls.inner(),
    };
    let none = Salt::new([0; Salt::LENGTH]).ok_or_else(|| invalid("no salt"))?;
    let shown = py.detach(|| {
        in_pieces(&chunks, |start, values| {
            let rows = Shown::rows(rows.slice(start, values.len()));
            show(values, &Parts::Whole(0), &[rows], &none)
        })
    });
    Chunks::of(name, &field, shown)
}

/// The values of some rows of a column.
#[pyfunction]
#[pyo3(signature = (values: "object", rows: "object"))]
pub(crate) fn filtered(py: Python<'_>, values: AnyArray, rows: AnyArray) -> PyResult<Chunks> {
    let (chunks, field) = chunks(values)?;
    let rows = joined(rows)?;
    let length: usize = chunks.iter().map(|chunk| chunk.len()).sum();
    let rows = rows.as_boolean_opt().filter(|rows| rows.len() == length);
    let rows = rows.ok_or_else(|| invalid("the rows are not those of the values"))?;
    let work =
        || in_pieces(&chunks, |start, values| filter(values, &rows.slice(start, values.len())));
    let chunks = py.detach(work).map_err(invalid)?;
    Ok(Chunks { field, chunks })
}

/// A column as it is shown.
#[pyclass(frozen, module = "whyfor._core")]
pub(crate) struct Chunks {
    field: FieldRef,
    chunks: Vec<ArrayRef>,
}

impl Chunks {
    fn of(name: &str, field: &Field, shown: Result<Vec<ArrayRef>, ShowError>) -> PyResult<Self> {
        let chunks =
            shown.map_err(|error| PyTypeError::new_err(format!("column {name:?}: {error}")))?;
        let kind = chunks.first().map_or(field.data_type(), |chunk| chunk.data_type());
        let field = Arc::new(Field::new(field.name(), kind.clone(), true));
        Ok(Self { field, chunks })
    }
}

#[pymethods]
impl Chunks {
    /// The column as a stream of Arrow arrays.
    #[pyo3(signature = (requested_schema: "object | None" = None) -> "object")]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let chunks = self.chunks.clone().into_iter().map(Ok);
        let reader = Box::new(ArrayIterator::new(chunks, Arc::clone(&self.field)));
        Ok(to_stream_pycapsule(py, reader, requested_schema)?)
    }
}

/// The fact columns of some rows; `None` without any.
pub(crate) fn row_facts(columns: BTreeMap<String, AnyArray>) -> PyResult<Option<RowFacts>> {
    let mut facts: Option<RowFacts> = None;
    for (name, values) in columns {
        let values = stating(values)?;
        let all = facts.unwrap_or_else(|| RowFacts::of(values.len()));
        facts = Some(all.with(Column::named(&name), values).map_err(invalid)?);
    }
    Ok(facts)
}

/// The fact columns of so many rows.
fn facts_of(rows: usize, columns: BTreeMap<String, AnyArray>) -> PyResult<RowFacts> {
    match row_facts(columns)?.unwrap_or_else(|| RowFacts::of(rows)) {
        facts if facts.rows() == rows => Ok(facts),
        facts => {
            Err(invalid(format!("the facts have {} rows, and the column has {rows}", facts.rows())))
        }
    }
}

/// A column of facts. One of an extension type states nothing: its storage is not what it means.
fn stating(values: AnyArray) -> PyResult<ArrayRef> {
    let (chunks, field) = values.into_chunked_array().map_err(PyErr::from)?.into_inner();
    if field.metadata().contains_key("ARROW:extension:name") {
        let rows = chunks.iter().map(|chunk| chunk.len()).sum();
        return Ok(Arc::new(NullArray::new(rows)));
    }
    one_array(&chunks, &field)
}

/// The chunks of a column: at least one, which has the type of the column.
fn chunks(values: AnyArray) -> PyResult<(Vec<ArrayRef>, FieldRef)> {
    let (mut chunks, field) = values.into_chunked_array().map_err(PyErr::from)?.into_inner();
    if chunks.is_empty() {
        chunks.push(new_empty_array(field.data_type()));
    }
    Ok((chunks, field))
}

fn joined(values: AnyArray) -> PyResult<ArrayRef> {
    let (chunks, field) = values.into_chunked_array().map_err(PyErr::from)?.into_inner();
    one_array(&chunks, &field)
}

fn one_array(chunks: &[ArrayRef], field: &Field) -> PyResult<ArrayRef> {
    match chunks {
        [] => Ok(new_empty_array(field.data_type())),
        [one] => Ok(Arc::clone(one)),
        several => {
            let several: Vec<&dyn Array> = several.iter().map(AsRef::as_ref).collect();
            concat(&several).map_err(invalid)
        }
    }
}

fn invalid(error: impl ToString) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The parts of a column, each by the names of the fields that it is in; `None` if one is in another one.
fn tree(parts: &[(&[String], usize)]) -> Option<Parts> {
    if let [([], at)] = parts {
        return Some(Parts::Whole(*at));
    }
    let mut fields: BTreeMap<&str, Vec<(&[String], usize)>> = BTreeMap::new();
    for (names, at) in parts {
        let (first, rest) = names.split_first()?;
        fields.entry(first).or_default().push((rest, *at));
    }
    let fields = fields.into_iter().map(|(name, parts)| Some((name.to_owned(), tree(&parts)?)));
    Some(Parts::Fields(fields.collect::<Option<_>>()?))
}

fn reads(condition: &RowCondition, names: &mut Vec<String>) {
    let mut add = |column: &Column| names.extend(column.as_name().map(str::to_owned));
    match condition {
        RowCondition::Holds(column)
        | RowCondition::Choice { column, .. }
        | RowCondition::Number { column, .. } => add(column),
        RowCondition::PurposeColumns { touches, .. } => touches.iter().for_each(add),
        RowCondition::PurposeLists { yes, no, .. } => yes.iter().chain(no).for_each(add),
        RowCondition::Not(inner) => reads(inner, names),
        RowCondition::All(parts) | RowCondition::Any(parts) => {
            parts.iter().for_each(|part| reads(part, names));
        }
        _ => {}
    }
}

/// A condition as a word and what it is about: `("all", …)`, `("holds", "column")`.
fn tuple<'py>(py: Python<'py>, condition: &RowCondition) -> PyResult<Bound<'py, PyTuple>> {
    let name = |column: &Column| column.as_name().unwrap_or_default().to_owned();
    let names = |columns: &[Column]| columns.iter().map(name).collect::<Vec<_>>();
    let all = |word: &str, parts: &[RowCondition]| {
        let parts = parts.iter().map(|part| tuple(py, part)).collect::<PyResult<Vec<_>>>()?;
        (word, parts).into_pyobject(py)
    };
    match condition {
        RowCondition::Yes => ("yes",).into_pyobject(py),
        RowCondition::No => ("no",).into_pyobject(py),
        RowCondition::Holds(column) => ("holds", name(column)).into_pyobject(py),
        RowCondition::Choice { column, yes, no } => {
            ("choice", name(column), yes, no).into_pyobject(py)
        }
        RowCondition::Number { column, test, number } => {
            let test = match test {
                NumberTest::AtLeast => ">=",
                NumberTest::Above => ">",
                NumberTest::Equal => "==",
            };
            ("number", name(column), test, *number).into_pyobject(py)
        }
        RowCondition::PurposeColumns { hits, touches } => {
            ("columns", names(hits), names(touches)).into_pyobject(py)
        }
        RowCondition::PurposeLists { yes, no, hits, touches, known } => {
            let [yes, no] = [yes, no].map(|column| column.as_ref().map(name));
            ("lists", yes, no, hits, touches, known).into_pyobject(py)
        }
        RowCondition::Not(inner) => ("not", tuple(py, inner)?).into_pyobject(py),
        RowCondition::All(parts) => all("all", parts),
        RowCondition::Any(parts) => all("any", parts),
        // What this version does not know, it does not say yes to.
        _ => ("unknown",).into_pyobject(py),
    }
}

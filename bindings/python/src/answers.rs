//! Decisions on many rows, converted for Python: to Arrow, bytes or a list.

use crate::rows::{ALLOW, DENY};
use arrow_array::types::UInt8Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, RecordBatch, StringArray, StructArray,
    UInt8Array,
};
use arrow_buffer::BooleanBuffer;
use arrow_schema::{DataType, Field, Schema};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyTuple};
use std::sync::Arc;

/// The words for the codes of `rows`.
const WORDS: [&str; 3] = ["deny", "depends", "allow"];

/// The decisions of a column: yes or no, or verdicts.
#[pyclass(frozen, module = "whyfor._core")]
pub(crate) struct Answers {
    codes: Vec<u8>,
    verdicts: bool,
}

impl Answers {
    pub(crate) fn new(codes: Vec<u8>, verdicts: bool) -> Self {
        Self { codes, verdicts }
    }
}

#[pymethods]
impl Answers {
    fn __len__(&self) -> usize {
        self.codes.len()
    }

    /// The numbers of rows that are denied, that depend on unstated facts, and that are allowed.
    #[pyo3(signature = ())]
    fn counts(&self) -> (usize, usize, usize) {
        let allowed = self.codes.iter().filter(|code| **code == ALLOW).count();
        let denied = self.codes.iter().filter(|code| **code == DENY).count();
        (denied, self.codes.len() - allowed - denied, allowed)
    }

    /// The same number of rows, all allowed: for observing without enforcing.
    #[pyo3(signature = ())]
    fn unenforced(&self) -> Self {
        Self { codes: vec![ALLOW; self.codes.len()], verdicts: self.verdicts }
    }

    /// An Arrow array: of booleans, or a dictionary of the words deny, depends and allow.
    #[pyo3(signature = (requested_schema: "object | None" = None) -> "tuple[object, object]")]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let array: ArrayRef = if self.verdicts {
            let keys = UInt8Array::from(self.codes.clone());
            let words: ArrayRef = Arc::new(StringArray::from(WORDS.to_vec()));
            Arc::new(DictionaryArray::<UInt8Type>::try_new(keys, words).map_err(invalid)?)
        } else {
            let allowed =
                BooleanBuffer::collect_bool(self.codes.len(), |row| self.codes[row] == ALLOW);
            Arc::new(BooleanArray::new(allowed, None))
        };
        export(py, &*array, requested_schema)
    }

    /// One byte per row: 1 if allowed, else 0; for verdicts, 0 is deny, 1 depends, 2 allow.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        if self.verdicts {
            return Ok(PyBytes::new(py, &self.codes));
        }
        PyBytes::new_with(py, self.codes.len(), |bytes| {
            for (byte, code) in bytes.iter_mut().zip(&self.codes) {
                *byte = u8::from(*code == ALLOW);
            }
            Ok(())
        })
    }

    /// A bool or a word for each row.
    fn to_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if self.verdicts {
            let word = |code: &u8| {
                WORDS.get(usize::from(*code)).copied().unwrap_or(WORDS[usize::from(DENY)])
            };
            return self.codes.iter().map(word).collect::<Vec<_>>().into_pyobject(py);
        }
        self.codes.iter().map(|code| *code == ALLOW).collect::<Vec<_>>().into_pyobject(py)
    }
}

/// Field names and their allowed purposes.
#[pyclass(frozen, module = "whyfor._core")]
pub(crate) struct Pairs {
    pairs: Vec<(String, String)>,
}

impl Pairs {
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }
}

#[pymethods]
impl Pairs {
    /// The pickled pairs.
    #[new]
    #[pyo3(signature = (pairs))]
    fn unpickled(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }

    /// Pickled as tuples.
    #[pyo3(signature = () -> "tuple[object, ...]")]
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        (py.get_type::<Self>(), (self.pairs.clone(),)).into_pyobject(py)
    }

    fn __len__(&self) -> usize {
        self.pairs.len()
    }

    /// An Arrow array of structs, that is a table with the columns field and purpose.
    #[pyo3(signature = (requested_schema: "object | None" = None) -> "tuple[object, object]")]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let column = |name: fn(&(String, String)) -> &str| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(self.pairs.iter().map(name)))
        };
        let schema = Schema::new(vec![
            Field::new("field", DataType::Utf8, false),
            Field::new("purpose", DataType::Utf8, false),
        ]);
        let columns = vec![column(|pair| &pair.0), column(|pair| &pair.1)];
        let batch = RecordBatch::try_new(Arc::new(schema), columns).map_err(invalid)?;
        export(py, &StructArray::from(batch), requested_schema)
    }

    /// The pairs as tuples.
    fn to_list(&self) -> Vec<(String, String)> {
        self.pairs.clone()
    }
}

fn export<'py>(
    py: Python<'py>,
    array: &dyn Array,
    requested_schema: Option<Bound<'py, PyCapsule>>,
) -> PyResult<Bound<'py, PyTuple>> {
    let field = Arc::new(Field::new("", array.data_type().clone(), false));
    Ok(pyo3_arrow::ffi::to_array_pycapsules(py, field, array, requested_schema)?)
}

fn invalid(error: arrow_schema::ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

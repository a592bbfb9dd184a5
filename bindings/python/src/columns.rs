//! Columns of names, of any Python type, as Arrow arrays.
//!
//! Supports plain, large and view strings, dictionaries and run-end encoding, in chunks of any
//! length. Columns without a PyCapsule interface arrive as lists of strings.

use crate::errors;
use arrow_array::builder::StringViewBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, RunEndIndexType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray, RunArray, make_array};
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyList, PyString};
use pyo3_arrow::input::AnyArray;
use std::ops::Range;
use std::sync::Arc;

/// One name for all rows, or one name per row.
pub(crate) enum Names {
    One(String),
    Rows(Rows),
}

/// A column: chunks, each with the number of its first row.
pub(crate) struct Rows {
    chunks: Vec<(usize, Chunk)>,
    length: usize,
}

pub(crate) enum Chunk {
    Plain(ArrayRef),
    /// For each row, the index of its text; none if out of range.
    Coded(ArrayRef, ArrayRef),
}

impl Rows {
    fn new(chunks: impl IntoIterator<Item = Chunk>) -> Self {
        let mut rows = Self { chunks: Vec::new(), length: 0 };
        for chunk in chunks {
            let (Chunk::Plain(array) | Chunk::Coded(array, _)) = &chunk;
            let length = array.len();
            if length > 0 {
                rows.chunks.push((rows.length, chunk));
                rows.length += length;
            }
        }
        rows
    }
}

impl Names {
    /// Accepts a string, an Arrow column, or a list of strings and None.
    pub(crate) fn of(argument: &str, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(one) = value.cast::<PyString>() {
            return Ok(Self::One(one.to_str()?.to_owned()));
        }
        let chunks = match value.cast::<PyList>() {
            Ok(list) => vec![of_list(argument, list)?],
            Err(_) => of_arrow(argument, value)?,
        };
        for chunk in &chunks {
            if !has_names(chunk.data_type()) {
                let message = format!(
                    "argument '{argument}': a column of {} has no names",
                    chunk.data_type()
                );
                return Err(PyTypeError::new_err(message));
            }
        }
        Ok(Self::Rows(Rows::new(chunks.into_iter().map(
            |chunk| match chunk.as_any_dictionary_opt() {
                Some(dictionary) => {
                    let keys = make_array(dictionary.keys().to_data());
                    Chunk::Coded(keys, Arc::clone(dictionary.values()))
                }
                None => Chunk::Plain(chunk),
            },
        ))))
    }

    /// A categorical column: an integer for each row, the index of its text; none if out of range.
    pub(crate) fn of_codes(
        argument: &str,
        codes: &Bound<'_, PyAny>,
        values: &Bound<'_, PyList>,
    ) -> PyResult<Self> {
        let values = of_list(argument, values)?;
        let codes: AnyArray = codes.extract()?;
        let (codes, _) = codes.into_chunked_array().map_err(PyErr::from)?.into_inner();
        if let Some(other) = codes.iter().find(|codes| !codes.data_type().is_integer()) {
            let kind = other.data_type();
            let message = format!("argument '{argument}': codes of {kind} pick no texts");
            return Err(PyTypeError::new_err(message));
        }
        let chunks = codes.into_iter().map(|codes| Chunk::Coded(codes, Arc::clone(&values)));
        Ok(Self::Rows(Rows::new(chunks)))
    }

    /// The number of rows; `None` if one name stands for all.
    pub(crate) fn length(&self) -> Option<usize> {
        match self {
            Self::One(_) => None,
            Self::Rows(rows) => Some(rows.length),
        }
    }

    /// The part of the column from a row on, within one chunk.
    pub(crate) fn part(&self, row: usize) -> Part<'_> {
        match self {
            Self::One(name) => Part::One(name),
            Self::Rows(rows) => {
                let next = rows.chunks.partition_point(|(start, _)| *start <= row);
                match rows.chunks.get(next.wrapping_sub(1)) {
                    Some((start, chunk)) => Part::Chunk(chunk, row - start),
                    None => Part::None,
                }
            }
        }
    }
}

/// A column from a row on.
pub(crate) enum Part<'a> {
    One(&'a str),
    /// A chunk, and the row in it.
    Chunk(&'a Chunk, usize),
    /// Beyond the last row.
    None,
}

impl<'a> Part<'a> {
    /// The number of rows.
    pub(crate) fn length(&self) -> usize {
        match self {
            Self::One(_) => usize::MAX,
            Self::Chunk(Chunk::Plain(array) | Chunk::Coded(array, _), from) => array.len() - from,
            Self::None => 0,
        }
    }

    /// The distinct names of a dictionary, followed by none; or the single name.
    pub(crate) fn distinct(&self) -> Option<Vec<Option<&'a str>>> {
        match self {
            Self::One(name) => Some(vec![Some(*name)]),
            Self::Chunk(Chunk::Coded(_, values), _) => {
                let mut names = Vec::with_capacity(values.len() + 1);
                texts(values.as_ref(), 0..values.len(), &mut names);
                names.push(None);
                Some(names)
            }
            Self::Chunk(Chunk::Plain(_), _) => None,
            Self::None => None,
        }
    }

    /// Writes the indexes of some rows into the distinct names to an empty list.
    pub(crate) fn codes(&self, rows: Range<usize>, out: &mut Vec<u32>) {
        match self {
            Self::Chunk(Chunk::Coded(keys, values), from) => {
                codes(keys.as_ref(), from + rows.start..from + rows.end, values.len(), out);
            }
            _ => out.extend(rows.map(|_| 0)),
        }
    }

    /// Appends the names of some rows, counted from the start of the part.
    pub(crate) fn names(&self, rows: Range<usize>, out: &mut Vec<Option<&'a str>>) {
        match self {
            Self::One(name) => out.resize(out.len() + rows.len(), Some(*name)),
            Self::Chunk(chunk, from) => {
                let rows = from + rows.start..from + rows.end;
                match chunk {
                    Chunk::Plain(array) => texts(array.as_ref(), rows, out),
                    Chunk::Coded(keys, values) => coded(keys.as_ref(), values.as_ref(), rows, out),
                }
            }
            Self::None => out.extend(rows.map(|_| None)),
        }
    }
}

fn of_arrow(argument: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    let is_arrow = value.hasattr("__arrow_c_array__")? || value.hasattr("__arrow_c_stream__")?;
    if !is_arrow {
        return Err(errors::argument(argument, value, "a str or a column of texts"));
    }
    let array: AnyArray = value.extract()?;
    let chunked = array.into_chunked_array().map_err(PyErr::from)?;
    Ok(chunked.into_inner().0)
}

/// The strings of a list; None and the missing values of data frames are null.
fn of_list(argument: &str, list: &Bound<'_, PyList>) -> PyResult<ArrayRef> {
    let mut builder = StringViewBuilder::with_capacity(list.len());
    for (row, item) in list.iter().enumerate() {
        match item.cast::<PyString>() {
            // A lone surrogate cannot match any name in a policy: as data it is denied.
            Ok(text) => builder.append_option(text.to_str().ok()),
            Err(_) if is_missing(&item)? => builder.append_null(),
            Err(_) => {
                let place = format!("{argument}[{row}]");
                return Err(errors::argument(&place, &item, "a str or None"));
            }
        }
    }
    Ok(Arc::new(builder.finish()))
}

fn is_missing(item: &Bound<'_, PyAny>) -> PyResult<bool> {
    if item.is_none() {
        return Ok(true);
    }
    if let Ok(number) = item.cast::<PyFloat>() {
        return Ok(number.value().is_nan());
    }
    Ok(matches!(item.get_type().name()?.to_str()?, "NAType" | "NaTType"))
}

fn has_names(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => true,
        DataType::Dictionary(_, values) => has_names(values),
        DataType::RunEndEncoded(_, values) => has_names(values.data_type()),
        _ => false,
    }
}

/// Appends the texts of some rows.
fn texts<'a>(array: &'a dyn Array, rows: Range<usize>, out: &mut Vec<Option<&'a str>>) {
    macro_rules! plain {
        ($array:expr) => {{
            let array = $array;
            match array.nulls() {
                None => out.extend(rows.map(|row| Some(array.value(row)))),
                Some(nulls) => {
                    out.extend(rows.map(|row| nulls.is_valid(row).then(|| array.value(row))));
                }
            }
        }};
    }
    match array.data_type() {
        DataType::Utf8 => plain!(array.as_string::<i32>()),
        DataType::LargeUtf8 => plain!(array.as_string::<i64>()),
        DataType::Utf8View => plain!(array.as_string_view()),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            coded(dictionary.keys(), dictionary.values().as_ref(), rows, out);
        }
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => runs(array.as_run::<Int16Type>(), rows, out),
            DataType::Int32 => runs(array.as_run::<Int32Type>(), rows, out),
            _ => runs(array.as_run::<Int64Type>(), rows, out),
        },
        _ => out.extend(rows.map(|_| None)),
    }
}

fn runs<'a, R: RunEndIndexType>(
    array: &'a RunArray<R>,
    rows: Range<usize>,
    out: &mut Vec<Option<&'a str>>,
) {
    if rows.is_empty() {
        return;
    }
    let ends = array.run_ends();
    let (first, last) =
        (ends.get_physical_index(rows.start), ends.get_physical_index(rows.end - 1));
    let mut names = Vec::with_capacity(last + 1 - first);
    texts(array.values().as_ref(), first..last + 1, &mut names);
    let mut run = 0;
    for row in rows {
        let ended = |end: &R::Native| end.as_usize() <= row + ends.offset();
        while ends.values().get(first + run).is_some_and(ended) {
            run += 1;
        }
        out.push(names.get(run).copied().flatten());
    }
}

/// Appends the texts that keys refer to.
fn coded<'a>(
    keys: &dyn Array,
    values: &'a dyn Array,
    rows: Range<usize>,
    out: &mut Vec<Option<&'a str>>,
) {
    let mut picked = Vec::with_capacity(rows.len());
    codes(keys, rows, values.len(), &mut picked);
    for code in picked {
        match code as usize {
            code if code < values.len() => texts(values, code..code + 1, out),
            _ => out.push(None),
        }
    }
}

/// Appends the indexes of some rows into the values; `values` for rows without one.
fn codes(keys: &dyn Array, rows: Range<usize>, values: usize, out: &mut Vec<u32>) {
    macro_rules! by_type {
        ($($name:ident => $type:ty),*) => {
            match keys.data_type() {
                $(DataType::$name => codes_of(keys.as_primitive::<$type>(), rows, values, out),)*
                _ => out.extend(rows.map(|_| values as u32)),
            }
        };
    }
    by_type!(
        Int8 => Int8Type, Int16 => Int16Type, Int32 => Int32Type, Int64 => Int64Type,
        UInt8 => UInt8Type, UInt16 => UInt16Type, UInt32 => UInt32Type, UInt64 => UInt64Type
    );
}

fn codes_of<K: ArrowPrimitiveType>(
    keys: &PrimitiveArray<K>,
    rows: Range<usize>,
    values: usize,
    out: &mut Vec<u32>,
) {
    let start = out.len();
    // Negative keys become large as unsigned numbers, so beyond the values.
    out.extend(keys.values()[rows.clone()].iter().map(|key| key.as_usize().min(values) as u32));
    let Some(nulls) = keys.nulls() else { return };
    for (place, row) in out[start..].iter_mut().zip(rows) {
        if nulls.is_null(row) {
            *place = values as u32;
        }
    }
}

//! Arrays as plain values: dictionaries and runs are taken apart, so that no value is left in them that no row shows.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, RunEndIndexType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray, RunArray, UInt32Array, new_null_array};
use arrow_buffer::{ArrowNativeType, BooleanBuffer};
use arrow_schema::DataType;
use arrow_select::take::take;
use std::ops::Range;
use std::sync::Arc;

/// The values of an array that is no dictionary and has no runs. O(values); a plain array is given back as it is.
pub(super) fn plain(array: &ArrayRef) -> ArrayRef {
    let (values, places) = match array.data_type() {
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            (Arc::clone(dictionary.values()), codes(dictionary.keys(), dictionary.values().len()))
        }
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => runs::<Int16Type>(array),
            DataType::Int32 => runs::<Int32Type>(array),
            _ => runs::<Int64Type>(array),
        },
        _ => return Arc::clone(array),
    };
    let taken = take(&values, &UInt32Array::from(places), None);
    plain(&taken.unwrap_or_else(|_| new_null_array(values.data_type(), array.len())))
}

/// The place of each row's value in a dictionary; none for a null, and for a key that is beyond the values.
fn codes(keys: &dyn Array, values: usize) -> Vec<Option<u32>> {
    fn of<K: ArrowPrimitiveType>(keys: &PrimitiveArray<K>, values: usize) -> Vec<Option<u32>> {
        // A negative key is beyond the values as a number without a sign.
        let place = |key: K::Native| Some(key.as_usize()).filter(|at| *at < values);
        keys.iter().map(|key| key.and_then(place).and_then(|at| u32::try_from(at).ok())).collect()
    }
    macro_rules! by_type {
        ($($name:ident => $type:ty),*) => {
            match keys.data_type() {
                $(DataType::$name => of(keys.as_primitive::<$type>(), values),)*
                _ => vec![None; keys.len()],
            }
        };
    }
    by_type!(
        Int8 => Int8Type, Int16 => Int16Type, Int32 => Int32Type, Int64 => Int64Type,
        UInt8 => UInt8Type, UInt16 => UInt16Type, UInt32 => UInt32Type, UInt64 => UInt64Type
    )
}

fn runs<R: RunEndIndexType>(array: &ArrayRef) -> (ArrayRef, Vec<Option<u32>>) {
    let runs: &RunArray<R> = array.as_run();
    let place = |row| u32::try_from(runs.get_physical_index(row)).ok();
    (Arc::clone(runs.values()), (0..runs.len()).map(place).collect())
}

/// The texts of an array.
pub(super) enum Texts {
    Plain(ArrayRef),
    /// Values, and the place of each row's among them.
    Coded(Box<Texts>, Vec<Option<u32>>),
}

impl Texts {
    /// `None` if the values are no texts.
    pub(super) fn of(array: &ArrayRef) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
                Some(Self::Plain(Arc::clone(array)))
            }
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                let values = dictionary.values();
                let codes = codes(dictionary.keys(), values.len());
                Some(Self::Coded(Box::new(Self::of(values)?), codes))
            }
            DataType::RunEndEncoded(..) => Self::of(&plain(array)),
            _ => None,
        }
    }

    /// The rows whose text is so; a null is not. A text of a dictionary is tested once.
    pub(super) fn which(&self, is_so: impl Fn(&str) -> bool + Copy) -> BooleanBuffer {
        match self {
            Self::Plain(array) => of_plain(array, is_so),
            Self::Coded(values, codes) => {
                let found = values.which(is_so);
                let is_found = |code: &Option<u32>| code.is_some_and(|at| found.value(at as usize));
                BooleanBuffer::collect_bool(codes.len(), |row| is_found(&codes[row]))
            }
        }
    }
}

fn of_plain(array: &ArrayRef, is_so: impl Fn(&str) -> bool) -> BooleanBuffer {
    macro_rules! which {
        ($array:expr) => {{
            let array = $array;
            BooleanBuffer::collect_bool(array.len(), |row| is_so(array.value(row)))
        }};
    }
    let found = match array.data_type() {
        DataType::Utf8 => which!(array.as_string::<i32>()),
        DataType::LargeUtf8 => which!(array.as_string::<i64>()),
        _ => which!(array.as_string_view()),
    };
    match array.nulls() {
        None => found,
        Some(nulls) => &found & nulls.inner(),
    }
}

/// The items of an array of lists, and where those of each row are; `None` if it is no array of lists.
pub(super) fn items(array: &ArrayRef) -> Option<(ArrayRef, Vec<Range<usize>>)> {
    macro_rules! by_offsets {
        ($offset:ty) => {{
            let lists = array.as_list::<$offset>();
            let offsets = lists.offsets().windows(2);
            let ranges = offsets.map(|ends| ends[0].as_usize()..ends[1].as_usize()).collect();
            (Arc::clone(lists.values()), ranges)
        }};
    }
    macro_rules! by_views {
        ($offset:ty) => {{
            let lists = array.as_list_view::<$offset>();
            let places = lists.offsets().iter().zip(lists.sizes());
            let range = |(start, size): (&$offset, &$offset)| {
                start.as_usize()..start.as_usize() + size.as_usize()
            };
            (Arc::clone(lists.values()), places.map(range).collect())
        }};
    }
    Some(match array.data_type() {
        DataType::List(_) => by_offsets!(i32),
        DataType::LargeList(_) => by_offsets!(i64),
        DataType::ListView(_) => by_views!(i32),
        DataType::LargeListView(_) => by_views!(i64),
        DataType::FixedSizeList(_, size) => {
            let lists = array.as_fixed_size_list();
            let size = size.as_usize();
            let range = |row: usize| row * size..(row + 1) * size;
            (Arc::clone(lists.values()), (0..lists.len()).map(range).collect())
        }
        _ => return None,
    })
}

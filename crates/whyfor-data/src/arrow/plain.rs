//! Arrays as plain values: dictionaries and runs are taken apart, so that no value is left in them that no row shows.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Int8Type, Int16Type, Int32Type, Int64Type, RunEndIndexType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray, RunArray, UInt32Array, new_null_array};
use arrow_buffer::ArrowNativeType;
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
pub(super) fn codes(keys: &dyn Array, values: usize) -> Vec<Option<u32>> {
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

/// The items of an array of lists, and the range of each row's items: empty for a null. `None` for any other array.
///
/// The items are those of these rows: a slice of an array shares the items of all its rows.
pub(super) fn items(array: &ArrayRef) -> Option<(ArrayRef, Vec<Range<usize>>)> {
    macro_rules! by_offsets {
        ($offset:ty) => {{
            let lists = array.as_list::<$offset>();
            let offsets = lists.offsets().windows(2);
            let ranges = offsets.map(|ends| ends[0].as_usize()..ends[1].as_usize());
            (lists.values(), ranges.collect::<Vec<_>>())
        }};
    }
    macro_rules! by_views {
        ($offset:ty) => {{
            let lists = array.as_list_view::<$offset>();
            let places = lists.offsets().iter().zip(lists.sizes());
            let range = |(start, size): (&$offset, &$offset)| {
                start.as_usize()..start.as_usize() + size.as_usize()
            };
            (lists.values(), places.map(range).collect())
        }};
    }
    let (values, mut ranges) = match array.data_type() {
        DataType::List(_) => by_offsets!(i32),
        DataType::LargeList(_) => by_offsets!(i64),
        DataType::ListView(_) => by_views!(i32),
        DataType::LargeListView(_) => by_views!(i64),
        DataType::FixedSizeList(_, size) => {
            let lists = array.as_fixed_size_list();
            let size = size.as_usize();
            let range = |row: usize| row * size..(row + 1) * size;
            (lists.values(), (0..lists.len()).map(range).collect())
        }
        _ => return None,
    };
    if let Some(nulls) = array.nulls() {
        for (_, range) in ranges.iter_mut().enumerate().filter(|(row, _)| nulls.is_null(*row)) {
            *range = 0..0;
        }
    }
    let used = ranges.iter().filter(|range| !range.is_empty());
    let (start, end) = used.fold((values.len(), 0), |(start, end), range| {
        (start.min(range.start), end.max(range.end))
    });
    let start = start.min(end);
    for range in &mut ranges {
        *range = range.start.saturating_sub(start)..range.end.saturating_sub(start);
    }
    Some((values.slice(start, end - start), ranges))
}

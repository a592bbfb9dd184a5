//! Some rows of an array, and nothing of the others.

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray, UInt32Array,
    downcast_primitive,
};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::DataType;
use arrow_select::take::take;
use std::sync::Arc;

/// The values of some rows, and null in all others. The buffers hold nothing of the others, except those of the texts of
/// views. `None` for nested values.
pub(super) fn kept(values: &ArrayRef, rows: &BooleanBuffer) -> Option<ArrayRef> {
    // What stands below a null is of no row.
    let seen = match values.nulls() {
        None => rows.clone(),
        Some(nulls) => rows & nulls.inner(),
    };
    macro_rules! primitive {
        ($type:ty) => {
            Some(Arc::new(numbers::<$type>(values.as_primitive(), seen)))
        };
    }
    downcast_primitive! {
        values.data_type() => (primitive),
        DataType::Boolean => {
            let kept = values.as_boolean().values() & &seen;
            Some(Arc::new(BooleanArray::new(kept, Some(NullBuffer::new(seen)))))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Binary | DataType::LargeBinary
        | DataType::BinaryView => take(values, &places(seen), None).ok(),
        _ => None,
    }
}

fn numbers<P: ArrowPrimitiveType>(
    values: &PrimitiveArray<P>,
    seen: BooleanBuffer,
) -> PrimitiveArray<P> {
    let mut kept = Vec::with_capacity(values.len());
    let words = seen.bit_chunks();
    for (word, values) in words.iter_padded().zip(values.values().chunks(64)) {
        let one = |(bit, value): (usize, &P::Native)| {
            if word >> bit & 1 == 1 { *value } else { P::Native::default() }
        };
        kept.extend(values.iter().enumerate().map(one));
    }
    PrimitiveArray::new(kept.into(), Some(NullBuffer::new(seen)))
        .with_data_type(values.data_type().clone())
}

/// The places of the rows. Those of the others are beyond all values, so that nothing is taken for them.
fn places(seen: BooleanBuffer) -> UInt32Array {
    let mut places = Vec::with_capacity(seen.len());
    for word in seen.bit_chunks().iter_padded() {
        let start = places.len() as u32;
        places.extend((0..64).map(|bit| if word >> bit & 1 == 1 { start + bit } else { u32::MAX }));
    }
    places.truncate(seen.len());
    UInt32Array::new(places.into(), Some(NullBuffer::new(seen)))
}

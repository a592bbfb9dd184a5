//! Masks of arrays.

use super::hash::{self, Salt};
use super::plain::plain;
use super::text::{self, Shown};
use super::time::{self, Unit};
use crate::column_type::ColumnType;
use arrow_array::builder::{GenericStringBuilder, StringViewBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{
    Array, ArrayRef, ArrowPrimitiveType, BinaryArray, BinaryViewArray, LargeBinaryArray,
    LargeStringArray, StringArray, StringViewArray, StructArray, make_array, new_null_array,
};
use arrow_schema::{DataType, TimeUnit};
use std::sync::Arc;
use whyfor::Mask;

/// The text that `mask-to-fixed-value` shows.
const FIXED: &str = "XXXXXXXX";
const MILLISECONDS: i64 = 1000;

/// A mask is not for values of this type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mask `{mask}` is for {}, not for a column of {kind}", takes(*.mask))]
pub struct ArrayMaskError {
    /// The mask.
    pub mask: Mask,
    /// The type of the values.
    pub kind: DataType,
}

/// What a mask is for, as a phrase.
fn takes(mask: Mask) -> &'static str {
    match mask {
        Mask::MaskAlphanum | Mask::ShowFirst4 | Mask::ShowLast4 => "texts",
        Mask::TruncateToYear | Mask::TruncateToMonth => "dates and timestamps",
        Mask::Sha256Global | Mask::Sha256QueryLocal => {
            "texts, integers of 32 and 64 bits, and binary values"
        }
        Mask::MaskToFixedValue => {
            "yes and no, numbers, texts, dates, timestamps, binary values, lists, maps and structs of these"
        }
        Mask::ReplaceWithNull => "values that can be null",
    }
}

/// Whether a mask is for values of a type; a dictionary is of the type of its values. O(size of the type).
///
/// # Errors
/// It is not.
///
/// ```
/// use arrow_schema::DataType;
/// use whyfor::Mask;
/// assert!(whyfor_data::check_mask(Mask::TruncateToYear, &DataType::Date32).is_ok());
/// let error = whyfor_data::check_mask(Mask::TruncateToYear, &DataType::Utf8).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the mask `truncate-to-year` is for dates and timestamps, not for a column of Utf8"
/// );
/// ```
pub fn check_mask(mask: Mask, kind: &DataType) -> Result<(), ArrayMaskError> {
    let kind_of_values = value_type(kind);
    let is_for = match mask {
        _ if *kind_of_values == DataType::Null => true, // nothing is there to hide
        Mask::ReplaceWithNull => true,
        Mask::MaskToFixedValue => has_fixed_value(kind_of_values),
        _ => column_type(kind_of_values).is_some_and(|kind| kind.takes(mask)),
    };
    if is_for { Ok(()) } else { Err(ArrayMaskError { mask, kind: kind.clone() }) }
}

/// The type of the values, below dictionaries and runs.
fn value_type(kind: &DataType) -> &DataType {
    match kind {
        DataType::Dictionary(_, values) => value_type(values),
        DataType::RunEndEncoded(_, values) => value_type(values.data_type()),
        other => other,
    }
}

/// The type as a column has it, if some mask is for its values only.
fn column_type(kind: &DataType) -> Option<ColumnType> {
    Some(match kind {
        DataType::Int32 => ColumnType::Int,
        DataType::Int64 => ColumnType::Long,
        DataType::Date32 | DataType::Date64 => ColumnType::Date,
        DataType::Timestamp(..) => ColumnType::Timestamp,
        kind if is_text(kind) => ColumnType::String,
        kind if is_binary(kind) => ColumnType::Binary,
        _ => return None,
    })
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn is_binary(kind: &DataType) -> bool {
    matches!(kind, DataType::Binary | DataType::LargeBinary | DataType::BinaryView)
}

fn has_fixed_value(kind: &DataType) -> bool {
    use DataType::{Boolean, Date32, Date64, LargeList, List, Map, Struct, Timestamp};
    match value_type(kind) {
        Struct(fields) => fields.iter().all(|field| has_fixed_value(field.data_type())),
        Boolean | Date32 | Date64 | Timestamp(..) | List(_) | LargeList(_) | Map(..) => true,
        kind => is_text(kind) || is_binary(kind) || kind.is_numeric(),
    }
}

/// The images of the values under a mask: of the same type, but of a dictionary or runs of the type of the values. Null stays
/// null, but for `mask-to-fixed-value`. O(bytes of the values).
///
/// The salt is for `sha-256-query-local`.
///
/// # Errors
/// The mask is not for values of this type.
///
/// ```
/// use arrow_array::cast::AsArray;
/// use arrow_array::{ArrayRef, StringArray};
/// use std::sync::Arc;
/// use whyfor::Mask;
/// let names: ArrayRef = Arc::new(StringArray::from(vec![Some("(555) 123-4567"), None]));
/// let salt = whyfor_data::Salt::new([7; 16]).ok_or("too short")?;
/// let masked = whyfor_data::mask_array(Mask::MaskAlphanum, &names, &salt)?;
/// assert_eq!(masked.as_string::<i32>().value(0), "(nnn)xnnn-nnnn");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn mask_array(mask: Mask, values: &ArrayRef, salt: &Salt) -> Result<ArrayRef, ArrayMaskError> {
    check_mask(mask, values.data_type())?;
    let values = plain(values);
    if *values.data_type() == DataType::Null {
        return Ok(values);
    }
    let of_text = |shown| texts(&values, |text, out| text::write(text, shown, out));
    let masked = match mask {
        Mask::MaskAlphanum => of_text(Shown::None),
        Mask::ShowFirst4 => of_text(Shown::First),
        Mask::ShowLast4 => of_text(Shown::Last),
        Mask::TruncateToYear => truncated(&values, Unit::Year),
        Mask::TruncateToMonth => truncated(&values, Unit::Month),
        Mask::Sha256Global => hashed(&values, None),
        Mask::Sha256QueryLocal => hashed(&values, Some(salt)),
        Mask::MaskToFixedValue => fixed(values.data_type(), values.len()),
        Mask::ReplaceWithNull => Some(new_null_array(values.data_type(), values.len())),
    };
    masked.ok_or_else(|| ArrayMaskError { mask, kind: values.data_type().clone() })
}

/// The image of each text.
fn texts(values: &ArrayRef, write: impl Fn(&str, &mut String)) -> Option<ArrayRef> {
    macro_rules! images {
        ($array:expr, $builder:expr) => {{
            let mut builder = $builder;
            let mut image = String::new();
            for text in $array.iter() {
                image.clear();
                builder.append_option(text.map(|text| {
                    write(text, &mut image);
                    image.as_str()
                }));
            }
            Arc::new(builder.finish()) as ArrayRef
        }};
    }
    Some(match values.data_type() {
        DataType::Utf8 => images!(values.as_string::<i32>(), GenericStringBuilder::<i32>::new()),
        DataType::LargeUtf8 => {
            images!(values.as_string::<i64>(), GenericStringBuilder::<i64>::new())
        }
        DataType::Utf8View => images!(values.as_string_view(), StringViewBuilder::new()),
        _ => return None,
    })
}

fn hashed(values: &ArrayRef, salt: Option<&Salt>) -> Option<ArrayRef> {
    let sha256 = |bytes: &[u8]| hash::sha256(salt, bytes);
    macro_rules! binaries {
        ($array:expr, $type:ty) => {{
            let hashes = $array.iter().map(|value| value.map(sha256));
            Arc::new(hashes.collect::<$type>()) as ArrayRef
        }};
    }
    Some(match values.data_type() {
        DataType::Int32 => {
            let number = |value: i32| {
                let [a, b, c, d, ..] = sha256(&value.to_le_bytes());
                i32::from_le_bytes([a, b, c, d])
            };
            Arc::new(values.as_primitive::<Int32Type>().unary::<_, Int32Type>(number))
        }
        DataType::Int64 => {
            let number = |value: i64| {
                let [a, b, c, d, e, f, g, h, ..] = sha256(&value.to_le_bytes());
                i64::from_le_bytes([a, b, c, d, e, f, g, h])
            };
            Arc::new(values.as_primitive::<Int64Type>().unary::<_, Int64Type>(number))
        }
        DataType::Binary => binaries!(values.as_binary::<i32>(), BinaryArray),
        DataType::LargeBinary => binaries!(values.as_binary::<i64>(), LargeBinaryArray),
        DataType::BinaryView => binaries!(values.as_binary_view(), BinaryViewArray),
        _ => return texts(values, |text, out| hash::write_hex(&sha256(text.as_bytes()), out)),
    })
}

fn truncated(values: &ArrayRef, unit: Unit) -> Option<ArrayRef> {
    fn moments<T: ArrowPrimitiveType<Native = i64>>(
        values: &ArrayRef,
        each: i64,
        unit: Unit,
    ) -> ArrayRef {
        let moment = |moment| time::first_moment(moment, each, unit);
        let truncated = values.as_primitive::<T>().unary_opt::<_, T>(moment);
        Arc::new(truncated.with_data_type(values.data_type().clone()))
    }
    Some(match values.data_type() {
        DataType::Date32 => {
            let day = |day: i32| i32::try_from(time::first_day(day.into(), unit)).ok();
            Arc::new(values.as_primitive::<Date32Type>().unary_opt::<_, Date32Type>(day))
        }
        DataType::Date64 => moments::<Date64Type>(values, MILLISECONDS, unit),
        DataType::Timestamp(precision, _) => match precision {
            TimeUnit::Second => moments::<TimestampSecondType>(values, 1, unit),
            TimeUnit::Millisecond => {
                moments::<TimestampMillisecondType>(values, MILLISECONDS, unit)
            }
            TimeUnit::Microsecond => moments::<TimestampMicrosecondType>(values, 1_000_000, unit),
            TimeUnit::Nanosecond => moments::<TimestampNanosecondType>(values, 1_000_000_000, unit),
        },
        _ => return None,
    })
}

/// So many fixed values of a type.
fn fixed(kind: &DataType, rows: usize) -> Option<ArrayRef> {
    let text = || std::iter::repeat_n(FIXED, rows);
    Some(match kind {
        DataType::Utf8 => Arc::new(StringArray::from_iter_values(text())),
        DataType::LargeUtf8 => Arc::new(LargeStringArray::from_iter_values(text())),
        DataType::Utf8View => Arc::new(StringViewArray::from_iter_values(text())),
        DataType::Struct(fields) => {
            let columns = fields.iter().map(|field| fixed(field.data_type(), rows));
            let columns = columns.collect::<Option<Vec<_>>>()?;
            Arc::new(StructArray::try_new_with_length(fields.clone(), columns, None, rows).ok()?)
        }
        DataType::Dictionary(..) | DataType::RunEndEncoded(..) => fixed(value_type(kind), rows)?,
        // What is below a null is zero or empty, and that is the fixed value.
        _ => {
            let data = new_null_array(kind, rows).to_data();
            make_array(data.into_builder().nulls(None).build().ok()?)
        }
    })
}

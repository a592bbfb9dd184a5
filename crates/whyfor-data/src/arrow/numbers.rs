//! Numbers of arrays compared with the number of a condition.

use super::bits::which;
use super::plain::plain;
use super::truth::{Truth, valid};
use crate::condition::NumberTest;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_schema::DataType;

/// The last whole number up to which a float holds all.
const EXACT: i128 = 1 << 53;

/// Numbers compared with one; `None` if the values are no numbers. A number beyond what a float holds exactly states nothing.
pub(super) fn compared(values: &ArrayRef, test: NumberTest, number: f64) -> Option<Truth> {
    let (low, high) = match test {
        NumberTest::AtLeast => (number, f64::MAX),
        NumberTest::Above => (number.next_up(), f64::MAX),
        NumberTest::Equal => (number, number),
    };
    let is_hit = |value: f64| low <= value && value <= high;
    let values = &plain(values);
    macro_rules! whole {
        ($type:ty) => {{
            type Native = <$type as ArrowPrimitiveType>::Native;
            // What of a range is in the type, as bounds: a loop over whole numbers needs no floats.
            let bounds = |low: i128, high: i128| {
                let (low, high) = (low.max(Native::MIN.into()), high.min(Native::MAX.into()));
                if low <= high {
                    (low as Native, high as Native)
                } else {
                    (Native::MAX, Native::MIN)
                }
            };
            let hits = bounds((low.ceil() as i128).max(-EXACT), (high.floor() as i128).min(EXACT));
            let stated = bounds(-EXACT, EXACT);
            let is_in = |(low, high): (Native, Native)| {
                move |value: &Native| low <= *value && *value <= high
            };
            of_numbers::<$type>(values, is_in(hits), is_in(stated))
        }};
    }
    macro_rules! float {
        ($type:ty) => {
            of_numbers::<$type>(
                values,
                |value| is_hit(f64::from(*value)),
                |value| f64::from(*value).is_finite(),
            )
        };
    }
    macro_rules! decimal {
        ($type:ty, $scale:expr) => {{
            let number =
                |value: &<$type as ArrowPrimitiveType>::Native| decimal(&value.to_string(), $scale);
            of_numbers::<$type>(
                values,
                |value| number(value).is_some_and(is_hit),
                |value| number(value).is_some(),
            )
        }};
    }
    Some(match values.data_type() {
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => whole!(UInt64Type),
        DataType::Float16 => float!(Float16Type),
        DataType::Float32 => float!(Float32Type),
        DataType::Float64 => float!(Float64Type),
        DataType::Decimal32(_, scale) => decimal!(Decimal32Type, *scale),
        DataType::Decimal64(_, scale) => decimal!(Decimal64Type, *scale),
        DataType::Decimal128(_, scale) => decimal!(Decimal128Type, *scale),
        DataType::Decimal256(_, scale) => decimal!(Decimal256Type, *scale),
        _ => return None,
    })
}

/// The number with these digits, some of them after the point. `None` if floats do not hold it exactly.
fn decimal(digits: &str, scale: i8) -> Option<f64> {
    let unsigned = digits.trim_start_matches('-');
    let whole = unsigned.len() as i64 - i64::from(scale); // how many digits are before the point
    let (before, after) = unsigned.split_at(whole.clamp(0, unsigned.len() as i64) as usize);
    let zeros = usize::try_from(whole - unsigned.len() as i64).unwrap_or(0);
    let before: u128 = format!("0{before}{}", "0".repeat(zeros)).parse().ok()?;
    let is_whole = after.bytes().all(|digit| digit == b'0');
    let is_exact = before < EXACT as u128 || before == EXACT as u128 && is_whole;
    is_exact.then(|| format!("{digits}e{}", -i32::from(scale)).parse().ok())?
}

/// Yes where the number is hit, and no where it is stated otherwise.
fn of_numbers<P: ArrowPrimitiveType>(
    values: &ArrayRef,
    is_hit: impl Fn(&P::Native) -> bool,
    is_stated: impl Fn(&P::Native) -> bool,
) -> Truth {
    let values: &PrimitiveArray<P> = values.as_primitive();
    let (yes, stated) = (which(values.values(), is_hit), which(values.values(), is_stated));
    let no = &stated & &!&yes;
    valid(Truth::of(yes, no), values)
}

#[cfg(test)]
mod tests {
    use super::{ArrayRef, EXACT, NumberTest, PrimitiveArray, Truth, compared};
    use arrow_array::types::{
        ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int64Type, UInt8Type, UInt64Type,
    };
    use std::sync::Arc;

    const NUMBERS: [f64; 13] = [
        0.0,
        -0.0,
        0.5,
        -0.5,
        1.0,
        127.0,
        200.0,
        -129.0,
        9_007_199_254_740_992.0,
        -9_007_199_254_740_992.0,
        9_007_199_254_740_994.0,
        f64::MAX,
        f64::MIN,
    ];

    /// Compares the answers with those of plain comparisons of floats.
    fn check<P: ArrowPrimitiveType>(
        values: Vec<P::Native>,
        number: impl Fn(P::Native) -> Option<f64>,
    ) {
        let array: ArrayRef =
            Arc::new(PrimitiveArray::<P>::from_iter_values(values.iter().copied()));
        for with in NUMBERS {
            for test in [NumberTest::AtLeast, NumberTest::Above, NumberTest::Equal] {
                let truth = compared(&array, test, with);
                let truth = truth.unwrap_or_else(|| Truth::unknown(0));
                for (row, value) in values.iter().enumerate() {
                    let expected = number(*value).map(|value| match test {
                        NumberTest::AtLeast => value >= with,
                        NumberTest::Above => value > with,
                        NumberTest::Equal => value == with,
                    });
                    let found = (truth.yes().value(row), truth.no().value(row));
                    let expected = (expected == Some(true), expected == Some(false));
                    assert_eq!(found, expected, "{value:?} {test:?} {with}");
                }
            }
        }
    }

    #[test]
    fn numbers_of_each_type_compare_as_floats_do() {
        let exact = |value: i128| (value.abs() <= EXACT).then_some(value as f64);
        let wide = [
            i64::MIN,
            -(1 << 53) - 1,
            -(1 << 53),
            -129,
            -1,
            0,
            1,
            200,
            1 << 53,
            (1 << 53) + 1,
            i64::MAX,
        ];
        check::<Int64Type>(wide.to_vec(), |value| exact(value.into()));
        let wide = [0, 1, 127, 200, 1 << 53, (1 << 53) + 1, u64::MAX];
        check::<UInt64Type>(wide.to_vec(), |value| exact(value.into()));
        check::<Int8Type>((i8::MIN..=i8::MAX).collect(), |value| exact(value.into()));
        check::<UInt8Type>((0..=u8::MAX).collect(), |value| exact(value.into()));
        let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324, -5e-324];
        let all: Vec<f64> = odd.into_iter().chain(NUMBERS).collect();
        check::<Float64Type>(all.clone(), |value| value.is_finite().then_some(value));
        let narrow = all.iter().map(|value| *value as f32).collect();
        check::<Float32Type>(narrow, |value| value.is_finite().then_some(value.into()));
    }
}

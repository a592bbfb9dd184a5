//! Conditions over the fact columns of some rows.

use super::facts::RowFacts;
use super::plain::{Texts, items, plain};
use crate::column::Column;
use crate::condition::{NumberTest, RowCondition};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, PrimitiveArray};
use arrow_buffer::BooleanBuffer;
use arrow_schema::DataType;
use std::ops::Not;

/// The last whole number up to which a float holds all.
const EXACT: u64 = 1 << 53;

/// What a condition comes to in each of some rows: yes, no or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    yes: BooleanBuffer,
    no: BooleanBuffer,
}

impl Truth {
    /// The rows in which it is yes.
    #[must_use]
    pub fn yes(&self) -> &BooleanBuffer {
        &self.yes
    }

    /// The rows in which it is no.
    #[must_use]
    pub fn no(&self) -> &BooleanBuffer {
        &self.no
    }

    fn of(yes: BooleanBuffer, no: BooleanBuffer) -> Self {
        Self { yes, no }
    }

    fn unknown(rows: usize) -> Self {
        Self::of(BooleanBuffer::new_unset(rows), BooleanBuffer::new_unset(rows))
    }

    fn always(rows: usize) -> Self {
        Self::of(BooleanBuffer::new_set(rows), BooleanBuffer::new_unset(rows))
    }

    fn and(&self, other: &Self) -> Self {
        Self::of(&self.yes & &other.yes, &self.no | &other.no)
    }

    fn or(&self, other: &Self) -> Self {
        Self::of(&self.yes | &other.yes, &self.no & &other.no)
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        Self::of(self.no, self.yes)
    }
}

impl RowCondition {
    /// What the condition comes to in each row. A value of a type that the fact does not take states nothing, as in
    /// [`to_sql`](Self::to_sql). O(tests × rows).
    ///
    /// ```
    /// use arrow_array::BooleanArray;
    /// use std::sync::Arc;
    /// use whyfor_data::{RowCondition, RowFacts};
    /// let agreed = Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]));
    /// let facts = RowFacts::of(3).with("agreed".parse()?, agreed)?;
    /// let truth = RowCondition::Holds("agreed".parse()?).evaluate(&facts);
    /// assert_eq!(truth.yes().iter().collect::<Vec<_>>(), [true, false, false]);
    /// assert_eq!(truth.no().iter().collect::<Vec<_>>(), [false, true, false]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn evaluate(&self, facts: &RowFacts) -> Truth {
        let rows = facts.rows();
        let parts =
            |parts: &'_ [Self]| parts.iter().map(|part| part.evaluate(facts)).collect::<Vec<_>>();
        match self {
            Self::Yes => Truth::always(rows),
            Self::No => !Truth::always(rows),
            Self::Unknown => Truth::unknown(rows),
            Self::Not(inner) => !inner.evaluate(facts),
            Self::All(all) => parts(all).iter().fold(Truth::always(rows), |all, one| all.and(one)),
            Self::Any(any) => parts(any).iter().fold(!Truth::always(rows), |any, one| any.or(one)),
            Self::Holds(column) => holds(facts, column),
            Self::Choice { column, yes, no } => of_column(facts, column, |values| {
                let texts = Texts::of(values)?;
                let is_one = |choices: &[String]| match choices {
                    [] => BooleanBuffer::new_unset(rows),
                    [one] => texts.which(|text| text == one),
                    _ => texts.which(|text| choices.iter().any(|choice| choice == text)),
                };
                Some(Truth::of(is_one(yes), is_one(no)))
            }),
            Self::Number { column, test, number } => {
                of_column(facts, column, |values| compared(values, *test, *number))
            }
            Self::PurposeColumns { hits, touches } => {
                let some = |columns: &[Column], no: bool| {
                    columns
                        .iter()
                        .map(|column| holds(facts, column))
                        .fold(BooleanBuffer::new_unset(rows), |found, one| {
                            &found | if no { &one.no } else { &one.yes }
                        })
                };
                let [yes_hit, yes_touch] = [hits, touches].map(|columns| some(columns, false));
                let [no_hit, no_touch] = [hits, touches].map(|columns| some(columns, true));
                decided(&yes_hit, &yes_touch, &no_hit, &no_touch)
            }
            Self::PurposeLists { yes, no, hits, touches, known } => {
                let [yes, no] = [yes, no].map(|column| {
                    column.as_ref().map(|column| Lists::of(facts, column, hits, touches, known))
                });
                let nothing = || Lists::nothing(rows);
                let (yes, no) = (yes.unwrap_or_else(nothing), no.unwrap_or_else(nothing));
                let sound = &yes.sound & &no.sound;
                let truth = decided(&yes.hit, &yes.touch, &no.hit, &no.touch);
                Truth::of(&truth.yes & &sound, &truth.no & &sound)
            }
        }
    }
}

/// A column's values as a truth; unknown where the column is missing or its type is another.
fn of_column(
    facts: &RowFacts,
    column: &Column,
    of: impl FnOnce(&ArrayRef) -> Option<Truth>,
) -> Truth {
    facts.column(column).and_then(of).unwrap_or_else(|| Truth::unknown(facts.rows()))
}

fn holds(facts: &RowFacts, column: &Column) -> Truth {
    of_column(facts, column, |values| {
        let values = plain(values);
        let values = values.as_boolean_opt()?;
        Some(valid(Truth::of(values.values().clone(), !values.values()), values))
    })
}

/// A truth of the values of an array, and unknown where they are null.
fn valid(truth: Truth, values: &dyn Array) -> Truth {
    match values.logical_nulls() {
        None => truth,
        Some(nulls) => Truth::of(&truth.yes & nulls.inner(), &truth.no & nulls.inner()),
    }
}

/// Yes where it holds for the purpose and for no part of it does not; no the other way round.
fn decided(
    yes_hit: &BooleanBuffer,
    yes_touch: &BooleanBuffer,
    no_hit: &BooleanBuffer,
    no_touch: &BooleanBuffer,
) -> Truth {
    Truth::of(yes_hit & &!no_touch, no_hit & &!yes_touch)
}

/// Numbers compared with one; `None` if the values are no numbers.
fn compared(values: &ArrayRef, test: NumberTest, number: f64) -> Option<Truth> {
    // The comparison is made once, so that the loop over the rows is plain.
    match test {
        NumberTest::AtLeast => numbers(values, |value| value >= number),
        NumberTest::Above => numbers(values, |value| value > number),
        NumberTest::Equal => numbers(values, |value| value == number),
    }
}

fn numbers(values: &ArrayRef, test: impl Fn(f64) -> bool) -> Option<Truth> {
    let values = &plain(values);
    macro_rules! whole {
        ($type:ty) => {
            of_numbers::<$type>(values, |value| {
                let whole = i128::from(value);
                (whole.unsigned_abs() <= u128::from(EXACT)).then(|| test(value as f64))
            })
        };
    }
    macro_rules! float {
        ($type:ty) => {
            of_numbers::<$type>(values, |value| {
                let value = f64::from(value);
                value.is_finite().then(|| test(value))
            })
        };
    }
    macro_rules! decimal {
        ($type:ty, $scale:expr) => {
            of_numbers::<$type>(values, |value| decimal(&value.to_string(), $scale).map(&test))
        };
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

/// The number with these digits, of which some are behind the point; `None` if it is beyond what floats hold exactly.
fn decimal(digits: &str, scale: i8) -> Option<f64> {
    let unsigned = digits.trim_start_matches('-');
    let whole = unsigned.len() as i64 - i64::from(scale); // how many digits are before the point
    let (before, after) = unsigned.split_at(whole.clamp(0, unsigned.len() as i64) as usize);
    let zeros = usize::try_from(whole - unsigned.len() as i64).unwrap_or(0);
    let before: u128 = format!("0{before}{}", "0".repeat(zeros)).parse().ok()?;
    let is_whole = after.bytes().all(|digit| digit == b'0');
    let is_exact = before < u128::from(EXACT) || before == u128::from(EXACT) && is_whole;
    is_exact.then(|| format!("{digits}e{}", -i32::from(scale)).parse().ok())?
}

/// The test of each number; unknown where it states nothing.
fn of_numbers<P: ArrowPrimitiveType>(
    values: &ArrayRef,
    test: impl Fn(P::Native) -> Option<bool>,
) -> Truth {
    let values: &PrimitiveArray<P> = values.as_primitive();
    let all = values.values();
    let which =
        |wanted: bool| BooleanBuffer::collect_bool(all.len(), |row| test(all[row]) == Some(wanted));
    valid(Truth::of(which(true), which(false)), values)
}

/// What lists of purposes say of the one that is asked about.
struct Lists {
    hit: BooleanBuffer,
    touch: BooleanBuffer,
    /// Whether all names are known.
    sound: BooleanBuffer,
}

impl Lists {
    fn nothing(rows: usize) -> Self {
        let none = BooleanBuffer::new_unset(rows);
        Self { hit: none.clone(), touch: none, sound: BooleanBuffer::new_set(rows) }
    }

    /// A column of another type says nothing, and leaves nothing sound.
    fn unread(rows: usize) -> Self {
        Self { sound: BooleanBuffer::new_unset(rows), ..Self::nothing(rows) }
    }

    fn of(
        facts: &RowFacts,
        column: &Column,
        hits: &[String],
        touches: &[String],
        known: &[String],
    ) -> Self {
        let rows = facts.rows();
        let Some(column) = facts.column(column) else { return Self::nothing(rows) };
        let column = plain(column);
        if *column.data_type() == DataType::Null {
            return Self::nothing(rows);
        }
        let Some((values, ranges)) = items(&column) else { return Self::unread(rows) };
        let Some(texts) = Texts::of(&values) else { return Self::unread(rows) };
        let nulls = column.logical_nulls();
        let is_listed =
            |names: &[String]| texts.which(|text| names.iter().any(|name| name == text));
        let [hits, touches, known] = [hits, touches, known].map(is_listed);
        let which = |of: &BooleanBuffer, all: bool, where_null: bool| {
            BooleanBuffer::collect_bool(rows, |row| {
                if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                    return where_null;
                }
                let mut range = ranges[row].clone();
                if all { range.all(|at| of.value(at)) } else { range.any(|at| of.value(at)) }
            })
        };
        Self {
            hit: which(&hits, false, false),
            touch: which(&touches, false, false),
            sound: which(&known, true, true),
        }
    }
}

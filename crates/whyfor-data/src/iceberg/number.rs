//! Comparisons of a column with a number, exactly as a policy compares.
//!
//! A policy's numbers are floating-point numbers of 64 bits; a literal has the type of the column. So a comparison is written
//! with the first value of that type that passes. Some readers order -0 before 0 and NULL before all; what is written says
//! the same in either order.

use super::predicate::{Literal, Predicate, Reference, Value};
use crate::column_type::ColumnType;
use crate::condition::NumberTest;

/// The last whole number up to which all can be held.
const EXACT: i64 = 1 << 53;
/// Numbers of more decimal digits may be alike as floating-point numbers.
const MOST_DIGITS: u8 = 15;

/// Which values of a type pass: those from one on, or those behind one.
enum Cut {
    Every,
    From(Literal),
    Behind(Literal),
    None,
}

/// Where the test is yes, and where it is no. `None` if the type cannot be compared exactly.
pub(super) fn tests(
    column: Reference,
    kind: ColumnType,
    test: NumberTest,
    number: f64,
) -> Option<[Predicate; 2]> {
    let from = || first(kind, number, false);
    let behind = || first(kind, number, true);
    let [yes, no] = match test {
        NumberTest::AtLeast => [passes(column, from()?), fails(column, from()?)],
        NumberTest::Above => [passes(column, behind()?), fails(column, behind()?)],
        NumberTest::Equal => [
            Predicate::all([passes(column, from()?), fails(column, behind()?)]),
            Predicate::any([fails(column, from()?), passes(column, behind()?)]),
        ],
    };
    Some([yes, no].map(|test| Predicate::all(states(column, kind).into_iter().chain([test]))))
}

fn passes(column: Reference, cut: Cut) -> Predicate {
    match cut {
        Cut::Every => Predicate::Always(true),
        Cut::From(value) => Predicate::compared("gt-eq", column, value),
        Cut::Behind(value) => Predicate::compared("gt", column, value),
        Cut::None => Predicate::Always(false),
    }
}

fn fails(column: Reference, cut: Cut) -> Predicate {
    match cut {
        Cut::Every => Predicate::Always(false),
        Cut::From(value) => Predicate::compared("lt", column, value),
        Cut::Behind(value) => Predicate::compared("lt-eq", column, value),
        Cut::None => Predicate::Always(true),
    }
}

/// Whether a value states the fact: it is there, finite, and not so large that its neighbours cannot be told apart.
fn states(column: Reference, kind: ColumnType) -> Vec<Predicate> {
    let within = |low: Value, high: Value| {
        [
            Predicate::compared("gt-eq", column, literal(low, kind)),
            Predicate::compared("lt-eq", column, literal(high, kind)),
        ]
    };
    let mut tests = vec![Predicate::unary("not-null", column)];
    match kind {
        ColumnType::Long => tests.extend(within(Value::Whole(-EXACT), Value::Whole(EXACT))),
        ColumnType::Float => {
            tests.push(Predicate::unary("not-nan", column));
            tests.extend(within(Value::Float(f32::MIN), Value::Float(f32::MAX)));
        }
        ColumnType::Double => {
            tests.push(Predicate::unary("not-nan", column));
            tests.extend(within(Value::Double(f64::MIN), Value::Double(f64::MAX)));
        }
        _ => {}
    }
    tests
}

/// The first value of a type that is a number or greater, or that is greater.
fn first(kind: ColumnType, number: f64, is_greater: bool) -> Option<Cut> {
    let whole = |scale: u8, low: i128, high: i128| {
        let (floor, is_exact) = scaled(number, scale);
        let first = if is_exact && !is_greater { floor } else { floor + 1 };
        match first {
            first if first <= low => Cut::Every,
            first if first > high => Cut::None,
            first => Cut::From(literal(digits(first, scale, kind), kind)),
        }
    };
    Some(match kind {
        ColumnType::Int => whole(0, i32::MIN.into(), i32::MAX.into()),
        ColumnType::Long => whole(0, (-EXACT).into(), EXACT.into()),
        ColumnType::Decimal { precision, scale } if precision <= MOST_DIGITS => {
            let most = 10_i128.pow(precision.into()) - 1;
            whole(scale, -most, most)
        }
        ColumnType::Float => float(number, is_greater),
        ColumnType::Double if is_greater => {
            Cut::Behind(literal(Value::Double(number + 0.0), kind)) // 0 is behind -0
        }
        ColumnType::Double if number == 0.0 => Cut::From(literal(Value::Double(-0.0), kind)),
        ColumnType::Double => Cut::From(literal(Value::Double(number), kind)),
        _ => return None,
    })
}

/// The same for floating-point numbers of 32 bits.
fn float(number: f64, is_greater: bool) -> Cut {
    let kind = ColumnType::Float;
    #[expect(clippy::cast_possible_truncation, reason = "the nearest, which is looked at")]
    let nearest = number as f32;
    let is_exact = f64::from(nearest) == number;
    let next = if f64::from(nearest) < number { nearest.next_up() } else { nearest };
    match next {
        next if next == f32::INFINITY => Cut::None,
        next if is_exact && is_greater => Cut::Behind(literal(Value::Float(next + 0.0), kind)),
        0.0 => Cut::From(literal(Value::Float(-0.0), kind)),
        next => Cut::From(literal(Value::Float(next), kind)),
    }
}

/// The greatest whole number of units of the last digit that is not above a number, and whether it is that number. The number
/// is that of its shortest digits, which no other value of at most 15 digits shares.
fn scaled(number: f64, scale: u8) -> (i128, bool) {
    const BEYOND: i128 = 10_i128.pow(30); // any type here
    let written = format!("{}", number.abs());
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let scale = usize::from(scale);
    let kept: String = fraction.chars().chain("0".repeat(scale).chars()).take(scale).collect();
    let is_exact = fraction.chars().skip(scale).all(|digit| digit == '0');
    let units = match whole.len() > 15 + 1 {
        true => BEYOND,
        false => format!("{whole}{kept}").parse().unwrap_or(BEYOND),
    };
    match number < 0.0 {
        true if is_exact => (-units, true),
        true => (-units - 1, false),
        false => (units, is_exact),
    }
}

/// A number of units as a value of a type.
fn digits(units: i128, scale: u8, kind: ColumnType) -> Value {
    if !matches!(kind, ColumnType::Decimal { .. }) {
        return Value::Whole(i64::try_from(units).unwrap_or(i64::MAX));
    }
    let scale = usize::from(scale);
    let sign = if units < 0 { "-" } else { "" };
    let all = format!("{:0>width$}", units.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = all.split_at(all.len() - scale);
    let point = if scale > 0 { "." } else { "" };
    Value::Digits(format!("{sign}{whole}{point}{fraction}"))
}

fn literal(value: Value, kind: ColumnType) -> Literal {
    Literal { value, data_type: kind.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{Cut, first, scaled};
    use crate::column_type::ColumnType;

    #[test]
    fn the_first_value_that_passes_is_of_the_type_of_the_column() {
        let two = ColumnType::Decimal { precision: 5, scale: 2 };
        for (kind, number, is_greater, expected) in [
            (ColumnType::Int, 18.0, false, ">= 18"),
            (ColumnType::Int, 18.0, true, ">= 19"),
            (ColumnType::Int, 17.5, false, ">= 18"),
            (ColumnType::Int, -17.5, true, ">= -17"),
            (ColumnType::Int, 3e9, false, "none"),
            (ColumnType::Int, -3e9, true, "every"),
            (ColumnType::Long, 1e300, true, "none"),
            (ColumnType::Long, 9_007_199_254_740_992.0, false, ">= 9007199254740992"),
            (ColumnType::Long, 9_007_199_254_740_992.0, true, "none"),
            (two, 17.5, false, ">= \"17.50\""),
            (two, 17.505, false, ">= \"17.51\""),
            (two, -0.005, true, ">= \"0.00\""),
            (two, -0.01, false, ">= \"-0.01\""),
            (two, 1000.0, false, "none"),
            (ColumnType::Double, 17.5, true, "> 17.5"),
            (ColumnType::Double, 0.0, false, ">= -0.0"),
            (ColumnType::Double, -0.0, true, "> 0.0"),
            (ColumnType::Float, 0.1, false, ">= 0.1"),
            (ColumnType::Float, 0.1, true, ">= 0.1"),
            (ColumnType::Float, 0.3, false, ">= 0.3"),
            (ColumnType::Float, 0.7, false, ">= 0.70000005"),
            (ColumnType::Float, 0.5, true, "> 0.5"),
            (ColumnType::Float, 1e39, false, "none"),
            (ColumnType::Float, -1e39, false, ">= -3.4028235e+38"),
        ] {
            let json = |value| serde_json::to_string(&value).unwrap_or_default();
            let found = match first(kind, number, is_greater) {
                Some(Cut::Every) => "every".to_owned(),
                Some(Cut::None) => "none".to_owned(),
                Some(Cut::From(literal)) => format!(">= {}", json(literal.value)),
                Some(Cut::Behind(literal)) => format!("> {}", json(literal.value)),
                None => "refused".to_owned(),
            };
            assert_eq!(found, expected, "{kind} {number} {is_greater}");
        }
        let many = ColumnType::Decimal { precision: 16, scale: 2 };
        assert!(first(many, 1.0, false).is_none());
    }

    #[test]
    fn a_number_is_scaled_by_its_digits() {
        assert_eq!(scaled(0.29, 2), (29, true)); // 0.29 * 100 is 28.999…
        assert_eq!(scaled(-1.005, 2), (-101, false));
    }
}

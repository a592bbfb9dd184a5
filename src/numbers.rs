//! Numbers as they are written. They are held as 64-bit floating point, and no number is taken for another.

/// From here on, every number that can be held is whole.
const FIRST_WHOLE: f64 = 4_503_599_627_370_496.0; // 2⁵²

/// Why a written number is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NumberError {
    /// It is not a decimal number, such as `18` or `-2.5`.
    #[error("no number")]
    Malformed,
    /// It is beyond what 64-bit floating point can hold.
    #[error("too large a number")]
    TooLarge,
    /// 64-bit floating point would hold its neighbour.
    #[error(
        "a number that cannot be held exactly, as all whole numbers can up to 9007199254740992"
    )]
    Inexact,
}

/// The number that is written: digits, perhaps with a sign, a fraction and an exponent.
///
/// A whole number is exact or refused. A fraction becomes the nearest number that can be held, as everywhere, as
/// long as that number can have a fraction.
pub(crate) fn exact(written: &str) -> Result<f64, NumberError> {
    let is_decimal = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    if !written.chars().all(is_decimal) {
        return Err(NumberError::Malformed); // `inf` and `nan` too
    }
    let number: f64 = written.parse().map_err(|_| NumberError::Malformed)?;
    if !number.is_finite() {
        return Err(NumberError::TooLarge);
    }
    // Larger numbers that can be held are whole, and are written out to the last digit.
    let is_exact = number.abs() < FIRST_WHOLE || digits(written) == digits(&format!("{number:.0}"));
    if is_exact { Ok(number) } else { Err(NumberError::Inexact) }
}

/// The digits of a number from the first to the last that is not 0, and the number of zeros after them. `None` if
/// its exponent has more digits than any number needs.
fn digits(written: &str) -> Option<(String, i64)> {
    let (mantissa, exponent) = match written.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
        None => (written, 0i64),
    };
    let mantissa = mantissa.trim_start_matches(['+', '-']);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_start_matches('0').trim_end_matches('0');
    let behind = all.len() - all.trim_end_matches('0').len();
    let zeros = exponent.checked_sub(fraction.len() as i64)?.checked_add(behind as i64)?;
    Some((significant.to_owned(), zeros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_exact_or_refused() {
        for (written, number) in [
            ("0", 0.0),
            ("-0", 0.0),
            ("18", 18.0),
            ("+18", 18.0),
            ("018", 18.0),
            ("9007199254740992", 9_007_199_254_740_992.0),
            ("-9007199254740992", -9_007_199_254_740_992.0),
            ("9007199254740994", 9_007_199_254_740_994.0),
            ("9007199254740994.000", 9_007_199_254_740_994.0),
            ("900719925474099400e-2", 9_007_199_254_740_994.0),
            ("0.0009007199254740994e19", 9_007_199_254_740_994.0),
            ("18446744073709551616", 18_446_744_073_709_551_616.0),
            ("1e22", 1e22),
            ("1E+3", 1000.0),
            ("0e99999999999999999999", 0.0),
        ] {
            assert_eq!(exact(written), Ok(number), "{written}");
        }
        for written in [
            "9007199254740993",
            "-9007199254740993",
            "9007199254740993.0",
            "9007199254740993.5",
            "9007199254740991.9999999999",
            "90071992547409.93e2",
            "18446744073709551617",
            "1e23",
            "123456789012345678901234567890",
        ] {
            assert_eq!(exact(written), Err(NumberError::Inexact), "{written}");
        }
    }

    #[test]
    fn a_fraction_is_the_nearest_that_can_be_held() {
        for (written, number) in [
            ("0.1", 0.1),
            ("-2.5", -2.5),
            ("1e-400", 0.0),
            (".5", 0.5),
            ("3.0000000000000000001", 3.0),
        ] {
            assert_eq!(exact(written), Ok(number), "{written}");
        }
    }

    #[test]
    fn what_is_no_number_or_beyond_all_is_refused() {
        for written in ["", "-", "e5", "1e", "inf", "-Infinity", "NaN", "0x10", "1_000", "１", " 1"]
        {
            assert_eq!(exact(written), Err(NumberError::Malformed), "{written}");
        }
        for written in ["1e400", "-1e400", &"9".repeat(400)] {
            assert_eq!(exact(written), Err(NumberError::TooLarge), "{written}");
        }
    }
}

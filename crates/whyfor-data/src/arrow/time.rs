//! Masks of dates: the first day of a year or a month.

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// What is left of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Year,
    Month,
}

/// The first day of the year or month of a day; days count from 1970-01-01, in the Gregorian calendar at all times.
///
/// By Howard Hinnant's `civil_from_days` and `days_from_civil`.
pub(super) fn first_day(day: i64, unit: Unit) -> i64 {
    let shifted = i128::from(day) + 719_468; // days from 0000-03-01
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * from_march + 2) / 5;
    let before = match unit {
        Unit::Month => day_of_month,
        // January and February end the year that began in March.
        Unit::Year if from_march >= 10 => of_year - 306,
        Unit::Year => {
            let year = year_of_era + era * 400;
            let is_leap =
                year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0);
            of_year + 59 + i128::from(is_leap)
        }
    };
    i64::try_from(i128::from(day) - before).unwrap_or(i64::MIN)
}

/// The first moment of the year or month, in UTC, of a moment that counts from 1970 in `each` parts of a second. `None` if that
/// is before the first moment that can be told.
pub(super) fn first_moment(moment: i64, each: i64, unit: Unit) -> Option<i64> {
    let of_a_day = SECONDS_OF_A_DAY * each;
    first_day(moment.div_euclid(of_a_day), unit).checked_mul(of_a_day)
}

#[cfg(test)]
mod tests {
    use super::{Unit, first_day, first_moment};

    /// The days before each year from 1600 on, and the months of one, counted one by one.
    #[test]
    fn years_and_months_begin_where_a_calendar_says() {
        let mut day = -135_140; // 1600-01-01
        for year in 1600..2500 {
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let january = day;
            for month in 0..12 {
                let length = match month {
                    1 => 28 + i64::from(is_leap),
                    3 | 5 | 8 | 10 => 30,
                    _ => 31,
                };
                for of_month in 0..length {
                    assert_eq!(first_day(day + of_month, Unit::Month), day);
                    assert_eq!(first_day(day + of_month, Unit::Year), january, "{year} {month}");
                }
                day += length;
            }
        }
        assert_eq!(first_day(0, Unit::Year), 0);
    }

    #[test]
    fn moments_before_1970_round_down_too() {
        assert_eq!(first_moment(-1, 1000, Unit::Month), Some(-31 * 86_400_000));
        assert_eq!(first_moment(i64::MIN, 1_000_000_000, Unit::Year), None);
        assert_eq!(first_moment(i64::MIN, 1, Unit::Year), None);
        assert!(first_moment(i64::MAX, 1, Unit::Year).is_some());
    }
}

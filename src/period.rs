//! How long data may or must be kept: periods, and limits that count from its collection or from an event.

use crate::words::Unit;
use std::cmp::Ordering;
use std::fmt;
use std::time::Duration;

/// A length of time as a policy states it: a number of hours, days, weeks, months or years.
///
/// Hours, days and weeks are exact lengths. Months and years have no exact length in days, so they compare only with
/// each other.
///
/// ```
/// use whyfor::{Period, Unit};
/// let (week, month) = (Period::new(1, Unit::Weeks), Period::new(1, Unit::Months));
/// assert!(Period::new(6, Unit::Days) < week);
/// assert_eq!(week.partial_cmp(&month), None);
/// assert_eq!(month.to_string(), "1 month");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    count: u32,
    unit: Unit,
}

impl Period {
    /// A number of units.
    ///
    /// ```
    /// use whyfor::{Period, Unit};
    /// assert_eq!(Period::new(30, Unit::Days).to_string(), "30 days");
    /// ```
    #[must_use]
    pub const fn new(count: u32, unit: Unit) -> Self {
        Self { count, unit }
    }

    /// How many units.
    ///
    /// ```
    /// use whyfor::{Period, Unit};
    /// assert_eq!(Period::new(30, Unit::Days).count(), 30);
    /// ```
    #[must_use]
    pub const fn count(self) -> u32 {
        self.count
    }

    /// The unit that it was stated in.
    ///
    /// ```
    /// use whyfor::{Period, Unit};
    /// assert_eq!(Period::new(30, Unit::Days).unit(), Unit::Days);
    /// ```
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.unit
    }

    /// The exact length, of hours, days and weeks. `None` for months and years.
    ///
    /// ```
    /// use std::time::Duration;
    /// use whyfor::{Period, Unit};
    /// assert_eq!(Period::new(2, Unit::Hours).duration(), Some(Duration::from_secs(7200)));
    /// assert_eq!(Period::new(2, Unit::Months).duration(), None);
    /// ```
    #[must_use]
    pub fn duration(self) -> Option<Duration> {
        (!self.unit.is_calendar()).then(|| Duration::from_secs(self.length() * 3600))
    }

    /// Whole days, rounded down: a month counts 28 days, twelve months count 365. So data that is kept for that many
    /// days is never kept too long.
    ///
    /// ```
    /// use whyfor::{Period, Unit};
    /// assert_eq!(Period::new(36, Unit::Hours).whole_days(), 1);
    /// assert_eq!(Period::new(14, Unit::Months).whole_days(), 365 + 2 * 28);
    /// ```
    #[must_use]
    pub const fn whole_days(self) -> u64 {
        let length = self.length();
        match self.unit {
            Unit::Hours | Unit::Days | Unit::Weeks => length / 24,
            Unit::Months | Unit::Years => length / 12 * 365 + length % 12 * 28,
        }
    }

    /// In hours, or of months and years in months.
    pub(crate) const fn length(self) -> u64 {
        self.count as u64 * self.unit.length() as u64
    }

    /// Whether both have lengths of one kind.
    pub(crate) fn compares_with(self, other: Self) -> bool {
        self.unit.is_calendar() == other.unit.is_calendar()
    }
}

impl PartialOrd for Period {
    /// By length; equal lengths by unit, so that the smaller unit is less. `None` for hours and months.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let order = (self.length(), self.unit).cmp(&(other.length(), other.unit));
        self.compares_with(*other).then_some(order)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit.as_str();
        let unit = if self.count == 1 { unit.trim_end_matches('s') } else { unit };
        write!(f, "{} {unit}", self.count)
    }
}

/// A text that is not a period or a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is not a period such as `30 days`, `2 years after EVENT` or `until EVENT`",
    crate::printable(.0)
)]
pub struct ParseLimitError(String);

impl std::str::FromStr for Period {
    type Err = ParseLimitError;

    /// `30 days`, `1 month`.
    fn from_str(text: &str) -> Result<Self, ParseLimitError> {
        let parsed = text.split_once(' ').and_then(|(count, unit)| {
            let is_number = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
            Some(Self::new(is_number.then(|| count.parse().ok())??, Unit::of_word(unit)?))
        });
        parsed.ok_or_else(|| ParseLimitError(text.to_owned()))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A limit on how long data is kept. `E` names an event.
///
/// ```
/// use whyfor::{Limit, Period, Unit};
/// let limit = Limit::Period { period: Period::new(2, Unit::Years), after: Some("account_deletion") };
/// assert_eq!(limit.to_string(), "2 years after account_deletion");
/// assert_eq!(Limit::Until { until: "withdrawal" }.to_string(), "until withdrawal");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(untagged))]
pub enum Limit<E = String> {
    /// A period that starts when the data is collected or, with `after`, when an event happens.
    Period {
        /// How long.
        period: Period,
        /// The event; without one, collection.
        #[cfg_attr(
            feature = "serde",
            serde(skip_serializing_if = "Option::is_none", default = "no_event")
        )]
        after: Option<E>,
    },
    /// It ends when an event happens.
    Until {
        /// The event.
        until: E,
    },
}

#[cfg(feature = "serde")]
fn no_event<E>() -> Option<E> {
    None
}

impl<E> Limit<E> {
    /// The period; none if it ends with the event itself.
    ///
    /// ```
    /// use whyfor::Limit;
    /// assert_eq!(Limit::Until { until: "withdrawal" }.period(), None);
    /// ```
    pub fn period(&self) -> Option<Period> {
        match self {
            Self::Period { period, .. } => Some(*period),
            Self::Until { .. } => None,
        }
    }

    /// The event that it counts from; none if it counts from collection.
    ///
    /// ```
    /// use whyfor::Limit;
    /// assert_eq!(Limit::Until { until: "withdrawal" }.event(), Some(&"withdrawal"));
    /// ```
    pub fn event(&self) -> Option<&E> {
        match self {
            Self::Period { after, .. } => after.as_ref(),
            Self::Until { until } => Some(until),
        }
    }

    /// The same limit, with the event in other words.
    ///
    /// ```
    /// use whyfor::Limit;
    /// let limit = Limit::Until { until: "withdrawal" }.map(str::to_owned);
    /// ```
    pub fn map<F>(self, event: impl FnOnce(E) -> F) -> Limit<F> {
        match self {
            Self::Period { period, after } => Limit::Period { period, after: after.map(event) },
            Self::Until { until } => Limit::Until { until: event(until) },
        }
    }
}

impl<E: fmt::Display> fmt::Display for Limit<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Period { period, after: None } => period.fmt(f),
            Self::Period { period, after: Some(event) } => write!(f, "{period} after {event}"),
            Self::Until { until } => write!(f, "until {until}"),
        }
    }
}

impl std::str::FromStr for Limit {
    type Err = ParseLimitError;

    /// As a limit is written: `30 days`, `2 years after account_deletion`, `until withdrawal`.
    fn from_str(text: &str) -> Result<Self, ParseLimitError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["until", event] => Ok(Self::Until { until: event.to_owned() }),
            [count, unit, ref rest @ ..] => {
                let after = match rest {
                    [] => None,
                    ["after", event] => Some((*event).to_owned()),
                    _ => return Err(ParseLimitError(text.to_owned())),
                };
                let period = format!("{count} {unit}").parse();
                let period = period.map_err(|_| ParseLimitError(text.to_owned()))?;
                Ok(Self::Period { period, after })
            }
            _ => Err(ParseLimitError(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_read_as_it_is_shown() {
        for text in ["30 days", "1 hour", "2 years after account_deletion", "until withdrawal"] {
            assert_eq!(text.parse::<Limit>().map(|limit| limit.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "30", "days", "-1 days", "30 days before x", "until", "3 days after"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
    }

    #[test]
    fn whole_days_are_rounded_down() {
        let days = |count, unit| Period::new(count, unit).whole_days();
        assert_eq!(
            [days(23, Unit::Hours), days(24, Unit::Hours), days(2, Unit::Weeks)],
            [0, 1, 14]
        );
        assert_eq!(
            [days(1, Unit::Months), days(12, Unit::Months), days(3, Unit::Years)],
            [28, 365, 1095]
        );
    }
}

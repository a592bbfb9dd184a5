//! The value that a caller states for a fact.

use std::borrow::Cow;

/// The stated value of a fact: borrowed where it can be, owned where it has to be kept.
///
/// `bool`, integers of up to 64 bits, `f32`, `f64`, `&str`, `String` and an `Option` of each become one. A whole number
/// that 64-bit floating point cannot hold is kept as its digits, and stating it is an error. An `f32` is taken as it
/// is: `0.1f32` is a little more than 0.1.
///
/// ```
/// use whyfor::FactValue;
/// assert_eq!(FactValue::from(20), FactValue::from(20.0));
/// assert_eq!(FactValue::from(None::<bool>), FactValue::Unstated);
/// let consent = FactValue::purposes(["newsletter"], ["advertising"]);
/// assert_ne!(consent, FactValue::from(true));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(untagged))]
#[non_exhaustive]
pub enum FactValue<'a> {
    /// Nothing is known of the fact. Stating it takes back what was stated before.
    Unstated,
    /// Of a yes/no fact; of a fact per purpose, for every purpose.
    YesNo(bool),
    /// Of a number.
    Number(f64),
    /// Of a number, as it is written: `18`, `-2.5`, `1e3`. One that cannot be held exactly is refused.
    #[cfg_attr(feature = "serde", serde(serialize_with = "as_number"))]
    Written(Cow<'a, str>),
    /// Of a choice.
    Choice(Cow<'a, str>),
    /// Of a fact per purpose.
    Purposes {
        /// Where it holds, for each purpose and everything below.
        yes: Vec<Cow<'a, str>>,
        /// Where it does not.
        no: Vec<Cow<'a, str>>,
    },
}

/// Every whole number up to here can be held.
const LAST_EXACT: u64 = 1 << 53;

/// A written number as a number, or as a text if no number holds it.
#[cfg(feature = "serde")]
fn as_number<S: serde::Serializer>(digits: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match (digits.parse::<i64>(), digits.parse::<u64>(), crate::numbers::exact(digits)) {
        (Ok(whole), ..) => serializer.serialize_i64(whole),
        (_, Ok(whole), _) => serializer.serialize_u64(whole),
        (.., Ok(number)) => serializer.serialize_f64(number),
        _ => serializer.serialize_str(digits),
    }
}

impl<'a> FactValue<'a> {
    /// Of a fact per purpose: the purposes where it holds and those where it does not, each with everything below.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::FactValue;
    /// let agreed = FactValue::purposes(["marketing"], [] as [&str; 0]);
    /// let facts = policy.facts_builder().with("consent", agreed)?.build();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn purposes<Y, N>(yes: Y, no: N) -> Self
    where
        Y: IntoIterator<Item: Into<Cow<'a, str>>>,
        N: IntoIterator<Item: Into<Cow<'a, str>>>,
    {
        Self::Purposes {
            yes: yes.into_iter().map(Into::into).collect(),
            no: no.into_iter().map(Into::into).collect(),
        }
    }

    /// Of a number, as it is written.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::FactValue;
    /// let facts = policy.facts_builder().with("age", FactValue::written("18.0"))?.build();
    /// assert!(policy.facts_builder().with("age", FactValue::written("eighteen")).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn written(digits: impl Into<Cow<'a, str>>) -> Self {
        Self::Written(digits.into())
    }

    /// The same value, without what it borrows.
    ///
    /// ```
    /// use whyfor::FactValue;
    /// let owned: FactValue<'static> = FactValue::from(String::from("eu").as_str()).into_owned();
    /// assert_eq!(owned, FactValue::from("eu"));
    /// ```
    #[must_use]
    pub fn into_owned(self) -> FactValue<'static> {
        let owned = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        let all = |list: Vec<Cow<'a, str>>| list.into_iter().map(owned).collect();
        match self {
            Self::Unstated => FactValue::Unstated,
            Self::YesNo(value) => FactValue::YesNo(value),
            Self::Number(number) => FactValue::Number(number),
            Self::Written(digits) => FactValue::Written(owned(digits)),
            Self::Choice(choice) => FactValue::Choice(owned(choice)),
            Self::Purposes { yes, no } => FactValue::Purposes { yes: all(yes), no: all(no) },
        }
    }
}

impl<'a> From<&'a FactValue<'_>> for FactValue<'a> {
    fn from(value: &'a FactValue<'_>) -> Self {
        match value {
            FactValue::Unstated => Self::Unstated,
            FactValue::YesNo(value) => Self::YesNo(*value),
            FactValue::Number(number) => Self::Number(*number),
            FactValue::Written(digits) => Self::Written(Cow::Borrowed(digits)),
            FactValue::Choice(choice) => Self::Choice(Cow::Borrowed(choice)),
            FactValue::Purposes { yes, no } => Self::purposes(
                yes.iter().map(|purpose| &**purpose),
                no.iter().map(|purpose| &**purpose),
            ),
        }
    }
}

impl From<bool> for FactValue<'_> {
    fn from(value: bool) -> Self {
        Self::YesNo(value)
    }
}

/// Numbers that 64-bit floating point holds exactly.
macro_rules! from_exact {
    ($($number:ty),*) => { $(
        impl From<$number> for FactValue<'_> {
            fn from(number: $number) -> Self {
                Self::Number(f64::from(number))
            }
        }
    )* };
}

/// Numbers that it may not hold.
macro_rules! from_large {
    ($($number:ty),*) => { $(
        impl From<$number> for FactValue<'_> {
            fn from(number: $number) -> Self {
                // Written in full where it may not be held exactly: stating it decides.
                match u64::try_from(i128::from(number as i128).unsigned_abs()) {
                    Ok(size) if size <= LAST_EXACT => Self::Number(number as f64),
                    _ => Self::Written(Cow::Owned(number.to_string())),
                }
            }
        }
    )* };
}

from_exact!(u8, i8, u16, i16, u32, i32, f32, f64);
from_large!(u64, i64, usize, isize);

impl<'a> From<&'a str> for FactValue<'a> {
    fn from(choice: &'a str) -> Self {
        Self::Choice(Cow::Borrowed(choice))
    }
}

impl From<String> for FactValue<'_> {
    fn from(choice: String) -> Self {
        Self::Choice(Cow::Owned(choice))
    }
}

impl<'a, T: Into<FactValue<'a>>> From<Option<T>> for FactValue<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Unstated, Into::into)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for FactValue<'static> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

/// Reads a value by what it is: `true`, `18`, `"eu"`, `{"yes": […], "no": […]}`, null.
#[cfg(feature = "serde")]
struct AnyValue;

#[cfg(feature = "serde")]
impl<'de> serde::de::Visitor<'de> for AnyValue {
    type Value = FactValue<'static>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("yes or no, a number, a choice, or the purposes `yes` and `no`")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(FactValue::Unstated)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(FactValue::Unstated)
    }

    fn visit_some<D: serde::Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Self::Value, E> {
        // A reader of JSON has rounded it if it had more digits.
        if number.abs() >= LAST_EXACT as f64 {
            return Err(E::custom("a number beyond 9007199254740992 may have been rounded"));
        }
        Ok(number.into())
    }

    fn visit_str<E>(self, choice: &str) -> Result<Self::Value, E> {
        Ok(choice.to_owned().into())
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        use serde::de::Error;
        let (mut yes, mut no) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            let (list, name) = match key.as_str() {
                "yes" => (&mut yes, "yes"),
                "no" => (&mut no, "no"),
                other => return Err(A::Error::unknown_field(other, &["yes", "no"])),
            };
            if list.replace(map.next_value::<Vec<String>>()?).is_some() {
                return Err(A::Error::duplicate_field(name)); // one of them might allow
            }
        }
        Ok(FactValue::purposes(yes.unwrap_or_default(), no.unwrap_or_default()))
    }
}

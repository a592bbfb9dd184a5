//! The value that a caller states for a fact.

use std::borrow::Cow;

/// The stated value of a fact: borrowed where it can be, owned where it has to be kept.
///
/// `bool`, every number, `&str`, `String` and an `Option` of each become one. A whole number that 64-bit floating
/// point cannot hold is kept as its digits, and stating it is an error: no number is taken for another.
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
                match i32::try_from(number) {
                    Ok(small) => Self::Number(f64::from(small)),
                    Err(_) => Self::Written(Cow::Owned(number.to_string())),
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

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, choice: &str) -> Result<Self::Value, E> {
        Ok(choice.to_owned().into())
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "yes" => yes = map.next_value::<Vec<String>>()?,
                "no" => no = map.next_value::<Vec<String>>()?,
                other => return Err(serde::de::Error::unknown_field(other, &["yes", "no"])),
            }
        }
        Ok(FactValue::purposes(yes, no))
    }
}

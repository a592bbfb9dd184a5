//! Values that a format passes through `serde` under a private name, because `serde` has no type for them: numbers as they
//! are written, raw JSON, dates, CBOR's tags. They are what they stand for, and their names are no steps of a path.

/// A value without parts that a format serializes as a struct with one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Private {
    /// Raw JSON: it has the parts that are in it.
    Json,
    /// A number of raw JSON, as [`Contents`](crate::raw::Contents) serializes it.
    #[cfg(feature = "json")]
    JsonNumber,
    /// A number of `serde_json` with its feature `arbitrary_precision`, which any crate of a program may turn on.
    Number,
    /// A date or a time of TOML.
    Datetime,
}

/// Raw JSON: the name of the struct and of its field.
pub(crate) const RAW_JSON: &str = "$serde_json::private::RawValue";
#[cfg(feature = "json")]
pub(crate) const JSON_NUMBER: &str = "$whyfor_serde::private::RawNumber";
/// The name of a unit that stands for a part of raw JSON that cannot be read.
#[cfg(feature = "json")]
pub(crate) const UNREADABLE: &str = "$whyfor_serde::private::Unreadable";
const NUMBER: &str = "$serde_json::private::Number";
const DATETIME: &str = "$__toml_private_Datetime";
const DATETIME_FIELD: &str = "$__toml_private_datetime";

impl Private {
    /// What a struct of this name is.
    #[inline]
    pub(crate) fn of_struct(name: &str) -> Option<Self> {
        if !name.starts_with('$') {
            return None;
        }
        match name {
            RAW_JSON => Some(Self::Json),
            #[cfg(feature = "json")]
            JSON_NUMBER => Some(Self::JsonNumber),
            NUMBER => Some(Self::Number),
            DATETIME => Some(Self::Datetime),
            _ => None,
        }
    }

    /// The key of a map as which a format gives such a value to a visitor, if this is one.
    pub(crate) fn key(name: &str) -> Option<&'static str> {
        [NUMBER, DATETIME_FIELD].into_iter().find(|key| *key == name)
    }

    /// The names of the struct and of its field, as a format expects them.
    pub(crate) fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => (RAW_JSON, RAW_JSON),
            #[cfg(feature = "json")]
            Self::JsonNumber => (RAW_JSON, RAW_JSON),
            Self::Number => (NUMBER, NUMBER),
            Self::Datetime => (DATETIME, DATETIME_FIELD),
        }
    }

    /// A text of this kind that says nothing.
    pub(crate) fn fixed(self) -> &'static str {
        match self {
            Self::Datetime => "1970-01-01T00:00:00Z",
            _ => "0",
        }
    }
}

/// The enum as which `ciborium` serializes a tag of CBOR: a tag says how a value is to be read, and is no part of its path.
pub(crate) mod tag {
    pub(crate) const NAME: &str = "@@TAG@@";
    pub(crate) const TAGGED: &str = "@@TAGGED@@";
    const UNTAGGED: &str = "@@UNTAGGED@@";

    /// A number and a value.
    pub(crate) fn is_tagged(name: &str, variant: &str) -> bool {
        name == NAME && variant == TAGGED
    }

    /// A value that could have had a tag.
    pub(crate) fn is_untagged(name: &str, variant: &str) -> bool {
        name == NAME && variant == UNTAGGED
    }
}

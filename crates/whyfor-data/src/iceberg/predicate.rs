//! What a filter of Iceberg is made of: its schema `Predicate`.

use super::error::IcebergError;
use crate::dataset::TableColumn;
use serde::Serialize;

/// A test of a row, which is true or false.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Predicate {
    Always(bool),
    Joint {
        #[serde(rename = "type")]
        word: &'static str,
        left: Box<Self>,
        right: Box<Self>,
    },
    Unary {
        #[serde(rename = "type")]
        word: &'static str,
        child: Reference,
    },
    Comparison {
        #[serde(rename = "type")]
        word: &'static str,
        left: Reference,
        right: Literal,
    },
    In {
        #[serde(rename = "type")]
        word: &'static str,
        child: Reference,
        values: Texts,
    },
}

/// A field, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "reference")]
pub(crate) struct Reference {
    pub(crate) id: u32,
}

/// A value with its type.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "literal", rename_all = "kebab-case")]
pub(crate) struct Literal {
    pub(crate) value: Value,
    pub(crate) data_type: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Value {
    Boolean(bool),
    Whole(i64),
    Float(f32),
    Double(f64),
    /// The digits of a decimal number.
    Digits(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "literals", rename_all = "kebab-case")]
pub(crate) struct Texts {
    values: Vec<String>,
    data_type: &'static str,
}

impl Reference {
    pub(crate) fn of(name: &str, column: &TableColumn) -> Result<Self, IcebergError> {
        let id = column.id.ok_or_else(|| IcebergError::NoId(name.to_owned()))?;
        Ok(Self { id })
    }
}

impl Predicate {
    pub(crate) fn unary(word: &'static str, child: Reference) -> Self {
        Self::Unary { word, child }
    }

    pub(crate) fn compared(word: &'static str, left: Reference, right: Literal) -> Self {
        Self::Comparison { word, left, right }
    }

    /// Whether a text is one of these.
    pub(crate) fn is_in(child: Reference, values: &[String]) -> Self {
        match values {
            [] => Self::Always(false),
            _ => Self::In {
                word: "in",
                child,
                values: Texts { values: values.to_vec(), data_type: "string" },
            },
        }
    }

    /// Whether all of these hold.
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        joined(parts, "and", true)
    }

    /// Whether one of these holds.
    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        joined(parts, "or", false)
    }
}

/// Joins parts, without those that change nothing.
fn joined(parts: impl IntoIterator<Item = Predicate>, word: &'static str, idle: bool) -> Predicate {
    let mut whole: Option<Predicate> = None;
    for part in parts {
        match part {
            Predicate::Always(value) if value == idle => {}
            Predicate::Always(value) => return Predicate::Always(value),
            part => {
                whole = Some(match whole {
                    None => part,
                    Some(left) => Predicate::Joint { word, left: left.into(), right: part.into() },
                });
            }
        }
    }
    whole.unwrap_or(Predicate::Always(idle))
}

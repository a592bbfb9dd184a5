//! A document as a value of serde, with the line of each mistake.

use super::{Key, Node, Value, Wrong, YamlError};
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use std::fmt::Display;
use std::path::Path;

/// Reads a file. Keys that the type does not have are errors.
pub(crate) fn read_as<T: DeserializeOwned>(path: &Path) -> Result<T, YamlError> {
    super::read(path, |node| T::deserialize(node))
}

/// A mistake whose line is not known yet: the value around it has it.
const NO_LINE: usize = 0;

impl Wrong {
    fn or_at(self, line: usize) -> Self {
        match self.line {
            NO_LINE => Self { line, ..self },
            _ => self,
        }
    }
}

impl std::error::Error for Wrong {}

impl Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Wrong {
    fn custom<T: Display>(message: T) -> Self {
        Self::at(NO_LINE, message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format!("here stands {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format!("here stands {expected}"))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::custom(format!("here stands {expected}"))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Self::custom(format!("there is no `{field}` here; there may be `{}`", known.join("`, `")))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::custom(format!("`{field}` is missing here"))
    }
}

impl<'de> Deserializer<'de> for Node {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let line = self.line;
        match self.value {
            Value::Scalar(scalar) if scalar.is_null() => visitor.visit_unit(),
            Value::Scalar(scalar) => visitor.visit_string(scalar.text),
            Value::List(list) => visitor.visit_seq(Items(list.into_iter())),
            Value::Mapping(entries) => {
                visitor.visit_map(Entries { entries: entries.into_iter(), value: None })
            }
        }
        .map_err(|wrong| wrong.or_at(line))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.is_null() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let value = self.yes_no("here stands `true` or `false`")?;
        visitor.visit_bool(value)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let number = self.scalar().filter(|scalar| !scalar.is_text);
        let number = number.and_then(|scalar| scalar.text.parse::<u32>().ok());
        let number = number.ok_or_else(|| self.wrong("here stands a whole number"))?;
        visitor.visit_u32(number)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

struct Items(std::vec::IntoIter<Node>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        self.0.next().map(|node| with_line(node, seed)).transpose()
    }
}

struct Entries {
    entries: std::vec::IntoIter<(Key, Node)>,
    value: Option<Node>,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        let text: StrDeserializer<'_, Wrong> =
            serde::de::IntoDeserializer::into_deserializer(key.text.as_str());
        seed.deserialize(text).map(Some).map_err(|wrong| wrong.or_at(key.line))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Wrong> {
        let value = self.value.take().ok_or_else(|| Wrong::custom("a key without a value"))?;
        with_line(value, seed)
    }
}

/// A mistake that a type finds in a text is in its line.
fn with_line<'de, T: DeserializeSeed<'de>>(node: Node, seed: T) -> Result<T::Value, Wrong> {
    let line = node.line;
    seed.deserialize(node).map_err(|wrong| wrong.or_at(line))
}

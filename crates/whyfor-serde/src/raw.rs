//! Raw JSON inside of a value: its objects and lists are walked as any other, and its numbers stay as they are written. A part
//! that cannot be read, such as a text with half a character, is one unreadable value.

use crate::private::{JSON_NUMBER, UNREADABLE};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// Raw JSON as a value: objects as maps, lists, texts, numbers.
pub(crate) struct Contents<'j>(pub(crate) &'j str);

impl Serialize for Contents<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match Value::of(self.0) {
            Some(Value::Object(entries)) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(&key, &Contents(value.get()))?;
                }
                map.end()
            }
            Some(Value::List(items)) => {
                serializer.collect_seq(items.iter().map(|item| Contents(item.get())))
            }
            Some(Value::Text(text)) => serializer.serialize_str(&text),
            Some(Value::Bool(value)) => serializer.serialize_bool(value),
            Some(Value::Null) => serializer.serialize_none(),
            Some(Value::Number(text)) => number(text, serializer),
            None => serializer.serialize_unit_struct(UNREADABLE),
        }
    }
}

/// Raw JSON, read down to its parts.
enum Value<'j> {
    Object(Vec<(String, &'j RawValue)>),
    List(Vec<&'j RawValue>),
    Text(Cow<'j, str>),
    Bool(bool),
    Null,
    Number(&'j str),
}

impl<'j> Value<'j> {
    /// `None` if it cannot be read: its text may be anything that the value says is JSON.
    fn of(text: &'j str) -> Option<Self> {
        let text = text.trim();
        match text.as_bytes().first()? {
            b'{' => serde_json::from_str(text).ok().map(|Entries(entries)| Self::Object(entries)),
            b'[' => serde_json::from_str(text).ok().map(Self::List),
            b'"' => serde_json::from_str(text).ok().map(Self::Text),
            b't' | b'f' => serde_json::from_str(text).ok().map(Self::Bool),
            b'n' => serde_json::from_str(text).ok().map(|()| Self::Null),
            _ => serde_json::from_str::<&RawValue>(text).ok().map(|_| Self::Number(text)),
        }
    }
}

fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(value) = text.parse::<u64>() {
        return serializer.serialize_u64(value);
    }
    match text.parse::<i64>() {
        Ok(value) if value != 0 => serializer.serialize_i64(value),
        _ => {
            let mut number = serializer.serialize_struct(JSON_NUMBER, 1)?;
            number.serialize_field(JSON_NUMBER, text)?;
            number.end()
        }
    }
}

/// The entries of an object in their order, also those with equal keys.
struct Entries<'j>(Vec<(String, &'j RawValue)>);

impl<'j> serde::Deserialize<'j> for Entries<'j> {
    fn deserialize<D: Deserializer<'j>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'j> Visitor<'j> for Collect {
            type Value = Entries<'j>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'j>>(self, mut map: A) -> Result<Entries<'j>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

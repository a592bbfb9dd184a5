//! Raw JSON inside of a value: its objects and lists are walked as any other, and its numbers stay as they are written.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{Error, Serialize, SerializeMap, SerializeStruct, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The name of the struct as which `serde_json` serializes raw JSON, and of its field.
pub(crate) const RAW: &str = "$serde_json::private::RawValue";
/// The name of the struct as which [`Contents`] serializes a number as it is written, and of its field.
pub(crate) const NUMBER: &str = "$whyfor_serde::private::RawNumber";

/// Raw JSON as a value: objects as maps, lists, texts, numbers.
pub(crate) struct Contents<'j>(pub(crate) &'j str);

impl Serialize for Contents<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.trim();
        // Its text may be anything that the value says is JSON.
        let unreadable = |_| S::Error::custom("broken JSON");
        match text.as_bytes().first() {
            Some(b'{') => {
                let Entries(entries) = serde_json::from_str(text).map_err(unreadable)?;
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(&key, &Contents(value.get()))?;
                }
                map.end()
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(unreadable)?;
                serializer.collect_seq(items.iter().map(|item| Contents(item.get())))
            }
            Some(b'"') => {
                let text: Cow<'_, str> = serde_json::from_str(text).map_err(unreadable)?;
                serializer.serialize_str(&text)
            }
            Some(b't' | b'f') => {
                serializer.serialize_bool(serde_json::from_str(text).map_err(unreadable)?)
            }
            Some(b'n') => {
                let () = serde_json::from_str(text).map_err(unreadable)?;
                serializer.serialize_none()
            }
            _ => number(text, serializer),
        }
    }
}

fn number<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let _: &RawValue = serde_json::from_str(text).map_err(|_| S::Error::custom("broken JSON"))?;
    if let Ok(value) = text.parse::<u64>() {
        return serializer.serialize_u64(value);
    }
    match text.parse::<i64>() {
        Ok(value) if value != 0 => serializer.serialize_i64(value),
        _ => {
            let mut number = serializer.serialize_struct(NUMBER, 1)?;
            number.serialize_field(NUMBER, text)?;
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

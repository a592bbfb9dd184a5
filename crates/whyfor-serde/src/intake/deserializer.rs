//! The second reading: a deserializer in front of the format's.
//!
//! The hints of the type that is built reach the format, so integers of 128 bits, borrowed texts and formats that
//! depend on hints work.

use super::gate::{Gated, Guest};
use crate::problem::Fault;
use serde::de::{Deserializer, IgnoredAny, Visitor};

impl<'w, D> Gated<'w, D> {
    fn visitor<V>(&self, visitor: V) -> Guest<'w, V> {
        Guest { gate: self.gate, visitor, has_fields: false }
    }
}

macro_rules! hints {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            let visitor = self.visitor(visitor);
            Ok(self.inner.$method(visitor)?)
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Gated<'_, D> {
    type Error = Fault<D::Error>;

    hints! {
        deserialize_any deserialize_bool deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_option deserialize_unit deserialize_seq deserialize_map deserialize_identifier
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let visitor = self.visitor(visitor);
        Ok(self.inner.deserialize_unit_struct(name, visitor)?)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        #[cfg(feature = "json")]
        if name == crate::private::RAW_JSON {
            // Raw JSON comes as it was sent, so all of it must be allowed.
            self.gate.value().and_then(|place| place.check_all()).map_err(Fault::Own)?;
            return Ok(self.inner.deserialize_newtype_struct(name, visitor)?);
        }
        let visitor = self.visitor(visitor);
        Ok(self.inner.deserialize_newtype_struct(name, visitor)?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let visitor = self.visitor(visitor);
        Ok(self.inner.deserialize_tuple(len, visitor)?)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let visitor = self.visitor(visitor);
        Ok(self.inner.deserialize_tuple_struct(name, len, visitor)?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let visitor = Guest { has_fields: true, ..self.visitor(visitor) };
        Ok(self.inner.deserialize_struct(name, fields, visitor)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let visitor = self.visitor(visitor);
        Ok(self.inner.deserialize_enum(name, variants, visitor)?)
    }

    /// What is ignored is not seen, whatever it is.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let IgnoredAny = self.inner.deserialize_ignored_any(IgnoredAny)?;
        visitor.visit_unit()
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

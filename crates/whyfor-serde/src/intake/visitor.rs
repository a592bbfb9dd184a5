//! The second reading: a visitor that decides every value again before the type that is built sees it.

use super::gate::{Entries, Gated, Guest, Items, PrivateEntry, Variants};
use crate::problem::{Bad, Fault, Problem};
use serde::de::{Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

impl<V> Guest<'_, V> {
    /// Shows the visitor a value that passed, and hides what its error says.
    fn show<T, E: Error>(
        self,
        passed: Result<(), Bad>,
        visit: impl FnOnce(V) -> Result<T, Fault<E>>,
    ) -> Result<T, E> {
        let Self { gate, visitor, .. } = self;
        let shown = passed.map_err(Fault::Own).and_then(|()| visit(visitor));
        shown.map_err(|fault| gate.place().settle(fault))
    }

    /// A value that says that there is none.
    fn nothing(&self) -> Result<(), Bad> {
        self.gate.value()?.check(true)
    }
}

macro_rules! scalars {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            let passed = self.gate.pass(&value);
            self.show(passed, |visitor| visitor.$method(value))
        })*
    };
}

macro_rules! texts {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            let passed = self.gate.pass_text(&value);
            self.show(passed, |visitor| visitor.$method(value))
        })*
    };
}

macro_rules! bytes {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E: Error>(self, value: $type) -> Result<V::Value, E> {
            let passed = match std::str::from_utf8(&value) {
                Ok(text) => self.gate.pass_text(text),
                Err(_) => self.gate.value().and_then(|place| place.check(false)),
            };
            self.show(passed, |visitor| visitor.$method(value))
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Guest<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another value")
    }

    scalars! {
        visit_bool: bool, visit_char: char,
        visit_i8: i8, visit_i16: i16, visit_i32: i32, visit_i64: i64, visit_i128: i128,
        visit_u8: u8, visit_u16: u16, visit_u32: u32, visit_u64: u64, visit_u128: u128,
        visit_f32: f32, visit_f64: f64
    }

    texts! { visit_str: &str, visit_borrowed_str: &'de str, visit_string: String }

    bytes! { visit_bytes: &[u8], visit_borrowed_bytes: &'de [u8], visit_byte_buf: Vec<u8> }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        let passed = self.nothing();
        self.show(passed, Visitor::visit_none)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        let passed = self.nothing();
        self.show(passed, Visitor::visit_unit)
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let gate = self.gate;
        self.show(Ok(()), |visitor| visitor.visit_some(Gated { gate, inner }))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let gate = self.gate;
        self.show(Ok(()), |visitor| visitor.visit_newtype_struct(Gated { gate, inner }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let (gate, has_fields) = (self.gate, self.has_fields);
        self.show(if has_fields { Err(Problem::Unnamed.into()) } else { Ok(()) }, |visitor| {
            let place = gate.value().map_err(Fault::Own)?;
            visitor.visit_seq(Items::of(place, inner).map_err(Fault::Own)?)
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let gate = self.gate;
        self.show(Ok(()), |visitor| {
            let place = gate.value().map_err(Fault::Own)?;
            if place.stands_for_a_leaf().map_err(Fault::Own)? {
                return visitor.visit_map(PrivateEntry { place, key: None, inner });
            }
            visitor.visit_map(Entries::of(place, inner).map_err(Fault::Own)?)
        })
    }

    fn visit_enum<A: EnumAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        let gate = self.gate;
        self.show(Ok(()), |visitor| visitor.visit_enum(Variants { gate, inner }))
    }
}

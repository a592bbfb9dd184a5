//! The short way to JSON: a struct whose fields are mostly values without parts is written while it is decided.
//!
//! JSON announces no lengths, so a field that may pass can be written at once, and one that may not can be skipped. A
//! value with parts still takes both passes, since what is left of it must be known before its name is written. Whether
//! a path has such values is learnt: the first one calls the whole attempt off, and the call starts again with both
//! passes.

use super::parts::{Part, Place};
use super::survey::Survey;
use crate::paths::PathId;
use crate::private::Private;
use crate::problem::{Fault, Problem};
use crate::scalars::each_scalar;
use crate::treatment::Fate;
use crate::walk::Walk;
use serde::ser::{Impossible, Serialize, SerializeStruct, Serializer};
use std::fmt::Display;

/// Writes a value at a path that may pass, or the whole, if it is a struct.
pub(super) struct Direct<'w, S> {
    pub(super) walk: &'w Walk<'w>,
    pub(super) path: PathId,
    pub(super) inner: S,
}

impl<S: Serializer> Direct<'_, S> {
    /// It is nothing for the short way.
    #[cold]
    #[inline(never)]
    fn off<T>(self) -> Result<T, Fault<S::Error>> {
        self.walk.call_off(self.path);
        Err(Fault::own(Problem::Changed))
    }

    /// A value without parts may pass if it is a field's: the whole has no name.
    #[inline(always)]
    fn write(
        self,
        write: impl FnOnce(S) -> Result<S::Ok, S::Error>,
    ) -> Result<S::Ok, Fault<S::Error>> {
        if self.path == PathId::ROOT {
            return self.off();
        }
        Ok(write(self.inner)?)
    }
}

/// A value at a path that may pass, when the format asks for it.
struct Leaf<'w, 't, T: ?Sized> {
    walk: &'w Walk<'w>,
    path: PathId,
    value: &'t T,
}

impl<T: Serialize + ?Sized> Serialize for Leaf<'_, '_, T> {
    #[inline]
    fn serialize<S: Serializer>(&self, inner: S) -> Result<S::Ok, S::Error> {
        let Self { walk, path, value } = *self;
        value.serialize(Direct { walk, path, inner }).map_err(|fault| match fault {
            Fault::Inner(error) => error,
            Fault::Own(problem) => super::parts::refused(walk, path, problem),
        })
    }
}

macro_rules! scalars {
    ($($method:ident: $type:ty),*) => {
        $(#[inline]
        fn $method(self, value: $type) -> Result<S::Ok, Self::Error> {
            self.write(|inner| inner.$method(value))
        })*
    };
}

impl<'w, S: Serializer> Serializer for Direct<'w, S> {
    type Ok = S::Ok;
    type Error = Fault<S::Error>;
    type SerializeSeq = Impossible<S::Ok, Self::Error>;
    type SerializeTuple = Impossible<S::Ok, Self::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, Self::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, Self::Error>;
    type SerializeMap = Impossible<S::Ok, Self::Error>;
    type SerializeStruct = Fields<'w, S::SerializeStruct>;
    type SerializeStructVariant = Impossible<S::Ok, Self::Error>;

    each_scalar!(scalars);

    #[inline]
    fn serialize_str(self, value: &str) -> Result<S::Ok, Self::Error> {
        self.write(|inner| inner.serialize_str(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<S::Ok, Self::Error> {
        self.write(|inner| inner.serialize_bytes(value))
    }

    #[inline]
    fn serialize_none(self) -> Result<S::Ok, Self::Error> {
        self.write(S::serialize_none)
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, Self::Error> {
        let Self { walk, path, .. } = self;
        self.write(|inner| inner.serialize_some(&Leaf { walk, path, value }))
    }

    fn serialize_unit(self) -> Result<S::Ok, Self::Error> {
        self.write(S::serialize_unit)
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<S::Ok, Self::Error> {
        self.write(|inner| inner.serialize_unit_struct(name))
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, Self::Error> {
        self.write(|inner| inner.serialize_unit_variant(name, index, variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, Self::Error> {
        let Self { walk, path, .. } = self;
        self.write(|inner| inner.serialize_newtype_struct(name, &Leaf { walk, path, value }))
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<S::Ok, Self::Error> {
        self.write(|inner| inner.collect_str(value))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<S::Ok, Self::Error> {
        self.off()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Self::Error> {
        self.off()
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Self::Error> {
        self.off()
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Self::Error> {
        self.off()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Self::Error> {
        self.off()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Self::Error> {
        self.off()
    }

    fn serialize_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStruct, Self::Error> {
        let Self { walk, path, .. } = self;
        if path != PathId::ROOT || len == 0 || Private::of_struct(name).is_some() {
            return self.off();
        }
        // The place of the whole in the plan, so that no part takes itself for it.
        walk.open(0).map_err(Fault::Own)?;
        Ok(Fields { walk, inner: self.inner.serialize_struct(name, len)?, next_field: 0 })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Self::Error> {
        self.off()
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// The fields of the whole.
pub(super) struct Fields<'w, I> {
    walk: &'w Walk<'w>,
    inner: I,
    next_field: usize,
}

impl<I: SerializeStruct> Fields<'_, I> {
    /// A field that did not stand here last time, or is not known to pass as it is.
    #[inline(never)]
    fn other<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Fault<I::Error>> {
        let Self { walk, inner, next_field } = self;
        let path = walk.field(PathId::ROOT, name, next_field);
        if walk.is_direct(path) {
            return Ok(inner.serialize_field(name, &Leaf { walk, path, value })?);
        }
        let at = walk.len();
        let fate = value.serialize(Survey { walk, path, depth: 1 });
        if fate.map_err(|problem| Fault::Own(walk.fail(path, problem)))? == Fate::Drop {
            return Ok(inner.skip_field(name)?);
        }
        let token = walk.token(at).map_err(Fault::Own)?;
        Ok(inner.serialize_field(name, &Part { place: Place { walk, path, at, token }, value })?)
    }
}

impl<I: SerializeStruct> SerializeStruct for Fields<'_, I> {
    type Ok = I::Ok;
    type Error = Fault<I::Error>;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Self::Error> {
        let walk = self.walk;
        let Some(path) = walk.next_direct(PathId::ROOT, name, self.next_field) else {
            return self.other(name, value);
        };
        self.next_field += 1;
        Ok(self.inner.serialize_field(name, &Leaf { walk, path, value })?)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), Self::Error> {
        Ok(self.inner.skip_field(name)?)
    }

    fn end(self) -> Result<I::Ok, Self::Error> {
        Ok(self.inner.end()?)
    }
}

//! Keys of maps as names: a text, a number, a yes or no, a variant without contents. Other keys have no name.

use crate::problem::{Bad, Fault, Problem};
use crate::scalars::each_scalar;
use serde::ser::{Impossible, Serialize, Serializer};

/// The name of a key; `None` for a key that has none.
pub(crate) fn name_of<K: Serialize + ?Sized>(key: &K) -> Option<String> {
    key.serialize(Name).ok()
}

/// A key that is written only if it is still the one that was decided.
pub(crate) struct SameKey<'k, K: ?Sized> {
    pub(crate) key: &'k K,
    pub(crate) name: &'k str,
}

impl<K: Serialize + ?Sized> Serialize for SameKey<'_, K> {
    fn serialize<S: Serializer>(&self, inner: S) -> Result<S::Ok, S::Error> {
        self.key.serialize(Same { inner, name: self.name }).map_err(|fault| match fault {
            Fault::Inner(error) => error,
            Fault::Own(problem) => serde::ser::Error::custom(problem),
        })
    }
}

/// Gives the name of a key.
struct Name;

/// Passes a key of a name on.
struct Same<'n, S> {
    inner: S,
    name: &'n str,
}

impl<S> Same<'_, S> {
    fn check<E>(&self, name: &str) -> Result<(), Fault<E>> {
        if name == self.name { Ok(()) } else { Err(Fault::own(Problem::Changed)) }
    }
}

const NO_NAME: Problem = Problem::Unreadable;

macro_rules! name_scalars {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<String, Bad> { Ok(value.to_string()) })*
    };
}

macro_rules! same_scalars {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<S::Ok, Self::Error> {
            self.check(&value.to_string())?;
            Ok(self.inner.$method(value)?)
        })*
    };
}

/// What has no name.
macro_rules! nameless {
    ($error:expr) => {
        fn serialize_bytes(self, _: &[u8]) -> Result<Self::Ok, Self::Error> {
            Err($error)
        }
        fn serialize_none(self) -> Result<Self::Ok, Self::Error> {
            Err($error)
        }
        fn serialize_unit(self) -> Result<Self::Ok, Self::Error> {
            Err($error)
        }
        fn serialize_unit_struct(self, _: &'static str) -> Result<Self::Ok, Self::Error> {
            Err($error)
        }
        fn serialize_newtype_variant<T: Serialize + ?Sized>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<Self::Ok, Self::Error> {
            Err($error)
        }
        fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Self::Error> {
            Err($error)
        }
        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Self::Error> {
            Err($error)
        }
        fn serialize_tuple_struct(
            self,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleStruct, Self::Error> {
            Err($error)
        }
        fn serialize_tuple_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeTupleVariant, Self::Error> {
            Err($error)
        }
        fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Self::Error> {
            Err($error)
        }
        fn serialize_struct(
            self,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStruct, Self::Error> {
            Err($error)
        }
        fn serialize_struct_variant(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: usize,
        ) -> Result<Self::SerializeStructVariant, Self::Error> {
            Err($error)
        }
    };
}

/// A serializer that writes no containers.
macro_rules! no_containers {
    () => {
        type SerializeSeq = Impossible<Self::Ok, Self::Error>;
        type SerializeTuple = Impossible<Self::Ok, Self::Error>;
        type SerializeTupleStruct = Impossible<Self::Ok, Self::Error>;
        type SerializeTupleVariant = Impossible<Self::Ok, Self::Error>;
        type SerializeMap = Impossible<Self::Ok, Self::Error>;
        type SerializeStruct = Impossible<Self::Ok, Self::Error>;
        type SerializeStructVariant = Impossible<Self::Ok, Self::Error>;
    };
}

impl Serializer for Name {
    type Ok = String;
    type Error = Bad;
    no_containers!();
    each_scalar!(name_scalars);
    nameless!(Bad::from(NO_NAME));

    fn serialize_str(self, value: &str) -> Result<String, Bad> {
        Ok(value.to_owned())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<String, Bad> {
        value.serialize(self)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, Bad> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<String, Bad> {
        value.serialize(self)
    }
}

impl<S: Serializer> Serializer for Same<'_, S> {
    type Ok = S::Ok;
    type Error = Fault<S::Error>;
    no_containers!();
    each_scalar!(same_scalars);
    nameless!(Fault::own(NO_NAME));

    fn serialize_str(self, value: &str) -> Result<S::Ok, Self::Error> {
        self.check(value)?;
        Ok(self.inner.serialize_str(value)?)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, Self::Error> {
        Ok(self.inner.serialize_some(&SameKey { key: value, name: self.name })?)
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, Self::Error> {
        self.check(variant)?;
        Ok(self.inner.serialize_unit_variant(name, index, variant)?)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, Self::Error> {
        let value = SameKey { key: value, name: self.name };
        Ok(self.inner.serialize_newtype_struct(name, &value)?)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

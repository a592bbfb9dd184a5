//! The second pass: writes what may be seen to the format's serializer.

use super::parts::{Fields, Items, Kind, Part, Place, Show};
use crate::paths::PathId;
use crate::private::{Private, tag};
use crate::problem::{Bad, Fault, Problem};
use crate::scalars::{FIXED_TEXT, Fixed, each_scalar};
use crate::token::Token;
use crate::treatment::{Fate, Instead, Layout};
use serde::ser::{
    Serialize, SerializeMap as _, SerializeSeq as _, SerializeStruct as _,
    SerializeTupleVariant as _, Serializer,
};

/// How a container is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// With those of its parts that are not left out.
    Open,
    /// As null.
    Null,
    /// Without parts.
    Empty,
}

impl Place<'_> {
    fn layout(&self) -> Layout {
        self.walk.treatment.layout
    }

    /// The fate of a value without parts: that of its path, where the plan has it for the same path.
    #[inline(always)]
    fn fate(&self, is_empty: bool) -> Result<Fate, Bad> {
        let Token { path, next, fate, .. } = self.token;
        if path == self.path && path != PathId::ROOT && next as usize == self.at + 1 {
            return Ok(fate);
        }
        self.fate_again(is_empty)
    }

    /// The same, decided again and compared with the plan.
    #[inline(never)]
    fn fate_again(&self, is_empty: bool) -> Result<Fate, Bad> {
        let fate = self.walk.fate(self.path, is_empty)?;
        let is_same = self.token.fate == fate && self.token.next as usize == self.at + 1;
        if is_same { Ok(fate) } else { Err(Problem::Changed.into()) }
    }

    /// How a container is written, by its fate in the plan. Its parts are decided again.
    fn way(&self, kind: Kind) -> Result<Way, Bad> {
        let is_root = self.at == 0;
        match self.token.fate {
            Fate::Show => Ok(Way::Open),
            Fate::Mask => self.way_of_masked(kind, is_root),
            // Of the whole value nothing remains.
            Fate::Drop if is_root => Ok(match kind {
                Kind::Fields | Kind::Map => Way::Open,
                Kind::List => Way::Empty,
                Kind::Tuple | Kind::Variant => Way::Null,
            }),
            Fate::Drop => Err(Problem::Changed.into()),
        }
    }

    fn way_of_masked(&self, kind: Kind, is_root: bool) -> Result<Way, Bad> {
        use Kind::{Fields, List, Map, Tuple, Variant};
        match (&self.walk.treatment.instead, self.layout(), kind) {
            (Instead::LeaveOut, ..) => Err(Problem::Changed.into()),
            (Instead::Null, Layout::Named, Fields | Map) if is_root => Ok(Way::Open),
            (Instead::Null, Layout::Named, List) if is_root => Ok(Way::Empty),
            (Instead::Null, Layout::Named, _) => Ok(Way::Null),
            (_, _, Fields | Tuple) => Ok(Way::Open),
            (_, Layout::Ordered, _) => Err(Problem::Unmaskable.into()),
            (Instead::Null, ..) => Err(Problem::Unmaskable.into()),
            (Instead::Fixed, _, List | Map) => Ok(Way::Empty),
            (Instead::Hash(_), _, List | Map) => Ok(Way::Open),
            (_, Layout::Named, Variant) => Ok(Way::Null),
            (_, Layout::Positional, Variant) => Err(Problem::Unmaskable.into()),
        }
    }
}

impl<'w, S: Serializer> Show<'w, S> {
    /// Something that is no text or number in the place of one.
    fn null(self) -> Result<S::Ok, Fault<S::Error>> {
        match self.place.layout() {
            Layout::Named | Layout::Ordered => Ok(self.inner.serialize_none()?),
            Layout::Positional => Err(Fault::own(Problem::Unmaskable)),
        }
    }

    /// Nothing of the value remains. A container would leave it out, so it is the root.
    pub(super) fn dropped(self) -> Result<S::Ok, Fault<S::Error>> {
        if self.place.at != 0 || self.place.layout() != Layout::Named {
            return Err(Fault::own(Problem::Changed));
        }
        Ok(self.inner.serialize_none()?)
    }

    /// A hash in the place of something that is no text.
    fn hash(self, bytes: &[u8]) -> Result<S::Ok, Fault<S::Error>> {
        match (&self.place.walk.treatment.instead, self.place.layout()) {
            (Instead::Hash(key), Layout::Named | Layout::Ordered) => {
                Ok(self.inner.serialize_str(&key.hash(bytes))?)
            }
            _ => Err(Fault::own(Problem::Unmaskable)),
        }
    }

    #[inline]
    fn scalar<T: Fixed + ToString>(
        self,
        value: T,
        write: impl FnOnce(S, T) -> Result<S::Ok, S::Error>,
    ) -> Result<S::Ok, Fault<S::Error>> {
        if self.place.fate(false).map_err(Fault::Own)? == Fate::Show {
            return Ok(write(self.inner, value)?);
        }
        self.masked_scalar(value, write)
    }

    #[cold]
    fn masked_scalar<T: Fixed + ToString>(
        self,
        value: T,
        write: impl FnOnce(S, T) -> Result<S::Ok, S::Error>,
    ) -> Result<S::Ok, Fault<S::Error>> {
        match (self.place.fate(false).map_err(Fault::Own)?, &self.place.walk.treatment.instead) {
            (Fate::Show | Fate::Drop, _) | (_, Instead::LeaveOut) => self.dropped(),
            (Fate::Mask, Instead::Null) => self.null(),
            (Fate::Mask, Instead::Fixed) => Ok(write(self.inner, T::FIXED)?),
            (Fate::Mask, Instead::Hash(_)) => self.hash(value.to_string().as_bytes()),
        }
    }

    /// A text, or the name of a variant, or bytes: `fixed` is the fixed value.
    fn masked(
        self,
        fate: Fate,
        bytes: &[u8],
        fixed: impl FnOnce(Self) -> Result<S::Ok, Fault<S::Error>>,
    ) -> Result<S::Ok, Fault<S::Error>> {
        match (fate, &self.place.walk.treatment.instead) {
            (Fate::Show | Fate::Drop, _) | (_, Instead::LeaveOut) => self.dropped(),
            (Fate::Mask, Instead::Null) => self.null(),
            (Fate::Mask, Instead::Fixed) => fixed(self),
            (Fate::Mask, Instead::Hash(_)) => self.hash(bytes),
        }
    }

    /// A value without contents: nothing of it can be masked.
    fn nothing(
        self,
        write: impl FnOnce(S) -> Result<S::Ok, S::Error>,
    ) -> Result<S::Ok, Fault<S::Error>> {
        match self.place.fate(true).map_err(Fault::Own)? {
            Fate::Show | Fate::Mask => Ok(write(self.inner)?),
            Fate::Drop => self.dropped(),
        }
    }

    /// The same value to the format's serializer, when it asks for it.
    fn same<'t, T: ?Sized>(&self, value: &'t T) -> Part<'w, 't, T> {
        Part { place: self.place, value }
    }

    /// A list of any kind; `open` starts it with a number of items, `closed` is an empty one.
    fn items<I>(
        self,
        kind: Kind,
        open: impl FnOnce(S, usize) -> Result<I, S::Error>,
    ) -> Result<Items<'w, S, I>, Fault<S::Error>> {
        let token = self.place.token;
        Ok(match self.place.way(kind).map_err(Fault::Own)? {
            Way::Open => Items::open(self.place, token, open(self.inner, token.count as usize)?),
            Way::Null => Items::done(self.inner.serialize_none()?),
            Way::Empty => Items::done(self.inner.serialize_seq(Some(0))?.end()?),
        })
    }

    /// A struct or map of any kind.
    fn fields<F>(
        self,
        kind: Kind,
        open: impl FnOnce(S, usize) -> Result<F, S::Error>,
    ) -> Result<Fields<'w, S, F>, Fault<S::Error>> {
        let token = self.place.token;
        Ok(match self.place.way(kind).map_err(Fault::Own)? {
            Way::Open => Fields::open(self.place, token, open(self.inner, token.count as usize)?),
            Way::Null => Fields::done(self.inner.serialize_none()?),
            Way::Empty => Fields::done(self.inner.serialize_map(Some(0))?.end()?),
        })
    }

    /// A value of a private name, which has one text.
    pub(super) fn private(self, private: Private, text: &str) -> Result<S::Ok, Fault<S::Error>> {
        let (name, field) = private.names();
        let write = |inner: S, text: &str| -> Result<S::Ok, Fault<S::Error>> {
            let mut written = inner.serialize_struct(name, 1)?;
            written.serialize_field(field, text)?;
            Ok(written.end()?)
        };
        match self.place.fate(false).map_err(Fault::Own)? {
            Fate::Show => write(self.inner, text),
            fate => self.masked(fate, text.as_bytes(), |own| write(own.inner, private.fixed())),
        }
    }

    /// A tag with its value. What stands for the value has no tag, where it may have none.
    pub(super) fn tagged<T: Serialize + ?Sized>(
        self,
        number: u64,
        value: &T,
    ) -> Result<S::Ok, Fault<S::Error>> {
        if self.place.token.fate != Fate::Show && self.place.layout() == Layout::Named {
            return value.serialize(self);
        }
        let value = self.same(value);
        let mut written = self.inner.serialize_tuple_variant(tag::NAME, 0, tag::TAGGED, 2)?;
        written.serialize_field(&number)?;
        written.serialize_field(&value)?;
        Ok(written.end()?)
    }
}

macro_rules! scalars {
    ($($method:ident: $type:ty),*) => {
        $(#[inline]
        fn $method(self, value: $type) -> Result<S::Ok, Self::Error> {
            self.scalar(value, |inner, value| inner.$method(value))
        })*
    };
}

impl<'w, S: Serializer> Serializer for Show<'w, S> {
    type Ok = S::Ok;
    type Error = Fault<S::Error>;
    type SerializeSeq = Items<'w, S, S::SerializeSeq>;
    type SerializeTuple = Items<'w, S, S::SerializeTuple>;
    type SerializeTupleStruct = Items<'w, S, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Items<'w, S, S::SerializeTupleVariant>;
    type SerializeMap = Fields<'w, S, S::SerializeMap>;
    type SerializeStruct = Fields<'w, S, S::SerializeStruct>;
    type SerializeStructVariant = Fields<'w, S, S::SerializeStructVariant>;

    each_scalar!(scalars);

    #[inline]
    fn serialize_str(self, value: &str) -> Result<S::Ok, Self::Error> {
        let fate = self.place.fate(false).map_err(Fault::Own)?;
        match (fate, &self.place.walk.treatment.instead) {
            (Fate::Show, _) => Ok(self.inner.serialize_str(value)?),
            // A text for a text is readable in every layout.
            (Fate::Mask, Instead::Hash(key)) => {
                Ok(self.inner.serialize_str(&key.hash(value.as_bytes()))?)
            }
            _ => self.masked(fate, &[], |own| Ok(own.inner.serialize_str(FIXED_TEXT)?)),
        }
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<S::Ok, Self::Error> {
        match self.place.fate(false).map_err(Fault::Own)? {
            Fate::Show => Ok(self.inner.serialize_bytes(value)?),
            fate => self.masked(fate, value, |own| Ok(own.inner.serialize_bytes(&[])?)),
        }
    }

    fn serialize_none(self) -> Result<S::Ok, Self::Error> {
        self.nothing(S::serialize_none)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, Self::Error> {
        let fate = self.place.token.fate;
        match (fate, &self.place.walk.treatment.instead) {
            (Fate::Drop, _) if self.place.at == 0 => Ok(self.inner.serialize_none()?),
            (Fate::Drop, _) => Err(Fault::own(Problem::Changed)),
            // Whether the value is there is hidden too.
            (Fate::Mask, Instead::Null | Instead::Fixed) => Ok(self.inner.serialize_none()?),
            (Fate::Mask | Fate::Show, _) => {
                let value = self.same(value);
                Ok(self.inner.serialize_some(&value)?)
            }
        }
    }

    fn serialize_unit(self) -> Result<S::Ok, Self::Error> {
        self.nothing(S::serialize_unit)
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<S::Ok, Self::Error> {
        #[cfg(feature = "json")]
        if name == crate::private::UNREADABLE {
            return self.dropped();
        }
        self.nothing(|inner| inner.serialize_unit_struct(name))
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, Self::Error> {
        match self.place.fate(false).map_err(Fault::Own)? {
            Fate::Show => Ok(self.inner.serialize_unit_variant(name, index, variant)?),
            fate => self.masked(fate, variant.as_bytes(), Self::null),
        }
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, Self::Error> {
        let value = self.same(value);
        Ok(self.inner.serialize_newtype_struct(name, &value)?)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, Self::Error> {
        if tag::is_untagged(name, variant) {
            let value = self.same(value);
            return Ok(self.inner.serialize_newtype_variant(name, index, variant, &value)?);
        }
        match self.place.way(Kind::Variant).map_err(Fault::Own)? {
            Way::Null | Way::Empty => Ok(self.inner.serialize_none()?),
            Way::Open => {
                let Place { walk, path, at, .. } = self.place.in_variant(variant);
                let token = walk.token(at + 1).map_err(Fault::Own)?;
                let value = Part { place: Place { walk, path, at: at + 1, token }, value };
                Ok(self.inner.serialize_newtype_variant(name, index, variant, &value)?)
            }
        }
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Self::Error> {
        self.items(Kind::List, |inner, len| inner.serialize_seq(Some(len)))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Self::Error> {
        self.items(Kind::Tuple, |inner, len| inner.serialize_tuple(len))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Self::Error> {
        self.items(Kind::Tuple, |inner, len| inner.serialize_tuple_struct(name, len))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Self::Error> {
        if tag::is_tagged(name, variant) {
            return Ok(Items::tag(self));
        }
        let Self { place, inner } = self;
        let own = Show { place: place.in_variant(variant), inner };
        own.items(Kind::Variant, |inner, len| {
            inner.serialize_tuple_variant(name, index, variant, len)
        })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Self::Error> {
        self.fields(Kind::Map, |inner, len| inner.serialize_map(Some(len)))
    }

    fn serialize_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStruct, Self::Error> {
        if let Some(private) = Private::of_struct(name) {
            return Ok(Fields::private(self, private));
        }
        self.fields(Kind::Fields, |inner, len| inner.serialize_struct(name, len))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Self::Error> {
        let Self { place, inner } = self;
        let own = Show { place: place.in_variant(variant), inner };
        own.fields(Kind::Variant, |inner, len| {
            inner.serialize_struct_variant(name, index, variant, len)
        })
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

impl Place<'_> {
    fn in_variant(self, variant: &'static str) -> Self {
        Self { path: self.walk.field(self.path, variant, &mut 0), ..self }
    }
}

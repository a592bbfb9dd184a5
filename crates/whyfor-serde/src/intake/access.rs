//! The second reading: the parts of containers, without those that are dropped.

use super::gate::{
    Contents, Entries, Gate, Guest, Items, Noted, Place, PrivateEntry, Seed, Variants,
};
use crate::private::Private;
use crate::problem::{Bad, Fault, Problem};
use crate::treatment::Fate;
use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, IgnoredAny, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use std::cell::{Cell, RefCell};

impl<'w, A> Items<'w, A> {
    pub(super) fn of(place: Place<'w>, inner: A) -> Result<Self, Bad> {
        let end = place.token()?.next as usize;
        Ok(Self { place, next: place.at + 1, end, inner })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<'_, A> {
    type Error = Fault<A::Error>;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Self::Error> {
        while self.next < self.end {
            let place = Place { at: self.next, ..self.place };
            let token = place.token().map_err(Fault::Own)?;
            self.next = token.next as usize;
            // If nothing in a container may be taken, it stays as an empty one: its type says what that means.
            let is_plain = token.next as usize == place.at + 1;
            if token.fate != Fate::Show && is_plain {
                self.inner.next_element::<IgnoredAny>()?;
                continue;
            }
            let seed = Seed { gate: Gate::Value(place), seed };
            return Ok(self.inner.next_element_seed(seed)?);
        }
        match self.inner.next_element::<IgnoredAny>()? {
            None => Ok(None),
            Some(_) => Err(Fault::own(Problem::Changed)),
        }
    }
}

impl<'w, A> Entries<'w, A> {
    pub(super) fn of(place: Place<'w>, inner: A) -> Result<Self, Bad> {
        let end = place.token()?.next as usize;
        Ok(Self { place, next: place.at + 1, end, next_key: 0, value: None, inner })
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'_, A> {
    type Error = Fault<A::Error>;

    fn next_key_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Self::Error> {
        while self.next < self.end {
            let at = self.next;
            let token = self.place.walk.token(at).map_err(Fault::Own)?;
            self.next = token.next as usize;
            if token.fate != Fate::Show {
                self.inner.next_entry::<IgnoredAny, IgnoredAny>()?;
                continue;
            }
            let noted = Noted { next: Cell::new(self.next_key), path: Cell::new(None) };
            let seed = Seed { gate: Gate::Key(self.place, &noted), seed };
            let key = self.inner.next_key_seed(seed)?;
            let Some((path, mark)) = noted.path.get() else {
                return Err(Fault::own(Problem::Changed));
            };
            self.next_key = noted.next.get();
            self.value = Some((Place { path, at, ..self.place }, mark));
            return Ok(key);
        }
        match self.inner.next_key::<IgnoredAny>()? {
            None => Ok(None),
            Some(_) => Err(Fault::own(Problem::Changed)),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, Self::Error> {
        let Some((place, mark)) = self.value.take() else {
            return Err(Fault::own(Problem::Changed));
        };
        let value = self.inner.next_value_seed(Seed { gate: Gate::Value(place), seed })?;
        place.walk.release(mark);
        Ok(value)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for PrivateEntry<'_, A> {
    type Error = Fault<A::Error>;

    fn next_key_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Self::Error> {
        let key = self.inner.next_key::<String>()?;
        if self.key.is_some() && key.is_none() {
            return Ok(None);
        }
        let key = key.filter(|_| self.key.is_none()).and_then(|key| Private::key(&key));
        let key = key.ok_or_else(|| Fault::own(Problem::Changed))?;
        self.key = Some(key);
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, Self::Error> {
        let text = self.inner.next_value::<String>()?;
        self.place.check(false).map_err(Fault::Own)?;
        seed.deserialize(StringDeserializer::new(text))
    }
}

impl<'de, 'w, A: EnumAccess<'de>> EnumAccess<'de> for Variants<'w, A> {
    type Error = Fault<A::Error>;
    type Variant = Contents<'w, A::Variant>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Self::Variant), Self::Error> {
        let Self { gate, inner } = self;
        let place = match gate {
            Gate::Key(..) | Gate::Variant(..) => {
                let (value, inner) = inner.variant_seed(Seed { gate, seed })?;
                return Ok((value, Contents { gate, inside: None, mark: None, inner }));
            }
            Gate::Value(place) => place,
        };
        let name = RefCell::new(None);
        let (value, inner) =
            inner.variant_seed(Seed { gate: Gate::Variant(place, &name), seed })?;
        let Some(name) = name.into_inner() else { return Err(Fault::own(Problem::Changed)) };
        let is_plain = place.token().map_err(Fault::Own)?.next as usize == place.at + 1;
        let (inside, mark) = if is_plain {
            (place, None)
        } else {
            let (path, mark) = place.walk.key(place.path, &name, &mut 0);
            (Place { path, at: place.at + 1, ..place }, Some(mark))
        };
        Ok((value, Contents { gate, inside: Some(inside), mark, inner }))
    }
}

impl<'w, A> Contents<'w, A> {
    fn inside<E>(&self) -> Result<Place<'w>, Fault<E>> {
        self.inside.ok_or_else(|| Fault::own(Problem::Unreadable))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Contents<'_, A> {
    type Error = Fault<A::Error>;

    fn unit_variant(self) -> Result<(), Self::Error> {
        if let Gate::Value(_) = self.gate {
            self.inside()?.check(false).map_err(Fault::Own)?;
        }
        Ok(self.inner.unit_variant()?)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, Self::Error> {
        let place = self.inside()?;
        let gate = Gate::Value(place);
        let value = self.inner.newtype_variant_seed(Seed { gate, seed })?;
        self.mark.into_iter().for_each(|mark| place.walk.release(mark));
        Ok(value)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let place = self.inside()?;
        let gate = Gate::Value(place);
        let value = self.inner.tuple_variant(len, Guest { gate, visitor, has_fields: false })?;
        self.mark.into_iter().for_each(|mark| place.walk.release(mark));
        Ok(value)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        let place = self.inside()?;
        let gate = Gate::Value(place);
        let value = self.inner.struct_variant(fields, Guest { gate, visitor, has_fields: true })?;
        self.mark.into_iter().for_each(|mark| place.walk.release(mark));
        Ok(value)
    }
}

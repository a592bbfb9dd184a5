//! The second pass inside of containers: which parts are written.

use super::parts::{Entry, Fields, Items, Null, Part, Place, Show};
use crate::key::{SameKey, name_of};
use crate::private::Private;
use crate::problem::{Fault, Problem};
use crate::treatment::{Fate, Layout};
use serde::ser::{self, Serialize, Serializer};

macro_rules! lists {
    ($($trait:ident.$method:ident),*) => {
        $(impl<S: Serializer> ser::$trait for Items<'_, S, S::$trait> {
            type Ok = S::Ok;
            type Error = Fault<S::Error>;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
                let (parts, inner) = match self {
                    Self::Open { parts, inner } => (parts, inner),
                    Self::Tag { show, number } => {
                        if let Some(ok) = tagged(show, number, value)? {
                            *self = Self::Done(ok);
                        }
                        return Ok(());
                    }
                    Self::Done(_) => return Ok(()),
                };
                let (fate, place) = parts.step(parts.place.path).map_err(Fault::Own)?;
                match (fate, place.walk.treatment.layout) {
                    (Fate::Show | Fate::Mask, _) => Ok(inner.$method(&Part { place, value })?),
                    // The items after it keep their places.
                    (Fate::Drop, Layout::Named) => Ok(inner.$method(&Null)?),
                    (Fate::Drop, _) => Err(Fault::own(Problem::Changed)),
                }
            }

            fn end(self) -> Result<S::Ok, Self::Error> {
                match self {
                    Self::Open { parts, inner } => {
                        parts.end().map_err(Fault::Own)?;
                        Ok(inner.end()?)
                    }
                    Self::Tag { .. } => Err(Fault::own(Problem::Changed)),
                    Self::Done(ok) => Ok(ok),
                }
            }
        })*
    };
}

lists!(
    SerializeSeq.serialize_element,
    SerializeTuple.serialize_element,
    SerializeTupleStruct.serialize_field,
    SerializeTupleVariant.serialize_field
);

/// The first item of a tag is its number, and the second one its value, which is written.
fn tagged<S: Serializer, T: Serialize + ?Sized>(
    show: &mut Option<Show<'_, S>>,
    number: &mut Option<u64>,
    value: &T,
) -> Result<Option<S::Ok>, Fault<S::Error>> {
    let changed = || Fault::own(Problem::Changed);
    let Some(number) = *number else {
        let name = name_of(value).ok_or_else(changed)?;
        *number = Some(name.parse().map_err(|_| changed())?);
        return Ok(None);
    };
    show.take().ok_or_else(changed)?.tagged(number, value).map(Some)
}

/// A value of a private name, in the place of the struct that it is in.
fn private<S: Serializer, T: Serialize + ?Sized>(
    show: &mut Option<Show<'_, S>>,
    private: Private,
    value: &T,
) -> Result<S::Ok, Fault<S::Error>> {
    let show = show.take().ok_or_else(|| Fault::own(Problem::Changed))?;
    match (private, name_of(value)) {
        (_, None) => show.dropped(),
        #[cfg(feature = "json")]
        (Private::Json, Some(text)) => crate::raw::Contents(&text).serialize(show),
        #[cfg(not(feature = "json"))]
        (Private::Json, Some(_)) => show.dropped(),
        (_, Some(text)) => show.private(private, &text),
    }
}

macro_rules! structs {
    ($($trait:ident),*) => {
        $(impl<S: Serializer> ser::$trait for Fields<'_, S, S::$trait> {
            type Ok = S::Ok;
            type Error = Fault<S::Error>;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Self::Error> {
                match self {
                    Self::Open { parts, inner, next_field, .. } => {
                        let Place { walk, path, .. } = parts.place;
                        let path = walk.field(path, name, next_field);
                        let (fate, place) = parts.step(path).map_err(Fault::Own)?;
                        match (fate, walk.treatment.layout) {
                            (Fate::Show | Fate::Mask, _) => {
                                Ok(inner.serialize_field(name, &Part { place, value })?)
                            }
                            (Fate::Drop, Layout::Named) => Ok(inner.skip_field(name)?),
                            (Fate::Drop, _) => Err(Fault::own(Problem::Changed)),
                        }
                    }
                    Self::Private { show, private } => {
                        let ok = self::private(show, *private, value)?;
                        *self = Self::Done(Some(ok));
                        Ok(())
                    }
                    Self::Done(_) => Ok(()),
                }
            }

            fn skip_field(&mut self, name: &'static str) -> Result<(), Self::Error> {
                match self {
                    Self::Open { inner, .. } => Ok(inner.skip_field(name)?),
                    _ => Ok(()),
                }
            }

            fn end(self) -> Result<S::Ok, Self::Error> {
                match self {
                    Self::Open { parts, inner, .. } => {
                        parts.end().map_err(Fault::Own)?;
                        Ok(inner.end()?)
                    }
                    Self::Done(Some(ok)) => Ok(ok),
                    _ => Err(Fault::own(Problem::Changed)),
                }
            }
        })*
    };
}

structs!(SerializeStruct, SerializeStructVariant);

impl<S: Serializer> ser::SerializeMap for Fields<'_, S, S::SerializeMap> {
    type Ok = S::Ok;
    type Error = Fault<S::Error>;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Self::Error> {
        let Self::Open { parts, inner, entry, next_field } = self else { return Ok(()) };
        let Place { walk, path, .. } = parts.place;
        let Some(name) = name_of(key) else {
            let (fate, _) = parts.step(path).map_err(Fault::Own)?;
            *entry = Entry::LeftOut(None);
            return if fate == Fate::Drop { Ok(()) } else { Err(Fault::own(Problem::Changed)) };
        };
        let (path, mark) = walk.key(path, &name, next_field);
        let (fate, place) = parts.step(path).map_err(Fault::Own)?;
        *entry = if fate == Fate::Drop {
            Entry::LeftOut(Some(mark))
        } else {
            inner.serialize_key(&SameKey { key, name: &name })?;
            Entry::Written(place, mark)
        };
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        let Self::Open { parts, inner, entry, .. } = self else { return Ok(()) };
        let walk = parts.place.walk;
        match std::mem::replace(entry, Entry::LeftOut(None)) {
            Entry::LeftOut(mark) => mark.into_iter().for_each(|mark| walk.release(mark)),
            Entry::Written(place, mark) => {
                inner.serialize_value(&Part { place, value })?;
                walk.release(mark);
            }
        }
        Ok(())
    }

    fn end(self) -> Result<S::Ok, Self::Error> {
        match self {
            Self::Open { parts, inner, .. } => {
                parts.end().map_err(Fault::Own)?;
                Ok(inner.end()?)
            }
            Self::Done(Some(ok)) => Ok(ok),
            _ => Err(Fault::own(Problem::Changed)),
        }
    }
}

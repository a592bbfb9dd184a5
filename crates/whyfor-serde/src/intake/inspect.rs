//! The first reading: decides every value and writes the plan, without building anything.

use crate::paths::{Mark, PathId};
use crate::private::Private;
use crate::problem::{Bad, Problem};
use crate::treatment::Fate;
use crate::walk::Walk;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::HashSet;
use std::fmt;

/// Reads a value of any type into tokens.
#[derive(Clone, Copy)]
pub(super) struct Inspect<'w> {
    pub(super) walk: &'w Walk<'w>,
    pub(super) path: PathId,
    pub(super) depth: usize,
    /// Whether a value that may not be taken is an error.
    pub(super) refuses: bool,
}

impl Inspect<'_> {
    #[cold]
    fn fail<E: Error>(&self, path: PathId, problem: impl Into<Bad>) -> E {
        self.walk.fail(path, problem);
        E::custom(self.walk.message())
    }

    fn leaf<E: Error>(self, is_empty: bool) -> Result<(), E> {
        match self.walk.leaf(self.path, is_empty) {
            Ok(fate) => self.check(fate),
            Err(problem) => Err(self.fail(self.path, problem)),
        }
    }

    /// Refuses a withheld value.
    fn check<E: Error>(&self, fate: Fate) -> Result<(), E> {
        if self.refuses && fate != Fate::Show {
            return Err(self.fail(self.path, self.walk.problem(self.path)));
        }
        Ok(())
    }

    fn open<E: Error>(&self) -> Result<usize, E> {
        self.walk.open(self.depth).map_err(|problem| self.fail(self.path, problem))
    }

    /// Ends a container: it is taken if any part is.
    fn close<E: Error>(&self, at: usize, count: u32, is_taken: bool) -> Result<(), E> {
        if count == 0 {
            return self.leaf_at(at, true);
        }
        self.walk.close(at, count, if is_taken { Fate::Show } else { Fate::Drop });
        Ok(())
    }

    fn leaf_at<E: Error>(&self, at: usize, is_empty: bool) -> Result<(), E> {
        let fate = self.walk.leaf_at(at, self.path, is_empty);
        self.check(fate.map_err(|problem| self.fail(self.path, problem))?)
    }

    /// A value without parts that the format gives as a map: its text is the only entry.
    fn private<'de, A: MapAccess<'de>>(self, at: usize, mut entries: A) -> Result<(), A::Error> {
        entries.next_value_seed(OnlyText)?;
        if entries.next_key::<IgnoredAny>()?.is_some() {
            return Err(self.fail(self.path, Problem::Unreadable));
        }
        self.leaf_at(at, false)
    }

    fn part(self, path: PathId) -> Self {
        Self { path, depth: self.depth + 1, ..self }
    }
}

impl<'de> DeserializeSeed<'de> for Inspect<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! leaves {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E: Error>(self, _: $type) -> Result<(), E> { self.leaf(false) })*
    };
}

impl<'de> Visitor<'de> for Inspect<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that can be decided")
    }

    leaves! {
        visit_bool: bool, visit_i64: i64, visit_i128: i128, visit_u64: u64, visit_u128: u128, visit_f64: f64,
        visit_str: &str, visit_bytes: &[u8]
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.leaf(true)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.leaf(true)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let at = self.open()?;
        let (mut count, mut is_taken) = (0_u32, false);
        loop {
            let item = self.walk.len();
            if items.next_element_seed(self.part(self.path))?.is_none() {
                return self.close(at, count, is_taken);
            }
            count = count.saturating_add(1);
            is_taken |= self.walk.fate_at(item) == Fate::Show;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let at = self.open()?;
        let (mut count, mut is_taken) = (0_u32, false);
        let mut keys = Keys::of(self.walk, self.path);
        while let Some((path, mark)) = entries.next_key_seed(&mut keys)? {
            if keys.is_private {
                return self.private(at, entries);
            }
            // Readers differ in which of two values they take.
            if keys.is_repeated {
                return Err(self.fail(path, Problem::Duplicate));
            }
            let value = self.walk.len();
            entries.next_value_seed(self.part(path))?;
            self.walk.release(mark);
            count = count.saturating_add(1);
            is_taken |= self.walk.fate_at(value) == Fate::Show;
        }
        self.close(at, count, is_taken)
    }
}

/// A text, and nothing else.
struct OnlyText;

impl<'de> DeserializeSeed<'de> for OnlyText {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for OnlyText {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// The keys of a map: a text, a number, a yes or no has a name.
struct Keys<'w> {
    walk: &'w Walk<'w>,
    parent: PathId,
    next: usize,
    /// The number of the map.
    map: u64,
    /// Names whose paths are not remembered.
    others: HashSet<String>,
    /// Whether the last one was there before.
    is_repeated: bool,
    is_first: bool,
    /// Whether the map stands for a value without parts, as its first key says.
    is_private: bool,
}

impl<'w> Keys<'w> {
    fn of(walk: &'w Walk<'w>, parent: PathId) -> Self {
        let map = walk.map();
        let others = HashSet::new();
        Self {
            walk,
            parent,
            next: 0,
            map,
            others,
            is_repeated: false,
            is_first: true,
            is_private: false,
        }
    }

    fn key(&mut self, name: &str) -> (PathId, Mark) {
        self.is_private = std::mem::take(&mut self.is_first) && Private::key(name).is_some();
        if self.is_private {
            return (self.parent, Mark::NONE);
        }
        let (path, mark) = self.walk.key(self.parent, name, &mut self.next);
        self.is_repeated = match mark.is_none() {
            true => self.walk.is_repeated(path, self.map),
            false => !self.others.insert(name.to_owned()),
        };
        (path, mark)
    }
}

impl<'de> DeserializeSeed<'de> for &mut Keys<'_> {
    type Value = (PathId, Mark);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! names {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E: Error>(self, name: $type) -> Result<Self::Value, E> {
            Ok(self.key(&name.to_string()))
        })*
    };
}

impl Visitor<'_> for &mut Keys<'_> {
    type Value = (PathId, Mark);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key with a name")
    }

    names! {
        visit_bool: bool, visit_i64: i64, visit_i128: i128, visit_u64: u64, visit_u128: u128, visit_f64: f64
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.key(name))
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Self::Value, E> {
        let name = std::str::from_utf8(name).map_err(|_| E::custom(Problem::Unreadable))?;
        Ok(self.key(name))
    }
}

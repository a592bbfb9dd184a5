//! The first reading: decides every value and writes the plan, without building anything.

use crate::paths::PathId;
use crate::problem::{Bad, Problem};
use crate::treatment::Fate;
use crate::walk::Walk;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
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
    fn fail<E: Error>(&self, path: PathId, problem: impl Into<Bad>) -> E {
        self.walk.fail(path, problem);
        E::custom(self.walk.message())
    }

    fn leaf<E: Error>(self, is_empty: bool) -> Result<(), E> {
        let at = self.walk.len();
        self.walk.leaf(self.path, is_empty).map_err(|problem| self.fail(self.path, problem))?;
        self.check(at)
    }

    /// Refuses a withheld value.
    fn check<E: Error>(&self, at: usize) -> Result<(), E> {
        if self.refuses && self.walk.fate_at(at) != Fate::Show {
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
            let empty = self.walk.leaf_at(at, self.path);
            empty.map_err(|problem| self.fail(self.path, problem))?;
            return self.check(at);
        }
        self.walk.close(at, count, if is_taken { Fate::Show } else { Fate::Drop });
        Ok(())
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
        let mut names = HashSet::new();
        while let Some(name) = entries.next_key_seed(KeyName)? {
            let (path, mark) = self.walk.key(self.path, &name);
            // Readers differ in which of two values they take.
            if !names.insert(name) {
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

/// The name of a key: a text, a number, a yes or no.
struct KeyName;

impl<'de> DeserializeSeed<'de> for KeyName {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

macro_rules! names {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E: Error>(self, name: $type) -> Result<String, E> { Ok(name.to_string()) })*
    };
}

impl Visitor<'_> for KeyName {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key with a name")
    }

    names! {
        visit_bool: bool, visit_i64: i64, visit_i128: i128, visit_u64: u64, visit_u128: u128, visit_f64: f64,
        visit_str: &str
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<String, E> {
        std::str::from_utf8(name).map(str::to_owned).map_err(|_| E::custom(Problem::Unreadable))
    }
}

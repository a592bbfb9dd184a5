//! The types of the second reading, and what a value has to pass.
//!
//! A deserializer, a visitor and the accesses to parts stand between the format and the type that is built; their
//! implementations are in files of their own.

use crate::paths::{Mark, PathId};
use crate::problem::{Bad, Fault, Problem};
use crate::token::Token;
use crate::treatment::Fate;
use crate::walk::Walk;
use serde::de::{DeserializeSeed, Deserializer, Error};
use std::cell::{Cell, RefCell};
use std::fmt;

/// Where in the value, and in the plan.
#[derive(Clone, Copy)]
pub(super) struct Place<'w> {
    pub(super) walk: &'w Walk<'w>,
    pub(super) path: PathId,
    pub(super) at: usize,
}

impl Place<'_> {
    pub(super) fn token(&self) -> Result<Token, Bad> {
        self.walk.token(self.at)
    }

    /// Whether a value without parts may pass: decided again, and compared with the plan.
    pub(super) fn check(&self, is_empty: bool) -> Result<(), Bad> {
        let token = self.token()?;
        if token.next as usize != self.at + 1 || token.fate != Fate::Show {
            return Err(Problem::Changed.into());
        }
        match self.walk.fate(self.path, is_empty)? {
            Fate::Show => Ok(()),
            Fate::Mask | Fate::Drop => Err(Problem::Changed.into()),
        }
    }

    /// Whether the plan has a value without parts that the format gives as a map.
    pub(super) fn stands_for_a_leaf(&self) -> Result<bool, Bad> {
        let token = self.token()?;
        Ok(token.next as usize == self.at + 1 && token.count == 1)
    }

    /// Whether all parts of the value may pass.
    #[cfg(feature = "json")]
    pub(super) fn check_all(&self) -> Result<(), Bad> {
        let end = self.token()?.next as usize;
        for at in self.at..end {
            if self.walk.token(at)?.fate != Fate::Show {
                return Err(Problem::Unreadable.into());
            }
        }
        Ok(())
    }

    /// The error of the format for a fault of ours.
    pub(super) fn settle<E: Error>(&self, fault: Fault<E>) -> E {
        match fault {
            Fault::Inner(error) => {
                // The first reading found that the input is of the format.
                self.walk.fail(self.path, Problem::WrongType);
                error
            }
            Fault::Own(problem) => {
                self.walk.fail(self.path, problem);
                E::custom(self.walk.message())
            }
        }
    }
}

/// The path of a key, once it is read.
pub(super) struct Noted {
    /// Where a key stands that is the next one of last time.
    pub(super) next: Cell<usize>,
    pub(super) path: Cell<Option<(PathId, Mark)>>,
}

/// What a value has to pass.
#[derive(Clone, Copy)]
pub(super) enum Gate<'w> {
    Value(Place<'w>),
    /// The key of an entry: its path is noted, and decided with its value.
    Key(Place<'w>, &'w Noted),
    /// A variant: its name is noted. It is a step only if it has contents.
    Variant(Place<'w>, &'w RefCell<Option<String>>),
}

impl<'w> Gate<'w> {
    pub(super) fn place(&self) -> Place<'w> {
        match self {
            Self::Value(place) | Self::Key(place, _) | Self::Variant(place, _) => *place,
        }
    }

    pub(super) fn pass(&self, value: &dyn fmt::Display) -> Result<(), Bad> {
        match self {
            Self::Value(place) => place.check(false),
            Self::Key(..) | Self::Variant(..) => self.pass_text(&value.to_string()),
        }
    }

    pub(super) fn pass_text(&self, text: &str) -> Result<(), Bad> {
        match self {
            Self::Value(place) => place.check(false),
            Self::Key(place, noted) => {
                let mut next = noted.next.get();
                noted.path.set(Some(place.walk.key(place.path, text, &mut next)));
                noted.next.set(next);
                Ok(())
            }
            Self::Variant(_, name) => {
                *name.borrow_mut() = Some(text.to_owned());
                Ok(())
            }
        }
    }

    /// The place of a container or of nothing; a key is neither.
    pub(super) fn value(&self) -> Result<Place<'w>, Bad> {
        match self {
            Self::Value(place) => Ok(*place),
            Self::Key(..) | Self::Variant(..) => Err(Problem::Unreadable.into()),
        }
    }
}

/// A seed that sees the value only through the gate.
pub(super) struct Seed<'w, S> {
    pub(super) gate: Gate<'w>,
    pub(super) seed: S,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Seed<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        let Self { gate, seed } = self;
        seed.deserialize(Gated { gate, inner }).map_err(|fault| gate.place().settle(fault))
    }
}

/// A deserializer behind the gate.
pub(super) struct Gated<'w, D> {
    pub(super) gate: Gate<'w>,
    pub(super) inner: D,
}

/// A visitor that sees only what passes.
pub(super) struct Guest<'w, V> {
    pub(super) gate: Gate<'w>,
    pub(super) visitor: V,
    /// Whether it expects fields with names.
    pub(super) has_fields: bool,
}

/// The items of a list, by their places in the plan.
pub(super) struct Items<'w, A> {
    pub(super) place: Place<'w>,
    pub(super) next: usize,
    pub(super) end: usize,
    pub(super) inner: A,
}

/// The entries of a struct or map, by their places in the plan.
pub(super) struct Entries<'w, A> {
    pub(super) place: Place<'w>,
    pub(super) next: usize,
    pub(super) end: usize,
    pub(super) next_key: usize,
    /// Where the value of the last key is.
    pub(super) value: Option<(Place<'w>, Mark)>,
    pub(super) inner: A,
}

/// The only entry of a map that stands for a value without parts.
pub(super) struct PrivateEntry<'w, A> {
    pub(super) place: Place<'w>,
    /// Its key, once it is read.
    pub(super) key: Option<&'static str>,
    pub(super) inner: A,
}

/// The variant of an enum.
pub(super) struct Variants<'w, A> {
    pub(super) gate: Gate<'w>,
    pub(super) inner: A,
}

/// Its contents; none if it is a key.
pub(super) struct Contents<'w, A> {
    pub(super) gate: Gate<'w>,
    pub(super) inside: Option<Place<'w>>,
    pub(super) mark: Option<Mark>,
    pub(super) inner: A,
}

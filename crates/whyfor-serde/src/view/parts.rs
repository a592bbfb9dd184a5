//! The types of the second pass: the serializer, a part of the value, the containers.

use crate::paths::{Mark, PathId};
use crate::private::Private;
use crate::problem::{Bad, Fault, Problem};
use crate::token::Token;
use crate::treatment::Fate;
use crate::walk::Walk;
use serde::ser::{self, Serialize, Serializer};

/// A serializer in front of the format's.
pub(super) struct Show<'w, S> {
    pub(super) place: Place<'w>,
    pub(super) inner: S,
}

/// Where in the value, and in the plan.
#[derive(Clone, Copy)]
pub(super) struct Place<'w> {
    pub(super) walk: &'w Walk<'w>,
    pub(super) path: PathId,
    pub(super) at: usize,
    pub(super) token: Token,
}

/// A part of the value, which the format serializes when it likes.
pub(super) struct Part<'w, 't, T: ?Sized> {
    pub(super) place: Place<'w>,
    pub(super) value: &'t T,
}

impl<T: Serialize + ?Sized> Serialize for Part<'_, '_, T> {
    fn serialize<S: Serializer>(&self, inner: S) -> Result<S::Ok, S::Error> {
        let Place { walk, path, .. } = self.place;
        self.value.serialize(Show { place: self.place, inner }).map_err(|fault| match fault {
            Fault::Inner(error) => error,
            Fault::Own(problem) => refused(walk, path, problem),
        })
    }
}

#[cold]
#[inline(never)]
pub(super) fn refused<E: ser::Error>(walk: &Walk<'_>, path: PathId, problem: Bad) -> E {
    walk.fail(path, problem);
    E::custom(walk.message())
}

/// A null.
pub(super) struct Null;

impl Serialize for Null {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

/// The kinds of containers that masks tell apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A struct.
    Fields,
    /// A tuple.
    Tuple,
    List,
    Map,
    /// A variant of an enum with contents.
    Variant,
}

/// Where the next part of a container is in the plan.
pub(super) struct Parts<'w> {
    pub(super) place: Place<'w>,
    next: usize,
    end: usize,
}

impl<'w> Parts<'w> {
    pub(super) fn of(place: Place<'w>, token: Token) -> Self {
        Self { place, next: place.at + 1, end: token.next as usize }
    }

    /// The fate of the next part, and where it is in the plan.
    #[inline]
    pub(super) fn step(&mut self, path: PathId) -> Result<(Fate, Place<'w>), Bad> {
        let at = self.next;
        if at >= self.end {
            return Err(Problem::Changed.into());
        }
        let token = self.place.walk.token(at)?;
        self.next = token.next as usize;
        if self.next <= at {
            return Err(Problem::Changed.into());
        }
        Ok((token.fate, Place { path, at, token, ..self.place }))
    }

    pub(super) fn end(&self) -> Result<(), Bad> {
        if self.next == self.end { Ok(()) } else { Err(Problem::Changed.into()) }
    }
}

/// A list or tuple.
pub(super) enum Items<'w, S: Serializer, I> {
    Open {
        parts: Parts<'w>,
        inner: I,
    },
    /// The number and the value of a tag.
    Tag {
        show: Option<Show<'w, S>>,
        number: Option<u64>,
    },
    Done(S::Ok),
}

impl<'w, S: Serializer, I> Items<'w, S, I> {
    pub(super) fn open(place: Place<'w>, token: Token, inner: I) -> Self {
        Self::Open { parts: Parts::of(place, token), inner }
    }

    pub(super) fn tag(show: Show<'w, S>) -> Self {
        Self::Tag { show: Some(show), number: None }
    }

    pub(super) fn done(ok: S::Ok) -> Self {
        Self::Done(ok)
    }
}

/// A struct or map.
pub(super) enum Fields<'w, S: Serializer, F> {
    Open {
        parts: Parts<'w>,
        inner: F,
        next_field: usize,
        entry: Entry<'w>,
    },
    /// A value of a private name.
    Private {
        show: Option<Show<'w, S>>,
        private: Private,
    },
    Done(Option<S::Ok>),
}

/// What came of the key of an entry.
pub(super) enum Entry<'w> {
    /// There is none, or its value is left out.
    LeftOut(Option<Mark>),
    Written(Place<'w>, Mark),
}

impl<'w, S: Serializer, F> Fields<'w, S, F> {
    pub(super) fn open(place: Place<'w>, token: Token, inner: F) -> Self {
        let parts = Parts::of(place, token);
        Self::Open { parts, inner, next_field: 0, entry: Entry::LeftOut(None) }
    }

    pub(super) fn done(ok: S::Ok) -> Self {
        Self::Done(Some(ok))
    }

    pub(super) fn private(show: Show<'w, S>, private: Private) -> Self {
        Self::Private { show: Some(show), private }
    }
}

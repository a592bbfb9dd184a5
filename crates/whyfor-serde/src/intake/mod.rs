//! Values on their way in.
//!
//! An [`Intake`] reads twice. The first reading, [`inspect`], decides every value and builds nothing. The second builds
//! the caller's type through a gate: a [`deserializer`], a [`visitor`] and [`access`]es to parts that decide again.

mod access;
mod deserializer;
mod gate;
mod inspect;
mod visitor;

use crate::asked::Asked;
use crate::memory::Held;
use crate::paths::PathId;
use crate::problem::{Error, Problem};
use crate::report::{Report, Withheld};
use crate::scope::outcomes_of;
use crate::spelling::Spelling;
use crate::treatment::{Instead, Layout, Treatment};
use crate::walk::Walk;
use serde::de::{Deserialize, DeserializeSeed, Deserializer};
use std::marker::PhantomData;
use whyfor::{Facts, Outcome, Policy};

/// What may be taken in for a purpose: made by [`Prepared::intake`](crate::Prepared::intake) for each request, or by
/// [`PolicyExt::intake`](crate::PolicyExt::intake) for a script or a test.
///
/// A value that may not be taken is refused with an error, or dropped if [`dropping`](Self::dropping) says so; in both
/// cases before the caller's type is built. A name is asked as it stands in the input, whatever `rename` or `alias` the type
/// has. A name that occurs twice in an object is an error.
///
/// Formats must describe themselves and write names. bincode and postcard do not: they are refused, since nothing in them
/// says which value is which. A struct in a list's form is refused for the same reason. **`serde` hides one case**: types
/// that it buffers (`untagged`, `flatten`, internal tags) accept a list in the place of their fields, which is then
/// asked by the name of the list.
#[derive(Debug)]
pub struct Intake<'a> {
    held: Held<'a>,
    policy: &'a Policy,
    facts: &'a Facts,
    drops: bool,
}

/// A value that was taken in, and what was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken<T> {
    /// The value.
    pub value: T,
    /// What was dropped from the input, and why; empty unless the intake is [`dropping`](Intake::dropping).
    pub report: Report,
}

impl<'a> Intake<'a> {
    pub(crate) fn new(held: Held<'a>, policy: &'a Policy, facts: &'a Facts) -> Self {
        Self { held, policy, facts, drops: false }
    }

    fn changed(self, change: impl FnOnce(&mut Asked)) -> Self {
        Self { held: self.held.changed(change), ..self }
    }

    /// States facts, such as the person's consent.
    ///
    /// ```
    /// # use whyfor::Policy;
    /// use std::collections::BTreeMap;
    /// use whyfor::Act;
    /// use whyfor_serde::PolicyExt;
    /// let policy = Policy::from_path("../../examples/shop.why")?;
    /// let facts = policy.facts_builder().with("consent", true)?.build();
    /// let intake = policy.intake(Act::Collect, "provided", "delivery");
    /// let sent = br#"{"allergies": "nuts"}"#;
    /// assert!(intake.from_json::<BTreeMap<String, String>>(sent).is_err());
    /// assert!(intake.facts(&facts).from_json::<BTreeMap<String, String>>(sent).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn facts(self, facts: &'a Facts) -> Self {
        Self { facts, ..self }
    }

    /// Names duties that the caller fulfils, as [`View::fulfilling`](crate::View::fulfilling).
    #[must_use]
    pub fn fulfilling<'n>(self, duties: impl IntoIterator<Item = &'n str>) -> Self {
        self.changed(|asked| asked.fulfil(duties))
    }

    /// Names keys that are structure and no data, as [`View::structural`](crate::View::structural).
    #[must_use]
    pub fn structural<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.changed(|asked| asked.take_for_structure(names))
    }

    /// Says what the values at a path are, as [`View::meaning`](crate::View::meaning).
    #[must_use]
    pub fn meaning(self, path: &str, field: &str) -> Self {
        self.changed(|asked| asked.give_meaning(path, field))
    }

    /// Gives the whole value a name, as [`View::named`](crate::View::named).
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        self.changed(|asked| asked.name_the_whole(name))
    }

    /// How names are spelt, as [`View::spelling`](crate::View::spelling).
    #[must_use]
    pub fn spelling(self, spelling: Spelling) -> Self {
        self.changed(|asked| asked.spelling = spelling)
    }

    /// Drops what may not be taken, and reports it, instead of refusing the whole.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  method form  purpose login  collect email by form for login").unwrap();
    /// use std::collections::BTreeMap;
    /// use whyfor::Act;
    /// use whyfor_serde::PolicyExt;
    /// let intake = policy.intake(Act::Collect, "form", "login").dropping();
    /// let sent = br#"{"email": "ada@example.org", "shoe_size": "44"}"#;
    /// let taken = intake.from_json::<BTreeMap<String, String>>(sent)?;
    /// assert_eq!(taken.value, BTreeMap::from([("email".into(), "ada@example.org".into())]));
    /// assert_eq!(taken.report.withheld().len(), 1);
    /// # Ok::<(), whyfor_serde::Error>(())
    /// ```
    #[must_use]
    pub fn dropping(self) -> Self {
        Self { drops: true, ..self }
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// It is not JSON, or not of this type; something in it may not be taken; a name occurs twice in an object; it is too
    /// deep; a name in the program is misspelt. The message has no value in it.
    #[cfg(feature = "json")]
    pub fn from_json<'de, T: Deserialize<'de>>(&self, json: &'de [u8]) -> Result<Taken<T>, Error> {
        let mut place = None;
        let taken = self.read(|reading| {
            let mut deserializer = serde_json::Deserializer::from_slice(json);
            let value = reading.read(&mut deserializer);
            let value = value.and_then(|value| deserializer.end().map(|()| value));
            value.inspect_err(|error| place = Some((error.line(), error.column())))
        });
        taken.map_err(|mut error: Error| {
            error.line = place.filter(|(line, _)| *line > 0);
            error
        })
    }

    /// Reads any format that describes itself: the closure is called twice, and gives the [`Reading`] a new deserializer of
    /// the same input each time.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  method form  purpose login  collect email by form for login").unwrap();
    /// use std::collections::BTreeMap;
    /// use whyfor::Act;
    /// use whyfor_serde::PolicyExt;
    /// let intake = policy.intake(Act::Collect, "form", "login");
    /// let text = "email: ada@example.org";
    /// let taken = intake.read(|reading| reading.read(serde_yaml::Deserializer::from_str(text)))?;
    /// let user: BTreeMap<String, String> = taken.value;
    /// assert_eq!(user["email"], "ada@example.org");
    /// # Ok::<(), whyfor_serde::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json).
    pub fn read<'de, T: Deserialize<'de>, E>(
        &self,
        mut from: impl FnMut(Reading<'_, T>) -> Result<Read<T>, E>,
    ) -> Result<Taken<T>, Error> {
        let Self { held, policy, facts, .. } = self;
        let treatment = Treatment { instead: &Instead::LeaveOut, layout: Layout::Named };
        let walk = Walk::new(held.get(), policy, facts, treatment, true)?;
        let mut step = |builds: bool| {
            let refuses = !self.drops;
            from(Reading { walk: &walk, builds, refuses, value: PhantomData }).map(|read| read.0)
        };
        let built = match step(false) {
            Ok(_) => step(true).ok().flatten(),
            Err(_) => None,
        };
        let (report, failure) = walk.finish();
        match (built, failure) {
            (Some(value), None) => Ok(Taken { value, report }),
            // A type may read a value in another way after a first one failed.
            (Some(value), Some(error)) if error.problem.is_of_the_type() => {
                Ok(Taken { value, report })
            }
            (_, Some(error)) => Err(error),
            (None, None) => Err(Error::new("", Problem::Syntax)),
        }
    }

    /// The answers about a path that was dropped, as [`View::outcomes`](crate::View::outcomes).
    #[must_use]
    pub fn outcomes(&self, withheld: &Withheld) -> Vec<Outcome> {
        outcomes_of(self.policy, self.facts, &self.held.get().asked, withheld)
    }
}

/// One of the two readings of an input: see [`Intake::read`].
#[derive(Debug)]
pub struct Reading<'w, T> {
    walk: &'w Walk<'w>,
    builds: bool,
    refuses: bool,
    value: PhantomData<T>,
}

/// What a [`Reading`] read, for [`Intake::read`].
#[derive(Debug)]
pub struct Read<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Reading<'_, T> {
    /// Reads the input.
    ///
    /// # Errors
    /// As [`Intake::read`]; the format's error has no value in it that this crate put there.
    pub fn read<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read<T>, D::Error> {
        let Self { walk, builds, refuses, .. } = self;
        if builds {
            let place = gate::Place { walk, path: PathId::ROOT, at: 0 };
            let seed = gate::Seed { gate: gate::Gate::Value(place), seed: PhantomData::<T> };
            return seed.deserialize(deserializer).map(|value| Read(Some(value)));
        }
        let inspect = inspect::Inspect { walk, path: PathId::ROOT, depth: 0, refuses };
        inspect.deserialize(deserializer).map(|()| Read(None))
    }
}

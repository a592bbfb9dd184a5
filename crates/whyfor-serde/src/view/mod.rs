//! Values on their way out.
//!
//! A [`View`] takes a value of any type that implements `Serialize` and gives one that serializes what the purpose
//! allows. It walks the value twice: [`survey`] decides and counts, [`show`] writes. JSON of a struct takes the short way,
//! [`direct`]. None of them keeps values.

mod containers;
#[cfg(feature = "json")]
mod direct;
mod parts;
mod show;
mod survey;

use crate::asked::Asked;
use crate::memory::Held;
use crate::paths::PathId;
#[cfg(feature = "json")]
use crate::problem::Fault;
use crate::problem::{Error, Problem};
use crate::report::{Report, Withheld};
use crate::scope::outcomes_of;
use crate::spelling::Spelling;
use crate::treatment::{Instead, Layout, Treatment};
use crate::walk::Walk;
use serde::{Serialize, Serializer, ser};
use whyfor::{Facts, Outcome, Policy};

/// What a purpose may see of values in a request: made by [`Prepared::view`](crate::Prepared::view), or by
/// [`PolicyExt::view`](crate::PolicyExt::view) for a script or a test.
///
/// What it decides is remembered by path, for further values and, if it is of a [`Prepared`](crate::Prepared), for further requests. Threads may
/// share it. Nothing is locked while a value serializes itself.
///
/// The views of a [`Prepared`](crate::Prepared) share what they remember. A view that is told more about names or duties, such
/// as by [`structural`](Self::structural), shares nothing: tell the [`Prepared`](crate::Prepared) instead.
#[derive(Debug)]
pub struct View<'a> {
    held: Held<'a>,
    policy: &'a Policy,
    facts: &'a Facts,
    instead: Instead,
    layout: Layout,
}

impl<'a> View<'a> {
    pub(crate) fn new(held: Held<'a>, policy: &'a Policy, facts: &'a Facts) -> Self {
        Self { held, policy, facts, instead: Instead::default(), layout: Layout::default() }
    }

    fn changed(self, change: impl FnOnce(&mut Asked)) -> Self {
        Self { held: self.held.changed(change), ..self }
    }

    /// Names duties that the caller fulfils for all that leaves. An allow that owes another duty is withheld.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose research
    /// #   duty deidentify  use email for research then deidentify").unwrap();
    /// use std::collections::BTreeMap;
    /// use whyfor::{Act, Facts};
    /// use whyfor_serde::PolicyExt;
    /// let user = BTreeMap::from([("email", "ada@example.org")]);
    /// let view = policy.view(Act::Use, "research", Facts::none());
    /// assert_eq!(view.to_json(&user)?.text(), "{}");
    /// let view = view.fulfilling(["deidentify"]);
    /// assert_eq!(view.to_json(&user)?.text(), r#"{"email":"ada@example.org"}"#);
    /// # Ok::<(), whyfor_serde::Error>(())
    /// ```
    #[must_use]
    pub fn fulfilling<'n>(self, duties: impl IntoIterator<Item = &'n str>) -> Self {
        self.changed(|asked| asked.fulfil(duties))
    }

    /// Names keys that are structure and no data, such as `id`, the tag of an enum, or the envelope `items`.
    ///
    /// A plain value at such a key passes if everything that it is in may be seen, and so does a list of plain values. What is
    /// nested in it is asked as if the key were not there: `items.email` as `email`. A name without a dot holds everywhere,
    /// also where a client chooses the keys of a map; a path such as `order.id` holds at this path, whatever it is in.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose support  use email for support").unwrap();
    /// use serde_json::json;
    /// use whyfor::{Act, Facts};
    /// use whyfor_serde::PolicyExt;
    /// let view = policy.view(Act::Use, "support", Facts::none()).structural(["items", "id"]);
    /// let users = json!({"items": [{"id": 7, "email": "ada@example.org", "note": "rude"}], "total": 1});
    /// assert_eq!(view.to_json(&users)?.text(), r#"{"items":[{"email":"ada@example.org","id":7}]}"#);
    /// # Ok::<(), whyfor_serde::Error>(())
    /// ```
    #[must_use]
    pub fn structural<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.changed(|asked| asked.take_for_structure(names))
    }

    /// Says what the values at a path are, by the name of a field or category. The policy's own answer for this path is
    /// not asked then; containers around it still count. Several calls for a path add categories.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose support  use email for support").unwrap();
    /// use serde_json::json;
    /// use whyfor::{Act, Facts};
    /// use whyfor_serde::PolicyExt;
    /// let view = policy.view(Act::Use, "support", Facts::none()).meaning("customer.mail", "email");
    /// let order = json!({"customer": {"mail": "ada@example.org", "note": "rude"}});
    /// assert_eq!(view.to_json(&order)?.text(), r#"{"customer":{"mail":"ada@example.org"}}"#);
    /// # Ok::<(), whyfor_serde::Error>(())
    /// ```
    #[must_use]
    pub fn meaning(self, path: &str, field: &str) -> Self {
        self.changed(|asked| asked.give_meaning(path, field))
    }

    /// Gives the whole value a name, for values that have none: a text, a list of numbers. The fields of a struct are
    /// parts of it then.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  purpose support  use email for support").unwrap();
    /// use whyfor::{Act, Facts};
    /// use whyfor_serde::PolicyExt;
    /// let view = policy.view(Act::Use, "support", Facts::none()).named("email");
    /// assert_eq!(view.to_json(&["ada@example.org"])?.text(), r#"["ada@example.org"]"#);
    /// # Ok::<(), whyfor_serde::Error>(())
    /// ```
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        self.changed(|asked| asked.name_the_whole(name))
    }

    /// How names are spelt: in any style, which is asked as written and in `snake_case`, or as the policy writes them.
    #[must_use]
    pub fn spelling(self, spelling: Spelling) -> Self {
        self.changed(|asked| asked.spelling = spelling)
    }

    /// What stands in the place of a value that the policy knows and denies; nothing, if it is not called.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  category phone  purpose support  use email for support").unwrap();
    /// use std::collections::BTreeMap;
    /// use whyfor::{Act, Facts};
    /// use whyfor_serde::{Instead, PolicyExt};
    /// let user = BTreeMap::from([("email", "ada@example.org"), ("phone", "555"), ("shoe_size", "44")]);
    /// let view = policy.view(Act::Use, "support", Facts::none()).denied(Instead::Null);
    /// assert_eq!(view.to_json(&user)?.text(), r#"{"email":"ada@example.org","phone":null}"#);
    /// # Ok::<(), whyfor_serde::Error>(())
    /// ```
    #[must_use]
    pub fn denied(self, instead: Instead) -> Self {
        Self { instead, ..self }
    }

    /// What the format of [`serialize`](Self::serialize) does with names. The default is the safe one, in which nothing
    /// is left out. [`to_json`](Self::to_json) knows its own.
    #[must_use]
    pub fn layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }

    /// A value that serializes what may be seen of this one, for any serializer.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  category phone  purpose support  use email for support").unwrap();
    /// use std::collections::BTreeMap;
    /// use whyfor::{Act, Facts};
    /// use whyfor_serde::{Layout, PolicyExt};
    /// let user = BTreeMap::from([("email", "ada@example.org"), ("phone", "555")]);
    /// let view = policy.view(Act::Use, "support", Facts::none()).layout(Layout::Named);
    /// assert_eq!(serde_yaml::to_string(&view.serialize(&user))?, "email: ada@example.org\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn serialize<'v, T: Serialize + ?Sized>(&'v self, value: &'v T) -> Visible<'v, T> {
        Visible { view: self, value }
    }

    /// What may be seen of a value as JSON, and what was withheld.
    ///
    /// # Errors
    /// A purpose, method, recipient or category in the program is misspelt; a value has no name; the value cannot be
    /// serialized, or is too deep. The message has no value in it.
    #[cfg(feature = "json")]
    pub fn to_json<T: Serialize + ?Sized>(&self, value: &T) -> Result<Json, Error> {
        let Self { held, policy, facts, instead, .. } = self;
        let treatment = Treatment { instead, layout: Layout::Named };
        let memory = &held.get().memory;
        let mut walk = Walk::new(held.get(), policy, facts, treatment, true)?;
        let mut text = Vec::with_capacity(memory.length());
        let mut written = directly(&walk, value, &mut text);
        if walk.is_called_off() {
            walk.restart();
            text.clear();
            written = both(&walk, value, |part| serde_json::to_writer(&mut text, part));
        }
        let report = finish(walk, written)?;
        memory.set_length(text.len());
        Ok(Json { text, report })
    }

    /// What would be withheld of a value, without writing it. What cannot be written in the layout is no error here.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  category phone  purpose support  use email for support").unwrap();
    /// use std::collections::BTreeMap;
    /// use whyfor::{Act, Facts};
    /// use whyfor_serde::PolicyExt;
    /// let user = BTreeMap::from([("email", "ada@example.org"), ("phone", "555"), ("shoe_size", "44")]);
    /// let report = policy.view(Act::Use, "support", Facts::none()).report(&user)?;
    /// assert_eq!(report.to_string(), "`phone`: denied\n`*`: no category has this name\n");
    /// # Ok::<(), whyfor_serde::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`to_json`](Self::to_json).
    pub fn report<T: Serialize + ?Sized>(&self, value: &T) -> Result<Report, Error> {
        let treatment = Treatment { instead: &self.instead, layout: Layout::Named };
        self.pass(treatment, true, value, |_| Ok::<(), Problem>(()))
    }

    /// The answers about the categories of a path that was withheld, with their reasons; about its name if it has none.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_str("policy p  category email  category phone  purpose support  use email for support").unwrap();
    /// use std::collections::BTreeMap;
    /// use whyfor::{Act, Facts};
    /// use whyfor_serde::PolicyExt;
    /// let view = policy.view(Act::Use, "support", Facts::none());
    /// let report = view.report(&BTreeMap::from([("phone", "555")]))?;
    /// let outcomes = view.outcomes(&report.withheld()[0]);
    /// assert_eq!(outcomes[0].reasons[0].message, "no statement permits it for `phone`, `support`");
    /// # Ok::<(), whyfor_serde::Error>(())
    /// ```
    #[must_use]
    pub fn outcomes(&self, withheld: &Withheld) -> Vec<Outcome> {
        outcomes_of(self.policy, self.facts, &self.held.get().asked, withheld)
    }

    /// Both passes: `write` makes the second.
    fn pass<T: Serialize + ?Sized, E>(
        &self,
        treatment: Treatment<'_>,
        is_human_readable: bool,
        value: &T,
        write: impl FnOnce(&parts::Part<'_, '_, T>) -> Result<(), E>,
    ) -> Result<Report, Error> {
        let Self { held, policy, facts, .. } = self;
        let walk = Walk::new(held.get(), policy, facts, treatment, is_human_readable)?;
        let written = both(&walk, value, write);
        finish(walk, written)
    }
}

/// Both passes: `write` makes the second.
fn both<T: Serialize + ?Sized, E>(
    walk: &Walk<'_>,
    value: &T,
    write: impl FnOnce(&parts::Part<'_, '_, T>) -> Result<(), E>,
) -> Result<(), ()> {
    let path = PathId::ROOT;
    let survey = survey::Survey { walk, path, depth: 0 };
    value.serialize(survey).map_err(|problem| {
        walk.fail(path, problem);
    })?;
    let token = walk.token(0).map_err(|_| ())?;
    let place = parts::Place { walk, path, at: 0, token };
    write(&parts::Part { place, value }).map_err(|_| ())
}

/// The short way, which may be called off.
#[cfg(feature = "json")]
fn directly<T: Serialize + ?Sized>(
    walk: &Walk<'_>,
    value: &T,
    text: &mut Vec<u8>,
) -> Result<(), ()> {
    let inner = &mut serde_json::Serializer::new(text);
    let direct = direct::Direct { walk, path: PathId::ROOT, inner };
    value.serialize(direct).map_err(|fault| {
        if let Fault::Own(problem) = fault {
            walk.fail(PathId::ROOT, problem);
        }
    })
}

/// Ends a call.
fn finish(walk: Walk<'_>, written: Result<(), ()>) -> Result<Report, Error> {
    match (written, walk.finish()) {
        (Ok(()), (report, None)) => Ok(report),
        (_, (_, Some(error))) => Err(error),
        (Err(()), (_, None)) => Err(Error::new("", Problem::Unserializable)),
    }
}

/// A value that serializes only what may be seen of it: made by [`View::serialize`].
#[derive(Debug, Clone, Copy)]
pub struct Visible<'v, T: ?Sized> {
    view: &'v View<'v>,
    value: &'v T,
}

impl<T: Serialize + ?Sized> Serialize for Visible<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let View { instead, layout, .. } = self.view;
        let treatment = Treatment { instead, layout: *layout };
        let is_human_readable = serializer.is_human_readable();
        let mut written: Option<Result<S::Ok, S::Error>> = None;
        let done = self.view.pass(treatment, is_human_readable, self.value, |part| {
            match part.serialize(serializer) {
                Ok(ok) => {
                    written = Some(Ok(ok));
                    Ok(())
                }
                Err(error) => {
                    written = Some(Err(error));
                    Err(())
                }
            }
        });
        match (written, done) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(ok)), Ok(_)) => Ok(ok),
            (_, Err(error)) => Err(ser::Error::custom(error)),
            (None, Ok(_)) => Err(ser::Error::custom(Problem::Changed)),
        }
    }
}

/// JSON of a view, and what was withheld from it.
#[cfg(feature = "json")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json {
    text: Vec<u8>,
    report: Report,
}

#[cfg(feature = "json")]
impl Json {
    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        // `serde_json` writes UTF-8.
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// Its bytes, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.text
    }

    /// What was withheld, and why.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}

//! What views and intakes share from one request to the next.

use crate::asked::Asked;
use crate::intake::Intake;
use crate::memory::{Held, Remembered};
use crate::problem::Error;
use crate::spelling::Spelling;
use crate::view::View;
use whyfor::{Facts, NamedAct, Policy};

/// A purpose, prepared once for all requests: what is asked of every value, and what policies answered so far.
///
/// Facts come with a request; names and most answers do not depend on them. Keep one of these for each purpose, where all
/// threads reach it, and make a [`view`](Self::view) or an [`intake`](Self::intake) of it for each request, which costs
/// nothing.
///
/// ```
/// use std::collections::BTreeMap;
/// use whyfor::{Act, Policy};
/// use whyfor_serde::Prepared;
///
/// // Once.
/// let policy = Policy::from_path("../../examples/shop.why")?;
/// let newsletter = Prepared::new(Act::Use, "newsletter").structural(["id"]).fulfilling(["deidentify"]);
/// newsletter.check(&policy)?;
///
/// // For each request.
/// let facts = policy.facts_builder().with("consent", true)?.with("age", 36)?.build();
/// let user = BTreeMap::from([("id", "7"), ("email", "ada@example.org"), ("allergies", "nuts")]);
/// let json = newsletter.view(&policy, &facts).to_json(&user)?;
/// assert_eq!(json.text(), r#"{"email":"ada@example.org","id":"7"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// **Reloads.** It is of no policy. Each answer that it remembers is kept with the digest of the policy that gave it, and another
/// policy or another version is asked anew. So it can outlive policies, and can never answer for the wrong one.
///
/// **Facts.** Of a path whose answer is the same whatever the facts are, it remembers the answer. Of others it remembers
/// the categories, and asks them with the facts of each call.
///
/// **Memory.** Some thousand paths for each thread that uses it at the same time, for at most 32 of them: a small part of that,
/// unless clients choose the keys of maps.
#[derive(Debug, Clone)]
pub struct Prepared(Remembered);

impl Prepared {
    /// Prepares an act for a purpose. Names are resolved when it is used; [`check`](Self::check) looks at them before.
    #[must_use]
    pub fn new(act: NamedAct<'_>, purpose: &str) -> Self {
        Self(Remembered::new(act, purpose))
    }

    fn changed(self, change: impl FnOnce(&mut Asked)) -> Self {
        Self(self.0.changed(change))
    }

    /// Names duties that the caller fulfils, as [`View::fulfilling`].
    #[must_use]
    pub fn fulfilling<'n>(self, duties: impl IntoIterator<Item = &'n str>) -> Self {
        self.changed(|asked| asked.fulfil(duties))
    }

    /// Names keys that are structure and no data, as [`View::structural`].
    #[must_use]
    pub fn structural<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.changed(|asked| asked.take_for_structure(names))
    }

    /// Says what the values at a path are, as [`View::meaning`].
    #[must_use]
    pub fn meaning(self, path: &str, field: &str) -> Self {
        self.changed(|asked| asked.give_meaning(path, field))
    }

    /// Gives the whole value a name, as [`View::named`].
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        self.changed(|asked| asked.name_the_whole(name))
    }

    /// How names are spelt, as [`View::spelling`].
    #[must_use]
    pub fn spelling(self, spelling: Spelling) -> Self {
        self.changed(|asked| asked.spelling = spelling)
    }

    /// Whether a policy knows every purpose, method, recipient and category that is named here. Ask it when the service
    /// starts and when a policy is reloaded; otherwise the first call fails.
    ///
    /// ```
    /// use whyfor::{Act, Policy};
    /// use whyfor_serde::Prepared;
    /// let policy = Policy::from_path("../../examples/shop.why")?;
    /// let error = Prepared::new(Act::Use, "logni").check(&policy).unwrap_err();
    /// assert_eq!(error.to_string(), "no purpose is named `logni`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The policy does not know a name.
    pub fn check(&self, policy: &Policy) -> Result<(), Error> {
        self.0.asked.resolve(policy).map(|_| ())
    }

    /// What may be seen of values in a request with these facts. Costs nothing; the view's calls use what was remembered.
    #[must_use]
    pub fn view<'a>(&'a self, policy: &'a Policy, facts: &'a Facts) -> View<'a> {
        View::new(Held::Lent(&self.0), policy, facts)
    }

    /// What may be taken in from a request with these facts. The act is [`Act::Collect`](whyfor::Act::Collect).
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use whyfor::{Act, Facts, Policy};
    /// use whyfor_serde::Prepared;
    /// let policy = Policy::from_path("../../examples/shop.why")?;
    /// let sign_up = Prepared::new(Act::Collect(Some("provided")), "login"); // once
    /// let intake = sign_up.intake(&policy, Facts::none()); // for each request
    /// let taken = intake.from_json::<BTreeMap<String, String>>(br#"{"email": "ada@example.org"}"#)?;
    /// assert_eq!(taken.value["email"], "ada@example.org");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn intake<'a>(&'a self, policy: &'a Policy, facts: &'a Facts) -> Intake<'a> {
        Intake::new(Held::Lent(&self.0), policy, facts)
    }
}

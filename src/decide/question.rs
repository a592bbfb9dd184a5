//! What is asked: an act, a field, a method or recipient where the act has one, and a purpose.

use crate::printable::printable;
use crate::words::{ActKind, Hierarchy, ReasonKind};
use std::borrow::Cow;
use std::fmt;

/// What is done with data: by names in a [`Question`], by ids in
/// [`Policy::decide`](crate::Policy::decide).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Act<M = MethodId, R = RecipientId> {
    /// Using data for a purpose.
    Use,
    /// Collecting it by a method.
    Collect(M),
    /// Sharing it with a recipient.
    Share(R),
}

/// An act by names. Without a method or recipient it is about any.
pub type NamedAct<'a> = Act<Option<&'a str>, Option<&'a str>>;

impl<M, R> Act<M, R> {
    /// The act without its method or recipient.
    ///
    /// ```
    /// use whyfor::{ActKind, Question};
    /// assert_eq!(Question::usage("email", "login").act.kind(), ActKind::Use);
    /// ```
    pub const fn kind(&self) -> ActKind {
        match self {
            Self::Use => ActKind::Use,
            Self::Collect(_) => ActKind::Collect,
            Self::Share(_) => ActKind::Share,
        }
    }
}

impl Act {
    /// The class of the method or the recipient; 0 is that of use.
    #[inline(always)]
    pub(super) fn plane(self) -> u32 {
        match self {
            Self::Use => 0,
            Self::Collect(method) => method.class,
            Self::Share(recipient) => recipient.class,
        }
    }
}

impl<T> Act<T, T> {
    /// The act with its method or recipient; `None` if it lacks one, or has one that does not go with it.
    ///
    /// ```
    /// use whyfor::{Act, ActKind};
    /// assert_eq!(Act::new(ActKind::Collect, Some("provided")), Some(Act::Collect("provided")));
    /// assert_eq!(Act::new(ActKind::Collect, None::<&str>), None);
    /// ```
    pub fn new(kind: ActKind, party: Option<T>) -> Option<Self> {
        match (kind, party) {
            (ActKind::Use, None) => Some(Self::Use),
            (ActKind::Collect, Some(method)) => Some(Self::Collect(method)),
            (ActKind::Share, Some(recipient)) => Some(Self::Share(recipient)),
            (ActKind::Use, Some(_)) | (ActKind::Collect | ActKind::Share, None) => None,
        }
    }

    /// The method or the recipient, if the act has one.
    ///
    /// ```
    /// use whyfor::Question;
    /// assert_eq!(Question::share("phone", "courier", "delivery").act.party(), Some(Some("courier")));
    /// ```
    pub fn party(self) -> Option<T> {
        match self {
            Self::Use => None,
            Self::Collect(party) | Self::Share(party) => Some(party),
        }
    }
}

/// A question by names. Its text is the question in the words of the language.
///
/// ```
/// use whyfor::Question;
/// let question = Question::collect("users.email", "provided", "login");
/// assert_eq!(question.to_string(), "collect users.email by provided for login");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Question<'a> {
    /// What is done, by which method or with which recipient. Without one, the question is about any: about all that are
    /// declared, and those that are not.
    pub act: NamedAct<'a>,
    /// The name of a real column or key, or a reference to a category.
    pub field: &'a str,
    /// What for.
    pub purpose: &'a str,
}

impl<'a> Question<'a> {
    /// The question with this act, if the method or recipient goes with it: a use has neither.
    ///
    /// ```
    /// use whyfor::{ActKind, Question};
    /// let question = Question::new(ActKind::Collect, "email", None, "login");
    /// assert_eq!(question, Some(Question::collect_by_any("email", "login")));
    /// assert_eq!(Question::new(ActKind::Use, "email", Some("provided"), "login"), None);
    /// ```
    #[must_use]
    pub fn new(
        kind: ActKind,
        field: &'a str,
        party: Option<&'a str>,
        purpose: &'a str,
    ) -> Option<Self> {
        let act = match (kind, party) {
            (ActKind::Use, None) => Act::Use,
            (ActKind::Use, Some(_)) => return None,
            (ActKind::Collect, method) => Act::Collect(method),
            (ActKind::Share, recipient) => Act::Share(recipient),
        };
        Some(Self { act, field, purpose })
    }

    /// May `field` be collected by `method` for `purpose`?
    ///
    /// ```
    /// use whyfor::Question;
    /// let question = Question::collect("email", "provided", "login");
    /// ```
    #[must_use]
    pub fn collect(field: &'a str, method: &'a str, purpose: &'a str) -> Self {
        Self { act: Act::Collect(Some(method)), field, purpose }
    }

    /// May `field` be collected for `purpose` by any method, declared or not?
    ///
    /// ```
    /// use whyfor::Question;
    /// assert_eq!(Question::collect_by_any("email", "login").to_string(), "collect email for login");
    /// ```
    #[must_use]
    pub fn collect_by_any(field: &'a str, purpose: &'a str) -> Self {
        Self { act: Act::Collect(None), field, purpose }
    }

    /// May `field` be used for `purpose`?
    ///
    /// ```
    /// use whyfor::Question;
    /// let question = Question::usage("email", "login");
    /// ```
    #[must_use]
    pub fn usage(field: &'a str, purpose: &'a str) -> Self {
        Self { act: Act::Use, field, purpose }
    }

    /// May `field` be shared with `recipient` for `purpose`?
    ///
    /// ```
    /// use whyfor::Question;
    /// let question = Question::share("phone", "courier", "delivery");
    /// ```
    #[must_use]
    pub fn share(field: &'a str, recipient: &'a str, purpose: &'a str) -> Self {
        Self { act: Act::Share(Some(recipient)), field, purpose }
    }

    /// May `field` be shared with any recipient, declared or not, for `purpose`?
    ///
    /// ```
    /// use whyfor::Question;
    /// assert_eq!(Question::share_with_any("phone", "ads").to_string(), "share phone for ads");
    /// ```
    #[must_use]
    pub fn share_with_any(field: &'a str, purpose: &'a str) -> Self {
        Self { act: Act::Share(None), field, purpose }
    }
}

impl fmt::Display for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { act, field, purpose } = self;
        write!(f, "{} {}", act.kind(), printable(field))?;
        match act {
            Act::Use | Act::Collect(None) | Act::Share(None) => {}
            Act::Collect(Some(method)) => write!(f, " by {}", printable(method))?,
            Act::Share(Some(recipient)) => write!(f, " with {}", printable(recipient))?,
        }
        write!(f, " for {}", printable(purpose))
    }
}

/// As `whyfor batch` reads it: `act`, `field`, `by` or `with`, `for`.
#[cfg(feature = "serde")]
impl serde::Serialize for Question<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("act", &self.act.kind())?;
        map.serialize_entry("field", self.field)?;
        match self.act {
            Act::Use | Act::Collect(None) | Act::Share(None) => {}
            Act::Collect(Some(method)) => map.serialize_entry("by", method)?,
            Act::Share(Some(recipient)) => map.serialize_entry("with", recipient)?,
        }
        map.serialize_entry("for", self.purpose)?;
        map.end()
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),*) => {
        $(
            $(#[$doc])*
            ///
            /// It belongs to the policy that resolved it, and carries 32 bits of that policy's digest. Every
            /// other policy, also an earlier or later version, denies a question with it and gives the reason
            /// [`Reason::ForeignId`](crate::Reason::ForeignId), except for a chance of one in 2³². Policies with
            /// equal digests accept each other's ids.
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            #[repr(C)] // the class and the mark are read and copied as one number
            pub struct $name {
                /// The class of the node in the tables.
                pub(crate) class: u32,
                /// The mark of the policy that it belongs to.
                pub(crate) policy: u32,
                /// The node, or for a category the set of them that a field maps to.
                pub(crate) node: u32,
            }
        )*
    };
}

ids! {
    /// A resolved category: resolve once, ask often.
    CategoryId,
    /// A resolved method.
    MethodId,
    /// A resolved purpose.
    PurposeId,
    /// A resolved recipient.
    RecipientId
}

/// A resolved node of any hierarchy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeId {
    /// A category.
    Category(CategoryId),
    /// A method.
    Method(MethodId),
    /// A purpose.
    Purpose(PurposeId),
    /// A recipient.
    Recipient(RecipientId),
}

impl From<CategoryId> for NodeId {
    fn from(id: CategoryId) -> Self {
        Self::Category(id)
    }
}

impl From<MethodId> for NodeId {
    fn from(id: MethodId) -> Self {
        Self::Method(id)
    }
}

impl From<PurposeId> for NodeId {
    fn from(id: PurposeId) -> Self {
        Self::Purpose(id)
    }
}

impl From<RecipientId> for NodeId {
    fn from(id: RecipientId) -> Self {
        Self::Recipient(id)
    }
}

/// What the name of a field stands for: one category or several, all of which must be allowed.
///
/// It is nearly always one. It is several if patterns of different `field` statements match the name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Field(pub(crate) Vec<CategoryId>);

impl Field {
    /// The categories; all of them must be allowed.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// let email = policy.category("email")?;
    /// assert_eq!(policy.field("work_email")?.categories().len(), 1);
    /// assert_eq!(policy.field("email")?.categories(), [email]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn categories(&self) -> &[CategoryId] {
        &self.0
    }
}

/// The field that stands for this category.
impl From<CategoryId> for Field {
    fn from(category: CategoryId) -> Self {
        Self(vec![category])
    }
}

/// An unknown or ambiguous name: every question with it is denied.
///
/// As an error it owns the name. In a [`Reason`](crate::Reason) it borrows it from the question, so that a
/// decision about unknown names allocates nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Refusal<'a> {
    pub(crate) hierarchy: Hierarchy,
    /// The number of the list of its meanings.
    pub(crate) ambiguous: Option<u32>,
    pub(crate) name: Cow<'a, str>,
}

impl Refusal<'_> {
    /// Unknown or ambiguous, and in which hierarchy: `unknown_field`, `ambiguous_purpose` …
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::ReasonKind;
    /// assert_eq!(policy.purpose("nothing").unwrap_err().kind(), ReasonKind::UnknownPurpose);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> ReasonKind {
        if !self.is_ambiguous() {
            return unknown(self.hierarchy);
        }
        match self.hierarchy {
            Hierarchy::Category => ReasonKind::AmbiguousField,
            Hierarchy::Method => ReasonKind::AmbiguousMethod,
            Hierarchy::Purpose => ReasonKind::AmbiguousPurpose,
            Hierarchy::Recipient => ReasonKind::AmbiguousRecipient,
        }
    }

    /// The hierarchy of the name.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// use whyfor::Hierarchy;
    /// assert_eq!(policy.purpose("nothing").unwrap_err().hierarchy(), Hierarchy::Purpose);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn hierarchy(&self) -> Hierarchy {
        self.hierarchy
    }

    /// Whether the name is the end of several paths, rather than of none.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert!(!policy.purpose("nothing").unwrap_err().is_ambiguous());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.ambiguous.is_some()
    }

    /// The name as asked.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("examples/shop.why")?;
    /// assert_eq!(policy.purpose("nothing").unwrap_err().name(), "nothing");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// For tests that look for unknown names.
    pub(super) fn note(&self) {
        if !self.is_ambiguous() {
            note(self.hierarchy, &self.name);
        }
    }

    /// For a caller that gets it as an error.
    pub(super) fn into_owned(self) -> Refusal<'static> {
        self.note();
        let Self { hierarchy, ambiguous, name } = self;
        Refusal { hierarchy, ambiguous, name: Cow::Owned(name.into_owned()) }
    }
}

/// The kind of an unknown name.
fn unknown(hierarchy: Hierarchy) -> ReasonKind {
    match hierarchy {
        Hierarchy::Category => ReasonKind::UnknownField,
        Hierarchy::Method => ReasonKind::UnknownMethod,
        Hierarchy::Purpose => ReasonKind::UnknownPurpose,
        Hierarchy::Recipient => ReasonKind::UnknownRecipient,
    }
}

/// Notes an unknown name, in builds for tests.
#[inline(always)]
pub(super) fn note(hierarchy: Hierarchy, name: &str) {
    #[cfg(feature = "testing")]
    super::unknown::note(unknown(hierarchy), name);
    let _ = (hierarchy, name);
}

impl fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.hierarchy {
            Hierarchy::Category => "field or category",
            other => other.as_str(),
        };
        match self.ambiguous {
            None => write!(f, "no {what} is named `{}`", printable(&self.name)),
            Some(_) => write!(f, "`{}` names more than one {what}", printable(&self.name)),
        }
    }
}

impl std::error::Error for Refusal<'_> {}

//! What is asked: an act, a field, a method or recipient where the act has one, and a purpose.

use crate::printable::printable;
use crate::words::Hierarchy;

/// What is done with data: by names in a [`Question`], by ids in
/// [`Policy::decide`](crate::Policy::decide).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act<M = MethodId, R = RecipientId> {
    /// Using data for a purpose.
    Use,
    /// Collecting it by a method.
    Collect(M),
    /// Sharing it with a recipient.
    Share(R),
}

/// A question by names.
///
/// ```
/// use whyfor::Question;
/// let question = Question::collect("users.email", "provided", "login");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question<'a> {
    /// What is done, by which method or with which recipient.
    pub act: Act<&'a str, &'a str>,
    /// The name of a real column or key, or a reference to a category.
    pub field: &'a str,
    /// What for.
    pub purpose: &'a str,
}

impl<'a> Question<'a> {
    /// May `field` be collected by `method` for `purpose`?
    #[must_use]
    pub fn collect(field: &'a str, method: &'a str, purpose: &'a str) -> Self {
        Self { act: Act::Collect(method), field, purpose }
    }

    /// May `field` be used for `purpose`?
    #[must_use]
    pub fn usage(field: &'a str, purpose: &'a str) -> Self {
        Self { act: Act::Use, field, purpose }
    }

    /// May `field` be shared with `recipient` for `purpose`?
    #[must_use]
    pub fn share(field: &'a str, recipient: &'a str, purpose: &'a str) -> Self {
        Self { act: Act::Share(recipient), field, purpose }
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),*) => {
        $(
            $(#[$doc])*
            ///
            /// It belongs to the policy that resolved it, and carries 32 bits of that policy's digest.
            /// Every other policy, an earlier or later version too, denies what is asked by it and
            /// gives [`Reason::ForeignId`](crate::Reason::ForeignId) as the reason, but for a chance
            /// of one in 2³². Policies with equal digests take each other's ids.
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

/// What the name of a field stands for: one category or several, all of which must be allowed.
///
/// Nearly always one: it is several where patterns of different `field` statements match the same
/// name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field(pub(crate) Vec<CategoryId>);

impl Field {
    /// The categories; all of them must be allowed.
    #[must_use]
    pub fn categories(&self) -> &[CategoryId] {
        &self.0
    }
}

/// Why a name names nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalKind {
    /// No category and no pattern has the name.
    UnknownField,
    /// The name is the end of several categories' paths.
    AmbiguousField,
    /// No method has the name.
    UnknownMethod,
    /// The name is the end of several methods' paths.
    AmbiguousMethod,
    /// No purpose has the name.
    UnknownPurpose,
    /// The name is the end of several purposes' paths.
    AmbiguousPurpose,
    /// No recipient has the name.
    UnknownRecipient,
    /// The name is the end of several recipients' paths.
    AmbiguousRecipient,
}

impl RefusalKind {
    /// By hierarchy: categories, methods, purposes, recipients.
    const UNKNOWN: [Self; 4] =
        [Self::UnknownField, Self::UnknownMethod, Self::UnknownPurpose, Self::UnknownRecipient];
    const AMBIGUOUS: [Self; 4] = [
        Self::AmbiguousField,
        Self::AmbiguousMethod,
        Self::AmbiguousPurpose,
        Self::AmbiguousRecipient,
    ];

    /// As in answers: `unknown_field`, `ambiguous_purpose` …
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::UnknownField => "unknown_field",
            Self::AmbiguousField => "ambiguous_field",
            Self::UnknownMethod => "unknown_method",
            Self::AmbiguousMethod => "ambiguous_method",
            Self::UnknownPurpose => "unknown_purpose",
            Self::AmbiguousPurpose => "ambiguous_purpose",
            Self::UnknownRecipient => "unknown_recipient",
            Self::AmbiguousRecipient => "ambiguous_recipient",
        }
    }
}

/// A name that names nothing, or several things: what is asked by it is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal<'a> {
    pub(crate) hierarchy: Hierarchy,
    pub(crate) ambiguous: Option<u32>,
    pub(crate) name: &'a str,
}

impl<'a> Refusal<'a> {
    /// Unknown or ambiguous, and in which hierarchy.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        let kinds = match self.ambiguous {
            Some(_) => RefusalKind::AMBIGUOUS,
            None => RefusalKind::UNKNOWN,
        };
        kinds[self.hierarchy as usize]
    }

    /// Whether the name is the end of several paths, rather than of none.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.ambiguous.is_some()
    }

    /// The name as asked.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }
}

impl std::fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = ["field or category", "method", "purpose", "recipient"];
        let what = what[self.hierarchy as usize];
        match self.ambiguous {
            None => write!(f, "no {what} is named `{}`", printable(self.name)),
            Some(_) => write!(f, "`{}` names more than one {what}", printable(self.name)),
        }
    }
}

impl std::error::Error for Refusal<'_> {}

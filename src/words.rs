//! The vocabulary that every stage shares, from the syntax to the answers. Each word is spelled here once.

use std::fmt;

/// A word that is not one of a list: of acts, verdicts, kinds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not one of `{}`", crate::printable(word), expected.join("`, `"))]
pub struct ParseWordError {
    word: String,
    expected: &'static [&'static str],
}

impl ParseWordError {
    /// The word as given.
    ///
    /// ```
    /// let error = "yes".parse::<whyfor::Verdict>().unwrap_err();
    /// assert_eq!(error.word(), "yes");
    /// ```
    #[must_use]
    pub fn word(&self) -> &str {
        &self.word
    }

    /// The words that there are.
    ///
    /// ```
    /// let error = "yes".parse::<whyfor::Verdict>().unwrap_err();
    /// assert_eq!(error.expected(), ["deny", "depends", "allow"]);
    /// ```
    #[must_use]
    pub fn expected(&self) -> &'static [&'static str] {
        self.expected
    }
}

/// Gives an enum its words.
macro_rules! words {
    ($($(#[$doc:meta])* $visibility:vis enum $name:ident {
        $($(#[$of:meta])* $variant:ident = $word:literal),* $(,)?
    })*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        $visibility enum $name {
            $($(#[$of])* $variant),*
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// As policies and answers spell it.
            ///
            #[doc = concat!(
                "```\nuse whyfor::", stringify!($name), ";\n",
                "let first = ", stringify!($name), "::ALL[0];\n",
                "assert_eq!(first.as_str().parse(), Ok(first));\n```",
            )]
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = ParseWordError;

            fn from_str(word: &str) -> Result<Self, ParseWordError> {
                let found = Self::ALL.into_iter().find(|one| one.as_str() == word);
                found.ok_or_else(|| ParseWordError { word: word.to_owned(), expected: &[$($word),*] })
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = std::borrow::Cow::<str>::deserialize(deserializer)?;
                word.parse().map_err(serde::de::Error::custom)
            }
        }
    )* };
}

words! {
    /// The four hierarchies, in the order in which an image has them.
    pub enum Hierarchy {
        /// Which data.
        Category = "category",
        /// How it is collected.
        Method = "method",
        /// What for.
        Purpose = "purpose",
        /// Whom it is shared with.
        Recipient = "recipient",
    }

    /// What is done with data.
    pub enum ActKind {
        /// Use for a purpose.
        Use = "use",
        /// Collection by a method.
        Collect = "collect",
        /// Sharing with a recipient.
        Share = "share",
    }

    /// Which kind of statement.
    pub enum StatementKind {
        /// `collect`, `use` or `share`.
        Permit = "permit",
        /// `never …`.
        Never = "never",
        /// `require …`.
        Require = "require",
    }

    /// How a question is decided. Only [`Allow`](Self::Allow) permits anything.
    pub enum Verdict {
        /// Not permitted.
        Deny = "deny",
        /// It depends on facts that are not stated.
        Depends = "depends",
        /// Permitted.
        Allow = "allow",
    }

    /// Which values a fact takes.
    pub enum FactKind {
        /// Yes or no.
        YesNo = "yes_no",
        /// Yes or no, for each purpose.
        PerPurpose = "per_purpose",
        /// One of the choices that the policy lists.
        Choice = "choice",
        /// A number.
        Number = "number",
    }

    /// A unit of time in which retention is stated.
    pub enum Unit {
        /// Hours.
        Hours = "hours",
        /// Days of 24 hours.
        Days = "days",
        /// Weeks of seven days.
        Weeks = "weeks",
        /// Months of the calendar.
        Months = "months",
        /// Years of twelve months.
        Years = "years",
    }

    /// What a [mask](Mask::join) makes of a value: the actions of the Apache Iceberg REST catalog's Read Restrictions.
    pub enum Mask {
        /// The first four characters stay; of the others, digits become `n`, letters `x`.
        ShowFirst4 = "show-first-4",
        /// The same of the last four characters.
        ShowLast4 = "show-last-4",
        /// Digits become `n`, all but `( ) , . - @` becomes `x`.
        MaskAlphanum = "mask-alphanum",
        /// The first day of the month.
        TruncateToMonth = "truncate-to-month",
        /// The first day of the year.
        TruncateToYear = "truncate-to-year",
        /// The SHA-256 of the value, alike in all queries.
        Sha256Global = "sha-256-global",
        /// The same with a salt that is new for each query.
        Sha256QueryLocal = "sha-256-query-local",
        /// The same value for all.
        MaskToFixedValue = "mask-to-fixed-value",
        /// NULL.
        ReplaceWithNull = "replace-with-null",
    }

    /// Which kind of [`Reason`](crate::Reason).
    #[non_exhaustive]
    pub enum ReasonKind {
        /// A permit that holds, or that would with further facts.
        Permit = "permit",
        /// A `never` that holds, or that might with further facts.
        Never = "never",
        /// A permit whose condition is no.
        UnmetPermit = "unmet_permit",
        /// Nothing permits it.
        NoPermit = "no_permit",
        /// No category and no pattern has the name.
        UnknownField = "unknown_field",
        /// The name is the end of several categories' paths.
        AmbiguousField = "ambiguous_field",
        /// No method has the name.
        UnknownMethod = "unknown_method",
        /// The name is the end of several methods' paths.
        AmbiguousMethod = "ambiguous_method",
        /// No purpose has the name.
        UnknownPurpose = "unknown_purpose",
        /// The name is the end of several purposes' paths.
        AmbiguousPurpose = "ambiguous_purpose",
        /// No recipient has the name.
        UnknownRecipient = "unknown_recipient",
        /// The name is the end of several recipients' paths.
        AmbiguousRecipient = "ambiguous_recipient",
        /// The policy declares no such fact.
        UnknownFact = "unknown_fact",
        /// The fact has no such choice.
        UnknownChoice = "unknown_choice",
        /// The fact takes another kind of value.
        WrongFact = "wrong_fact",
        /// An id belongs to another policy, or to another version of this one.
        ForeignId = "foreign_id",
    }
}

#[cfg_attr(not(feature = "compile"), allow(dead_code, reason = "the compiler uses all of it"))]
impl Hierarchy {
    /// Whether it has a node above all that are declared: "any method", "any recipient".
    pub(crate) fn has_any(self) -> bool {
        matches!(self, Self::Method | Self::Recipient)
    }

    /// The plural, for messages that list nodes.
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Category => "categories",
            Self::Method => "methods",
            Self::Purpose => "purposes",
            Self::Recipient => "recipients",
        }
    }
}

#[cfg_attr(not(feature = "compile"), allow(dead_code, reason = "the compiler uses all of it"))]
impl ActKind {
    /// The act that goes with a hierarchy, as [`party`](Self::party) has it.
    #[cfg(feature = "tools")]
    pub(crate) fn of_party(party: Option<Hierarchy>) -> Self {
        Self::ALL.into_iter().find(|act| act.party() == party).unwrap_or(Self::Use)
    }

    /// The hierarchy that goes with the act: methods with `collect`, recipients with `share`.
    pub(crate) fn party(self) -> Option<Hierarchy> {
        match self {
            Self::Use => None,
            Self::Collect => Some(Hierarchy::Method),
            Self::Share => Some(Hierarchy::Recipient),
        }
    }
}

impl Unit {
    /// Whether it is a month or a year, which differ in length.
    pub(crate) const fn is_calendar(self) -> bool {
        matches!(self, Self::Months | Self::Years)
    }

    /// In hours, or of months and years in months.
    pub(crate) const fn length(self) -> u32 {
        match self {
            Self::Hours | Self::Months => 1,
            Self::Days => 24,
            Self::Weeks => 7 * 24,
            Self::Years => 12,
        }
    }

    /// By its word, in the singular too.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        let is_named =
            |unit: &Self| unit.as_str() == word || unit.as_str().strip_suffix('s') == Some(word);
        Self::ALL.into_iter().find(is_named)
    }

    /// The unit that an image numbers so.
    pub(crate) fn from_number(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or(Self::Hours)
    }
}

/// The values that a declared fact can have, with the choices of a choice.
#[cfg(feature = "compile")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Domain<C> {
    YesNo,
    PerPurpose,
    Choice(Vec<C>),
    Number,
}

#[cfg(feature = "compile")]
impl<C> Domain<C> {
    pub(crate) fn kind(&self) -> FactKind {
        match self {
            Self::YesNo => FactKind::YesNo,
            Self::PerPurpose => FactKind::PerPurpose,
            Self::Choice(_) => FactKind::Choice,
            Self::Number => FactKind::Number,
        }
    }
}

impl StatementKind {
    /// The kind that an image numbers so. What a forged image says permits nothing.
    pub(crate) fn from_number(number: u32) -> Self {
        match number {
            0 => Self::Permit,
            1 => Self::Never,
            _ => Self::Require,
        }
    }
}

impl Default for Verdict {
    /// Deny.
    fn default() -> Self {
        Self::Deny
    }
}

impl Verdict {
    /// Kleene's negation, of a value that a verdict stands for.
    pub(crate) fn not(self) -> Self {
        match self {
            Self::Deny => Self::Allow,
            Self::Depends => Self::Depends,
            Self::Allow => Self::Deny,
        }
    }
}

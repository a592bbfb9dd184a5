//! The vocabulary that every stage shares, from the syntax to the answers. Each word is spelled here once.

use std::fmt;

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

        #[allow(dead_code, reason = "not every stage asks each word for all of it")]
        impl $name {
            /// All of them, in order.
            pub(crate) const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// As policies and answers spell it.
            #[must_use]
            $visibility const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),*
                }
            }

            /// The one that is spelled so.
            pub(crate) fn from_word(word: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.word() == word)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    )* };
}

words! {
    /// The four hierarchies, in the order in which an image has them.
    pub(crate) enum Hierarchy {
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
    pub(crate) enum ActKind {
        Use = "use",
        Collect = "collect",
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
}

#[cfg_attr(not(feature = "compile"), allow(dead_code, reason = "the compiler uses all of it"))]
impl Hierarchy {
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

//! Symbols and the places that name them.

use crate::source::Span;
use crate::syntax::tokens::Subject;
use crate::words::Hierarchy;

/// What a name refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum SymbolKind {
    /// A policy, by its header.
    Policy,
    /// A section.
    Section,
    /// A category of data.
    Category,
    /// A method of collecting.
    Method,
    /// A purpose.
    Purpose,
    /// A recipient.
    Recipient,
    /// A tag.
    Tag,
    /// A fact.
    Fact,
    /// One of the values of a fact.
    Choice,
    /// A duty.
    Duty,
    /// A legal basis.
    Basis,
    /// An event from which retention runs.
    Event,
}

impl SymbolKind {
    /// The word for it, in lower case.
    ///
    /// ```
    /// assert_eq!(whyfor::symbols::SymbolKind::Category.as_str(), "category");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Section => "section",
            Self::Category => "category",
            Self::Method => "method",
            Self::Purpose => "purpose",
            Self::Recipient => "recipient",
            Self::Tag => "tag",
            Self::Fact => "fact",
            Self::Choice => "choice",
            Self::Duty => "duty",
            Self::Basis => "basis",
            Self::Event => "event",
        }
    }

    pub(super) fn of(subject: Subject) -> Self {
        match subject {
            Subject::Policy => Self::Policy,
            Subject::Section => Self::Section,
            Subject::Node(Hierarchy::Category) => Self::Category,
            Subject::Node(Hierarchy::Method) => Self::Method,
            Subject::Node(Hierarchy::Purpose) => Self::Purpose,
            Subject::Node(Hierarchy::Recipient) => Self::Recipient,
            Subject::Tag => Self::Tag,
            Subject::Fact => Self::Fact,
            Subject::Choice => Self::Choice,
            Subject::Duty => Self::Duty,
            Subject::Basis => Self::Basis,
            Subject::Event => Self::Event,
        }
    }

    pub(super) fn hierarchy(self) -> Option<Hierarchy> {
        match self {
            Self::Category => Some(Hierarchy::Category),
            Self::Method => Some(Hierarchy::Method),
            Self::Purpose => Some(Hierarchy::Purpose),
            Self::Recipient => Some(Hierarchy::Recipient),
            _ => None,
        }
    }
}

/// Which symbol of an [`Index`](super::Index).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId(pub(super) u32);

/// Something that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// What it is.
    pub kind: SymbolKind,
    /// Its name; of a node or a tag its full path; of a choice its fact, a dot and its name.
    pub name: String,
    /// Its label, or nothing.
    pub label: String,
}

/// A place where a symbol is named. Of a path, each of its names is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The place, backquotes included.
    pub span: Span,
    /// Which symbol.
    pub symbol: SymbolId,
    /// Whether it is declared here.
    pub declares: bool,
}

//! What can go wrong, without a value in any message.

use std::fmt;
use whyfor::{Refusal, printable};

/// What is wrong. No message has a value in it, also not the message of a value's own `Serialize` or `Deserialize`,
/// which may quote the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A purpose, a method, a recipient or a category in the program is misspelt.
    #[error("{0}")]
    Name(Refusal<'static>),
    /// The policy does not allow the value, and the format does not allow to leave it out.
    #[error(
        "it may not leave, and leaving it out would move later values to other names: mask it, or say `Layout::Named`"
    )]
    Withheld,
    /// What stands for a denied value cannot be written in this place.
    #[error(
        "it may not leave, and what should stand in its place is not readable there: leave it out of the type"
    )]
    Unmaskable,
    /// A value without a name.
    #[error(
        "a value without a name cannot be decided: put it into a struct, or say what it is by `named`"
    )]
    Nameless,
    /// Too many levels.
    #[error("it has more than {} levels", crate::limits::MAX_DEPTH)]
    TooDeep,
    /// A field that skips itself, in a format where that moves later values.
    #[error("it skips itself, and that would move later values to other names: write it always")]
    Skipped,
    /// The value serialized itself differently the second time.
    #[error("it changed while it was serialized")]
    Changed,
    /// The value's own `Serialize` failed, or the format cannot write it. The message may quote it, so it is not shown.
    #[error("it cannot be serialized")]
    Unserializable,
    /// Contents that cannot be read, such as broken raw JSON.
    #[error("its contents cannot be read")]
    Unreadable,
    /// The policy does not know what was sent.
    #[error("the policy does not know it")]
    Unknown,
    /// Its name has several meanings in the policy.
    #[error("its name means several things in the policy: write the longer name")]
    Ambiguous,
    /// The policy does not allow to take it.
    #[error("the policy does not allow it")]
    Denied,
    /// The policy would allow it with further facts.
    #[error("the policy allows it only if more is known")]
    Depends,
    /// The policy allows it with duties that the program does not fulfil.
    #[error("the policy allows it only with `{}`", printable(&.0.join("`, `")))]
    Owes(Vec<String>),
    /// A key occurs twice in one object.
    #[error("it occurs twice")]
    Duplicate,
    /// A list stands where fields with names are expected: nothing says which value is which.
    #[error("it is a list, and fields need names")]
    Unnamed,
    /// A field that the type needs is not there.
    #[error("the field `{0}` is missing")]
    Missing(&'static str),
    /// A value of another type than the program's.
    #[error("it has another type or value than expected")]
    WrongType,
    /// A key that the program's type does not have.
    #[error("it is no field of what is expected")]
    NoField,
    /// Text that is not of the format.
    #[error("the text cannot be parsed")]
    Syntax,
}

impl Problem {
    /// Whether the type that is built does not take a value that may be taken.
    pub(crate) fn is_of_the_type(&self) -> bool {
        matches!(self, Self::WrongType | Self::Missing(_) | Self::NoField)
    }
}

/// A problem on its way: a result with it fits into a register.
pub(crate) type Bad = Box<Problem>;

impl serde::ser::Error for Bad {
    #[cold]
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::new(Problem::Unserializable)
    }
}

/// An error on its way through a format's own calls: the format's, or ours.
pub(crate) enum Fault<E> {
    /// The format's.
    Inner(E),
    /// Ours, or a value's.
    Own(Bad),
}

impl<E> Fault<E> {
    #[cold]
    pub(crate) fn own(problem: Problem) -> Self {
        Self::Own(Box::new(problem))
    }
}

impl<E> From<E> for Fault<E> {
    fn from(error: E) -> Self {
        Self::Inner(error)
    }
}

impl<E: fmt::Debug> fmt::Debug for Fault<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inner(error) => error.fmt(f),
            Self::Own(problem) => problem.fmt(f),
        }
    }
}

impl<E: fmt::Display> fmt::Display for Fault<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inner(error) => error.fmt(f),
            Self::Own(problem) => problem.fmt(f),
        }
    }
}

impl<E: std::error::Error> std::error::Error for Fault<E> {}

impl<E: serde::ser::Error> serde::ser::Error for Fault<E> {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::own(Problem::Unserializable)
    }
}

impl<E: serde::de::Error> serde::de::Error for Fault<E> {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::own(Problem::WrongType)
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::own(Problem::NoField)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::own(Problem::Missing(field))
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self::own(Problem::Duplicate)
    }
}

/// What is wrong, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    pub(crate) path: String,
    /// The path with the keys that were sent.
    pub(crate) sent: String,
    pub(crate) problem: Problem,
    pub(crate) line: Option<(usize, usize)>,
}

impl Error {
    pub(crate) fn new(path: impl Into<String>, problem: Problem) -> Self {
        let path = path.into();
        Self { sent: path.clone(), path, problem, line: None }
    }

    /// Where in the value: names joined by dots; empty for the whole. A key of a map that no policy spells out is `*`,
    /// since it may be data itself.
    ///
    /// ```
    /// use serde_json::json;
    /// use whyfor::{Act, Facts, Policy};
    /// use whyfor_serde::PolicyExt;
    /// let policy = Policy::from_path("../../examples/shop.why")?;
    /// let intake = policy.intake(Act::Collect, "provided", "login");
    /// let sent = br#"{"email": "ada@example.org", "allergies": "nuts"}"#;
    /// let error = intake.from_json::<serde_json::Value>(sent).unwrap_err();
    /// assert_eq!(error.path(), "allergies");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The same with all keys as they were written: for an answer to whoever sent them. **Log [`path`](Self::path)
    /// instead**: a key that a client chose may be personal data.
    ///
    /// ```
    /// use whyfor::{Act, Policy};
    /// use whyfor_serde::PolicyExt;
    /// let policy = Policy::from_path("../../examples/shop.why")?;
    /// let intake = policy.intake(Act::Collect, "provided", "login");
    /// let error = intake.from_json::<serde_json::Value>(br#"{"shoe_size": 44}"#).unwrap_err();
    /// assert_eq!((error.path(), error.sent_path()), ("*", "shoe_size"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sent_path(&self) -> &str {
        &self.sent
    }

    /// What is wrong.
    ///
    /// ```
    /// use whyfor::{Act, Facts, Policy};
    /// use whyfor_serde::{PolicyExt, Problem};
    /// let policy = Policy::from_path("../../examples/shop.why")?;
    /// let view = policy.view(Act::Use, "login", Facts::none());
    /// assert_eq!(*view.to_json(&"ada@example.org").unwrap_err().problem(), Problem::Nameless);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The line and the column in a text that was read, from 1, if they are known.
    ///
    /// ```
    /// use whyfor::{Act, Policy};
    /// use whyfor_serde::PolicyExt;
    /// let policy = Policy::from_path("../../examples/shop.why")?;
    /// let intake = policy.intake(Act::Collect, "provided", "login");
    /// let error = intake.from_json::<serde_json::Value>(b"{\n!").unwrap_err();
    /// assert_eq!(error.place(), Some((2, 1)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn place(&self) -> Option<(usize, usize)> {
        self.line
    }
}

/// With [`path`](Error::path) and without what was sent.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}`: ", printable(&self.path))?;
        }
        write!(f, "{}", self.problem)?;
        match self.line {
            Some((line, column)) => write!(f, " (line {line}, column {column})"),
            None => Ok(()),
        }
    }
}

/// Its text: what was sent stays out of logs.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, problem, line, .. } = self;
        f.debug_struct("Error")
            .field("path", path)
            .field("problem", problem)
            .field("line", line)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {}

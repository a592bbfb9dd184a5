//! In which ways an answer can change.

/// In which way an answer changed, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum ChangeKind {
    /// Allowed under facts under which it was not.
    Allowed,
    /// Allowed under some facts under which it was not, and not under others under which it was.
    Shifted,
    /// There are too many facts to tell; nothing is guessed.
    Undecided,
    /// Not allowed any more, under all facts or some.
    Denied,
    /// Allowed under the same facts, but other facts are missing where some are not stated.
    Depends,
    /// The same verdicts, with other duties or another retention.
    Duties,
    /// The same verdicts and duties, on other legal bases, or without one where there was one.
    Bases,
    /// Nothing but whether the person may leave the data out.
    Optional,
}

impl ChangeKind {
    /// As in JSON: `allowed`, `shifted`, `undecided`, `denied`, `depends`, `duties`, `bases`, `optional`.
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert_eq!(diff.changes()[0].kind.as_str(), "allowed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Shifted => "shifted",
            Self::Undecided => "undecided",
            Self::Denied => "denied",
            Self::Depends => "depends",
            Self::Duties => "duties",
            Self::Bases => "bases",
            Self::Optional => "optional",
        }
    }

    /// For people: `now allowed` …
    ///
    /// ```
    /// # let old = whyfor::Model::from_str("policy p category email purpose ads")?;
    /// # let new = whyfor::Model::from_str("policy p category email purpose ads use email for ads")?;
    /// # let diff = whyfor::diff::diff(&old, &new)?;
    /// assert_eq!(diff.changes()[0].kind.title(), "now allowed");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Allowed => "now allowed",
            Self::Shifted => "now allowed under other facts",
            Self::Undecided => "changed, but there are too many facts to say how",
            Self::Denied => "no longer allowed",
            Self::Depends => "depends on other facts",
            Self::Duties => "other duties",
            Self::Bases => "other legal bases",
            Self::Optional => "other data required",
        }
    }
}

//! What a test looks at.

/// What a test looks at besides the verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Watched {
    /// The duties.
    pub duties: bool,
    /// The shortest limit from collection, in whole days.
    pub retention: bool,
    /// All limits on how long the data may be kept.
    pub limits: bool,
    /// How long the data must be kept.
    pub at_least: bool,
    /// The legal bases.
    pub bases: bool,
    /// Whether some part has no legal basis.
    pub unbased: bool,
    /// Whether the data may be left out.
    pub optional: bool,
}

//! What a row must meet: a condition over its columns, with three values.

use crate::column::Column;

/// A condition over the columns of a row. It has the three values of a policy's conditions; [`Unknown`](Self::Unknown) is
/// that of a fact that is neither stated nor in a column.
///
/// Constants are folded: [`Yes`](Self::Yes) and [`No`](Self::No) occur only as whole conditions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RowCondition {
    /// For every row.
    Yes,
    /// For no row.
    No,
    /// It is not known of any row.
    Unknown,
    /// A column that is yes or no.
    Holds(Column),
    /// A column with a choice: yes for some of the declared choices, no for the others, unknown for all else.
    Choice {
        /// The column.
        column: Column,
        /// The choices that give yes.
        yes: Vec<String>,
        /// The choices that give no.
        no: Vec<String>,
    },
    /// A column with a number, compared.
    Number {
        /// The column.
        column: Column,
        /// How it is compared.
        test: NumberTest,
        /// With what.
        number: f64,
    },
    /// A fact per purpose, in columns that are yes or no.
    PurposeColumns {
        /// Those of the purpose and of what is above it.
        hits: Vec<Column>,
        /// Those of purposes that share something with the purpose.
        touches: Vec<Column>,
    },
    /// A fact per purpose, in lists of purposes.
    PurposeLists {
        /// The list of the purposes where it holds.
        yes: Option<Column>,
        /// The list of those where it does not.
        no: Option<Column>,
        /// The names of the purpose and of what is above it.
        hits: Vec<String>,
        /// The names of purposes that share something with the purpose.
        touches: Vec<String>,
        /// All names of purposes. A list with another name states nothing.
        known: Vec<String>,
    },
    /// The opposite.
    Not(Box<Self>),
    /// All of these, at least two.
    All(Vec<Self>),
    /// One of these, at least two.
    Any(Vec<Self>),
}

/// How a number is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberTest {
    /// It is that number or greater.
    AtLeast,
    /// It is greater.
    Above,
    /// It is that number.
    Equal,
}

impl RowCondition {
    /// The opposite.
    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Whether some row could meet it. It looks at each part alone, so parts that exclude each other pass. O(parts).
    ///
    /// ```
    /// use whyfor_data::RowCondition;
    /// let agreed = RowCondition::Holds("agreed".parse()?);
    /// assert!(agreed.can_be_yes());
    /// assert!(!RowCondition::All(vec![agreed, RowCondition::Unknown]).can_be_yes());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn can_be_yes(&self) -> bool {
        match self {
            Self::No | Self::Unknown => false,
            Self::Not(inner) => inner.can_be_no(),
            Self::All(parts) => parts.iter().all(Self::can_be_yes),
            Self::Any(parts) => parts.iter().any(Self::can_be_yes),
            _ => true,
        }
    }

    fn can_be_no(&self) -> bool {
        match self {
            Self::Yes | Self::Unknown => false,
            Self::Not(inner) => inner.can_be_yes(),
            Self::All(parts) => parts.iter().any(Self::can_be_no),
            Self::Any(parts) => parts.iter().all(Self::can_be_no),
            _ => true,
        }
    }

    /// What is left of it in rows where another condition is yes.
    pub(crate) fn given(self, known: &Self) -> Self {
        match known {
            Self::All(parts) => parts.iter().fold(self, Self::given),
            known if self == *known => Self::Yes,
            Self::Not(known) if self == **known => Self::No,
            _ => match self {
                Self::Not(inner) => inner.given(known).not(),
                Self::All(parts) => Self::all(parts.into_iter().map(|part| part.given(known))),
                Self::Any(parts) => Self::any(parts.into_iter().map(|part| part.given(known))),
                other => other,
            },
        }
    }

    /// Whether all of these hold.
    pub(crate) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        joined(parts, &Self::Yes, &Self::No, Self::All)
    }

    /// Whether one of these holds.
    pub(crate) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        joined(parts, &Self::No, &Self::Yes, Self::Any)
    }
}

/// Joins parts, without the one that changes nothing; the one that decides is the whole.
fn joined(
    parts: impl IntoIterator<Item = RowCondition>,
    idle: &RowCondition,
    decisive: &RowCondition,
    join: fn(Vec<RowCondition>) -> RowCondition,
) -> RowCondition {
    let mut kept: Vec<RowCondition> = Vec::new();
    for part in parts {
        if part == *decisive {
            return part;
        }
        if part != *idle && !kept.contains(&part) {
            kept.push(part);
        }
    }
    match kept.len() {
        0 => idle.clone(),
        1 => kept.swap_remove(0),
        _ => join(kept),
    }
}

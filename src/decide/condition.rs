//! Conditions over facts as data, for programs that evaluate or translate them.

use crate::table::schema::AtomRecord;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

/// A condition over facts that are not stated yet.
///
/// Constants are folded: [`Yes`](Self::Yes) and [`No`](Self::No) occur only as whole conditions. It has the three
/// values of a policy's conditions: a test of a fact that is not stated is unknown, `not` swaps yes and no, `all` is
/// the least and `any` the greatest of its parts, where no < unknown < yes.
///
/// Statements share conditions, and so do the conditions of an answer: a clone costs nothing.
///
/// Displayed as a policy writes it: `consent and (age >= 18 or region is eu)`.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition<'a> {
    /// Whatever the facts are.
    Yes,
    /// Whatever the facts are, not.
    No,
    /// A fact passes a test.
    Test {
        /// The fact's name.
        fact: &'a str,
        /// Its test.
        test: Test<'a>,
    },
    /// The opposite.
    Not(Arc<Self>),
    /// All of these, at least two.
    All(Arc<[Self]>),
    /// One of these, at least two.
    Any(Arc<[Self]>),
}

/// A test of one fact. All other comparisons of the language are the opposite of one of these.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Test<'a> {
    /// A fact that is yes or no is yes; of a fact per purpose, for the purpose that is asked about.
    Holds,
    /// A choice is one of these.
    In(Vec<&'a str>),
    /// A number is this one or greater.
    AtLeast(f64),
    /// A number is greater.
    Above(f64),
    /// A number is this one.
    Equal(f64),
}

impl<'a> Test<'a> {
    /// `None` for a test that no policy has, which a forged artifact may name.
    pub(super) fn of(record: &AtomRecord, choices: impl Iterator<Item = &'a str>) -> Option<Self> {
        let number = f64::from_bits(record.operand);
        match record.test {
            AtomRecord::HOLDS => Some(Self::Holds),
            AtomRecord::IN => {
                let is_in = |(bit, _): &(usize, &str)| record.operand >> bit & 1 == 1;
                let choices = choices.take(64).enumerate().filter(is_in);
                Some(Self::In(choices.map(|(_, choice)| choice).collect()))
            }
            AtomRecord::AT_LEAST => Some(Self::AtLeast(number)),
            AtomRecord::ABOVE => Some(Self::Above(number)),
            AtomRecord::EQUAL => Some(Self::Equal(number)),
            _ => None,
        }
    }
}

impl<'a> Condition<'a> {
    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Not(inner) => inner.as_ref().clone(),
            other => Self::Not(Arc::new(other)),
        }
    }

    pub(super) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Yes => {}
                Self::No => return Self::No,
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::Yes,
            1 => kept.swap_remove(0),
            _ => Self::All(kept.into()),
        }
    }

    pub(super) fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::No => {}
                Self::Yes => return Self::Yes,
                other => kept.push(other),
            }
        }
        match kept.len() {
            0 => Self::No,
            1 => kept.swap_remove(0),
            _ => Self::Any(kept.into()),
        }
    }
}

impl Display for Condition<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes => f.write_str("always"),
            Self::No => f.write_str("never"),
            Self::Test { fact, test } => write_test(f, fact, test, false),
            Self::Not(inner) => match inner.as_ref() {
                Self::Test { fact, test } => write_test(f, fact, test, true),
                other => write!(f, "not ({other})"),
            },
            Self::All(parts) => write_list(f, parts, " and "),
            Self::Any(parts) => write_list(f, parts, " or "),
        }
    }
}

/// Parentheses even where `and` would bind tighter: readers do not have to know that.
fn write_list(f: &mut Formatter<'_>, parts: &[Condition<'_>], word: &str) -> fmt::Result {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            f.write_str(word)?;
        }
        match part {
            Condition::All(_) | Condition::Any(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}

fn write_test(f: &mut Formatter<'_>, fact: &str, test: &Test<'_>, negative: bool) -> fmt::Result {
    let fact = Name(fact);
    match (test, negative) {
        (Test::Holds, false) => write!(f, "{fact}"),
        (Test::Holds, true) => write!(f, "not {fact}"),
        (Test::In(choices), _) => {
            let not = if negative { "not " } else { "" };
            match choices.as_slice() {
                [choice] => write!(f, "{fact} is {not}{}", Name(choice)),
                several => {
                    let list: Vec<String> = several.iter().map(|c| Name(c).to_string()).collect();
                    write!(f, "{fact} {not}in ({})", list.join(", "))
                }
            }
        }
        (Test::AtLeast(number), false) => write!(f, "{fact} >= {number}"),
        (Test::AtLeast(number), true) => write!(f, "{fact} < {number}"),
        (Test::Above(number), false) => write!(f, "{fact} > {number}"),
        (Test::Above(number), true) => write!(f, "{fact} <= {number}"),
        (Test::Equal(number), false) => write!(f, "{fact} == {number}"),
        (Test::Equal(number), true) => write!(f, "{fact} != {number}"),
    }
}

/// A name as a condition writes it: in backquotes if it would not be read as a name.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        const WORDS: [&str; 8] = ["and", "or", "not", "is", "in", "yes", "no", "unless"];
        let starts_as_name = self.0.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let is_name = self.0.chars().all(|c| c.is_alphanumeric() || c == '_');
        match starts_as_name && is_name && !WORDS.contains(&self.0) {
            true => f.write_str(self.0),
            false => write!(f, "`{}`", self.0),
        }
    }
}

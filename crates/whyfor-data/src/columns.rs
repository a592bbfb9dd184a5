//! Which facts are in which columns.

use crate::column::{Column, ColumnError};
use std::collections::BTreeMap;
use whyfor::{FactKind, Policy, Refusal};

/// The columns that hold the facts of a row.
#[derive(Debug, Clone)]
pub struct Columns<'p> {
    policy: &'p Policy,
    facts: BTreeMap<String, FactColumns>,
}

/// Where a fact is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactColumns {
    /// In one column.
    Plain(Column),
    /// A fact per purpose: by the purpose's path, a column that is yes or no.
    Each(BTreeMap<String, Column>),
    /// A fact per purpose: lists of the purposes where it holds and where it does not.
    Lists { yes: Option<Column>, no: Option<Column> },
}

/// Why a column cannot hold a fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactColumnError {
    /// It is no name of a column.
    #[error(transparent)]
    Column(#[from] ColumnError),
    /// The policy does not have the fact.
    #[error("the policy has no fact `{}`; it has {}", whyfor::printable(.fact), .facts)]
    UnknownFact {
        /// The name as given.
        fact: String,
        /// The facts that there are, as a list.
        facts: String,
    },
    /// The policy does not have the purpose.
    #[error(transparent)]
    Purpose(#[from] Refusal<'static>),
    /// A fact per purpose needs a purpose for each column, or lists.
    #[error("`{0}` is a fact per purpose: name a column for each purpose, as in `{0}.PURPOSE`")]
    PerPurpose(String),
    /// Another fact has no purposes.
    #[error("`{0}` is not a fact per purpose: one column holds it")]
    NotPerPurpose(String),
    /// `!` and a purpose: only lists say where a fact does not hold.
    #[error("`{}`: `!` goes with a list of purposes, as in `consent!`", whyfor::printable(.0))]
    NoList(String),
    /// It was named before.
    #[error("`{0}` has a column already")]
    Twice(String),
}

impl<'p> Columns<'p> {
    /// No fact is in a column yet. A fact that is neither stated nor in a column is unknown.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// let columns = whyfor_data::Columns::of(&policy).fact("age", "age")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of(policy: &'p Policy) -> Self {
        Self { policy, facts: BTreeMap::new() }
    }

    /// A fact that is yes or no, a choice or a number is in a column.
    ///
    /// # Errors
    /// The policy does not have the fact, it is a fact per purpose, it has a column, or the name is none of a column.
    pub fn fact(self, fact: &str, column: &str) -> Result<Self, FactColumnError> {
        self.put_fact(fact, column.parse()?)
    }

    fn put_fact(mut self, fact: &str, column: Column) -> Result<Self, FactColumnError> {
        let place = FactColumns::Plain(column);
        match self.kind(fact)? {
            FactKind::PerPurpose => Err(FactColumnError::PerPurpose(fact.to_owned())),
            _ => {
                self.put(fact, place)?;
                Ok(self)
            }
        }
    }

    /// A column says whether a fact per purpose holds for a purpose and everything below it.
    ///
    /// # Errors
    /// As [`fact`](Self::fact), or the policy does not have the purpose.
    pub fn purpose(self, fact: &str, purpose: &str, column: &str) -> Result<Self, FactColumnError> {
        self.put_purpose(fact, purpose, column.parse()?)
    }

    fn put_purpose(
        mut self,
        fact: &str,
        purpose: &str,
        column: Column,
    ) -> Result<Self, FactColumnError> {
        self.is_per_purpose(fact)?;
        let id = self.policy.purpose(purpose)?;
        let path = self.policy.path(id).unwrap_or(purpose).to_owned();
        let each = self.facts.entry(fact.to_owned());
        let FactColumns::Each(each) = each.or_insert_with(|| FactColumns::Each(BTreeMap::new()))
        else {
            return Err(FactColumnError::Twice(fact.to_owned()));
        };
        if each.contains_key(&path) {
            return Err(FactColumnError::Twice(format!("{fact}.{path}")));
        }
        each.insert(path, column);
        Ok(self)
    }

    /// A column has the list of the purposes for which a fact per purpose holds, each with everything below it; or, of the
    /// purposes for which it does not.
    ///
    /// # Errors
    /// As [`fact`](Self::fact).
    pub fn list(self, fact: &str, holds: bool, column: &str) -> Result<Self, FactColumnError> {
        self.put_list(fact, holds, column.parse()?)
    }

    fn put_list(
        mut self,
        fact: &str,
        holds: bool,
        column: Column,
    ) -> Result<Self, FactColumnError> {
        self.is_per_purpose(fact)?;
        let lists = self.facts.entry(fact.to_owned());
        let FactColumns::Lists { yes, no } =
            lists.or_insert_with(|| FactColumns::Lists { yes: None, no: None })
        else {
            return Err(FactColumnError::Twice(fact.to_owned()));
        };
        match if holds { yes } else { no }.replace(column) {
            None => Ok(self),
            Some(_) => Err(FactColumnError::Twice(fact.to_owned())),
        }
    }

    /// A fact is in a column, in the notation of the command: `age`; of a fact per purpose `consent.marketing`, a column that
    /// is yes or no, or `consent` and `consent!`, lists of the purposes for which it holds and does not.
    ///
    /// ```
    /// # let policy = whyfor::Policy::from_path("../../examples/shop.why")?;
    /// use whyfor_data::Columns;
    /// let columns = Columns::of(&policy).place("consent.marketing", "agreed")?.place("age", "u.age")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`fact`](Self::fact), [`purpose`](Self::purpose) and [`list`](Self::list), or `!` with a purpose.
    pub fn place(self, notation: &str, column: &str) -> Result<Self, FactColumnError> {
        self.put_noted(notation, column.parse()?)
    }

    /// The name of the fact in the notation of [`place`](Self::place).
    ///
    /// ```
    /// assert_eq!(whyfor_data::Columns::fact_in("consent.marketing"), "consent");
    /// ```
    #[must_use]
    pub fn fact_in(notation: &str) -> &str {
        let name = notation.strip_suffix('!').unwrap_or(notation);
        name.split_once('.').map_or(name, |(fact, _)| fact)
    }

    pub(crate) fn put_noted(self, notation: &str, column: Column) -> Result<Self, FactColumnError> {
        let (name, holds) = match notation.strip_suffix('!') {
            Some(name) => (name, false),
            None => (notation, true),
        };
        match name.split_once('.') {
            Some(_) if !holds => Err(FactColumnError::NoList(notation.to_owned())),
            Some((fact, purpose)) => self.put_purpose(fact, purpose, column),
            None if !holds || self.kind(name)? == FactKind::PerPurpose => {
                self.put_list(name, holds, column)
            }
            None => self.put_fact(name, column),
        }
    }

    pub(crate) fn policy(&self) -> &'p Policy {
        self.policy
    }

    pub(crate) fn of_fact(&self, fact: &str) -> Option<&FactColumns> {
        self.facts.get(fact)
    }

    fn put(&mut self, fact: &str, place: FactColumns) -> Result<(), FactColumnError> {
        match self.facts.insert(fact.to_owned(), place) {
            None => Ok(()),
            Some(_) => Err(FactColumnError::Twice(fact.to_owned())),
        }
    }

    fn is_per_purpose(&self, fact: &str) -> Result<(), FactColumnError> {
        match self.kind(fact)? {
            FactKind::PerPurpose => Ok(()),
            _ => Err(FactColumnError::NotPerPurpose(fact.to_owned())),
        }
    }

    fn kind(&self, fact: &str) -> Result<FactKind, FactColumnError> {
        let found = self.policy.facts().find(|info| info.name == fact);
        found.map(|info| info.kind).ok_or_else(|| {
            let names: Vec<String> =
                self.policy.facts().map(|info| format!("`{}`", info.name)).collect();
            let facts = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            FactColumnError::UnknownFact { fact: fact.to_owned(), facts }
        })
    }
}

//! The facts of a policy.

pub(crate) use crate::words::Domain;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) kind: Domain<Choice>,
}

/// A choice of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) label: String,
}

//! The facts of a policy.

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) kind: FactKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactKind {
    YesNo,
    PerPurpose,
    Choice(Vec<String>),
    Number,
}

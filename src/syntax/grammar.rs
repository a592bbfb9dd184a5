//! The parser that pest derives from `grammar/why.pest`, and its rules.

pub(super) use derived::{Grammar, Rule};

/// The derived items are undocumented, so they stay in a module of their own.
mod derived {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/why.pest"]
    pub(crate) struct Grammar;
}

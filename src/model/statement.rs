//! Statements, sections, fields and expectations, with every name resolved.

use super::condition::ConditionId;
use super::selection::SetId;
use crate::source::Span;
use crate::words::{ActKind, StatementKind, Verdict};

#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) kind: StatementKind,
    pub(crate) act: ActKind,
    pub(crate) categories: SetId,
    /// The categories that it would cover if nothing were collected.
    pub(crate) named: SetId,
    /// Methods or recipients. `None` if the act has neither.
    pub(crate) parties: Option<SetId>,
    pub(crate) purposes: SetId,
    /// `when` and not `unless`.
    pub(crate) condition: ConditionId,
    /// A bit for each duty.
    pub(crate) duties: u64,
    pub(crate) retain_days: Option<u32>,
    pub(crate) section: Option<u32>,
    pub(crate) span: Span,
}

/// The points of an act that a statement covers, among those of its categories and purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Nothing,
    /// With these methods or recipients.
    Parties(SetId),
    /// With every method or recipient.
    All,
}

impl Statement {
    /// The central rule of the language: every permit permits use; `never use` and `require … to use` reach every
    /// act. Any other statement reaches its own act.
    pub(crate) fn reaches(&self, act: ActKind) -> Reach {
        let is_by_use = match self.kind {
            StatementKind::Permit => act == ActKind::Use,
            StatementKind::Never | StatementKind::Require => self.act == ActKind::Use,
        };
        match self.parties {
            _ if is_by_use => Reach::All,
            _ if self.act != act => Reach::Nothing,
            None => Reach::All,
            Some(set) => Reach::Parties(set),
        }
    }

    /// Whether it is a permit to collect. Together, these define `collected`.
    pub(crate) fn collects(&self) -> bool {
        self.kind == StatementKind::Permit && self.act == ActKind::Collect
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) name: String,
    pub(crate) title: String,
}

/// A `field` statement.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) patterns: Vec<String>,
    pub(crate) except: Vec<String>,
    /// Sorted, each once.
    pub(crate) categories: Vec<u32>,
}

#[derive(Debug, Clone)]
pub(crate) struct Expectation {
    pub(crate) verdict: Verdict,
    pub(crate) act: ActKind,
    pub(crate) categories: SetId,
    /// The categories that it would be about if nothing were collected.
    pub(crate) named: SetId,
    pub(crate) parties: Option<SetId>,
    pub(crate) purposes: SetId,
    pub(crate) given: Vec<(u32, Given)>,
    pub(crate) span: Span,
}

/// The value that an expectation gives to a fact. For a fact per purpose, it holds for every purpose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Given {
    YesNo(bool),
    Choice(u32),
    Number(f64),
}

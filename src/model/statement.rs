//! Statements, sections, fields and expectations, with every name resolved.

use super::condition::ConditionId;
use super::selection::SetId;
use crate::period::Limit;
use crate::source::Span;
use crate::words::{ActKind, Mask, StatementKind, Verdict};

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
    /// The categories that are not optional.
    pub(crate) required: SetId,
    /// Those that the person may leave out, of a permit to collect.
    pub(crate) optional: Option<SetId>,
    /// `when` and not `unless`.
    pub(crate) own: ConditionId,
    /// The alternatives in `on`.
    pub(crate) alternatives: Vec<Alternative>,
    /// Its value: its own condition and, if it has alternatives, that of one of them.
    pub(crate) condition: ConditionId,
    /// A bit for each duty.
    pub(crate) duties: u64,
    pub(crate) limits: Vec<RetainLimit>,
    pub(crate) because: String,
    pub(crate) see: String,
    pub(crate) section: Option<u32>,
    pub(crate) span: Span,
}

/// Legal bases that a permit needs together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alternative {
    /// A bit for each basis.
    pub(crate) bases: u64,
    /// The permit's own condition and those of all these bases.
    pub(crate) condition: ConditionId,
}

/// A limit in `retain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RetainLimit {
    /// `at least`: the data is kept for that long, rather than no longer.
    pub(crate) at_least: bool,
    pub(crate) limit: Limit<EventId>,
}

/// Which event of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EventId(pub(crate) u32);

/// A duty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Duty {
    pub(crate) name: String,
    pub(crate) label: String,
    /// What fulfils it where the data is shown; without one, the program does.
    pub(crate) mask: Option<Mask>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Declared {
    pub(crate) name: String,
    pub(crate) label: String,
}

/// A legal basis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Basis {
    pub(crate) name: String,
    pub(crate) label: String,
    /// `when` and not `unless`.
    pub(crate) condition: ConditionId,
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

    /// Whether it is a permit to share: its duties and its retention are the recipient's.
    pub(crate) fn is_share(&self) -> bool {
        self.kind == StatementKind::Permit && self.act == ActKind::Share
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
    pub(crate) because: String,
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
    /// It names no methods or recipients, although its act has them.
    pub(crate) leaves_party_out: bool,
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

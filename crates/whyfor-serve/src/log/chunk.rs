//! Decisions on their way from a request to the writer.

use crate::version::Version;
use std::sync::Arc;
use std::time::SystemTime;
use whyfor::{ActKind, DecisionRecord, Digest, Hierarchy, PurposeId, ReasonKind, Verdict};

/// The most decisions in a chunk: what a chunk costs is shared by so many.
pub(super) const CHUNK: usize = 256;

/// Room that a request begins with.
pub(super) const FEW: usize = 16;

/// Some decisions of one request, which are queued and counted together.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) version: Arc<Version>,
    pub(super) time: SystemTime,
    /// The caller's fields; `None` for none.
    pub(super) fields: Option<Arc<Vec<(&'static str, String)>>>,
    pub(super) rows: Vec<Row>,
}

/// One decision.
#[derive(Debug)]
pub(super) enum Row {
    Decided(DecisionRecord),
    /// A name is unknown or ambiguous.
    Refused(Box<Refused>),
    /// A candidate has another answer.
    Shadowed(Box<(Row, Differs)>),
}

/// The answer of a candidate that differs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Differs {
    pub(crate) verdict: Verdict,
    pub(crate) digest: Digest,
}

/// A question with a name that the policy does not know. What the policy knows is a path of the policy, the rest is hashed:
/// it may be a key that a client chose.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) act: ActKind,
    pub(super) categories: Vec<String>,
    pub(super) party: Option<String>,
    pub(super) purpose: Option<(PurposeId, String)>,
    pub(super) reason: ReasonKind,
    pub(super) unknown: Vec<(Hierarchy, u64)>,
}

impl Row {
    pub(super) fn verdict(&self) -> Verdict {
        match self {
            Self::Decided(record) => record.verdict(),
            Self::Refused(_) => Verdict::Deny,
            Self::Shadowed(both) => both.0.verdict(),
        }
    }

    pub(super) fn act(&self) -> ActKind {
        match self {
            Self::Decided(record) => record.act().kind(),
            Self::Refused(refused) => refused.act,
            Self::Shadowed(both) => both.0.act(),
        }
    }

    /// The purpose, if the policy knows it.
    pub(super) fn purpose(&self) -> Option<PurposeId> {
        match self {
            Self::Decided(record) => Some(record.purpose()),
            Self::Refused(refused) => refused.purpose.as_ref().map(|(id, _)| *id),
            Self::Shadowed(both) => both.0.purpose(),
        }
    }
}

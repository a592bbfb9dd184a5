//! How a command ends.

use whyfor::{Diagnostics, Verdict};

/// The exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Allowed, or nothing to complain about.
    Fine = 0,
    /// Denied, or there are findings.
    Found = 1,
    /// Wrong usage, a file that cannot be read or written, a policy with errors.
    Error = 2,
    /// It depends on facts that are not stated.
    Depends = 3,
}

impl Exit {
    /// The status of several results: the more severe one.
    pub(crate) fn or(self, other: Self) -> Self {
        std::cmp::max_by_key(self, other, |exit| *exit as u8)
    }
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allow => Self::Fine,
            Verdict::Deny => Self::Found,
            Verdict::Depends => Self::Depends,
        }
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The policy has errors.
    #[error("{0}")]
    Policy(Diagnostics),
    /// The artifact cannot be read.
    #[error("{0}")]
    Artifact(whyfor::LoadError),
    /// A file cannot be read or written.
    #[error("{doing}: {error}")]
    Io {
        /// What could not be done.
        doing: String,
        /// Why.
        error: std::io::Error,
    },
    /// The request makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The same, with details, one per line.
    #[error("{message}")]
    Explained {
        /// The message.
        message: String,
        /// The details.
        more: Vec<String>,
    },
}

impl Failure {
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let doing = doing.into();
        move |error| Self::Io { doing, error }
    }
}

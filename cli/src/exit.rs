//! How a command ends.

use whyfor::{Diagnostics, Verdict};

/// The exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Allowed, or nothing to complain about.
    Fine = 0,
    /// Denied, or something was found.
    Found = 1,
    /// Wrong usage, a file that cannot be read or written, a policy with mistakes.
    Error = 2,
    /// It depends on facts that are not stated.
    Depends = 3,
}

impl Exit {
    /// That of several things: of one that is not fine, the graver.
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

/// What kept a command from doing its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The policy has mistakes.
    #[error("{0}")]
    Policy(Diagnostics),
    /// The artifact cannot be read.
    #[error("`{path}`: {error}")]
    Artifact {
        /// As it was named.
        path: String,
        /// What is wrong with it.
        error: whyfor::ArtifactError,
    },
    /// A file cannot be read or written.
    #[error("{doing}: {error}")]
    Io {
        /// What could not be done.
        doing: String,
        /// Why.
        error: std::io::Error,
    },
    /// What was asked for makes no sense.
    #[error("{0}")]
    Usage(String),
    /// The same, with more to say about it, a line each.
    #[error("{message}")]
    Explained {
        /// What.
        message: String,
        /// What there is to say about it.
        more: Vec<String>,
    },
}

impl Failure {
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let doing = doing.into();
        move |error| Self::Io { doing, error }
    }

    /// Tells of it on standard error.
    pub(crate) fn report(self) -> Exit {
        match self {
            Self::Policy(diagnostics) => crate::output::diagnostics::to_terminal(&diagnostics),
            Self::Explained { message, more } => crate::output::error(&message, &more),
            other => crate::output::error(&other.to_string(), &[]),
        }
        Exit::Error
    }
}

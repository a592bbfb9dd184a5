//! How a command ends: its exit status, or its failure, which the errors of all modules become.

use crate::batch::BatchError;
use crate::decision_log::LogError;
use crate::files::FileError;
use crate::fixing::FixingError;
use crate::git::GitError;
use crate::notice::labels::LabelsError;
use crate::notice::page::PageError;
use crate::output::streams::WriteError;
use crate::output::template::TemplateError;
use crate::policy::PolicyError;
use crate::signing::SigningError;
use crate::testing::session::SessionError;
use crate::yaml::YamlError;
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

    /// Prints it on standard error.
    pub(crate) fn report(self) -> Exit {
        match self {
            Self::Policy(diagnostics) => crate::output::diagnostics::to_terminal(&diagnostics),
            Self::Explained { message, more } => crate::output::error(&message, &more),
            other => crate::output::error(&other.to_string(), &[]),
        }
        Exit::Error
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match error {
            FileError::System { doing, error } => Self::Io { doing, error },
            other => Self::Usage(other.to_string()),
        }
    }
}

impl From<WriteError> for Failure {
    fn from(WriteError(error): WriteError) -> Self {
        Self::Io { doing: "cannot write to standard output".to_owned(), error }
    }
}

impl From<YamlError> for Failure {
    fn from(error: YamlError) -> Self {
        match error {
            YamlError::Unreadable(error) => error.into(),
            YamlError::Invalid { .. } => Self::Usage(error.to_string()),
        }
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        match error {
            PolicyError::Mistakes(diagnostics) => Self::Policy(diagnostics),
            PolicyError::Artifact(error) => Self::Artifact(error),
            PolicyError::Unreadable(error) => error.into(),
            PolicyError::IsArtifact { .. } => Self::Usage(error.to_string()),
        }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        let message = error.to_string();
        match error {
            GitError::Program(error) => Self::Io { doing: "cannot run `git`".to_owned(), error },
            GitError::Revision { revision, error } => {
                Self::Io { doing: format!("cannot read `{revision}`"), error }
            }
            GitError::Unknown { answer, .. } => Self::Explained { message, more: answer },
            GitError::Mistakes(diagnostics) => Self::Policy(diagnostics),
        }
    }
}

impl From<FixingError> for Failure {
    fn from(error: FixingError) -> Self {
        match error {
            FixingError::Mistakes(diagnostics) => Self::Policy(diagnostics),
            FixingError::Read(error) => {
                Self::Io { doing: "cannot read a file to fix".to_owned(), error }
            }
            FixingError::Write(error) => {
                Self::Io { doing: "cannot write the fixes".to_owned(), error }
            }
            other => Self::Usage(other.to_string()),
        }
    }
}

impl From<TemplateError> for Failure {
    fn from(error: TemplateError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<LabelsError> for Failure {
    fn from(error: LabelsError) -> Self {
        match error {
            LabelsError::File(error) => error.into(),
            LabelsError::Unfit { .. } => Self::Usage(error.to_string()),
        }
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Unreadable(error) => error.into(),
            PageError::Template(error) => error.into(),
            PageError::Thread(error) => {
                Self::Io { doing: "cannot render the template".to_owned(), error }
            }
            PageError::LongTag { .. } | PageError::TooSlow { .. } => Self::Usage(error.to_string()),
        }
    }
}

impl From<SigningError> for Failure {
    fn from(error: SigningError) -> Self {
        match error {
            SigningError::File(error) => error.into(),
            SigningError::Artifact(error) => Self::Artifact(error),
            SigningError::Write { path, error } => {
                Self::Io { doing: format!("cannot write `{path}`"), error }
            }
            SigningError::Prompt(error) => Self::Io {
                doing: "cannot ask for the password: use `--password-file`".to_owned(),
                error,
            },
            other => Self::Usage(other.to_string()),
        }
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::File(error) => error.into(),
            SessionError::Policy(error) => error.into(),
            other => Self::Usage(other.to_string()),
        }
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        match error {
            LogError::File(error) => error.into(),
            LogError::NoLog(_) => Self::Usage(error.to_string()),
        }
    }
}

impl From<BatchError> for Failure {
    fn from(error: BatchError) -> Self {
        let (doing, error) = match error {
            BatchError::Read(error) => ("cannot read the questions", error),
            BatchError::Write(error) => ("cannot write the answers", error),
        };
        Self::Io { doing: doing.to_owned(), error }
    }
}

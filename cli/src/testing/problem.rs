//! What is wrong beside the tests: a file that cannot be read, an expectation that fails, too little coverage.
//! Every format of a report shows it, so that none is green where the exit status is not.

use crate::exit::Exit;
use serde::Serialize;

/// One thing that is wrong.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    /// As it is called in the working directory.
    pub(crate) file: String,
    pub(crate) what: What,
    pub(crate) message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum What {
    /// A file of tests or its policy cannot be read.
    Unreadable,
    /// The filter lets no test through, or the coverage of an artifact was asked for.
    Usage,
    /// What the policy expects of itself does not hold.
    Expectation,
    /// Less is covered than should be.
    Coverage,
}

impl What {
    /// Whether nothing was tested for it: an error, and no failure of a test.
    pub(crate) fn is_error(self) -> bool {
        matches!(self, Self::Unreadable | Self::Usage)
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Usage => "usage",
            Self::Expectation => "expectation",
            Self::Coverage => "coverage",
        }
    }

    pub(crate) fn exit(self) -> Exit {
        if self.is_error() { Exit::Error } else { Exit::Found }
    }
}

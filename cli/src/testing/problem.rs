//! Problems other than failed tests: an unreadable file, a failed expectation, too little coverage.
//! Every report format shows them, so none looks successful when the exit status is not.

use serde::Serialize;

/// One problem.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    /// The file, seen from the working directory.
    pub(crate) file: String,
    pub(crate) what: What,
    pub(crate) message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum What {
    /// A test file or its policy cannot be read.
    Unreadable,
    /// The filter matches no test, or coverage of an artifact was requested.
    Usage,
    /// An expectation of the policy failed.
    Expectation,
    /// Coverage is too low.
    Coverage,
}

impl What {
    /// Whether tests could not run: an error, not a test failure.
    pub(crate) fn is_error(self) -> bool {
        matches!(self, Self::Unreadable | Self::Usage)
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Usage => "usage",
            Self::Expectation => "expectation",
            Self::Coverage => "coverage",
        }
    }
}

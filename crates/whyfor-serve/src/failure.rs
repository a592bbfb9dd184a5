//! Why a version was not taken, as words of its own: it outlives the files, the policy and the error.

/// The bytes of a message that are kept: a policy may have thousands of mistakes, and a status is sent around.
const MOST_MESSAGE_BYTES: usize = 16 << 10;

/// Why a version of a policy was not taken. The last good version stays.
///
/// It owns its words, which are safe to show and bounded in length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    kind: FailureKind,
    message: String,
}

/// What kind of failure it was: for alerts and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FailureKind {
    /// A file is missing, is a folder, or cannot be read; or another source has nothing.
    Unreadable,
    /// The files changed each time while they were read.
    Changing,
    /// The text does not compile.
    Mistakes,
    /// An `expect` block of the text does not hold.
    Expectations,
    /// A file of the text does not end with `end`, so it may have been cut off.
    NoEnd,
    /// The artifact is cut off, damaged, malformed, or of another version.
    Artifact,
    /// A signature is asked for, and there is none.
    Unsigned,
    /// The signature is not one of a trusted key over these bytes.
    Signature,
    /// It is signed for another policy.
    OtherName,
    /// It is older than a version that was taken before.
    Older,
    /// The state file with the highest sequences cannot be read or written.
    State,
    /// A name that the code uses is gone.
    Names,
    /// A source or a resolver of names panicked.
    Panicked,
    /// Other reloads of the policy were faster each time.
    Overtaken,
}

impl FailureKind {
    /// The kind as one word, for a label of a metric.
    ///
    /// ```
    /// assert_eq!(whyfor_serve::FailureKind::NoEnd.as_str(), "no_end");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Changing => "changing",
            Self::Mistakes => "mistakes",
            Self::Expectations => "expectations",
            Self::NoEnd => "no_end",
            Self::Artifact => "artifact",
            Self::Unsigned => "unsigned",
            Self::Signature => "signature",
            Self::OtherName => "other_name",
            Self::Older => "older",
            Self::State => "state",
            Self::Names => "names",
            Self::Panicked => "panicked",
            Self::Overtaken => "overtaken",
        }
    }

    /// Whether the same content fails in the same way again, so that it need not be tried again.
    pub(crate) fn is_of_content(self) -> bool {
        matches!(
            self,
            Self::Mistakes
                | Self::Expectations
                | Self::NoEnd
                | Self::Artifact
                | Self::Unsigned
                | Self::Signature
                | Self::OtherName
        )
    }
}

impl Failure {
    /// A failure with a message. Sources of a program's own make [`FailureKind::Unreadable`] ones.
    ///
    /// Characters that control a terminal are replaced, and what exceeds 16 KiB is cut off, which the message says.
    ///
    /// ```
    /// use whyfor_serve::{Failure, FailureKind};
    /// let failure = Failure::new(FailureKind::Unreadable, "the bucket does not answer");
    /// assert_eq!(failure.to_string(), "the bucket does not answer");
    /// ```
    #[must_use]
    pub fn new(kind: FailureKind, message: impl AsRef<str>) -> Self {
        let mut message = whyfor::printable_lines(message.as_ref()).into_owned();
        if message.len() > MOST_MESSAGE_BYTES {
            message.truncate(message.floor_char_boundary(MOST_MESSAGE_BYTES));
            message.push_str("\n… and more");
        }
        Self { kind, message }
    }

    /// The kind.
    ///
    /// ```
    /// use whyfor_serve::{Failure, FailureKind};
    /// assert_eq!(Failure::new(FailureKind::Older, "…").kind(), FailureKind::Older);
    /// ```
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    /// A file that cannot be read.
    pub(crate) fn unreadable(path: &std::path::Path, error: &dyn std::fmt::Display) -> Self {
        Self::new(FailureKind::Unreadable, format!("cannot read `{}`: {error}", path.display()))
    }
}

/// Calls code of the program, which may panic: a watching thread must outlive that.
pub(crate) fn calling<T>(
    what: &str,
    call: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    // What the code leaves behind is its own; nothing of this crate is changed meanwhile.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err(Failure::new(FailureKind::Panicked, format!("{what} panicked"))))
}

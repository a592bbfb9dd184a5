//! The codes. Each is documented in `docs/diagnostics.md`, which is also what `whyfor explain` shows.

use super::Severity;

const DOCUMENT: &str = include_str!("../../docs/diagnostics.md");

macro_rules! codes {
    ($($name:ident = $id:literal),* $(,)?) => {
        /// What kind of message: a stable code that documentation, tools and `allow` comments refer to.
        ///
        /// A code never changes its meaning and is never used again for another one.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "docs/diagnostics.md documents each, and a test checks it")]
        pub enum Code {
            $($name),*
        }

        impl Code {
            /// All codes, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as written, such as `E0201`.
            ///
            /// ```
            /// assert_eq!(whyfor::Code::UnknownName.as_str(), "E0201");
            /// ```
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $id),*
                }
            }
        }
    };
}

codes! {
    NotUtf8 = "E0101",
    UnknownCharacter = "E0102",
    Syntax = "E0103",
    Bidirectional = "E0104",
    TooDeep = "E0105",
    Unclosed = "E0106",
    BadEscape = "E0107",
    NotNfc = "E0108",
    ReservedWord = "E0109",
    MissingPart = "E0110",
    MisplacedPart = "E0111",
    RepeatedPart = "E0112",
    BadNumber = "E0113",
    HiddenCharacter = "E0114",
    BadUrl = "E0115",
    UnknownName = "E0201",
    AmbiguousName = "E0202",
    DuplicateSibling = "E0203",
    DifferentDeclaration = "E0204",
    Circle = "E0205",
    UnknownTag = "E0206",
    UnknownDuty = "E0207",
    UnknownFact = "E0208",
    UnknownChoice = "E0209",
    WrongFactKind = "E0210",
    MisplacedCollected = "E0211",
    BadPattern = "E0212",
    UnknownBasis = "E0213",
    UnknownEvent = "E0214",
    RequiredAndOptional = "E0215",
    UnknownMask = "E0216",
    ImportUnreadable = "E0301",
    ImportCircle = "E0302",
    ImportOutside = "E0303",
    NoHeader = "E0304",
    BadHeader = "E0305",
    NoEnd = "E0306",
    BehindEnd = "E0307",
    TooLarge = "E0401",
    ExpectationFails = "E0501",
    RareLineBreak = "W0101",
    NearWord = "W0102",
    EmptySelection = "W0601",
    EmptyExpectation = "W0602",
    LabelAfterChoices = "W0603",
    ChangesNothing = "W0701",
    Forbidden = "W0702",
    NeverTrue = "W0703",
    AlwaysTrue = "W0704",
    NeverPermitted = "W0705",
    Unused = "W0706",
    IdlePattern = "W0707",
    WideSensitive = "W0708",
    DifferentDuties = "W0709",
    NearNames = "W0710",
    MixedScripts = "W0711",
    IdleAllow = "W0712",
    BadAllow = "W0713",
    NotChecked = "W0714",
    BasisWithoutConsent = "W0715",
    KeptTooLong = "W0716",
    KeptWithoutLimit = "W0717",
    UsedWithoutLimit = "W0718",
    NoBasis = "W0719",
    OptionalAndNeeded = "W0720",
    MaskShowsAll = "W0721",
}

impl Code {
    /// Whether only the linter reports it: `W07`.
    ///
    /// ```
    /// assert!(!whyfor::Code::UnknownName.is_lint());
    /// ```
    #[must_use]
    pub fn is_lint(self) -> bool {
        self.as_str().starts_with("W07")
    }

    /// Errors start with `E`, warnings with `W`.
    ///
    /// ```
    /// assert_eq!(whyfor::Code::UnknownName.severity(), whyfor::Severity::Error);
    /// ```
    #[must_use]
    pub fn severity(self) -> Severity {
        if self.as_str().starts_with('W') { Severity::Warning } else { Severity::Error }
    }

    /// The documentation of the code in Markdown: what it means, an example, and what to do.
    ///
    /// ```
    /// assert!(whyfor::Code::UnknownName.explanation().starts_with("## E0201"));
    /// ```
    #[must_use]
    pub fn explanation(self) -> &'static str {
        let heading = format!("## {}", self.as_str());
        let Some(start) = DOCUMENT.find(&heading) else { return "" };
        let rest = &DOCUMENT[start..];
        let end = rest[2..].find("\n## ").map_or(rest.len(), |end| end + 2);
        rest[..end].trim_end()
    }

    /// The title of the code in its documentation.
    ///
    /// ```
    /// println!("{}", whyfor::Code::UnknownName.title());
    /// ```
    #[must_use]
    pub fn title(self) -> &'static str {
        let line = self.explanation().lines().next().unwrap_or("");
        line.split_once(": ").map_or("", |(_, title)| title)
    }
}

/// A text that is not the code of a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no code `{}`", crate::printable(.0))]
pub struct ParseCodeError(String);

impl std::str::FromStr for Code {
    type Err = ParseCodeError;

    /// In upper or lower case.
    fn from_str(text: &str) -> Result<Self, ParseCodeError> {
        let is_named = |code: &Self| code.as_str().eq_ignore_ascii_case(text);
        let code = Self::ALL.iter().copied().find(is_named);
        code.ok_or_else(|| ParseCodeError(text.to_owned()))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

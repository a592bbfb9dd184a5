//! One type for every message about a policy: a stable code, a severity, labelled places, help.
//!
//! Stages create [`Diagnostic`]s; nothing is printed here. Texts that they quote are [`printable`], each on one line.
//! [`Diagnostics`] has the files too, so a list of messages can be shown anywhere:
//! [`render`](Diagnostics::render) draws them as text, and the accessors serve JSON, editors and other languages.

mod code;
mod render;

use crate::printable::printable;
use crate::source::{Sources, Span};
pub use code::{Code, ParseCodeError};

/// How bad it is. An error keeps the policy from compiling; a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Severity {
    /// The policy compiles, but likely does not say what its author meant.
    Warning,
    /// The policy does not compile, or an expectation fails.
    Error,
}

impl Severity {
    /// `warning` or `error`.
    ///
    /// ```
    /// assert_eq!(whyfor::Severity::Error.as_str(), "error");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A place with what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be said; may be empty.
    pub text: String,
}

/// A change to the files that puts something right, as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// Places, each with the text that is to stand there instead; they do not overlap.
    pub edits: Vec<(Span, String)>,
}

/// One message about a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Diagnostic {
    code: Code,
    message: String,
    primary: Option<Label>,
    related: Vec<Label>,
    help: Vec<String>,
    suggestions: Vec<String>,
    severity: Severity,
    fix: Option<Fix>,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        let primary = Some(Label { span, text: String::new() });
        Self { primary, ..Self::without_place(code, message) }
    }

    /// A message about the policy as a whole.
    pub(crate) fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: shown(message),
            primary: None,
            related: Vec::new(),
            help: Vec::new(),
            suggestions: Vec::new(),
            severity: code.severity(),
            fix: None,
        }
    }

    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = &mut self.primary {
            primary.text = shown(text);
        }
        self
    }

    pub(crate) fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: shown(text) });
        self
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(shown(text));
        self
    }

    pub(crate) fn severe(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(crate) fn fixed_by(mut self, fix: Fix) -> Self {
        self.fix = Some(Fix { title: shown(fix.title), ..fix });
        self
    }

    /// Adds `help: did you mean …?` where there are near names.
    pub(crate) fn nearest(mut self, names: &[String]) -> Self {
        self.suggestions.extend_from_slice(names);
        match names {
            [] => self,
            [one] => self.help(format!("did you mean `{one}`?")),
            [rest @ .., last] => {
                self.help(format!("did you mean `{}` or `{last}`?", rest.join("`, `")))
            }
        }
    }

    /// Adds names that may have been meant at the primary place.
    pub(crate) fn suggest(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.suggestions.extend(names);
        self
    }

    /// As [`nearest`](Self::nearest), or another help where no name is near.
    pub(crate) fn nearest_or(self, names: &[String], otherwise: impl Into<String>) -> Self {
        if names.is_empty() { self.help(otherwise) } else { self.nearest(names) }
    }

    /// The stable code, such as `E0201`.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// # let diagnostic = diagnostics.iter().next().expect("a name is unknown");
    /// assert_eq!(diagnostic.code(), whyfor::Code::UnknownName);
    /// ```
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Error or warning: as its code says, unless the linter's options deny it.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// # let diagnostic = diagnostics.iter().next().expect("a name is unknown");
    /// assert_eq!(diagnostic.severity(), whyfor::Severity::Error);
    /// ```
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What puts it right, if a machine can: of the linter's findings without changing a decision.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// # let diagnostic = diagnostics.iter().next().expect("a name is unknown");
    /// assert!(diagnostic.fix().is_none());
    /// ```
    #[must_use]
    pub fn fix(&self) -> Option<&Fix> {
        self.fix.as_ref()
    }

    /// One line that says what is wrong.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// # let diagnostic = diagnostics.iter().next().expect("a name is unknown");
    /// assert_eq!(diagnostic.message(), "no category is named `emial`");
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The place, unless the message is about the policy as a whole.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// # let diagnostic = diagnostics.iter().next().expect("a name is unknown");
    /// let label = diagnostic.primary().expect("it has a place");
    /// assert_eq!(diagnostics.sources().slice(label.span), "emial");
    /// ```
    #[must_use]
    pub fn primary(&self) -> Option<&Label> {
        self.primary.as_ref()
    }

    /// Further places that explain it.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// # let diagnostic = diagnostics.iter().next().expect("a name is unknown");
    /// assert!(diagnostic.related_labels().is_empty());
    /// ```
    #[must_use]
    pub fn related_labels(&self) -> &[Label] {
        &self.related
    }

    /// What may have been meant in place of the name at the primary place, the likeliest first; of a
    /// tag without its `#`.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// # let diagnostic = diagnostics.iter().next().expect("a name is unknown");
    /// assert!(diagnostic.suggestions().is_empty()); // no category is declared
    /// ```
    #[must_use]
    pub fn suggestions(&self) -> &[String] {
        &self.suggestions
    }

    /// What to do about it, a line each.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// # let diagnostic = diagnostics.iter().next().expect("a name is unknown");
    /// for line in diagnostic.help_lines() {
    ///     println!("{line}");
    /// }
    /// ```
    #[must_use]
    pub fn help_lines(&self) -> &[String] {
        &self.help
    }
}

/// What is said of a policy may quote it.
fn shown(text: impl Into<String>) -> String {
    let text = text.into();
    match printable(&text) {
        std::borrow::Cow::Borrowed(_) => text,
        std::borrow::Cow::Owned(text) => text,
    }
}

/// More would hide the panic that shows them.
const MOST_IN_DEBUG: usize = 10;

/// Messages together with the files that they are about.
#[derive(Clone, Default)]
pub struct Diagnostics {
    sources: Sources,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    pub(crate) fn new(sources: Sources, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|d| d.primary.as_ref().map(|label| label.span));
        Self { sources, list }
    }

    /// The messages, by file and place.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// for diagnostic in diagnostics.iter() {
    ///     println!("{}: {}", diagnostic.code(), diagnostic.message());
    /// }
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// How many there are.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// assert_eq!(diagnostics.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// assert!(!diagnostics.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them is an error.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// assert!(diagnostics.has_errors());
    /// ```
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity() == Severity::Error)
    }

    /// The files.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// assert_eq!(diagnostics.sources().files().len(), 1);
    /// ```
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The same messages with other paths of the files, such as paths seen from another folder. The texts of messages
    /// stay.
    ///
    /// ```
    /// # let diagnostics = whyfor::Model::from_str("policy p  purpose login  use emial for login").unwrap_err();
    /// let elsewhere = diagnostics.with_paths(|path| format!("policies/{path}"));
    /// assert_eq!(elsewhere.sources().files()[0].path(), "policies/policy.why");
    /// ```
    #[must_use]
    pub fn with_paths(mut self, path: impl Fn(&str) -> String) -> Self {
        self.sources.rename(path);
        self
    }

    pub(crate) fn into_parts(self) -> (Sources, Vec<Diagnostic>) {
        (self.sources, self.list)
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl std::fmt::Debug for Diagnostics {
    /// Each message on a line, without the texts: what `unwrap` shows.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let line = |diagnostic: &Diagnostic| {
            let place = diagnostic.primary().map_or(String::new(), |label| {
                let position = self.sources.position(label.span);
                let path = self.sources.file(label.span.file).path();
                format!("{path}:{}:{}: ", position.line, position.column)
            });
            format!("{place}{}: {}", diagnostic.code(), diagnostic.message())
        };
        let mut list = f.debug_list();
        list.entries(self.iter().take(MOST_IN_DEBUG).map(line));
        if self.len() > MOST_IN_DEBUG { list.finish_non_exhaustive() } else { list.finish() }
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

//! For the tests of programs that ask a policy: assertions that explain themselves, and the names that code misspells.
//!
//! ```
//! use whyfor::{Policy, assert_allowed, assert_denied, assert_depends, testing};
//!
//! let policy = Policy::from_path("examples/shop.why")?;
//! assert_allowed!(policy, use "email" for "login");
//! assert_allowed!(policy, collect "allergies" by "provided" for "delivery", given consent = true);
//! assert_depends!(policy, use "email" for "newsletter", given consent = true);
//! assert_denied!(policy, share "email" with "courier" for "delivery");
//!
//! let names = testing::record(); // on this thread
//! policy.may_use("email", "newslettr"); // the code under test
//! assert_eq!(names.to_string(), "unknown_purpose `newslettr`");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An assertion that fails says what `whyfor ask` says: why, and what would change the answer. A misspelt name is denied,
//! so a test that expects a deny passes with it; [`record`] finds it.

use crate::decide::unknown::{self, Names};
use crate::decide::{FactError, FactValue, Policy, Question};
use crate::printable::printable;
use crate::words::{ReasonKind, Verdict};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// Whether a question has this answer, given facts: what the assertions are made of.
///
/// ```
/// use whyfor::{Policy, Question, Verdict, testing};
/// let policy = Policy::from_path("examples/shop.why")?;
/// let question = Question::usage("email", "login");
/// assert!(testing::check(&policy, Verdict::Allow, &question, [("age", 36.into())]).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// It has another answer: what `whyfor ask` says. Or the policy does not take a fact, which is a mistake of the test.
pub fn check<'f>(
    policy: &Policy,
    expected: Verdict,
    question: &Question<'_>,
    facts: impl IntoIterator<Item = (&'f str, FactValue<'f>)>,
) -> Result<(), String> {
    let mut stated = policy.facts_builder();
    let mut given = Vec::new();
    for (fact, value) in facts {
        let fact = fact.trim_matches('"'); // an assertion writes a word or a text
        let refused = |error: FactError| format!("the test states a fact that is refused: {error}");
        given.push(format!("{fact} = {}", shown(&value)));
        stated = stated.with(fact, value).map_err(refused)?;
    }
    let facts = stated.build();
    let verdict = policy.ask(question, &facts).verdict();
    if verdict == expected {
        return Ok(());
    }
    let given = match given.is_empty() {
        true => String::new(),
        false => format!(", given {}", given.join(", ")),
    };
    let text = policy.answer_text(question, &facts);
    Err(format!("expected {expected}, and it is {verdict}{given}\n\n{text}\n"))
}

fn shown(value: &FactValue<'_>) -> String {
    match value {
        FactValue::YesNo(value) => value.to_string(),
        FactValue::Number(number) => number.to_string(),
        FactValue::Choice(text) | FactValue::Written(text) => text.to_string(),
        FactValue::Purposes { yes, no } => format!("yes {yes:?}, no {no:?}"),
        _ => "…".to_owned(),
    }
}

/// Asserts that a question is allowed: `assert_allowed!(policy, use "email" for "login", given age = 36)`.
///
/// The question is written as in the language, with names as literals or as expressions in brackets. An allow can owe duties: this
/// does not ask whether they are fulfilled. [`testing`](mod@crate::testing) has examples.
///
/// # Panics
/// It is not allowed: the message is what `whyfor ask` says.
#[macro_export]
macro_rules! assert_allowed {
    ($policy:expr, $($question:tt)+) => { $crate::assert_verdict!(Allow, $policy, $($question)+) };
}

/// Asserts that a question is denied, as [`assert_allowed!`](crate::assert_allowed!).
///
/// # Panics
/// It is not denied.
#[macro_export]
macro_rules! assert_denied {
    ($policy:expr, $($question:tt)+) => { $crate::assert_verdict!(Deny, $policy, $($question)+) };
}

/// Asserts that a question depends on facts that are not given, as [`assert_allowed!`](crate::assert_allowed!).
///
/// # Panics
/// It does not.
#[macro_export]
macro_rules! assert_depends {
    ($policy:expr, $($question:tt)+) => { $crate::assert_verdict!(Depends, $policy, $($question)+) };
}

/// What the three assertions are made of.
#[doc(hidden)]
#[macro_export]
macro_rules! assert_verdict {
    ($verdict:ident, $policy:expr, use $field:tt for $purpose:tt $($given:tt)*) => {
        $crate::assert_verdict!(@ $verdict, $policy, $crate::Question::usage(&$field, &$purpose) $($given)*)
    };
    ($verdict:ident, $policy:expr, collect $field:tt by $method:tt for $purpose:tt $($given:tt)*) => {
        $crate::assert_verdict!(@ $verdict, $policy, $crate::Question::collect(&$field, &$method, &$purpose) $($given)*)
    };
    ($verdict:ident, $policy:expr, collect $field:tt for $purpose:tt $($given:tt)*) => {
        $crate::assert_verdict!(@ $verdict, $policy, $crate::Question::collect_by_any(&$field, &$purpose) $($given)*)
    };
    ($verdict:ident, $policy:expr, share $field:tt with $recipient:tt for $purpose:tt $($given:tt)*) => {
        $crate::assert_verdict!(@ $verdict, $policy, $crate::Question::share(&$field, &$recipient, &$purpose) $($given)*)
    };
    (@ $verdict:ident, $policy:expr, $question:expr $(, given $($fact:tt = $value:expr),+)? $(,)?) => {
        if let ::core::result::Result::Err(why) = $crate::testing::check(
            &$policy,
            $crate::Verdict::$verdict,
            &$question,
            [$($((::core::stringify!($fact), $crate::FactValue::from($value))),+)?],
        ) {
            ::core::panic!("{why}")
        }
    };
}

/// Records the names that code asks for on this thread and that the policy does not know, until the recording is dropped.
///
/// A misspelt name is denied, as it must be, and so a test that expects a deny does not find it.
///
/// ```
/// use whyfor::{Policy, testing};
/// let policy = Policy::from_path("examples/shop.why")?;
/// let names = testing::record();
/// assert!(!policy.may_use("emial", "login")); // what the code under test does
/// assert_eq!(names.to_string(), "unknown_field `emial`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn record() -> Recording {
    Recording(unknown::start())
}

/// The names that were asked for and are unknown, since [`record()`] was called on this thread.
///
/// ```
/// use whyfor::testing;
/// let names = testing::record();
/// // … the code under test …
/// assert!(names.is_empty(), "{names}");
/// ```
#[derive(Debug)]
pub struct Recording(Rc<RefCell<Names>>);

impl Recording {
    /// Whether no name was unknown.
    ///
    /// ```
    /// assert!(whyfor::testing::record().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// The unknown names, each once: what it should have been, such as [`ReasonKind::UnknownPurpose`], and the name.
    ///
    /// ```
    /// use whyfor::{Policy, ReasonKind, testing};
    /// let policy = Policy::from_path("examples/shop.why")?;
    /// let names = testing::record();
    /// let _ = policy.purpose("logni");
    /// assert_eq!(names.names(), [(ReasonKind::UnknownPurpose, "logni".to_owned())]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn names(&self) -> Vec<(ReasonKind, String)> {
        self.0.borrow().iter().cloned().collect()
    }
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (kind, name)) in self.0.borrow().iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{kind} `{}`", printable(name))?;
        }
        Ok(())
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        unknown::end(&self.0);
    }
}

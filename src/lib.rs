//! An embedded policy engine for personal data: may this field be collected, used or shared, for this
//! purpose, and why.
//!
//! A policy is written in a small readable language, compiled into decision tables, and asked inline:
//!
//! ```
//! use whyfor::{Facts, Policy, Question, Verdict};
//!
//! let policy = Policy::from_str(r#"
//!     policy shop "Shop personal information list"
//!     category contact "Contact details" { email  phone }
//!     method   provided "Provided by the user"
//!     purpose  service { login }  purpose marketing { newsletter }
//!     fact     consent per purpose
//!     duty     deidentify
//!     field    "*_email" is contact.email
//!
//!     collect email by provided for login
//!     use     contact for newsletter when consent then deidentify
//! "#)?;
//!
//! assert!(policy.may_collect("users_email", "provided", "login"));
//! assert!(!policy.may_use("email", "newsletter")); // nobody said that the person agreed
//!
//! let question = Question::usage("email", "newsletter");
//! let decision = policy.ask(&question, Facts::none());
//! assert_eq!(decision.verdict(), Verdict::Depends);
//! assert_eq!(decision.missing(), ["consent"]);
//! # Ok::<(), whyfor::Diagnostics>(())
//! ```
//!
//! **A yes can owe duties.** `may_use` and its like say yes where the policy says "yes, if you
//! deidentify first". [`Decision::permit`] succeeds only if the caller fulfils all duties.
//!
//! Resolve names once and ask by ids where it is hot: [`Policy::decide`]. Ask for whole columns with
//! [`Policy::column`]. Load compiled policies with [`Policy::open`]: an artifact answers all that the
//! text does.
//!
//! **Fail closed.** Anything unknown is denied: a field that is not declared, a fact that is not stated, an ambiguous
//! name, an id of another policy.
//!
//! # Features
//! - None: the crate loads artifacts and decides.
//! - `compile` (default): policies from text.
//! - `tools`: what authors need: the linter, `diff`, coverage, the formatter, the published list, names for editors, and
//!   the slow, obvious interpreter of the language to test against.
//! - `testing`: assertions for the tests of programs, and the names that code misspells.
//! - `serde`: questions, outcomes and what a policy contains as data of [serde](https://docs.rs/serde).

#[cfg(feature = "tools")]
mod analyze;
mod decide;
#[cfg(feature = "compile")]
#[cfg_attr(
    not(feature = "tools"),
    allow(dead_code, unused_imports, reason = "some of it is only for the tools")
)]
mod diagnostic;
#[cfg(feature = "tools")]
pub mod format;
#[cfg_attr(
    not(feature = "tools"),
    allow(dead_code, reason = "most limits are of the compiler and the tools")
)]
mod limits;
mod mask;
#[cfg(feature = "compile")]
#[cfg_attr(
    not(feature = "tools"),
    allow(dead_code, unused_imports, reason = "some of it is only for the tools")
)]
mod model;
mod names;
#[cfg(feature = "tools")]
pub mod notice;
mod numbers;
mod period;
mod printable;
#[cfg(feature = "tools")]
pub mod reference;
#[cfg(feature = "compile")]
#[cfg_attr(
    not(feature = "tools"),
    allow(dead_code, unused_imports, reason = "some of it is only for the tools")
)]
mod source;
#[cfg(feature = "tools")]
pub mod symbols;
#[cfg(feature = "compile")]
#[cfg_attr(
    not(feature = "tools"),
    allow(dead_code, unused_imports, reason = "some of it is only for the tools")
)]
mod syntax;
#[cfg_attr(
    not(feature = "tools"),
    allow(dead_code, unused_imports, reason = "some of it is only for the compiler and the tools")
)]
mod table;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "compile")]
#[cfg_attr(
    not(feature = "tools"),
    allow(dead_code, unused_imports, reason = "some of it is only for the tools")
)]
mod verify;
mod words;

#[cfg(feature = "tools")]
pub use analyze::{coverage, diff, lint};
pub use decide::{
    Act, ActKind, AnswerText, CategoryId, CategoryName, Column, ColumnCode, Condition,
    ConditionalTerms, Covering, Decision, DecisionRecord, Digest, Emphasis, Explanation,
    FactChange, FactError, FactInfo, FactKind, FactValue, Facts, FactsBuilder, Field,
    FieldStatement, Hierarchy, Ids, IdsError, LoadError, MethodId, MethodName, NamedAct, Node,
    NodeId, NotPermitted, Outcome, OutcomeReason, PairColumn, ParseDigestError, ParseWordError,
    Policy, PurposeId, PurposeName, Question, Reason, ReasonDetail, ReasonKind, RecipientId,
    RecipientName, Refusal, Statement, StatementKind, Terms, Test, Verdict, Vocabulary,
};
#[cfg(feature = "compile")]
pub use diagnostic::{Code, Diagnostic, Diagnostics, Fix, Label, ParseCodeError, Severity};
#[cfg(feature = "compile")]
pub use model::Model;
pub use numbers::NumberError;
pub use period::{Limit, ParseLimitError, Period};
pub use printable::{printable, printable_lines};
#[cfg(feature = "compile")]
pub use source::{
    FileId, Folder, Loader, Memory, Position, RootFile, Source, Sources, Span, line_starts,
};
pub use table::{ARTIFACT_VERSION, Aligned, ArtifactError};
pub use words::{Mask, Unit};

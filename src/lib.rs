//! An embedded policy engine for personal data: may this field be collected, used or shared, for this
//! purpose, and why.
//!
//! A policy is written in a small readable language, compiled into decision tables, and asked inline:
//!
#![cfg_attr(feature = "compile", doc = "```")]
#![cfg_attr(not(feature = "compile"), doc = "```ignore")]
//! use whyfor::{Facts, Policy, Question, Verdict};
//!
//! let policy = Policy::from_source(r#"
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
//! **Fail closed.** Whatever is unknown does not allow: a field that nobody declared, a fact that
//! nobody stated, an ambiguous name, an id of another policy.
//!
//! # Features
//! - `compile` (default): policies from text. Without it, the crate loads artifacts and decides.
//! - `reference`: the slow, obvious interpreter of the language, to test against.

#[cfg(feature = "compile")]
mod analyze;
mod decide;
#[cfg(feature = "compile")]
mod diagnostic;
#[cfg(feature = "compile")]
pub mod format;
#[cfg_attr(not(feature = "compile"), allow(dead_code, reason = "most limits are the compiler's"))]
mod limits;
#[cfg(feature = "compile")]
mod model;
mod names;
#[cfg(feature = "compile")]
pub mod notice;
mod numbers;
mod printable;
#[cfg(feature = "reference")]
pub mod reference;
#[cfg(feature = "compile")]
mod source;
#[cfg(feature = "compile")]
pub mod symbols;
#[cfg(feature = "compile")]
mod syntax;
#[cfg_attr(not(feature = "compile"), allow(dead_code, reason = "what only the compiler writes"))]
mod table;
mod words;

#[cfg(feature = "compile")]
pub use analyze::{coverage, diff, lint};
pub use decide::{
    Act, CategoryId, Column, ColumnCode, Decision, Digest, FactError, FactInfo, FactKind,
    FactValue, Facts, FactsBuilder, Field, FieldStatement, LoadError, MethodId, Node, NotPermitted,
    PairColumn, Policy, PurposeId, Question, Reason, RecipientId, Refusal, RefusalKind, Statement,
    StatementKind, Verdict,
};
#[cfg(feature = "compile")]
pub use diagnostic::{Code, Diagnostic, Diagnostics, Fix, Label, Severity};
#[cfg(feature = "compile")]
pub use model::Model;
pub use numbers::NumberError;
pub use printable::{printable, printable_lines};
#[cfg(feature = "compile")]
pub use source::{
    FileId, Folder, Loader, Memory, Position, RootFile, Source, Sources, Span, line_starts,
};
pub use table::ArtifactError;

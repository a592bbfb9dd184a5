//! Tests of policies: questions and expected answers in YAML files.
//!
//! - `file`: a test file and its cases;
//! - `run`: runs cases on a policy;
//! - `session`: all files of a run, with their policies;
//! - `cover`: coverage by the cases and the policy's expectations;
//! - `problem`: problems other than failed tests;
//! - `text`, `grid`, `json`, `junit`, `page`: results, for people, for programs, as a page.
//!
//! The library decides, and computes the effect of removing a statement.

pub(crate) mod cover;
pub(crate) mod file;
mod grid;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod page;
pub(crate) mod problem;
pub(crate) mod run;
pub(crate) mod session;
pub(crate) mod text;

//! Tests of policies: questions and expected answers in YAML files.
//!
//! - `file`: a file as it is written, and the cases that it comes to;
//! - `run`: cases asked of a policy;
//! - `cover`: which statements the cases and the policy's expectations notice;
//! - `problem`: what is wrong beside the tests;
//! - `text`, `grid`, `junit`, `page`: what came out, for people, for other tools, as a page.
//!
//! What a policy answers and what a removed statement changes the library says.

pub(crate) mod cover;
pub(crate) mod file;
mod grid;
pub(crate) mod junit;
pub(crate) mod page;
pub(crate) mod problem;
pub(crate) mod run;
pub(crate) mod text;

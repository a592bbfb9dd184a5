//! Compiles a policy in a build script, so that code cannot misspell its names.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), whyfor_build::BuildError> {
//!     whyfor_build::compile("policies/shop.why")?.emit()
//! }
//! ```
//!
//! It writes two files into the folder of the build: `shop.whyc`, the artifact, and `shop.rs`, a module:
//!
//! ```ignore
//! whyfor::include_policy!(mod shop);
//! use shop::{category, purpose};
//!
//! let (policy, ids) = (shop::policy(), shop::ids());
//! policy.decide(Act::Use, ids[category::contact::EMAIL], ids[purpose::service::LOGIN], &facts)
//! ```
//!
//! The module has a constant for each category, method, purpose and recipient, with its label as documentation. A group
//! is a constant, and a module of what is in it. Facts and duties are texts. The tables are a part of the program:
//! nothing is read when it starts, and the program needs `whyfor` without its feature `compile`.
//!
//! A constant is not an id. A program that reloads its policy resolves all constants in each version, once:
//! `whyfor::Ids::<shop::Names>::resolve(&policy)` refuses a version that lacks a name. Constants of two policies have
//! different types, so one cannot be used with the other's ids.
//!
//! A policy with mistakes, or with an expectation that fails, fails the build and says where. A change of any of its
//! files builds it again.
//!
//! - `compile`: from a policy to a [`Compiled`], and its files;
//! - `module`: the text of the module;
//! - `identifier`: names of policies as identifiers of Rust.

mod compile;
mod identifier;
mod module;

pub use compile::{BuildError, Compiled, compile};

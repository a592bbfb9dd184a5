//! The Python module `whyfor._core`: the library's policy as Python objects.
//!
//! Nothing is decided or displayed here: questions go to the crate `whyfor`, and results are
//! returned as strings, numbers and tuples. The public API and all display code are in Python, in
//! `python/whyfor`. A yes or no involves no Python code.
//!
//! - `policy`: the class `Policy` and its questions;
//! - `facts`: stated facts, from a mapping or prepared;
//! - `load`: loading policies;
//! - `answer`: a decision as a tuple;
//! - `columns`, `rows`, `answers`: names from Arrow arrays, a decision for each row, and back;
//! - `residuals`: questions about rows whose facts are in columns, and what is shown of a column;
//! - `contents`: the contents of a policy as tuples;
//! - `authoring`: check, lint, compare and test whole policies; and the command;
//! - `arguments`: string and path arguments;
//! - `errors`: the exceptions, which are Python classes.

mod answer;
mod answers;
mod arguments;
mod authoring;
mod columns;
mod contents;
mod errors;
mod facts;
mod load;
mod parallel;
mod policy;
mod residuals;
mod rows;

/// The compiled part of the package `whyfor`; not for direct use.
#[pyo3::pymodule]
mod _core {
    #[pymodule_export]
    use crate::answers::{Answers, Pairs};
    #[pymodule_export]
    use crate::authoring::{check, command, difference, findings, tested, write};
    #[pymodule_export]
    use crate::facts::{Facts, restated};
    #[pymodule_export]
    use crate::load::{Image, compile, open, read};
    #[pymodule_export]
    use crate::policy::{Policy, question};
    #[pymodule_export]
    use crate::residuals::{Chunks, Residuals, filtered, kept};

    /// The version of the engine.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "as Python writes it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

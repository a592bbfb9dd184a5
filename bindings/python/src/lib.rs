//! The Python module `whyfor._core`: the library's policy as Python objects.
//!
//! Nothing is decided here and nothing is shown: questions go to the crate `whyfor`, and what comes back is
//! handed over as strings, numbers and tuples. The public API, and how things look, are Python's, in
//! `python/whyfor`. No Python code is called on the way to a yes or no.
//!
//! - `policy`: the class `Policy` and its questions;
//! - `facts`: what is stated, from a mapping or prepared;
//! - `load`: where a policy comes from;
//! - `answer`: a decision as a tuple;
//! - `columns`, `rows`, `answers`: names from Arrow arrays, a decision for each row, and back;
//! - `contents`: what a policy contains, as tuples;
//! - `authoring`: whole policies, checked, linted, compared, tested; and the command;
//! - `arguments`: those that are texts or paths;
//! - `errors`: the exceptions, which are Python's classes.

mod answer;
mod answers;
mod arguments;
mod authoring;
mod columns;
mod contents;
mod errors;
mod facts;
mod load;
mod policy;
mod rows;

/// The compiled part of the package `whyfor`, which is not for use by itself.
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
    use crate::policy::Policy;

    /// The version of the engine.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "as Python writes it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

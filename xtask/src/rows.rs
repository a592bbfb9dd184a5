//! The task of `crates/whyfor-data`: its conditions on rows and its views, in the engines that they are written for; and the
//! Python package on frames of Spark.

use crate::command::{Cargo, Failure, Program, root};
use crate::{editors, python, tools};

const FOLDER: &str = "crates/whyfor-data/engines";
const ENVIRONMENT: &str = "engines";

/// Compares random policies, questions, rows and views in DuckDB, PostgreSQL and Sail.
pub(crate) fn run(policies: &str) -> Result<(), Failure> {
    tools::python()?;
    tools::postgres()?;
    Cargo::new(editors::COMMAND).run()?;
    python::install(ENVIRONMENT, "dev", &["crates/whyfor-data/engines/requirements.txt"])?;
    Program::new(python::python(ENVIRONMENT), "-m pytest bindings/python/tests/test_spark.py")
        .run()?;
    ["residuals.py", "views.py", "restrictions.py"].into_iter().try_for_each(|script| {
        Program::new(python::python(ENVIRONMENT), &format!("{FOLDER}/{script}"))
            .argument(root().join("target/debug/whyfor"))
            .argument("--policies")
            .argument(policies)
            .run()
    })
}

//! The task of `crates/whyfor-data`: its conditions on rows and its views, in the engines that they are written for; and the
//! Python package on frames of Spark and tables of Ibis.

use crate::command::{Cargo, Failure, Program, root};
use crate::{editors, python, tools};

const FOLDER: &str = "crates/whyfor-data/engines";
const ENVIRONMENT: &str = "engines";
/// That of Ibis, which does not run with the DuckDB of the others.
const IBIS: &str = "python-ibis";

/// Compares random policies, questions, rows and views in DuckDB, PostgreSQL and Sail.
pub(crate) fn run(policies: &str) -> Result<(), Failure> {
    tools::python()?;
    tools::postgres()?;
    Cargo::new(editors::COMMAND).run()?;
    python::install(ENVIRONMENT, "dev", &["crates/whyfor-data/engines/requirements.txt"])?;
    python::install(IBIS, "dev", &["bindings/python/requirements-ibis.txt"])?;
    for (environment, test) in [(ENVIRONMENT, "test_spark.py"), (IBIS, "test_ibis.py")] {
        let test = format!("-m pytest bindings/python/tests/{test}");
        Program::new(python::python(environment), &test).run()?;
    }
    ["residuals.py", "views.py", "restrictions.py"].into_iter().try_for_each(|script| {
        Program::new(python::python(ENVIRONMENT), &format!("{FOLDER}/{script}"))
            .argument(root().join("target/debug/whyfor"))
            .argument("--policies")
            .argument(policies)
            .run()
    })
}

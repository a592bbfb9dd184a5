//! The task of `crates/whyfor-data`: its conditions on rows and its views, in the engines that they are written for; and the
//! Python package on frames and tables of Ibis.

use crate::command::{Cargo, Failure, Program, root};
use crate::{editors, python, tools};

const FOLDER: &str = "crates/whyfor-data/engines";
const ENVIRONMENT: &str = "engines";
/// That of Ibis, which does not run with the DuckDB of the others.
const IBIS: &str = "python-ibis";

/// Compares random policies, questions, rows and views in DuckDB, PostgreSQL, DataFusion and Sail, and frames.
pub(crate) fn run(policies: &str) -> Result<(), Failure> {
    install()?;
    python::install(IBIS, "dev", &["bindings/python/requirements-ibis.txt"])?;
    for (environment, test) in [(ENVIRONMENT, "test_spark.py"), (IBIS, "test_ibis.py")] {
        let test = format!("-m pytest bindings/python/tests/{test}");
        Program::new(python::python(environment), &test).run()?;
    }
    ["residuals.py", "views.py", "restrictions.py"]
        .into_iter()
        .try_for_each(|name| script(name).argument("--policies").argument(policies).run())
}

/// Compares a million rows in each engine: a thousand of each of a thousand policies.
pub(crate) fn million() -> Result<(), Failure> {
    install()?;
    let size = ["--policies", "1000", "--rows", "1000", "--seed", "2026"];
    size.into_iter().fold(script("residuals.py"), Program::argument).run()
}

fn install() -> Result<(), Failure> {
    tools::python()?;
    tools::postgres()?;
    Cargo::new(editors::COMMAND).run()?;
    python::install(ENVIRONMENT, "dev", &["crates/whyfor-data/engines/requirements.txt"])
}

fn script(name: &str) -> Program {
    Program::new(python::python(ENVIRONMENT), &format!("{FOLDER}/{name}"))
        .argument(root().join("target/debug/whyfor"))
}

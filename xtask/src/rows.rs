//! The task of `crates/whyfor-data`: its conditions on rows and its views, in the engines that they are written for.

use crate::command::{Cargo, Failure, Program, root};
use crate::{editors, python, tools};

const FOLDER: &str = "crates/whyfor-data/engines";
const ENVIRONMENT: &str = "engines";

/// Compares random policies, questions, rows and views in DuckDB, PostgreSQL and Sail.
pub(crate) fn run(policies: &str) -> Result<(), Failure> {
    tools::python()?;
    tools::postgres()?;
    Cargo::new(editors::COMMAND).run()?;
    python::make(ENVIRONMENT)?;
    let install = format!("{} -r {FOLDER}/requirements.txt", python::PIP);
    Program::new(python::python(ENVIRONMENT), &install).run()?;
    ["residuals.py", "views.py", "restrictions.py"].into_iter().try_for_each(|script| {
        Program::new(python::python(ENVIRONMENT), &format!("{FOLDER}/{script}"))
            .argument(root().join("target/debug/whyfor"))
            .argument("--policies")
            .argument(policies)
            .run()
    })
}

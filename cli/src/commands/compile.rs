//! `whyfor compile`: from a policy to an artifact.

use crate::args::Compile;
use crate::exit::{Exit, Failure};
use crate::files::write_whole;
use crate::output::{self, BOLD, DIM};
use crate::policy;

/// Compiles, checks the expectations and writes.
pub(crate) fn run(arguments: &Compile) -> Result<Exit, Failure> {
    let loaded = policy::load(&arguments.policy)?;
    if let Some(model) = &loaded.model {
        let (warnings, failures) = (model.warnings(), loaded.policy.check_expectations(model));
        for diagnostics in [&warnings, &failures] {
            if !diagnostics.is_empty() {
                output::diagnostics::to_terminal(diagnostics);
            }
        }
        if !failures.is_empty() {
            output::error("nothing was written: the policy does not do what it expects of itself");
            return Ok(Exit::Found);
        }
    }
    let bytes = loaded.policy.as_bytes();
    write_whole(&arguments.output, bytes)
        .map_err(Failure::io(format!("cannot write `{}`", arguments.output.display())))?;
    let [rows, planes, columns, cells] = loaded.policy.table_shape();
    anstream::println!(
        "{BOLD}{}{BOLD:#}: {} bytes; {rows} category classes × {columns} purpose classes × {planes} acts, {cells} cells\n   {DIM}digest {}{DIM:#}",
        arguments.output.display(),
        bytes.len(),
        loaded.policy.digest(),
    );
    Ok(Exit::Fine)
}

//! `whyfor compile`: from a policy to an artifact.

use crate::args::Compile;
use crate::exit::{Exit, Failure};
use crate::files::{self, Output};
use crate::output::{self, BOLD, DIM, Page, line};
use crate::policy::{self, Loaded};
use std::path::Path;

/// Compiles, checks the expectations and writes.
pub(crate) fn run(arguments: &Compile) -> Result<Exit, Failure> {
    let loaded = policy::load(&arguments.policy)?;
    let [warnings, failures] = loaded.warnings_and_failures();
    for diagnostics in [&warnings, &failures].into_iter().filter(|d| !d.is_empty()) {
        output::diagnostics::to_terminal(diagnostics);
    }
    if !failures.is_empty() {
        output::error("nothing was written: expectations of the policy do not hold", &[]);
        return Ok(Exit::Found);
    }
    let output = write(&loaded, &arguments.output)?;
    let bytes = loaded.policy.as_bytes();
    let [rows, planes, columns, cells] = loaded.policy.table_shape();
    let (name, digest) = (arguments.output.display(), loaded.policy.digest());
    let mut page = Page::new();
    line!(
        page,
        "{BOLD}{name}{BOLD:#}: {} bytes; {rows} category classes × {columns} purpose classes × {planes} acts, {cells} cells",
        bytes.len(),
    );
    line!(page, "   {DIM}digest {digest}{DIM:#}");
    match output {
        Output::File(_) => page.print()?,
        Output::Stdout => page.print_error(),
    }
    Ok(Exit::Fine)
}

/// Writes the artifact, but never over a file that the policy was read from.
pub(crate) fn write<'p>(loaded: &Loaded, path: &'p Path) -> Result<Output<'p>, Failure> {
    let output = Output::of(path);
    if let Some(file) = output.file().and_then(|written| loaded.file_that_is(&written)) {
        return Err(Failure::Usage(format!(
            "nothing was written: the policy was read from `{}`, and the artifact would take its place",
            files::shown_name(&file)
        )));
    }
    output.write(loaded.policy.as_bytes())?;
    Ok(output)
}

//! `whyfor compile`: from a policy to an artifact.

use crate::args::Compile;
use crate::exit::{Exit, Failure};
use crate::output::{self, BOLD, DIM};
use crate::policy;
use std::io::Write;
use std::path::Path;

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

/// Writes a file whole or not at all: beside its place, to the disk, then renamed. Who has mapped
/// the old file keeps it.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = path.file_name().ok_or_else(|| std::io::Error::other("it names no file"))?;
    let mut beside = std::ffi::OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::File::create(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let renamed = written.and_then(|()| std::fs::rename(&beside, path));
    if renamed.is_err() {
        let _ = std::fs::remove_file(&beside); // the first error is the one to tell of
    }
    renamed
}

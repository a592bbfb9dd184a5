//! `whyfor completions`: for bash, zsh, fish, PowerShell and elvish.

use crate::args::{Arguments, Completions};
use crate::exit::{Exit, Failure};
use crate::output::streams;
use clap::CommandFactory;
use std::io::Write;

/// Prints the completions for a shell.
pub(crate) fn run(arguments: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "whyfor", &mut script);
    streams::plain().write_all(&script).map_err(Failure::io("cannot write the completions"))?;
    Ok(Exit::Fine)
}

//! `whyfor completions`: for bash, zsh, fish, PowerShell and elvish.

use crate::args::{Arguments, Completions};
use crate::exit::{Exit, Failure};
use crate::output::streams;
use clap::CommandFactory;

/// Prints the completions for a shell.
pub(crate) fn run(arguments: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "whyfor", &mut script);
    streams::write(script)?;
    Ok(Exit::Fine)
}

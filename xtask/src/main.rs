//! What is done to the repository with one command: `cargo xtask`.
//!
//! - `tasks`: which commands a task runs, in which order;
//! - `python`: the tasks of `bindings/python`, in a virtual environment of their own;
//! - `editors`: the tasks of `editors`, with Node.js and Neovim;
//! - `command`: a command of a task, printed before it runs;
//! - `tools`: what must be installed, and how to install it.

mod command;
mod editors;
mod python;
mod tasks;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask <TASK>

Tasks:
  test    Run all tests; installs `chromium` and Python's `venv` if it can
  python  Run the tests of the Python bindings alone
  editors Pack the client of Visual Studio Code, and run its test and that of Neovim
  ci      test, then formatting, lints, documentation, licences and advisories
  bench   Measure, and write the tables of README.md
  help    Print this
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["help" | "-h" | "--help"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ["test"] => tasks::test,
        ["python"] => tasks::python,
        ["editors"] => editors::test,
        ["ci"] => tasks::ci,
        ["bench"] => tasks::bench,
        _ => {
            eprint!("error: no such task: {}\n\n{HELP}", arguments.join(" "));
            return ExitCode::from(2);
        }
    };
    match task() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    }
}

//! What is done to the repository with one command: `cargo xtask`.
//!
//! - `tasks`: which commands a task runs, in which order;
//! - `python`: the tasks of `bindings/python`, in a virtual environment of their own;
//! - `rows`: conditions on rows, and views, in real engines;
//! - `fuzz`: a fuzzer, and the tests under a sanitizer;
//! - `editors`: the tasks of `editors`, with Node.js and Neovim;
//! - `command`: a command of a task, printed before it runs;
//! - `tools`: what must be installed, and how to install it.

mod command;
mod editors;
mod fuzz;
mod python;
mod rows;
mod tasks;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask <TASK>

Tasks:
  test    Run all tests; installs `chromium`, `xmllint` and Python's `venv` if it can
  python  Run the tests of the Python bindings alone
  editors Pack the client of Visual Studio Code, and run its test and that of Neovim
  service Run the lints and tests of the web service in `examples/shop-service`
  rows [POLICIES]
          Compare conditions on rows, and views, with the policy in DuckDB, PostgreSQL, DataFusion
          and Sail, and what `apply` shows of frames; installs PostgreSQL if it can
  rows million
          The same of conditions alone, for a million rows in each engine
  ci      test, then formatting, lints, spelling, documentation, licences and advisories
  package Pack what is published, build it from there, and look into it: the crates, the source
          distribution, the wheel, the client of Visual Studio Code
  bench   Measure, and write the tables of BENCHMARKS.md and README.md
  fuzz [TARGET] [SECONDS]
          Look for inputs that break a promise, ten minutes for each target
  sanitize
          Run the tests that reach `unsafe` code, and forged artifacts, under AddressSanitizer
  help    Print this
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["help" | "-h" | "--help"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ["test"] => tasks::test(),
        ["python"] => tasks::python(),
        ["editors"] => editors::test(),
        ["service"] => tasks::service(),
        ["rows"] => rows::run("60"),
        ["rows", "million"] => rows::million(),
        ["rows", policies] => rows::run(policies),
        ["ci"] => tasks::ci(),
        ["package"] => tasks::package(),
        ["bench"] => tasks::bench(),
        ["fuzz", ref arguments @ ..] => fuzz::run(arguments),
        ["sanitize"] => fuzz::sanitize(),
        _ => {
            eprint!("error: no such task: {}\n\n{HELP}", arguments.join(" "));
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            failure.exit_code()
        }
    }
}

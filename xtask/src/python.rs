//! The tasks of the Python bindings.
//!
//! They run in a virtual environment below `target`, made on the first run. The package is installed as a
//! user installs it, but unoptimised: that builds in a third of the time.

use crate::command::{Cargo, Failure, Program, root};
use std::path::PathBuf;

const FOLDER: &str = "bindings/python";

/// Installs the package, runs its tests, and checks its types.
pub(crate) fn test() -> Result<(), Failure> {
    install("dev", &["requirements-dev.txt"])?;
    for arguments in ["-m pytest", "-m mypy", "-m pyright"] {
        Program::new(python(), arguments).inside(FOLDER).run()?;
    }
    Ok(())
}

/// Measures, and writes the table of the package's README. The package is optimised.
pub(crate) fn bench() -> Result<(), Failure> {
    install("release", &["requirements-dev.txt", "requirements-bench.txt"])?;
    Program::new(python(), "benches/speed.py --write README.md").inside(FOLDER).run()
}

/// Makes the environment, and builds the package into it.
fn install(profile: &str, requirements: &[&str]) -> Result<(), Failure> {
    if !python().exists() {
        Program::new("python3", "-m venv").argument(environment()).run()?;
    }
    let install = "-m pip --quiet --disable-pip-version-check install";
    for file in requirements {
        Program::new(python(), &format!("{install} -r {FOLDER}/{file}")).run()?;
    }
    // The environment has what builds it, and pip would fetch that anew each time.
    Program::new(python(), &format!("{install} --no-build-isolation --no-deps"))
        .argument(format!("--config-settings=build-args=--profile {profile}"))
        .argument(format!("./{FOLDER}"))
        .run()
}

/// Formatting, lints and licences.
pub(crate) fn ci() -> Result<(), Failure> {
    for arguments in ["-m ruff format --check .", "-m ruff check ."] {
        Program::new(python(), arguments).inside(FOLDER).run()?;
    }
    Cargo::new("fmt --manifest-path bindings/python/Cargo.toml --check").run()?;
    // As maturin builds it: a module, which links no Python.
    Cargo::new("clippy --manifest-path bindings/python/Cargo.toml -- -D warnings")
        .with("PYO3_BUILD_EXTENSION_MODULE", "1")
        .run()?;
    Cargo::new(
        "deny --manifest-path bindings/python/Cargo.toml --config deny.toml check licenses bans sources",
    )
    .run()
}

fn environment() -> PathBuf {
    root().join("target").join("python")
}

fn python() -> PathBuf {
    let (folder, name) = if cfg!(windows) { ("Scripts", "python.exe") } else { ("bin", "python") };
    environment().join(folder).join(name)
}

//! The tasks of the Python bindings.
//!
//! They run in virtual environments below `target`, made on the first run. The package is installed as a
//! user installs it, but unoptimised: that builds in a third of the time.

use crate::command::{Cargo, Failure, Program, root};
use std::path::{Path, PathBuf};

const FOLDER: &str = "bindings/python";

/// The environment of the tests and of the measurements.
const CURRENT: &str = "python";
/// That of the tests of data frames with the pandas before the current one.
const PANDAS_2: &str = "python-pandas2";
/// That of the wheel as it is published, and of nothing else.
const PACKAGED: &str = "python-packaged";

/// Installs into an environment.
const PIP: &str = "-m pip --quiet --disable-pip-version-check install";

/// Installs the package, runs its tests, and checks its types.
pub(crate) fn test() -> Result<(), Failure> {
    install(CURRENT, "dev", &["bindings/python/requirements-dev.txt"])?;
    for arguments in ["-m pytest", "-m mypy", "-m pyright"] {
        Program::new(python(CURRENT), arguments).inside(FOLDER).run()?;
    }
    install(PANDAS_2, "dev", &["bindings/python/requirements-pandas2.txt"])?;
    let frames = "-m pytest tests/test_filter.py tests/test_frames.py tests/test_guards.py \
                  tests/test_held.py tests/test_held_indexes.py tests/test_held_passed.py \
                  tests/test_held_records.py tests/test_held_refused.py \
                  tests/test_masks.py tests/test_nested.py tests/test_rows.py tests/test_apply.py \
                  tests/test_apply_types.py tests/test_pipelines.py";
    Program::new(python(PANDAS_2), frames).inside(FOLDER).run()
}

/// Makes the source distribution and a wheel built from it, and runs the command of the wheel.
pub(crate) fn package(into: &Path) -> Result<(), Failure> {
    make(CURRENT)?;
    pip(CURRENT, &["bindings/python/requirements-dev.txt"])?;
    Program::new(python(CURRENT), "-m maturin build --release --locked --sdist --out")
        .argument(into)
        .inside(FOLDER)
        .run()?;
    make(PACKAGED)?;
    let wheel = "--no-index --no-deps --force-reinstall --only-binary :all: whyfor --find-links";
    Program::new(python(PACKAGED), &format!("{PIP} {wheel}")).argument(into).run()?;
    Program::new(program(PACKAGED, "whyfor"), "check policies/drun.why").run()
}

/// Measures, and writes the table of the package's README. The package is optimised.
pub(crate) fn bench() -> Result<(), Failure> {
    install(
        CURRENT,
        "release",
        &["bindings/python/requirements-dev.txt", "bindings/python/requirements-bench.txt"],
    )?;
    Program::new(python(CURRENT), "benches/speed.py --write README.md").inside(FOLDER).run()
}

/// Makes an environment, installs what files list there, and builds the package into it.
pub(crate) fn install(
    environment: &str,
    profile: &str,
    requirements: &[&str],
) -> Result<(), Failure> {
    make(environment)?;
    pip(environment, requirements)?;
    // The environment has what builds it, and pip would fetch that anew each time.
    Program::new(python(environment), &format!("{PIP} --no-build-isolation --no-deps"))
        .argument(format!("--config-settings=build-args=--profile {profile}"))
        .argument(format!("./{FOLDER}"))
        .run()
}

/// Makes an environment where there is none.
fn make(environment: &str) -> Result<(), Failure> {
    if python(environment).exists() {
        return Ok(());
    }
    Program::new("python3", "-m venv").argument(folder(environment)).run()
}

/// Installs what files of requirements list.
fn pip(environment: &str, requirements: &[&str]) -> Result<(), Failure> {
    requirements
        .iter()
        .try_for_each(|file| Program::new(python(environment), &format!("{PIP} -r {file}")).run())
}

/// Formatting, lints and licences; the spelling of the whole repository, for what checks it is installed here.
pub(crate) fn ci() -> Result<(), Failure> {
    Program::new(program(CURRENT, "typos"), ".").run()?;
    for arguments in ["-m ruff format --check .", "-m ruff check ."] {
        Program::new(python(CURRENT), arguments).inside(FOLDER).run()?;
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

fn folder(environment: &str) -> PathBuf {
    root().join("target").join(environment)
}

/// The Python of an environment.
pub(crate) fn python(environment: &str) -> PathBuf {
    program(environment, "python")
}

/// A program of an environment.
fn program(environment: &str, name: &str) -> PathBuf {
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    folder(environment).join(programs).join(name).with_extension(std::env::consts::EXE_EXTENSION)
}

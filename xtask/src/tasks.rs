//! Which commands a task runs. The first that fails ends it.

use crate::command::{Cargo, Failure, Program, root};
use crate::{editors, python, rows, tools};

/// What slows a peer that makes errors and drops them: each captures a backtrace.
const BACKTRACES: &[&str] = &["RUST_BACKTRACE", "RUST_LIB_BACKTRACE"];

/// All tests.
pub(crate) fn test() -> Result<(), Failure> {
    tools::chromium()?;
    tools::xmllint()?;
    run(&[
        Cargo::new("test --workspace --all-features"),
        // Only the evaluator. The examples in the documentation compile policies.
        Cargo::new("test -p whyfor --no-default-features --lib --tests"),
    ])?;
    python()
}

/// The tests of the Python bindings.
pub(crate) fn python() -> Result<(), Failure> {
    tools::python()?;
    python::test()
}

/// The example of a web service: formatting, lints and tests. It has a workspace of its own, and most of this one's
/// dependencies, which are not built twice.
pub(crate) fn service() -> Result<(), Failure> {
    let shared = |arguments| Cargo::new(arguments).with("CARGO_TARGET_DIR", "target");
    run(&[
        Cargo::new("fmt --manifest-path examples/shop-service/Cargo.toml --check"),
        shared(
            "clippy --locked --manifest-path examples/shop-service/Cargo.toml --all-targets -- -D warnings",
        ),
        shared("test --locked --manifest-path examples/shop-service/Cargo.toml"),
    ])
}

/// All that must hold before a change is taken.
pub(crate) fn ci() -> Result<(), Failure> {
    tools::rustfmt()?;
    tools::clippy()?;
    tools::deny()?;
    test()?;
    run(&[
        Cargo::new("fmt --all --check"),
        Cargo::new("clippy --workspace --all-targets --all-features -- -D warnings"),
        Cargo::new("clippy -p whyfor -- -D warnings"),
        Cargo::new("clippy -p whyfor --no-default-features -- -D warnings"),
        Cargo::new("clippy -p whyfor-serve --no-default-features -- -D warnings"),
        Cargo::new("clippy -p whyfor-tower --no-default-features -- -D warnings"),
        Cargo::new("doc --workspace --no-deps --all-features").with("RUSTDOCFLAGS", "-D warnings"),
        Cargo::new("doc -p whyfor --no-deps --no-default-features")
            .with("RUSTDOCFLAGS", "-D warnings"),
        Cargo::new("deny check licenses bans sources"),
    ])?;
    python::ci()?;
    service()?;
    Cargo::new(
        "deny --manifest-path examples/shop-service/Cargo.toml --config deny.toml check licenses bans sources",
    )
    .run()?;
    editors::test_if_possible()?;
    rows::run("20")?;
    advisories()
}

/// Advisories come from a git repository. Without one on this machine it says that nothing was checked.
fn advisories() -> Result<(), Failure> {
    if tools::has_advisories() {
        return Cargo::new("deny --offline check advisories").run();
    }
    println!(
        "advisories were NOT checked: no database is in $CARGO_HOME/advisory-dbs, and it is not \
         fetched here; `cargo deny fetch db` does that where its git repository can be reached"
    );
    Ok(())
}

/// Builds every package as its users do, and inspects it. All packages are in `target/package`.
pub(crate) fn package() -> Result<(), Failure> {
    tools::python()?;
    run(&[
        Cargo::new("publish --dry-run --workspace --target-dir target"),
        // That leaves no packages; this does.
        Cargo::new("package --workspace --exclude xtask --no-verify --target-dir target"),
    ])?;
    let folder = root().join("target").join("package");
    python::package(&folder)?;
    editors::pack_if_possible(&folder)?;
    Program::new("python3", "xtask/packages.py").argument(folder).run()
}

/// All measurements, and the tables of `BENCHMARKS.md`. The README has a few rows of it, from the same run.
pub(crate) fn bench() -> Result<(), Failure> {
    let bench = |arguments| Cargo::new(arguments).without(BACKTRACES);
    run(&[
        bench("bench --manifest-path benches/speed/Cargo.toml"),
        bench(
            "run --release --manifest-path benches/speed/Cargo.toml --bin report -- --write BENCHMARKS.md",
        ),
        bench("bench --manifest-path benches/peers/Cargo.toml"),
        bench(
            "run --release --manifest-path benches/peers/Cargo.toml --bin report -- --write BENCHMARKS.md \
             --write-few README.md",
        ),
    ])?;
    // Printed; `editors/README.md` has the figures of one machine.
    run(&[
        bench("build --release -p whyfor-cli"),
        bench("run --release --manifest-path benches/speed/Cargo.toml --bin keystroke"),
    ])?;
    python::bench()
}

fn run(commands: &[Cargo]) -> Result<(), Failure> {
    commands.iter().try_for_each(Cargo::run)
}

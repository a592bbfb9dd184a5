//! What tasks need beside cargo. A missing tool stops a task before it has run anything.

use crate::command::{Cargo, Failure, Program};
use std::path::{Path, PathBuf};

/// The browser that the tests of pages look with. Where apt-get can install it, it does.
pub(crate) fn chromium() -> Result<(), Failure> {
    if !is_on_path("chromium") && is_on_path("apt-get") {
        apt_get(&["update"]);
        apt_get(&["install", "-y", "--no-install-recommends", "chromium"]);
    }
    let found = is_on_path("chromium");
    need(found, "`chromium` is not on the PATH: as root, `apt-get install chromium` installs it")
}

/// What holds reports against their schema. Where apt-get can install it, it does.
pub(crate) fn xmllint() -> Result<(), Failure> {
    if !is_on_path("xmllint") && is_on_path("apt-get") {
        apt_get(&["update"]);
        apt_get(&["install", "-y", "--no-install-recommends", "libxml2-utils"]);
    }
    let found = is_on_path("xmllint");
    need(
        found,
        "`xmllint` is not on the PATH: as root, `apt-get install libxml2-utils` installs it",
    )
}

/// The server of PostgreSQL. Where apt-get can install it, it does.
pub(crate) fn postgres() -> Result<(), Failure> {
    let is_there = || Path::new("/usr/lib/postgresql").is_dir() || is_on_path("initdb");
    if !is_there() && is_on_path("apt-get") {
        apt_get(&["update"]);
        apt_get(&["install", "-y", "--no-install-recommends", "postgresql"]);
    }
    need(is_there(), "PostgreSQL is not here: as root, `apt-get install postgresql` installs it")
}

/// Python with what makes virtual environments. Where apt-get can install it, it does.
pub(crate) fn python() -> Result<(), Failure> {
    let venv = Program::new("python3", "-c").argument("import ensurepip, venv");
    if !venv.succeeds() && is_on_path("apt-get") {
        apt_get(&["update"]);
        apt_get(&["install", "-y", "--no-install-recommends", "python3-venv"]);
    }
    let recent = Program::new("python3", "-c")
        .argument("import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))");
    need(
        recent.succeeds(),
        "`python3` 3.11 or later with `venv` is not on the PATH: as root, `apt-get install python3-venv` installs it",
    )
}

/// Runs apt-get; the caller checks the result.
fn apt_get(arguments: &[&str]) {
    println!("$ apt-get {}", arguments.join(" "));
    let _ = std::process::Command::new("apt-get").args(arguments).status();
}

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| is_program(&folder.join(program)))
}

/// `cargo fmt`.
pub(crate) fn rustfmt() -> Result<(), Failure> {
    let found = Cargo::new("fmt --version").succeeds();
    need(found, "`cargo fmt` is missing: install it with `rustup component add rustfmt`")
}

/// `cargo clippy`.
pub(crate) fn clippy() -> Result<(), Failure> {
    let found = Cargo::new("clippy --version").succeeds();
    need(found, "`cargo clippy` is missing: install it with `rustup component add clippy`")
}

/// `cargo deny`.
pub(crate) fn deny() -> Result<(), Failure> {
    let found = Cargo::new("deny --version").succeeds();
    need(found, "`cargo deny` is missing: install it with `cargo install cargo-deny --locked`")
}

/// `cargo fuzz`.
pub(crate) fn cargo_fuzz() -> Result<(), Failure> {
    let found = Cargo::new("fuzz --version").succeeds();
    need(found, "`cargo fuzz` is missing: install it with `cargo install cargo-fuzz --locked`")
}

/// Whether `cargo deny` has a database of advisories on this machine.
pub(crate) fn has_advisories() -> bool {
    let Some(folder) = cargo_home().map(|home| home.join("advisory-dbs")) else { return false };
    let Ok(entries) = folder.read_dir() else { return false };
    entries.flatten().any(|entry| entry.path().is_dir())
}

fn cargo_home() -> Option<PathBuf> {
    let set = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    set.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

fn need(found: bool, otherwise: &'static str) -> Result<(), Failure> {
    if found { Ok(()) } else { Err(Failure::Missing(otherwise)) }
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file() || path.with_extension("exe").is_file()
}

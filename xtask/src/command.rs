//! A command of a task: printed as a shell would take it, then run in the root of the workspace.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// Why a task stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something that the task needs is not there.
    Missing(&'static str),
    /// A command could not be started.
    Start(String, std::io::Error),
    /// A command failed, with its exit status if it has one.
    Exit(String, Option<i32>),
}

impl Failure {
    /// The exit status of the command that failed, or 1.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Exit(_, Some(status)) => {
                ExitCode::from(u8::try_from(*status).ok().filter(|s| *s != 0).unwrap_or(1))
            }
            _ => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(what) => f.write_str(what),
            Self::Start(command, error) => write!(f, "`{command}` does not start: {error}"),
            Self::Exit(command, Some(status)) => write!(f, "`{command}` failed with {status}"),
            Self::Exit(command, None) => write!(f, "`{command}` was ended by a signal"),
        }
    }
}

impl std::error::Error for Failure {}

/// A call of cargo with the environment that it needs.
pub(crate) struct Cargo {
    arguments: Vec<String>,
    set: Vec<(&'static str, &'static str)>,
    unset: &'static [&'static str],
}

impl Cargo {
    /// `cargo` with arguments that no shell would take apart.
    pub(crate) fn new(arguments: &'static str) -> Self {
        let arguments = arguments.split(' ').map(str::to_owned).collect();
        Self { arguments, set: Vec::new(), unset: &[] }
    }

    /// With one more argument.
    pub(crate) fn argument(mut self, argument: impl fmt::Display) -> Self {
        self.arguments.push(argument.to_string());
        self
    }

    /// Sets a variable.
    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.set.push((name, value));
        self
    }

    /// Removes variables.
    pub(crate) fn without(mut self, names: &'static [&'static str]) -> Self {
        self.unset = names;
        self
    }

    /// Prints the command and runs it.
    pub(crate) fn run(&self) -> Result<(), Failure> {
        run(self, self.command())
    }

    /// Whether the command succeeds; what it prints is not shown.
    pub(crate) fn succeeds(&self) -> bool {
        succeeds(self.command())
    }

    fn command(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.args(&self.arguments).current_dir(root()).stdin(Stdio::null());
        command.envs(self.set.iter().copied());
        for name in self.unset {
            command.env_remove(name);
        }
        command
    }
}

fn run(shown: &impl fmt::Display, mut command: Command) -> Result<(), Failure> {
    println!("$ {shown}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Exit(shown.to_string(), status.code())),
        Err(error) => Err(Failure::Start(shown.to_string(), error)),
    }
}

fn succeeds(mut command: Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A call of another program.
pub(crate) struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
    folder: PathBuf,
}

impl Program {
    /// A program with arguments that no shell would take apart, in the root of the workspace.
    pub(crate) fn new(path: impl Into<PathBuf>, arguments: &str) -> Self {
        let arguments = arguments.split(' ').map(OsString::from).collect();
        Self { path: path.into(), arguments, folder: root().to_owned() }
    }

    /// With one more argument.
    pub(crate) fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// In a folder below the root of the workspace.
    pub(crate) fn inside(mut self, folder: &str) -> Self {
        self.folder = root().join(folder);
        self
    }

    /// Prints the command and runs it. The program's own folder is where it looks for others first.
    pub(crate) fn run(&self) -> Result<(), Failure> {
        run(self, self.command())
    }

    /// Whether the command succeeds; what it prints is not shown.
    pub(crate) fn succeeds(&self) -> bool {
        succeeds(self.command())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).current_dir(&self.folder).stdin(Stdio::null());
        if let Some(folder) = self.path.parent().filter(|folder| folder.is_absolute()) {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let path = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
            if let Ok(path) = std::env::join_paths(path) {
                command.env("PATH", path);
            }
        }
        command
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.strip_prefix(root()).unwrap_or(&self.path);
        write!(f, "{}", path.display())?;
        for argument in &self.arguments {
            let argument = argument.to_string_lossy();
            let quote = if argument.contains(' ') { "'" } else { "" };
            write!(f, " {quote}{argument}{quote}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Cargo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.unset.is_empty() {
            write!(f, "env -u {} ", self.unset.join(" -u "))?;
        }
        for (name, value) in &self.set {
            write!(f, "{name}=\"{value}\" ")?;
        }
        write!(f, "cargo {}", self.arguments.join(" "))
    }
}

/// The root of the workspace, wherever the task is called from.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

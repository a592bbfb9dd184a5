//! Standard output and error, opened only here.

#![expect(clippy::disallowed_methods, reason = "the only place that may")]

use std::io::{self, IsTerminal, Stdout, StdoutLock, Write};

/// Standard output cannot be written to.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to standard output: {0}")]
pub(crate) struct WriteError(pub(crate) io::Error);

/// Standard output for machine-readable formats, which escape control sequences themselves.
pub(crate) fn plain() -> StdoutLock<'static> {
    std::io::stdout().lock()
}

/// Writes all bytes to standard output. A reader that has closed the pipe is not a failure: the
/// caller continues, and the exit status reports the command's own result.
pub(crate) fn write(bytes: impl AsRef<[u8]>) -> Result<(), WriteError> {
    ignoring_closed_pipe(all(&mut plain(), bytes.as_ref()))
}

pub(super) fn write_coloured(text: &str) -> Result<(), WriteError> {
    ignoring_closed_pipe(all(&mut coloured(), text.as_bytes()))
}

fn all(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(bytes)?;
    out.flush()
}

/// The result of writing, ignoring a closed pipe.
pub(crate) fn ignoring_closed_pipe(written: io::Result<()>) -> Result<(), WriteError> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(WriteError),
    }
}

/// Standard output itself, for its kind and identity.
pub(crate) fn stdout() -> Stdout {
    std::io::stdout()
}

fn coloured() -> anstream::AutoStream<StdoutLock<'static>> {
    anstream::stdout().lock()
}

pub(super) fn coloured_errors() -> anstream::AutoStream<std::io::StderrLock<'static>> {
    anstream::stderr().lock()
}

pub(crate) fn errors_are_seen() -> bool {
    std::io::stderr().is_terminal()
}

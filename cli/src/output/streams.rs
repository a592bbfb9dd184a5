//! Standard output and error, which are opened here alone.

#![expect(clippy::disallowed_methods, reason = "all others come here")]

use crate::exit::Failure;
use std::io::{self, IsTerminal, Stdout, StdoutLock, Write};

/// Standard output for a format that programs read, in which nothing is left that a terminal would obey: it
/// is escaped as the format has it.
pub(crate) fn plain() -> StdoutLock<'static> {
    std::io::stdout().lock()
}

/// Writes to standard output, to its end. A reader that has gone away is no failure: whoever calls this goes on,
/// and the exit status says what came of the command's work.
pub(crate) fn write(bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
    heard(all(&mut plain(), bytes.as_ref()))
}

pub(super) fn write_coloured(text: &str) -> Result<(), Failure> {
    heard(all(&mut coloured(), text.as_bytes()))
}

fn all(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(bytes)?;
    out.flush()
}

/// What came of writing, where it does not matter whether anybody reads it.
pub(crate) fn heard(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Failure::io("cannot write to standard output")),
    }
}

/// Standard output itself: of which kind it is, and whose.
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

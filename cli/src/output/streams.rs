//! Standard output and error, which are opened here alone.

#![expect(clippy::disallowed_methods, reason = "all others come here")]

use std::io::{IsTerminal, Stdout, StdoutLock};

/// Standard output for a format that programs read, in which nothing is left that a terminal would obey: it
/// is escaped as the format has it.
pub(crate) fn plain() -> StdoutLock<'static> {
    std::io::stdout().lock()
}

/// Standard output itself: of which kind it is, and whose.
pub(crate) fn stdout() -> Stdout {
    std::io::stdout()
}

pub(super) fn coloured() -> anstream::AutoStream<StdoutLock<'static>> {
    anstream::stdout().lock()
}

pub(super) fn coloured_errors() -> anstream::AutoStream<std::io::StderrLock<'static>> {
    anstream::stderr().lock()
}

pub(crate) fn errors_are_seen() -> bool {
    std::io::stderr().is_terminal()
}

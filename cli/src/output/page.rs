//! Text for people, and the only way to a terminal.
//!
//! Everything put into a line is made [`printable`](whyfor::printable): text of a policy, a page,
//! an argument or a file name can neither control the terminal nor end its line. [`Paint`] passes
//! through, as it is the command's own. So callers need not escape; `clippy.toml` forbids other
//! output.

use super::paint::{Paint, paint};
use super::streams::{self, WriteError};
use std::cell::Cell;
use std::fmt::{self, Write as _};
use std::io::Write as _;
use whyfor::{AnswerText, Diagnostics};

thread_local! {
    /// The text being written is the command's own.
    static IS_OWN: Cell<bool> = const { Cell::new(false) };
}

/// One line, without its line break.
#[derive(Debug, Default)]
pub(crate) struct Line(String);

impl fmt::Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        match IS_OWN.get() {
            true => self.0.push_str(text),
            false => self.0.push_str(&whyfor::printable(text)),
        }
        Ok(())
    }
}

impl fmt::Display for Paint {
    /// The sequence that starts it; with `#`, the one that ends it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        IS_OWN.set(true);
        let written = fmt::Display::fmt(&self.0, f);
        IS_OWN.set(false);
        written
    }
}

/// Lines with colours.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds one line, made printable. The macro `line!` calls it like `println!`.
    pub(crate) fn line(&mut self, arguments: fmt::Arguments<'_>) {
        let mut line = Line::default();
        let _ = line.write_fmt(arguments); // cannot fail in memory
        self.put(line);
    }

    /// Adds a line built in parts.
    pub(crate) fn put(&mut self, line: Line) {
        self.0.push_str(&line.0);
        self.0.push('\n');
    }

    /// Adds an answer for people.
    pub(crate) fn answer(&mut self, text: &AnswerText) {
        for parts in text.lines() {
            let mut line = Line::default();
            for (emphasis, text) in parts {
                let paint = paint(*emphasis);
                let _ = write!(line, "{paint}{text}{paint:#}"); // cannot fail in memory
            }
            self.put(line);
        }
    }

    /// Adds diagnostics as rendered by the library.
    pub(crate) fn diagnostics(&mut self, diagnostics: &Diagnostics) {
        self.0.push_str(&diagnostics.render(true));
    }

    /// Adds text of this program, such as its documentation.
    pub(crate) fn own(&mut self, text: &'static str) {
        self.0.push_str(text);
    }

    /// Prints it on standard output, in colour on a terminal.
    pub(crate) fn print(&self) -> Result<(), WriteError> {
        streams::write_coloured(&self.0)
    }

    /// Prints it on standard error. A failure cannot be reported anywhere and is ignored.
    pub(crate) fn print_error(&self) {
        let _ = streams::coloured_errors().write_all(self.0.as_bytes());
    }
}

/// Adds a line to a [`Page`], or a blank one.
macro_rules! line {
    ($page:expr) => {
        $page.line(format_args!(""))
    };
    ($page:expr, $($arguments:tt)+) => {
        $page.line(format_args!($($arguments)+))
    };
}
pub(crate) use line;
